import { drive } from '../drive.js';
import { emptyAgenda, type Agenda, type Publication } from '../../customers/agenda.js';
import { lookAhead, noteOf, type Outlook, type TriggerNote } from '../../decision/outlook.js';
import { readCustomer, type ReadCustomer } from '../customer-reading.js';
import { decideOutbound } from './outbound-decision.js';
import { outboundRequest } from './outbound-request.js';
import { retryAt } from './retry-time.js';
import { sendUnsent } from './unsent.js';
import { stepTimeoutMs, type CustomerLookParts } from './look-parts.js';
import { startDeadline } from '../deadline.js';
import type { DueCustomer } from '../../customers/customer-store.js';
import type { OutboundEvents } from './outbound-events.js';

/** With so many that could not be sent yet, nothing more is said to a customer. */
const mostUnsent = 16;

/**
 * Looks at one customer who is due: sends what is still to be sent, if it may still be said; else lets the triggers speak
 * whose time has come, by priority, until one has spoken. After whatever was sent the agenda is written at once, and who
 * has more to say is looked at anew. What it does before a claim can be done again; a claim is done once; what comes after
 * it is done by whoever looks next, if we die. A rejection leaves the rest to the next who takes the lease.
 */
export async function lookAtCustomer(due: DueCustomer, now: number, parts: CustomerLookParts): Promise<void> {
  const { store, catalog: live, dispatch, events } = parts;
  const { customerId, lease } = due;
  const catalog = live.current();
  const deadline = startDeadline(stepTimeoutMs, parts.monotonicMs);
  const found = await readCustomer(store, catalog, { customerId, channel: '' }, now, now, deadline);
  // What is not known now is looked at again when the lease ends.
  if (found.known === 'unreadable' || found.state.groupEvents === null) return;
  if (found.known === 'visitor') {
    await store.settle({ customerId, lease, agenda: emptyAgenda, dueAt: null });
    return;
  }
  const lookedAhead = (read: ReadCustomer): Promise<Outlook> => drive(lookAhead({ catalog, request: outboundRequest, customer: read.state, now, contested: new Set() }, due.agenda.notes), parts.scorer, deadline);
  const outlook = await lookedAhead(found);
  const notes = notesOf(outlook, due.agenda.notes, now, events);
  // Where the catalog has changed meanwhile, when to look again is for the new one to say.
  const settle = async (publications: readonly Publication[], times: readonly number[]): Promise<void> => {
    const all = [...times, ...publications.map(({ nextAt }) => nextAt), ...(outlook.nextAt === null ? [] : [outlook.nextAt])];
    await store.settle({ customerId, lease, agenda: { notes: [...notes.values()], publications }, dueAt: live.current() !== catalog ? now : all.length === 0 ? null : Math.min(...all) });
  };

  const unsent = await sendUnsent({ customerId, publications: due.agenda.publications, outlook, lease, found, catalog, now, deadline, notes }, parts);
  if (unsent === null) return;
  if (unsent.hasChanged) return settle(unsent.publications, [now]);

  const { publications } = unsent;
  const retries: number[] = [];
  for (const dueTrigger of outlook.due) {
    const { trigger: { id } } = dueTrigger;
    const defer = (reason: string, roomAt: number | null): void => {
      if (notes.get(id)?.reason !== reason) events.deferred(id, reason);
      notes.set(id, noteOf(dueTrigger, 'deferred', now, reason));
      retries.push(retryAt(dueTrigger, roomAt, now));
    };
    if (publications.length >= mostUnsent) {
      defer('Too much is still to be sent', Math.min(...publications.map(({ nextAt }) => nextAt)));
      continue;
    }
    const spoken = noteOf(dueTrigger, 'published', now);
    const result = await decideOutbound({
      customerId, lease, due: dueTrigger, catalog, now, deadline: startDeadline(stepTimeoutMs, parts.monotonicMs),
      agendaWith: (publication): Agenda => ({ notes: [...new Map(notes).set(id, spoken).values()], publications: [...publications, publication] }),
      isStillDue: async (read) => (await lookedAhead(read)).due.some(({ trigger, startedAt }) => trigger.id === id && startedAt === dueTrigger.startedAt),
    }, found, parts);
    switch (result.type) {
      case 'gone': return;
      case 'over': return settle(publications, [now]);
      case 'claimed': {
        notes.set(id, spoken);
        // Until here nobody has had it: where it is not taken now, that is known.
        const left = await dispatch([{ ...result.publication, neverTaken: true }], now);
        // The others, and those that this look deferred, are asked with what was said by now.
        return settle([...publications, ...left], outlook.due.length > 1 ? [now] : []);
      }
      case 'refused': if (result.isFinal) {
        notes.set(id, noteOf(dueTrigger, 'given-up', now, result.reason));
        events.givenUp(id, result.reason);
      } else defer(result.reason, result.retryAt);
    }
  }
  await settle(publications, retries);
}

/** Those that still tell something, what is over before it spoke, and what has waited: that stays written down while
 *  others speak. By trigger. */
function notesOf(outlook: Outlook, before: readonly TriggerNote[], now: number, events: OutboundEvents): Map<string, TriggerNote> {
  const notes = new Map<string, TriggerNote>(outlook.notes.map((note) => [note.trigger, note]));
  for (const { reason, ...missed } of outlook.missed) {
    notes.set(missed.trigger.id, noteOf(missed, 'given-up', now, reason));
    events.givenUp(missed.trigger.id, reason);
  }
  for (const { trigger: { id }, startedAt } of outlook.due) {
    // One of an activation before is over, and told above.
    const waiting = before.find((note) => note.trigger === id && note.state === 'deferred' && note.startedAt === startedAt);
    if (waiting !== undefined) notes.set(id, waiting);
  }
  return notes;
}
