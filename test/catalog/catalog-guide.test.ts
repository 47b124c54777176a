import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { calendarOf, dayMs } from '../../src/decision/calendar.js';
import { addEvent, noEvents } from '../../src/customers/event-ledger.js';
import { openEventHistory } from '../../src/decision/event-history.js';
import type { JsonObject, Slots } from '../../src/decision/types.js';
import type { CatalogFiles } from '../../src/catalog/catalog-files.js';
import { loadCatalog, type CatalogResult } from '../../src/catalog/load-catalog.js';
import { formatProblem } from '../../src/catalog/problem.js';
import { createEnvironment } from '../../src/expressions/environment.js';
import { typeFromJsonSchema } from '../../src/expressions/json-schema-type.js';
import { fakeModelLoader } from '../support/fake-models.js';
import { offers, paths, schema, textOf, triggers } from './sample-catalog-files.js';

/** The examples of docs/catalog.md are true: its files load beside the sample catalog, its expressions have the results it says. */
const guide = readFileSync(new URL('../../docs/catalog.md', import.meta.url), 'utf8');
const now = Date.parse('2026-11-23T10:00:00Z');

const model = (id: string, outputs: Record<string, object>): [string, string][] => [
  [`models/${id}/model.yaml`, stringify({ id, file: 'model.onnx', inputs: [{ name: 'features', type: 'float32', columns: [{ from: 'customer.age', default: 40 }] }], outputs })],
  [`models/${id}/model.onnx`, 'not read'],
];
const sample: CatalogFiles = new Map([
  ...paths.map((path): [string, string] => [path, textOf(path)]),
  ...model('accept', { propensity: { tensor: 'probabilities' } }),
  ...model('lifetime', { years: { tensor: 'years' }, margin: { tensor: 'margin' } }),
  ...model('churn', { propensity: { tensor: 'propensity' } }),
]);

const blocksOf = (text: string): [string, string][] => [...text.matchAll(/^```yaml\n# (\S+)\n([\s\S]*?)^```$/gm)].map(([, path, file]): [string, string] => [path!, file!]);
const blocks = blocksOf(guide);
const triggerGuide = readFileSync(new URL('../../docs/triggers.md', import.meta.url), 'utf8');

/** A new file; or, of a file that the sample has, with members added to those of the same name. */
function merged(path: string, text: string): string {
  if (!sample.has(path)) return text;
  const [old, added] = [parse(textOf(path)), parse(text)] as [Record<string, object>, Record<string, object>];
  for (const [name, members] of Object.entries(added)) old[name] = { ...old[name], ...members };
  return stringify(old);
}

const load = (more: readonly (readonly [string, string])[]): Promise<CatalogResult> => loadCatalog(new Map([...sample, ...more]), { models: fakeModelLoader, now: () => now });

test('the smallest catalog of the guide is one', async () => {
  const files = [...guide.matchAll(/^```yaml smallest\n# (\S+)\n([\s\S]*?)^```$/gm)].map(([, path, text]): [string, string] => [path!, text!]);
  const result = await loadCatalog(new Map(files), { models: fakeModelLoader, now: () => now });
  expect((result.ok ? result.warnings : result.problems).map(formatProblem)).toEqual([]);
  expect(files.map(([path]) => path)).toEqual(['schema.yaml', 'strategies/all.yaml', 'offers/vet-check.yaml', 'rules/rules.yaml']);
});

describe('the files in the guide', () => {
  test('are of every folder', () => {
    expect(new Set(blocks.map(([path]) => path.split('/')[0]))).toEqual(new Set(['offers', 'rules', 'strategies', 'schema.yaml', 'triggers']));
  });

  test('load beside the sample catalog', async () => {
    const result = await load(blocks.map(([path, text]) => [path, merged(path, text)]));
    expect((result.ok ? result.warnings : result.problems).map(formatProblem)).toEqual([]);
  });

  test('of docs/triggers.md load beside the sample catalog, and show every way to start', async () => {
    const files = blocksOf(triggerGuide);
    const result = await load(files);
    expect((result.ok ? result.warnings : result.problems).map(formatProblem)).toEqual([]);
    const shown = files.flatMap(([, text]) => parse(text) as object[]);
    for (const way of ['on', 'matches', 'opensAfter', 'absence', 'while', 'from', 'outbound']) expect([way, shown.some((trigger) => way in trigger)]).toEqual([way, true]);
  });

  test('show every check of a rule', () => {
    const rules = parse(blocks.find(([path]) => path === 'rules/examples.yaml')![1]) as object[];
    for (const check of ['require', 'cap', 'cooldown', 'quiet']) expect([check, rules.some((rule) => check in rule)]).toEqual([check, true]);
  });
});

describe('what the guide says of the sample', () => {
  test('it has as many offers as it says', () => {
    expect(guide).toContain(`with ${offers.length} offers`);
  });

  test.each(['storm-warning'])('the trigger %s exists and unlocks storm-check', (id) => {
    expect(triggers.find((trigger) => trigger.id === id)?.effect.unlocks).toEqual(['storm-check']);
  });

  test('the problem that it shows is the one that validate reports', async () => {
    const text = '- id: of-age-for-savings\n  kind: business\n  applies: offer.category == "savings"\n  require: customer.ages >= 18\n';
    const result = await load([['rules/savings.yaml', text]]);
    expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([/^ {4}(rules\/savings\.yaml:.*)$/m.exec(guide)?.[1]]);
  });
});

/** Rows of the table: `| \`expression\` | result |`, with `\|` for a bar. */
const rows = [...guide.slice(guide.indexOf('| expression | result |')).matchAll(/^\| `(.+?)` \| (.+?) \|$/gm)].map(([, source, result]): [string, string] => [source!.replaceAll('\\|', '|'), result!]);
const [customer, eventTimes] = [...guide.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => JSON.parse(text!) as JsonObject) as [JsonObject, Readonly<Record<string, readonly string[]>>];
const events = Object.entries(eventTimes).flatMap(([type, times]) => times.map((time) => ({ type, fromPartner: false, occurredAt: Date.parse(time), matches: [] }))).reduce((sum, event) => addEvent(sum, event, { late: false }), noEvents);

function evaluate(source: string): string {
  const typeOf = (declared: unknown): ReturnType<typeof typeFromJsonSchema> => typeFromJsonSchema(declared as JsonObject);
  const environment = createEnvironment({ customer: typeOf(schema.customer), context: typeOf({ type: 'object', properties: {} }), offer: typeOf(schema.offer), channels: schema.channels, events: [...Object.keys(eventTimes), 'claim.reported'] });
  const compiled = environment.compile(source, { roots: ['customer', 'channel', 'now'], expect: 'any' });
  if (!compiled.ok) return compiled.problems.map(({ message }) => message).join('; ');
  const layout = environment.layout();
  const slots: Slots = new Array<unknown>(layout.size).fill(undefined);
  slots[layout.always.calendar] = calendarOf('Europe/Stockholm');
  slots[layout.always.channel] = 'call-center';
  slots[layout.always.now] = now;
  slots[layout.always.events] = openEventHistory({ events, rhythms: undefined }, { events: new Map() }, now);
  for (const binding of layout.customer) {
    const value = customer[binding.path[0]!];
    if (value !== undefined) slots[binding.slot] = binding.read(value);
  }
  const value: unknown = compiled.expression.evaluate(slots);
  return value === undefined ? 'unknown' : JSON.stringify(value);
}

describe('the expressions in the guide', () => {
  test('there are some', () => expect(rows.length).toBeGreaterThan(30));

  test.each(rows)('%s is %s', (source, result) => {
    const days = /^(\d+) days$/.exec(result)?.[1];
    expect(evaluate(source)).toBe(result === 'unknown' ? result : days === undefined ? JSON.stringify(JSON.parse(result)) : String(Number(days) * dayMs));
  });

  test('the day and hour are those of the examples', () => {
    expect([new Date(now).getUTCDay(), calendarOf('Europe/Stockholm').minuteOfDay(now)]).toEqual([1, 11 * 60]);
    expect((calendarOf('Europe/Stockholm').dayOf(now) * dayMs) % dayMs).toBe(0);
  });
});
