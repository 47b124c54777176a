import { createEnvironment } from '../../src/expressions/environment.js';
import { typeFromJsonSchema } from '../../src/expressions/json-schema-type.js';
import { bool, double, dyn, listOf, objectOf, string } from '../../src/expressions/types.js';
import { allRoots, compileWith, evaluate, fill, newEnvironment } from './fixture.js';

const messages = (compiled: ReturnType<ReturnType<typeof newEnvironment>['compile']>): readonly string[] => (compiled.ok ? [] : compiled.problems.map((problem) => problem.message));

test('each distinct path has one slot, with a binding that reads it', () => {
  const environment = newEnvironment();
  for (const source of ['customer.age > 1', 'customer.age < 5 && customer.address.city == "x"', 'has(customer.address.city)', 'customer.extra.a.b == 1 && customer.extra.c == 2', 'offer.risk > context.waitSeconds', 'customer.memberSince < now']) compileWith(environment, source);
  const { customer, context, offer, size, always } = environment.layout();
  expect(customer.map((binding) => binding.path)).toEqual([['age'], ['address', 'city'], ['extra'], ['memberSince']]);
  expect(context.map((binding) => binding.path)).toEqual([['waitSeconds']]);
  expect(offer.map((binding) => binding.path)).toEqual([['risk']]);
  const slots = [...Object.values(always), ...[customer, context, offer].flat().map((binding) => binding.slot)];
  expect(new Set(slots).size).toBe(slots.length);
  expect(Math.max(...slots)).toBeLessThan(size);
  expect(customer[3]!.read('1970-01-11')).toBe(10);
  expect(customer[0]!.read('x')).toBeUndefined();
});

test('slotOf gives the slot of a path that something reads', () => {
  const environment = newEnvironment();
  expect(environment.slotOf('customer', ['age'])).toBeNull();
  compileWith(environment, 'customer.age > 1');
  expect(environment.slotOf('customer', ['age'])).toBe(environment.layout().customer[0]!.slot);
  expect(environment.slotOf('now', [])).toBe(environment.layout().always.now);
  expect(environment.slotOf('offer', ['risk'])).toBeNull();
});

test('a derived attribute can be read from its declaration on, and has a slot without a binding', () => {
  const environment = newEnvironment();
  expect(messages(environment.compile('customer.phase == "engage"', { roots: allRoots, expect: 'bool' }))[0]).toMatch(/^customer.phase is not declared/);
  environment.declareDerived('phase', { kind: 'string', values: ['onboard', 'engage'] }, false);
  environment.declareDerived('churnRisk', double, true);
  expect(environment.slotOf('customer', ['phase'])).toBeNull();
  expect(messages(environment.compile('customer.phase == "engaged"', { roots: allRoots, expect: 'bool' }))).toEqual(['customer.phase is never "engaged"; did you mean "engage"?']);
  const phase = compileWith(environment, 'customer.phase == "engage"', 'bool');
  const risk = compileWith(environment, 'customer.churnRisk > 0.5', 'bool');
  expect([phase.mayBeUnknown, risk.mayBeUnknown]).toEqual([false, true]);
  expect(environment.layout().customer).toEqual([]);
  const slots = fill(environment, { customer: { phase: 'onboard' } });
  expect(phase.missing(slots)).toEqual(['customer.phase']);
  slots[environment.slotOf('customer', ['phase'])!] = 'engage';
  expect(phase.evaluate(slots)).toBe(true);
});

test('our own declarations stand beside those of the schema', () => {
  const environment = createEnvironment({ customer: objectOf({ id: { type: bool, required: true } }), context: objectOf({}), offer: objectOf({}) });
  for (const source of ['customer.id == "C-1"', '"web" in customer.consents', 'size(customer.holdings) > 1', 'offer.id != "x"', 'offer.kind == "loyalty"', 'channel == "anything"', '"anything" in triggers']) expect(messages(environment.compile(source, { roots: allRoots, expect: 'bool' }))).toEqual([]);
  const [id, holdings] = [compileWith(environment, 'customer.id == "C-1"'), compileWith(environment, 'offer.kind == "loyalty"')];
  expect([id.mayBeUnknown, holdings.mayBeUnknown]).toEqual([true, false]);
});

test('where nothing is declared, every field is read as it comes', () => {
  const environment = createEnvironment({ customer: dyn, context: dyn, offer: dyn });
  const expression = compileWith(environment, 'context.page.section == "x" && context.count > 2');
  expect(environment.layout().context.map((binding) => binding.path)).toEqual([['page'], ['count']]);
  expect(expression.evaluate(fill(environment, { context: { page: { section: 'x' }, count: 3 } }))).toBe(true);
  expect(expression.missing(fill(environment, { context: { page: {} } }))).toEqual(['context.page.section', 'context.count']);
});

test('an attribute of a type without values to compare is still there or not', () => {
  const environment = createEnvironment({ customer: objectOf({ things: { type: listOf(objectOf({ name: { type: string, required: true } })), required: false } }), context: dyn, offer: dyn });
  expect(compileWith(environment, 'has(customer.things) && customer.things.exists(t, has(t.name))').evaluate(fill(environment, { customer: { things: [{}] } }))).toBe(false);
});

test('declared event data are checked, and read by their types', () => {
  const environment = newEnvironment();
  const eventData = typeFromJsonSchema({ type: 'object', properties: { product: { enum: ['oil', 'tyres'] }, dueOn: { type: 'string', format: 'date' }, items: { type: 'array', items: { type: 'object', properties: { soldAt: { type: 'string', format: 'date-time' } } } } } });
  const options = { roots: allRoots, expect: 'bool', eventData } as const;
  expect(messages(environment.compile('event.data.prduct == "oil"', options))).toEqual(['event.data.prduct is not declared; did you mean event.data.product?']);
  expect(messages(environment.compile('event.data.product == "oill"', options))).toEqual(['event.data.product is never "oill"; did you mean "oil"?']);
  expect(messages(environment.compile('event.data.dueOn < "2026-01-01"', options))[0]).toMatch(/write date/);
  const compiled = environment.compile('event.data.dueOn == date("2026-11-24") && event.data.items.exists(i, i.soldAt < now) && !has(event.data.product)', options);
  if (!compiled.ok) throw new Error(compiled.problems[0]!.message);
  const data = { dueOn: '2026-11-24', items: [{ soldAt: '2026-11-22T10:00:00Z' }], product: 'other' };
  expect(compiled.expression.evaluate(fill(environment, { event: { type: 'purchase', source: 'shop', time: 0, data } }))).toBe(true);
  expect(compiled.expression.missing(fill(environment, { event: { type: 'purchase', source: 'shop', time: 0, data: { ...data, dueOn: 'soon' } } }))).toEqual(['event.data.dueOn']);
  // Elsewhere nothing is declared of it.
  expect(messages(environment.compile('event.data.anything == 1', { roots: allRoots, expect: 'bool' }))).toEqual([]);
});

test('the same slots give the same value again, and locals leave nothing behind', () => {
  const environment = newEnvironment();
  const expression = compileWith(environment, 'customer.scores.exists(a, customer.scores.all(b, a >= b))');
  const slots = fill(environment, { customer: { scores: [1, 5, 3] } });
  const before = [...slots];
  expect([expression.evaluate(slots), expression.evaluate(slots), expression.missing(slots)]).toEqual([true, true, []]);
  expect(slots).toEqual(before);
  expect(evaluate('[1, 2].exists(x, [3].exists(x, x == 3) && x == 2)').value).toBe(true);
});
