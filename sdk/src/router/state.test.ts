import { expect, test } from 'bun:test';
import type { Peers } from './limiter.ts';
import { createRouter } from './router.ts';
import { MinuteCount } from './state.ts';

test('a minute counts what this process took, and on top of that what others say they took, once', () => {
  const minute = new MinuteCount();
  minute.at(60_000).add(2, 30, 20);
  minute.at(61_000).elsewhere(5, 100, 10);
  minute.at(62_000).elsewhere(6, 110, 15);
  minute.at(63_000).add(1, 1, 1);
  expect([minute.requests, minute.tokens, minute.ownRequests, minute.ownTokens]).toEqual([9, 141, 3, 31]);
  expect([minute.outputTokens, minute.ownOutputTokens]).toEqual([36, 21]);
  minute.at(120_000);
  expect([minute.requests, minute.tokens, minute.ownRequests, minute.ownTokens]).toEqual([0, 0, 0, 0]);
  expect([minute.outputTokens, minute.ownOutputTokens]).toEqual([0, 0]);
});

test('picks go by what other instances have open and have used', async () => {
  const peers: Peers = {
    tellRest: () => {},
    onRest: () => () => {},
    pendingElsewhere: (id) => (id === 'a' ? 7 : 0),
    usedElsewhere: (id) => (id === 'a' ? { requests: 9, tokens: 900 } : { requests: 0, tokens: 0 }),
  };
  for (const strategy of ['least-busy', 'usage-based-routing-v2']) {
    const router = createRouter({
      deployments: ['a', 'b'].map((id) => ({ id, name: 'm', model: id, payload: undefined })),
      strategy,
      peers,
    });
    const served: string[] = [];
    for (let at = 0; at < 5; at++) {
      await router.run('m', (one) => {
        served.push(one.deployment.id);
        return Promise.resolve();
      });
    }
    expect({ strategy, served }).toEqual({ strategy, served: ['b', 'b', 'b', 'b', 'b'] });
    router.close();
  }
});
