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

type Phase = 'its first output' | 'the next event';
const phaseSetting: Readonly<Record<Phase, keyof Deadlines>> = {
  'its first output': 'firstTokenTimeoutMs',
  'the next event': 'idleTimeoutMs',
};

/**
 * One timer, armed for whichever deadline comes first and re-armed lazily: an event only notes the time, and the timer,
 * when it fires, sleeps on for what is left. So an event costs no timer.
 */
export const startClock = (deadlines: Deadlines, caller?: AbortSignal, now: () => number = () => performance.now()): CallClock => {
  const controller = new AbortController();
  const startedAt = now();
  let phase: Phase = 'its first output';
  let phaseStart = startedAt;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  const leftOf = (since: number, limitMs: number): number => (limitMs > 0 ? since + limitMs - now() : Infinity);
  const arm = () => {
    const whole = leftOf(startedAt, deadlines.timeoutMs);
    if (whole <= 0) return fail('the whole call', 'timeoutMs');
    const ofPhase = leftOf(phaseStart, deadlines[phaseSetting[phase]]);
    if (ofPhase <= 0) return fail(phase, phaseSetting[phase]);
    const next = Math.min(whole, ofPhase);
    // Longer than timers can wait (24 days): looked at again then.
    if (next < Infinity) timer = setTimeout(arm, Math.min(next, 2 ** 31 - 1));
  };
  const fail = (what: string, setting: keyof Deadlines) => {
    const error = new SluiceError('upstream_timeout', `The provider took longer than ${deadlines[setting]} ms for ${what} (${setting}).`);
    stop();
    controller.abort(error);
  };
  const onCallerAbort = () => {
    const reason: unknown = caller?.reason;
    stop();
    controller.abort(
      SluiceError.is(reason) ? reason : new SluiceError('client_closed_request', 'The call was cancelled.', { cause: reason }),
    );
  };
  const stop = () => {
    if (stopped) return;
    stopped = true;
    clearTimeout(timer);
    caller?.removeEventListener('abort', onCallerAbort);
  };

  if (caller?.aborted) onCallerAbort();
  else {
    caller?.addEventListener('abort', onCallerAbort);
    arm();
  }

  return {
    signal: controller.signal,
    firstToken() {
      if (stopped || phase === 'the next event') return;
      phase = 'the next event';
      phaseStart = now();
      clearTimeout(timer);
      arm();
    },
    tick() {
      // Pings before the first token do not push its deadline away.
      if (phase === 'the next event') phaseStart = now();
    },
    stop,
  };
};
