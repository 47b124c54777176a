import { drive } from '../drive.js';
import { emptyAgenda, type Agenda, type Publication } from '../../customers/agenda.js';
import { lookAhead, type DueTrigger, type TriggerNote } from '../../decision/outlook.js';
import { readCustomer } from '../customer-reading.js';
import { decideOutbound, type OutboundDecisionParts } from './outbound-decision.js';
import { startDeadline } from '../deadline.js';
import type { Catalog } from '../../decision/types.js';
import { StoreError, type DueCustomer } from '../../customers/customer-store.js';
import type { LiveCatalog } from '../live-catalog.js';
import type { Dispatch } from './dispatch.js';
import type { OutboundEvents } from './outbound-events.js';

export interface CustomerLookParts extends OutboundDecisionParts {
  readonly catalog: LiveCatalog;
  readonly dispatch: Dispatch;
  readonly monotonicMs: () => number;
  readonly events: OutboundEvents;
}

/** How long one look may wait for the store and the models; well below the lease. */
const lookTimeoutMs = 10_000;
/** A deferred trigger tries again no sooner, and of its time at most so many times by itself. */
const leastRetryMs = 60_000;
const mostRetries = 64;
const longestRetryMs = 86_400_000;

/**
 * Looks at one customer who is due: sends what is still to be sent, lets the triggers speak whose time has come, one after
 * the other by priority, and says when to look again. What it does before a claim can be done again; a claim is done
 * once; what comes after it is done by whoever looks next, if we die. A rejection leaves the rest to the next who takes
 * the lease.
 */
export async function lookAtCustomer(due: DueCustomer, now: number, parts: CustomerLookParts): Promise<void> {
  const { store, catalog: live, dispatch } = parts;
  const { customerId, lease } = due;
  const catalog = live.current();
  const deadline = startDeadline(lookTimeoutMs, parts.monotonicMs);
  let publications: readonly Publication[] = await dispatch(due.agenda.publications, now);

  const found = await readCustomer(store, catalog, { customerId, channel: '' }, now, now, deadline);
  // What is not known now is looked at again when the lease ends.
  if (found.known === 'unreadable' || found.state.groupEvents === null) return;
  if (found.known === 'visitor') {
    await store.settle({ customerId, lease, agenda: emptyAgenda, dueAt: null });
    return;
  }
  const request = { channel: '', direction: 'outbound', limit: 1, placements: null, context: {}, explain: 'none' } as const;
  const outlook = await drive(lookAhead({ catalog, request, customer: found.state, now, contested: new Set() }, due.agenda.notes), parts.scorer, deadline);

  const notes = new Map<string, TriggerNote>(outlook.notes.map((note) => [note.trigger, note]));
  for (const { trigger, startedAt, reason } of outlook.missed) {
    notes.set(trigger, { trigger, startedAt, state: 'given-up', at: now, reason });
    parts.events.givenUp(trigger, reason);
  }
  // What waited stays written down while others speak.
  for (const { trigger: { id } } of outlook.due) {
    const waiting = due.agenda.notes.find(({ trigger, state }) => trigger === id && state === 'deferred');
    if (waiting !== undefined) notes.set(id, waiting);
  }

  const retries: number[] = [];
  for (const [place, dueTrigger] of outlook.due.entries()) {
    const { trigger: { id }, startedAt } = dueTrigger;
    const read = place === 0 ? found : await readCustomer(store, catalog, { customerId, channel: '' }, now, now, deadline);
    const result = await decideOutbound({
      customerId, lease, due: dueTrigger, catalog, now, deadline,
      agendaWith: (publication): Agenda => ({ notes: [...new Map(notes).set(id, { trigger: id, startedAt, state: 'published', at: now }).values()], publications: [...publications, publication] }),
    }, read, parts);
    if (result.type === 'gone') return;
    if (result.type === 'claimed') {
      notes.set(id, { trigger: id, startedAt, state: 'published', at: now });
      publications = await dispatch(result.agenda.publications, now);
    } else if (result.isFinal) {
      notes.set(id, { trigger: id, startedAt, state: 'given-up', at: now, reason: result.reason });
      parts.events.givenUp(id, result.reason);
    } else {
      if (notes.get(id)?.reason !== result.reason) parts.events.deferred(id, result.reason);
      notes.set(id, { trigger: id, startedAt, state: 'deferred', at: now, reason: result.reason });
      retries.push(retryAt(dueTrigger, result.retryAt, now));
    }
  }
  const times = [...retries, ...publications.map(({ nextAt }) => nextAt), ...(outlook.nextAt === null ? [] : [outlook.nextAt])];
  await store.settle({ customerId, lease, agenda: { notes: [...notes.values()], publications }, dueAt: times.length === 0 ? null : Math.min(...times) });
}

/** When a deferred trigger is asked again: when there may be room, at the latest when its time is over, to give it up. */
function retryAt({ trigger, startedAt, deadline }: DueTrigger, roomAt: number | null, now: number): number {
  const span = Number.isFinite(deadline) ? deadline - startedAt : trigger.outbound!.withinMs;
  const soonest = now + Math.min(Math.max(leastRetryMs, span / mostRetries), longestRetryMs);
  return Math.ceil(Math.min(Math.max(roomAt ?? Infinity, soonest), deadline, now + 366 * longestRetryMs));
}

/** For a walk: whether anybody must look at the customer, and when; `null`: no. */
export async function dueTimeOf(customerId: string, catalog: Catalog, now: number, parts: CustomerLookParts): Promise<number | null> {
  const deadline = startDeadline(lookTimeoutMs, parts.monotonicMs);
  const found = await readCustomer(parts.store, catalog, { customerId, channel: '' }, now, now, deadline);
  if (found.known === 'unreadable' || found.state.groupEvents === null) throw new StoreError('The store does not answer; the walk goes on from here');
  if (found.known === 'visitor') return null;
  const request = { channel: '', direction: 'outbound', limit: 1, placements: null, context: {}, explain: 'none' } as const;
  const { due, nextAt } = await drive(lookAhead({ catalog, request, customer: found.state, now, contested: new Set() }, []), parts.scorer, deadline);
  return due.length > 0 ? now : nextAt;
}
