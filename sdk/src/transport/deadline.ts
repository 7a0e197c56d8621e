import { SluiceError, type Deadlines } from '../types/index.ts';

/** What holds where nobody says otherwise. Reasoning models think for minutes before their first token. */
export const defaultDeadlines: Deadlines = {
  connectTimeoutMs: 10_000,
  firstTokenTimeoutMs: 600_000,
  idleTimeoutMs: 300_000,
  timeoutMs: 3_600_000,
};

/**
 * The clock of one call: one signal that aborts when the caller leaves or a deadline passes. Aborting with a typed
 * reason is what makes every wait below it end with the right error.
 */
export interface CallClock {
  readonly signal: AbortSignal;
  /** Output has begun: from now on the wait between events counts. */
  firstToken(): void;
  /** An event arrived. */
  tick(): void;
  /** Stops all timers. Must be called when the call is over. */
  stop(): void;
}

/**
 * One timer for the phase and one for the whole, re-armed lazily: an event only notes the time, and the timer, when it
 * fires, sleeps on for what is left. So an event costs no timer.
 */
export const startClock = (deadlines: Deadlines, caller?: AbortSignal, now: () => number = () => performance.now()): CallClock => {
  const controller = new AbortController();
  const timers: { phase?: ReturnType<typeof setTimeout>; whole?: ReturnType<typeof setTimeout> } = {};
  let phaseStart = now();
  let limitMs = deadlines.firstTokenTimeoutMs;
  let waitingFor = 'the first token';
  let stopped = false;

  const fail = (what: string, limit: number, name: string) => {
    controller.abort(new SluiceError('upstream_timeout', `The provider took longer than ${limit} ms for ${what} (${name}).`));
    stop();
  };
  const checkPhase = () => {
    const leftMs = phaseStart + limitMs - now();
    if (leftMs <= 0) return fail(waitingFor, limitMs, waitingFor === 'the first token' ? 'firstTokenTimeoutMs' : 'idleTimeoutMs');
    timers.phase = setTimeout(checkPhase, leftMs);
  };
  const startPhase = () => {
    clearTimeout(timers.phase);
    if (limitMs > 0) timers.phase = setTimeout(checkPhase, limitMs);
  };
  const onCallerAbort = () => {
    const reason: unknown = caller?.reason;
    controller.abort(SluiceError.is(reason) ? reason : new SluiceError('client_closed_request', 'The call was cancelled.', { cause: reason }));
    stop();
  };
  const stop = () => {
    if (stopped) return;
    stopped = true;
    clearTimeout(timers.phase);
    clearTimeout(timers.whole);
    caller?.removeEventListener('abort', onCallerAbort);
  };

  if (caller?.aborted) onCallerAbort();
  else {
    caller?.addEventListener('abort', onCallerAbort, { once: true });
    startPhase();
    if (deadlines.timeoutMs > 0) timers.whole = setTimeout(() => fail('the whole call', deadlines.timeoutMs, 'timeoutMs'), deadlines.timeoutMs);
  }

  return {
    signal: controller.signal,
    firstToken() {
      if (stopped || waitingFor !== 'the first token') return;
      waitingFor = 'the next event';
      limitMs = deadlines.idleTimeoutMs;
      phaseStart = now();
      startPhase();
    },
    tick() {
      // Pings before the first token do not push its deadline away.
      if (waitingFor === 'the next event') phaseStart = now();
    },
    stop,
  };
};
