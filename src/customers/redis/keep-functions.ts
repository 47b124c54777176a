/** Lua: what lies beside a customer's value lives as long as what lives longest in it; and reservations that come, as pairs of
 *  arguments from a place on. */
export const keepFunctions = `
local function keepFor(key, ms)
  if redis.call('PTTL', key) < tonumber(ms) then redis.call('PEXPIRE', key, ms) end
end
local function addHolds(holds, at, ms)
  if not ARGV[at] then return end
  while ARGV[at] do
    redis.call('HSET', holds, ARGV[at], ARGV[at + 1])
    at = at + 2
  end
  keepFor(holds, ms)
end`;

/** Lua: the keys of partners' events go (answered-outcome.ts: what stands in place of their answer is last, after its length). */
export const forgetPartnerEventsFunction = `
local function forgetPartnerEvents(outcomes, expiry)
  local held = redis.call('HGETALL', outcomes)
  for at = 1, #held, 2 do
    if string.sub(held[at + 1], -8) == '\\7partner' then
      redis.call('HDEL', outcomes, held[at])
      redis.call('ZREM', expiry, held[at])
    end
  end
end`;
