import { decide } from '../../decision/pipeline.js';
import { drive } from '../drive.js';
import type { Outlook, TriggerNote } from '../../decision/outlook.js';
import { roomAgainAt } from '../../decision/room-again.js';
import { maxContacts } from '../ledger-bounds.js';
import { activationId, offerOf } from './publication.js';
import { whyNothing } from './why-nothing.js';
import type { Catalog, DecisionRequest } from '../../decision/types.js';
import type { CustomerLookParts } from './look-parts.js';
import type { Deadline } from '../deadline.js';
import type { Agenda, Publication } from '../../customers/agenda.js';
import type { ReadCustomer } from '../customer-reading.js';

export interface Unsent {
  readonly customerId: string;
  readonly lease: string;
  readonly publications: readonly Publication[];
  readonly outlook: Outlook;
  readonly found: ReadCustomer;
  readonly catalog: Catalog;
  readonly now: number;
  readonly deadline: Deadline;
  /** Changed where a publication is struck off. */
  readonly notes: Map<string, TriggerNote>;
}

/**
 * What was claimed, and not known to have been sent, and is due to be tried now: much may have happened since. It is sent
 * only if it might still be said: its trigger is active, and speaks in that channel, and every rule lets the offer pass, as
 * if it had not been presented. What may pass later waits, the rest is struck off; what is known never to have reached the
 * outbox is taken out of the ledger then. Gives what is left, and whether the customer is to be looked at anew; `null`:
 * nothing may be written any more.
 */
export async function sendUnsent(unsent: Unsent, parts: CustomerLookParts): Promise<{ readonly publications: readonly Publication[]; readonly hasChanged: boolean } | null> {
  const { publications, now, notes } = unsent;
  const left: Publication[] = [];
  const sendable: Publication[] = [];
  const struck: { readonly publication: Publication; readonly reason: string }[] = [];
  for (const publication of publications) {
    if (now < publication.nextAt && now < publication.validUntil) {
      left.push(publication);
      continue;
    }
    const verdict = await judge(publication, unsent, parts);
    if (verdict.type === 'send') sendable.push(publication);
    else if (verdict.type === 'wait') left.push({ ...publication, nextAt: Math.min(publication.validUntil, verdict.until) });
    else struck.push({ publication, reason: publication.neverTaken === true ? verdict.reason : `${verdict.reason}; it may have arrived, so it counts as presented` });
  }
  for (const { publication, reason } of struck) {
    const note = noteFor(publication, unsent);
    if (note !== undefined) notes.set(publication.trigger, { ...note, state: 'given-up', at: now, reason });
  }
  const back = struck.filter(({ publication: { neverTaken } }) => neverTaken === true).map(({ publication: { id } }) => id);
  if (back.length > 0 && !await takeBack(back, { notes: [...notes.values()], publications: [...left, ...sendable] }, unsent, parts)) return null;
  for (const { publication: { trigger }, reason } of struck) parts.events.givenUp(trigger, reason);
  // What was taken back leaves room; whoever looks next sees it.
  if (back.length > 0) return { publications: [...left, ...sendable], hasChanged: true };
  if (sendable.length === 0) return { publications: left, hasChanged: false };
  return { publications: [...left, ...await parts.dispatch(sendable, now)], hasChanged: true };
}

/** Whether it was written: not where the customer has changed meanwhile; then whoever takes the lease next does it. */
async function takeBack(decisionIds: readonly string[], agenda: Agenda, { customerId, lease, found, catalog, now, deadline }: Unsent, { store }: CustomerLookParts): Promise<boolean> {
  if (found.ledgerVersion === null) return false;
  const { type } = await deadline.cut(store.claim({ customerId, ledgerVersion: found.ledgerVersion, now, maxContacts, horizon: catalog.ledger, contacts: [], reserve: [], takesBack: decisionIds, agenda: { lease, agenda } }));
  return type === 'claimed';
}

type Verdict = { readonly type: 'send' } | { readonly type: 'wait'; readonly until: number } | { readonly type: 'strike'; readonly reason: string };

async function judge(publication: Publication, unsent: Unsent, { scorer }: CustomerLookParts): Promise<Verdict> {
  const { outlook, found, catalog, now, deadline } = unsent;
  if (now >= publication.validUntil) return { type: 'strike', reason: 'The outbox did not take it in time' };
  const verdict = outlook.verdicts.get(publication.trigger);
  if (verdict === undefined) return { type: 'strike', reason: 'Its trigger speaks no more' };
  if (!verdict.active) return { type: 'strike', reason: verdict.reason() };
  if (!verdict.trigger.outbound!.channels.includes(publication.channel)) return { type: 'strike', reason: `Its trigger does not speak in the channel ${publication.channel} any more` };
  if (noteFor(publication, unsent) === undefined) return { type: 'strike', reason: 'What it is about is over' };
  const offerId = offerOf(publication);
  const request: DecisionRequest = { channel: publication.channel, direction: 'outbound', limit: 1, placements: null, context: {}, explain: 'full', offers: new Set(offerId === null ? [] : [offerId]) };
  // Its own contact and its own room must not stand in its way.
  const customer = { ...found.state, contacts: found.state.contacts?.filter(({ decisionId }) => decisionId !== publication.id), limitUsage: new Map() };
  const input = { catalog, request, customer, now, contested: new Set<string>() };
  const decision = await drive(decide(input), scorer, deadline);
  if (decision.offers.length > 0) return { type: 'send' };
  const until = roomAgainAt(decision, input);
  if (until !== null && until < publication.validUntil) return { type: 'wait', until: Math.ceil(until) };
  return { type: 'strike', reason: whyNothing(decision) };
}

/** The note of the activation that it speaks for; `undefined`: there is another by now, or none. */
function noteFor({ id, trigger }: Publication, { customerId, outlook }: Unsent): TriggerNote | undefined {
  return outlook.notes.find((note) => note.trigger === trigger && note.state === 'published' && activationId(customerId, trigger, note.startedAt) === id);
}
