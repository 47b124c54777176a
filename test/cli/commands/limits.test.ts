import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { renderLimits, type LimitLine } from '../../../src/cli/printing/limit-table.js';
import { createNbo, now, smallCatalog, type Nbo } from '../in-process.js';
import { startRedis, type RedisServer } from '../../support/redis-servers.js';
import { runService } from '../../support/running-service.js';

const limited = (limits: string): string => `
- id: home-insurance
  name: Home insurance
  kind: cross-sell
  attributes: { category: insurance }
  value: { volume: 1, margin: 420, duration: 3 }
  propensity: { prior: 0.1 }
  limits: ${limits}
`;
const limits = `
    - { outcome: accepted, max: 4, per: day }
    - { outcome: presented, max: 1200, per: week }
    - { outcome: accepted, max: 5, per: month, reserve: 15m }
    - { outcome: accepted, max: 100, per: total }`;
const catalog: Readonly<Record<string, string>> = { ...smallCatalog, 'offers/offers.yaml': limited(limits) };

let server: RedisServer;
let nbo: Nbo;
beforeAll(async () => { server = await startRedis(); });
afterAll(() => server.stop());
beforeEach(() => { nbo = createNbo(catalog); });
afterEach(() => nbo.remove());

describe.each([
  ['the embedded store', () => nbo.environment['NBO_STORE']!],
  ['Redis', () => `${server.url}?prefix=limits`],
])('over %s', (_name, storeOf) => {
  test('beside a running service: what is used, reserved and left', async () => {
    nbo.environment['NBO_STORE'] = storeOf();
    const service = await runService({ NBO_CATALOG: nbo.environment['NBO_CATALOG']!, NBO_STORE: storeOf() }, () => now);
    try {
      for (const customer of ['C-1', 'C-2', 'C-3']) {
        await service.call('PUT', `/v1/customers/${customer}`, { attributes: { region: 'north' } });
        const { body } = await service.call('POST', '/v1/decisions', { customerId: customer, channel: 'web', record: 'presented' }, { 'X-Request-Timeout-Ms': '5000' });
        if (customer === 'C-1') expect((await service.call('POST', '/v1/outcomes', { token: body.offers[0].token, outcome: 'accepted', outcomeId: 'o' })).status).toBe(201);
      }
      const { code, out, err } = await nbo.run(['limits']);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toMatch(/^Limits at 2026-11-23 10:00 UTC, periods by Europe\/Stockholm, catalog [0-9a-f]{16}:\n/);
      expect(out).toMatch(/\n {2}offer +outcome +period +used {3}reserved +max +left\n/);
      expect(out).toMatch(/\n {2}home-insurance +accepted +day 2026-11-23 +1 +2 +4 +1\n/);
      expect(out).toMatch(/\n {2}home-insurance +presented +week 2026-W48 +3 +0 +1,200 +1,197\n/);
      expect(out).toMatch(/\n {2}home-insurance +accepted +month 2026-11 +1 +2 +5 +2\n/);
      expect(out).toMatch(/\n {2}home-insurance +accepted +total +1 +2 +100 +97\n/);

      const json = await nbo.run(['limits', '--json']);
      expect({ code: json.code, err: json.err, lines: json.out.split('\n').length }).toEqual({ code: 0, err: '', lines: 2 });
      expect(JSON.parse(json.out)).toEqual({
        at: '2026-11-23T10:00:00.000Z', catalogRevision: expect.stringMatching(/^[0-9a-f]{16}$/), timeZone: 'Europe/Stockholm',
        limits: [
          { offerId: 'home-insurance', outcome: 'accepted', per: 'day', period: '2026-11-23', used: 1, reserved: 2, max: 4, left: 1 },
          { offerId: 'home-insurance', outcome: 'presented', per: 'week', period: '2026-W48', used: 3, reserved: 0, max: 1_200, left: 1_197 },
          { offerId: 'home-insurance', outcome: 'accepted', per: 'month', period: '2026-11', used: 1, reserved: 2, max: 5, left: 2 },
          { offerId: 'home-insurance', outcome: 'accepted', per: 'total', period: null, used: 1, reserved: 2, max: 100, left: 97 },
        ],
      });
      // A limit that was lowered below what is used.
      nbo.write('catalog/offers/offers.yaml', limited(limits.replace('max: 1200', 'max: 2')));
      expect(JSON.parse((await nbo.run(['limits', '--json'])).out)).toMatchObject({ limits: [{}, { used: 3, max: 2, left: 0 }, {}, {}] });
      // The next month, by the local day: nothing is used of it yet.
      const later = JSON.parse((await nbo.run(['limits', '--json'], { now: () => Date.parse('2026-11-30T23:00:00Z') })).out) as { limits: LimitLine[] };
      expect(later.limits[2]).toMatchObject({ period: '2026-12', used: 0, left: 5 });
    } finally {
      await service.remove();
    }
  });
});

test('--catalog and --store in place of what is configured', async () => {
  await nbo.run(['import', '-']);
  const store = nbo.environment['NBO_STORE']!;
  nbo.write('other/schema.yaml', smallCatalog['schema.yaml']!);
  nbo.write('other/strategies/strategies.yaml', smallCatalog['strategies/strategies.yaml']!);
  nbo.write('other/offers/offers.yaml', limited('[{ outcome: clicked, max: 7, per: total }]'));
  nbo.environment['NBO_STORE'] = join(nbo.folder, 'elsewhere');
  const { code, out } = await nbo.run(['limits', '--catalog', join(nbo.folder, 'other'), '--store', store]);
  expect(code).toBe(0);
  expect(out).toMatch(/\n {2}home-insurance +clicked +total +0 +0 +7 +7\n/);
  expect(out).not.toContain('2026-W48');
  expect(existsSync(join(nbo.folder, 'elsewhere'))).toBe(false);
});

test('a catalog without limits', async () => {
  await nbo.run(['import', '-']);
  nbo.write('catalog/offers/offers.yaml', limited('[]'));
  expect(await nbo.run(['limits'])).toEqual({ code: 0, out: `The catalog in ${nbo.environment['NBO_CATALOG']!} has no limits.\n`, err: '' });
  expect(JSON.parse((await nbo.run(['limits', '--json'])).out)).toMatchObject({ limits: [] });
});

describe('what is wrong is said', () => {
  test.each([
    [['--store', ''], 2, "folder's path, or the URL of a Redis"],
    [['--catalog', ''], 2, "folder's path"],
    [['--store', 'redis://127.0.0.1:1'], 1, '127.0.0.1:1'],
    [['--catalog', 'absent'], 1, 'absent'],
    [['scarce'], 2, 'too many arguments'],
  ])('%j', async (args, expected, said) => {
    await nbo.run(['import', '-']);
    const { code, out, err } = await nbo.run(['limits', ...args]);
    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(err).toContain(said);
  });

  test('a store that does not answer in the middle', async () => {
    await nbo.run(['import', '-']);
    const { openEngine } = await import('../../../src/app.js');
    const { StoreError } = await import('../../../src/customers/customer-store.js');
    const { code, out, err } = await nbo.run(['limits'], {
      openEngine: async (...given) => {
        const opened = await openEngine(...given);
        return opened.ok ? { ok: true, engine: { ...opened.engine, store: { ...opened.engine.store, limitUse: () => Promise.reject(new StoreError('Redis does not answer')) } } } : opened;
      },
    });
    expect({ code, out, err }).toEqual({ code: 1, out: '', err: 'Redis does not answer\n' });
  });
});

test('ten thousand are a line each, in columns', () => {
  const limits = Array.from({ length: 10_000 }, (_, place): LimitLine => ({ offerId: `offer-${place}`, outcome: 'presented', per: 'week', period: '2026-W48', used: place, reserved: 1, max: 20_000, left: 19_999 - place }));
  const lines = renderLimits(limits).trimEnd().split('\n');
  expect(lines).toHaveLength(10_001);
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  expect(lines.at(-1)).toBe('  offer-9999   presented   week 2026-W48   9,999          1   20,000   10,000');
});

test('what is named begins together, what is counted ends together', () => {
  const line: LimitLine = { offerId: 'card', outcome: 'accepted', per: 'total', period: null, used: 7, reserved: 0, max: 10, left: 3 };
  expect(renderLimits([line, { ...line, offerId: 'home-insurance', outcome: 'presented', per: 'week', period: '2026-W48', used: 1_200 }]).split('\n')).toEqual([
    '  offer            outcome     period           used   reserved   max   left',
    '  card             accepted    total               7          0    10      3',
    '  home-insurance   presented   week 2026-W48   1,200          0    10      3',
    '',
  ]);
});
