import { celEnv, isCelError, parse, plan, type CelInput } from '@bufbuild/cel';
import fc from 'fast-check';
import { equal } from '../../src/expressions/equality.js';
import { fill, newEnvironment, allRoots } from './fixture.js';

/**
 * Random well-typed expressions over random customers, ours against @bufbuild/cel's evaluator:
 * the same value, and where it fails we have none. Left out, since the two differ by design: arithmetic that mixes
 * integers and doubles (CEL has none), doubles that end up infinite or NaN (no result with us), integers beyond 2^53
 * (no result with us), exists_one, filter and map over failures (the same), texts with surrogates, `has`, and all that
 * reads the time zone. An expression that we refuse since a constant part of it has no result must fail there, or not
 * depend on that part.
 */
type Source = fc.Arbitrary<string>;
const { int, double, bool, text, ints, texts } = fc.letrec<Record<'int' | 'double' | 'bool' | 'text' | 'ints' | 'texts', string>>((tie) => {
  const binary = (operand: Source, operators: readonly string[]): Source => fc.tuple(operand, fc.constantFrom(...operators), operand).map(([a, operator, b]) => `(${a} ${operator} ${b})`);
  const choice = (branch: Source): Source => fc.tuple(tie('bool'), branch, branch).map(([condition, a, b]) => `(${condition} ? ${a} : ${b})`);
  const comparisons = ['==', '!=', '<', '<=', '>', '>='];
  const intLeaf = fc.oneof(fc.integer({ min: -9, max: 9 }).map(String), fc.constantFrom('customer.age', 'customer.children'));
  const doubleLeaf = fc.oneof(fc.integer({ min: -20, max: 20 }).map((n) => (n / 4).toFixed(2)), fc.constantFrom('customer.balance', 'customer.income'));
  const textLeaf = fc.oneof(fc.constantFrom('"a"', '"B"', '"abc"', '""', '"é"', '"\\n"'), fc.constantFrom('customer.name', 'context.reason', 'channel'));
  const boolLeaf = fc.constantFrom('true', 'false', 'customer.deceased', 'customer.vulnerable');
  const list = (element: Source): Source => fc.array(element, { minLength: 1, maxLength: 4 }).map((elements) => `[${elements.join(', ')}]`);
  return {
    int: fc.oneof({ depthSize: 'small', withCrossShrink: true }, intLeaf, binary(tie('int'), ['+', '-', '*', '/', '%']), choice(tie('int')), (tie('text')).map((value) => `size(${value})`), (tie('ints')).map((value) => `size(${value})`),
      fc.tuple(tie('ints'), fc.integer({ min: -1, max: 4 })).map(([values, index]) => `${values}[${index}]`), (tie('int')).map((value) => `-(${value})`), (tie('double')).map((value) => `int(${value})`)),
    double: fc.oneof({ depthSize: 'small', withCrossShrink: true }, doubleLeaf, binary(tie('double'), ['+', '-', '*']), choice(tie('double')), (tie('int')).map((value) => `double(${value})`), (tie('double')).map((value) => `-(${value})`)),
    text: fc.oneof({ depthSize: 'small', withCrossShrink: true }, textLeaf, binary(tie('text'), ['+']), choice(tie('text')), (tie('int')).map((value) => `string(${value})`), fc.tuple(tie('texts'), fc.integer({ min: 0, max: 3 })).map(([values, index]) => `${values}[${index}]`)),
    ints: fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.constant('customer.scores'), list(tie('int')), binary(tie('ints'), ['+']), choice(tie('ints')),
      fc.tuple(tie('ints'), fc.constantFrom('x > 1', 'x % 2 == 0', '10 / x > 2', 'x in customer.scores')).map(([values, condition]) => `${values}.filter(x, ${condition})`), fc.tuple(tie('ints'), fc.constantFrom('x * 2', '10 / x', 'x + customer.age')).map(([values, body]) => `${values}.map(x, ${body})`)),
    texts: fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.constant('triggers'), list(tie('text')), (tie('ints')).map((values) => `${values}.map(x, string(x))`)),
    bool: fc.oneof({ depthSize: 'small', withCrossShrink: true }, boolLeaf, binary(tie('int'), comparisons), binary(tie('double'), comparisons), binary(tie('text'), comparisons), binary(tie('ints'), ['==', '!=']), binary(tie('bool'), ['&&', '||', '==', '!=']), choice(tie('bool')),
      fc.tuple(tie('int'), fc.constantFrom(...comparisons), tie('double')).map(([a, operator, b]) => `(${a} ${operator} ${b})`), (tie('bool')).map((value) => `!(${value})`),
      fc.tuple(tie('int'), tie('ints')).map(([value, values]) => `(${value} in ${values})`), fc.tuple(tie('text'), tie('texts')).map(([value, values]) => `(${value} in ${values})`),
      fc.tuple(tie('text'), fc.constantFrom('startsWith', 'endsWith', 'contains'), tie('text')).map(([a, method, b]) => `(${a}).${method}(${b})`),
      fc.tuple(tie('ints'), fc.constantFrom('all', 'exists', 'exists_one'), fc.constantFrom('x > 1', '10 / x > 2', 'x == customer.age', 'customer.scores.exists(y, y > x)', 'customer.deceased || 10 / x > 2')).map(([values, macro, condition]) => `${values}.${macro}(x, ${condition})`)),
  };
});

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'é', ' '), maxLength: 4 });
const number = fc.integer({ min: -40, max: 40 }).map((n) => n / 4);
/** Each attribute may be missing, which CEL calls a failure and we call unknown: the same logic holds for both. */
const situation = fc.record({
  customer: fc.record({
    age: fc.integer({ min: -3, max: 5 }), children: fc.integer({ min: -3, max: 5 }), balance: number, income: number, name: word, deceased: fc.boolean(), vulnerable: fc.boolean(), scores: fc.array(fc.integer({ min: -2, max: 3 }), { maxLength: 4 }),
  }, { requiredKeys: ['balance', 'scores', 'name'], noNullPrototype: true }),
  context: fc.record({ reason: word }, { noNullPrototype: true }), channel: fc.constantFrom('call-center', 'web', 'app'), triggers: fc.array(fc.constantFrom('storm', 'birthday'), { maxLength: 2 }),
});
type Values = typeof situation extends fc.Arbitrary<infer T> ? T : never;

const cel = celEnv();
const environment = newEnvironment({});

/** A double where the schema says number, a bigint where it says integer. */
function bindings({ customer, ...others }: Values): Record<string, CelInput> {
  const { age, children, scores, ...rest } = customer;
  return { customer: { ...rest, scores: scores.map(BigInt), ...(age === undefined ? {} : { age: BigInt(age) }), ...(children === undefined ? {} : { children: BigInt(children) }) }, ...others };
}

const plain = (value: unknown): unknown => {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'object' && value !== null && Symbol.iterator in value ? [...(value as Iterable<unknown>)].map(plain) : value;
};
/** What we have no result for by design. */
const isBeyond = (value: unknown): boolean => typeof value === 'number' && (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER);

const tally = { compared: 0, failed: 0, refused: 0 };

test.each([['int', int], ['double', double], ['bool', bool], ['text', text], ['ints', ints], ['texts', texts]] as const)('as @bufbuild/cel: %s', (_name, sources) => {
  fc.assert(fc.property(sources, fc.array(situation, { minLength: 3, maxLength: 3 }), (source, situations) => {
    fc.pre(source.length < 800);
    const compiled = environment.compile(source, { roots: allRoots, expect: 'any' });
    if (!compiled.ok) {
      tally.refused += 1;
      // Only constants without a result, and what is too large or nested too deeply.
      for (const { message } of compiled.problems) expect(message).toMatch(/divides by zero|has no result|has no element|nested more than|more than 1000 parts/);
      return;
    }
    const theirs = plan(cel, parse(source));
    for (const values of situations) {
      const ours = compiled.expression.evaluate(fill(environment, values)) as unknown;
      const reference = theirs(bindings(values)) as unknown;
      tally.compared += 1;
      if (isCelError(reference)) {
        tally.failed += 1;
        expect([source, values, ours]).toEqual([source, values, undefined]);
      } else if (!(ours === undefined && isBeyond(plain(reference)))) {
        expect([source, values, equal(ours, plain(reference)), ours, plain(reference)]).toEqual([source, values, true, ours, plain(reference)]);
      }
    }
  }), { numRuns: 700, seed: 20_261_123 });
});

afterAll(() => {
  console.log(`differential: ${tally.compared} evaluations compared, of which ${tally.failed} fail in both; ${tally.refused} expressions refused at load`);
  expect(tally.compared).toBeGreaterThan(6_000);
  expect(tally.failed).toBeGreaterThan(100);
});
