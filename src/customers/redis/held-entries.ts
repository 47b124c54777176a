import { byBytes, type HeldAnswer, type HeldCustomer, type HeldReservation, type HeldVisitor } from '../store-holdings.js';
import { decodeAnswered } from '../values/answered-outcome.js';
import { decodeLink } from '../values/visitor-link.js';
import { decodeVisitor } from '../values/visitor-value.js';
import { heldAgenda } from './dues.js';
import { chunks, entriesPerRead } from './chunks.js';
import { readable } from './customer-record.js';
import type { HoldingsOf } from './held-counters.js';
import { heldEntryScript } from './holding-scripts.js';
import { decodeHolds } from './holds.js';
import { counterKeys, customerKeys, visitorValues } from './keys.js';
import { decodeNamed, nameBytes } from './named-visitor.js';

export async function* heldCustomers(of: HoldingsOf, now: number): AsyncGenerator<HeldCustomer> {
  for await (const ids of chunks(of.ids(), entriesPerRead)) {
    const customers = await of.call(() => Promise.all(ids.map((id) => heldEntry(of, id, now))));
    for (const customer of customers) if (customer !== null) yield customer;
  }
}

/**
 * No index says which visitors there are: it would cost each of their writes, and keep ids in clear whose time is over,
 * which the server clears by itself. So all keys are gone through, and the ids are held in memory for their order.
 */
export async function* heldVisitors(of: HoldingsOf, now: number): AsyncGenerator<HeldVisitor> {
  const ids = new Set<string>();
  for await (const page of of.connection.scan(visitorValues(of.prefix))) {
    const ends = await of.call(() => Promise.all(page.map((key) => of.connection.command('getrange', key, -nameBytes, -1) as Promise<Buffer>)));
    // Empty: it went meanwhile.
    for (const end of ends) if (end.length > 0) ids.add(readable(() => decodeNamed(end).id));
  }
  for await (const some of chunks([...ids].sort(byBytes), entriesPerRead)) {
    const visitors = await of.call(() => Promise.all(some.map((id) => heldVisitor(of, id, now))));
    for (const visitor of visitors) if (visitor !== null) yield visitor;
  }
}

/** `null`: it went meanwhile, or its time is over. */
async function heldVisitor(of: HoldingsOf, id: string, now: number): Promise<HeldVisitor | null> {
  for (;;) {
    const entry = await heldEntry(of, id, now);
    if (entry === null) return null;
    const { value } = readable(() => decodeNamed(entry.value));
    const visitor = readable(() => decodeVisitor(value));
    if (visitor.state === 'sealed') {
      await of.finishLink(id, visitor.seal);
      continue;
    }
    const { answered, reservations } = entry;
    return visitor.state === 'open' && visitor.expiresAt <= now ? null : { id, value, answered, reservations };
  }
}

async function heldEntry({ connection, prefix }: HoldingsOf, id: string, now: number): Promise<HeldCustomer | null> {
  const keys = customerKeys(prefix, id);
  const [value, outcomes, fields, links, agenda, dueAt] = await connection.script(heldEntryScript, [keys.value, keys.outcomes, keys.holds, keys.links, keys.agenda, keys.due.at], [id]) as [Buffer | null, Buffer[], Buffer[], Buffer[], Buffer | null, Buffer | null];
  if (value === null) return null;
  const answered = readable(() => Array.from({ length: outcomes.length / 2 }, (_, place): HeldAnswer => ({ name: outcomes[2 * place]!.toString('hex'), ...decodeAnswered(outcomes[2 * place + 1]!) })));
  // The counter says whether a reservation is live, and until when.
  const reservations = await Promise.all(Array.from(readable(() => decodeHolds(fields)), async ([holder, { counter, heldBy }]): Promise<HeldReservation> => {
    const ends = await connection.command('zscore', counterKeys(prefix, counter).reserved, Buffer.from(holder, 'hex')) as Buffer | null;
    return { holder, counter, heldUntil: Number(String(ends ?? 0)), ...(heldBy !== undefined && { heldBy }) };
  }));
  return {
    id, value,
    answered: answered.filter(({ expiresAt }) => expiresAt > now).sort((one, other) => byBytes(one.name, other.name)),
    reservations: reservations.filter(({ heldUntil }) => heldUntil > now).sort((one, other) => byBytes(one.holder, other.holder)),
    links: readable(() => links.map(decodeLink)).sort((one, other) => byBytes(one.visitorId, other.visitorId)),
    agenda: heldAgenda(agenda, dueAt),
  };
}
