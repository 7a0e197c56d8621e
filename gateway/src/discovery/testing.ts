import { Canceller, type Clock } from 'sluice/kit';
import { createSocketTransport } from '../upstream/index.ts';
import type { Claimed } from './endpoint.ts';
import { maxBytesFor, type Source, type SourceContext } from './source.ts';

/** For the tests of this folder: time that passes when it is told to. */
export class ManualClock implements Clock {
  #now = 1_000_000;
  readonly #sleeping = new Set<{ until: number; wake: () => void }>();

  now(): number {
    return this.#now;
  }

  /** How long it is slept at the moment, shortest first. */
  get waits(): number[] {
    return [...this.#sleeping].map(({ until }) => until - this.#now).toSorted((a, b) => a - b);
  }

  sleep(ms: number, signal?: Parameters<Clock['sleep']>[1]): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const entry = { until: this.#now + ms, wake: resolve };
    this.#sleeping.add(entry);
    signal?.addEventListener('abort', () => {
      if (this.#sleeping.delete(entry)) reject(signal.reason as Error);
    });
    return promise;
  }

  async pass(ms: number): Promise<void> {
    this.#now += ms;
    for (const entry of this.#sleeping) {
      if (entry.until > this.#now) continue;
      this.#sleeping.delete(entry);
      entry.wake();
    }
    await settled();
  }
}

/** Everything that only waits for promises has gone on. */
export const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

/** A source being watched: its lists as they come. */
export interface Watched {
  lists: (readonly Claimed[])[];
  /** The newest list. */
  last(): readonly Claimed[] | undefined;
  /** Kept when a list fits. Rejects after five seconds, or where the watch fails. */
  until(fits: (list: readonly Claimed[]) => boolean): Promise<readonly Claimed[]>;
  /** What it failed with. */
  failure: Promise<unknown>;
  stop(): void;
}

export const watch = (source: Source): Watched => {
  const lists: (readonly Claimed[])[] = [];
  const signal = new Canceller();
  const waiting = new Set<() => void>();
  let ended = false;
  const failure = source
    .watch((list) => {
      lists.push(list);
      for (const each of waiting) each();
    }, signal)
    .then(
      () => undefined,
      (cause: unknown) => cause,
    )
    .finally(() => {
      ended = true;
      for (const each of waiting) each();
    });
  return {
    lists,
    last: () => lists.at(-1),
    failure,
    stop: () => signal.abort(new Error('The test is over.')),
    until: (fits) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`No list fits; the last one is ${JSON.stringify(lists.at(-1))}`)), 5000);
        const look = () => {
          const last = lists.at(-1);
          const found = last && fits(last);
          if (!found && !ended) return;
          clearTimeout(timer);
          waiting.delete(look);
          if (found) resolve(last);
          else void failure.then((cause) => reject(cause as Error));
        };
        waiting.add(look);
        look();
      }),
  };
};

/** What sources are made with, over real sockets. Waits are as short as sources allow: the clock is the system's. */
export const contextOf = (given: Partial<SourceContext> = {}): SourceContext => {
  const maxEndpoints = given.maxEndpoints ?? 100;
  return {
    transport: createSocketTransport(),
    clock: { now: () => Date.now(), sleep: (ms, signal) => quickSleep(ms, signal) },
    random: () => 0.5,
    timeoutMs: 2000,
    maxEndpoints,
    maxBytes: maxBytesFor(maxEndpoints),
    ...given,
  };
};

/** A hundredth of the time, so that tests do not wait. */
const quickSleep: Clock['sleep'] = (ms, signal) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const timer = setTimeout(resolve, ms / 100);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });

/** `host:port`, the way tests tell endpoints. */
export const shown = (list: readonly Claimed[] | undefined): string[] =>
  (list ?? [])
    .map(({ host, port, model }) => `${String(host)}:${String(port)}${model === undefined ? '' : `/${String(model)}`}`)
    .toSorted();
