import { NoAnswer, RefusedByRedis, failureOf, isAway, storeError } from '../../../src/customers/redis/failures.js';

const errorOf = (message: string, members: object = {}): Error => Object.assign(new Error(message), members);

const cases: [message: string, members: object, words: RegExp][] = [
  ['Command timed out', {}, /not answer in time/],
  ['Socket timeout. Expecting data, but didn\'t receive any in 2000ms.', {}, /not answer in time/],
  ['connect ECONNREFUSED 10.0.0.7:6379', { code: 'ECONNREFUSED' }, /refused; perhaps Redis is not running/],
  ['', { code: 'ECONNREFUSED' }, /refused; perhaps Redis is not running/],
  ['getaddrinfo ENOTFOUND redis.example', { code: 'ENOTFOUND' }, /name is not known/],
  ['read ECONNRESET', { code: 'ECONNRESET' }, /connection failed \(ECONNRESET\)/],
  ['self-signed certificate', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, /certificate is not trusted/],
  ['unable to verify the first certificate', { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }, /certificate is not trusted/],
  ['Hostname/IP does not match certificate\'s altnames', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, /certificate is not trusted/],
  ['SSL routines:ssl3_get_record:wrong version number', { code: 'ERR_SSL_WRONG_VERSION_NUMBER' }, /does not speak TLS/],
  ['OOM command not allowed when used memory > \'maxmemory\'.', {}, /no memory left/],
  ['READONLY You can\'t write against a read only replica.', {}, /is a replica/],
  ['CLUSTERDOWN Hash slot not served', {}, /cluster is down/],
  ['NOPERM this user has no permissions to run the \'info\' command', {}, /may not do/],
  ['ERR unknown command `GETEX`, with args beginning with: `nbo:{18}`', {}, /too old/],
  ['ERR value is not what Ada Lovelace expects', {}, /^Redis answered with an error \(ERR\)$/],
  ['Ada Lovelace', {}, /^Redis answered with an error \(of an unknown kind\)$/],
  ['', {}, /^Redis answered with an error/],
];

test.each(cases)('"%s" %j in words, without what was sent', (message, members, words) => {
  const error = errorOf(message, members);
  expect(failureOf(error)).toMatch(words);
  expect(failureOf(error)).not.toMatch(/Ada|10\.0\.0\.7|nbo:/);
});

test('only an answer of Redis says that nothing was written', () => {
  expect(storeError(errorOf('OOM', { name: 'ReplyError' }))).toBeInstanceOf(RefusedByRedis);
  expect(storeError(errorOf('Command timed out'))).toBeInstanceOf(NoAnswer);
  expect(storeError(errorOf('Command timed out'))).not.toBeInstanceOf(RefusedByRedis);
});

const reply = { name: 'ReplyError' };
test.each<[message: string, members: object, away: boolean]>([
  ['connect ECONNREFUSED', { code: 'ECONNREFUSED' }, true],
  ['connect ETIMEDOUT', { code: 'ETIMEDOUT' }, true],
  ['getaddrinfo EAI_AGAIN redis', { code: 'EAI_AGAIN' }, true],
  ['Command timed out', {}, true],
  ['Connection is closed.', {}, true],
  ['All sentinels are unreachable. Retrying from scratch after 50ms.', {}, true],
  ['LOADING Redis is loading the dataset in memory', reply, true],
  ['CLUSTERDOWN The cluster is down', reply, true],
  ['ERR max number of clients reached', reply, true],
  ['OOM command not allowed when used memory > \'maxmemory\'.', reply, true],
  ['Failed to refresh slots cache.', { lastNodeError: errorOf('connect ECONNREFUSED', { code: 'ECONNREFUSED' }) }, true],
  ['Failed to refresh slots cache.', { lastNodeError: errorOf('ERR This instance has cluster support disabled', reply) }, false],
  ['getaddrinfo ENOTFOUND redsi', { code: 'ENOTFOUND' }, false],
  ['WRONGPASS invalid username-password pair or user is disabled.', reply, false],
  ['NOAUTH Authentication required.', reply, false],
  ['READONLY You can\'t write against a read only replica.', reply, false],
  ['MOVED 3999 127.0.0.1:6381', reply, false],
  ['NOPERM this user has no permissions', reply, false],
  ['SSL routines:ssl3_get_record:wrong version number', { code: 'ERR_SSL_WRONG_VERSION_NUMBER' }, false],
  ['self-signed certificate', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, false],
])('"%s" %j at the start is worth waiting for: %s', (message, members, away) => {
  const error = errorOf(message, members);
  expect(isAway(error)).toBe(away);
  if (!('code' in members || 'lastNodeError' in members)) expect(isAway(storeError(error))).toBe(away);
});
