import { expect, test } from '@jest/globals';
import type { Columns, Condition, JsonObject, Rule } from '../../src/decision/types.js';
import { rulesByOffer } from '../../src/catalog/rules-by-offer.js';
import { compileWith, fill, newEnvironment } from '../expressions/fixture.js';

const environment = newEnvironment({});
const condition = (source: string): Condition => compileWith(environment, source, 'bool') as Condition;
const aboutCredit = condition('offer.category == "credit"');
const risky = condition('offer.risk > 1');
const conditions = [aboutCredit, null, risky, condition('customer.age > 1'), aboutCredit, condition('offer.risk == 1 || "gold" in offer.tags'), condition('!has(offer.risk)'), condition('offer.risk > 1 && customer.age > 1'), risky, condition('false'), condition('offer.id == "b"')];
const rules = conditions.map((applies, index): Rule => ({ id: `rule-${index}`, kind: 'business', index, applies, check: { type: 'quiet', fromMinute: 0, untilMinute: 1, text: '' }, reason: null, beforeScoring: true }));
const offers: readonly JsonObject[] = [
  { id: 'a', category: 'credit', risk: 1, tags: [] }, { id: 'b', category: 'savings', risk: 2, tags: ['gold'] }, { id: 'c', category: 'savings' }, { id: 'd', category: 'credit', risk: 9, tags: ['gold', 'old'] }, { id: 'e', category: 'credit', tags: ['gold'] },
];
const columns: Columns = new Map(environment.layout().offer.map(({ slot, path: [name], read }) => [slot, offers.map((offer) => (offer[name!] === undefined ? undefined : read(offer[name!]!)))]));

/** As it is said: what `applies` gives for the offer alone. */
function expectedFor(offer: JsonObject): readonly string[] {
  return rules.flatMap(({ id, applies }) => {
    if (applies === null || [...applies.reads].some((root) => root !== 'offer')) return [`${id} ${applies === null ? 'always' : 'asked'}`];
    const settled = applies.evaluate(fill(environment, { offer }));
    return settled === false ? [] : [`${id} ${settled === true ? 'always' : 'asked'}`];
  });
}

test('each offer has the rules that can say no to it, in their order, with the conditions that are still to be asked', async () => {
  let pauses = 0;
  const found = await rulesByOffer(rules, columns, offers.length, () => {
    pauses += 1;
    return Promise.resolve();
  });
  expect(found.map((list) => list.map(({ rule, applies }) => `${rule.id} ${applies === null ? 'always' : 'asked'}`))).toEqual(offers.map(expectedFor));
  for (const list of found) for (const { rule, applies } of list) expect(applies === null || applies === rule.applies).toBe(true);
  expect(pauses).toBeGreaterThanOrEqual(rules.length);
});

test('of no offers there is nothing to say', async () => {
  const none: Columns = new Map([...columns.keys()].map((slot) => [slot, []]));
  expect(await rulesByOffer(rules, none, 0, () => Promise.resolve())).toEqual([]);
});
