import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { systemClock, type Clock } from '../lib/clock.ts';
import { SluiceError } from '../types/index.ts';
import type { Attempt } from './attempt.ts';
import type { Deployment } from './deployment.ts';
import type { Full, Grant } from './limiter.ts';
import { createLocalLimiter } from './local-limiter.ts';
import { createRouter, type RouterOptions } from './router.ts';

/** Time that a test moves; sleepers wake when it has come. */
const handClock = (): Clock & { pass(ms: number): Promise<void> } => {
  let now = 60_000_000;
  let sleepers: { at: number; wake: () => void }[] = [];
  return {
    now: () => now,
    async pass(ms) {
      now += ms;
      const due = sleepers.filter(({ at }) => at <= now);
      sleepers = sleepers.filter(({ at }) => at > now);
      for (const { wake } of due) wake();
      await settled();
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        sleepers.push({ at: now + ms, wake: resolve });
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
      }),
  };
};
const settled = async () => {
  for (let at = 0; at < 20; at++) await Promise.resolve();
};

const isGrant = (taken: Grant | Full | Promise<Grant | Full>): taken is Grant => 'settle' in taken;

test.each([{ weight: -1 }, { rpm: Number.NaN }, { maxParallelRequests: -2 }])('%j is no share', (wrong) => {
  expect(() => worldOf([{ id: 'a', ...wrong }])).toThrow(/of the deployment 'a' must be a number of at least 0/);
});

describe('local limiter', () => {
  test('never more than the limit within any minute', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.integer({ min: 0, max: 9000 }), { maxLength: 200 }), (rpm, gaps) => {
        let now = 1e9;
        const limiter = createLocalLimiter({ now: () => now });
        const taken: number[] = [];
        for (const gap of gaps) {
          now += gap;
          const grant = limiter.take('d', { rpm }, 0);
          if (!isGrant(grant)) continue;
          grant.settle(undefined);
          taken.push(now);
        }
        for (const at of taken) expect(taken.filter((each) => each > at - 60_000 && each <= at).length).toBeLessThanOrEqual(rpm);
      }),
    );
  });

  test('the wait that it tells is one after which there is room', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: 1, maxLength: 60 }),
        (rpm, gaps) => {
          let now = 1e9 + 17;
          const limiter = createLocalLimiter({ now: () => now });
          for (const gap of gaps) {
            now += gap;
            const first = limiter.take('d', { rpm }, 0);
            if (isGrant(first) || first instanceof Promise) continue;
            now += first.retryAfterMs!;
            expect(isGrant(limiter.take('d', { rpm }, 0))).toBe(true);
          }
        },
      ),
    );
  });

  test('a clock that jumps ahead and back does not stop the count', () => {
    let now = 60_000_000;
    const limiter = createLocalLimiter({ now: () => now });
    now += 86_400_000;
    expect(isGrant(limiter.take('d', { rpm: 1 }, 0))).toBe(true);
    now -= 86_400_000;
    limiter.take('d', { rpm: 1 }, 0);
    expect(isGrant(limiter.take('d', { rpm: 1 }, 0))).toBe(false);
  });

  test('an estimate of tokens is settled at what was used', () => {
    const limiter = createLocalLimiter({ now: () => 60_000_000 });
    const first = limiter.take('d', { tpm: 100 }, 80) as Grant;
    expect(limiter.take('d', { tpm: 100 }, 30)).toMatchObject({ why: 'tpm' });
    first.settle(10);
    first.settle(10);
    expect(isGrant(limiter.take('d', { tpm: 100 }, 90))).toBe(true);
    expect(limiter.hasRoom('d', { tpm: 100 }, 1)).toBe(false);
    // What is larger than the limit could never go anywhere.
    expect(isGrant(limiter.take('other', { tpm: 100 }, 5000))).toBe(true);
  });
});

const worldOf = (deployments: (Partial<Deployment<string>> & { id: string })[], options: Partial<RouterOptions<string>> = {}) => {
  const clock = handClock();
  const router = createRouter<string>({
    deployments: deployments.map((each) => ({ name: 'm', model: each.id, payload: each.id, ...each })),
    clock,
    random: () => 0,
    ...options,
  });
  const order: string[] = [];
  /** A call that runs until it is ended. */
  const begin = (label: string, request: object = {}, more: object = {}) => {
    const gate = Promise.withResolvers<string>();
    const result = router.run(
      'm',
      async ({ deployment: { id } }) => {
        order.push(label);
        await gate.promise;
        return id;
      },
      { request, ...more },
    );
    const failure = result.then(
      () => undefined,
      (error: unknown) => error as SluiceError,
    );
    return { end: async () => (gate.resolve(''), await settled()), failure, result };
  };
  return { clock, router, order, begin };
};

describe('places', () => {
  test('a full deployment is left for one that has a place; where all are full, calls wait in turn', async () => {
    const { begin, order, router } = worldOf([
      { id: 'a', maxParallelRequests: 1 },
      { id: 'b', maxParallelRequests: 1 },
    ]);
    const first = begin('1');
    const second = begin('2');
    await settled();
    expect(order).toEqual(['1', '2']);
    const third = begin('3');
    const fourth = begin('4');
    await settled();
    expect(order).toHaveLength(2);
    expect([...router.waiting()]).toEqual([['m', 2]]);
    await first.end();
    expect(order).toEqual(['1', '2', '3']);
    await third.end();
    expect(order).toEqual(['1', '2', '3', '4']);
    expect(await third.result).toBe(await first.result);
    await second.end();
    await fourth.end();
    expect([...router.waiting()]).toEqual([]);
  });

  test('lower priorities first, and one caller in turn with others', async () => {
    const { begin, order } = worldOf([{ id: 'a', maxParallelRequests: 1 }]);
    const calls = [begin('first')];
    await settled();
    for (const [label, request] of [
      ['x1', { caller: 'x' }],
      ['x2', { caller: 'x' }],
      ['x3', { caller: 'x' }],
      ['y1', { caller: 'y' }],
      ['urgent', { caller: 'x', priority: 0 }],
    ] as const) {
      calls.push(begin(label, request));
      await settled();
    }
    const byLabel = new Map(['first', 'x1', 'x2', 'x3', 'y1', 'urgent'].map((label, at) => [label, calls[at]!]));
    for (let done = 0; done < 6; done++) await byLabel.get(order[done]!)!.end();
    expect(order).toEqual(['first', 'urgent', 'x1', 'y1', 'x2', 'x3']);
  });

  test('a call whose time is up, or whose client left, leaves the queue; a full queue takes nobody', async () => {
    const { begin, clock, router } = worldOf([{ id: 'a', maxParallelRequests: 1 }], { queue: { maxSize: 2, maxWaitMs: 5000 } });
    const first = begin('1');
    await settled();
    const late = begin('late', {}, { deadline: clock.now() + 1000 });
    const client = new AbortController();
    const left = begin('left', {}, { signal: client.signal });
    await settled();
    expect(await begin('too many').failure).toMatchObject({ code: 'unavailable', retryAfterMs: 1000 });
    await clock.pass(1000);
    expect(await late.failure).toMatchObject({ code: 'rate_limited' });
    client.abort(new SluiceError('client_closed_request', 'gone'));
    expect(await left.failure).toMatchObject({ code: 'client_closed_request' });
    expect([...router.waiting()]).toEqual([]);
    const patient = begin('patient');
    await settled();
    await clock.pass(5000);
    expect(await patient.failure).toMatchObject({ code: 'rate_limited' });
    await first.end();
  });

  test('requests a minute steer; where they are limits, what is beyond them is told when to come back', async () => {
    const steering = worldOf([
      { id: 'a', rpm: 2 },
      { id: 'b', rpm: 2 },
    ]);
    const served: string[] = [];
    for (let at = 0; at < 5; at++) served.push(await steering.router.run('m', async ({ deployment: { id } }) => id));
    expect(served.slice(0, 4).toSorted()).toEqual(['a', 'a', 'b', 'b']);
    const hard = worldOf([{ id: 'a', rpm: 2 }], { enforceLimits: true, queue: { maxWaitMs: 1000 } });
    for (let at = 0; at < 2; at++) expect(await hard.router.run('m', async () => 'x')).toBe('x');
    const refused = (await hard.router.run('m', async () => 'x').catch((error: unknown) => error)) as SluiceError;
    expect(refused).toMatchObject({ code: 'rate_limited', status: 429 });
    await hard.clock.pass(refused.retryAfterMs!);
    expect(await hard.router.run('m', async () => 'x')).toBe('x');
  });
});

describe('hedging', () => {
  const hedged = (after: number | 'p95', more = {}) =>
    createRouter<string>({
      deployments: ['a', 'b'].map((id) => ({ id, name: 'm', model: id, payload: id })),
      strategy: (candidates) => candidates[0]!,
      hedging: { after, maxShare: 1 },
      clock: systemClock,
      ...more,
    });

  test('a slow one is overtaken, cancelled, and told apart in the log', async () => {
    const router = hedged(10);
    const attempts: Attempt[] = [];
    const cancelled: string[] = [];
    const answer = await router.run(
      'm',
      ({ deployment: { id }, signal }) =>
        id === 'b'
          ? Promise.resolve('fast')
          : new Promise<string>((_, reject) =>
              signal!.addEventListener('abort', () => {
                cancelled.push(id);
                reject(signal!.reason as Error);
              }),
            ),
      { attempts },
    );
    await settled();
    expect(answer).toBe('fast');
    expect(cancelled).toEqual(['a']);
    expect(attempts).toMatchObject([
      { deploymentId: 'b', reason: 'hedge' },
      { deploymentId: 'a', reason: 'first', code: 'client_closed_request' },
    ]);
    expect(router.match('m').map(({ state }) => state.pending)).toEqual([0, 0]);
    expect(router.resting()).toEqual([]);
  });

  test('a fast one has no second; one that fails is tried elsewhere as ever; both may fail', async () => {
    const asked: string[] = [];
    const router = hedged(10_000);
    await router.run('m', async ({ deployment: { id } }) => asked.push(id));
    expect(asked).toEqual(['a']);
    const slow = hedged(5, { numRetries: 0 });
    const error = await slow
      .run('m', async ({ deployment: { id } }) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        throw new SluiceError('internal', id);
      })
      .catch((cause: unknown) => cause as SluiceError);
    expect(error).toMatchObject({ code: 'internal', message: 'a' });
  });

  test('an answer that comes too late is let go', async () => {
    const late = Promise.withResolvers<string>();
    const dropped: unknown[] = [];
    const router = hedged(5);
    const answer = await router.run('m', ({ deployment: { id } }) => (id === 'a' ? late.promise : Promise.resolve('b')), {
      discard: (loser) => void dropped.push(loser),
    });
    late.resolve('a');
    await settled();
    expect([answer, dropped]).toEqual(['b', ['a']]);
  });

  test('at most the share that was allowed, and only where it is known what slow means', async () => {
    const seconds = async (router: ReturnType<typeof hedged>, calls: number) => {
      let hedges = 0;
      for (let at = 0; at < calls; at++)
        await router.run('m', async ({ reason }) => {
          if (reason === 'hedge') hedges++;
          await new Promise((resolve) => setTimeout(resolve, 3));
        });
      return hedges;
    };
    expect(await seconds(hedged('p95'), 10)).toBe(0);
    expect(await seconds(hedged(0, { hedging: { after: 0, maxShare: 0.2 } }), 40)).toBeLessThanOrEqual(9);
  });
});
