import { script } from '../../storage/redis/index.ts';

/** Told when a call was refused and there is room now: the deployment's id. */
export const roomChannel = 'sluice:room';

/** What a deployment has: a hash of its counts, and its leases by the time when they end. One slot of a cluster. */
export const limitKeys = (deploymentId: string): readonly [string, string] => {
  const tag = `{sluice:${deploymentId}}`;
  return [`${tag}:used`, `${tag}:leases`];
};

/**
 * Sixty seconds that slide, in buckets of one second, and the sums of all buckets. The second that is not over counts
 * whole and so does the oldest, so that no sixty seconds ever hold more than the limit; the price is one second's worth
 * in sixty. Refused calls are not counted. Buckets that are too old leave when somebody looks.
 *
 * Tokens are counted together (`t`), and where limits tell input and output apart the output once more (`o`): input is
 * what is left. Its buckets have an end of their own (`oo`), so that an instance of a version that knows nothing of them
 * may move the other.
 *
 * `born` names this hash: a store that has lost its data begins another one, and instances tell what they took again.
 * All time is the server's (`TIME`); scripts are replicated by what they do, so that is allowed (Redis 5 and later:
 * redis.io/docs/latest/develop/programmability/eval-intro, read 2026-11-22).
 */
const prelude = `
local time = redis.call('TIME')
local second = tonumber(time[1])
local now = second * 1000 + math.floor(tonumber(time[2]) / 1000)
local used, leases = KEYS[1], KEYS[2]
local first = second - 60
local function roll()
  local head = redis.call('HMGET', used, 'born', 'oldest', 'r', 't', 'o', 'oo')
  local born, oldest, r, t = head[1], tonumber(head[2] or nil), tonumber(head[3] or 0), tonumber(head[4] or 0)
  local o, oo = tonumber(head[5] or 0), tonumber(head[6] or nil)
  if not born or not oldest or oldest > second + 1 or first - oldest > 61 then
    redis.call('DEL', used)
    born = time[1] .. '.' .. time[2]
    redis.call('HSET', used, 'born', born, 'oldest', second, 'r', 0, 't', 0)
    return born, 0, 0, 0
  end
  if oldest < first then
    local gone = {}
    for at = oldest, first - 1 do
      gone[#gone + 1] = 'r' .. at
      gone[#gone + 1] = 't' .. at
    end
    local counts = redis.call('HMGET', used, unpack(gone))
    for i = 1, #gone, 2 do
      r = r - tonumber(counts[i] or 0)
      t = t - tonumber(counts[i + 1] or 0)
    end
    redis.call('HDEL', used, unpack(gone))
    redis.call('HSET', used, 'oldest', first, 'r', r, 't', t)
  end
  if oo and oo < first then
    local gone = {}
    for at = oo, first - 1 do gone[#gone + 1] = 'o' .. at end
    local counts = redis.call('HMGET', used, unpack(gone))
    for i = 1, #gone do o = o - tonumber(counts[i] or 0) end
    redis.call('HDEL', used, unpack(gone))
    redis.call('HSET', used, 'oo', first, 'o', o)
  end
  return born, r, t, o
end
local function count(at, requests, tokens, output)
  if requests ~= 0 then
    redis.call('HINCRBY', used, 'r' .. at, requests)
    redis.call('HINCRBY', used, 'r', requests)
  end
  if tokens ~= 0 then
    redis.call('HINCRBY', used, 't' .. at, tokens)
    redis.call('HINCRBY', used, 't', tokens)
  end
  if output ~= 0 then
    redis.call('HINCRBY', used, 'o' .. at, output)
    redis.call('HINCRBY', used, 'o', output)
    if at < tonumber(redis.call('HGET', used, 'oo') or at + 1) then redis.call('HSET', used, 'oo', at) end
  end
end
`;

/**
 * Room for one call by all its limits, or none of it. ARGV: requests a minute, tokens a minute, places (-1: no limit),
 * the call's input tokens, its lease, how long that holds in milliseconds, and where there are such limits input and
 * output tokens a minute. Of the output there must be room for one.
 * Reply: taken (1 or 0), the time, `born`, requests, tokens, why not (1 rpm, 2 tpm, 3 places, 4 itpm, 5 otpm), when there
 * may be room in ms, output tokens.
 */
export const takeScript = script(`${prelude}
local rpm, tpm, places, tokens = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local itpm, otpm = tonumber(ARGV[7] or -1), tonumber(ARGV[8] or -1)
local born, r, t, o = roll()
local why, wait = 0, -1
local function buckets(prefix)
  local fields = {}
  for at = first, second do fields[#fields + 1] = prefix .. at end
  return redis.call('HMGET', used, unpack(fields))
end
local function freed(prefix, need, less)
  local counts = buckets(prefix)
  local lesser = less and buckets(less) or {}
  for i = 1, #counts do
    need = need - tonumber(counts[i] or 0) + tonumber(lesser[i] or 0)
    if need <= 0 then return (first + i + 60) * 1000 - now end
  end
  return 61000
end
if places >= 0 then
  redis.call('ZREMRANGEBYSCORE', leases, '-inf', now)
  if redis.call('ZCARD', leases) >= places then why = 3 end
end
if why == 0 and rpm >= 0 and r + 1 > rpm then
  why = 1
  wait = freed('r', r + 1 - rpm)
end
if why == 0 and tpm >= 0 then
  local wanted = math.min(tokens, tpm)
  if t + wanted > tpm then
    why = 2
    wait = freed('t', t + wanted - tpm)
  end
end
if why == 0 and itpm >= 0 then
  local wanted = math.min(tokens, itpm)
  if t - o + wanted > itpm then
    why = 4
    wait = freed('t', t - o + wanted - itpm, 'o')
  end
end
if why == 0 and otpm >= 0 and o + 1 > otpm then
  why = 5
  wait = freed('o', o + 1 - otpm)
end
redis.call('PEXPIRE', used, 62000)
if why > 0 then
  if why == 3 then redis.call('HSET', used, 'q', 1) end
  return {0, now, born, r, t, why, wait, o}
end
if rpm >= 0 or tpm >= 0 or itpm >= 0 or otpm >= 0 then count(second, 1, tokens, 0) end
if places >= 0 then
  redis.call('ZADD', leases, now + tonumber(ARGV[6]), ARGV[5])
  redis.call('PEXPIRE', leases, tonumber(ARGV[6]) + 1000)
end
return {1, now, born, r + 1, t + tokens, 0, -1, o}
`);

/**
 * A call is over, or its count is corrected. ARGV: its lease (or nothing), requests and tokens more or less, the second
 * it was taken in, the channel, the deployment, and output tokens besides, where they are told apart. What is more counts
 * from now on; what is less leaves the bucket it is in.
 */
export const settleScript = script(`${prelude}
local requests, tokens, taken = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local output = tonumber(ARGV[7] or 0)
if ARGV[1] ~= '' then redis.call('ZREM', leases, ARGV[1]) end
if requests ~= 0 or tokens ~= 0 or output > 0 then
  roll()
  if tokens > 0 then count(second, 0, tokens, 0) end
  if output > 0 then count(second, 0, output, output) end
  if taken >= first then
    if requests < 0 and redis.call('HEXISTS', used, 'r' .. taken) == 1 then count(taken, requests, 0, 0) end
    if tokens < 0 and redis.call('HEXISTS', used, 't' .. taken) == 1 then count(taken, 0, tokens, 0) end
  end
  redis.call('PEXPIRE', used, 62000)
end
if redis.call('HDEL', used, 'q') == 1 then redis.call('PUBLISH', ARGV[5], ARGV[6]) end
return 1
`);

/**
 * What an instance has: its leases hold on, and what the store does not know is added. ARGV: the `born` it knows (or
 * nothing), how long leases hold, how many there are, they, then seven numbers for each second: the second, requests,
 * tokens and output tokens that this store was told, and those that it was not. The former count only where the store has
 * lost them. Reply: the time, `born`, requests, tokens, output tokens.
 */
export const keepScript = script(`${prelude}
local born, r, t, o = roll()
local lost = ARGV[1] ~= '' and ARGV[1] ~= born
local lasts, held = tonumber(ARGV[2]), tonumber(ARGV[3])
for i = 4, 3 + held do redis.call('ZADD', leases, now + lasts, ARGV[i]) end
if held > 0 then redis.call('PEXPIRE', leases, lasts + 1000) end
local oldest = second
for i = 4 + held, #ARGV, 7 do
  local at = math.min(tonumber(ARGV[i]), second)
  local requests, tokens, output = tonumber(ARGV[i + 4]), tonumber(ARGV[i + 5]), tonumber(ARGV[i + 6])
  if lost then
    requests = requests + tonumber(ARGV[i + 1])
    tokens = tokens + tonumber(ARGV[i + 2])
    output = output + tonumber(ARGV[i + 3])
  end
  if at >= first then
    count(at, requests, tokens, output)
    oldest = math.min(oldest, at)
    r = r + requests
    t = t + tokens
    o = o + output
  end
end
if oldest < tonumber(redis.call('HGET', used, 'oldest')) then redis.call('HSET', used, 'oldest', oldest) end
redis.call('PEXPIRE', used, 62000)
return {now, born, r, t, o}
`);
