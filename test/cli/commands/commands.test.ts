import { createServer, type AddressInfo } from 'node:net';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jest } from '@jest/globals';
import { parseApiKeys } from '../../../src/http/api-keys.js';
import { bytesOf, createNbo, type Nbo } from '../in-process.js';

jest.setTimeout(120_000);

let nbo: Nbo;
beforeEach(() => { nbo = createNbo(); });
afterEach(() => nbo.remove());

const root = fileURLToPath(new URL('../../../', import.meta.url));

describe('validate', () => {
  test('a good catalog, in short', async () => {
    const { code, out, err } = await nbo.run(['validate']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.replace(/[0-9a-f]{16}/, '…')).toBe(`\
The catalog is good.
  Revision    …
  Offers      3: 2 cross-sell, 1 service
  Rules       2: 1 business, 1 communication
  Strategies  1: maintain
  Triggers    0
  Models      0
  Channels    call-center, web
`);
  });

  test('every problem at once, with its place; warnings beside them', async () => {
    nbo.write('catalog/rules/more.yaml', '- id: a\n  kind: business\n  require: customer.agee > 1\n- id: b\n  kind: busines\n  reviewBy: 2020-01-01\n  require: "true"\n');
    const { code, out, err } = await nbo.run(['validate', join(nbo.folder, 'catalog')]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^rules\/more\.yaml:3:\d+ \/0\/require .*customer\.age/m);
    expect(err).toMatch(/^rules\/more\.yaml:5:\d+ \/1\/kind /m);
    expect(err).toMatch(/\n2 errors in .*catalog\. A service keeps the last good catalog until they are gone\.\n$/);
  });

  test('a warning alone does not fail', async () => {
    nbo.write('catalog/rules/more.yaml', '- { id: a, kind: business, reviewBy: 2020-01-01, require: "customer.age > 1" }\n');
    const { code, out, err } = await nbo.run(['validate']);
    expect(code).toBe(0);
    expect(out).toContain('The catalog is good, with 1 warning.\n');
    expect(err).toMatch(/^rules\/more\.yaml:1:\d+ \/0\/reviewBy warning: .*\n$/);
  });

  test('--json', async () => {
    expect(JSON.parse((await nbo.run(['validate', '--json'])).out)).toMatchObject({ valid: true, problems: [], catalog: { offers: { 'cross-sell': 2, service: 1 }, strategies: 1, models: [] } });
    nbo.write('catalog/rules/more.yaml', '- id: a\n');
    const { code, out, err } = await nbo.run(['validate', '--json']);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(JSON.parse(out)).toMatchObject({ valid: false, problems: [{ file: 'rules/more.yaml', line: 1, severity: 'error' }, { path: '/0' }] });
  });

  test('a folder that is not there, and one that is no catalog', async () => {
    const absent = await nbo.run(['validate', join(nbo.folder, 'absent')]);
    expect({ code: absent.code, out: absent.out }).toEqual({ code: 1, out: '' });
    expect(absent.err).not.toBe('');
    nbo.write('empty/readme.txt', '');
    const empty = await nbo.run(['validate', join(nbo.folder, 'empty')]);
    expect(empty.err).toContain('schema.yaml');
    expect(empty.code).toBe(1);
  });

  test('the folder is named in full, also where it is this one', async () => {
    const problem = { file: 'schema.yaml', line: 1, column: 1, path: '', message: 'is wrong', severity: 'error' } as const;
    const { err } = await nbo.run(['validate', '.'], { checkCatalog: () => Promise.resolve({ ok: false, problems: [problem] }) });
    expect(err).toContain(`\n1 error in ${process.cwd()}. A service keeps`);
  });

  test('it opens no store', async () => {
    await nbo.run(['validate']);
    expect(() => statSync(nbo.environment['NBO_STORE']!)).toThrow('ENOENT');
  });
});

describe('key', () => {
  const args = ['key', '--name', 'call-center "desktop"', '--scopes', 'decide, record,decide'];

  test('the secret on standard output, the entry for the file beside it', async () => {
    const { code, out, err } = await nbo.run(args);
    expect(code).toBe(0);
    expect(out).toMatch(/^nbo_[\w-]{43}\n$/);
    const entry = /^- .*$/m.exec(err)![0];
    expect(parseApiKeys(entry, 'keys.yaml')).toMatchObject({ keys: [{ name: 'call-center "desktop"', scopes: new Set(['decide', 'record']) }] });
    expect(err).not.toContain(out.trim());
  });

  test('the file is made, added to, and readable by its owner only', async () => {
    const file = join(nbo.folder, 'keys.yaml');
    await nbo.run([...args, '--file', file]);
    await nbo.run(['key', '--name', 'till', '--scopes', 'decide', '--file', file], { randomBytes: (count) => new Uint8Array(count).fill(8) });
    const text = readFileSync(file, 'utf8');
    expect(parseApiKeys(text, file).keys!.map(({ name }) => name)).toEqual(['call-center "desktop"', 'till']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(text).not.toContain('nbo_');
  });

  test.each([
    ['a name that is there', '- { name: till, sha256: "' + 'a'.repeat(64) + '", scopes: [decide] }\n', 'the name "till" is there twice'],
    ['no key file', 'port: 8080\n', 'stays as it is'],
  ])('a file with %s stays as it is', async (_name, before, said) => {
    const file = nbo.write('keys.yaml', before);
    const { code, out, err } = await nbo.run(['key', '--name', 'till', '--scopes', 'decide', '--file', file]);
    expect(err).toContain(said);
    expect({ code, out, after: readFileSync(file, 'utf8') }).toEqual({ code: 1, out: '', after: before });
  });
});

test('sample-customers: the same options give the same lines, and each fits the sample catalog', async () => {
  const args = ['sample-customers', '--count', '120', '--seed', '3', '--now', '2026-11-23T10:00:00Z'];
  const { code, out } = await nbo.run(args);
  expect(code).toBe(0);
  expect(out.trim().split('\n').map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(Array.from({ length: 120 }, (_, index) => `C-${1001 + index}`));
  expect((await nbo.run(args)).out).toBe(out);
  const imported = await nbo.run(['import', '-'], { input: bytesOf(out, 60_000), environment: { ...nbo.environment, NBO_CATALOG: root } });
  expect(imported).toMatchObject({ code: 0, err: '' });
  expect(imported.out).toMatch(/^120 customers\.\n/);
});

describe('start', () => {
  test('says where it listens, and ends when it is asked to', async () => {
    let live: number | undefined;
    const written: string[] = [];
    const { code } = await nbo.run(['start'], {
      environment: { ...nbo.environment, PORT: '0', LOG_LEVEL: 'silent' },
      output: { isTerminal: false, columns: undefined, write: (text) => { written.push(text); return Promise.resolve(); } },
      untilStopped: async () => {
        live = (await fetch(`${written[0]!.trim().split(' ').at(-1)!}/livez`)).status;
        return 'SIGTERM';
      },
    });
    expect({ code, live, written }).toEqual({ code: 0, live: 200, written: [expect.stringMatching(/^Next Best Offer listens on http:\/\/127\.0\.0\.1:\d+\n$/)] });
  });

  test('a port that is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const environment = { ...nbo.environment, PORT: String(port), LOG_LEVEL: 'silent' };
    for (const command of ['start', 'demo']) {
      const args = command === 'demo' ? ['demo', '--folder', join(nbo.folder, 'demo')] : [command];
      const { code, err } = await nbo.run(args, { environment, sampleCatalogFolder: root });
      expect(code).toBe(1);
      expect(err).toContain(`Port ${port} of 127.0.0.1 is taken`);
    }
    await new Promise((resolve) => other.close(resolve));
  });

  test.each([
    ['a setting', { PORT: 'http' }, 2, 'PORT is "http"'],
    ['the keys', { NBO_KEYS: 'absent.yaml', PORT: '0' }, 1, 'NBO_KEYS names absent.yaml'],
    ['the catalog', { NBO_CATALOG: 'absent', PORT: '0' }, 1, 'there is no folder absent'],
  ])('what is wrong with %s is said', async (_name, changes, expected, said) => {
    const { code, out, err } = await nbo.run(['start'], { environment: { ...nbo.environment, LOG_LEVEL: 'silent', ...changes } });
    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(err).toContain(said);
  });
});

test('demo: loads once, answers over HTTP, and the line that it prints is the call that it made', async () => {
  const folder = join(nbo.folder, 'demo');
  const changes = { environment: { PORT: '0' }, sampleCatalogFolder: root, now: () => Date.now() };
  const first = await nbo.run(['demo', '--once', '--folder', folder], changes);
  expect(first).toMatchObject({ code: 0, err: '' });
  expect(first.out).toMatch(/^Loading 1,000 made-up customers … done\.\n/);
  expect(first.out).toMatch(/C-1001 on call-center, /);
  expect(first.out).toMatch(/│ 1 │ /);
  // Nothing listens any more.
  expect(first.out).not.toContain('/docs');

  let again: { offers: { name: string }[] } | undefined;
  const written: string[] = [];
  const second = await nbo.run(['demo', '--folder', folder], {
    ...changes,
    output: { isTerminal: false, columns: undefined, write: (text) => { written.push(text); return Promise.resolve(); } },
    untilStopped: async () => {
      const [, url, body] = /curl -s (\S+) -H 'Content-Type: application\/json' -d '(.*)'/.exec(written.join(''))!;
      again = await (await fetch(url!, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: body! })).json() as typeof again;
      return 'SIGINT';
    },
  });
  expect(second).toMatchObject({ code: 0, err: '' });
  expect(written.join('')).not.toContain('Loading');
  expect(written.join('')).toMatch(/http:\/\/127\.0\.0\.1:\d+\/docs\nThe service runs until Ctrl-C\.\n$/);
  expect(again!.offers.length).toBeGreaterThan(0);
  for (const { name } of again!.offers) expect(written.join('')).toContain(name);
});
