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
