import { describe, expect, test } from 'bun:test';
import { SluiceError } from '../types/index.ts';
import { Canceller } from './canceller.ts';
import { CallClock, defaultDeadlines, wholeDeadlines } from './deadline.ts';

const none = { connectTimeoutMs: 0, firstTokenTimeoutMs: 0, idleTimeoutMs: 0, timeoutMs: 0 };
const failureOf = (clock: CallClock): SluiceError => clock.reason as SluiceError;

describe('the clock of a call', () => {
  test('aborts with the deadline that has passed', async () => {
    const clock = new CallClock({ ...none, firstTokenTimeoutMs: 10 });
    await Bun.sleep(30);
    expect(clock.aborted).toBe(true);
    expect([failureOf(clock).code, failureOf(clock).message]).toEqual([
      'upstream_timeout',
      'The provider took longer than 10 ms for its first output (firstTokenTimeoutMs).',
    ]);
  });

  test('counts the wait between events once output has begun, and each event begins it anew', async () => {
    const clock = new CallClock({ ...none, firstTokenTimeoutMs: 20, idleTimeoutMs: 60 });
    clock.firstToken();
    for (let event = 0; event < 5; event++) {
      await Bun.sleep(20);
      clock.tick();
    }
    expect(clock.aborted).toBe(false);
    await Bun.sleep(100);
    expect(failureOf(clock).message).toContain('the next event (idleTimeoutMs)');
  });

  test('what comes before the first output does not push its deadline away', async () => {
    const clock = new CallClock({ ...none, firstTokenTimeoutMs: 50 });
    for (let ping = 0; ping < 4; ping++) {
      await Bun.sleep(20);
      clock.tick();
    }
    expect(failureOf(clock).message).toContain('firstTokenTimeoutMs');
  });

  test('the whole call ends however much comes', async () => {
    const clock = new CallClock({ ...none, idleTimeoutMs: 1000, timeoutMs: 40 });
    clock.firstToken();
    for (let event = 0; event < 4; event++) {
      await Bun.sleep(20);
      clock.tick();
    }
    expect(failureOf(clock).message).toContain('the whole call (timeoutMs)');
  });

  test('a caller that leaves gives its own reason, if it is a typed one', () => {
    const reason = new SluiceError('unavailable', 'The gateway is shutting down.');
    const caller = new Canceller();
    const clock = new CallClock(defaultDeadlines, caller);
    caller.abort(reason);
    expect(clock.reason).toBe(reason);

    const controller = new AbortController();
    const other = new CallClock(defaultDeadlines, controller.signal);
    controller.abort('bye');
    expect([failureOf(other).code, failureOf(other).cause]).toEqual(['client_closed_request', 'bye']);
  });

  test('is over at once where the caller had left before', () => {
    const clock = new CallClock(defaultDeadlines, AbortSignal.abort());
    expect(failureOf(clock).code).toBe('client_closed_request');
  });

  test('hears nothing more once it is stopped', async () => {
    const caller = new Canceller();
    const clock = new CallClock({ ...none, timeoutMs: 10 }, caller);
    clock.stop();
    clock.firstToken();
    caller.abort('bye');
    await Bun.sleep(30);
    expect(clock.aborted).toBe(false);
  });
});

describe('deadlines', () => {
  test('what nobody sets is the default, and a target is stricter than the call', () => {
    expect(wholeDeadlines({ timeoutMs: 5, idleTimeoutMs: 6 }, { timeoutMs: 4 })).toEqual({
      ...defaultDeadlines,
      timeoutMs: 4,
      idleTimeoutMs: 6,
    });
    expect(wholeDeadlines()).toEqual(defaultDeadlines);
    expect(wholeDeadlines(none)).toBe(none);
  });
});
