import { script } from '../../storage/redis/index.ts';
import { prelude } from './prelude.ts';

/**
 * Room for one call by all its limits, or none of it. Twice for the same lease is once.
 *
 * KEYS: the gate, the index of the tag, then the counts and the leases of each cell.
 * ARGV: `take`, `keep` or `look`; the lease; how long it holds in ms; when the call was let in (for `keep`); how many cells;
 * how many checks; for each cell its kind, the amount, the width and the span of its buckets, how long it is kept, what it
 * begins with where it is not there (or nothing: it is asked for); for each check the cell, the maximum, whether it is soft.
 *
 * `keep` lets leases hold on, and takes what is not there without asking whether there is room: the call is under way.
 * Replies: `{1, time, used of each cell, charged of each, then check, used, freeAt of each soft one that is over}` taken; `{0, time, check, used, freeAt}` refused by a check;
 * `{2, time}` this call is over; `{3, time, cell...}` these are to be said first. A moment of -1 is not known.
 */
export const takeScript = script(`${prelude}
local mode, lease, lasts, cells, checks = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[5]), tonumber(ARGV[6])
local gate, index = KEYS[1], KEYS[2]
local state = mode ~= 'look' and redis.call('GET', gate)
if state == 'over' then return {2, now} end
local held = not not state
local taken = tonumber(state or '') or (mode == 'keep' and tonumber(ARGV[4])) or now
local used, charges, current, oldest, fresh, missing = {}, {}, {}, {}, {}, {}
for i = 1, cells do
  local at = i * 6
  local kind, width, span = ARGV[at + 1], tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
  local counts, leases = KEYS[1 + 2 * i], KEYS[2 + 2 * i]
  charges[i] = 0
  if kind == 'p' then
    redis.call('ZREMRANGEBYSCORE', leases, '-inf', now)
    used[i] = redis.call('ZCARD', leases)
  elseif kind == 'b' then
    local head = redis.call('HMGET', counts, 'c', 'r')
    local charged, reserved = tonumber(head[1] or ''), tonumber(head[2] or '0')
    for _, member in ipairs(ended(leases)) do
      reserved = reserved - tonumber(string.match(member, '^%d+'))
      if charged then redis.call('HSET', counts, 'r', text(reserved)) end
    end
    if not charged and ARGV[at + 6] ~= '' then
      charged, reserved = tonumber(ARGV[at + 6]), 0
      for _, member in ipairs(redis.call('ZRANGE', leases, 0, -1)) do reserved = reserved + tonumber(string.match(member, '^%d+')) end
      redis.call('HSET', counts, 'c', text(charged), 'r', text(reserved), 's', text(now))
      redis.call('PEXPIRE', counts, tonumber(ARGV[at + 5]))
      note(index, counts)
    end
    if charged then
      used[i] = charged + reserved
      charges[i] = charged
    else
      missing[#missing + 1] = i - 1
      fresh[i] = true
      used[i] = 0
    end
  else
    used[i], current[i], oldest[i] = roll(counts, width, span)
    if kind == 'l' then
      for _, member in ipairs(ended(leases)) do
        local amount, bucket = string.match(member, '^(%d+):(%d+):')
        used[i] = used[i] + add(counts, tonumber(bucket), current[i] - span, -tonumber(amount), oldest[i])
      end
    end
  end
end
if mode == 'look' then return {1, now, unpack(used)} end
if mode == 'take' and #missing > 0 then return {3, now, unpack(missing)} end
local soft = {}
if mode == 'take' and not held then
  for j = 1, checks do
    local at = 6 + cells * 6 + (j - 1) * 3
    local i, max = tonumber(ARGV[at + 1]) + 1, tonumber(ARGV[at + 2])
    local amount, width, span = tonumber(ARGV[i * 6 + 2]), tonumber(ARGV[i * 6 + 3]), tonumber(ARGV[i * 6 + 4])
    if used[i] + amount > max or used[i] >= max then
      local free = -1
      if current[i] and amount <= max and max > 0 then
        local left, buckets = used[i], {}
        for bucket = current[i] - span, current[i] do buckets[#buckets + 1] = text(bucket) end
        for k, count in ipairs(redis.call('HMGET', KEYS[1 + 2 * i], unpack(buckets))) do
          left = left - tonumber(count or '0')
          if left + amount <= max and left < max then
            free = (current[i] + k) * width
            break
          end
        end
      end
      if ARGV[at + 3] == '0' then return {0, now, j - 1, used[i], free} end
      soft[#soft + 1] = j - 1
      soft[#soft + 1] = used[i]
      soft[#soft + 1] = free
    end
  end
end
for i = 1, cells do
  local at = i * 6
  local kind, amount, width, span, life = ARGV[at + 1], tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4]), ARGV[at + 5]
  local counts, leases = KEYS[1 + 2 * i], KEYS[2 + 2 * i]
  if kind == 'p' then
    used[i] = used[i] + redis.call('ZADD', leases, now + lasts, lease)
    redis.call('PEXPIRE', leases, lasts + 1000)
  elseif kind == 'b' then
    if amount > 0 then
      local added = redis.call('ZADD', leases, now + lasts, ARGV[at + 2] .. ':' .. lease)
      if added == 1 and not fresh[i] then
        redis.call('HINCRBY', counts, 'r', ARGV[at + 2])
        used[i] = used[i] + amount
      end
      redis.call('PEXPIRE', leases, life)
    end
    if not fresh[i] then redis.call('PEXPIRE', counts, life) end
  else
    local bucket = math.min(math.floor(taken / width), current[i])
    local first = current[i] - span
    if not held and amount > 0 and bucket >= first then
      used[i] = used[i] + add(counts, bucket, first, amount, oldest[i])
      redis.call('PEXPIRE', counts, life)
      if not oldest[i] then note(index, counts) end
    end
    if kind == 'l' and amount > 0 and bucket >= first then
      redis.call('ZADD', leases, now + lasts, ARGV[at + 2] .. ':' .. text(bucket) .. ':' .. lease)
      redis.call('PEXPIRE', leases, life)
    end
  end
end
redis.call('SET', gate, text(taken), 'PX', lasts)
local reply = {1, now, unpack(used)}
for i = 1, cells do reply[#reply + 1] = charges[i] end
for _, each in ipairs(soft) do reply[#reply + 1] = each end
return reply
`);
