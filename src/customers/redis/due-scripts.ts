import type { Script } from './script.js';

/** Sees to it that an id is due at a time or before; one that is leased, after it. */
export const wakeFunction = `
local function wake(at, leases, woken, id, time)
  if redis.call('HEXISTS', leases, id) == 0 then
    redis.call('ZADD', at, 'LT', time, id)
    return
  end
  local before = redis.call('HGET', woken, id)
  if not before or tonumber(before) > tonumber(time) then redis.call('HSET', woken, id, time) end
end`;

/** Takes off an agenda's second line (agenda-value.ts); a lease that was held is lost, and what became due meanwhile is. */
export const forgetPartnersFunction = `
local function forgetPartners(agenda, due, leases, woken, id)
  local before = redis.call('GET', agenda)
  if before then
    local own = string.match(before, '^[^\\n]*')
    if own == '\\1[[],[]]' then redis.call('DEL', agenda) else redis.call('SET', agenda, own) end
  end
  if redis.call('HDEL', leases, id) == 0 then return end
  local at = redis.call('HGET', woken, id)
  redis.call('HDEL', woken, id)
  if at then wake(due, leases, woken, id, at) end
end`;

/** Writes an agenda ('': none) and when somebody must look ('': nobody); a lease that was held is lost. */
export const takeAgendaFunction = `
local function takeAgenda(agenda, due, leases, woken, id, value, dueAt)
  redis.call('HDEL', leases, id)
  redis.call('HDEL', woken, id)
  if value == '' then redis.call('DEL', agenda) else redis.call('SET', agenda, value) end
  if dueAt == '' then redis.call('ZREM', due, id) else redis.call('ZADD', due, dueAt, id) end
end`;

/** Keys: a bucket's dues, leases and woken. Arguments: when, ids. */
export const wakeScript: Script = {
  name: 'nboWake',
  lua: `
local due, leases, woken = unpack(KEYS)
${wakeFunction}
for place = 2, #ARGV do wake(due, leases, woken, ARGV[place], ARGV[1]) end`,
};

/** Keys: as above. Arguments: now, the most to take, the end of the lease, the lease. Answers ids and when they were due. */
export const takeDueScript: Script = {
  name: 'nboTakeDue',
  lua: `
local due, leases, woken = unpack(KEYS)
local taken = redis.call('ZRANGEBYSCORE', due, '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', 0, ARGV[2])
for place = 1, #taken, 2 do
  redis.call('ZADD', due, ARGV[3], taken[place])
  redis.call('HSET', leases, taken[place], ARGV[4])
  redis.call('HDEL', woken, taken[place])
end
return taken`,
};

/** Keys: agenda, and as above. Arguments: id, lease, agenda or '', when it is due next or ''. Answers 1; 0: the lease is
 *  lost. */
export const settleDueScript: Script = {
  name: 'nboSettleDue',
  lua: `
local agenda, due, leases, woken = unpack(KEYS)
local id, next = ARGV[1], ARGV[4]
if redis.call('HGET', leases, id) ~= ARGV[2] then return 0 end
redis.call('HDEL', leases, id)
local at = redis.call('HGET', woken, id)
if at then
  redis.call('HDEL', woken, id)
  if next == '' or tonumber(at) < tonumber(next) then next = at end
end
if next == '' then redis.call('ZREM', due, id) else redis.call('ZADD', due, next, id) end
if ARGV[3] == '' then redis.call('DEL', agenda) else redis.call('SET', agenda, ARGV[3]) end
return 1`,
};

/** Keys: a bucket's dues, leases and woken. Arguments: the lease, ids. While it is held they are due no more, and their
 *  agendas stay as they are. */
export const setAsideScript: Script = {
  name: 'nboSetAside',
  lua: `
local due, leases, woken = unpack(KEYS)
for place = 2, #ARGV do
  if redis.call('HGET', leases, ARGV[place]) == ARGV[1] then
    redis.call('HDEL', leases, ARGV[place])
    redis.call('HDEL', woken, ARGV[place])
    redis.call('ZREM', due, ARGV[place])
  end
end`,
};

export const dueScripts: readonly Script[] = [wakeScript, takeDueScript, settleDueScript, setAsideScript];
