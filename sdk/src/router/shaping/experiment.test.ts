import { describe, expect, test } from 'bun:test';
import { seeded } from '../affinities/testing.ts';
import { createExperiment, type Experiment, type StickyBy } from './experiment.ts';

const experimentOf = (percents: Record<string, number>, stickyBy: StickyBy = 'user', name = 'new-prompt'): Experiment => ({
  name,
  model: 'chat',
  stickyBy,
  arms: Object.entries(percents).map(([arm, percent]) => ({ name: arm, model: `model-${arm}`, percent })),
});

const subjects = Array.from({ length: 20_000 }, (_, at) => `user-${at}`);
const never = () => {
  throw new Error('nothing is random here');
};

/** The arm of each subject. */
const dealAll = (experiment: Experiment): string[] => {
  const deal = createExperiment(experiment);
  return subjects.map((user) => deal({ user }, never).arm);
};

const sharesOf = (arms: string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const arm of arms) counts[arm] = (counts[arm] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).map(([arm, count]) => [arm, (count / arms.length) * 100]));
};

describe('an experiment', () => {
  test('deals by percentages; what is left stays with the model', () => {
    const shares = sharesOf(dealAll(experimentOf({ a: 10, b: 25 })));
    expect(Math.abs(shares['a']! - 10)).toBeLessThan(1);
    expect(Math.abs(shares['b']! - 25)).toBeLessThan(1);
    expect(Math.abs(shares['control']! - 65)).toBeLessThan(1);
    const deal = createExperiment(experimentOf({ a: 10, b: 25 }));
    expect(new Set(subjects.map((user) => deal({ user }, never).model))).toEqual(new Set(['model-a', 'model-b', 'chat']));
    expect(sharesOf(dealAll(experimentOf({ a: 33.3, b: 33.3, c: 33.4 })))['control']).toBeUndefined();
  });
  test('the same subject has the same arm on every instance, whatever the order of the arms', () => {
    expect(dealAll(experimentOf({ b: 25, a: 10 }))).toEqual(dealAll(experimentOf({ a: 10, b: 25 })));
  });
  test('a changed percentage moves only the subjects that it must', () => {
    const before = dealAll(experimentOf({ new: 10 }));
    const after = dealAll(experimentOf({ new: 20 }));
    const moved = subjects.filter((_, at) => before[at] !== after[at]);
    expect(Math.abs((moved.length / subjects.length) * 100 - 10)).toBeLessThan(1);
    // Nobody who has the new one loses it.
    expect(subjects.some((_, at) => before[at] === 'new' && after[at] !== 'new')).toBe(false);
    // To 0: only those who had it move.
    const none = dealAll(experimentOf({}));
    expect(subjects.filter((_, at) => none[at] !== before[at]).length).toBe(before.filter((arm) => arm === 'new').length);
  });
  test('an arm that grows takes subjects, and gives none', () => {
    const before = dealAll(experimentOf({ a: 20, b: 20 }));
    const after = dealAll(experimentOf({ a: 40, b: 20 }));
    expect(subjects.some((_, at) => before[at] === 'a' && after[at] !== 'a')).toBe(false);
    const moved = subjects.filter((_, at) => before[at] !== after[at]).length / subjects.length;
    // 20 % must; what moves between the others is little.
    expect(moved).toBeLessThan(0.3);
  });
  test('two experiments deal independently', () => {
    const one = dealAll(experimentOf({ a: 50 }));
    const other = dealAll(experimentOf({ a: 50 }, 'user', 'another'));
    const both = subjects.filter((_, at) => one[at] === 'a' && other[at] === 'a').length / subjects.length;
    expect(Math.abs(both - 0.25)).toBeLessThan(0.02);
  });
  test('by session, caller and none', () => {
    const random = seeded(3);
    const bySession = createExperiment(experimentOf({ a: 50 }, 'session'));
    expect(new Set(Array.from({ length: 50 }, () => bySession({ sessionId: 's', user: String(random()) }, never).arm)).size).toBe(1);
    const byCaller = createExperiment(experimentOf({ a: 50 }, 'caller'));
    expect(new Set(Array.from({ length: 50 }, () => byCaller({ caller: 'k' }, never).arm)).size).toBe(1);
    // What has no subject, and what is not sticky, is dealt call by call.
    for (const deal of [createExperiment(experimentOf({ a: 50 }, 'none')), bySession]) {
      const arms = sharesOf(Array.from({ length: 4000 }, () => deal({ user: 'u' }, random).arm));
      expect(Math.abs(arms['a']! - 50)).toBeLessThan(4);
    }
  });
});
