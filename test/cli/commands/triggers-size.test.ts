import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, createNbo, now, smallCatalog, type Nbo } from '../in-process.js';
import { startRedis, type RedisServer } from '../../support/redis-servers.js';

const catalog: Readonly<Record<string, string>> = {
  ...smallCatalog,
  'triggers/events.yaml': 'moved: { data: { type: object, additionalProperties: false, properties: { country: { type: string } } } }\nmarried: {}\n',
  'triggers/triggers.yaml': `
- id: moved-house
  type: life-event
  on: { event: moved, when: '!has(event.data.country) || event.data.country == "SE"' }
  audience: customer.region == "north"
  window: 30d
  control: 0.2
  effect: { weight: 2, offers: [home-insurance] }
- { id: just-married, type: life-event, on: { event: married }, window: 30d, effect: { weight: 2, offers: [credit-card] } }
- { id: of-age-now, type: lifecycle, while: customer.age == 18, effect: { weight: 2, offers: [credit-card] } }
`,
};
const dayMs = 86_400_000;
let server: RedisServer;
let nbo: Nbo;
beforeAll(async () => { server = await startRedis(); });
afterAll(() => server.stop());
beforeEach(() => { nbo = createNbo(catalog); });
afterEach(() => nbo.remove());

/** Ten from the north, of whom three have moved, and five from the south; one of each is 18, the others are younger. */
async function fill(): Promise<void> {
  const customers = Array.from({ length: 15 }, (_, place) => JSON.stringify({ id: `C-${place}`, attributes: { region: place < 10 ? 'north' : 'south', age: place % 10 === 0 ? 18 : 17 } }));
  expect(await nbo.run(['import', '-'], { input: bytesOf(customers.join('\n')) })).toMatchObject({ code: 0 });
  const events = [0, 1, 2, 12].map((place) => JSON.stringify({ specversion: '1.0', id: `e-${place}`, source: '/crm', type: 'moved', subject: `C-${place}`, time: new Date(now - 3 * dayMs).toISOString(), data: {} }));
  expect(await nbo.run(['ingest', '-'], { input: bytesOf(events.join('\n')) })).toMatchObject({ code: 0 });
}
const size = (...args: string[]) => nbo.run(['triggers', 'size', ...args]);

describe.each([
  ['the embedded store', () => nbo.environment['NBO_STORE']!],
  ['Redis', () => `${server.url}?prefix=sizes`],
])('over %s', (_name, storeOf) => {
  test('figures, a sentence for each trigger, JSON; nothing is written', async () => {
    nbo.environment['NBO_STORE'] = storeOf();
    await fill();
    const before = (await nbo.run(['export'])).out;
    const { code, out, err } = await size();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('15 customers, all looked at. Amounts in SEK.');
    expect(out).toMatch(/│ moved-house +│ +10 │ +3 │ +3 │ +3 │ +12.3 % │ +1,260 │ +466 │/);
    expect(out).toContain('moved-house: It is for 10 customers. In the last 30 days moved happened to at most 3 of them, since what these events said is not kept. It is active for 3 now. 3 would get an offer; 12.3 % of these accept, at 1,260 SEK each: at most 466 SEK in 30 days.');
    expect(out).toContain('just-married: It is for everybody: 15 customers. How often married happens is not known: none of those who were looked at has had one. Of 100 to whom it happens, 13 would get an offer; 5 % of these accept, at 200 SEK each: 133 SEK. Who gets none meets most often: of-age-for-credit-and-everything-else-that-the-law-asks-for, 87 % (Credit is for customers of age).');
    expect(out).toContain('of-age-now: It is for everybody: 15 customers. It is active for 2 of them now. 2 would get an offer; 5 % of these accept, at 200 SEK each: 20 SEK.');
    for (const line of out.split('\n').filter((text) => /^[│┌├└]/.test(text))) expect(line.length).toBeLessThanOrEqual(100);

    const json = JSON.parse((await size('of-age-now', '--json')).out) as Record<string, unknown>;
    expect(json).toMatchObject({
      at: '2026-11-23T10:00:00.000Z', currency: 'SEK', customers: 15, sampled: 15, degraded: [],
      triggers: [{ id: 'of-age-now', activeNow: { estimate: 2, low: 2, high: 2 }, withOffer: { estimate: 2 }, propensity: 0.05, valuePerAccept: 200, expectedValue: { estimate: 20 }, withoutControl: null }],
    });
    expect((await nbo.run(['export'])).out).toBe(before);
  });

  test('a sample; --store in place of NBO_STORE', async () => {
    const store = storeOf();
    nbo.environment['NBO_STORE'] = store;
    await fill();
    nbo.environment['NBO_STORE'] = join(nbo.folder, 'elsewhere');
    const args = ['--sample', '10', '--store', store, 'moved-house'];
    const first = await size(...args);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/^10 customers of 15 looked at/);
    expect(first.out).toMatch(/It is for \d+ \(\d+ to \d+\) customers\./);
    expect(await size(...args)).toEqual(first);
    expect(existsSync(join(nbo.folder, 'elsewhere'))).toBe(false);
  });
});

test('a trigger that was written a moment ago, and no service knows', async () => {
  await fill();
  nbo.write('catalog/triggers/new.yaml', '- { id: south, type: business, audience: customer.region == "south", from: 2027-01-01, effect: { weight: 2, offers: [contact-us] } }\n');
  const { code, out } = await size('south');
  expect(code).toBe(0);
  expect(out).toContain('south: Its dates have not begun; this is as if they had. It is for 5 customers. 5 would get an offer; 10 % of these accept, at 5 SEK each: 2.5 SEK.');
});

test('a trigger that speaks for a time only: how many of these it is too late for is not known', async () => {
  await fill();
  nbo.write('catalog/triggers/new.yaml', '- { id: south, type: business, audience: customer.region == "south", from: 2026-01-01, effect: { weight: 2, offers: [contact-us] }, outbound: { channels: [web], within: 2d } }\n');
  const { code, out } = await size('south');
  expect(code).toBe(0);
  expect(out).toContain('south: It is for 5 customers. For whom it has been active for longer than its `within`, it speaks no more, and they are counted, too. 5 would get an offer; 10 % of these accept, at 5 SEK each: at most 2.5 SEK.');
});

describe('what is wrong is said', () => {
  test.each([
    [['move-house'], 2, 'There is no trigger "move-house" in the catalog; did you mean moved-house?'],
    [['moved-house', 'birthdays'], 2, 'There is no trigger "birthdays" in the catalog\n'],
    [['--channel', 'webb'], 2, 'The channel "webb" is not in the catalog; did you mean web?'],
    [['--sample', '0'], 2, 'whole number from 1 to 100000'],
    [['--store', ''], 2, "folder's path, or the URL of a Redis"],
    [['--store', 'redis://127.0.0.1:1'], 1, '127.0.0.1:1'],
  ])('%j', async (args, expected, said) => {
    await fill();
    const { code, out, err } = await size(...args);
    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(err).toContain(said);
  });

  test('no store: none is made', async () => {
    const { code, out, err } = await size();
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(nbo.environment['NBO_STORE']);
    expect(existsSync(nbo.environment['NBO_STORE']!)).toBe(false);
  });

  test('a store without customers', async () => {
    await nbo.run(['import', '-']);
    expect(await size()).toMatchObject({ code: 1, out: '', err: expect.stringContaining('has no customers') as string });
  });

  test('a catalog without triggers, and a broken one', async () => {
    await fill();
    nbo.write('catalog/triggers/triggers.yaml', '[]\n');
    expect(await size()).toMatchObject({ code: 1, err: expect.stringContaining('has no triggers') as string });
    nbo.write('catalog/triggers/triggers.yaml', '- { id: a, typ: business }\n');
    expect(await size()).toMatchObject({ code: 1, err: expect.stringMatching(/triggers\.yaml:1:\d+/) as string });
  });
});
