import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callAt, openEngine } from '../frame/engine.mjs';
import { checkAnswer } from '../catalog/reference.mjs';
import { check } from '../frame/check.mjs';
import { customerFacts, customerId } from '../catalog/company.mjs';
import { loadStore } from '../catalog/load-store.mjs';
import { writeCatalog } from '../catalog/write-catalog.mjs';

/** Memory after a garbage collection, in MB: what the heap holds, and what the system gave. */
function memory() {
  for (let i = 0; i < 3; i++) globalThis.gc();
  const { heapUsed, rss, external } = process.memoryUsage();
  return { heapMb: heapUsed / 2 ** 20, residentMb: rss / 2 ** 20, externalMb: external / 2 ** 20 };
}

/** The engine in a process of its own, whose memory is looked at. */
export async function open({ folder, shape, now }) {
  const [catalog, store] = [join(folder, 'catalog'), join(folder, 'store')];
  const model = writeCatalog(catalog, shape);
  await loadStore(store, { ...shape, now }, 0);
  const before = memory();
  const engine = await openEngine({ catalog, store });
  let asked = 0;
  const ask = async () => {
    const index = asked++ % shape.customers;
    return { index, text: await engine.services.decisions.decide({ customerId: customerId(index), channel: 'call-center' }, callAt(now)) };
  };
  const checkOne = async () => {
    const { index, text } = await ask();
    checkAnswer(JSON.parse(text), customerFacts(index, { ...shape, now }), shape, model);
  };
  await checkOne();
  const after = memory();
  const ruleFile = join(catalog, 'rules/general.yaml');
  const rules = readFileSync(ruleFile, 'utf8');
  let reloads = 0;
  const reload = async () => {
    writeFileSync(ruleFile, rules);
    appendFileSync(ruleFile, `- { id: reload-${reloads++}, kind: business, require: customer.age > -${reloads} }\n`);
    const load = await engine.reload();
    check(load.result.ok, 'the changed catalog is refused');
    engine.catalog.take(load, now);
    check(engine.catalog.current() === load.result.catalog, 'the changed catalog is not live');
  };

  const many = (work) => async (count) => {
    for (let i = 0; i < count; i++) await work();
    await checkOne();
    return memory();
  };
  return { afterLoad: () => ({ before, after }), decisions: many(ask), reloads: many(reload), close: () => engine.close() };
}
