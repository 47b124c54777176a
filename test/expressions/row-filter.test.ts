import fc from 'fast-check';
import type { Columns, Condition, JsonObject, Slots } from '../../src/decision/types.js';
import { compileWith, fill, newEnvironment } from './fixture.js';

/** Conditions over the customer and the offer, of every shape that is asked of many rows in a way of its own. */
const conditions = [
  'customer.age >= offer.risk', 'offer.risk < customer.age', 'customer.balance * 0.5 > double(offer.risk)', 'offer.risk * 2 <= customer.age', 'offer.risk != customer.age', 'customer.age == offer.risk', 'customer.age in [1, offer.risk]',
  'offer.category == customer.name', 'offer.category != context.reason', 'offer.category in triggers', '!(offer.category in triggers)', 'customer.name in offer.tags', '!(customer.name in offer.tags)', 'offer.risk in customer.scores',
  'customer.birthDate >= offer.from', 'offer.from == customer.birthDate', 'offer.from < now', 'offer.risk > 1', '!has(offer.risk) || customer.age > offer.risk', 'has(offer.from) && customer.birthDate < offer.from', 'size(offer.tags) == 0 || customer.name in offer.tags',
  'offer.tags.exists(tag, tag == customer.name)', 'customer.deceased ? offer.risk > 1 : customer.age > offer.risk', '!(customer.age >= offer.risk && (customer.deceased || offer.category == "credit"))', 'customer.age > 1', 'true', '10 / offer.risk > customer.age', 'has(customer.age) && offer.risk > 0',
  'offer.risk > customer.age || offer.risk < customer.children || offer.category == customer.name', 'offer.kind == "loyalty" && customer.age + offer.risk > 2',
];

const environment = newEnvironment({});
const compiled = conditions.map((source) => compileWith(environment, source, 'bool') as Condition);
const small = fc.integer({ min: -2, max: 3 });
const day = fc.constantFrom('2026-11-22', '2026-11-23', '2026-11-24');
const word = fc.constantFrom('savings', 'credit', 'a');
const offers = fc.array(fc.record({ category: fc.constantFrom('savings', 'credit'), risk: small, from: day, tags: fc.array(word, { maxLength: 3 }), kind: fc.constantFrom('loyalty', 'service') }, { requiredKeys: ['category', 'kind'], noNullPrototype: true }), { minLength: 1, maxLength: 12 });
const situation = fc.record({
  customer: fc.record({ age: small, children: small, balance: small, name: word, deceased: fc.boolean(), scores: fc.array(small, { maxLength: 3 }), birthDate: day }, { requiredKeys: [], noNullPrototype: true }),
  context: fc.record({ reason: word }, { requiredKeys: [], noNullPrototype: true }), triggers: fc.array(word, { maxLength: 2 }),
});

/** The slots that vary by offer, for these offers; an attribute that an offer does not have is unknown. */
function columnsOf(list: readonly JsonObject[]): Columns {
  const { offer: bindings } = environment.layout();
  return new Map(bindings.map(({ slot, path: [name], read }) => [slot, list.map((offer) => (offer[name!] === undefined ? undefined : read(offer[name!]!)))]));
}

function passed(condition: Condition, columns: Columns, how: { wanted: boolean; settle: boolean }, slots: Slots, rows: readonly number[]): { passed: number[]; all: number[] } {
  const moved = Int32Array.from(rows);
  const end = condition.among(columns, how)(slots, moved, 0, moved.length);
  return { passed: Array.from(moved.subarray(0, end)).sort((a, b) => a - b), all: Array.from(moved).sort((a, b) => a - b) };
}

test.each(conditions.map((source, index) => [source, compiled[index]!] as const))('of many rows at once as of one by one: %s', (_source, condition) => {
  fc.assert(fc.property(offers, situation, fc.boolean(), fc.boolean(), fc.infiniteStream(fc.boolean()), (list, values, wanted, settle, picks) => {
    const rows = list.map((_, row) => row).filter(() => picks.next().value === true);
    const expected = rows.filter((row) => condition.evaluate(fill(environment, { ...values, offer: { category: undefined!, kind: undefined!, ...list[row] } })) === wanted);
    expect(passed(condition, columnsOf(list), { wanted, settle }, fill(environment, values), rows)).toEqual({ passed: expected, all: rows });
  }), { seed: 20261126, numRuns: 60 });
});

test('of neither true nor false, where it is unknown', () => {
  const condition = compileWith(environment, 'customer.age >= offer.risk', 'bool') as Condition;
  const columns = columnsOf([{ risk: 1 }, {}, { risk: 9 }]);
  const slots = fill(environment, { customer: { age: 5 } });
  expect(passed(condition, columns, { wanted: true, settle: true }, slots, [0, 1, 2]).passed).toEqual([0]);
  expect(passed(condition, columns, { wanted: false, settle: true }, slots, [0, 1, 2]).passed).toEqual([2]);
  const unknown = fill(environment, {});
  for (const wanted of [true, false]) expect(passed(condition, columns, { wanted, settle: true }, unknown, [0, 1, 2]).passed).toEqual([]);
});

test('leaves the rows outside of what it was given where they are', () => {
  const condition = compileWith(environment, 'customer.age >= offer.risk', 'bool') as Condition;
  const rows = Int32Array.from([3, 2, 1, 0]);
  const end = condition.among(columnsOf([{ risk: 9 }, { risk: 9 }, { risk: 1 }, { risk: 9 }]), { wanted: true, settle: true })(fill(environment, { customer: { age: 5 } }), rows, 1, 3);
  expect([end, ...rows]).toEqual([2, 3, 2, 1, 0]);
});

test.each([3, 30, 31, 100])('finds a value in lists of %i different ones', (count) => {
  const condition = compileWith(environment, 'customer.name in offer.tags', 'bool') as Condition;
  const list = Array.from({ length: count }, (_, row): JsonObject => (row === 1 ? {} : { tags: [`t${row}`, `t${(row + 1) % count}`] }));
  const rows = list.map((_, row) => row);
  for (const name of ['t0', `t${count - 1}`, 'other']) {
    const slots = fill(environment, { customer: { name } });
    const having = rows.filter((row) => (list[row]!['tags'] as string[] | undefined)?.includes(name) === true);
    expect(passed(condition, columnsOf(list), { wanted: true, settle: false }, slots, rows).passed).toEqual(having);
    expect(passed(condition, columnsOf(list), { wanted: false, settle: false }, slots, rows).passed).toEqual(rows.filter((row) => row !== 1 && !having.includes(row)));
  }
});
