import { dueTimeOf, type CustomerLookParts } from './customer-look.js';
import { emptyAgenda, isSweepId } from '../../customers/agenda.js';
import type { DueCustomer } from '../../customers/customer-store.js';

/** Customers of a page; between two pages others that are due have their turn. */
const pageSize = 2_000;
const atOnce = 32;
/** Between two pages of one walk: at most 2,000 customers a second, whatever the store could do. */
const pauseMs = 1_000;
/** So long it is remembered that a walk is done, so that whoever begins it again finds it done. */
const rememberedMs = 30 * 86_400_000;

/**
 * One page of a walk over all customers: whoever a trigger may speak to is made due, at once or when it opens. Where it got
 * to is written after each page, so that another process goes on there if we die; a page that is walked twice changes
 * nothing.
 */
export async function walkOn({ customerId, lease, agenda }: DueCustomer, now: number, parts: CustomerLookParts): Promise<void> {
  const { store, events } = parts;
  const { after = null, doneAt = null } = agenda.sweep ?? {};
  if (doneAt !== null) {
    const isOver = now >= doneAt + rememberedMs;
    await store.settle({ customerId, lease, agenda: isOver ? emptyAgenda : agenda, dueAt: isOver ? null : doneAt + rememberedMs });
    return;
  }
  const ids = await nextIds(parts, after);
  const catalog = parts.catalog.current();
  const dueNow: string[] = [];
  for (let place = 0; place < ids.length; place += atOnce) {
    await Promise.all(ids.slice(place, place + atOnce).map(async (id) => {
      const at = await dueTimeOf(id, catalog, now, parts);
      if (at === now) dueNow.push(id);
      else if (at !== null) await store.wake([id], at);
    }));
  }
  if (dueNow.length > 0) await store.wake(dueNow, now);
  const isDone = ids.length < pageSize;
  events.swept(ids.length, isDone);
  await store.settle({
    customerId, lease,
    agenda: { ...emptyAgenda, sweep: { after: ids.at(-1) ?? after, doneAt: isDone ? now : null } },
    dueAt: isDone ? now + rememberedMs : now + pauseMs,
  });
}

async function nextIds({ store }: CustomerLookParts, after: string | null): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const id of store.ids(after ?? undefined)) {
    if (!isSweepId(id)) ids.push(id);
    if (ids.length === pageSize) break;
  }
  return ids;
}
