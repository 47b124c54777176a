import { join } from 'node:path';
import { callAt, openEngine } from '../frame/engine.mjs';
import { checkAnswer } from '../catalog/reference.mjs';
import { customerFacts, customerId } from '../catalog/company.mjs';
import { loadStore } from '../catalog/load-store.mjs';
import { seededRandom } from '../catalog/random.mjs';
import { writeCatalog } from '../catalog/write-catalog.mjs';

/** Decisions of the made-up company in process, each for a customer at random. */
export async function open({ folder, shape, now }) {
  const [catalog, store] = [join(folder, 'catalog'), join(folder, 'store')];
  const model = writeCatalog(catalog, shape);
  await loadStore(store, { ...shape, now }, 0);
  const engine = await openEngine({ catalog, store });
  const random = seededRandom(3);
  const anyone = () => Math.floor(random() * shape.customers);
  const ask = (index) => engine.services.decisions.decide({ customerId: customerId(index), channel: 'call-center' }, callAt(now));
  return {
    work: () => ask(anyone()),
    check: async (count) => {
      for (let i = 0; i < count; i++) {
        const index = anyone();
        checkAnswer(JSON.parse(await ask(index)), customerFacts(index, { ...shape, now }), shape, model);
      }
    },
    close: () => engine.close(),
  };
}
