import type { Estimate } from '../../service/sizing/estimate.js';
import type { Sizing } from '../../service/sizing/size-triggers.js';
import type { ExpectedValue, TriggerSize } from '../../service/sizing/trigger-size.js';
import { count, counted, money, percent } from './number-words.js';
import { plainText } from './plain-text.js';
import { breakable, padding, startTable, type Column, type TableLook } from './table.js';

/** What triggers would do, for a person: a line for each with its figures, then what they mean in words. */
export function renderSizes({ customers, sampled, degraded, triggers }: Sizing, look: TableLook): string {
  const isWhole = sampled === customers;
  const heading = isWhole
    ? `${counted(customers, 'customer')}, all looked at. Amounts in ${look.currency}.`
    : `${counted(sampled, 'customer')} of ${count(customers)} looked at, and reckoned up to all; in brackets, where 95 in 100 such samples put it. Amounts in ${look.currency}.`;
  return [
    heading,
    ...(degraded.length === 0 ? [] : [`Reckoned without: ${degraded.join(', ')}; priors stand in for what a model did not answer.`]),
    renderTable(triggers, look),
    ...triggers.map((size) => `${plainText(size.id)}: ${inWords(size, { currency: look.currency, isWhole })}\n`),
  ].join('\n');
}

const unknown = '?';

interface SentenceLook { readonly currency: string; readonly isWhole: boolean }

function renderTable(sizes: readonly TriggerSize[], look: TableLook): string {
  const column = (head: string, align: Column['align'], text: (size: TriggerSize) => string): Column => ({ head, align, texts: sizes.map((size) => plainText(text(size))) });
  const columns = [
    column('Trigger', 'left', ({ id }) => id),
    column('Audience', 'right', ({ audience }) => count(audience.estimate)),
    column('Active', 'right', ({ activeNow }) => count(activeNow.estimate)),
    column('30 days', 'right', ({ startsBy, eventLast30Days }) => (eventLast30Days !== null ? count(eventLast30Days.estimate) : startsBy === 'event' ? unknown : '')),
    column('Offer', 'right', ({ counted: by, withOffer }) => (by === 'audience' ? unknown : count(withOffer.estimate))),
    column('Propensity', 'right', ({ propensity }) => (propensity === null ? '' : percent(propensity))),
    column('Value', 'right', ({ valuePerAccept }) => (valuePerAccept === null ? '' : count(valuePerAccept))),
    column('Worth', 'right', ({ expectedValue }) => (expectedValue === null ? unknown : count(expectedValue.estimate))),
  ];
  const table = startTable(columns, 0, look, true);
  const nameWidth = table.options.colWidths[0]! - padding;
  sizes.forEach((_, row) => table.push(columns.map(({ texts }, index) => (index === 0 ? breakable(texts[row]!, nameWidth) : texts[row]!))));
  return table.toString();
}

/** "120 (95 to 150)"; without the bounds where everybody was looked at. */
function bounded({ estimate, low, high }: Estimate): string {
  return `${count(estimate)}${low === high ? '' : ` (${count(low)} to ${count(high)})`}`;
}

function worthIn({ estimate, low, high }: ExpectedValue, currency: string): string {
  return `${money(estimate, currency)}${low === high || high === null ? '' : ` (${count(low)} to ${count(high)})`}`;
}

/** A share of customers: no more digits than a sample can bear. */
function share({ estimate }: Estimate, of: Estimate): string {
  const percents = estimate / of.estimate * 100;
  return `${percents > 0 && percents < 1 ? 'under 1' : Math.round(percents)} %`;
}

function inWords(size: TriggerSize, look: SentenceLook): string {
  return [...reachWords(size), ...prospectWords(size, look), ...controlWords(size, look)].join(' ');
}

function reachWords({ audience, isForEverybody, activeNow, eventLast30Days, counted: by, startsBy, event, atMost, dates, reached }: TriggerSize): readonly string[] {
  const words: string[] = [];
  if (dates === 'not-begun') words.push('Its dates have not begun; this is as if they had.');
  if (dates === 'over') words.push('Its dates are over; this is as if they were not.');
  words.push(isForEverybody ? `It is for everybody: ${counted(audience.estimate, 'customer')}.` : `It is for ${bounded(audience)} ${audience.estimate === 1 ? 'customer' : 'customers'}.`);
  if (startsBy === 'while' || startsBy === 'absence') words.push(`It ${dates === 'open' ? 'is' : 'would be'} active for ${bounded(reached)} of them now.`);
  if (startsBy !== 'event') return atMost ? [...words, 'For whom it has been active for longer than its `within`, it speaks no more, and they are counted, too.'] : words;
  if (by === 'audience') words.push(`How often ${event} happens is not known: none of those who were looked at has had one.`);
  else words.push(`In the last 30 days ${event} happened to ${atMost ? 'at most ' : ''}${bounded(eventLast30Days!)} of them${atMost ? ', since what these events said is not kept' : ''}.`);
  if (activeNow.estimate > 0) words.push(`It is active for ${bounded(activeNow)} now.`);
  return words;
}

function prospectWords({ counted: by, atMost, reached, withOffer, refusedBy, propensity, valuePerAccept, expectedValue, expectedValuePerCustomer }: TriggerSize, { currency, isWhole }: SentenceLook): readonly string[] {
  if (reached.estimate === 0) return by === 'audience' || isWhole ? [] : ['It reaches none of those who were looked at; a larger --sample may find some.'];
  const noes = refusedBy.length === 0 ? [] : [`Who gets none meets most often: ${refusedBy.map(({ rule, reason, customers }) => `${rule}, ${share(customers, reached)} (${plainText(reason)})`).join('; ')}.`];
  if (propensity === null) return ['None of them would get an offer.', ...noes];
  const accepts = `${percent(propensity)} of these accept, at ${money(valuePerAccept!, currency)} each`;
  const offered = expectedValue === null
    ? `Of 100 to whom it happens, ${count(withOffer.estimate / reached.estimate * 100)} would get an offer; ${accepts}: ${money(expectedValuePerCustomer! * 100, currency)}.`
    : `${bounded(withOffer)} would get an offer; ${accepts}: ${atMost ? 'at most ' : ''}${worthIn(expectedValue, currency)}${by === 'event' ? ' in 30 days' : ''}.`;
  return [offered, ...noes];
}

function controlWords({ withoutControl, propensity }: TriggerSize, { currency }: SentenceLook): readonly string[] {
  if (withoutControl === null || propensity === null) return [];
  return [`Without the control groups: ${bounded(withoutControl.withOffer)} with an offer, ${worthIn(withoutControl.expectedValue, currency)}.`];
}
