import type { Catalog } from '../decision/types.js';
import type { Entry } from './compiling.js';
import type { Pause } from './pauses.js';
import { hangsOnOfferAlone } from './rules-by-offer.js';
import type { RawRule } from './schemas/rule-schema.js';

/**
 * Warns of rules whose `applies` reads only the offer and is unknown for some offers: such a rule holds for them, which
 * is seldom what was meant. `entries` are those that the catalog's rules were compiled from.
 */
export async function warnOfUnsettledRules(catalog: Catalog, entries: readonly Entry<RawRule>[], pause: Pause): Promise<void> {
  const slots = new Array<unknown>(catalog.layout.size).fill(undefined);
  const found = new Map<number, { readonly ids: string[]; readonly missing: Set<string> }>();
  // What could be settled has been: an `applies` that is left, and reads the offer alone, is unknown.
  const askedAtLoad = new Set(catalog.rules.filter(({ applies }) => applies !== null && hangsOnOfferAlone(applies)));
  for (const { id, rules, slotValues } of catalog.offers) {
    await pause();
    const unknown = rules.filter(({ rule, applies }) => applies !== null && askedAtLoad.has(rule));
    if (unknown.length === 0) continue;
    catalog.layout.offer.forEach(({ slot }, index) => {
      slots[slot] = slotValues[index];
    });
    for (const { rule, applies } of unknown) {
      const { ids, missing } = found.get(rule.index) ?? { ids: [], missing: new Set<string>() };
      found.set(rule.index, { ids, missing });
      ids.push(id);
      for (const path of applies!.missing(slots)) missing.add(path);
    }
  }
  for (const [index, { ids, missing }] of found) entries[index]!.spot.at('applies').warn(inWords(ids, [...missing]));
}

function inWords(ids: readonly string[], missing: readonly string[]): string {
  const offers = ids.length === 1 ? `the offer ${ids[0]!}, so the rule holds for it` : `${ids.length} offers, such as ${ids[0]!}, so the rule holds for them`;
  const asked = missing.map((path) => `has(${path})`).join(' && ');
  return `is unknown for ${offers}${asked === '' ? '' : `: write ${asked} && …`}`;
}
