import { describe, expect, test } from 'bun:test';
import type { Clock } from '../lib/clock.ts';
import { SluiceError, type ErrorCode, type SluiceErrorOptions } from '../types/index.ts';
import type { Attempt } from './attempt.ts';
import type { RunOptions } from './call-options.ts';
import type { Deployment } from './deployment.ts';
import type { Peers, SharedRest } from './limiter.ts';
import { RouterMemory } from './memory.ts';
import { createRouter, type RouterOptions } from './router.ts';

/** Time that passes while somebody sleeps, or when it is told to. */
const fakeClock = (): Clock & { pass(ms: number): void } => {
  let now = 1_000_000;
  return {
    now: () => now,
    pass: (ms) => void (now += ms),
    sleep: (ms, signal) => {
      if (signal?.aborted) return Promise.reject(signal.reason as Error);
      now += ms;
      return Promise.resolve();
    },
  };
};

const fail = (code: ErrorCode, options: SluiceErrorOptions = {}) => new SluiceError(code, code, { upstream: {}, ...options });

/** A router over deployments whose state a test sets: an error, or nothing for an answer. */
const worldOf = (
  deployments: (string | (Partial<Deployment<string>> & { id: string }))[],
  options: Partial<RouterOptions<string>> = {},
) => {
  const clock = fakeClock();
  const broken = new Map<string, SluiceError>();
  /** How long a failure takes, in milliseconds. */
  const takes = { ms: 0 };
  const router = createRouter<string>({
    deployments: deployments.map((each) => {
      const given = typeof each === 'string' ? { id: each } : each;
      return { name: 'm', model: given.id, payload: given.id, ...given };
    }),
    clock,
    random: () => 0,
    numRetries: 1,
    strategy: (candidates) => candidates[0]!,
    ...options,
  });
  const call = async (name = 'm', runOptions: RunOptions = {}) => {
    const attempts: Attempt[] = [];
    const answer = await router
      .run(
        name,
        async ({ deployment: { id } }) => {
          const error = broken.get(id);
          if (error) {
            clock.pass(takes.ms);
            throw error;
          }
          return id;
        },
        { attempts, ...runOptions },
      )
      .catch((error: unknown) => error as SluiceError);
    return { answer, asked: attempts.map(({ deploymentId }) => deploymentId), attempts };
  };
  return { clock, broken, takes, router, call };
};

describe('circuits', () => {
  test('what failed is not asked again for a while, and one call tries it when it may be', async () => {
    const { broken, call, clock } = worldOf(['a', 'b']);
    broken.set('a', fail('internal'));
    expect((await call()).asked).toEqual(['a', 'b']);
    expect((await call()).asked).toEqual(['b']);
    clock.pass(499);
    expect((await call()).asked).toEqual(['b']);
    clock.pass(1);
    // The probe fails: it rests for twice the time.
    expect((await call()).asked).toEqual(['a', 'b']);
    clock.pass(999);
    expect((await call()).asked).toEqual(['b']);
    clock.pass(1);
    broken.clear();
    expect((await call()).asked).toEqual(['a']);
    expect((await call()).asked).toEqual(['a']);
  });

  test('FP-29: alone and dead, it is not asked at all once that is known, and then tried by one call', async () => {
    const { broken, call, clock, takes } = worldOf(['a'], { numRetries: 2 });
    takes.ms = 50;
    broken.set('a', fail('connection'));
    expect((await call()).asked).toEqual(['a', 'a', 'a']);
    const refused = await call();
    expect(refused.asked).toEqual([]);
    expect(refused.answer).toMatchObject({ code: 'unavailable', retryAfterMs: 2000 });
    clock.pass(2000);
    expect((await call()).asked).toEqual(['a']);
    clock.pass(4000);
    broken.clear();
    expect((await call()).answer).toBe('a');
    expect((await call()).answer).toBe('a');
  });

  test('alone and failing at once, it is asked once by each call, and its own failure is told', async () => {
    const { broken, call, clock } = worldOf(['a'], { numRetries: 2 });
    broken.set('a', fail('internal'));
    expect((await call()).asked).toEqual(['a', 'a', 'a']);
    for (let at = 0; at < 5; at++) {
      expect(await call()).toMatchObject({ answer: { code: 'internal' }, asked: ['a'] });
      clock.pass(100);
    }
    expect((await call('m', { numRetries: 1 })).asked).toEqual(['a', 'a']);
    broken.clear();
    expect((await call()).answer).toBe('a');
  });

  test('failures of one moment are no outage, and a key that is refused is told each time', async () => {
    const { broken, call, clock } = worldOf(['a'], { numRetries: 0 });
    for (const code of ['internal', 'bad_gateway', 'unavailable', 'upstream_timeout', 'overloaded'] as const) {
      broken.set('a', fail(code));
      expect((await call()).answer).toMatchObject({ code });
      clock.pass(100);
    }
    const refused = worldOf([{ id: 'a', credential: 'k' }], { numRetries: 0 });
    for (const code of ['authentication', 'payment_required', 'permission_denied'] as const)
      for (let count = 0; count < 9; count++) {
        refused.broken.set('a', fail(code));
        expect((await refused.call()).answer).toMatchObject({ code });
        refused.clock.pass(500);
      }
  });

  test('while one call tries it, others do not', async () => {
    const { clock, router } = worldOf(['a'], { numRetries: 0, breaker: { allowedFails: 0, cooldownMs: 1000 } });
    await router.run('m', () => Promise.reject(fail('internal'))).catch(() => {});
    clock.pass(1000);
    const gate = Promise.withResolvers<string>();
    const probe = router.run('m', () => gate.promise);
    const other = await router.run('m', async () => 'x').catch((error: unknown) => error);
    expect(other).toMatchObject({ code: 'unavailable' });
    gate.resolve('ok');
    expect(await probe).toBe('ok');
    expect(await router.run('m', async () => 'x')).toBe('x');
  });

  test('a failure of a key is one of all its deployments; one of its limit, of the model alone', async () => {
    const shared = [
      { id: 'a1', model: 'x', credential: 'k1' },
      { id: 'a2', model: 'y', credential: 'k1' },
      { id: 'b', model: 'x', credential: 'k2' },
    ];
    const refused = worldOf(shared);
    refused.broken.set('a1', fail('authentication'));
    refused.broken.set('a2', fail('authentication'));
    expect((await refused.call()).asked).toEqual(['a1', 'b']);
    expect((await refused.call()).asked).toEqual(['b']);
    const limited = worldOf(shared);
    limited.broken.set('a1', fail('rate_limited'));
    expect((await limited.call()).asked).toEqual(['a1', 'a2']);
    expect((await limited.call()).asked).toEqual(['a2']);
  });

  test('an address that cannot be reached is not tried with another key', async () => {
    const { broken, call } = worldOf([
      { id: 'a1', server: 's1' },
      { id: 'a2', server: 's1' },
      { id: 'b', server: 's2' },
    ]);
    broken.set('a1', fail('connection'));
    broken.set('a2', fail('connection'));
    expect((await call()).asked).toEqual(['a1', 'b']);
    expect((await call()).asked).toEqual(['b']);
  });

  test.each([
    ['as long as the vendor asks', { retryAfterMs: 20_000 }, {}, 20_000],
    ['no longer than five minutes', { retryAfterMs: 9e6 }, {}, 300_000],
    ['five seconds where it does not say', {}, {}, 5000],
    ['as configured', {}, { cooldownMs: 700 }, 700],
  ])('a used-up limit rests: %s', async (_, error, breaker, restMs) => {
    const { broken, call, clock } = worldOf(['a', 'b'], { breaker });
    broken.set('a', fail('rate_limited', error));
    await call();
    clock.pass(restMs - 1);
    expect((await call()).asked).toEqual(['b']);
    clock.pass(1);
    expect((await call()).asked[0]).toBe('a');
  });

  test('`allowed_fails` are let pass, and each kind has its own number', async () => {
    const { broken, call } = worldOf(['a', 'b'], {
      breaker: { allowedFails: 2, allowedFailsByClass: { rateLimit: 0 }, cooldownMs: 60_000 },
    });
    broken.set('a', fail('internal'));
    for (let at = 0; at < 3; at++) expect((await call()).asked).toEqual(['a', 'b']);
    expect((await call()).asked).toEqual(['b']);
    const limited = worldOf(['a', 'b'], { breaker: { allowedFails: 2, allowedFailsByClass: { rateLimit: 0 }, cooldownMs: 60_000 } });
    limited.broken.set('a', fail('rate_limited'));
    expect((await limited.call()).asked).toEqual(['a', 'b']);
    expect((await limited.call()).asked).toEqual(['b']);
  });

  test('switched off, nothing rests', async () => {
    const { broken, call } = worldOf(['a', 'b'], { breaker: { disabled: true } });
    broken.set('a', fail('internal'));
    for (let at = 0; at < 9; at++) expect((await call()).asked).toEqual(['a', 'b']);
  });

  test.each<[string, SluiceError, RunOptions]>([
    ['a wrong request', fail('invalid_request'), {}],
    ['a prompt that is too long', fail('context_window_exceeded'), {}],
    ['a client that left', fail('client_closed_request'), {}],
    ['a thing that is not there', fail('not_found'), {}],
    ['a mistake of our own', new SluiceError('internal', 'x'), {}],
    ["a deadline of the caller's own", fail('upstream_timeout'), { ownFailures: 'timeouts' }],
    ["a key of the caller's own", fail('authentication'), { ownFailures: 'all' }],
  ])('%s says nothing of the deployment', async (_, error, options) => {
    const { broken, call } = worldOf(['a', 'b'], { numRetries: 0 });
    broken.set('a', error);
    for (let at = 0; at < 9; at++) expect((await call('m', options)).asked).toEqual(['a']);
  });

  test('what others found out holds here, and is told to them', async () => {
    const told: SharedRest[] = [];
    let hear: (rest: SharedRest) => void = () => {};
    const peers: Peers = {
      tellRest: (rest) => void told.push(rest),
      onRest(listener) {
        hear = listener;
        return () => {};
      },
      pendingElsewhere: () => 0,
    };
    const { broken, call, clock } = worldOf(['a', 'b'], { peers });
    hear({ key: 'deployment:a', until: clock.now() + 3000, open: false, code: 'internal', status: 500 });
    expect((await call()).asked).toEqual(['b']);
    broken.set('b', fail('upstream_timeout'));
    await call();
    expect(told).toMatchObject([{ key: 'deployment:b', until: clock.now() + 5000, code: 'upstream_timeout' }]);
  });

  test('a reload wakes nothing', async () => {
    const memory = new RouterMemory();
    const before = worldOf(['a', 'b'], { memory });
    before.broken.set('a', fail('upstream_timeout'));
    await before.call();
    const after = worldOf(['a', 'b', 'c'], { memory });
    expect((await after.call()).asked).toEqual(['b']);
  });
});

describe('tries', () => {
  test('with one healthy deployment left, the client sees no failure, however many are dead', async () => {
    const { broken, call } = worldOf(['a', 'b', 'c', 'd', 'e']);
    for (const id of ['a', 'b', 'c', 'd']) broken.set(id, fail('connection'));
    expect((await call()).asked).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect((await call()).asked).toEqual(['e']);
  });

  test('no more tries than the caller wants', async () => {
    const { broken, call } = worldOf(['a', 'b', 'c']);
    for (const id of ['a', 'b']) broken.set(id, fail('connection'));
    expect((await call('m', { numRetries: 0 })).asked).toEqual(['a']);
    const none = worldOf(['a', 'b'], { numRetries: 0 });
    none.broken.set('a', fail('internal'));
    expect((await none.call()).asked).toEqual(['a']);
  });

  test('a policy counts by kind of failure, and makes what is final tried again', async () => {
    const policy = { internalServer: 3, badRequest: 1, rateLimit: 0 };
    const tries = async (code: ErrorCode) => {
      const { broken, call } = worldOf(['a'], { retryPolicy: policy, breaker: { disabled: true } });
      broken.set('a', fail(code));
      return (await call()).asked.length;
    };
    expect(await Promise.all([tries('internal'), tries('invalid_request'), tries('rate_limited'), tries('timeout')])).toEqual([4, 2, 1, 2]);
    const own = worldOf(['a'], { retryPolicy: policy, groupRetryPolicies: { m: { internalServer: 0 } } });
    own.broken.set('a', fail('internal'));
    expect((await own.call()).asked).toHaveLength(1);
  });

  test('an outage is not multiplied: retries of the same deployment have a budget', async () => {
    const { broken, router, clock } = worldOf(['a'], { numRetries: 2, breaker: { disabled: true } });
    broken.set('a', fail('internal'));
    let tries = 0;
    const fails = () => {
      tries++;
      return Promise.reject(fail('internal'));
    };
    const still = { ...clock, now: () => 1_000_000 };
    const outage = createRouter<string>({
      deployments: [{ id: 'a', name: 'm', model: 'a', payload: 'a' }],
      clock: still,
      random: () => 0,
      numRetries: 2,
      breaker: { disabled: true },
    });
    for (let at = 0; at < 1000; at++) await outage.run('m', fails).catch(() => {});
    // A hundred that were saved up, and a fifth of the calls.
    expect(tries).toBeGreaterThan(1250);
    expect(tries).toBeLessThan(1400);
    expect(router.resting()).toEqual([]);
  });
});

describe('fallbacks', () => {
  const models = [
    { id: 'a', name: 'm' },
    { id: 'b', name: 'n' },
    { id: 'c', name: 'o' },
  ];
  const to = (...names: string[]) => names.map((name) => ({ name }));

  test('names in order, with their own deployments and lists, each once', async () => {
    const { broken, call } = worldOf(models, { numRetries: 0, fallbacks: { general: { m: to('n'), n: to('m', 'o') } } });
    broken.set('a', fail('internal'));
    broken.set('b', fail('internal'));
    const { answer, attempts } = await call();
    expect(answer).toBe('c');
    expect(attempts).toMatchObject([
      { name: 'm', reason: 'first' },
      { name: 'n', reason: 'fallback' },
      { name: 'o', reason: 'fallback' },
    ]);
  });

  test('all fail: the first failure is told', async () => {
    const { broken, call } = worldOf(models, { numRetries: 0, fallbacks: { general: { '*': to('n', 'o') } } });
    broken.set('a', fail('overloaded'));
    broken.set('b', fail('internal'));
    broken.set('c', fail('internal'));
    expect(await call()).toMatchObject({ answer: { code: 'overloaded' }, asked: ['a', 'b', 'c'] });
  });

  test('each kind of failure goes by its own list alone, if there is one', async () => {
    const settings = { general: { m: to('n') }, contextWindow: { m: to('o') } };
    const asked = async (code: ErrorCode, more: RunOptions = {}) => {
      const { broken, call } = worldOf(models, { numRetries: 0, fallbacks: settings });
      broken.set('a', fail(code));
      return (await call('m', more)).asked;
    };
    expect(await asked('context_window_exceeded')).toEqual(['a', 'c']);
    expect(await asked('content_policy_violation')).toEqual(['a', 'b']);
    expect(await asked('invalid_request')).toEqual(['a', 'b']);
    expect(await asked('internal', { fallbacks: { disabled: true } })).toEqual(['a']);
    expect(await asked('internal', { fallbacks: { targets: to('o') } })).toEqual(['a', 'c']);
    expect(await asked('context_window_exceeded', { fallbacks: { contextWindow: { m: to('n') } } })).toEqual(['a', 'b']);
  });

  test('what no vendor has seen is not asked of others, nor is anything after output has gone out (FP-30)', async () => {
    const settings = { numRetries: 0, fallbacks: { general: { m: to('n') } } };
    const { router } = worldOf(models, settings);
    const asked: string[] = [];
    const attempt = async (error: SluiceError, commit: boolean) => {
      const run = router.run('m', async (one) => {
        asked.push(one.deployment.id);
        if (commit) one.commit();
        throw error;
      });
      return run.then(
        () => undefined,
        (cause: unknown) => cause as SluiceError,
      );
    };
    expect(await attempt(new SluiceError('invalid_request', 'x'), false)).toMatchObject({ code: 'invalid_request' });
    expect(await attempt(fail('stream_interrupted'), true)).toMatchObject({ code: 'stream_interrupted' });
    expect(asked).toEqual(['a', 'a']);
  });

  test('a name that is refused before is not asked, and what falls back from it is; where nothing does, the refusal is told', async () => {
    const refused = fail('rate_limited');
    const { call } = worldOf(models, { fallbacks: { general: { m: to('n') } } });
    expect(await call('m', { refused })).toMatchObject({ answer: 'b', asked: ['b'], attempts: [{ name: 'n', reason: 'fallback' }] });
    expect(await call('m', { refused, fallbacks: { disabled: true } })).toMatchObject({ answer: { code: 'rate_limited' }, asked: [] });
    expect((await worldOf(models).call('m', { refused })).answer).toBe(refused);
  });

  test('an unknown name goes to the fallbacks of all names; where there are none it is not found', async () => {
    const { call } = worldOf(models, { fallbacks: { general: { '*': to('o') } } });
    expect((await call('nobody')).answer).toBe('c');
    expect((await worldOf(models).call('nobody')).answer).toMatchObject({ code: 'not_found' });
  });

  test('one request does not become a hundred, whatever it asks for', async () => {
    const many = Array.from({ length: 60 }, (_, at) => ({ id: `d${at}`, name: `n${at % 6}` }));
    const { broken, call } = worldOf(many, {
      fallbacks: { general: { '*': to('n1', 'n2', 'n3', 'n4', 'n5') } },
      breaker: { disabled: true },
    });
    for (const { id } of many) broken.set(id, fail('internal'));
    expect((await call('n0', { numRetries: 10 })).asked).toHaveLength(24);
  });

  test('no more than were allowed', async () => {
    const many = Array.from({ length: 9 }, (_, at) => ({ id: `d${at}`, name: `n${at}` }));
    const { broken, call } = worldOf(many, { numRetries: 0, fallbacks: { general: { n0: to(...many.map(({ name }) => name)) } } });
    for (const { id } of many) broken.set(id, fail('internal'));
    expect((await call('n0')).asked).toHaveLength(6);
  });
});

test('a log tells why each try was made, and what was waited', async () => {
  const { broken, call } = worldOf([{ id: 'a' }, { id: 'b' }, { id: 'c', name: 'n' }], {
    fallbacks: { general: { m: [{ name: 'n' }] } },
    numRetries: 1,
  });
  broken.set('a', fail('internal'));
  broken.set('b', fail('rate_limited', { retryAfterMs: 100 }));
  expect((await call()).attempts).toMatchObject([
    { reason: 'first', deploymentId: 'a', waitedMs: 0, code: 'internal', status: 500 },
    { reason: 'retry', deploymentId: 'b', waitedMs: 0, code: 'rate_limited' },
    { reason: 'retry', deploymentId: 'b', waitedMs: 100 },
    { reason: 'fallback', deploymentId: 'c', name: 'n' },
  ]);
});
