import { evaluate, noon, type Situation } from './fixture.js';

type Row = readonly [source: string, value: unknown];
const known: Situation = {
  customer: { age: 30, children: 0, balance: 1.5, name: 'Ada', deceased: false, region: 'north', scores: [3, 1], tags: ['vip'], memberSince: '2026-03-29', lastLogin: '2026-11-23T11:00:00Z', limits: { card: 5 },
    orders: [{ amount: 5, day: '2026-01-01', shop: 'a' }, { amount: 50, day: '2026-02-01', shop: 'b' }], extra: { a: { b: 7 }, list: [1, 'x', null], text: 'hi', flag: true }, holdings: ['card'] },
  context: { reason: 'moving', waitSeconds: 40 },
};
/** The customer whose attributes are all missing, `age` as a JSON null. */
const unknown: Situation = { customer: { age: null } };

describe('values', () => {
  test.each<Row>([
    ['customer.age == 30', true], ['customer.age == 30.0', true], ['customer.age != 30', false], ['customer.age < 30', false], ['customer.age <= 30', true], ['customer.age > 29.5', true], ['customer.age >= 30', true], ['30 <= customer.age', true],
    ['customer.balance + 1', 2.5], ['customer.age + 1', 31], ['customer.age - 31', -1], ['customer.age * 2', 60], ['customer.age / 4', 7], ['-customer.age / 4', -7], ['customer.age / 4.0', 7.5], ['customer.age % 7', 2], ['-customer.age % 7', -2], ['-customer.balance', -1.5],
    ['0 - customer.children', 0], ['-customer.children', 0], ['customer.name + "!"', 'Ada!'], ['customer.scores + [5]', [3, 1, 5]], ['[] + customer.scores', [3, 1]],
    ['customer.name < "Adam"', true], ['"\\U0001F600" > "\\uFF5E"', true], ['customer.name <= "Ada"', true], ['customer.name > "Ad"', true], ['false < true', true],
    ['customer.deceased || customer.age > 18', true], ['!customer.deceased && customer.age > 18', true], ['!(customer.age > 18)', false],
    ['customer.age > 18 ? "adult" : "child"', 'adult'], ['customer.age > 18 ? 1 : 2.5', 1],
    ['3 in customer.scores', true], ['2 in customer.scores', false], ['3.0 in customer.scores', true], ['customer.region in ["north", "south"]', true], ['customer.age in [1, 2, 30]', true], ['"card" in customer.limits', true], ['"loan" in customer.limits', false], ['[1] in [[1], [2]]', true],
    ['"vip" in customer.tags', true], ['customer.age in [customer.children, customer.age]', true], ['"a" in customer.extra', true], ['"x" in customer.extra.list', true],
    ['customer.scores[1]', 1], ['customer.limits["card"]', 5], ['customer.limits.card', 5], ['{"a": 1}["a"]', 1], ['{"a": 1}.a', 1], ['{1: "one"}[1]', 'one'], ['customer["age"]', 30], ['customer.orders[1].shop', 'b'],
    ['customer.extra.a.b', 7], ['customer.extra.a.b / 2', 3.5], ['customer.extra.a["b"] == 7', true], ['customer.extra.list[1] == "x"', true], ['customer.extra.text + "!"', 'hi!'], ['customer.extra.flag && true', true], ['customer.extra.a.b + customer.extra.a.b', 14],
    ['customer.extra == customer.extra', true], ['customer.extra.a == {"b": 7}', true], ['customer.scores == [3, 1]', true], ['customer.scores != [1, 3]', true], ['{"a": [1]} == {"a": [1]}', true], ['{"a": 1} == {"b": 1}', false], ['[1, 2.5] == [1.0, 2.5]', true],
    ['has(customer.age)', true], ['has(customer.extra.a.b)', true], ['has(customer.extra.a.c)', false], ['has(customer.limits.card)', true], ['has(customer.limits.loan)', false], ['has(customer.address.city)', false], ['has({"a": 1}.a)', true], ['has(customer.orders[0].shop)', true], ['has(customer.orders[9].shop)', false],
    ['customer.scores.all(s, s > 0)', true], ['customer.scores.exists(s, s > 2)', true], ['customer.scores.exists_one(s, s > 2)', true], ['customer.scores.exists_one(s, s > 0)', false], ['customer.scores.filter(s, s > 2)', [3]], ['customer.scores.map(s, s * 2)', [6, 2]], ['customer.scores.map(s, s > 2, s * 2)', [6]],
    ['[].all(x, x > 1)', true], ['[].exists(x, x > 1)', false], ['customer.scores.exists(a, customer.scores.exists(b, a > b))', true], ['customer.scores.filter(s, s > 1).exists(s, s == 3)', true],
    ['customer.orders.exists(o, o.amount > 20 && o.day < date("2026-03-01"))', true], ['customer.orders.filter(o, o.amount > 20).map(o, o.shop)', ['b']], ['size(customer.orders.filter(o, o.day >= date("2026-01-01")))', 2],
    ['customer.extra.list.exists(x, x == "x")', true], ['channel == "web"', true], ['direction == "inbound"', true], ['"storm" in triggers', false], ['offer.id + "/" + offer.kind', 'loan/cross-sell'], ['offer.category == "credit"', true], ['context.waitSeconds > 30', true],
    ['true ? customer.age : 1', 30], ['true && customer.deceased', false], ['customer.age > 3 || false', true], ['!!customer.deceased', false], ['customer.name != "Bob"', true], ['{"x": customer.age}.x', 30], ['{1: 2} == {1: 2.0}', true],
  ])('%s', (source, value) => {
    const result = evaluate(source, known);
    expect(result.value).toEqual(value);
    expect(result.missing).toEqual([]);
  });
});

describe('dates, timestamps, durations', () => {
  test.each<Row>([
    ['now - duration("30d")', noon - 30 * 86_400_000], ['now + duration("1h30m")', noon + 5_400_000], ['duration("1w") + now', noon + 604_800_000], ['duration("1h") + duration("1m")', 3_660_000], ['duration("1h") - duration("2h")', -3_600_000], ['-duration("1s")', -1000],
    ['now - customer.lastLogin', 3_600_000], ['now - customer.lastLogin == duration("1h")', true], ['now > customer.lastLogin', true], ['customer.lastLogin == timestamp("2026-11-23T12:00:00+01:00")', true], ['duration("60m") == duration("1h")', true], ['duration("2h") > duration("61m")', true],
    // A date is a day number; 29 March 2026 is 20541, and begins at 23:00Z the day before.
    ['customer.memberSince', 20_541], ['customer.memberSince == date("2026-03-29")', true], ['customer.memberSince < date("2026-03-30")', true], ['customer.memberSince + duration("1d")', 20_542], ['customer.memberSince - duration("1w")', 20_534], ['customer.memberSince + duration("1h")', Date.UTC(2026, 2, 29)],
    ['customer.memberSince - date("2026-03-01")', 28 * 86_400_000], ['customer.memberSince == timestamp("2026-03-28T23:00:00Z")', true], ['customer.memberSince != timestamp("2026-03-28T23:00:00Z")', false], ['customer.memberSince <= timestamp("2026-03-28T22:59:59Z")', false], ['now > customer.memberSince', true], ['now - customer.memberSince > duration("200d")', true],
    ['customer.memberSince + (customer.age > 3 ? duration("1d") : duration("2d"))', Date.UTC(2026, 2, 28, 23) + 86_400_000], ['customer.memberSince in [date("2026-03-29")]', true], ['[date("2026-01-01"), customer.memberSince][1]', 20_541], ['customer.age > 3 ? customer.memberSince : date("2026-01-01")', 20_541],
  ])('%s', (source, value) => {
    expect(evaluate(source, known)).toMatchObject({ value, missing: [] });
  });
});

describe('unknown', () => {
  type Unknown = readonly [source: string, value: unknown, missing: readonly string[]];
  test.each<Unknown>([
    // && and || are commutative: what is decided is decided.
    ['customer.deceased && customer.age > 18', undefined, ['customer.deceased', 'customer.age']],
    ['customer.deceased && channel == "app"', false, []], ['channel == "app" && customer.deceased', false, []], ['customer.deceased && channel == "web"', undefined, ['customer.deceased']], ['channel == "web" && customer.deceased', undefined, ['customer.deceased']],
    ['customer.deceased || channel == "web"', true, []], ['channel == "web" || customer.deceased', true, []], ['customer.deceased || channel == "app"', undefined, ['customer.deceased']], ['channel == "app" || customer.deceased', undefined, ['customer.deceased']],
    ['customer.deceased && customer.vulnerable && channel == "app"', false, []], ['customer.deceased || customer.vulnerable || channel == "web"', true, []], ['channel == "web" && customer.deceased && customer.vulnerable', undefined, ['customer.deceased', 'customer.vulnerable']],
    ['customer.deceased && channel == "web" && direction == "inbound" && channel == "app"', false, []], ['customer.deceased && channel == "web" && direction == "inbound" && customer.age > 3', undefined, ['customer.deceased', 'customer.age']],
    ['!customer.deceased', undefined, ['customer.deceased']], ['!(customer.deceased && channel == "app")', true, []],
    // Everything else is strict.
    ['customer.age >= 18', undefined, ['customer.age']], ['customer.age == 18', undefined, ['customer.age']], ['customer.age != 18', undefined, ['customer.age']], ['customer.age < 18', undefined, ['customer.age']], ['customer.age > 18', undefined, ['customer.age']], ['customer.age <= 18', undefined, ['customer.age']],
    ['customer.age + customer.children', undefined, ['customer.age', 'customer.children']], ['customer.age + customer.age', undefined, ['customer.age']], ['customer.age == customer.age', undefined, ['customer.age']], ['min(1, customer.age, customer.children)', undefined, ['customer.age', 'customer.children']],
    ['customer.region in ["north"]', undefined, ['customer.region']], ['"card" in customer.holdings', undefined, ['customer.holdings']], ['channel in customer.consents', undefined, ['customer.consents']], ['1 in [customer.age, 1]', undefined, ['customer.age']], ['[customer.age][0]', undefined, ['customer.age']], ['{"a": customer.age, "b": customer.children}.b', undefined, ['customer.age', 'customer.children']],
    ['customer.name.startsWith("A")', undefined, ['customer.name']], ['size(customer.holdings) < 3', undefined, ['customer.holdings']], ['daysBetween(customer.memberSince, now)', undefined, ['customer.memberSince']], ['now - duration("1d") > customer.lastLogin', undefined, ['customer.lastLogin']], ['customer.address.city == "x"', undefined, ['customer.address.city']],
    // A choice asks only for the branch that it takes.
    ['customer.deceased ? 1 : 2', undefined, ['customer.deceased']], ['channel == "web" ? customer.age : customer.children', undefined, ['customer.age']], ['channel == "app" ? customer.age : 3', 3, []],
    // has is never unknown.
    ['has(customer.age)', false, []], ['!has(customer.age) || customer.age > 3', true, []], ['has(customer.age) && customer.age > 3', false, []], ['has(customer.extra.a.b)', false, []], ['has(customer.id)', false, []],
    // What fails is unknown, and nothing is missing.
    ['10 / offer.risk', undefined, ['offer.risk']], ['size(triggers) / size(triggers)', undefined, []], ['1.0 / size(triggers)', undefined, []], ['1 % size(triggers)', undefined, []], ['triggers[0]', undefined, []], ['triggers[-1]', undefined, []], ['{"a": 1}[channel]', undefined, []], ['int(channel)', undefined, []], ['date(channel)', undefined, []],
    ['triggers[0] == "storm" && channel == "app"', false, []], ['triggers[0] == "storm" || customer.deceased', undefined, ['customer.deceased']], ['9007199254740991 + size(channel)', undefined, []], ['-9007199254740991 - size(channel)', undefined, []], ['9007199254740991 * size(channel)', undefined, []], ['1e308 * double(size(channel) * 100)', undefined, []],
    ['timestamp("9999-12-31T23:59:59Z") + (now - now + duration("1h"))', undefined, []], ['now.getHours(channel)', undefined, []],
    // What was not filled counts as unknown, whatever is declared of it.
    ['propensity > 0.1', undefined, ['propensity']], ['value > 1.0 && propensity > 0.1', undefined, ['value', 'propensity']],
  ])('%s', (source, value, missing) => {
    const result = evaluate(source, unknown);
    expect(result.value).toBe(value);
    expect(result.missing).toEqual(missing);
  });

  const orders: Situation = { customer: { orders: [{ amount: 5 }, { shop: 'b' }], scores: [1, 2], extra: { list: [1, null], deep: { a: 1 } } } };
  test.each<Unknown>([
    ['customer.orders.exists(o, o.amount > 3)', true, []], ['customer.orders.exists(o, o.amount > 30)', undefined, ['customer.orders[].amount']], ['customer.orders.all(o, o.amount > 30)', false, []], ['customer.orders.all(o, o.amount > 3)', undefined, ['customer.orders[].amount']],
    ['customer.orders.exists_one(o, o.amount > 3)', undefined, ['customer.orders[].amount']], ['customer.orders.filter(o, o.amount > 3)', undefined, ['customer.orders[].amount']], ['customer.orders.map(o, o.shop)', undefined, ['customer.orders[].shop']], ['customer.orders.map(o, has(o.shop), o.shop)', ['b'], []], ['customer.orders.map(o, o.amount > 1, o.shop)', undefined, ['customer.orders[].shop', 'customer.orders[].amount']],
    ['customer.scores.exists(s, s > customer.age)', undefined, ['customer.age']], ['customer.scores.exists(s, s == 1 || s > customer.age)', true, []], ['customer.scores.all(s, s == 1 && customer.deceased)', false, []], ['customer.tags.exists(t, t == "vip" && customer.deceased)', undefined, ['customer.tags']],
    ['customer.extra.list.all(x, x == 1)', undefined, ['customer.extra.list[]']], ['customer.extra.other == 1', undefined, ['customer.extra.other']], ['customer.extra.deep.b.c == 1', undefined, ['customer.extra.deep.b']], ['customer.extra.deep.a.c == 1', undefined, ['customer.extra.deep.a.c']], ['customer.extra["other"] == 1', undefined, ['customer.extra.other']],
    ['customer.extra.list < 3', undefined, []], ['customer.extra.deep && true', undefined, []], ['customer.extra.deep.a in customer.extra.list', true, []], ['customer.scores[5] > 1', undefined, []],
  ])('%s', (source, value, missing) => {
    const result = evaluate(source, orders);
    expect(result.value).toEqual(value);
    expect(result.missing).toEqual(missing);
  });
});

test('a value that does not fit its type is missing', () => {
  const misfits: Situation = { customer: { age: 1.5, balance: '3', name: 3, region: 'elsewhere', memberSince: '2026-02-30', lastLogin: 'yesterday', scores: [1, 'x'], tags: 'vip', orders: [3], limits: [], holdings: ['a', 3] } };
  for (const name of ['age', 'balance', 'name', 'region', 'memberSince', 'lastLogin', 'scores', 'tags', 'orders', 'limits', 'holdings']) expect([name, evaluate(`has(customer.${name})`, misfits).value]).toEqual([name, false]);
});

test('only own properties are fields', () => {
  const hostile: Situation = { customer: { extra: JSON.parse('{"__proto__": {"polluted": 1}, "a": {}}'), limits: JSON.parse('{"__proto__": 4}') } };
  expect(evaluate('has(customer.extra.a.constructor) || has(customer.extra.toString) || "constructor" in customer.extra || "hasOwnProperty" in customer.limits || has({"a": 1}.toString)', hostile).value).toBe(false);
  expect(evaluate('customer.extra.polluted', hostile).value).toBeUndefined();
  expect(evaluate('customer.extra["__proto__"].polluted', hostile).value).toBe(1);
  expect(evaluate('customer.limits["__proto__"]', hostile).value).toBe(4);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

describe('mayBeUnknown and reads', () => {
  test.each<readonly [source: string, mayBeUnknown: boolean, reads: readonly string[]]>([
    ['channel == "web"', false, ['channel']], ['offer.category == "credit" && offer.kind != "service"', false, ['offer']], ['offer.risk > 1', true, ['offer']], ['customer.age > 1', true, ['customer']], ['has(customer.age)', false, ['customer']], ['propensity > 0.1 || value > 1.0', false, ['propensity', 'value']],
    ['"storm" in triggers', false, ['triggers']], ['triggers.exists(t, t.startsWith("s"))', false, ['triggers']], ['triggers[0] == "storm"', true, ['triggers']], ['size(triggers) + 1 > 2', true, ['triggers']], ['1 < 2', false, []], ['now > timestamp("2026-01-01T00:00:00Z")', false, ['now']], ['localHour(now) < 12', false, ['now']],
    ['triggers.map(t, size(t)) == [1]', true, ['triggers']], ['{channel: 1, direction: 2} == {"web": 1}', true, ['channel', 'direction']], ['{"a": channel}.a == "web"', true, ['channel']], ['channel == "web" ? 1 : 2', false, ['channel']],
    // The time zone is known only when a request is decided, as the time is.
    ['daysBetween(offer.from, date("2026-01-01"))', true, ['offer']], ['daysBetween(offer.from, timestamp("2026-01-01T00:00:00Z"))', true, ['offer', 'now']], ['context.page == "x" && direction == "inbound"', true, ['context', 'direction']], ['event.data.x == 1', true, ['event']],
  ])('%s', (source, mayBeUnknown, reads) => {
    const { expression } = evaluate(source);
    expect(expression.mayBeUnknown).toBe(mayBeUnknown);
    expect([...expression.reads].sort()).toEqual([...reads].sort());
  });
});

test('an event lies in its slot as a whole', () => {
  const event = { type: 'purchase', source: 'shop', time: noon, data: { product: 'oil', tags: ['a'], price: 3 } };
  expect(evaluate('event.type == "purchase" && event.data.product == "oil" && event.time == now && "a" in event.data.tags && event.data.price / 2 == 1.5', { event }).value).toBe(true);
  expect(evaluate('event.data.country == "SE"', { event })).toMatchObject({ value: undefined, missing: ['event.data.country'] });
  expect(evaluate('event.subject == "x"', { event })).toMatchObject({ value: undefined, missing: ['event.subject'] });
  expect(evaluate('has(event.subject) || has(event.data.country)', { event }).value).toBe(false);
});
