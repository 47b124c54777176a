import { expect, test } from '@jest/globals';
import { createLiveCatalog, type GoodLoad } from '../../src/catalog/live-catalog.js';
import type { Logger } from '../../src/telemetry/logger.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { reportCatalog } from '../../src/telemetry/reports.js';
import { filesWith, load, type Changes } from '../catalog/small-catalog.js';

const withFiles = async (changes: Changes): Promise<GoodLoad> => {
  const files = filesWith(changes);
  return { files, result: await load(files) } as GoodLoad;
};
const noRules = { 'rules/rules.yaml': null };
const oneRule = { 'rules/rules.yaml': '- { id: of-age, kind: business, require: customer.age >= 18 }\n' };

/** What is said at level error while catalogs go live one after the other. */
async function errorsOf(...changes: readonly Changes[]): Promise<string[]> {
  const errors: string[] = [];
  const logger = { info: () => undefined, warn: () => undefined, error: (fields: object, message: string) => void errors.push(`${JSON.stringify(fields)} ${message}`) } as unknown as Logger;
  const [first, ...later] = await Promise.all(changes.map(withFiles));
  const live = createLiveCatalog(first!, 0);
  const tell = reportCatalog(live, logger, createMetrics());
  tell();
  live.subscribe(tell);
  for (const [index, next] of later.entries()) live.take(next, index + 1);
  expect(live.current()).toBe(later.at(-1)?.result.catalog ?? first!.result.catalog);
  return errors.map((line) => line.replace(/"revision":"[0-9a-f]+"/, '"revision":"…"'));
}

test('a reload that takes away all rules goes live, and is told as an error', async () => {
  expect(await errorsOf({}, oneRule, noRules)).toEqual([
    '{"revision":"…","rulesBefore":1} The catalog that is live now has no rule at all, and the one before it had: every offer may be made to everybody, and no consent is asked for. If that was not meant, put the rules back: they are live at once',
  ]);
});

test('a catalog that begins without rules, or stays without, is no error', async () => {
  expect(await errorsOf(noRules, { ...noRules, 'triggers/triggers.yaml': null, 'offers/card.yaml': '{ id: card, name: Card, kind: service, value: { margin: 1 }, propensity: 0.1 }' })).toEqual([]);
});

test('it is told once, and again where rules came back and went', async () => {
  expect(await errorsOf(oneRule, noRules, oneRule, noRules)).toHaveLength(2);
});
