import { describe, expect, test } from 'bun:test';
import type { Attempt } from 'sluice/kit';
import { attemptLines, attemptsHeader, retriesOf } from './attempts.ts';
import { traceOf } from './trace-context.ts';

const attempt = (deploymentId: string, more: Partial<Attempt> = {}): Attempt => ({
  reason: 'first',
  name: 'm',
  deploymentId,
  model: 'upstream',
  startedAt: 1,
  waitedMs: 0,
  ms: 2.00049,
  ...more,
});
const failed = (deploymentId: string, status: number, more: Partial<Attempt> = {}): Attempt =>
  attempt(deploymentId, { code: status === 429 ? 'rate_limited' : 'unavailable', status, ...more });

describe('FP-48: tries are children of one call', () => {
  test('each has the id of the call and its own number, and says why it was made', () => {
    const tries = [
      failed('a', 429),
      failed('b', 503, { reason: 'retry', waitedMs: 10.00049 }),
      attempt('c', { reason: 'fallback', name: 'n' }),
    ];
    expect(attemptLines('call-1', tries)).toEqual([
      {
        id: 'call-1.1',
        reason: 'first',
        group: 'm',
        model: 'upstream',
        deploymentId: 'a',
        code: 'rate_limited',
        status: 429,
        ms: 2,
        waitedMs: 0,
      },
      {
        id: 'call-1.2',
        reason: 'retry',
        group: 'm',
        model: 'upstream',
        deploymentId: 'b',
        code: 'unavailable',
        status: 503,
        ms: 2,
        waitedMs: 10,
      },
      { id: 'call-1.3', reason: 'fallback', group: 'n', model: 'upstream', deploymentId: 'c', status: 200, ms: 2, waitedMs: 0 },
    ]);
    expect(retriesOf(tries)).toBe(1);
  });

  test('one that succeeded has nothing to tell, one that failed has', () => {
    expect(attemptLines('c', [])).toBeUndefined();
    expect(attemptLines('c', [attempt('a')])).toBeUndefined();
    expect(attemptLines('c', [failed('a', 503)])).toHaveLength(1);
  });

  test('with a trace, each has a span', () => {
    const trace = traceOf(new Headers({ traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01` }), () => 'abcdefabcdefabcd')!;
    expect(attemptLines('c', [failed('a', 503)], trace)![0]!.spanId).toBe('abcdefabcdefabcd');
  });

  test('a line and a header are bounded', () => {
    const tries = Array.from({ length: 1000 }, (_, at) => failed(`${at}-${'x'.repeat(300)}`, 503, { reason: 'retry' }));
    expect(attemptLines('c', tries)).toHaveLength(50);
    const header = attemptsHeader(tries)!;
    expect(header.length).toBeLessThan(1000);
    expect(header).toContain(',+992,');
  });

  test('a retry within a fallback is a retry', () => {
    const tries = [failed('a', 503), failed('b', 503, { reason: 'fallback', name: 'n' }), attempt('b', { reason: 'retry', name: 'n' })];
    expect(retriesOf(tries)).toBe(1);
  });
});

describe('the header', () => {
  test('says who answered what, and what was done about it', () => {
    expect(attemptsHeader([failed('dep-a', 429), attempt('dep-b', { reason: 'retry' })])).toBe('dep-a=429(retry),dep-b=200');
    expect(attemptsHeader([attempt('dep-a')])).toBeUndefined();
  });

  test('tries are told as they began: of two at a time the loser ends last', () => {
    const hedged = [
      attempt('b', { reason: 'hedge', startedAt: 5 }),
      attempt('a', { code: 'client_closed_request', status: 499, startedAt: 1 }),
    ];
    expect(attemptsHeader(hedged)).toBe('a=499(hedge),b=200');
    expect(attemptLines('c', hedged)!.map(({ id, deploymentId }) => [id, deploymentId])).toEqual([
      ['c.1', 'a'],
      ['c.2', 'b'],
    ]);
  });

  test('an id cannot break it', () => {
    expect(attemptsHeader([failed('a,b=200\r\n', 429), attempt('ü', { reason: 'fallback' })])).toBe('a_b_200__=429(fallback),_=200');
  });
});
