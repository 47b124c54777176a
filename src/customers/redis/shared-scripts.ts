import type { Script } from './script.js';

/** What concerns all customers; as scripts.ts has it. */

/**
 * Keys of all three: version, events, expiry, rhythms. Arguments: the event's field and value; now, the end of its keeping,
 * the most that are kept, the new version. Answers 1, 0 where there are too many, or the value that is there already.
 */
export const groupEventScript: Script = {
  name: 'nboGroupEvent',
  lua: `
local version, events, expiry = unpack(KEYS)
for _, field in ipairs(redis.call('ZRANGEBYSCORE', expiry, '-inf', ARGV[3])) do
  redis.call('ZREM', expiry, field)
  redis.call('HDEL', events, field)
end
local known = redis.call('HGET', events, ARGV[1])
if known then return known end
if redis.call('HLEN', events) >= tonumber(ARGV[5]) then return 0 end
redis.call('HSET', events, ARGV[1], ARGV[2])
redis.call('ZADD', expiry, ARGV[4], ARGV[1])
redis.call('SET', version, ARGV[6])
return 1`,
};

/** Arguments: the rhythms as they were read ('': none), the next, the new version. Answers 0 where they are others by now. */
export const rhythmsScript: Script = {
  name: 'nboRhythms',
  lua: `
if (redis.call('GET', KEYS[4]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[4], ARGV[2])
redis.call('SET', KEYS[1], ARGV[3])
return 1`,
};

/** Answers the version, the events' values and the rhythms, as they are at one moment. Of a master only: GETEX (scripts.ts). */
export const sharedScript: Script = {
  name: 'nboShared',
  lua: `return { redis.call('GETEX', KEYS[1]), redis.call('HVALS', KEYS[2]), redis.call('GET', KEYS[4]) }`,
};

export const sharedScripts: readonly Script[] = [groupEventScript, rhythmsScript, sharedScript];
