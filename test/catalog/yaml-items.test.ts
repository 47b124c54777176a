import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readQuickly } from '../../src/catalog/quick-yaml.js';
import { readYamlDocument } from '../../src/catalog/yaml-document.js';
import { parseYamlFile, readYamlFile } from '../../src/catalog/yaml-file.js';
import { problemsOfItems } from '../../src/catalog/yaml-item-problems.js';
import { brokenItemStarts, itemStarts, readItems } from '../../src/catalog/yaml-items.js';
import type { SyntaxProblem } from '../../src/catalog/yaml-syntax.js';
import { paths, textOf } from './sample-catalog-files.js';

const noPause = (): Promise<void> => Promise.resolve();
/** Only told apart from other lines. */
const lineOf = (text: string) => (offset: number): number => text.lastIndexOf('\n', offset - 1);

/** A text's value as the library reads it, or that it refuses it. */
function byLibrary(text: string): { readonly value: unknown } | 'refused' {
  const document = readYamlDocument(text, lineOf(text));
  return document.ok ? { value: document.value } : 'refused';
}

const scalars = ['a', 'some text', '1', '0.5', '-3', '-0', 'true', 'false', 'null', '~', 'Null', 'yes', '1.', '.5', '01', '1e5', '0x1F', '0o7', '.inf', '+1', '1_000', '123456789012345678', '12 months', '2026-11-01', '21:00', 'x >= 18 && y != "z"', 'a#b', 'a #b', 'å 😀', '- x', '-x', '?x', ':x', 'a: b', 'a:', 'a :b', '"q: x"', '"e \\" \\n"', '"\\x41"', '"#"', "'s ''t'", '""', "''", '"open', '[', '}', '!x', '*x', '&x y', '|', '>', '%', '@', '`', '<<', '\t', '\r'];
const scalar = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...scalars.slice(0, 8)) }, fc.constantFrom(...scalars));
const keys = fc.oneof({ weight: 9, arbitrary: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'id', 'k', 'l', 'm', 'n', 'o', 'p') }, fc.constantFrom('true', 'x.y', 'a b', 'a-b', '1', '"q"', 'toString', '__proto__', '-a', '?'));
const { flow } = fc.letrec<{ flow: string }>((tie) => ({
  flow: fc.oneof({ depthSize: 'small' }, scalar,
    fc.tuple(fc.array(tie('flow'), { maxLength: 3 }), fc.constantFrom(',', ', ', ' , ', '\n, ')).map(([items, comma]) => `[${items.join(comma)}]`),
    fc.tuple(fc.array(fc.tuple(keys, fc.constantFrom(': ', ': ', ': ', ': ', ': ', ':', ' : '), tie('flow')), { maxLength: 3 }), fc.constantFrom(', ', ',')).map(([pairs, comma]) => `{ ${pairs.map((pair) => pair.join('')).join(comma)} }`)),
}));
const indents = fc.oneof({ weight: 9, arbitrary: fc.constant('  ') }, fc.constantFrom('    ', '', ' '));
const ends = fc.oneof({ weight: 5, arbitrary: fc.constant('\n') }, fc.constantFrom(' \n', ' # why\n', '#\n', '\n\n', '\n# why\n', '\n      # why\n', '\n---\n', '\r\n', '\n    more\n'));
const line = fc.tuple(indents, fc.oneof({ weight: 9, arbitrary: fc.constant('') }, fc.constantFrom('- ', '-  ')), fc.oneof(fc.tuple(keys, fc.constantFrom(': ', ': ', ': ', ':  ', ':'), fc.oneof({ weight: 9, arbitrary: flow }, fc.constantFrom('', '|\n      text', '>-\n      text', '\n  - x', '\n    y: z'))).map((parts) => parts.join('')), flow), ends).map((parts) => parts.join(''));
const item = fc.tuple(fc.constantFrom('- ', '- ', '- ', '-   ', '-\n  ', '# why\n- ', ''), fc.array(line, { minLength: 1, maxLength: 5 })).map(([dash, lines]) => dash + lines.join('').trimStart());

const usual = `- id: card   # the usual
  name: "Card: with \\"everything\\""
  kind: cross-sell
  attributes: { price: 4.5, regions: [north, south], tags: [], none: {} }
  value: { margin: 'it''s > 3.0 ? 5.0 : 3.0' }

  treatments:
  - channel: web
    cta: { label: See how, url: "https://example.com/card" }
    # for later
  - channel: call-center
    when: customer.age >= 18 && !customer.deceased
    from: 2026-11-01
`;

test('what entries are usually written in is read quickly', () => {
  expect(readQuickly(usual)).toEqual(byLibraryItem(usual));
  for (const path of paths) {
    const text = textOf(path);
    const plain = (itemStarts(text) ?? []).map((start, place, starts) => readQuickly(text.slice(start, starts[place + 1])));
    expect([path, plain.filter((read) => read === null)]).toEqual([path, []]);
  }
});

function byLibraryItem(text: string): { readonly value: unknown } {
  const read = byLibrary(text);
  if (read === 'refused' || !Array.isArray(read.value)) throw new Error(`no list: ${text}`);
  return { value: (read.value as unknown[])[0] };
}

test.each(['1e400', '-1.e+999', '.5E308', '9'.repeat(310)])('a number beyond all, as %s, is left to the other library', (number) => {
  expect(readQuickly(`- a: ${number}\n`)).toBeNull();
});

test.each([
  ['characters that may not be escaped', `- "${'\\q'.repeat(5_000)}"\n`, ['1:4']],
  ['brackets that close nothing', `- a\n${']\n'.repeat(5_000)}`, ['2:1']],
  ['tags', '- !a x\n'.repeat(5_000), Array.from({ length: 20 }, (_, line) => `${line + 1}:3`)],
])('of thousands of %s the first are told, in their order', (_, text, places) => {
  expect(parseYamlFile('offers/x.yaml', text).problems.map(({ line, column }) => `${line}:${column}`)).toEqual(places);
});

test('whatever is read quickly has the value that the other library gives it', () => {
  let plain = 0;
  fc.assert(fc.property(item, (text) => {
    const read = readQuickly(text);
    if (read === null) return;
    plain += 1;
    expect(byLibrary(text)).toEqual({ value: [read.value] });
  }), { seed: 20261126, numRuns: 6_000 });
  expect(plain).toBeGreaterThan(400);
});

test('a list that is read item by item has the value that it has as a whole', async () => {
  let cut = 0;
  await fc.assert(fc.asyncProperty(fc.array(item, { minLength: 1, maxLength: 4 }), async (items) => {
    const text = items.join('');
    const starts = itemStarts(text);
    const read = starts === null ? null : await readItems(text, starts, noPause);
    if (read?.ok !== true) return;
    cut += 1;
    expect(byLibrary(text)).toEqual({ value: read.values });
  }), { seed: 20261126, numRuns: 3_000 });
  expect(cut).toBeGreaterThan(100);
});

/** What is wrong with a list, found in its items; `null`: it is no list, it is sound, or its items do not tell. */
async function fromItems(text: string): Promise<readonly SyntaxProblem[] | null> {
  const starts = itemStarts(text);
  const read = starts === null ? null : await readItems(text, starts, noPause);
  return read?.ok === true ? null : problemsOfItems(text, starts ?? brokenItemStarts(text) ?? [], read?.unread ?? 0, noPause);
}

test('what is said of a list of trifles is what is said of it as a whole', async () => {
  let told = 0;
  await fc.assert(fc.asyncProperty(fc.array(item, { minLength: 1, maxLength: 24 }), async (items) => {
    const problems = await fromItems(items.join(''));
    if (problems === null) return;
    told += 1;
    expect({ ok: false, problems }).toEqual(readYamlDocument(items.join(''), lineOf(items.join(''))));
  }), { seed: 20261126, numRuns: 1_500 });
  expect(told).toBeGreaterThan(300);
});

const sampleItems = paths.flatMap((path) => {
  const text = textOf(path);
  return (itemStarts(text) ?? []).map((start, place, starts) => `${text.slice(start, starts[place + 1]).trimEnd()}\n`);
});
const slips = ['', '', '', ' ', '  ', '"', "'", ':', ': ', ',', '{', '}', '[', ']', '-', '- ', '\n', '\t', '#', ' #', '&a ', '*a', '!', '|', '>', '%', '\n  ', '\n- '];
const slip = fc.record({ at: fc.nat(9_999), inPlaceOf: fc.nat(2), written: fc.constantFrom(...slips) });

test('what is said of the sample with slips of the pen in it is what is said of it as a whole', async () => {
  const told = { same: 0, sooner: 0 };
  await fc.assert(fc.asyncProperty(fc.array(fc.constantFrom(...sampleItems), { minLength: 2, maxLength: 20 }), fc.array(slip, { minLength: 1, maxLength: 3 }), async (items, made) => {
    const text = made.reduce((before, { at, inPlaceOf, written }) => {
      const offset = Math.floor(at / 10_000 * before.length);
      return before.slice(0, offset) + written + before.slice(offset + inPlaceOf);
    }, items.join(''));
    const problems = await fromItems(text);
    if (problems === null) return;
    const whole = readYamlDocument(text, lineOf(text));
    const wholeProblems = whole.ok ? [] : whole.problems;
    // Of the whole, now and then, the library tells only what comes of a mistake much later.
    const isSooner = problems[0]!.offset < wholeProblems[0]!.offset;
    told[isSooner ? 'sooner' : 'same'] += 1;
    if (!isSooner) expect(problems).toEqual(wholeProblems);
  }), { seed: 20261127, numRuns: 300 });
  expect(told.same).toBeGreaterThan(100);
  expect(told.sooner).toBeLessThan(5);
});

test.each<[string, string, string]>([
  ['a colon is missing', 'kind: cross', 'kindcross'],
  ['a space is missing after the colon', 'kind: cross', 'kind:cross'],
  ['a comma is missing', '4.5, regions', '4.5 regions'],
  ['a bracket is missing', 'tags: []', 'tags: ['],
  ['a quote is missing', '"Card: with', 'Card: with'],
  ['a quote is not closed', 'card" }', 'card }'],
  ['a tab', '  kind', '\tkind'],
  ['a key given twice', 'from:', 'channel:'],
  ['a member at the margin', '  kind', 'kind'],
])('where %s, its item alone tells', async (_, right, wrong) => {
  expect(usual).toContain(right);
  const text = [usual, usual, usual.replace(right, wrong), ...Array.from({ length: 40 }, () => usual)].join('');
  const problems = await fromItems(text);
  expect(problems).not.toBeNull();
  expect({ ok: false, problems }).toEqual(readYamlDocument(text, lineOf(text)));
});

test('of many broken items as many are told as of a whole', async () => {
  const text = usual.replace('name: ', 'name: x: ').repeat(30);
  expect(await fromItems(text)).toHaveLength(20);
  expect({ ok: false, problems: await fromItems(text) }).toEqual(readYamlDocument(text, lineOf(text)));
});

test.each([
  ['an alias of another item', '- &a { id: x }\n- *a\n'],
  ['a repetition within an item', '- a: &b [1]\n  c: *b\n'],
  ['an anchor that is used in a later item only', '- a: &b 1\n- c: 2\n- d: *b\n'],
  ['a second document', '- a: 1\n---\n- b: 2\n'],
  ['a text over several items', '- a: "one\n- two"\n'],
  ['a mapping', 'a: 1\nb:\n- c\n'],
  ['a list that is indented', '  - a: 1\n  - b: 2\n'],
  ['a mapping after a list', '- a: 1\nb: 2\n'],
  ['nothing', ''],
  ['a comment', '# nothing\n'],
  ['a byte order mark', '\uFEFF- a: 1\n'],
  ['a directive', '%YAML 1.2\n---\n- a: 1\n'],
])('is read as the whole that it is: %s', async (_name, text) => {
  const [read, whole] = [await readYamlFile('rules/a.yaml', text, noPause), parseYamlFile('rules/a.yaml', text)];
  expect([read.value, read.problems]).toEqual([whole.value, whole.problems]);
});

/** Every place in a value. */
function* placesOf(value: unknown, path: readonly (string | number)[] = []): Generator<readonly (string | number)[]> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [name, below] of Object.entries(value)) yield* placesOf(below, [...path, Array.isArray(value) ? Number(name) : name]);
}

test.each([...paths.map((path) => [path, textOf(path)] as const), ['texts over lines', '# why\n- a: |\n    some\n    text\n- b: "more\n    text"\n  c: [one,\n      two]\n']])('places are the same, read item by item or as a whole: %s', async (path, text) => {
  const [read, whole] = [await readYamlFile(path, text, noPause), parseYamlFile(path, text)];
  expect(read.value).toEqual(whole.value);
  for (const place of [...placesOf(whole.value), [99], ['nowhere'], [0, 'nowhere']]) {
    for (const where of [{}, { key: true }, { offset: 3 }]) expect(read.problemAt(place, 'wrong', where)).toEqual(whole.problemAt(place, 'wrong', where));
  }
});
