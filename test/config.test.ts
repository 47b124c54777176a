import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaults, readConfig } from '../src/config.js';

describe('the configuration', () => {
  test('the defaults are those of the README', () => {
    const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');
    const table = new Map([...readme.matchAll(/^\| `([A-Z_]+)` \| `([^`]+)` \|/gm)].map(([, name, value]) => [name, value]));
    expect(Object.fromEntries(table)).toEqual(defaults);
    const read = readConfig({});
    expect(read).toEqual({ ok: true, config: { port: 8080, host: '127.0.0.1', workers: 1, catalogFolder: '.', store: { type: 'lmdb', folder: './data' }, keysFile: null, tokenSecrets: null, decisionLogFolder: null, outbox: null, logLevel: 'info' } });
  });

  test.each([
    [{ PORT: 'eighty' }, 'PORT is "eighty"; it must be a port number, 0 to 65535'],
    [{ PORT: '65536' }, 'PORT is "65536"; it must be a port number, 0 to 65535'],
    [{ HOST: '0.0.0.0' }, 'HOST is "0.0.0.0", which others can reach, and there are no API keys; name a file of keys in NBO_KEYS ("nbo key" makes one), or leave HOST at 127.0.0.1'],
    [{ NBO_WORKERS: '0' }, 'NBO_WORKERS is "0"; it must be a number of processes, 1 to 64'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL is "loud"; it must be one of trace, debug, info, warn, error, fatal, silent'],
    [{ NBO_TOKEN_SECRET: 'short' }, 'NBO_TOKEN_SECRET is too short; each secret must have at least 32 characters'],
  ])('%j is refused: %s', (environment, problem) => {
    expect(readConfig(environment)).toEqual({ ok: false, problems: [problem] });
  });

  test('every problem is reported at once, and no secret is shown', () => {
    const read = readConfig({ PORT: 'x', LOG_LEVEL: 'y', NBO_TOKEN_SECRET: 'hush' });
    expect(read).toMatchObject({ ok: false, problems: { length: 3 } });
    expect(JSON.stringify(read)).not.toContain('hush');
  });

  test.each([
    ['redis://127.0.0.1:6379'], ['rediss://user:p%40ss@redis.example:6380/2'], ['redis-cluster://a:7000,b:7001,c:7002?tls=true'], ['redis-sentinel://:hush@a:26379,b/mymaster?prefix=nbo-2'],
  ])('the store may be %s', (NBO_STORE) => {
    expect(readConfig({ NBO_STORE })).toMatchObject({ ok: true, config: { store: { type: 'redis', url: NBO_STORE } } });
  });

  test.each([
    ['postgres://user:hush@host/db', /^NBO_STORE names a postgres server/],
    ['redis://user:hush@host:99999', /^NBO_STORE has a host that is none/],
    ['redis-sentinel://user:hush@host', /^NBO_STORE names Sentinels without the name of the master/],
  ])('the store may not be %s', (NBO_STORE, problem) => {
    const read = readConfig({ NBO_STORE });
    expect(read).toEqual({ ok: false, problems: [expect.stringMatching(problem)] });
    expect(JSON.stringify(read)).not.toContain('hush');
  });

  test.each([['::1'], ['127.0.0.1'], ['localhost']])('%s needs no keys', (HOST) => expect(readConfig({ HOST })).toMatchObject({ ok: true }));

  test('two secrets: the first signs, both verify', () => {
    const [older, newer] = ['a'.repeat(32), 'b'.repeat(32)];
    expect(readConfig({ NBO_TOKEN_SECRET: `${newer}, ${older}` })).toMatchObject({ ok: true, config: { tokenSecrets: [newer, older] } });
  });
});
