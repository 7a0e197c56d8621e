import { describe, expect, test } from 'bun:test';
import type { Clock } from '../lib/clock.ts';
import { SluiceError, type ErrorCode, type SluiceErrorOptions } from '../types/index.ts';
import type { Deployment } from './deployment.ts';
import type { Attempt, Try } from './attempt.ts';
import type { RunOptions } from './call-options.ts';
import { createRouter, type RouterOptions } from './router.ts';
import { simpleShuffle } from './strategies/simple-shuffle.ts';
import type { Strategy } from './strategy.ts';

const deployment = (id: string, more: Partial<Deployment<string>> = {}): Deployment<string> => ({
  id,
  name: 'm',
  model: id,
  payload: id,
  ...more,
});

/** Time that passes only while somebody sleeps. */
const fakeClock = (): Clock & { slept: number[] } => {
  let now = 1_000_000;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    sleep: (ms, signal) => {
      if (signal?.aborted) return Promise.reject(signal.reason as Error);
      slept.push(ms);
      now += ms;
      return Promise.resolve();
    },
  };
};

const fail = (code: ErrorCode, options?: SluiceErrorOptions) => new SluiceError(code, code, options);

/** Runs with answers that are given beforehand, by deployment: an error, or a value. */
const run = async (
  ids: (string | Deployment<string>)[],
  answers: Record<string, (SluiceError | Error | string)[]>,
  options: RunOptions = {},
  routerOptions: Partial<RouterOptions<string>> = {},
) => {
  const clock = fakeClock();
  const attempts: Attempt[] = [];
  const deployments = ids.map((each) => (typeof each === 'string' ? deployment(each) : each));
  const router = createRouter({ deployments, clock, random: () => 0, ...routerOptions });
  const left = structuredCloneOf(answers);
  const result = await router
    .run(
      'm',
      async ({ deployment: { id } }) => {
        const answer = left[id]?.shift() ?? 'late';
        if (answer instanceof Error) throw answer;
        return answer;
      },
      { ...options, attempts },
    )
    .catch((error: unknown) => error as SluiceError);
  return { result, attempts, order: attempts.map(({ deploymentId }) => deploymentId), slept: clock.slept };
};
const structuredCloneOf = (answers: Record<string, (SluiceError | Error | string)[]>) =>
  Object.fromEntries(Object.entries(answers).map(([id, list]) => [id, [...list]]));

describe('run', () => {
  test('the first answer is the answer', async () => {
    expect(await run(['a', 'b'], { a: ['ok'] })).toMatchObject({ result: 'ok', order: ['a'], slept: [] });
  });

  test('another deployment is tried at once, the same one after a wait', async () => {
    const { result, order, slept, attempts } = await run(['a', 'b'], { a: [fail('unavailable'), 'ok'], b: [fail('internal')] });
    expect(result).toBe('ok');
    expect(order).toEqual(['a', 'b', 'a']);
    expect(slept).toEqual([500]);
    expect(attempts).toMatchObject([
      { deploymentId: 'a', model: 'a', code: 'unavailable', status: 503, ms: 0, waitedMs: 0 },
      { deploymentId: 'b', model: 'b', code: 'internal', status: 500, ms: 0, waitedMs: 0 },
      { deploymentId: 'a', model: 'a', ms: 0, waitedMs: 500 },
    ]);
  });

  test('alone, it is tried again with growing waits, as often as was said', async () => {
    const failing = { a: Array.from({ length: 9 }, () => fail('overloaded')) };
    expect(await run(['a'], failing)).toMatchObject({ order: ['a', 'a', 'a'], slept: [500, 1000] });
    expect(await run(['a'], failing, { numRetries: 6 })).toMatchObject({ slept: [500, 1000, 2000, 4000, 8000, 8000] });
    expect(await run(['a'], failing, { numRetries: 0 })).toMatchObject({ order: ['a'], slept: [] });
    expect((await run(['a'], failing, {}, { numRetries: 1 })).order).toHaveLength(2);
    expect((await run([deployment('a', { numRetries: 4 })], failing, {}, { numRetries: 1 })).order).toHaveLength(5);
    expect((await run([deployment('a', { numRetries: 4 })], failing, { numRetries: 2 })).order).toHaveLength(3);
  });

  test('the wait that the provider asks for is kept, up to a minute (FP-85)', async () => {
    const asking = (retryAfterMs: number) => run(['a'], { a: [fail('rate_limited', { retryAfterMs }), 'ok'] });
    expect((await asking(12_345)).slept).toEqual([12_345]);
    expect((await asking(60_000)).slept).toEqual([60_000]);
    expect((await asking(60_001)).slept).toEqual([500]);
    expect((await asking(0)).slept).toEqual([500]);
    expect((await run(['a'], { a: [fail('rate_limited'), 'ok'] }, {}, { minWaitMs: 3000 })).slept).toEqual([3000]);
  });

  test('of several that rest, the one that may be asked first is asked first', async () => {
    const { order, slept } = await run(['a', 'b'], {
      a: [fail('rate_limited', { retryAfterMs: 30_000 })],
      b: [fail('rate_limited', { retryAfterMs: 2000 }), 'ok'],
    });
    expect(order).toEqual(['a', 'b', 'b']);
    expect(slept).toEqual([2000]);
  });

  test('jitter is added', async () => {
    expect((await run(['a'], { a: [fail('timeout'), 'ok'] }, {}, { random: () => 0.5 })).slept).toEqual([875]);
  });

  test.each(['authentication', 'permission_denied', 'payment_required', 'not_found'] as const)(
    '%p is tried elsewhere and never again here',
    async (code) => {
      expect(await run(['a', 'b'], { a: [fail(code)], b: ['ok'] })).toMatchObject({ result: 'ok', order: ['a', 'b'] });
      expect(await run(['a'], { a: [fail(code), 'ok'] })).toMatchObject({ result: { code }, order: ['a'] });
      expect(await run(['a', 'b'], { a: [fail(code), 'never'], b: [fail('internal'), 'ok'] })).toMatchObject({
        result: 'ok',
        order: ['a', 'b', 'b'],
      });
    },
  );

  test.each([
    'invalid_request',
    'unsupported_parameter',
    'context_window_exceeded',
    'content_policy_violation',
    'client_closed_request',
    'stream_interrupted',
  ] as const)('%p is final', async (code) => {
    expect(await run(['a', 'b'], { a: [fail(code)], b: ['ok'] })).toMatchObject({ result: { code }, order: ['a'] });
  });

  test('what the provider says of retrying holds', async () => {
    expect(await run(['a', 'b'], { a: [fail('internal', { retry: false })] })).toMatchObject({
      result: { code: 'internal' },
      order: ['a'],
    });
    expect(await run(['a'], { a: [fail('invalid_request', { retry: true }), 'ok'] })).toMatchObject({ result: 'ok' });
  });

  test('a bug of ours is not tried again', async () => {
    expect(await run(['a', 'b'], { a: [new TypeError('oops')] })).toMatchObject({
      result: { code: 'internal', retry: false },
      order: ['a'],
    });
  });

  test('lower orders come first, and the next one when they have failed', async () => {
    const ids = [deployment('c'), deployment('b', { order: 2 }), deployment('a1', { order: 1 }), deployment('a2', { order: 1 })];
    const { order } = await run(
      ids,
      { a1: [fail('internal')], a2: [fail('internal')], b: [fail('internal')], c: ['ok'] },
      { numRetries: 5 },
    );
    expect(order).toEqual(['a1', 'a2', 'b', 'c']);
  });

  test('after something has gone to the client nothing is tried again (FP-30)', async () => {
    const router = createRouter({ deployments: [deployment('a'), deployment('b')], clock: fakeClock() });
    let tries = 0;
    const error = await router
      .run('m', async ({ commit }: Try<string>) => {
        tries++;
        commit();
        throw fail('internal');
      })
      .catch((cause: unknown) => cause);
    expect((error as SluiceError).code).toBe('internal');
    expect(tries).toBe(1);
  });

  test('no wait is begun that ends after the deadline', async () => {
    const failing = { a: [fail('unavailable'), fail('unavailable'), 'ok'] };
    expect(await run(['a'], failing, { deadline: 1_000_000 + 1499, numRetries: 9 })).toMatchObject({
      result: { code: 'unavailable' },
      slept: [500],
    });
    expect(await run(['a'], failing, { deadline: 1_000_000 + 1501, numRetries: 9 })).toMatchObject({ result: 'ok', slept: [500, 1000] });
    expect(await run(['a', 'b'], { a: [fail('unavailable')], b: ['ok'] }, { deadline: 1_000_000 })).toMatchObject({ order: ['a'] });
  });

  test('a client that leaves ends waits and tries', async () => {
    const controller = new AbortController();
    const router = createRouter({ deployments: [deployment('a')] });
    let tries = 0;
    const pending = router
      .run(
        'm',
        async () => {
          tries++;
          throw fail('rate_limited', { retryAfterMs: 60_000 });
        },
        { signal: controller.signal },
      )
      .catch((error: unknown) => error);
    await Promise.resolve();
    const start = performance.now();
    controller.abort();
    expect(((await pending) as SluiceError).code).toBe('client_closed_request');
    // It would have waited for a minute.
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(tries).toBe(1);
    const reason = fail('upstream_timeout');
    expect(await router.run('m', async () => 'x', { signal: AbortSignal.abort(reason) }).catch((error: unknown) => error)).toBe(reason);
  });

  test('a name that nobody serves is answered with the nearest', async () => {
    const router = createRouter({
      deployments: [deployment('a', { name: 'gpt-4o' }), deployment('b', { name: 'secret', model: 'x' })],
      aliases: { other: { model: 'secret', hidden: true } },
    });
    const error = (await router.run('gpt4o', async () => 'x').catch((cause: unknown) => cause)) as SluiceError;
    expect(error).toMatchObject({ code: 'not_found', status: 404, param: 'model' });
    expect(error.message).toContain("'gpt-4o'");
    expect(
      ((await router.run('x'.repeat(1e6), async () => 'x').catch((cause: unknown) => cause)) as SluiceError).message.length,
    ).toBeLessThan(300);
  });

  test('the try knows its deployment, the model with its stars filled, and its number', async () => {
    const router = createRouter({ deployments: [deployment('w', { name: 'openai/*', model: 'azure/*' })] });
    const seen = await router.run('openai/gpt-4o', async ({ deployment: { payload }, model, index }) => [payload, model, index]);
    expect(seen).toEqual(['w', 'azure/gpt-4o', 0]);
  });

  test('a strategy has a name that exists', () => {
    expect(() => createRouter({ deployments: [deployment('a')], strategy: 'simple-shuffle' })).not.toThrow();
    for (const strategy of ['fastest', 'constructor'])
      expect(() => createRouter({ deployments: [deployment('a')], strategy })).toThrow(/simple-shuffle/);
  });

  test('a strategy picks and is told what became of it', async () => {
    const told: unknown[] = [];
    const last: Strategy<string> = {
      name: 'last',
      pick: (candidates) => candidates.at(-1)!,
      started: ({ deployment: { id } }) => void told.push(['started', id]),
      finished: ({ deployment: { id } }, { error }) => void told.push(['finished', id, error?.code]),
    };
    expect((await run(['a', 'b'], { b: [fail('internal')], a: ['ok'] }, {}, { strategy: last })).result).toBe('ok');
    expect(told).toEqual([
      ['started', 'b'],
      ['finished', 'b', 'internal'],
      ['started', 'a'],
      ['finished', 'a', undefined],
    ]);
  });
});

describe('simple-shuffle', () => {
  const shares = (deployments: Deployment<string>[]): Record<string, number> => {
    const candidates = createRouter({ deployments }).match('m');
    const strategy = simpleShuffle<string>();
    const counts: Record<string, number> = {};
    for (let at = 0; at < 1000; at++) {
      const { deployment: picked } = strategy.pick(candidates, { random: () => at / 1000, now: 0, request: {} });
      counts[picked.id] = (counts[picked.id] ?? 0) + 1;
    }
    return counts;
  };

  test('all equal without weights', () => {
    expect(shares([deployment('a'), deployment('b')])).toEqual({ a: 500, b: 500 });
  });

  test('by weight, else by requests, else by tokens a minute', () => {
    expect(shares([deployment('a', { weight: 1, rpm: 900 }), deployment('b', { weight: 3, rpm: 100 })])).toEqual({ a: 250, b: 750 });
    expect(shares([deployment('a', { rpm: 900, tpm: 1 }), deployment('b', { rpm: 100, tpm: 9 })])).toEqual({ a: 900, b: 100 });
    expect(shares([deployment('a', { tpm: 1 }), deployment('b', { tpm: 4 })])).toEqual({ a: 200, b: 800 });
  });

  test('no share means none, unless nobody has one', () => {
    expect(shares([deployment('a', { weight: 0 }), deployment('b', { weight: 2 }), deployment('c')])).toEqual({ b: 1000 });
    expect(shares([deployment('a', { weight: 0 }), deployment('b', { weight: 0 })])).toEqual({ a: 500, b: 500 });
  });
});
