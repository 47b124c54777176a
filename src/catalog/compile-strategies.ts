import { offerKinds, type Strategy } from '../decision/types.js';
import { given, stewardshipOf } from './compile-parts.js';
import type { Compiling, Entry } from './compiling.js';
import type { RawStrategy } from './schemas/strategy-schema.js';
import { didYouMean } from '../suggestion.js';

/** In path order: the first that holds is the customer's, so only the last may do without a condition, and must. */
export function compileStrategies(entries: readonly Entry<RawStrategy>[], compiling: Compiling): Strategy[] {
  const last = entries.at(-1);
  return entries.map((entry) => {
    const { raw, spot } = entry;
    if (entry !== last && raw.when === undefined) spot.error('has no `when`, so those after it are never reached: only the last does without');
    if (entry === last && raw.when !== undefined) spot.at('when').error('the last strategy has no `when`: it is for every customer whom no other fits');
    const weights = new Map<string, number>();
    for (const [kind, weight] of Object.entries(raw.weights ?? {})) {
      if ((offerKinds as readonly string[]).includes(kind)) weights.set(kind, weight);
      else spot.at('weights', kind).errorAtKey(`there is no offer kind "${kind}"${didYouMean(kind, offerKinds)}`);
    }
    return {
      id: raw.id ?? '', objective: raw.objective ?? '', ...given('toward', raw.toward),
      when: compiling.expressions.condition(raw.when, spot.at('when'), 'strategy'),
      weights,
      ...stewardshipOf(raw, compiling.today, spot),
    };
  });
}
