import { askModels, type Situation } from './situation.js';
import type { DerivedAttribute, ModelAnswer, ModelRun } from './types.js';

/** Computes the derived attributes in their order; each may read those before it. A model's is one run of one row. */
export function* deriveAttributes(situation: Situation): Generator<readonly ModelRun[], void, readonly ModelAnswer[]> {
  const { catalog, slots, degraded } = situation;
  for (const derived of catalog.derived) {
    if (derived.slot === null) continue;          // nothing in the catalog reads it
    if (derived.type === 'cases') {
      slots[derived.slot] = caseOf(derived.cases, situation);
      continue;
    }
    const model = catalog.models.get(derived.model)!;
    const [answer] = yield* askModels(situation, [{ model, layout: catalog.layout, slots, offers: null, outputs: [derived.output], probabilities: [] }]);
    if (answer?.ok === true) {
      slots[derived.slot] = answer.outputs.get(derived.output)![0];
    } else {
      degraded.add(`model:${derived.model}`);
      slots[derived.slot] = derived.default;
    }
  }
}

/** The attributes by cases once more, for another `now` in the slots; those by models stay as they were. */
export function deriveCases(situation: Situation): void {
  const { catalog, slots } = situation;
  for (const derived of catalog.derived) if (derived.slot !== null && derived.type === 'cases') slots[derived.slot] = caseOf(derived.cases, situation);
}

/** The first case that holds. An unknown condition does not hold, and the next case is tried; but where it is unknown
 *  since the store could not be read, so is the attribute. */
function caseOf(cases: Extract<DerivedAttribute, { type: 'cases' }>['cases'], { slots, history }: Situation): string | number | boolean | undefined {
  for (const { is, when } of cases) {
    const holds = when === null ? true : when.evaluate(slots);
    if (holds === true) return is;
    if (holds === undefined && history === null) return undefined;
  }
  return undefined;
}
