import { describe, expect, test } from 'bun:test';
import type { Attempt } from 'sluice/kit';
import type { Limit } from '../../limits/index.ts';
import { limitsInForce } from './limits-in-force.ts';
import { ModelFailures } from './model-failures.ts';
import { liveOf } from './testing.ts';

const live = liveOf(`
model_list: [{ model_name: m, litellm_params: { model: mock/a } }, { model_name: n, litellm_params: { model: mock/b } }]
router_settings: { model_group_alias: { also: m } }
`);
const tried = (status: number | undefined, startedAt: number, name = 'm'): Attempt =>
  ({ reason: 'first', name, deploymentId: 'd', model: 'a', startedAt, waitedMs: 0, ms: 0, status }) as Attempt;

describe('failures of a model', () => {
  test.each([
    [429, true],
    [500, true],
    [504, true],
    [400, false],
    [401, false],
    [499, false],
    [undefined, false],
  ])('a try that ends with %p counts: %p', (status, counts) => {
    const failures = new ModelFailures();
    failures.saw([tried(status, 0)], live);
    expect([
      failures.holdsFor({ live }, 'm', 59_999),
      failures.holdsFor({ live }, 'm', 60_000),
      failures.holdsFor({ live }, 'n', 1),
    ]).toEqual([counts, false, false]);
  });

  test('as many as are asked for, in a minute, in whatever order they are told', () => {
    const failures = new ModelFailures();
    const three = { live: liveOfThree() };
    failures.saw([tried(500, 20_000), tried(500, 0)], three.live);
    expect(failures.holdsFor(three, 'm', 30_000)).toBe(false);
    failures.saw([tried(500, 10_000)], three.live);
    expect([failures.holdsFor(three, 'm', 30_000), failures.holdsFor(three, 'm', 60_000)]).toEqual([true, false]);
    failures.saw([tried(500, 50_000)], three.live);
    expect([failures.holdsFor(three, 'm', 65_000), failures.holdsFor(three, undefined, 65_000)]).toEqual([true, false]);
  });

  test('an alias is the same model', () => {
    const failures = new ModelFailures();
    failures.saw([tried(500, 0, 'no-such'), tried(500, 0, 'also')], live);
    expect([
      failures.holdsFor({ live }, 'no-such', 1),
      failures.holdsFor({ live }, 'm', 1),
      failures.holdsFor({ live }, 'also', 1),
    ]).toEqual([false, true, true]);
  });
});

const liveOfThree = () => ({ ...live, snapshot: { ...live.snapshot, priority: { ...live.snapshot.priority, failuresPerMinute: 3 } } });

describe('limits of type dynamic', () => {
  const plain: Limit = { subject: 'key:a', metric: 'requests', max: 1, windowMs: 60_000, label: 'key "a"' };
  const dynamic: Limit = { ...plain, metric: 'tokens', dynamic: true };

  test('hold while their model fails; else they are counted and refuse nothing', () => {
    const limits = [plain, dynamic];
    expect(limitsInForce(limits, () => true)).toBe(limits);
    const relaxed = limitsInForce(limits, () => false);
    expect(relaxed).toEqual([plain, { ...dynamic, soft: true, shadow: false }]);
    expect(limitsInForce(limits, () => false)).toBe(relaxed);
  });

  test('others are not asked about', () => {
    const limits = [plain];
    const never = () => {
      throw new Error('asked');
    };
    expect([limitsInForce(limits, never), limitsInForce(limits, never)]).toEqual([limits, limits]);
  });
});
