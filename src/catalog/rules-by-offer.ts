import type { Columns, Condition, OfferRule, Rule } from '../decision/types.js';
import { deepFreeze } from './deep-freeze.js';
import type { Pause } from './pauses.js';

export const hangsOnOfferAlone = ({ reads }: Condition): boolean => [...reads].every((root) => root === 'offer');

/**
 * By the offers' rows: the rules that can say no to each, in file order. An `applies` that reads nothing but the offer
 * is settled now: the rule always concerns the offer, never, or that is unknown. It is asked over the columns of all
 * offers at once, and only once where many rules have the same: 10,000 offers × 2,000 rules are 20 million pairs.
 */
export async function rulesByOffer(rules: readonly Rule[], columns: Columns, size: number, pause: Pause): Promise<readonly (readonly OfferRule[])[]> {
  const found = Array.from({ length: size }, (): OfferRule[] => []);
  const every = Int32Array.from(found.keys());
  const settled = new Map<Condition, Settled>();
  for (const rule of rules) {
    const { applies } = rule;
    if (applies === null || !hangsOnOfferAlone(applies)) {
      const always = deepFreeze({ rule, applies });
      for (const ofOffer of found) ofOffer.push(always);
    } else {
      let rows = settled.get(applies);
      if (rows === undefined) settled.set(applies, rows = settle(applies, columns, every));
      const always = deepFreeze({ rule, applies: null });
      const unknown = deepFreeze({ rule, applies });
      for (const row of rows.concerned) found[row]!.push(always);
      for (const row of rows.unknown) found[row]!.push(unknown);
    }
    await pause();
  }
  return found;
}

interface Settled { readonly concerned: Int32Array; readonly unknown: Int32Array }

function settle(applies: Condition, columns: Columns, every: Int32Array): Settled {
  const rows = every.slice();
  const slots: unknown[] = [];
  const passed = applies.among(columns, { wanted: true, settle: false })(slots, rows, 0, rows.length);
  const refused = applies.among(columns, { wanted: false, settle: false })(slots, rows, passed, rows.length);
  return { concerned: rows.slice(0, passed), unknown: rows.slice(refused) };
}
