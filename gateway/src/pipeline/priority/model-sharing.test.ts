import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { aBusyModel, aCaller } from './testing.ts';

const config = (settings: string, limits = 'rpm: 50') => `
model_list:
  - { model_name: m, litellm_params: { model: mock/a, ${limits} } }
  - { model_name: m, litellm_params: { model: mock/b, ${limits} } }
  - { model_name: free, litellm_params: { model: mock/c } }
router_settings: { model_group_alias: { other: m } }
${settings}
`;
const priorities = (more = '') => `
litellm_settings:
  callbacks: [dynamic_rate_limiter_v3]
  priority_reservation: { prod: 0.8, dev: 0.1 }
  priority_reservation_settings: { default_priority: 0.05, saturation_threshold: 0.6${more} }
`;

const [prod, dev, nobody, unknown] = [aCaller('p', 'prod'), aCaller('d', 'dev'), aCaller('n'), aCaller('u', 'no-such')];

describe('priorities at a model', () => {
  test('below the threshold everybody borrows; above it each priority has its share', () => {
    const { call, served, pass, now } = aBusyModel(config(priorities()));
    // Twenty more than its share: nobody else wanted them.
    expect(served(dev, 30)).toBe(30);
    expect(served(prod, 30)).toBe(30);
    // 60 of 100: busy.
    const refused = call(dev);
    expect(refused).toMatchObject({
      ok: false,
      subject: 'priority:m/dev',
      max: 10,
      sharing: { saturation: 0.6, priority: 'dev', limiter: 'v3' },
    });
    expect(refused.resetsAt).toBeGreaterThan(now());
    expect(served(prod, 100)).toBe(40);
    expect(call(prod)).toMatchObject({ ok: false, subject: 'model:m', max: 100, sharing: { saturation: 1 } });
    // Refused calls count nothing, so after a minute all of it is free again.
    pass(62_000);
    expect(call(dev)).toMatchObject({ ok: true, sharing: { saturation: 0 } });
  });

  test('callers without a priority, or with one that nothing is reserved for, share one pool', () => {
    const { call, served } = aBusyModel(config(priorities()));
    expect(served(prod, 60)).toBe(60);
    expect([call(nobody).ok, call(unknown).ok, call(aCaller('x')).ok, call(nobody).ok, call(unknown).ok]).toEqual(Array(5).fill(true));
    expect(call(unknown)).toMatchObject({ ok: false, subject: 'priority:m/', max: 5, sharing: { priority: 'default' } });
    expect(call(dev).ok).toBe(true);
  });

  test("a team's priority goes before the key's own, and what is no name is none", () => {
    const { call } = aBusyModel(config(priorities()));
    expect(call(aCaller('k', 'dev', 'prod')).sharing?.priority).toBe('prod');
    for (const odd of [7, '', null, ['prod'], 'constructor', '__proto__'])
      expect(call(aCaller('k', odd)).sharing?.priority).toBe('default');
  });

  test('a name may be a number', () => {
    const settings = 'litellm_settings: { callbacks: [dynamic_rate_limiter_v3], priority_reservation: { 1: 0.5 } }';
    expect(aBusyModel(config(settings)).call(aCaller('k', 1)).sharing?.priority).toBe('1');
  });

  test('an alias and an id of a deployment are the same model; a model without limits has no sharing', () => {
    const { live, call, served } = aBusyModel(config(priorities()));
    expect(served(prod, 60)).toBe(60);
    expect(call(dev, { model: 'other' }).sharing?.saturation).toBe(0.6);
    expect(call(dev, { model: live.snapshot.deployments[0]!.id }).sharing?.saturation).toBe(0.61);
    expect(call(dev, { model: 'free' })).toMatchObject({ ok: true, sharing: undefined });
    expect(call(dev, { model: 'no-such' })).toMatchObject({ ok: true, sharing: undefined });
  });

  test('tokens count as requests do: the fuller of the two says how busy a model is', () => {
    const { call } = aBusyModel(config(priorities(), 'rpm: 50, tpm: 500'));
    expect(call(dev, { tokens: 600 }).ok).toBe(true);
    expect(call(prod, { tokens: 100 })).toMatchObject({ ok: true, sharing: { saturation: 0.6 } });
    expect(call(dev, { tokens: 1 })).toMatchObject({ ok: false, subject: 'priority:m/dev', max: 100 });
    expect(call(prod, { tokens: 301 })).toMatchObject({ ok: false, subject: 'model:m', max: 1000 });
  });

  test('without reservations only the model as a whole is limited', () => {
    const { call, served } = aBusyModel(config('litellm_settings: { callbacks: [dynamic_rate_limiter_v3] }'));
    expect(served(dev, 99)).toBe(99);
    expect(call(nobody)).toMatchObject({ ok: true, sharing: { priority: 'default', limiter: 'v3' } });
    expect(call(prod)).toMatchObject({ ok: false, subject: 'model:m' });
  });

  test('nothing of it without the callback, and limits are the same objects from call to call', () => {
    const quiet = aBusyModel(config(''));
    expect(quiet.limitsOf(prod)).toEqual([]);
    expect(quiet.call(prod).sharing).toBeUndefined();
    const { limitsOf } = aBusyModel(config(priorities()));
    expect(limitsOf(prod)).toBe(limitsOf(aCaller('another', 'prod')));
    expect(limitsOf(prod)).not.toBe(limitsOf(dev));
  });

  test('in whatever order calls come, a model is never passed, and who is within its share is refused by the model alone', () => {
    const callers = { prod, dev, default: nobody };
    const shares = { prod: 80, dev: 10, default: 5 };
    const step = fc.record({
      who: fc.constantFrom('prod', 'dev', 'default' as const),
      times: fc.nat(40),
      passMs: fc.constantFrom(0, 0, 7000, 30_000),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const world = aBusyModel(config(priorities()));
        const served: { at: number; who: keyof typeof shares }[] = [];
        for (const { who, times, passMs } of steps) {
          for (let at = 0; at < times; at++) {
            const outcome = world.call(callers[who as keyof typeof shares]);
            // A count leaves a window of a minute at most one 60th late.
            const lately = served.filter(({ at: when }) => when > world.now() - 62_000);
            const own = lately.filter((one) => one.who === who).length;
            if (outcome.ok) served.push({ at: world.now(), who: who as keyof typeof shares });
            else if (own < shares[who as keyof typeof shares] && outcome.subject !== 'model:m') return false;
            if (served.filter(({ at: when }) => when > world.now() - 60_000).length > 100) return false;
          }
          world.pass(passMs);
        }
        return true;
      }),
      { numRuns: 30 },
    );
  });
});

describe('fair shares', () => {
  const fair = config('sluice_settings: { fair_share: true }');

  test('while a model is busy no key has more than the others that are active', () => {
    const { call, served, pass } = aBusyModel(fair);
    expect(served(aCaller('greedy'), 80)).toBe(80);
    // Alone, it may use what there is; from the second one on it has its half, which it has used.
    expect(call(aCaller('b'))).toMatchObject({ ok: true, sharing: { saturation: 0.8 } });
    expect(call(aCaller('greedy'))).toMatchObject({ ok: false, subject: 'share:m/greedy', max: 50 });
    expect(served(aCaller('c'), 40)).toBe(19);
    expect(call(aCaller('c'))).toMatchObject({ ok: false, subject: 'model:m' });
    pass(62_000);
    expect(call(aCaller('greedy')).ok).toBe(true);
  });

  test('however many are active, each has one', () => {
    const { call } = aBusyModel(config('sluice_settings: { fair_share: true }', 'rpm: 2'));
    const outcomes = Array.from({ length: 10 }, (_, at) => call(aCaller(`k${at}`)));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(4);
    expect(outcomes.slice(4).every(({ subject }) => subject === 'model:m')).toBe(true);
  });

  test("within priorities it is the pool's part that is divided", () => {
    const { call, served } = aBusyModel(config(`${priorities()}\nsluice_settings: { fair_share: true }`));
    expect(served(aCaller('a', 'prod'), 60)).toBe(60);
    expect(call(aCaller('b', 'dev')).ok).toBe(true);
    expect(call(aCaller('c', 'prod')).ok).toBe(true);
    // 80 for two.
    expect(call(aCaller('a', 'prod'))).toMatchObject({ ok: false, max: 40 });
    expect(served(aCaller('c', 'prod'), 100)).toBe(19);
  });
});

describe("LiteLLM's first limiter", () => {
  test('what is left is divided by the callers that are active', () => {
    const { call, served } = aBusyModel(config('litellm_settings: { callbacks: dynamic_rate_limiter }'));
    expect(served(aCaller('a'), 97)).toBe(97);
    expect(call(aCaller('b'))).toMatchObject({ ok: true, sharing: { limiter: 'v1' } });
    // Two are left for three.
    expect(call(aCaller('c'))).toMatchObject({ ok: false, subject: 'model:m', max: 98 });
  });

  test('a priority stands for its share of what is left', () => {
    const { served } = aBusyModel(
      config('litellm_settings: { callbacks: dynamic_rate_limiter, priority_reservation: { dev: 0.1, none: 0 } }'),
    );
    expect(served(aCaller('x', 'none'), 3)).toBe(0);
    expect(served(dev, 100)).toBe(91);
  });
});
