import type { Situation } from './situation.js';
import type { ModelAnswer, ModelRun } from './types.js';

/** Computes the derived attributes in their order; each may read those before it. A model's is one run of one row. */
export function* deriveAttributes(situation: Situation): Generator<readonly ModelRun[], void, readonly ModelAnswer[]> {
  const { catalog, slots, degraded } = situation;
  for (const derived of catalog.derived) {
    if (derived.slot === null) continue;          // nothing in the catalog reads it
    if (derived.type === 'cases') {
      // An unknown condition does not hold: the next case is tried.
      slots[derived.slot] = derived.cases.find(({ when }) => when === null || when.evaluate(slots) === true)?.is;
      continue;
    }
    const model = catalog.models.get(derived.model)!;
    const [answer] = yield [{ model, layout: catalog.layout, slots, offers: null, outputs: [derived.output], probabilities: [] }];
    if (answer?.ok === true) {
      slots[derived.slot] = answer.outputs.get(derived.output)![0];
    } else {
      degraded.add(`model:${derived.model}`);
      slots[derived.slot] = derived.default;
    }
  }
}
