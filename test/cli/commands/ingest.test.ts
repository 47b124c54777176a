import { jest } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openStore } from '../../../src/app.js';
import { commandConfig } from '../../../src/cli/opening/settings.js';
import type { CustomerEvents } from '../../../src/decision/types.js';
import { bytesOf, createNbo, now, smallCatalog, type Nbo } from '../in-process.js';

jest.setTimeout(60_000);

const catalog: Readonly<Record<string, string>> = {
  ...smallCatalog,
  'triggers/events.yaml': `
purchase: { data: { type: object, additionalProperties: false, required: [amount], properties: { amount: { type: number } } } }
visit: { createsCustomer: true }
pregnancy: { source: partner }
storm: {}
`,
  'triggers/triggers.yaml': `
- { id: bought, type: journey, on: { event: purchase }, window: 30d, effect: { weight: 2 } }
- { id: big, type: journey, on: { event: purchase, when: 'eventCount("purchase") >= 2' }, window: 30d, effect: { weight: 2 } }
- { id: storm, type: external, on: { event: storm }, matches: customer.region == event.data.region, window: 2d, effect: { weight: 2 } }
`,
};
let nbo: Nbo;
beforeEach(async () => {
  nbo = createNbo(catalog);
  await nbo.run(['import', '-'], { input: bytesOf('{"id":"C-1","attributes":{"region":"north"}}\n{"id":"C-2","attributes":{"region":"south"},"consents":["partner-data"]}') });
});
afterEach(() => nbo.remove());

const day = 86_400_000;
let made = 0;
const event = (members: object = {}): string => JSON.stringify({ specversion: '1.0', id: `e-${made++}`, source: '/shop', type: 'purchase', subject: 'C-1', time: new Date(now - day).toISOString(), data: { amount: 1 }, ...members });
const ingest = (lines: readonly string[], ...options: string[]) => nbo.run(['ingest', '-', ...options], { input: bytesOf(lines.join('\n'), 1000) });
async function eventsOf(id: string): Promise<CustomerEvents | undefined> {
  const store = await openStore(commandConfig(nbo));
  const customer = await store.export(id);
  await store.close();
  return customer?.events;
}
const totals = async (id: string): Promise<Record<string, number>> => Object.fromEntries((await eventsOf(id))!.trails.map(({ type, total }) => [type, total]));

test('events are taken in, from a file or standard input, and again nothing changes', async () => {
  const lines = [event(), event(), event({ type: 'visit', subject: 'C-new', data: undefined }), event({ type: 'storm', subject: undefined, data: { region: 'north' } })];
  expect(await ingest(lines)).toEqual({ code: 0, out: '4 events.\n', err: '' });
  expect(await totals('C-1')).toEqual({ purchase: 2 });
  expect(await totals('C-new')).toEqual({ visit: 1 });
  const before = await eventsOf('C-1');
  const file = join(nbo.folder, 'deep', 'events.ndjson');
  mkdirSync(dirname(file));
  writeFileSync(file, lines.join('\r\n'));
  expect(await nbo.run(['ingest', file])).toEqual({ code: 0, out: '4 events (4 there already).\n', err: '' });
  expect(await eventsOf('C-1')).toEqual(before);
});

test('lines that do not fit are told with their numbers, the others are taken in', async () => {
  const twice = event();
  const { code, out, err } = await ingest([
    event(), '', '{"id": 1', '[]', event({ type: 'purchas' }), event({ data: {} }), event({ subject: 'nobody' }), event({ subject: undefined }),
    event({ type: 'pregnancy', data: undefined }), event({ type: 'pregnancy', subject: 'C-2', data: undefined }), event({ time: '2999-01-01T00:00:00Z' }), event({ time: 'now' }),
    twice, twice.replace('"amount":1', '"amount":2'), event(),
  ]);
  expect(err.trim().split('\n').map((line) => /^standard input:(\d+): (.*)$/.exec(line)!.slice(1))).toEqual([
    ['3', expect.stringMatching(/column/)],
    ['4', expect.stringMatching(/must be an object/)],
    ['5', expect.stringMatching(/\/type .*"purchas" is not declared in .*did you mean purchase/)],
    ['6', expect.stringMatching(/^\/data\/amount is missing/)],
    ['7', expect.stringMatching(/^\/subject This customer does not exist/)],
    ['8', expect.stringMatching(/^\/subject is needed/)],
    ['9', expect.stringMatching(/^\/subject No consent to partner-data/)],
    ['11', expect.stringMatching(/^\/time lies in the future/)],
    ['12', expect.stringMatching(/^\/time/)],
    ['14', expect.stringMatching(/^\/id Use a new id/)],
  ]);
  expect({ code, out }).toEqual({ code: 1, out: '4 events, 10 bad lines.\n' });
  expect(await totals('C-1')).toEqual({ purchase: 3 });
  expect(await totals('C-2')).toEqual({ pregnancy: 1 });
});
test('as JSON; many, in batches', async () => {
  const { code, out, err } = await ingest([...Array.from({ length: 703 }, (_, place) => event({ time: new Date(now - place * 60_000).toISOString() })), 'no'], '--json');
  expect({ code, summary: JSON.parse(out) as unknown }).toEqual({ code: 1, summary: { events: 703, repeated: 0, badLines: 1 } });
  expect(err).toMatch(/^standard input:704: /);
  expect(await totals('C-1')).toEqual({ purchase: 703 });
});

test('a file that is not there is said so, and no stack is shown', async () => {
  const { code, err } = await nbo.run(['ingest', join(nbo.folder, 'none.ndjson')]);
  expect(code).toBe(1);
  expect(err).toMatch(/none\.ndjson.*there is no such file/);
});

test('what is exported is imported as it was, what is kept of events and all', async () => {
  await ingest([event(), event({ time: new Date(now - 40 * day).toISOString() }), event({ type: 'pregnancy', subject: 'C-2', data: undefined })]);
  const before = [await eventsOf('C-1'), await eventsOf('C-2')];
  expect(before[0]!.matches).toHaveLength(3);
  expect(before[1]!.trails).toHaveLength(1);
  const { out } = await nbo.run(['export']);
  for (const id of ['C-1', 'C-2']) await nbo.run(['erase', '--customer', id]);
  expect(await nbo.run(['import', '-'], { input: bytesOf(out) })).toMatchObject({ code: 0 });
  expect([await eventsOf('C-1'), await eventsOf('C-2')]).toEqual(before);
  expect((await nbo.run(['export'])).out).toBe(out);
  // Without the consent a partner's are left out.
  await nbo.run(['import', '-'], { input: bytesOf(out.replaceAll('partner-data', 'web')) });
  expect((await eventsOf('C-2'))!.trails).toEqual([]);
});

const kept = { types: [{ type: 'visit', fromPartner: false, total: 1, recent: [new Date(now).toISOString()], days: [{ day: '2026-11-23', count: 1 }] }], triggers: [] };
const [visit] = kept.types;
test('events that do not fit are bad lines', async () => {
  const rows: [object, RegExp][] = [
    [{ types: [] }, /\/events\/triggers is missing/],
    [{ ...kept, types: [{ ...visit, more: 1 }] }, /\/events\/types\/0/],
    [{ ...kept, types: [visit, visit] }, /\/events\/types\/0|\/events\/types\/1\/type is there twice/],
    [{ ...kept, types: [{ ...visit, recent: [] }] }, /\/events\/types\/0 says no time/],
    [{ ...kept, types: [{ ...visit, recent: Array.from({ length: 17 }, () => new Date(now).toISOString()) }] }, /\/events\/types\/0\/recent/],
    [{ ...kept, types: [{ ...visit, recent: ['2999-01-01T00:00:00Z'] }] }, /\/events\/types\/0\/recent\/0 lies in the future/],
    [{ ...kept, types: [{ ...visit, days: [{ day: '1969-12-31', count: 1 }] }] }, /\/events\/types\/0\/days\/0\/day lies in the future, or before 1970/],
    [{ ...kept, triggers: [{ trigger: 'bought', fromPartner: false, time: '2999-01-01T00:00:00Z' }] }, /\/events\/triggers\/0\/time lies in the future/],
    [{ ...kept, triggers: [{ trigger: 'bought', fromPartner: false, time: new Date(now).toISOString(), source: 's' }] }, /\/events\/triggers\/0/],
    [{ ...kept, triggers: [{ trigger: 'bought', fromPartner: false, time: new Date(now).toISOString(), endsAt: new Date(now + 1).toISOString() }] }, /\/events\/triggers\/0\/endsAt is not whole days after its time/],
  ];
  const lines = rows.map(([events]) => JSON.stringify({ id: 'C-1', attributes: { region: 'north' }, events }));
  const { code, err } = await nbo.run(['import', '-'], { input: bytesOf(lines.join('\n'), 1000) });
  expect(code).toBe(1);
  const said = err.trim().split('\n');
  expect(said).toHaveLength(rows.length);
  for (const [place, [, expected]] of rows.entries()) expect(said[place]).toMatch(expected);
});

test('the population\'s rhythm is measured, and decisions go by it', async () => {
  const weekly = Array.from({ length: 25 }, (_, customer) => Array.from({ length: 6 }, (_, week) => event({ type: 'visit', subject: `V-${customer}`, time: new Date(now - week * 7 * day).toISOString(), data: undefined })));
  await ingest(weekly.flat());
  const json = await nbo.run(['triggers', 'rhythm', '--json']);
  expect(JSON.parse(json.out)).toMatchObject({ customers: 27, sampled: 27, rhythms: [{ type: 'purchase', usualDays: null }, { type: 'visit', customers: 25, withRhythm: 25, usualDays: 7 }, { type: 'pregnancy', usualDays: null }, { type: 'storm', usualDays: null }] });
  const store = await openStore(commandConfig(nbo));
  expect((await store.shared(now)).rhythms).toEqual(new Map([['visit', 7 * day]]));
  await store.close();
  const { code, out, err } = await nbo.run(['triggers', 'rhythm']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/27 customers of 27 looked at:\n {2}event .*\n {2}purchase .*too few\n {2}visit .*25 .*25 .*7 days\n/);
  expect(await nbo.run(['triggers', 'rhythms'])).toMatchObject({ code: 2 });
});

test('a visitor is decided for, exported and erased by the id that the frontend gave', async () => {
  expect(await ingest([event({ subject: undefined, visitorid: 'web-1' })])).toMatchObject({ code: 0 });
  const exported = await nbo.run(['export', '--visitor', 'web-1']);
  expect(JSON.parse(exported.out)).toMatchObject({ visitorId: 'web-1', contacts: [], events: { types: [{ type: 'purchase', total: 1 }] } });
  const { out } = await nbo.run(['decide', '--visitor', 'web-1', '--channel', 'web', '--explain', 'full', '--json']);
  expect(JSON.parse(out)).toMatchObject({ visitorId: 'web-1', triggers: [{ id: 'bought', state: 'active' }] });
  expect(await nbo.run(['erase', '--visitor', 'web-1'])).toEqual({ code: 0, out: 'Everything that the store held about web-1 is erased.\n', err: '' });
  expect(await nbo.run(['export', '--visitor', 'web-1'])).toEqual({ code: 1, out: '', err: 'There is no visitor "web-1".\n' });
});
