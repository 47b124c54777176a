import { describeAddress, isRedisUrl, parseRedisAddress, type RedisAddress } from '../../src/customers/redis-address.js';

const plain: RedisAddress = { type: 'single', nodes: [{ host: 'localhost', port: 6379 }], tls: false, database: 0, prefix: 'nbo', username: undefined, password: undefined, masterName: undefined, sentinelPassword: undefined };

describe('the address of a Redis', () => {
  const addresses: [string, Partial<RedisAddress>, string][] = [
    ['redis://localhost', {}, 'redis://localhost:6379'],
    ['REDIS://localhost/', {}, 'redis://localhost:6379'],
    ['redis://10.0.0.7:7000/3', { nodes: [{ host: '10.0.0.7', port: 7000 }], database: 3 }, 'redis://10.0.0.7:7000'],
    ['redis://[::1]:7000', { nodes: [{ host: '::1', port: 7000 }] }, 'redis://[::1]:7000'],
    ['redis://:hush@localhost', { password: 'hush' }, 'redis://localhost:6379'],
    ['redis://ada:hu%40sh%2F@localhost', { username: 'ada', password: 'hu@sh/' }, 'redis://localhost:6379'],
    ['redis://ada:hu@sh@localhost', { username: 'ada', password: 'hu@sh' }, 'redis://localhost:6379'],
    ['redis://ada@localhost', { username: 'ada' }, 'redis://localhost:6379'],
    ['rediss://localhost', { tls: true }, 'rediss://localhost:6379'],
    ['redis://localhost?tls=false&prefix=shop-1', { prefix: 'shop-1' }, 'redis://localhost:6379'],
    ['redis-cluster://a:7000,b,[::1]:7002', { type: 'cluster', nodes: [{ host: 'a', port: 7000 }, { host: 'b', port: 6379 }, { host: '::1', port: 7002 }] }, 'redis-cluster://a:7000,b:6379,[::1]:7002'],
    ['redis-cluster://ada:hush@a/0?tls', { type: 'cluster', nodes: [{ host: 'a', port: 6379 }], username: 'ada', password: 'hush', tls: true }, 'redis-cluster://a:6379'],
    ['redis-sentinel://:hush@a,b:26380/my%20master', { type: 'sentinel', nodes: [{ host: 'a', port: 26_379 }, { host: 'b', port: 26_380 }], masterName: 'my master', password: 'hush' }, 'redis-sentinel://a:26379,b:26380/my master'],
    ['redis-sentinel://a/m/4?sentinelPassword=hush', { type: 'sentinel', nodes: [{ host: 'a', port: 26_379 }], masterName: 'm', database: 4, sentinelPassword: 'hush' }, 'redis-sentinel://a:26379/m'],
  ];
  test.each(addresses)('%s', (url, expected, words) => {
    const parsed = parseRedisAddress(url);
    expect(parsed).toEqual({ ok: true, address: { ...plain, ...expected } });
    if (parsed.ok) expect(describeAddress(parsed.address)).toBe(words);
  });

  const bad: [string, string][] = [
    ['redis:localhost', 'is no address of a Redis'],
    ['redis+tls://localhost', 'is no address of a Redis'],
    ['redis-proxy://localhost', 'is no address of a Redis'],
    ['redis://', 'has a host that is none'],
    ['redis://:hush@', 'has a host that is none'],
    ['redis://hush:6379:6379', 'has a host that is none'],
    ['redis://a:0', 'has a host that is none'],
    ['redis://a b', 'has a host that is none'],
    ['redis://ada:hush%@localhost', 'has a % that encodes nothing'],
    ['redis://a,b', 'names several servers'],
    ['redis://a/hush', 'has a database that is no number'],
    ['redis-cluster://a/1', 'names a database'],
    ['redis-cluster://a,,b', 'has a host that is none'],
    ['redis-sentinel://a', 'names Sentinels without the name of the master'],
    ['redis://a?hush=1', 'has an option that is not known; there are tls, prefix'],
    ['redis://a?tls=hush', 'has a tls that is neither true nor false'],
    ['redis://a?prefix={hush}', 'has a prefix that cannot be used'],
    ['redis://a?prefix=', 'has a prefix that cannot be used'],
  ];
  test.each(bad)('%s is refused, and nothing of it is repeated', (url, problem) => {
    const parsed = parseRedisAddress(url);
    expect(parsed).toEqual({ ok: false, problem: expect.stringContaining(problem) });
    expect(JSON.stringify(parsed)).not.toContain('hush');
  });

  test.each([['redis://a', true], ['rediss://a', true], ['Redis-Cluster://a', true], ['./redis', false], ['postgres://a', false], ['redis', false]])('%s is a URL of a Redis: %s', (text, is) => expect(isRedisUrl(text)).toBe(is));
});
