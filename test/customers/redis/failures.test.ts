import { NoAnswer, RefusedByRedis, failureOf, storeError } from '../../../src/customers/redis/failures.js';

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
