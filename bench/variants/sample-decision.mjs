import { join } from 'node:path';
import ort from 'onnxruntime-node';
import { loadInto, sampleNow as now, sampleStoredCustomers } from '../catalog/sample-store.mjs';
import { callAt, openEngine } from '../frame/engine.mjs';
import { root } from '../frame/product.mjs';

const scoredRows = 12;      // about as many offers are left for scoring in the sample catalog

/** Decisions over the sample catalog, as deep as `explain` says; or `floor`, what they cannot do without. */
export async function open({ variant, store, count }) {
  const engine = await openEngine({ catalog: root, store });
  const customers = await sampleStoredCustomers(count);
  await loadInto(engine.store, count, (place) => customers[place]);
  const ask = (index, explain) => engine.services.decisions.decide({ customerId: customers[(index * 7) % customers.length].id, channel: 'call-center', explain }, callAt(now));
  const common = {
    ranking: async (index) => JSON.parse(await ask(index, variant === 'floor' ? 'none' : variant)).offers.map(({ offerId, priority }) => [offerId, priority]),
    describe: () => ({ offers: engine.catalog.current().offers.length, rules: engine.catalog.current().rules.length }),
    close: () => engine.close(),
  };
  if (variant !== 'floor') return { ...common, work: (index) => ask(index, variant) };

  const [accept, lifetime] = await Promise.all(['accept', 'lifetime'].map(openModel));
  const answer = JSON.parse(await ask(0, 'none'));
  return {
    ...common,
    work: async (index) => {
      await engine.store.read(customers[(index * 7) % customers.length].id, [], now);
      await accept();
      await lifetime();
      return JSON.stringify(answer);
    },
  };
}

/** A bare run of a model of the sample catalog on a tensor that is ready. */
async function openModel(id) {
  const session = await ort.InferenceSession.create(join(root, 'models', id, 'model.onnx'), { intraOpNumThreads: 1, interOpNumThreads: 1, graphOptimizationLevel: 'all' });
  const width = session.inputMetadata[0].shape.at(-1);
  const feeds = { [session.inputNames[0]]: new ort.Tensor('float32', new Float32Array(scoredRows * width), [scoredRows, width]) };
  return () => session.run(feeds);
}
