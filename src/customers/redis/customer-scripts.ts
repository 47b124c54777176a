import { forgetPartnersFunction, takeAgendaFunction, wakeFunction } from './due-scripts.js';
import { forgetPartnerEventsFunction, keepFunctions } from './keep-functions.js';
import type { Script } from './script.js';

/** A customer, or a visitor, with what lies beside it; as scripts.ts has it. */

/** Keys: value, outcomes, tombstone, holds, outcomeExpiry. Arguments: whether the tombstone and the holds are wanted; for each
 *  outcome its field and now. Answers value, tombstone, holds, and for each outcome its answer and how many are remembered. */
export const lookScript: Script = {
  name: 'nboLook',
  lua: `
local answer = {
  redis.call('GETEX', KEYS[1]),
  ARGV[1] == '1' and redis.call('GET', KEYS[3]),
  ARGV[2] == '1' and redis.call('HGETALL', KEYS[4]) or {},
}
for at = 3, #ARGV, 2 do
  answer[#answer + 1] = redis.call('HGET', KEYS[2], ARGV[at])
  answer[#answer + 1] = redis.call('ZCOUNT', KEYS[5], '(' .. ARGV[at + 1], '+inf')
end
return answer`,
};

/**
 * Writes a customer where it still begins with the bytes that were read ('': where there is none). An attempt at limits
 * is entered in the same step, unless somebody called it off before.
 *
 * Keys: value, outcomes, outcomeExpiry, holds, committed, aborted, ids, agenda, and the bucket's dues, leases and woken.
 * Arguments: head, value or '', id to be listed or '', attempt or '', its entries; milliseconds to keep holds, to keep the
 * value or ''; the id, when it is to be due or '', the lease that must be held or '', the agenda (without a lease, '1': what
 * hangs on partners' data goes from it, and their events' keys); how many outcomes, for each its field, answer, expiry, now,
 * milliseconds to keep it; how many holds go, for each its field and what it must be; for each that comes its field and value.
 * Answers 1; 0: another value; -1: the attempt was called off; -2: the lease is lost.
 */
export const commitScript: Script = {
  name: 'nboCommit',
  lua: `
local value, outcomes, expiry, holds, committed, aborted, ids, agenda, due, leases, woken = unpack(KEYS)
${wakeFunction}
${forgetPartnersFunction}
${forgetPartnerEventsFunction}
${keepFunctions}
if ARGV[1] == '' then
  if redis.call('EXISTS', value) == 1 then return 0 end
elseif redis.call('GETRANGE', value, 0, #ARGV[1] - 1) ~= ARGV[1] then
  return 0
end
if ARGV[10] ~= '' and redis.call('HGET', leases, ARGV[8]) ~= ARGV[10] then return -2 end
if ARGV[4] ~= '' then
  if redis.call('HEXISTS', aborted, ARGV[4]) == 1 then return -1 end
  redis.call('HSET', committed, ARGV[4], ARGV[5])
end
if ARGV[2] ~= '' then
  redis.call('SET', value, ARGV[2])
  if ARGV[7] ~= '' then redis.call('PEXPIRE', value, ARGV[7]) end
end
if ARGV[3] ~= '' then redis.call('ZADD', ids, 0, ARGV[3]) end
local at = 13
for _ = 1, tonumber(ARGV[12]) do
  redis.call('HSET', outcomes, ARGV[at], ARGV[at + 1])
  redis.call('ZADD', expiry, ARGV[at + 2], ARGV[at])
  for _, field in ipairs(redis.call('ZRANGEBYSCORE', expiry, '-inf', ARGV[at + 3], 'LIMIT', 0, 4)) do
    redis.call('ZREM', expiry, field)
    redis.call('HDEL', outcomes, field)
  end
  keepFor(outcomes, ARGV[at + 4])
  keepFor(expiry, ARGV[at + 4])
  at = at + 5
end
if ARGV[10] == '' and ARGV[11] == '1' then
  forgetPartners(agenda, due, leases, woken, ARGV[8])
  forgetPartnerEvents(outcomes, expiry)
end
if ARGV[9] ~= '' then wake(due, leases, woken, ARGV[8], ARGV[9]) end
if ARGV[10] ~= '' then redis.call('SET', agenda, ARGV[11]) end
local gone = tonumber(ARGV[at])
at = at + 1
for _ = 1, gone do
  if redis.call('HGET', holds, ARGV[at]) == ARGV[at + 1] then redis.call('HDEL', holds, ARGV[at]) end
  at = at + 2
end
addHolds(holds, at, ARGV[6])
return 1`,
};

/**
 * Keys: value, outcomes, outcomeExpiry, holds, committed, aborted, tombstone, ids, links, agenda, and the bucket's dues, leases
 * and woken. Arguments: id, erasedAt, keptUntil,
 * milliseconds to keep the tombstone (as text: its format, 1, and both times); whether the value must begin with the next,
 * that. Where contacts wait for their limits nothing is erased: answers {-1, them}; where visitors are linked: {-2, their
 * links}; where the value is another: {-3, {}}. Else {whether there was anything, the holds}.
 */
export const eraseScript: Script = {
  name: 'nboErase',
  lua: `
local value, outcomes, expiry, holds, committed, aborted, tombstone, ids, links, agenda, due, leases, woken = unpack(KEYS)
if redis.call('HLEN', committed) > 0 then return { -1, redis.call('HGETALL', committed) } end
if redis.call('HLEN', links) > 0 then return { -2, redis.call('HVALS', links) } end
if ARGV[5] == '1' and redis.call('GETRANGE', value, 0, math.max(0, #ARGV[6] - 1)) ~= ARGV[6] then return { -3, {} } end
local there = redis.call('EXISTS', value)
local held = redis.call('HGETALL', holds)
redis.call('DEL', value, outcomes, expiry, holds, aborted, agenda)
redis.call('ZREM', ids, ARGV[1])
redis.call('ZREM', due, ARGV[1])
redis.call('HDEL', leases, ARGV[1])
redis.call('HDEL', woken, ARGV[1])
if there == 0 then return { there, held } end
local erasedAt, keptUntil = tonumber(ARGV[2]), tonumber(ARGV[3])
local before = redis.call('GET', tombstone)
if before then
  local erased, kept = string.match(before, '^1 (%d+) (%d+)$')
  erasedAt = math.max(erasedAt, tonumber(erased or 0))
  keptUntil = math.max(keptUntil, tonumber(kept or 0))
end
local ms = math.max(tonumber(ARGV[4]), redis.call('PTTL', tombstone))
redis.call('SET', tombstone, string.format('1 %.0f %.0f', erasedAt, keptUntil), 'PX', string.format('%.0f', ms))
return { there, held }`,
};

/** Keys: value, ids, agenda, outcomes, outcomeExpiry, and the bucket's dues, leases and woken. Arguments: value, id; when it is
 *  to be due or ''; 1 where the agenda is given, then the agenda or '', and when it is due or ''; 1 where what hangs on
 *  partners' data goes; '' where it may take the place of anybody, 'new' where there must be nobody, else 'over' and the
 *  versions that must stand in the value. Answers 1; 0: there is another. */
export const loadScript: Script = {
  name: 'nboLoad',
  lua: `
local value, ids, agenda, outcomes, expiry, due, leases, woken = unpack(KEYS)
${wakeFunction}
${takeAgendaFunction}
${forgetPartnersFunction}
${forgetPartnerEventsFunction}
if ARGV[8] == 'new' and redis.call('EXISTS', value) == 1 then return 0 end
if ARGV[8] == 'over' and redis.call('GETRANGE', value, 1, #ARGV[9]) ~= ARGV[9] then return 0 end
redis.call('SET', value, ARGV[1])
redis.call('ZADD', ids, 0, ARGV[2])
if ARGV[4] == '1' then takeAgenda(agenda, due, leases, woken, ARGV[2], ARGV[5], ARGV[6]) end
if ARGV[7] == '1' then
  forgetPartners(agenda, due, leases, woken, ARGV[2])
  forgetPartnerEvents(outcomes, expiry)
end
if ARGV[3] ~= '' then wake(due, leases, woken, ARGV[2], ARGV[3]) end
return 1`,
};

export const customerScripts: readonly Script[] = [lookScript, commitScript, eraseScript, loadScript];
