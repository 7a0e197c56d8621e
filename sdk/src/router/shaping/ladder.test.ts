import { describe, expect, test } from 'bun:test';
import { LadderState, type LadderLimits, type LadderSignals } from './ladder.ts';

const start = Date.parse('2026-01-15T12:00:00Z');

/** A ladder with a fake clock. */
const rig = (when: LadderLimits, more: { model: string; when: LadderLimits }[] = [], signals: Partial<LadderSignals> = {}) => {
  let now = start;
  const ladder = new LadderState({ model: 'big', steps: [{ model: 'small', when }, ...more] });
  const all = { queueLength: () => 0, budgetShare: () => undefined, ...signals };
  return {
    ladder,
    choose: () => ladder.choose(now, all),
    tries: (count: number, failed: boolean, ms = 100, name = 'big') => {
      for (let at = 0; at < count; at++) ladder.tried(name, failed, failed ? undefined : ms, now);
    },
    /** Goes on second by second; how often the name changed. */
    pass(seconds: number, each: () => void = () => {}): number {
      let changes = 0;
      for (let at = 0; at < seconds; at++) {
        const before = ladder.choose(now, all);
        now += 1000;
        each();
        if (ladder.choose(now, all) !== before) changes++;
      }
      return changes;
    },
  };
};

describe('a ladder', () => {
  test('steps down when more calls are open than its limit, and up when they have been fewer for a while', () => {
    const { ladder, choose, pass } = rig({ openCalls: 10 });
    expect(choose()).toBe('big');
    for (let at = 0; at < 11; at++) ladder.started();
    pass(1);
    expect(choose()).toBe('small');
    // At the limit and a little below it: neither up nor down.
    ladder.ended();
    ladder.ended();
    expect(pass(120)).toBe(0);
    expect(choose()).toBe('small');
    ladder.ended();
    pass(29);
    expect(choose()).toBe('small');
    pass(2);
    expect(choose()).toBe('big');
  });

  test('does not flap where the load hovers at the limit', () => {
    const { ladder, pass } = rig({ openCalls: 10 });
    for (let at = 0; at < 10; at++) ladder.started();
    let up = false;
    // One more and one fewer, each second, for an hour.
    const changes = pass(3600, () => {
      up = !up;
      if (up) ladder.started();
      else ladder.ended();
    });
    expect(changes).toBe(1);
  });

  test('steps down by failures of the step above, from ten tries on', () => {
    const { choose, tries, pass } = rig({ failureShare: 0.5 });
    tries(9, true);
    pass(1);
    expect(choose()).toBe('big');
    tries(1, true);
    pass(1);
    expect(choose()).toBe('small');
  });

  test('where the top is still broken after each step up, it is tried ever more rarely', () => {
    const { choose, tries, pass } = rig({ failureShare: 0.5 });
    let downs = 0;
    pass(3600, () => {
      const before = choose();
      tries(20, before === 'big', 100, before);
      if (before === 'small') downs++;
    });
    // 3600 seconds, of which the top got the failing calls of a few.
    expect(3600 - downs).toBeLessThan(12);
    expect(3600 - downs).toBeGreaterThan(2);
  });

  test('a step up that held for long is forgotten: the next time starts anew', () => {
    const { choose, tries, pass } = rig({ failureShare: 0.5 });
    tries(20, true);
    pass(1);
    pass(95);
    expect(choose()).toBe('big');
    pass(400, () => tries(1, false));
    tries(500, true);
    pass(1);
    expect(choose()).toBe('small');
    // A minute until the failures are old, and the first hold again.
    pass(95);
    expect(choose()).toBe('big');
  });

  test('steps down when first outputs come late', () => {
    const { choose, tries, pass } = rig({ firstOutputP95Ms: 2000 });
    tries(95, false, 1000);
    tries(5, false, 9000);
    pass(1);
    expect(choose()).toBe('big');
    tries(5, false, 9000);
    pass(1);
    expect(choose()).toBe('small');
    expect(pass(120)).toBe(1);
  });

  test('by the queue and by the budget of the step above, one step after the other', () => {
    const spent: Record<string, number> = { big: 0.95, small: 0.2 };
    let waiting = 0;
    const { choose, pass } = rig({ budgetShare: 0.9 }, [{ model: 'tiny', when: { queueLength: 5 } }], {
      budgetShare: (name) => spent[name],
      queueLength: (name) => (name === 'small' ? waiting : 0),
    });
    expect(choose()).toBe('small');
    pass(5);
    expect(choose()).toBe('small');
    waiting = 6;
    pass(1);
    expect(choose()).toBe('tiny');
    waiting = 0;
    pass(31);
    expect(choose()).toBe('small');
    spent['big'] = 0;
    pass(62);
    expect(choose()).toBe('big');
  });

  test('looks once a second at most', () => {
    let looks = 0;
    const { choose } = rig({ queueLength: 5 }, [], { queueLength: () => (looks++, 0) });
    for (let at = 0; at < 1000; at++) choose();
    expect(looks).toBe(1);
  });

  test('tries at other names are not concerned, and a minute forgets', () => {
    const { choose, tries, pass } = rig({ failureShare: 0.5 });
    tries(50, true, 0, 'another');
    pass(1);
    expect(choose()).toBe('big');
    tries(9, true);
    pass(70);
    tries(9, true);
    pass(1);
    expect(choose()).toBe('big');
  });
});
