import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { compile, decideCase, type CatalogParts, type GoldenCase } from '../support/golden-case.js';
import type { Decision } from '../../src/decision/types.js';

interface GoldenFile { readonly about: string; readonly catalog?: CatalogParts; readonly cases: readonly GoldenCase[] }
const folder = join(import.meta.dirname, '..', 'cases');

for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml')).sort()) {
  const { about, catalog, cases } = parse(readFileSync(join(folder, file), 'utf8')) as GoldenFile;
  describe(`${file}: ${about}`, () => {
    test.each(cases)('$name', async (golden) => {
      const decision = decideCase(golden, await compile({ ...catalog, ...golden.catalog }));
      const { offers, excluded, refused, ...others } = golden.expect as { offers?: Expected[]; excluded?: Expected[]; refused?: Record<string, (string | Record<string, string>)[]> };
      if (offers !== undefined) expectList(decision.offers, offers);
      if (excluded !== undefined) expectList(decision.excluded ?? [], excluded);
      if (refused !== undefined) expect(rejectionsOf(decision, refused)).toEqual(refused);
      expect(decision).toMatchObject(others);
    });
  });
}

type Expected = string | ({ readonly offer: string } & Record<string, unknown>);

/** Exactly these offers in this order; of each, the members that the case names. */
function expectList(actual: readonly ({ readonly offer: { readonly id: string } } & object)[], expected: readonly Expected[]): void {
  expect(actual.map(({ offer }) => offer.id)).toEqual(expected.map((entry) => (typeof entry === 'string' ? entry : entry.offer)));
  expected.forEach((entry, i) => {
    if (typeof entry === 'string') return;
    const { offer: _, ...members } = entry;
    expect(JSON.parse(JSON.stringify(actual[i]))).toMatchObject(members);
  });
}

/** In the same form as expected: a rule's id, or its id with its reason where the case names the reason. */
function rejectionsOf(decision: Decision, expected: Record<string, (string | Record<string, string>)[]>): typeof expected {
  return Object.fromEntries(Object.entries(expected).map(([offerId, entries]) => {
    const found = decision.excluded?.find(({ offer }) => offer.id === offerId)?.rejectedBy ?? [];
    return [offerId, found.map(({ rule, reason }, i) => (typeof entries[i] === 'string' ? rule : { [rule]: reason }))];
  }));
}
