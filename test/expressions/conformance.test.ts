import type { SerializedIncrementalTestSuite } from '@bufbuild/cel-spec/testdata/tests.js';
import { tests as suite } from '@bufbuild/cel-spec/testdata/conformance.js';
import { equal } from '../../src/expressions/equality.js';
import { parseDuration } from '../../src/expressions/durations.js';
import { parseTimestamp } from '../../src/expressions/timestamps.js';
import { fill, newEnvironment, allRoots } from './fixture.js';

/**
 * CEL's own conformance data against our compiler. What we accept must have the value that CEL says; what we refuse at
 * load (other types, protocol buffers, regular expressions, unbound names) is counted.
 */
type Original = { name?: string; expr: string; value?: Record<string, unknown>; evalError?: unknown; typedResult?: { result?: Record<string, unknown> }; checkOnly?: boolean; disableCheck?: boolean };
const cases: { readonly group: string; readonly test: Original }[] = [];
const collect = (group: string, inner: SerializedIncrementalTestSuite): void => {
  for (const { original } of inner.tests ?? []) cases.push({ group, test: original });
  for (const further of inner.suites ?? []) collect(group === '' ? further.name : `${group}/${further.name}`, further);
};
collect('', suite);

/** The expected value as ours; `undefined` where it must fail. */
function expected(value: Record<string, unknown>): unknown {
  const [kind, content] = Object.entries(value)[0]!;
  if (kind === 'int64Value' || kind === 'uint64Value' || kind === 'doubleValue') return Number(content);
  if (kind === 'listValue') return ((content as { values?: Record<string, unknown>[] }).values ?? []).map(expected);
  if (kind === 'mapValue') return new Map(((content as { entries?: { key: Record<string, unknown>; value: Record<string, unknown> }[] }).entries ?? []).map((entry) => [expected(entry.key), expected(entry.value)]));
  if (kind === 'objectValue') {
    const { '@type': type, value: text } = content as { '@type': string; value: string };
    if (type.endsWith('google.protobuf.Timestamp')) return parseTimestamp(text);
    if (type.endsWith('google.protobuf.Duration')) return parseDuration(text);
  }
  return kind === 'stringValue' || kind === 'boolValue' ? content : Symbol(kind);
}

test('accepted and wrong: none', () => {
  const environment = newEnvironment();
  const wrong: string[] = [];
  let accepted = 0;
  let refused = 0;
  for (const { group, test: { expr, value, evalError, checkOnly, typedResult, name } } of cases) {
    const compiled = environment.compile(expr, { roots: allRoots, expect: 'any' });
    if (!compiled.ok) {
      refused += 1;
      continue;
    }
    accepted += 1;
    if (checkOnly === true || (typedResult !== undefined && typedResult.result === undefined)) continue;
    const result = compiled.expression.evaluate(fill(environment, {})) as unknown;
    const wanted = evalError !== undefined ? undefined : expected(value ?? typedResult?.result ?? { boolValue: true });
    if (!(wanted === undefined ? result === undefined : equal(result, wanted))) wrong.push(`${group}/${name ?? ''}: ${expr} gives ${String(result)}, not ${String(wanted)}`);
  }
  console.log(`CEL conformance: ${cases.length} tests, ${accepted} accepted, ${refused} refused at load, ${wrong.length} wrong`);
  expect(wrong).toEqual([]);
  expect(accepted).toBeGreaterThanOrEqual(500);
});
