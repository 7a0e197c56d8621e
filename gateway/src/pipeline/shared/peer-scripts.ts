import { script } from '../../storage/redis/index.ts';

/** Told when something rests: Unix milliseconds of the store, a space, `SharedRest` as JSON without `until`, and who says so. */
export const restChannel = 'sluice:rest';

const tag = '{sluice:peers}';
/** When each instance was last heard of; what each says of itself; the sums of that; what rests; how often that changed. */
export const peerKeys: readonly string[] = ['alive', 'counts', 'sums', 'rests', 'version'].map((name) => `${tag}:${name}`);

const prelude = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local alive, counts, sums, rests, version = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local function add(text, factor)
  if not text then return end
  for id, numbers in pairs(cjson.decode(text)) do
    for i, number in ipairs(numbers) do
      local field = i .. id
      if number ~= 0 and redis.call('HINCRBY', sums, field, number * factor) <= 0 then redis.call('HDEL', sums, field) end
    end
  end
end
local function forget(instance)
  add(redis.call('HGET', counts, instance), -1)
  redis.call('HDEL', counts, instance)
  redis.call('ZREM', alive, instance)
end
`;

/**
 * An instance says that it is there and what it counts, and learns what all count together. ARGV: its id, after how many
 * milliseconds of silence one is dead, `{"deployment": [pending, requests, tokens, output tokens]}`, and when it says so (-1: it does not
 * know the time here). What it said before is taken off first, so that saying it twice changes nothing. Those of the dead
 * are taken off as well. What was said long ago, and lay in a socket while the server stood still, is no sign of life.
 * Reply: the time, how many there are, how often rests changed, the sums (`1<deployment>`, value, ...).
 */
export const pushScript = script(`${prelude}
local said = tonumber(ARGV[4])
if said < 0 or now - said < 1000 then
  local before = redis.call('HGET', counts, ARGV[1])
  if before ~= ARGV[3] then
    add(before, -1)
    add(ARGV[3], 1)
    redis.call('HSET', counts, ARGV[1], ARGV[3])
  end
  redis.call('ZADD', alive, now, ARGV[1])
end
for _, dead in ipairs(redis.call('ZRANGEBYSCORE', alive, '-inf', now - tonumber(ARGV[2]))) do forget(dead) end
for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], 60000) end
return {now, redis.call('ZCARD', alive), tonumber(redis.call('GET', version) or 0), redis.call('HGETALL', sums)}
`);

/** An instance leaves in peace. ARGV: its id. */
export const leaveScript = script(`${prelude}
forget(ARGV[1])
return 1
`);

/**
 * Something rests. ARGV: its key, for how many milliseconds, `SharedRest` without `until` as JSON, the channel, the most
 * that are kept. Everyone is told, and who comes later finds it.
 */
export const restScript = script(`${prelude}
local ends = now + tonumber(ARGV[2])
local told = string.format('%.0f', ends) .. ' ' .. ARGV[3]
local known = redis.call('HGET', rests, ARGV[1])
if known or redis.call('HLEN', rests) < tonumber(ARGV[5]) then
  redis.call('HSET', rests, ARGV[1], told)
  redis.call('PEXPIRE', rests, math.max(tonumber(ARGV[2]), redis.call('PTTL', rests)))
  redis.call('INCR', version)
  redis.call('PEXPIRE', version, 86400000)
end
redis.call('PUBLISH', ARGV[4], told)
return now
`);

/** What rests; what does so no more goes. Reply: the time, how often rests changed, what was told of each. */
export const restsScript = script(`${prelude}
local found = {}
local all = redis.call('HGETALL', rests)
for i = 1, #all, 2 do
  if tonumber(string.match(all[i + 1], '^%d+')) > now then found[#found + 1] = all[i + 1]
  else redis.call('HDEL', rests, all[i]) end
end
return {now, tonumber(redis.call('GET', version) or 0), found}
`);
