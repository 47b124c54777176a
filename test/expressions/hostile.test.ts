import fc from 'fast-check';
import { bounds, parse } from '../../src/expressions/parse.js';
import { allRoots, evaluate, fill, newEnvironment, problemsOf } from './fixture.js';

/** Sources that would exhaust a naive parser's stack, time or memory: each is refused with a reason, or computed. */
const deep = (open: string, close: string, depth: number): string => open.repeat(depth) + '1' + close.repeat(depth);
const long = (part: string, last: string): string => part.repeat(Math.floor((bounds.length - last.length) / part.length)) + last;

describe('refused', () => {
  test.each<readonly [name: string, source: string, message: RegExp]>([
    ['100,000 characters', 'a'.repeat(100_000), /has 100000 characters; at most 4096/],
    ['100,000 brackets', '('.repeat(100_000), /at most 4096/],
    ['4,096 brackets', '('.repeat(4096), /nested more than 64 deep/],
    ['nested brackets', deep('(', ')', 65), /nested more than 64 deep/],
    ['nested lists', deep('[', ']', 300), /nested more than 64 deep/],
    ['nested maps', deep('{1:', '}', 300), /nested more than 64 deep/],
    ['nested calls', deep('size(', ')', 300), /nested more than 64 deep/],
    ['nested indexes', deep('a[', ']', 300), /nested more than 64 deep/],
    ['nested mixed', deep('([{1:', '}])', 40), /nested more than 64 deep/],
    ['unbalanced at the bound', '('.repeat(64), /expected a value after "\("/],
    ['lists in lists within the bound', deep('[', ']', 60), /deep, not more/],
    ['negations', long('!', 'true'), /nested more than 64 deep/],
    ['minus signs', long('-', '1'), /nested more than 64 deep/],
    ['minus signs with blanks', long('- ', '1'), /nested more than 64 deep/],
    ['choices', long('true?1:', '2'), /nested more than 64 deep/],
    ['a long sum', long('1+', '1'), /nested more than 64 deep/],
    ['a long product', long('2*', '2'), /nested more than 64 deep/],
    ['a long comparison', long('1<', '2'), /nested more than 64 deep/],
    ['a long path', long('customer.', 'age'), /nested more than 64 deep/],
    ['a long chain of calls', long('channel.lowerAscii().', 'size()'), /nested more than 64 deep/],
    ['a long list', `[${long('1,', '1').slice(2)}]`, /more than 1000 parts/],
    ['an unclosed text', `"${'x'.repeat(4000)}`, /no closing/],
    ['an unclosed triple text', `"""${'"'.repeat(1)}${'x'.repeat(4000)}`, /no closing/],
    ['backslashes', `"${'\\'.repeat(4001)}"`, /no closing|means nothing/],
    ['lone surrogates', '"\ud800" == "\\ud800"', /surrogate|cannot be read/],
    ['nothing but comments', long('//', '\n'), /empty/],
    ['control characters', '1 \u0000 2', /expected an operator/],
    ['a huge number', '9'.repeat(4000), /beyond the integers/],
    ['a huge exponent', `1e${'9'.repeat(300)}`, /too large/],
    ['loops in loops', `[1].exists(a, [1].exists(b, [1].exists(c, a == b)))`, /at most 2/],
    ['loops on loops', `[1]${'.map(x, [x])'.repeat(40)}`, /deep, not more/],
  ])('%s', (_name, source, message) => {
    const problems = problemsOf(source);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]!.message).toMatch(message);
    expect(problems[0]!.offset).toBeLessThanOrEqual(source.length);
  });
});

describe('within the bounds', () => {
  test.each<readonly [name: string, source: string, value: unknown]>([
    ['64 brackets', deep('(', ')', 64), 1], ['60 minus signs', `${'-'.repeat(60)}1`, 1], ['60 choices', `${'false?1:'.repeat(60)}2`, 2], ['500 conditions', `${'channel=="web"||'.repeat(249)}false`, true], ['a sum of 60', `${'1+'.repeat(60)}1`, 61],
    ['a list of 900', `size([${'1,'.repeat(899)}1])`, 900], ['a text of 4,000', `size("${'x'.repeat(4000)}")`, 4000], ['4,000 blanks', `${' '.repeat(4000)}1`, 1], ['many comments', `${'// a\n'.repeat(500)}1`, 1], ['a comment with quotes', '1 // "\n + 1', 2], ['slashes in a text', '"//" + "a"', '//a'],
  ])('%s', (_name, source, value) => {
    expect(evaluate(source).value).toEqual(value);
  });
});

test('names of JavaScript are not names here', () => {
  for (const name of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf']) {
    expect(problemsOf(name)[0]?.message).toMatch(/is not declared/);
    expect(problemsOf(`customer.${name}`)[0]?.message).toMatch(/is not declared/);
    expect(problemsOf(`customer["${name}"]`)[0]?.message).toMatch(/is not declared/);
    expect(problemsOf(`${name}(1)`)[0]?.message).toMatch(/there is no function/);
    expect(problemsOf(`channel.${name}()`)[0]?.message).toMatch(/there is no function/);
    expect(evaluate(`customer.extra.${name}`, { customer: { extra: { a: 1 } } }).value).toBeUndefined();
    expect(evaluate(`{"a": 1}.${name}`).value).toBeUndefined();
  }
});

test('every prefix and every cut of an expression is refused or compiled, and never throws', () => {
  const source = 'customer.age >= 18 && ("card" in customer.holdings ? size([1, 2].filter(x, x > 1)) == 1 : {"a": -1.5e3}.a < duration("1d") - duration(\'1h\')) // end';
  for (let at = 0; at <= source.length; at += 1) {
    expect(() => parse(source.slice(0, at))).not.toThrow();
    expect(() => parse(source.slice(at))).not.toThrow();
    expect(() => problemsOf(source.slice(0, at) + source.slice(at + 1))).not.toThrow();
  }
});

test('whatever the tokens and their order, a source is refused in words or compiled, and then evaluates', () => {
  const token = fc.constantFrom('customer', 'customer.age', 'customer.extra', 'customer.scores', 'customer.memberSince', 'channel', 'now', 'x', '1', '2.5', '-1', '"a"', "'b'", 'true', 'null', '2u', 'b"x"', '(', ')', '[', ']', '{', '}', ',', ':', '?', '.', '&&', '||', '!', '-', '+', '*', '/', '%', '==', '!=', '<', '>=', 'in',
    'has(', 'size(', '.exists(x, ', '.all(x, ', '.map(x, ', '.size()', '.a', '[0]', 'date(', 'duration("1d")', 'min(', '// c\n', '"', '\\', '\u0000', '😀', '@', 'for', '=', '__proto__', 'constructor');
  const environment = newEnvironment();
  let compiledSources = 0;
  fc.assert(fc.property(fc.array(token, { maxLength: 12 }), (tokens) => {
    const source = tokens.join(' ');
    const compiled = environment.compile(source, { roots: allRoots, expect: 'any' });
    if (!compiled.ok) {
      expect(compiled.problems.length).toBeGreaterThan(0);
      for (const { offset, message } of compiled.problems) {
        expect(message).toMatch(/^.{5,400}$/su);
        expect(message).not.toMatch(/undefined|\[object|at .*\.ts/);
        expect([offset >= 0, offset <= source.length]).toEqual([true, true]);
      }
      return;
    }
    compiledSources += 1;
    const slots = fill(environment, { customer: { age: 3, extra: { a: [1] }, scores: [1, 2] } });
    if (compiled.expression.evaluate(slots) !== undefined) expect(compiled.expression.missing(slots)).toEqual([]);
  }), { numRuns: 4000, seed: 11 });
  expect(compiledSources).toBeGreaterThan(50);
});

test('no value in a slot makes an evaluation throw', () => {
  const environment = newEnvironment();
  const sources = ['customer.extra.a.b[0].c == 1', 'customer.extra + 1', 'size(customer.extra)', 'customer.extra in customer.extra', 'customer.extra.exists(x, x.a == 1)', 'customer.extra == [1]', 'customer.extra < 3', 'customer.extra["a"]', 'customer.extra[0]', 'string(customer.extra)', 'int(customer.extra)', 'duration(string(customer.extra))', 'now.getHours(customer.extra)'];
  const expressions = sources.map((source) => environment.compile(source, { roots: allRoots, expect: 'any' }));
  let nested: unknown = [];
  for (let depth = 0; depth < 20_000; depth += 1) nested = [nested];
  const values: unknown[] = [null, true, 0, -1, 1e308, '', '\ud800', 'Europe/Nowhere', [], {}, [null], [[[]]], { a: null }, { a: { b: [{ c: 1 }] } }, JSON.parse('{"__proto__": 1}'), nested];
  for (const extra of values) {
    for (const compiled of expressions) {
      if (!compiled.ok) throw new Error(compiled.problems[0]!.message);
      const slots = fill(environment, { customer: { extra: extra as never } });
      expect(() => compiled.expression.evaluate(slots)).not.toThrow();
      expect(() => compiled.expression.missing(slots)).not.toThrow();
    }
  }
  const slots = fill(environment, { customer: { extra: [nested, 1] as never } });
  const other = environment.compile('customer.extra == [customer.extra[0], 1] || customer.extra[0] in customer.extra', { roots: allRoots, expect: 'bool' });
  if (!other.ok) throw new Error(other.problems[0]!.message);
  expect(() => other.expression.evaluate(slots)).not.toThrow();
});

test('a loop within a loop has no result over lists that a request made long; a single loop has', () => {
  const environment = newEnvironment();
  const compiled = ['customer.extra.exists(x, customer.extra.exists(y, y == x && x == 0.5))', 'customer.extra.exists(x, x == 0.5)'].map((source) => environment.compile(source, { roots: allRoots, expect: 'bool' }));
  const answers = (length: number): unknown[] => compiled.map((result) => {
    if (!result.ok) throw new Error(result.problems[0]!.message);
    return result.expression.evaluate(fill(environment, { customer: { extra: new Array(length).fill(1) as never } }));
  });
  expect(answers(300)).toEqual([false, false]);
  expect(answers(301)).toEqual([undefined, false]);
});
