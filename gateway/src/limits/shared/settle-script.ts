import { script } from '../../storage/redis/index.ts';
import { prelude } from './prelude.ts';

/**
 * A call is over: what it really used counts, and the rest comes back. Twice for the same lease is once, as long as its gate
 * remembers. A lease that has ended, or that was never heard of, is charged all the same.
 *
 * What is charged to a budget that began, or was set, after the call was accounted, is part of what it began with.
 *
 * KEYS: as of taking. ARGV: the lease; when the call was let in; when it was accounted; how long the gate remembers, in ms;
 * how many cells; for each its kind, the worst case, what was used, the width and the span of its buckets, how long it is kept.
 * Reply: 1 or 2 (heard before), the time, then charged and reserved of each budget (-1: not counted here).
 */
export const settleScript = script(`${prelude}
local lease, gate, state = ARGV[1], KEYS[1], redis.call('GET', KEYS[1])
if state == 'over' then return {2, now} end
local taken, reply = tonumber(state or '') or tonumber(ARGV[2]), {1, now}
local accounted = math.max(tonumber(ARGV[3]), taken)
for i = 1, tonumber(ARGV[5]) do
  local at = 5 + (i - 1) * 6
  local kind, worst, used = ARGV[at + 1], tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  local width, span = tonumber(ARGV[at + 4]), tonumber(ARGV[at + 5])
  local counts, leases = KEYS[1 + 2 * i], KEYS[2 + 2 * i]
  if kind == 'p' then
    redis.call('ZREM', leases, lease)
  elseif kind == 'b' then
    local held = worst > 0 and redis.call('ZREM', leases, ARGV[at + 2] .. ':' .. lease) == 1
    local head = redis.call('HMGET', counts, 'c', 'r', 's')
    local charged, reserved = tonumber(head[1] or ''), tonumber(head[2] or '0')
    if charged then
      if held then reserved = redis.call('HINCRBY', counts, 'r', '-' .. ARGV[at + 2]) end
      if used > 0 and accounted >= tonumber(head[3]) then charged = redis.call('HINCRBY', counts, 'c', ARGV[at + 3]) end
    end
    reply[#reply + 1] = charged or -1
    reply[#reply + 1] = reserved
  else
    local sum, current, oldest = roll(counts, width, span)
    local fresh = not oldest
    local bucket = math.min(math.floor(taken / width), current)
    local back = state and worst or 0
    if kind == 'l' then
      back = worst > 0 and redis.call('ZREM', leases, ARGV[at + 2] .. ':' .. text(bucket) .. ':' .. lease) == 1 and worst or 0
    end
    local changed = add(counts, bucket, current - span, math.min(used, worst) - back, oldest)
    if used > worst then
      if changed ~= 0 then oldest = math.min(bucket, oldest or bucket) end
      changed = changed + add(counts, current, current - span, used - worst, oldest)
    end
    if changed > 0 then
      redis.call('PEXPIRE', counts, ARGV[at + 6])
      if fresh then note(KEYS[2], counts) end
    end
  end
end
redis.call('SET', gate, 'over', 'PX', ARGV[4])
return reply
`);
