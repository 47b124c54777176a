import { keepFunctions } from './keep-functions.js';
import type { Script } from './script.js';

/** Keys: value, links, tombstone of a customer. Argument: a visitor's id. Answers value, link to it, how many links, tombstone. */
export const lookAtCustomerScript: Script = {
  name: 'nboLookAtCustomer',
  lua: `
return { redis.call('GETEX', KEYS[1]), redis.call('HGET', KEYS[2], ARGV[1]), redis.call('HLEN', KEYS[2]), redis.call('GET', KEYS[3]) }`,
};

/** Keys: value, outcomes, holds of a visitor. Answers all of them. */
export const lookAtVisitorScript: Script = {
  name: 'nboLookAtVisitor',
  lua: `
return { redis.call('GETEX', KEYS[1]), redis.call('HGETALL', KEYS[2]), redis.call('HGETALL', KEYS[3]) }`,
};

/** Keys: a visitor's value, then what goes with the old one. Arguments: head ('': there is none), the next value ('': none),
 *  milliseconds to keep it, or ''. Answers 0 where it is another. */
export const swapScript: Script = {
  name: 'nboSwap',
  lua: `
if redis.call('GETRANGE', KEYS[1], 0, math.max(0, #ARGV[1] - 1)) ~= ARGV[1] then return 0 end
redis.call('DEL', unpack(KEYS))
if ARGV[2] ~= '' then redis.call('SET', KEYS[1], ARGV[2]) end
if ARGV[3] ~= '' then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
return 1`,
};

/**
 * A customer takes a visitor, unless this link has been made, or was called off. Keys: value, outcomes, outcomeExpiry,
 * holds, links, calledOff. Arguments: head, value, the visitor's id, link (its id at bytes 4 to 39), the link's id;
 * milliseconds to keep outcomes, and holds; how many outcomes, for each its field, answer and expiry; holds with their
 * values. Answers 1; 2: made before; 0: another value; -1: called off.
 */
export const joinScript: Script = {
  name: 'nboJoin',
  lua: `
local value, outcomes, expiry, holds, links, calledOff = unpack(KEYS)
${keepFunctions}
local link = redis.call('HGET', links, ARGV[3])
if link and string.sub(link, 4, 39) == ARGV[5] then return 2 end
if redis.call('HEXISTS', calledOff, ARGV[5]) == 1 then return -1 end
if redis.call('GETRANGE', value, 0, #ARGV[1] - 1) ~= ARGV[1] then return 0 end
redis.call('SET', value, ARGV[2])
redis.call('HSET', links, ARGV[3], ARGV[4])
local at = 9
for _ = 1, tonumber(ARGV[8]) do
  if redis.call('HSETNX', outcomes, ARGV[at], ARGV[at + 1]) == 1 then redis.call('ZADD', expiry, ARGV[at + 2], ARGV[at]) end
  at = at + 3
end
if at > 9 then
  keepFor(outcomes, ARGV[6])
  keepFor(expiry, ARGV[6])
end
addHolds(holds, at, ARGV[7])
return 1`,
};

/** Keys: links, calledOff. Arguments: the visitor's id, the link's id, milliseconds to keep the mark. Answers 0 where the
 *  link has been made. */
export const callOffScript: Script = {
  name: 'nboCallOff',
  lua: `
local link = redis.call('HGET', KEYS[1], ARGV[1])
if link and string.sub(link, 4, 39) == ARGV[2] then return 0 end
redis.call('HSET', KEYS[2], ARGV[2], '1')
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1`,
};

/** Keys: links. Arguments: the visitor's id, the link's id. */
export const unlinkScript: Script = {
  name: 'nboUnlink',
  lua: `
local link = redis.call('HGET', KEYS[1], ARGV[1])
if link and string.sub(link, 4, 39) == ARGV[2] then redis.call('HDEL', KEYS[1], ARGV[1]) end
return 1`,
};

export const linkScripts: readonly Script[] = [lookAtCustomerScript, lookAtVisitorScript, swapScript, joinScript, callOffScript, unlinkScript];
