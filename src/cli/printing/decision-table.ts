import type { DecisionResponse } from '../../service/openapi-types.js';
import { amount, money, percent } from './number-words.js';
import { plainText } from './plain-text.js';
import { breakable, emphasised, padding, startTable, type Column, type TableLook } from './table.js';
import { presentationOf } from './treatment-words.js';

/** A decision for a person: what it was made for, the offers, and with a full explanation what was refused and why. */
export function renderDecision(decision: DecisionResponse, look: TableLook): string {
  const parts = [renderHeading(decision)];
  if (decision.offers.length > 0) parts.push(renderOffers(decision, look));
  if (decision.noOfferReason !== undefined) parts.push(`No offer: ${plainText(decision.noOfferReason)}.`);
  for (const { occurredAt, channel, offerId, trigger, outcome } of decision.outboundContacts ?? []) {
    parts.push(plainText(`Said by ourselves on ${dayAndTime(occurredAt)}: ${offerId} by ${channel}${trigger === undefined ? '' : ` (${trigger})`}, ${outcome}.`));
  }
  for (const { id, reason } of decision.emptyPlacements ?? []) parts.push(`Placement ${plainText(id)} is empty: ${plainText(reason)}.`);
  // The answer has them in one list, as if nothing were refused: a 0 would stand between the priorities of others.
  const standing = (decision.excluded ?? []).filter(({ rejectedBy }) => rejectedBy.length === 0);
  const refused = (decision.excluded ?? []).filter(({ rejectedBy }) => rejectedBy.length > 0);
  if (standing.length > 0) parts.push(`Not refused, and not in the answer (${standing.length}):`, renderExcluded(standing, look));
  if (refused.length > 0) parts.push(`Refused, so their priority is 0 (${refused.length}; first what would stand highest otherwise):`, renderExcluded(refused, look));
  return `${parts.join('\n')}\n`;
}

function renderHeading({ customerId, channel, channels, decidedAt, strategy, group, degraded, catalogRevision }: DecisionResponse): string {
  const lines = [
    `${customerId === undefined ? 'A visitor' : plainText(customerId)} on ${plainText(channels?.join(' or ') ?? channel)}, ${dayAndTime(decidedAt)}`,
    `Strategy ${strategy.id} (${strategy.objective}), ${group} group, catalog ${catalogRevision}`,
  ];
  if (degraded.length > 0) lines.push(`Decided without: ${degraded.join(', ')}`);
  return lines.join('\n');
}

function dayAndTime(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

function renderOffers({ offers }: DecisionResponse, look: TableLook): string {
  const column = (head: string, align: Column['align'], text: (offer: (typeof offers)[number]) => string): Column => ({ head, align, texts: offers.map((offer) => plainText(text(offer))) });
  const hasPlacements = offers.some(({ placement }) => placement !== undefined);
  const hasChannels = offers.some(({ channel }) => channel !== undefined);
  const columns = [
    column('#', 'right', ({ rank }) => String(rank)),
    column('Offer', 'left', ({ name }) => name),
    column('Kind', 'left', ({ kind }) => kind),
    ...(hasPlacements ? [column('Placement', 'left', ({ placement, fallback }) => `${placement ?? ''}${fallback ? ' (fallback)' : ''}`)] : []),
    ...(hasChannels ? [column('Channel', 'left', ({ channel }) => channel ?? '')] : []),
    column('Propensity', 'right', ({ propensity }) => percent(propensity)),
    column('Value', 'right', ({ value }) => money(value, look.currency)),
    column('Weight', 'right', ({ weight }) => amount(weight)),
    column('Priority', 'right', ({ priority }) => amount(priority)),
    ...(hasChannels ? [column('Expected', 'right', ({ expectedValue }) => amount(expectedValue ?? 0))] : []),
  ];
  const table = startTable(columns, 1, look);
  offers.forEach((offer, row) => {
    const [rank, name, ...rest] = columns.map(({ texts }) => texts[row]!);
    const detail = [`${offer.offerId}${presentationOf(offer.treatment)}`, ...(offer.reasons ?? []).map((reason) => `- ${reason}`), ...leftOut(offer)].map((line) => plainText(line));
    table.push(
      [{ content: rank, rowSpan: 2, hAlign: 'right' }, emphasised(name!, look), ...rest],
      [{ content: detail.join('\n'), colSpan: columns.length - 1 }],
    );
  });
  return table.toString();
}

function leftOut({ channelsLeftOut = [] }: DecisionResponse['offers'][number]): readonly string[] {
  return channelsLeftOut.map(({ channel, rejectedBy }) => `- not by ${channel}: ${rejectedBy.map(({ rule, reason }) => `${reason} (${rule})`).join('; ')}`);
}

function renderExcluded(excluded: NonNullable<DecisionResponse['excluded']>, look: TableLook): string {
  const column = (head: string, align: Column['align'], text: (offer: (typeof excluded)[number]) => string): Column => ({ head, align, texts: excluded.map((offer) => text(offer)) });
  const hasChannels = excluded.some(({ channels = [] }) => channels.length > 0);
  const columns = [
    column('Offer', 'left', ({ offerId }) => plainText(offerId)),
    ...(hasChannels ? [column('Channel', 'left', ({ channel }) => plainText(channel ?? ''))] : []),
    column('Propensity', 'right', ({ propensity }) => percent(propensity)),
    column('Value', 'right', ({ value }) => (value === null ? 'not known' : money(value, look.currency))),
    column('Priority', 'right', ({ priority }) => amount(priority)),
    ...(hasChannels ? [column('Expected', 'right', ({ channel, channels = [] }) => amount(channels.find((option) => option.channel === channel)?.expectedValue ?? 0))] : []),
    column('Why', 'left', ({ rejectedBy, note }) => [...rejectedBy.map(({ rule, reason }) => `${rule}: ${reason}`), ...(note === undefined ? [] : [note])].map((line) => plainText(line)).join('\n')),
  ];
  const table = startTable(columns, columns.length - 1, look, true);
  const whyWidth = table.options.colWidths.at(-1)! - padding;
  excluded.forEach((_, row) => table.push(columns.map(({ texts }, index) => (index === columns.length - 1 ? breakable(texts[row]!, whyWidth) : texts[row]!))));
  return table.toString();
}
