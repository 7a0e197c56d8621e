import { expect, test } from 'bun:test';
import type { SharedRest } from 'sluice/kit';
import type { Redis } from '../../storage/redis/index.ts';
import { Instances } from './instances.ts';
import { createRedisPeers } from './redis-peers.ts';
import { StoreClock } from './store-clock.ts';

/** A store in which anybody may have written anything. */
const listening = async (sums: readonly string[] = []) => {
  let hear: (message: string) => void = () => {};
  const redis = {
    reaches: () => true,
    run: async () => [1e12, 2, -1, sums],
    subscribe: (_: string, listener: (message: string) => void) => void (hear = listener),
    onUp: () => () => {},
  } as unknown as Redis;
  const heard: SharedRest[] = [];
  const now = () => 1e12;
  const peers = createRedisPeers({ redis, instances: new Instances(now), clock: new StoreClock(now), instance: 'i', now, own: () => [] });
  peers.onRest((rest) => void heard.push(rest));
  await Bun.sleep(400);
  await peers.close();
  return { heard, peers, hear: (message: string) => hear(message) };
};

const rest = { key: 'deployment:a', open: true, code: 'unavailable', status: 503, from: 'j' };

test('what is no rest is not heard, and costs nothing', async () => {
  const heard: SharedRest[] = [];
  const { hear, peers } = await listening();
  peers.onRest((each) => void heard.push(each));
  const wrong = [
    { ...rest, status: 99_999 },
    { ...rest, status: 200 },
    { ...rest, status: 503.5 },
    { ...rest, code: '__proto__' },
    { ...rest, key: 'x'.repeat(3000) },
    { ...rest, open: 'yes' },
    [rest],
    null,
  ];
  for (const each of wrong) hear(`1000000005000 ${JSON.stringify(each)}`);
  for (const each of ['', '{', '1000000005000 {', `Infinity ${JSON.stringify(rest)}`, `x ${JSON.stringify(rest)}`]) hear(each);
  expect(heard).toEqual([]);
  hear(`1000000005000 ${JSON.stringify(rest)}`);
  expect(heard).toEqual([{ key: 'deployment:a', open: true, code: 'unavailable', status: 503, until: 1_000_000_005_000 }]);
});

test('counts that are no numbers are none', async () => {
  const { peers } = await listening(['1a', 'NaN', '2a', 'x', '1b', '7']);
  expect([peers.pendingElsewhere('a'), peers.pendingElsewhere('b')]).toEqual([0, 7]);
  expect(peers.usedElsewhere('a')).toEqual({ requests: 0, tokens: 0, outputTokens: 0 });
});
