import type { Script } from './script.js';

/** The counters of limits, and what becomes of an attempt at them (docs/decisions/0007); as scripts.ts has it. */

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

/** Keys and argument: as there. Answers for each: how much is confirmed, or on its way to be; how much is reserved. */
export const useScript: Script = {
  name: 'nboUse',
  lua: `
local answer = {}
for at = 1, #KEYS, 4 do
  local confirmed = tonumber(redis.call('GETEX', KEYS[at]) or 0) + redis.call('ZCARD', KEYS[at + 2])
  answer[#answer + 1] = { confirmed, redis.call('ZCOUNT', KEYS[at + 1], '(' .. ARGV[1], '+inf') }
end
return answer`,
};

export const limitScripts: readonly Script[] = [resolveScript, takeScript, settleScript, usageScript, useScript];
