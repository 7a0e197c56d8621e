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

test.each([{ weight: -1 }, { rpm: Number.NaN }, { itpm: -1 }, { otpm: -1 }, { maxParallelRequests: -2 }])('%j is no share', (wrong) => {
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
    first.settle({ input: 7, output: 3 });
    first.settle({ input: 7, output: 3 });
    expect(isGrant(limiter.take('d', { tpm: 100 }, 90))).toBe(true);
    expect(limiter.hasRoom('d', { tpm: 100 }, 1)).toBe(false);
    // What is larger than the limit could never go anywhere.
    expect(isGrant(limiter.take('other', { tpm: 100 }, 5000))).toBe(true);
  });

  test('input and output have limits of their own', () => {
    let now = 60_000_000;
    const limiter = createLocalLimiter({ now: () => now });
    const limits = { itpm: 100, otpm: 50 };
    const first = limiter.take('d', limits, 80) as Grant;
    expect(limiter.take('d', limits, 21)).toEqual({ why: 'itpm', retryAfterMs: 61_000 });
    const second = limiter.take('d', limits, 20) as Grant;
    // Less input was used, and output takes nothing of its room.
    first.settle({ input: 30, output: 49 });
    expect(limiter.take('d', limits, 51)).toMatchObject({ why: 'itpm' });
    const third = limiter.take('d', limits, 50) as Grant;
    third.settle({ input: 0, output: 0 });
    now += 10_000;
    second.settle({ input: 20, output: 1 });
    // What it put out counts from its end on.
    expect(limiter.hasRoom('d', limits, 1)).toBe(false);
    expect(limiter.take('d', limits, 1)).toEqual({ why: 'otpm', retryAfterMs: 51_000 });
    now += 51_000;
    expect(limiter.take('d', limits, 100)).toHaveProperty('settle');
    // Larger than its limit, it has all of it; and no output at all is none.
    expect(isGrant(limiter.take('other', { itpm: 100 }, 5000))).toBe(true);
    expect(limiter.take('other', { itpm: 100 }, 1)).toMatchObject({ why: 'itpm' });
    expect(limiter.take('mute', { otpm: 0 }, 0)).toMatchObject({ why: 'otpm' });
  });

  test('beside them the sum counts as ever; a call longer than a minute pays for its output, and one that is unknown does not', () => {
    let now = 60_000_000;
    const limiter = createLocalLimiter({ now: () => now });
    const limits = { tpm: 100, otpm: 60 };
    const long = limiter.take('d', limits, 10) as Grant;
    now += 90_000;
    (limiter.take('d', limits, 30) as Grant).settle(undefined);
    long.settle({ input: 10, output: 60 });
    expect(limiter.take('d', limits, 11)).toMatchObject({ why: 'tpm' });
    expect(limiter.take('d', limits, 10)).toMatchObject({ why: 'otpm' });
    expect(limiter.hasRoom('d', { itpm: 40 }, 10)).toBe(true);
    expect(limiter.hasRoom('d', { itpm: 40 }, 11)).toBe(false);
  });

  test('never more input than its limit within any minute, whatever is put out', () => {
    const calls = fc.array(fc.record({ gap: fc.nat(9000), input: fc.nat(40), real: fc.nat(40), output: fc.nat(500) }), { maxLength: 150 });
    fc.assert(
      fc.property(fc.integer({ min: 40, max: 200 }), calls, (itpm, all) => {
        let now = 1e9;
        const limiter = createLocalLimiter({ now: () => now });
        const taken: { at: number; tokens: number }[] = [];
        for (const { gap, input, real, output } of all) {
          now += gap;
          const grant = limiter.take('d', { itpm }, input);
          if (!isGrant(grant)) {
            now += (grant as Full).retryAfterMs!;
            expect(limiter.hasRoom('d', { itpm }, input)).toBe(true);
            continue;
          }
          const tokens = Math.min(real, input);
          grant.settle({ input: tokens, output });
          taken.push({ at: now, tokens });
        }
        const sum = (until: number) => taken.reduce((all, { at, tokens }) => all + (at > until - 60_000 && at <= until ? tokens : 0), 0);
        for (const { at } of taken) expect(sum(at)).toBeLessThanOrEqual(itpm);
      }),
    );
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

  test.each([
    [{ itpm: 100 }, { inputTokens: 100, outputTokens: 900 }],
    [{ otpm: 100 }, { inputTokens: 900, outputTokens: 100 }],
  ])('%j steers; where it is a limit, another one is asked, then nobody', async (limit, used) => {
    let asked = 0;
    const request = { needs: () => (asked++, { abilities: [], inputTokens: 100 }) };
    const call = ({ router }: ReturnType<typeof worldOf>) =>
      router.run(
        'm',
        async (one) => {
          one.tell(used);
          return one.deployment.id;
        },
        { request },
      );
    const steering = worldOf([{ id: 'a', ...limit }, { id: 'b' }], { strategy: (candidates) => candidates[0]! });
    expect([await call(steering), await call(steering), await call(steering)]).toEqual(['a', 'b', 'b']);
    expect(asked).toBe(0);
    const options = { enforceLimits: true, queue: { maxWaitMs: 1000 }, strategy: 'simple-shuffle' } as const;
    const hard = worldOf(
      ['a', 'b'].map((id) => ({ id, ...limit })),
      options,
    );
    expect([await call(hard), await call(hard)].toSorted()).toEqual(['a', 'b']);
    const refused = (await call(hard).catch((error: unknown) => error)) as SluiceError;
    expect(refused).toMatchObject({ code: 'rate_limited', status: 429, message: expect.stringContaining('itpm, otpm') });
    // The input is looked at only where that is limited.
    expect(asked > 0).toBe('itpm' in limit);
    await hard.clock.pass(refused.retryAfterMs!);
    expect(await call(hard)).toBeString();
  });

  test('a call that waits for input to leave its minute is let in then', async () => {
    const { begin, clock } = worldOf([{ id: 'a', itpm: 10 }], { enforceLimits: true, queue: { maxWaitMs: 90_000 } });
    const request = { needs: () => ({ abilities: [], inputTokens: 10 }) };
    await begin('1', request).end();
    const second = begin('2', request);
    await settled();
    await second.end();
    await clock.pass(61_000);
    expect(await second.result).toBe('a');
  });

  test('they are no shares: the pick is as if there were none', async () => {
    const world = worldOf(
      [
        { id: 'a', itpm: 1e9 },
        { id: 'b', otpm: 1 },
      ],
      { strategy: 'simple-shuffle', random: () => 0.99 },
    );
    expect(await world.router.run('m', async ({ deployment: { id } }) => id)).toBe('b');
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
