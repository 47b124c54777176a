import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaults, placesOf, readConfig } from '../src/config.js';

describe('the configuration', () => {
  test('the defaults are those of the README', () => {
    const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');
    const table = new Map([...readme.matchAll(/^\| `([A-Z_]+)` \| `([^`]+)` \|/gm)].map(([, name, value]) => [name, value]));
    expect(Object.fromEntries(table)).toEqual(defaults);
    const read = readConfig({});
    expect(read).toEqual({ ok: true, config: { port: 8080, host: '127.0.0.1', workers: 1, catalogFolder: '.', store: { type: 'lmdb', folder: './data' }, keysFile: null, tokenSecrets: null, decisionLogFolder: null, outbox: null, logLevel: 'info', warnings: [] } });
  });

  test.each([
    [{ PORT: 'eighty' }, 'PORT is "eighty"; it must be a port number, 0 to 65535'],
    [{ PORT: '65536' }, 'PORT is "65536"; it must be a port number, 0 to 65535'],
    [{ HOST: '0.0.0.0' }, 'HOST is "0.0.0.0", which others can reach, and there are no API keys; name a file of keys in NBO_KEYS ("nbo key" makes one), or leave HOST at 127.0.0.1'],
    [{ NBO_WORKERS: '0' }, 'NBO_WORKERS is "0"; it must be a number of processes, 1 to 64'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL is "loud"; it must be one of trace, debug, info, warn, error, fatal, silent'],
    [{ NBO_KEYS: './keys.yaml', NBO_TOKEN_SECRET: 'short' }, 'NBO_TOKEN_SECRET is too short; with API keys each secret must have at least 32 characters'],
  ])('%j is refused: %s', (environment, problem) => {
    expect(readConfig(environment)).toEqual({ ok: false, problems: [problem] });
  });

  test('every problem is reported at once, and no secret is shown', () => {
    const read = readConfig({ PORT: 'x', LOG_LEVEL: 'y', NBO_KEYS: './keys.yaml', NBO_TOKEN_SECRET: 'hush' });
    expect(read).toMatchObject({ ok: false, problems: { length: 3 } });
    expect(JSON.stringify(read)).not.toContain('hush');
  });

  test('a name that is no setting is a warning, and stands behind the problems that it may be the reason of', () => {
    const warning = 'NBO_KEY is no setting, and does nothing; did you mean NBO_KEYS?';
    expect(readConfig({ NBO_KEY: './keys.yaml' })).toMatchObject({ ok: true, config: { warnings: [warning] } });
    expect(readConfig({ NBO_KEY: './keys.yaml', HOST: '0.0.0.0' })).toEqual({ ok: false, problems: [expect.stringContaining('there are no API keys'), warning] });
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
    ['redis:/user:hush@host:6379', /^NBO_STORE is no address of a Redis: write it as redis:\/\/.*, with two slashes/],
    ['Redis-cluster:user:hush@host', /^NBO_STORE is no address of a Redis/],
    ['reddis:host', /^NBO_STORE is no address of a Redis/],
  ])('the store may not be %s', (NBO_STORE, problem) => {
    const read = readConfig({ NBO_STORE });
    expect(read).toEqual({ ok: false, problems: [expect.stringMatching(problem)] });
    expect(JSON.stringify(read)).not.toContain('hush');
  });

  test.each([['::1'], ['127.0.0.1'], ['localhost']])('%s needs no keys', (HOST) => expect(readConfig({ HOST })).toMatchObject({ ok: true }));

  describe('the outbox', () => {
    const secret = 's'.repeat(32);
    const hook = { NBO_OUTBOX: 'https://hooks.example/nbo', NBO_OUTBOX_HOSTS: 'hooks.example', NBO_OUTBOX_SECRET: secret };

    test.each<[Record<string, string>, object | null]>([
      [{}, null],
      [{ NBO_OUTBOX: ' ' }, null],
      [{ NBO_OUTBOX: './outbox' }, { type: 'files', folder: './outbox' }],
      [{ NBO_OUTBOX: '/var/lib/nbo/out box' }, { type: 'files', folder: '/var/lib/nbo/out box' }],
      [{ NBO_OUTBOX: 'redis://127.0.0.1:6379?prefix=bank' }, { type: 'stream', url: 'redis://127.0.0.1:6379?prefix=bank' }],
      [{ NBO_OUTBOX: 'redis-cluster://a:7000,b:7001' }, { type: 'stream', url: 'redis-cluster://a:7000,b:7001' }],
      [hook, { type: 'webhook', url: 'https://hooks.example/nbo', secret }],
      [{ ...hook, NBO_OUTBOX: 'HTTPS://Hooks.Example:8443', NBO_OUTBOX_HOSTS: 'other.example, Hooks.Example:8443 ,' }, { type: 'webhook', url: 'https://hooks.example:8443/', secret }],
      [{ ...hook, NBO_OUTBOX: 'https://hooks.example:8443/' }, { type: 'webhook', url: 'https://hooks.example:8443/', secret }],
      [{ ...hook, NBO_OUTBOX: 'https://[2001:db8::1]/', NBO_OUTBOX_HOSTS: '[2001:db8::1]' }, { type: 'webhook', url: 'https://[2001:db8::1]/', secret }],
      [{ ...hook, NBO_OUTBOX: 'http://localhost:9000/hook', NBO_OUTBOX_HOSTS: 'localhost:9000' }, { type: 'webhook', url: 'http://localhost:9000/hook', secret }],
    ])('%j is taken', (environment, outbox) => expect(readConfig(environment)).toMatchObject({ ok: true, config: { outbox } }));

    const refused: [string, Record<string, string>, string][] = [
      ['another kind of server', { NBO_OUTBOX: 'kafka://user:hush@broker:9092' }, 'NBO_OUTBOX names a kafka server, which is no outbox; give a folder\'s path, https://…, or '],
      ['no address', { NBO_OUTBOX: 'https://' }, 'NBO_OUTBOX names no address; give a folder\'s path, https://…, or '],
      ['a Redis on no port', { NBO_OUTBOX: 'redis://user:hush@host:99999' }, 'NBO_OUTBOX has a host that is none'],
      ['Sentinels without a master', { NBO_OUTBOX: 'redis-sentinel://user:hush@host' }, 'NBO_OUTBOX names Sentinels without the name of the master'],
      ['a password in the address', { ...hook, NBO_OUTBOX: 'https://user:hush@hooks.example/nbo' }, 'NBO_OUTBOX holds a name or a password, which would be in logs; leave them out: the signature says who sends'],
      ['plain http', { ...hook, NBO_OUTBOX: 'http://hooks.example/nbo' }, 'NBO_OUTBOX would send customers\' data over plain http; give an https address'],
      ['a host that is not listed', { ...hook, NBO_OUTBOX_HOSTS: 'example, hooks.example.evil.example,xhooks.example' }, 'NBO_OUTBOX names the host hooks.example, which is not in NBO_OUTBOX_HOSTS; list there the hosts that may get customers\' data'],
      ['no list of hosts', { ...hook, NBO_OUTBOX_HOSTS: '' }, 'NBO_OUTBOX names the host hooks.example, which is not in NBO_OUTBOX_HOSTS; list there the hosts that may get customers\' data'],
      ['another port than the one that is listed', { ...hook, NBO_OUTBOX_HOSTS: 'hooks.example:8443' }, 'NBO_OUTBOX names the host hooks.example, which is not in NBO_OUTBOX_HOSTS; '],
      ['a URL in the list', { ...hook, NBO_OUTBOX_HOSTS: 'hooks.example,https://hooks.example' }, 'NBO_OUTBOX_HOSTS lists "https://hooks.example", which is no host; write hosts with commas, each like hooks.example or hooks.example:8443'],
      ['a wildcard in the list', { ...hook, NBO_OUTBOX_HOSTS: '*.example' }, 'NBO_OUTBOX_HOSTS lists "*.example", which is no host; '],
      ['spaces in place of commas', { ...hook, NBO_OUTBOX_HOSTS: 'hooks.example other.example' }, 'NBO_OUTBOX_HOSTS lists "hooks.example other.example", which is no host; '],
      ['no secret', { ...hook, NBO_OUTBOX_SECRET: '' }, 'NBO_OUTBOX is a webhook, and NBO_OUTBOX_SECRET, which signs what is sent, is missing or has fewer than 32 characters; set it to a random text (openssl rand -base64 32)'],
      ['a short secret', { ...hook, NBO_OUTBOX_SECRET: 'hush' }, 'NBO_OUTBOX is a webhook, and NBO_OUTBOX_SECRET, which signs what is sent, is missing or has fewer than 32 characters; '],
    ];
    test.each(refused)('%s is refused, and no secret is shown', (_, environment, problem) => {
      const read = readConfig(environment);
      expect(read).toMatchObject({ ok: false, problems: [expect.stringContaining(problem)] });
      expect(JSON.stringify(read)).not.toContain('hush');
    });
  });

  test('where state and offers go is told without passwords, and without the path of a webhook', () => {
    const places = (environment: Record<string, string>): object => {
      const read = readConfig(environment);
      return read.ok ? placesOf(read.config) : read.problems;
    };
    expect(places({})).toEqual({ store: './data', outbox: null });
    expect(places({ NBO_STORE: 'redis-cluster://user:hush@a:7000,b:7001', NBO_OUTBOX: './offers-due' })).toEqual({ store: 'redis-cluster://a:7000,b:7001', outbox: './offers-due' });
    expect(places({ NBO_STORE: '/data', NBO_OUTBOX: 'rediss://:hush@host' })).toEqual({ store: '/data', outbox: 'rediss://host:6379' });
    expect(places({ NBO_STORE: 'redis://user:hush@host/3?prefix=shop', NBO_OUTBOX: 'redis-sentinel://user:hush@a,b/mymaster/2?sentinelPassword=hush' })).toEqual({ store: 'redis://host:6379/3?prefix=shop', outbox: 'redis-sentinel://a:26379,b:26379/mymaster/2' });
    expect(places({ NBO_OUTBOX: 'https://hooks.example/hush', NBO_OUTBOX_HOSTS: 'hooks.example', NBO_OUTBOX_SECRET: 's'.repeat(32) })).toMatchObject({ outbox: 'https://hooks.example' });
  });

  test('a short secret does where there are no keys, which leave a token nothing to guard', () => {
    expect(readConfig({ NBO_TOKEN_SECRET: 'trial' })).toMatchObject({ ok: true, config: { tokenSecrets: ['trial'] } });
  });

  test('two secrets: the first signs, both verify', () => {
    const [older, newer] = ['a'.repeat(32), 'b'.repeat(32)];
    expect(readConfig({ NBO_TOKEN_SECRET: `${newer}, ${older}` })).toMatchObject({ ok: true, config: { tokenSecrets: [newer, older] } });
  });
});
