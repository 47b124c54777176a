import { Redis } from 'ioredis';
import { open as openLmdb } from 'lmdb';
import { callAt, openEngine } from '../frame/engine.mjs';
import { check, checkEqual } from '../frame/check.mjs';
import { loadInto, sampleNow as now, sampleStoredCustomers } from '../catalog/sample-store.mjs';
import { product, root } from '../frame/product.mjs';
import { withFiftyContacts } from '../catalog/year-of-calls.mjs';

const binary = { keyEncoding: 'binary', encoding: 'binary' };

/** `what`: decision, read, or get (the bare bytes of the same records) on `store`, a folder or the URL of a Redis. */
export async function open({ what, store, prefix, count, inFlight }) {
  const sample = await sampleStoredCustomers(count);
  const turn = (index) => (index * 7) % count;
  const location = prefix === undefined ? store : `${store}?prefix=${prefix}`;
  if (what === 'decision') {
    const engine = await openEngine({ catalog: root, store: location });
    await loadInto(engine.store, count, (place) => sample[place]);
    const ask = (index) => engine.services.decisions.decide({ customerId: sample[turn(index)].id, channel: 'call-center' }, callAt(now));
    const ranking = async (index) => {
      const { offers, degraded } = JSON.parse(await ask(index));
      checkEqual(degraded, [], 'what was decided without');
      return offers.map(({ offerId, priority }) => [offerId, priority]);
    };
    return { inFlight, work: ask, ranking, close: () => engine.close() };
  }

  const { openStoreAt } = await product('app.js');
  const opened = await openStoreAt(prefix === undefined ? { type: 'lmdb', folder: store } : { type: 'redis', url: location });
  const customers = sample.map((customer, place) => withFiftyContacts(place, customer, now));
  await loadInto(opened, count, (place) => customers[place]);
  await checkReads(opened, customers);
  if (what === 'read') return { inFlight, work: (index) => opened.read(customers[turn(index)].id, [], now), close: () => opened.close() };
  const bare = prefix === undefined ? bareLmdb(store, customers) : await bareRedis(store, prefix, customers);
  check((await bare.get(0))?.length > 1_000, 'the bare get finds nothing');
  return { inFlight, work: (index) => bare.get(turn(index)), close: async () => { await bare.close(); await opened.close(); } };
}

function bareLmdb(folder, customers) {
  const root = openLmdb({ path: folder, noSubdir: false, maxDbs: 32, ...binary });
  const table = root.openDB({ name: 'customers', ...binary });
  const keys = customers.map(({ id }) => Buffer.from(id));
  return { get: (place) => table.getBinary(keys[place]), close: () => root.close() };
}

async function bareRedis(url, prefix, customers) {
  const { valueKey } = await product('customers/redis/keys.js');
  const redis = new Redis(url);
  const keys = customers.map(({ id }) => valueKey(prefix, id));
  return { get: (place) => redis.getBuffer(keys[place]), close: () => redis.disconnect() };
}

async function checkReads(store, customers) {
  const seen = ({ decisionId, offerId, outcome, occurredAt }) => [decisionId, offerId, outcome, occurredAt];
  for (let place = 0; place < customers.length; place += 97) {
    const { customer } = await store.read(customers[place].id, [], now);
    checkEqual(customer.contacts.map(seen), customers[place].contacts.map(seen), 'the ledger');
    checkEqual(customer.profile.attributes, customers[place].profile.attributes, 'the profile');
  }
}
