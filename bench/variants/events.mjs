import { Redis } from 'ioredis';
import { open as openLmdb } from 'lmdb';
import { callAt, openEngine } from '../frame/engine.mjs';
import { check } from '../frame/check.mjs';
import { eventsFor, storm } from '../catalog/twenty-triggers.mjs';
import { loadInto, sampleNow as now, sampleStoredCustomers } from '../catalog/sample-store.mjs';
import { product } from '../frame/product.mjs';

const inFlight = 32;

/**
 * `what`: take (events of customers), put (bare writes of the same customers' bytes), storm (events of everybody), or decide.
 * `prefix`: the store is a Redis. `sides`, for decide: with its name the catalog and the store of each that is compared, and whether
 * the customers have what makes the twenty triggers active.
 */
export function open({ what, sides, ...options }) {
  return what === 'decide' ? openSides(sides, options) : openOne({ what, ...options });
}

/** All in one process, so that they run the same machine code: two processes of one build differ by more than what is measured. */
async function openSides(sides, options) {
  const opened = new Map();
  for (const [name, side] of sides) opened.set(name, await openOne({ what: 'decide', ...options, ...side }));
  let current;
  return {
    close: async () => { for (const side of opened.values()) await side.close(); },
    turnTo: (name) => { current = opened.get(name); },
    work: (index) => current.work(index),
    ranking: (index) => current.ranking(index),
    active: (index) => current.active(index),
  };
}

async function openOne({ what, catalog, store, prefix, count, active = false }) {
  const engine = await openEngine({ catalog, store: prefix === undefined ? store : `${store}?prefix=${prefix}` });
  const sample = await sampleStoredCustomers(Math.min(count, 1_000));
  const idOf = (place) => (count <= sample.length ? sample[place].id : `B-${place}`);
  await loadInto(engine.store, count, (place) => ({ ...sample[place % sample.length], id: idOf(place) }));
  const take = async (events) => {
    for (let at = 0; at < events.length; at += 500) {
      const refused = (await engine.services.events.takeBatch(events.slice(at, at + 500), callAt(now))).find((result) => result instanceof Error);
      check(refused === undefined, `an event is refused: ${refused?.message}`);
    }
  };
  const close = () => engine.close();
  const turn = (index) => (index * 7) % count;
  let made = 0;

  if (what === 'decide') {
    if (active) {
      await take(Array.from({ length: count }, (_, place) => eventsFor(idOf(place), now)).flat());
      await take([storm(now)]);
    }
    const ask = (index, explain) => engine.services.decisions.decide({ customerId: idOf(turn(index)), channel: 'call-center', explain }, callAt(now));
    const answer = async (index) => JSON.parse(await ask(index, 'full'));
    return {
      close, work: (index) => ask(index, 'none'),
      ranking: async (index) => (await answer(index)).offers.map(({ offerId, priority }) => [offerId, priority]),
      active: async (index) => (await answer(index)).triggers.filter(({ state }) => state === 'active').length,
    };
  }
  if (what === 'storm') {
    const call = { ...callAt(now) };
    // Each is over as soon as it is there, so that their number does not grow: the next one clears it away.
    return { close, work: () => engine.store.takeInForAll({ eventKey: `s-${++made}`, body: 'b', event: { id: `s-${made}`, source: '/bench', type: 'bench.storm', occurredAt: call.now, data: { level: 1 } }, now: call.now + made, keptUntil: call.now + made + 1, most: 500 }) };
  }
  if (what === 'take') {
    const event = (index) => ({ ...eventsFor(idOf(turn(index)), now)[0], id: `e-${++made}`, time: new Date(now - (made % 1_000_000)).toISOString() });
    await take([event(0)]);
    check((await engine.store.export(idOf(0))).events.trails.length === 1, 'an event leaves no trail');
    return { inFlight, close, work: (index) => engine.services.events.take(event(index), callAt(now)) };
  }
  // Bare: the same bytes under the same key, and a second write as the event's key is.
  const { encodeCustomer } = await product('customers/values/customer-value.js');
  const values = sample.map((customer) => encodeCustomer({ profile: customer.profile, contacts: customer.contacts, events: { trails: [], matches: [] }, profileVersion: 1, ledgerVersion: 1 }));
  const key = Buffer.alloc(32, 7);
  if (prefix === undefined) {
    const root = openLmdb({ path: `${store}-bare`, noSubdir: false, overlappingSync: false, eventTurnBatching: false, keyEncoding: 'binary', encoding: 'binary' });
    return {
      inFlight,
      work: (index) => root.transaction(() => {
        void root.put(Buffer.from(idOf(turn(index))), values[turn(index) % values.length]);
        key.writeUInt32BE(++made);
        void root.put(key, key);
      }),
      close: async () => { await root.close(); await close(); },
    };
  }
  const redis = new Redis(store);
  return {
    inFlight,
    work: (index) => redis.multi().set(`bare:${idOf(turn(index))}`, values[turn(index) % values.length]).hset(`bare:k:${idOf(turn(index))}`, String(++made), key).exec(),
    close: async () => { redis.disconnect(); await close(); },
  };
}
