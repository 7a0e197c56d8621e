import { describe, expect, test } from 'bun:test';
import type { Attempt, Experiment, Ladder } from 'sluice/kit';
import { createTrafficShaper, type TrafficShaper } from './traffic-shaper.ts';

const ladder: Ladder = { model: 'big', steps: [{ model: 'small', when: { failureShare: 0.5, openCalls: 3 } }] };
const experiment: Experiment = { name: 'x', model: 'chat', stickyBy: 'user', arms: [{ name: 'new', model: 'big', percent: 100 }] };
const aliases = { 'gpt-4': { model: 'big', hidden: false }, talk: { model: 'chat', hidden: false } };
const signals = { queueLength: () => 0, budgetShare: () => undefined };

const shaperOf = (experiments: Experiment[], ladders: Ladder[], before?: TrafficShaper) =>
  createTrafficShaper({ aliases, router: { experiments, ladders } }, signals, before)!;

const attempt = (more: Partial<Attempt>): Attempt => ({
  reason: 'first',
  name: 'big',
  deploymentId: 'd',
  model: 'm',
  startedAt: 0,
  waitedMs: 0,
  ms: 10,
  ...more,
});
const failed = attempt({ code: 'overloaded', status: 529 });

describe('what shapes calls', () => {
  test('is nothing where nothing is configured, and for other names', () => {
    expect(createTrafficShaper({ aliases, router: { experiments: [], ladders: [] } }, signals)).toBeUndefined();
    expect(shaperOf([experiment], [ladder]).shape('other', {}, 0)).toBeUndefined();
  });

  test('alias, then experiment, then ladder', () => {
    const shaper = shaperOf([experiment], [ladder]);
    for (const name of ['chat', 'talk']) {
      expect(shaper.shape(name, { user: 'u' }, 0)).toMatchObject({ model: 'big', dealt: { experiment: 'x', arm: 'new' }, step: 0 });
    }
    // Its own name still, at the top: the router knows what it means.
    expect(shaper.shape('gpt-4', {}, 0)).toMatchObject({ model: 'gpt-4', step: 0 });
    // Two more are open now.
    const over = shaper.shape('big', {}, 1000)!;
    expect(shaper.shape('chat', { user: 'u' }, 2000)).toMatchObject({ model: 'small', dealt: { arm: 'new', model: 'big' }, step: 1 });
    over.ended([], 2000);
  });

  test('failures of tries at the step count; fallbacks count where they went, and what the client did wrong nowhere', () => {
    const down = (tries: readonly Attempt[]): boolean => {
      const shaper = shaperOf([], [{ ...ladder, steps: [{ model: 'small', when: { failureShare: 0.5 } }] }]);
      for (let at = 0; at < 10; at++) shaper.shape('gpt-4', {}, 0)!.ended(tries, 0);
      return shaper.shape('gpt-4', {}, 5000)!.step === 1;
    };
    expect(down([failed])).toBe(true);
    // What the router calls it does not matter: an alias, an id.
    expect(down([attempt({ name: 'gpt-4', code: 'timeout', status: 408 })])).toBe(true);
    expect(down([attempt({})])).toBe(false);
    expect(down([attempt({ code: 'invalid_request', status: 400 })])).toBe(false);
    expect(down([attempt({ code: 'client_closed_request', status: 499 })])).toBe(false);
    expect(down([attempt({}), attempt({ reason: 'fallback', name: 'other', code: 'overloaded' }), attempt({})])).toBe(false);
  });

  test('a reload goes on with ladders that are the same', () => {
    const first = shaperOf([], [ladder]);
    for (let at = 0; at < 10; at++) first.shape('big', {}, 0)!.ended([failed], 0);
    expect(first.shape('big', {}, 5000)!.step).toBe(1);
    expect(shaperOf([], [ladder], first).shape('big', {}, 5001)!.step).toBe(1);
    const other: Ladder = { model: 'big', steps: [{ model: 'small', when: { failureShare: 0.6 } }] };
    expect(shaperOf([], [other], first).shape('big', {}, 5001)!.step).toBe(0);
  });
});
