/**
 * What the scripts have in common. All time is the server's (`TIME`; scripts are replicated by what they do, so that is
 * allowed from Redis 5: redis.io/docs/latest/develop/programmability/eval-intro, read 2026-11-22). Amounts are whole numbers
 * that a double holds exactly; they are written out, as Lua would turn large ones to `1e+15`.
 *
 * A window is a hash: a count for each bucket under its number, `s` the sum of all, `o` the oldest bucket that may count.
 * A budget is a hash: `c` charged, `r` reserved, `s` since when it counts here; its leases are a sorted set of `amount:lease`
 * by the time when they end. Calls under way are a sorted set of leases. A window that is longer than a lease has leases of
 * `amount:bucket:lease`. A call has one key more, its gate: when it was let in, or `over`.
 */
export const prelude = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local function text(number) return string.format('%.0f', number) end
local function roll(key, width, span)
  local current = math.floor(now / width)
  local head = redis.call('HMGET', key, 's', 'o')
  local sum, oldest = tonumber(head[1] or '0'), tonumber(head[2] or '')
  if not oldest then return 0, current, nil end
  local first = current - span
  if oldest > current + span then
    redis.call('DEL', key)
    redis.call('HSET', key, 's', text(sum), 'o', text(current), text(current), text(sum))
    oldest = current
  elseif first > oldest + span then
    redis.call('DEL', key)
    return 0, current, nil
  elseif oldest < first then
    local gone = {}
    for at = oldest, first - 1 do gone[#gone + 1] = text(at) end
    for _, count in ipairs(redis.call('HMGET', key, unpack(gone))) do sum = sum - tonumber(count or '0') end
    redis.call('HDEL', key, unpack(gone))
    redis.call('HSET', key, 's', text(sum), 'o', text(first))
    oldest = first
  end
  return sum, current, oldest
end
local function add(key, bucket, first, amount, oldest)
  if amount == 0 or bucket < first then return 0 end
  if amount < 0 then
    amount = math.max(amount, -tonumber(redis.call('HGET', key, text(bucket)) or '0'))
    if amount == 0 then return 0 end
  end
  redis.call('HINCRBY', key, text(bucket), text(amount))
  redis.call('HINCRBY', key, 's', text(amount))
  if not oldest or bucket < oldest then redis.call('HSET', key, 'o', text(bucket)) end
  return amount
end
local function ended(leases)
  local gone = redis.call('ZRANGEBYSCORE', leases, '-inf', now, 'LIMIT', 0, 500)
  if #gone > 0 then redis.call('ZREM', leases, unpack(gone)) end
  return gone
end
local function note(index, key)
  redis.call('SADD', index, key)
  redis.call('PEXPIRE', index, 3024000000)
end
`;
