import { describe, expect, test } from 'bun:test';
import type { Candidate } from 'sluice/kit';
import { plainHealthChecks } from '../config/router-defaults.ts';
import type { Deployment } from '../config/snapshot.ts';
import { createHealthFilter, HealthBoard, type HealthResult } from './health-board.ts';

const result = (deploymentId: string, healthy: boolean, more: Partial<HealthResult> = {}): HealthResult => ({
  deploymentId,
  modelName: 'm',
  healthy,
  by: 'call',
  checkedAt: 1000,
  ms: 5,
  ...more,
});
const candidates = ['a', 'b', 'c'].map((id) => ({ deployment: { id } }) as Candidate<Deployment>);
const ids = (left: readonly Candidate<Deployment>[]) => left.map(({ deployment }) => deployment.id);

describe('the filter', () => {
  const settings = { ...plainHealthChecks, routing: true, stalenessMs: 500 };

  test('what failed its last check is left out while that is fresh', () => {
    const board = new HealthBoard();
    const { keep } = createHealthFilter(board, settings);
    expect(keep(candidates, {}, 1000)).toBe(candidates);
    board.set(result('b', false));
    expect(ids(keep(candidates, {}, 1100))).toEqual(['a', 'c']);
    expect(keep(candidates, {}, 1499)).toBe(keep(candidates, {}, 1400));
    expect(keep(candidates, {}, 1500)).toBe(candidates);
    board.set(result('b', true, { checkedAt: 1600 }));
    expect(keep(candidates, {}, 1601)).toBe(candidates);
  });

  test('where all have failed, none is left out', () => {
    const board = new HealthBoard();
    const { keep } = createHealthFilter(board, settings);
    for (const id of ['a', 'b']) board.set(result(id, false));
    expect(ids(keep(candidates, {}, 1001))).toEqual(['c']);
    board.set(result('c', false));
    expect(keep(candidates, {}, 1001)).toBe(candidates);
  });

  test('a failure that may be of the moment leaves nobody out, where that is wanted', () => {
    const board = new HealthBoard();
    board.set(result('b', false, { transient: true }));
    expect(ids(createHealthFilter(board, settings).keep(candidates, {}, 1001))).toEqual(['a', 'c']);
    expect(createHealthFilter(board, { ...settings, ignoreTransient: true }).keep(candidates, {}, 1001)).toBe(candidates);
  });

  test('a client that was answered says more than the check before', () => {
    const board = new HealthBoard();
    const { keep } = createHealthFilter(board, settings);
    board.set(result('b', false));
    expect(ids(keep(candidates, {}, 1001))).toEqual(['a', 'c']);
    board.saw({ id: 'b', modelName: 'm' }, undefined, 1200);
    expect(keep(candidates, {}, 1201)).toBe(candidates);
    expect(board.of('b')).toMatchObject({ healthy: true, by: 'traffic' });
  });
});

describe('the board', () => {
  test("calls of clients: a provider's failure makes a check due, a request's own does not", () => {
    const board = new HealthBoard();
    const one = { id: 'a', modelName: 'm' };
    board.saw(one, undefined, 10);
    board.saw(one, 'invalid_request', 20);
    board.saw(one, 'client_closed_request', 30);
    expect(board.servedAt('a')).toBe(10);
    board.saw(one, 'unavailable', 40);
    expect(board.servedAt('a')).toBe(0);
  });

  test('what is not configured any more is forgotten', () => {
    const board = new HealthBoard();
    board.set(result('a', false));
    board.set(result('b', true));
    board.saw({ id: 'a', modelName: 'm' }, 'invalid_request', 10);
    board.keepOnly(new Set(['b']));
    expect([board.of('a'), board.unhealthy, board.of('b')?.healthy]).toEqual([undefined, 0, true]);
  });

  test('the history is bounded, the latest first', () => {
    const board = new HealthBoard();
    for (let at = 0; at < 1500; at++) board.set(result('a', at % 2 === 0, { checkedAt: at }));
    expect(board.history()).toHaveLength(1000);
    expect(board.history()[0]!.checkedAt).toBe(1499);
    expect(board.unhealthy).toBe(1);
  });
});
