import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { linesOf, smallFiles, type Changes } from './small-catalog.js';

interface BadCatalog {
  readonly name: string;
  readonly files?: Changes;
  readonly in?: string;
  readonly replace?: string;
  readonly by?: string;
  readonly says: readonly string[];
}

const cases = parse(readFileSync(new URL('bad-catalogs.yaml', import.meta.url), 'utf8')) as readonly BadCatalog[];

function changesOf(bad: BadCatalog): Changes {
  if (bad.in === undefined) return bad.files ?? {};
  const text = smallFiles[bad.in]!;
  if (!text.includes(bad.replace!)) throw new Error(`${bad.name}: ${bad.in} does not hold ${JSON.stringify(bad.replace)}`);
  return { ...bad.files, [bad.in]: text.replace(bad.replace!, () => bad.by!) };
}

/** A line, cut where the expected one ends in "…" and they agree so far. */
function cutAs(line: string, expected: string): string {
  const start = expected.endsWith('…') ? expected.slice(0, -1) : null;
  return start !== null && line.startsWith(start) ? expected : line;
}

test('the small catalog has no problem', async () => {
  expect(await linesOf({})).toEqual([]);
});

describe('a bad catalog', () => {
  test.each(cases)('$name', async (bad) => {
    const lines = await linesOf(changesOf(bad));
    expect(lines.map((line, index) => cutAs(line, bad.says[index] ?? ''))).toEqual(bad.says);
  });
});
