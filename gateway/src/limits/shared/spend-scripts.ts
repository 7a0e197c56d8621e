import { script } from '../../storage/redis/index.ts';
import { prelude } from './prelude.ts';

/**
 * What is charged to a budget, where that is counted here. KEYS: its counts. ARGV: nano-dollars; `set`, or `raise`: only where
 * it is more. What is settled from now on counts beside it. Reply: charged and reserved; nothing where it is not counted.
 */
export const spendScript = script(`${prelude}
local head = redis.call('HMGET', KEYS[1], 'c', 'r')
if not head[1] then return {} end
local charged = tonumber(head[1])
if ARGV[2] == 'set' or tonumber(ARGV[1]) > charged then
  charged = tonumber(ARGV[1])
  redis.call('HSET', KEYS[1], 'c', ARGV[1], 's', text(now))
end
return {charged, tonumber(head[2] or '0')}
`);

/**
 * Drops all counts of a subject and its parts. KEYS: the index of its tag, whose members have the same tag. ARGV: how the names
 * begin, of which each has a character behind it that ends the subject's.
 */
export const forgetScript = script(`
for _, key in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  for _, name in ipairs(ARGV) do
    if string.sub(key, 1, #name) == name then
      redis.call('DEL', key)
      redis.call('SREM', KEYS[1], key)
      break
    end
  end
end
return 1
`);
