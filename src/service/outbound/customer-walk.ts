import { setImmediate } from 'node:timers/promises';
import { dueTimeOf } from './due-time.js';
import { emptyAgenda } from '../../customers/agenda.js';
import { UnreadableError, type DueCustomer } from '../../customers/customer-store.js';
import { isOfCatalog, turnOf } from './sweep.js';
import type { CustomerLookParts } from './look-parts.js';
import { dayMs } from '../../decision/calendar.js';

/** Customers of a page; between two pages others that are due have their turn. */
const pageSize = 2_000;
/** A page ends after so long, too: well before its lease does. */
const pageTimeMs = 10_000;
const atOnce = 32;
/** Between two pages of one walk: at most 2,000 customers a second, whatever the store could do. */
const pauseMs = 1_000;
/** So long it is remembered that a walk is done, so that whoever begins it again finds it done. */
const rememberedMs = 30 * dayMs;

/**
 * One page of a walk over all customers: whoever a trigger may speak to is made due, at once or when it opens. Where it got
 * to is written after each page, so that another process goes on there if we die; a page that is walked twice changes
 * nothing. `ofTurn`: the catalog's whose turn it was when this process asked; another one's is over, unless the turn has
 * passed to it since: then it is given back at once.
 */
export async function walkOn({ customerId, lease, agenda }: DueCustomer, ofTurn: string, now: number, parts: CustomerLookParts): Promise<void> {
  const { store, events } = parts;
  const { after = null, doneAt = null } = agenda.sweep ?? {};
  const isOthers = isOfCatalog(customerId) && customerId !== ofTurn;
  if (isOthers && await isOfTurnNow(customerId, now, parts)) {
    await store.settle({ customerId, lease, agenda, dueAt: now });
    return;
  }
  if (doneAt !== null || isOthers) {
    const isOver = isOthers || now >= doneAt! + rememberedMs;
    await store.settle({ customerId, lease, agenda: isOver ? emptyAgenda : agenda, dueAt: isOver ? null : doneAt! + rememberedMs });
    return;
  }
  const { last, walked, isDone } = await walkPage(after, now, parts);
  events.swept(walked, isDone);
  await store.settle({
    customerId, lease,
    agenda: { ...emptyAgenda, sweep: { after: last, doneAt: isDone ? now : null } },
    dueAt: isDone ? now + rememberedMs : now + pauseMs,
  });
}

async function isOfTurnNow(walk: string, now: number, { store, catalog }: CustomerLookParts): Promise<boolean> {
  const { turn } = await store.takeTurn({ revision: catalog.current().revision, now, joins: null, handsOver: false });
  return turnOf(walk) === turn;
}

async function walkPage(after: string | null, now: number, parts: CustomerLookParts): Promise<{ readonly last: string | null; readonly walked: number; readonly isDone: boolean }> {
  const { store, monotonicMs, events } = parts;
  const catalog = parts.catalog.current();
  const endsAt = monotonicMs() + pageTimeMs;
  const unreadable: UnreadableError[] = [];
  const dueNow: string[] = [];
  const makeDue = async (id: string): Promise<void> => {
    try {
      const at = await dueTimeOf(id, catalog, now, parts);
      if (at === now) dueNow.push(id);
      else if (at !== null) await store.wake([id], at);
    } catch (error) {
      // It would be so the next time, too: it must not keep the walk from all others.
      if (!(error instanceof UnreadableError)) throw error;
      unreadable.push(error);
    }
  };
  const ids = await nextIds(parts, after);
  let walked = 0;
  while (walked < ids.length && (walked === 0 || monotonicMs() < endsAt)) {
    const some = ids.slice(walked, walked + atOnce);
    await Promise.all(some.map(makeDue));
    walked += some.length;
    // Reads of the embedded store take no turn of the event loop: without this, requests would wait for the whole page.
    await setImmediate();
  }
  if (dueNow.length > 0) await store.wake(dueNow, now);
  if (unreadable.length > 0) events.failed(new Error(`A walk over all customers leaves out ${unreadable.length} whose stored value cannot be read: ${unreadable[0]!.message}`));
  return { last: ids[walked - 1] ?? after, walked, isDone: walked === ids.length && ids.length < pageSize };
}

async function nextIds({ store }: CustomerLookParts, after: string | null): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const id of store.ids(after ?? undefined)) {
    ids.push(id);
    if (ids.length === pageSize) break;
  }
  return ids;
}
