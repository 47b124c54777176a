import { settleDueScript, takeDueScript, wakeFunction, wakeScript } from './due-scripts.js';
import type { Script } from './script.js';

/**
 * What must be atomic, as Lua; each within one slot. They decide on bytes and numbers only: what a ledger is, they do
 * not know. Sent once for each connection, then named by their hash.
 *
 * GETEX reads as GET does, but counts as a write: a replica, whose answer may be old, refuses it.
 */

/** Keys: value, outcomes, tombstone, holds. Arguments: outcome's field or '', whether the tombstone and the holds are
 *  wanted. */
export const lookScript: Script = {
  name: 'nboLook',
  lua: `
return {
  redis.call('GETEX', KEYS[1]),
  ARGV[1] ~= '' and redis.call('HGET', KEYS[2], ARGV[1]),
  ARGV[2] == '1' and redis.call('GET', KEYS[3]),
  ARGV[3] == '1' and redis.call('HGETALL', KEYS[4]) or {},
}`,
};

/**
 * Writes a customer where it still begins with the bytes that were read ('': where there is none). An attempt at limits
 * is entered in the same step, unless somebody called it off before.
 *
 * Keys: value, outcomes, outcomeExpiry, holds, committed, aborted, ids, agenda, and the bucket's dues, leases and woken.
 * Arguments: head, value or '', id to be listed or '', attempt or '', its entries; now; outcome's field or '', answer,
 * expiry, milliseconds to keep it; milliseconds to keep holds, to keep the value or ''; the id, when it is to be due or
 * '', the lease that must be held or '', the agenda; how many holds go, for each its field and what it must be; for each
 * that comes its field and value.
 * Answers 1; 0: another value; -1: the attempt was called off; -2: the lease is lost.
 */
export const commitScript: Script = {
  name: 'nboCommit',
  lua: `
local value, outcomes, expiry, holds, committed, aborted, ids, agenda, due, leases, woken = unpack(KEYS)
${wakeFunction}
local function keepFor(key, ms)
  if redis.call('PTTL', key) < tonumber(ms) then redis.call('PEXPIRE', key, ms) end
end
if ARGV[1] == '' then
  if redis.call('EXISTS', value) == 1 then return 0 end
elseif redis.call('GETRANGE', value, 0, #ARGV[1] - 1) ~= ARGV[1] then
  return 0
end
if ARGV[15] ~= '' and redis.call('HGET', leases, ARGV[13]) ~= ARGV[15] then return -2 end
if ARGV[4] ~= '' then
  if redis.call('HEXISTS', aborted, ARGV[4]) == 1 then return -1 end
  redis.call('HSET', committed, ARGV[4], ARGV[5])
end
if ARGV[2] ~= '' then
  redis.call('SET', value, ARGV[2])
  if ARGV[12] ~= '' then redis.call('PEXPIRE', value, ARGV[12]) end
end
if ARGV[3] ~= '' then redis.call('ZADD', ids, 0, ARGV[3]) end
if ARGV[7] ~= '' then
  redis.call('HSET', outcomes, ARGV[7], ARGV[8])
  redis.call('ZADD', expiry, ARGV[9], ARGV[7])
  for _, field in ipairs(redis.call('ZRANGEBYSCORE', expiry, '-inf', ARGV[6], 'LIMIT', 0, 4)) do
    redis.call('ZREM', expiry, field)
    redis.call('HDEL', outcomes, field)
  end
  keepFor(outcomes, ARGV[10])
  keepFor(expiry, ARGV[10])
end
if ARGV[14] ~= '' then wake(due, leases, woken, ARGV[13], ARGV[14]) end
if ARGV[15] ~= '' then redis.call('SET', agenda, ARGV[16]) end
local at = 18
for _ = 1, tonumber(ARGV[17]) do
  if redis.call('HGET', holds, ARGV[at]) == ARGV[at + 1] then redis.call('HDEL', holds, ARGV[at]) end
  at = at + 2
end
if ARGV[at] then
  while ARGV[at] do
    redis.call('HSET', holds, ARGV[at], ARGV[at + 1])
    at = at + 2
  end
  keepFor(holds, ARGV[11])
end
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

/** Keys: value, ids. Arguments: value, id. */
export const loadScript: Script = {
  name: 'nboLoad',
  lua: `
redis.call('SET', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[2], 0, ARGV[2])
return 1`,
};

/** Keys: committed, aborted. Arguments: attempt, milliseconds to keep that it is called off. Answers its entries where
 *  the contact was written; else '', and it will never be. */
export const resolveScript: Script = {
  name: 'nboResolve',
  lua: `
local entries = redis.call('HGET', KEYS[1], ARGV[1])
if entries then return entries end
redis.call('HSET', KEYS[2], ARGV[1], '1')
redis.call('PEXPIRE', KEYS[2], ARGV[2])
return ''`,
};

/** All keys of a counter live as long as the one that lives longest. -1: for ever; 0: as they are. */
const lifetime = `
local function lifeOf(given)
  local longest = given
  for _, key in ipairs(KEYS) do
    if longest == -1 then return -1 end
    local ms = redis.call('PTTL', key)
    if ms == -1 then return -1 end
    longest = math.max(longest, ms)
  end
  return longest
end
local function live(ms)
  for _, key in ipairs(KEYS) do
    if ms == -1 then redis.call('PERSIST', key) else redis.call('PEXPIRE', key, ms) end
  end
end`;

/**
 * Takes room in a counter. Keys: confirmed, reserved, pending, details. Arguments: 'reserve', 'confirm', or 'confirm-own'
 * (only what is reserved by the holder); now; max; holder or ''; milliseconds that the counter must live; end of the
 * reservation, or the time from which on the entry is in doubt; entry; the customer's place; the counter's name, and the end of its
 * period or '', which are kept for those who list counters; then holders that are leaving, whose room counts as free. Answers {1, end of the reservation that the holder had, or ''}; {0, entries in doubt}; {2,
 * entry}: another try of the same is on its way.
 */
export const takeScript: Script = {
  name: 'nboTake',
  lua: `
local confirmed, reserved, pending, details = unpack(KEYS)
local mode, now, max, holder, ends, entry, place = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[6], ARGV[7], ARGV[8]
${lifetime}
redis.call('ZREMRANGEBYSCORE', reserved, '-inf', now)
local own = holder ~= '' and redis.call('ZSCORE', reserved, holder)
local function describe(entries)
  local described = {}
  for _, each in ipairs(entries) do
    described[#described + 1] = each
    described[#described + 1] = cmsgpack.unpack(redis.call('HGET', details, 'e' .. each))[1]
  end
  return described
end
if mode == 'reserve' or not own then
  local other = mode ~= 'reserve' and holder ~= '' and redis.call('HGET', details, 'h' .. holder)
  if other and string.sub(other, 1, 16) == string.sub(entry, 1, 16) then other = false end
  if mode == 'confirm-own' then return other and { 2, describe({ other }) } or { 0, {} } end
  local used = tonumber(redis.call('GET', confirmed) or 0) + redis.call('ZCARD', pending) + redis.call('ZCARD', reserved)
  if own then used = used - 1 end
  for at = 11, #ARGV do
    if redis.call('ZSCORE', reserved, ARGV[at]) then used = used - 1 end
  end
  if used >= max then
    if other then return { 2, describe({ other }) } end
    return { 0, describe(redis.call('ZRANGEBYSCORE', pending, '-inf', now, 'LIMIT', 0, 16)) }
  end
end
local life = lifeOf(tonumber(ARGV[5]))
redis.call('HSET', details, 'name', ARGV[9])
if ARGV[10] ~= '' and tonumber(ARGV[10]) > tonumber(redis.call('HGET', details, 'until') or 0) then redis.call('HSET', details, 'until', ARGV[10]) end
if mode == 'reserve' then
  if tonumber(ends) > tonumber(now) then redis.call('ZADD', reserved, ends, holder) else redis.call('ZREM', reserved, holder) end
else
  if own then redis.call('ZREM', reserved, holder) end
  redis.call('ZADD', pending, ends, entry)
  redis.call('HSET', details, 'e' .. entry, cmsgpack.pack({ place, holder, own or '' }))
  if holder ~= '' then redis.call('HSET', details, 'h' .. holder, entry) end
end
live(life)
return { 1, own or '' }`,
};

/** Ends what `take` began. Keys: as there. Arguments: entry, 'confirm' or 'abort', now. A reservation that the entry had
 *  taken comes back with an abort. Answers 0 where there is no such entry (any more). */
export const settleScript: Script = {
  name: 'nboSettle',
  lua: `
local confirmed, reserved, pending, details = unpack(KEYS)
local entry, now = ARGV[1], tonumber(ARGV[3])
${lifetime}
local life = lifeOf(0)
if redis.call('ZREM', pending, entry) == 0 then return 0 end
local _, holder, held = unpack(cmsgpack.unpack(redis.call('HGET', details, 'e' .. entry)))
redis.call('HDEL', details, 'e' .. entry)
if holder ~= '' and redis.call('HGET', details, 'h' .. holder) == entry then redis.call('HDEL', details, 'h' .. holder) end
if ARGV[2] == 'confirm' then
  redis.call('INCR', confirmed)
elseif held ~= '' and tonumber(held) > now and not redis.call('ZSCORE', reserved, holder) then
  redis.call('ZADD', reserved, held, holder)
end
live(life)
return 1`,
};

/** Keys: those of any number of counters of one slot. Argument: now. Answers for each: how much is taken, and its entries
 *  in doubt. */
export const usageScript: Script = {
  name: 'nboUsage',
  lua: `
local answer = {}
for at = 1, #KEYS, 4 do
  local used = tonumber(redis.call('GETEX', KEYS[at]) or 0) + redis.call('ZCOUNT', KEYS[at + 1], '(' .. ARGV[1], '+inf')
  local pending = redis.call('ZCARD', KEYS[at + 2])
  local doubted = {}
  if pending > 0 then
    for _, entry in ipairs(redis.call('ZRANGEBYSCORE', KEYS[at + 2], '-inf', ARGV[1], 'LIMIT', 0, 16)) do
      doubted[#doubted + 1] = entry
      doubted[#doubted + 1] = cmsgpack.unpack(redis.call('HGET', KEYS[at + 3], 'e' .. entry))[1]
    end
  end
  answer[#answer + 1] = { used + pending, doubted }
end
return answer`,
};

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

/** Arguments: the rhythms, the new version. */
export const rhythmsScript: Script = {
  name: 'nboRhythms',
  lua: `
redis.call('SET', KEYS[4], ARGV[1])
redis.call('SET', KEYS[1], ARGV[2])`,
};

/** Argument: the version that is known. Answers the version, the events' values and the rhythms; of the same version, the
 *  version only. GETEX: as above. */
export const sharedScript: Script = {
  name: 'nboShared',
  lua: `
local version = redis.call('GETEX', KEYS[1])
if (version or '') == ARGV[1] then return { version, false, false } end
return { version, redis.call('HVALS', KEYS[2]), redis.call('GET', KEYS[4]) }`,
};

export const scripts: readonly Script[] = [lookScript, commitScript, eraseScript, loadScript, resolveScript, takeScript, settleScript, usageScript, groupEventScript, rhythmsScript, sharedScript, wakeScript, takeDueScript, settleDueScript];
