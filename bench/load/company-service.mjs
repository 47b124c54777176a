import { join } from 'node:path';
import { build } from '../frame/product.mjs';
import { check } from '../frame/check.mjs';
import { checkAnswer, expectedRanking } from '../catalog/reference.mjs';
import { loadStore } from '../catalog/load-store.mjs';
import { startServer } from './processes.mjs';
import { writeCatalog } from '../catalog/write-catalog.mjs';

export const decisionBody = ({ id }) => JSON.stringify({ customerId: id, channel: 'call-center', context: { reason: 'moving house' }, locale: 'en' });

/** A catalog and customers in `folder`, `asked` of whom the load is about, and the service over them as it is delivered: tokens and decision log on. */
export async function makeCompany(folder, shape) {
  const places = { catalog: join(folder, 'catalog'), store: join(folder, 'store'), log: join(folder, 'log') };
  const model = writeCatalog(places.catalog, shape);
  const customers = await loadStore(places.store, shape, shape.asked);
  const start = ({ workers = 1, ...options } = {}) => startServer({
    file: join(build, 'main.js'), environment: { NBO_CATALOG: places.catalog, NBO_STORE: places.store, NBO_DECISION_LOG: places.log, NBO_WORKERS: String(workers) }, ...options,
  });
  return { shape, model, customers, places, start, load: { path: '/v1/decisions', bodies: customers.map(decisionBody), expect: '"degraded":[]' } };
}

/** Every customer's answer is the one that follows from the facts. Gives the last answer, as it came. */
export async function checkService({ url }, { shape, model, customers }) {
  let last;
  for (const customer of customers) {
    const response = await fetch(`${url}/v1/decisions`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: decisionBody(customer) });
    const text = await response.text();
    check(response.status === 200, `status ${response.status} for ${customer.id}: ${text}`);
    const answer = JSON.parse(text);
    checkAnswer(answer, customer, shape, model);
    const eligible = expectedRanking(customer, shape, model).length;
    check(answer.offers.every(({ token }) => token.startsWith('v1.')), `the offers for ${customer.id} carry no tokens`);
    last = { text, eligible, headers: Object.fromEntries([...response.headers].filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name))) };
  }
  return last;
}
