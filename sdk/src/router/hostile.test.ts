import { describe, expect, test } from 'bun:test';
import type { Clock } from '../lib/clock.ts';
import { Canceller } from '../transport/canceller.ts';
import { SluiceError, type ErrorCode } from '../types/index.ts';
import type { Grant, Limiter, Peers, SharedRest } from './limiter.ts';
import { createLocalLimiter } from './local-limiter.ts';
import { RouterMemory } from './memory.ts';
import { createRouter, type RouterOptions } from './router.ts';

/** What one caller, one clock or one store gone wrong must not do to all others. */

const timeOf = (start = 1e12): Clock & { pass(ms: number): void } => {
  let now = start;
  return { now: () => now, pass: (ms) => void (now += ms), sleep: async (ms) => void (now += ms) };
};

const down = () => new SluiceError('unavailable', 'down', { retry: false });
const alone = { id: 'a', name: 'a', model: 'm', payload: null, credential: 'c', server: 's' };

const routerOf = (options: Partial<RouterOptions<null>> = {}) => {
  const clock = timeOf();
  const router = createRouter<null>({ deployments: [alone], numRetries: 0, clock, ...options });
  const code = (attempt: () => Promise<unknown> = async () => 'ok', name = 'a'): Promise<unknown> =>
    router.run(name, attempt).catch((error: SluiceError) => error.code);
  const fails = () =>
    code(async () => {
      clock.pass(100);
      throw down();
    });
  const open = async () => {
    for (let count = 0; count < 3; count++) {
      await fails();
      clock.pass(500);
    }
  };
  return { clock, router, code, fails, open };
};

describe('names that clients make up', () => {
  const deployments = [alone, { id: 'w', name: '*', model: '*', payload: null, credential: 'k' }];

  test('do not make a router forget what is configured', async () => {
    const memory = new RouterMemory();
    const { router, open, code } = routerOf({ deployments, memory });
    for (let count = 0; count < 25_000; count++) await router.run(`made-up-${count}`, async () => 1);
    await open();
    let asked = 0;
    expect(await code(async () => void asked++)).toBe('unavailable');
    expect(asked).toBe(0);
    expect([...memory.states()].length).toBeLessThan(20_010);
  });

  test('are forgotten although all of them have failed', async () => {
    const memory = new RouterMemory();
    const { code } = routerOf({ deployments, memory });
    const unknown = () => Promise.reject(new SluiceError('not_found', 'no', { param: 'model', retry: false }));
    for (let count = 0; count < 25_000; count++) await code(unknown, `made-up-${count}`);
    expect([...memory.resting()].length).toBeLessThan(20_010);
  }, 30_000);

  test('cost calls of other names no new look at their groups', async () => {
    const memory = new RouterMemory();
    const { code } = routerOf({ deployments, memory });
    const before = memory.version;
    for (let count = 0; count < 10; count++) await code(() => Promise.reject(down()), `made-up-${count}`);
    expect(memory.version).toBe(before);
    expect(memory.passingVersion).toBeGreaterThan(0);
  });

  test('are no names where they are as long as a body', async () => {
    const { code } = routerOf({ deployments });
    expect(await code(undefined, 'x'.repeat(512))).toBe('ok');
    expect(await code(undefined, 'x'.repeat(513))).toBe('not_found');
  });

  test('what is configured no more is forgotten as well', () => {
    const memory = new RouterMemory();
    const before = memory.state('gone', true);
    memory.begin();
    expect(memory.state('gone')).toBe(before);
    memory.begin();
    for (let count = 0; count < 25_000; count++) memory.state(`made-up-${count}`);
    expect(memory.state('gone')).not.toBe(before);
  });
});

describe('a call that tries what has rested', () => {
  test('keeps nobody away once its stream has begun, however long it goes on', async () => {
    const { clock, router, open, code } = routerOf();
    await open();
    clock.pass(6000);
    await router.run('a', async (one) => one.goesOn());
    expect(await code()).toBe('ok');
  });

  test('and where such streams break off again and again, it rests again', async () => {
    const { clock, router, open, code } = routerOf();
    await open();
    clock.pass(6000);
    const end = await router.run('a', async (one) => one.goesOn());
    clock.pass(100);
    end({ error: down() });
    expect(await code()).toBe('unavailable');
  });

  test('keeps others away for seconds, and not for as long as it takes', async () => {
    const { clock, router, open, code } = routerOf();
    await open();
    clock.pass(6000);
    void router.run('a', () => new Promise(() => {}));
    expect(await code()).toBe('unavailable');
    clock.pass(5000);
    expect(await code()).toBe('ok');
  });

  test('what strategies keep of the group is renewed when that is over', async () => {
    const deployments = [alone, { ...alone, id: 'b', credential: 'd', server: 't' }];
    const { clock, router, code } = routerOf({ deployments, strategy: (candidates) => candidates[0]! });
    await router.run('a', () => Promise.reject(down()), { only: ({ id }) => id === 'a' }).catch(() => {});
    clock.pass(600);
    void router.run('a', () => new Promise(() => {}));
    const asked: string[] = [];
    const ask = () => router.run('a', async ({ deployment }) => asked.push(deployment.id));
    await ask();
    clock.pass(5000);
    await ask();
    expect(asked).toEqual(['b', 'a']);
    expect(await code()).toBe('ok');
  });
});

test('a large group is not looked at as a whole for each failure, and what rests is asked all the same by nobody', async () => {
  const deployments = Array.from({ length: 400 }, (_, at) => ({ id: String(at), name: 'a', model: 'm', payload: null }));
  const clock = timeOf();
  const router = createRouter<null>({ deployments, clock, numRetries: 0, breaker: { cooldownMs: 60_000 } });
  const failed = new Set<string>();
  for (let count = 0; count < 300; count++) {
    await router
      .run('a', async ({ deployment: { id } }) => {
        expect(failed.has(id)).toBe(false);
        failed.add(id);
        throw down();
      })
      .catch(() => {});
  }
  expect(failed.size).toBe(300);
  clock.pass(61_000);
  let again = 0;
  for (let count = 0; count < 400; count++) await router.run('a', async ({ deployment: { id } }) => void (again += failed.has(id) ? 1 : 0));
  expect(again).toBeGreaterThan(0);
});

test('a clock that is put back makes no rest longer', async () => {
  const { clock, open, code } = routerOf();
  await open();
  expect(await code()).toBe('unavailable');
  clock.pass(-3_600_000);
  expect(await code()).toBe('ok');
});

describe('rests that others tell of', () => {
  const told = (until: number, codeOf: ErrorCode = 'unavailable') => {
    let tell: (rest: SharedRest) => void = () => {};
    const peers: Peers = {
      tellRest: () => {},
      onRest(listener) {
        tell = listener;
        return () => {};
      },
      pendingElsewhere: () => 0,
    };
    const world = routerOf({ peers });
    tell({ key: 'deployment:a', until: world.clock.now() + until, open: true, code: codeOf, status: 503 });
    return world;
  };

  test('last no longer than one of our own may', async () => {
    const { clock, code } = told(30 * 86_400_000);
    expect(await code()).toBe('unavailable');
    clock.pass(300_000);
    expect(await code()).toBe('ok');
  });

  test('are none where their end is no number', async () => expect(await told(Number.NaN).code()).toBe('ok'));
});

describe('places', () => {
  const deployments = [{ ...alone, maxParallelRequests: 1 }];

  test('who leaves while one is taken elsewhere gives it back', async () => {
    let taken = 0;
    const grant: Grant = { settle: () => void taken-- };
    const limiter: Limiter = {
      async take() {
        await Promise.resolve();
        taken++;
        return grant;
      },
      hasRoom: () => true,
      onRoom: () => () => {},
    };
    const { router } = routerOf({ deployments, limiter });
    const signal = new Canceller();
    const left = router.run('a', async () => 'ok', { signal }).catch((error: SluiceError) => error.code);
    signal.abort(new SluiceError('client_closed_request', 'left'));
    expect(await left).toBe('client_closed_request');
    expect(taken).toBe(0);
  });

  test('who waits for one hears of it although a reload has taken its router away', async () => {
    const limiter = createLocalLimiter();
    const memory = new RouterMemory();
    const make = () => createRouter<null>({ deployments, limiter, memory, queue: { maxWaitMs: 5000 } });
    const before = make();
    const { promise, resolve } = Promise.withResolvers<void>();
    const first = before.run('a', () => promise);
    await Bun.sleep(1);
    const startedAt = performance.now();
    const second = before.run('a', async () => 'ok');
    await Bun.sleep(1);
    make();
    before.close();
    resolve();
    await first;
    expect(await second).toBe('ok');
    expect(performance.now() - startedAt).toBeLessThan(4000);
  });

  test('who was woken for one and has no use for it wakes the next', async () => {
    const places = [
      { ...alone, id: 'x', maxParallelRequests: 1 },
      { ...alone, id: 'y', maxParallelRequests: 1, credential: 'd', server: 't' },
    ];
    const router = createRouter<null>({ deployments: places, numRetries: 0, queue: { maxWaitMs: 5000 } });
    const [x, y] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const only = (id: string) => ({ only: (one: { id: string }) => one.id === id });
    const open = [router.run('a', () => x.promise, only('x')), router.run('a', () => y.promise, only('y'))];
    await Bun.sleep(1);
    const startedAt = performance.now();
    // The first in the line waits for the one, and what comes free is the other.
    const forX = router.run('a', async () => 'x', only('x'));
    await Bun.sleep(1);
    const forY = router.run('a', async () => 'y', only('y'));
    await Bun.sleep(1);
    y.resolve();
    expect(await forY).toBe('y');
    expect(performance.now() - startedAt).toBeLessThan(4000);
    x.resolve();
    expect(await forX).toBe('x');
    await Promise.all(open);
  });

  test('thousands of full deployments are not all asked for each call', async () => {
    let takes = 0;
    const local = createLocalLimiter();
    const limiter: Limiter = {
      take(...args) {
        takes++;
        return local.take(...args);
      },
      hasRoom: local.hasRoom,
      onRoom: local.onRoom,
    };
    const many = Array.from({ length: 500 }, (_, at) => ({ id: String(at), name: 'a', model: 'm', payload: null, rpm: 1 }));
    const router = createRouter<null>({ deployments: many, limiter, enforceLimits: true, queue: { maxSize: 0 }, numRetries: 0 });
    for (let count = 0; count < 500; count++) await router.run('a', async () => 'ok');
    takes = 0;
    expect(await router.run('a', async () => 'ok').catch((error: SluiceError) => error.code)).toBe('rate_limited');
    expect(takes).toBeLessThan(50);
  });

  test('a strategy that throws keeps none, and costs no answer', async () => {
    const strategy = {
      name: 'own',
      pick: () => {
        throw new Error('not asked: there is one alone');
      },
      started: () => {
        throw new Error('started');
      },
      finished: () => {
        throw new Error('finished');
      },
    };
    const { code } = routerOf({ deployments, strategy, queue: { maxSize: 0 } });
    for (let count = 0; count < 3; count++) expect(await code()).toBe('ok');
  });
});

test('a stream that begins when its client has left is let go, and keeps no place', async () => {
  const { router, code } = routerOf({ deployments: [{ ...alone, maxParallelRequests: 1 }], queue: { maxSize: 0 } });
  const signal = new Canceller();
  const { promise, resolve } = Promise.withResolvers<void>();
  const dropped: unknown[] = [];
  const discard = (answer: unknown) => void dropped.push(answer);
  const left = router
    .run(
      'a',
      async (one) => {
        await promise;
        one.goesOn();
        return 'stream';
      },
      { signal, discard },
    )
    .catch((error: SluiceError) => error.code);
  await Bun.sleep(1);
  signal.abort(new SluiceError('client_closed_request', 'left'));
  resolve();
  expect(await left).toBe('client_closed_request');
  expect(dropped).toEqual(['stream']);
  expect(await code()).toBe('ok');
});

test('hedging: whoever leaves in the middle of an answer that was not hedged is still heard', async () => {
  const deployments = [alone, { ...alone, id: 'b' }];
  const router = createRouter<null>({ deployments, hedging: { after: 50 } });
  const client = new Canceller();
  let heard = false;
  const end = await router.run(
    'a',
    async (one) => {
      one.signal!.addEventListener('abort', () => (heard = true));
      return one.goesOn();
    },
    { signal: client },
  );
  client.abort(new Error('left'));
  expect(heard).toBe(true);
  end({});
});

test('hedging: nothing listens to a client any more whose call is over', async () => {
  let listening = 0;
  const signal = {
    aborted: false,
    reason: undefined,
    addEventListener: () => void listening++,
    removeEventListener: () => void listening--,
    throwIfAborted: () => {},
  };
  const router = createRouter<null>({ deployments: [alone, { ...alone, id: 'b' }], hedging: { after: 1, maxShare: 1 } });
  for (let count = 0; count < 4; count++) await router.run('a', () => Bun.sleep(count * 3), { signal });
  await Bun.sleep(20);
  expect(listening).toBe(0);
});
