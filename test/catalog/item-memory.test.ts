import fc from 'fast-check';
import { createItemMemory } from '../../src/catalog/item-memory.js';
import { readItems, itemStarts } from '../../src/catalog/yaml-items.js';
import { readYamlFile } from '../../src/catalog/yaml-file.js';
import { loadCatalog, type CatalogResult } from '../../src/catalog/load-catalog.js';
import { formatProblem } from '../../src/catalog/problem.js';
import { dependencies, filesWith, smallFiles } from './small-catalog.js';

const noPause = (): Promise<void> => Promise.resolve();
const kept = '- { id: a, tags: [x] }\n';

test('gives what was kept, each time a value of its own', () => {
  const memory = createItemMemory();
  expect(memory.valueOf(kept)).toBeNull();
  memory.keep(kept, { id: 'a', tags: ['x'] });
  const first = memory.valueOf(kept)!.value as { tags: string[] };
  first.tags.push('y');
  expect(memory.valueOf(kept)).toEqual({ value: { id: 'a', tags: ['x'] } });
  expect(memory.valueOf(`${kept} `)).toBeNull();
});

test('forgets what two loads did not meet', () => {
  const memory = createItemMemory();
  memory.keep(kept, { id: 'a' });
  memory.keep('- b\n', 'b');
  memory.beginLoad();
  expect(memory.valueOf(kept)).toEqual({ value: { id: 'a' } });
  memory.beginLoad();
  expect(memory.valueOf(kept)).toEqual({ value: { id: 'a' } });
  expect(memory.valueOf('- b\n')).toBeNull();
});

test.each([['-0', -0], ['.inf', Infinity], ['.nan', NaN]])('does not keep what JSON cannot say: %s', async (text, value) => {
  const memory = createItemMemory();
  const item = `- { a: [1, { b: ${text} }] }\n`;
  for (let load = 0; load < 2; load++) expect(await readItems(item, [0], noPause, memory)).toEqual({ ok: true, values: [{ a: [1, { b: value }] }] });
  expect(memory.valueOf(item)).toBeNull();
});

const scalar = fc.oneof(fc.integer(), fc.double({ noNaN: true }).map((number) => JSON.stringify(number)), fc.constantFrom('true', 'null', '~', 'text', '"a\\tb\\ud800"', '2026-01-05', '0x1F', '1e3', '-0.0', '.Inf', "'it''s'", '"é"'));
const member = fc.tuple(fc.constantFrom('id', 'a', 'b', 'tags', 'value', '_x', '"1"', '__proto__', 'constructor'), fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }).map((items) => `[${items.join(', ')}]`), scalar.map((inner) => `{ in: ${inner} }`)));
const item = fc.uniqueArray(member, { minLength: 1, maxLength: 4, selector: ([key]) => key }).map((members) => `- ${members.map(([key, value]) => `${key}: ${value}`).join('\n  ')}\n`);

test('lists read with what is remembered are lists read anew', async () => {
  let remembered = 0;
  await fc.assert(fc.asyncProperty(fc.array(item, { minLength: 1, maxLength: 6 }), async (items) => {
    const memory = createItemMemory();
    const text = items.join('');
    const anew = await readItems(text, itemStarts(text)!, noPause);
    await readItems(items[0]!, [0], noPause, memory);
    for (let load = 0; load < 2; load++) expect(await readItems(text, itemStarts(text)!, noPause, memory)).toEqual(anew);
    remembered += items.filter((each) => memory.valueOf(each) !== null).length;
  }), { seed: 20261127, numRuns: 500 });
  expect(remembered).toBeGreaterThan(500);
});

test('a problem in an item that was read before is told where the item stands now', async () => {
  const memory = createItemMemory();
  const list = '- { id: a }\n- { id: b,\n    kind: c }\n';
  const before = await readYamlFile('offers/a.yaml', list, noPause, memory);
  const after = await readYamlFile('offers/a.yaml', `# new\n- { id: new }\n${list}`, noPause, memory);
  expect(before.problemAt([1, 'kind'], 'wrong')).toMatchObject({ line: 3, column: 11 });
  expect(after.problemAt([2, 'kind'], 'wrong')).toMatchObject({ line: 5, column: 11 });
});

test('a catalog loaded again, changed and as it was, is what a first load makes of it', async () => {
  const memory = createItemMemory();
  const said = (result: CatalogResult): unknown => (result.ok ? [result.summary, result.warnings] : result.problems.map(formatProblem));
  const offers = (more: string): string => `${smallFiles['offers/card.yaml']!.replace(/^(?=.)/gm, '  ').replace('  ', '- ')}${more}`;
  const loan = '- { id: loan, name: Loan, kind: service }\n';
  for (const more of ['', `${loan}- { id: wrong, name: Wrong, kind: service, value: { volume: customer.agee } }\n`, '', '']) {
    const files = filesWith({ 'offers/card.yaml': offers(more) });
    expect(said(await loadCatalog(files, { ...dependencies, memory }))).toEqual(said(await loadCatalog(files, dependencies)));
    if (more !== '') expect(memory.valueOf(loan)).not.toBeNull();
  }
  expect(memory.valueOf(offers(''))).not.toBeNull();
  expect(memory.valueOf(loan)).toBeNull();
});
