import type { Catalog, Condition } from './types.js';

/** What may make a condition's answer another one while the profile stays as it is. */
export interface Changeable {
  /** The clock, alone or by what is derived from it or counted up to it. */
  readonly byTime: boolean;
  /** The customer's events, of whatever type. */
  readonly byEvents: boolean;
}

const known = new WeakMap<Condition, Changeable>();

/** `null`: a condition that is not there is always the same. */
export function changeable(condition: Condition | null, catalog: Pick<Catalog, 'derived' | 'layout' | 'models'>): Changeable {
  if (condition === null) return { byTime: false, byEvents: false };
  let answer = known.get(condition);
  if (answer === undefined) known.set(condition, answer = changeableBy(condition, catalog));
  return answer;
}

/** A condition belongs to one catalog, so what it reads need be asked once. */
function changeableBy(condition: Condition, catalog: Pick<Catalog, 'derived' | 'layout' | 'models'>): Changeable {
  const { derived, layout: { always }, models } = catalog;
  const readsHistory = condition.slots.has(always.events);
  let [byTime, byEvents] = [condition.reads.has('now') || readsHistory, readsHistory];
  for (const attribute of derived) {
    if (attribute.slot === null || !condition.slots.has(attribute.slot)) continue;
    if (attribute.type === 'model') {
      // Its columns may read anything of the customer; what it says at another moment is not asked (moments.ts).
      byEvents ||= models.get(attribute.model)?.reads.has('customer') === true;
      continue;
    }
    const cases = attribute.cases.map(({ when }) => changeable(when, catalog));
    byTime ||= cases.some((each) => each.byTime);
    byEvents ||= cases.some((each) => each.byEvents);
  }
  return { byTime, byEvents };
}
