import { takeAgendaFunction } from './due-scripts.js';
import type { Script } from './script.js';

/** What moves everything from and to another store; as scripts.ts has it. */

/** Keys: value, outcomes, holds, links, agenda, the bucket's dues. Argument: id. Answers value, outcomes and holds with their
 *  fields, links, agenda, when somebody must look. */
export const heldEntryScript: Script = {
  name: 'nboHeldEntry',
  lua: `
return {
  redis.call('GETEX', KEYS[1]), redis.call('HGETALL', KEYS[2]), redis.call('HGETALL', KEYS[3]),
  redis.call('HVALS', KEYS[4]), redis.call('GET', KEYS[5]), redis.call('ZSCORE', KEYS[6], ARGV[1]),
}`,
};

/** Keys: agenda, the bucket's dues, leases and woken. Arguments: id, agenda or '', when somebody must look or ''. */
export const takeAgendaScript: Script = {
  name: 'nboTakeAgenda',
  lua: `
${takeAgendaFunction}
takeAgenda(KEYS[1], KEYS[2], KEYS[3], KEYS[4], ARGV[1], ARGV[2], ARGV[3])
return 1`,
};

/**
 * Writes a customer, or a visitor, in place of what there was. Keys: value, outcomes, outcomeExpiry, holds, committed,
 * aborted, ids, links, calledOff, agenda, and the bucket's dues, leases and woken. Arguments: id, value or '' (it is gone);
 * 1 where it is to be listed; milliseconds to keep the value or '', outcomes, and holds; agenda or '', when somebody must
 * look or ''; how many outcomes, for each its field, value and expiry; how many holds, for each its field and value; for
 * each link its field and value.
 */
export const takeEntryScript: Script = {
  name: 'nboTakeEntry',
  lua: `
local value, outcomes, expiry, holds, committed, aborted, ids, links, calledOff, agenda, due, leases, woken = unpack(KEYS)
${takeAgendaFunction}
redis.call('DEL', value, outcomes, expiry, holds, committed, aborted, links, calledOff)
takeAgenda(agenda, due, leases, woken, ARGV[1], ARGV[7], ARGV[8])
if ARGV[2] == '' then return redis.call('ZREM', ids, ARGV[1]) end
redis.call('SET', value, ARGV[2])
if ARGV[4] ~= '' then redis.call('PEXPIRE', value, ARGV[4]) end
if ARGV[3] == '1' then redis.call('ZADD', ids, 0, ARGV[1]) end
local at = 10
for _ = 1, tonumber(ARGV[9]) do
  redis.call('HSET', outcomes, ARGV[at], ARGV[at + 1])
  redis.call('ZADD', expiry, ARGV[at + 2], ARGV[at])
  at = at + 3
end
redis.call('PEXPIRE', outcomes, ARGV[5])
redis.call('PEXPIRE', expiry, ARGV[5])
local afterHolds = at + 1 + 2 * tonumber(ARGV[at])
at = at + 1
while at < afterHolds do
  redis.call('HSET', holds, ARGV[at], ARGV[at + 1])
  at = at + 2
end
redis.call('PEXPIRE', holds, ARGV[6])
while ARGV[at] do
  redis.call('HSET', links, ARGV[at], ARGV[at + 1])
  at = at + 2
end
return 1`,
};

/** Keys: confirmed, reserved, pending, details. Argument: now. Answers the end of the period or '', how many are confirmed,
 *  the live reservations with their ends, and all entries that are pending, each with its customer's place. */
export const heldCounterScript: Script = {
  name: 'nboHeldCounter',
  lua: `
local confirmed, reserved, pending, details = unpack(KEYS)
local entries = {}
for _, entry in ipairs(redis.call('ZRANGE', pending, 0, -1)) do
  entries[#entries + 1] = entry
  entries[#entries + 1] = cmsgpack.unpack(redis.call('HGET', details, 'e' .. entry))[1]
end
return {
  redis.call('HGET', details, 'until') or '',
  tonumber(redis.call('GETEX', confirmed) or 0),
  redis.call('ZRANGEBYSCORE', reserved, '(' .. ARGV[1], '+inf', 'WITHSCORES'),
  entries,
}`,
};

/** Writes a counter in place of what there was. Keys: as above. Arguments: name or '' (it is gone), end of the period or '',
 *  how many are confirmed, milliseconds to live (-1: for ever), for each reservation its end and holder. */
export const takeCounterScript: Script = {
  name: 'nboTakeCounter',
  lua: `
local confirmed, reserved, pending, details = unpack(KEYS)
redis.call('DEL', confirmed, reserved, pending, details)
if ARGV[1] == '' then return 1 end
redis.call('HSET', details, 'name', ARGV[1])
if ARGV[2] ~= '' then redis.call('HSET', details, 'until', ARGV[2]) end
if tonumber(ARGV[3]) > 0 then redis.call('SET', confirmed, ARGV[3]) end
for at = 5, #ARGV, 2 do redis.call('ZADD', reserved, ARGV[at], ARGV[at + 1]) end
if ARGV[4] ~= '-1' then
  for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ARGV[4]) end
end
return 1`,
};

/** Keys: those of sharedKeys. Answers the events by field, and the rhythms. */
export const heldSharedScript: Script = {
  name: 'nboHeldShared',
  lua: `return { redis.call('HGETALL', KEYS[2]), redis.call('GETEX', KEYS[4]) }`,
};

/** Writes what concerns all, in place of what there was. Keys: as above. Arguments: the new version, the rhythms or '', for
 *  each event its field, value and the end of its keeping. */
export const takeSharedScript: Script = {
  name: 'nboTakeShared',
  lua: `
local version, events, expiry, rhythms = unpack(KEYS)
redis.call('DEL', events, expiry, rhythms)
if ARGV[2] ~= '' then redis.call('SET', rhythms, ARGV[2]) end
for at = 3, #ARGV, 3 do
  redis.call('HSET', events, ARGV[at], ARGV[at + 1])
  redis.call('ZADD', expiry, ARGV[at + 2], ARGV[at])
end
redis.call('SET', version, ARGV[1])
return 1`,
};

export const holdingScripts: readonly Script[] = [heldSharedScript, takeSharedScript, heldEntryScript, takeAgendaScript, takeEntryScript, heldCounterScript, takeCounterScript];
