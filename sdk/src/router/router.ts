import type { Backoff } from '../lib/backoff.ts';
import { systemClock, type Clock } from '../lib/clock.ts';
import { SluiceError, type CancelSignal, type ErrorCode } from '../types/index.ts';
import type { Deployment, Matched } from './deployment.ts';
import { createMatcher, type Alias, type Matcher } from './match.ts';
import { retryOf, waitMs } from './retry.ts';
import { strategies } from './strategies/index.ts';
import type { Strategy } from './strategy.ts';

export interface RouterOptions<P> {
  deployments: readonly Deployment<P>[];
  aliases?: Readonly<Record<string, Alias>>;
  /** One of one's own, or the name of a built-in one. */
  strategy?: Strategy<P> | string;
  /** Tries after the first, where neither call nor deployment says. */
  numRetries?: number;
  backoff?: Backoff;
  /** Least wait before the same deployment is tried again, in milliseconds. */
  minWaitMs?: number;
  random?: () => number;
  clock?: Clock;
}

/** One try, as logs and metrics tell it. */
export interface Attempt {
  deploymentId: string;
  model: string;
  /** Absent: it succeeded. */
  code?: ErrorCode;
  status?: number;
  ms: number;
  /** How long was waited before it, in milliseconds. */
  waitedMs: number;
}

/** What a try is given. */
export interface Try<P> extends Matched<P> {
  /** 0 for the first. */
  index: number;
  /** Something has gone to the client: from now on a failure is final. */
  commit(): void;
}

export interface RunOptions {
  /** Tries after the first. */
  numRetries?: number;
  /** The client's signal: when it aborts, no wait and no try goes on. */
  signal?: CancelSignal;
  /** When all must be over, Unix milliseconds: no wait that would end after it is begun. A function where the tries themselves find it out. */
  deadline?: number | (() => number);
  /** Only these of the name's deployments. */
  only?(one: Deployment<unknown>): boolean;
  /** Filled as tries end, so that they are known whatever becomes of the call. */
  attempts?: Attempt[];
}

export interface Router<P> extends Pick<Matcher<P>, 'list' | 'nearest'> {
  /** The deployments of a name; empty if there are none. */
  match(name: string): readonly Matched<P>[];
  /**
   * Calls `attempt` with one deployment after another until one succeeds, nothing more is worth trying, or tries or
   * time are used up. Another deployment comes before the same one again, and without a wait.
   * @throws SluiceError the last failure; `not_found` for a name that nobody serves
   */
  run<T>(name: string, attempt: (one: Try<P>) => Promise<T>, options?: RunOptions): Promise<T>;
}

const defaultRetries = 2;

/**
 * Immutable but for what its strategy learns: a new configuration makes a new one.
 * @throws RangeError for a strategy that does not exist, or two deployments of one id
 */
export const createRouter = <P>({
  deployments,
  aliases,
  strategy: wanted = 'simple-shuffle',
  numRetries = defaultRetries,
  backoff,
  minWaitMs = 0,
  random = Math.random,
  clock = systemClock,
}: RouterOptions<P>): Router<P> => {
  const matcher = createMatcher(deployments, aliases);
  const strategy = typeof wanted === 'string' ? strategyNamed<P>(wanted) : wanted;

  const unknownModel = (name: string): SluiceError => {
    const shown = name.length > 100 ? `${name.slice(0, 100)}...` : name;
    const near = matcher.nearest(name);
    const hint = near.length > 0 ? ` Did you mean ${near.map((each) => `'${each}'`).join(' or ')}?` : '';
    return new SluiceError('not_found', `The model '${shown}' does not exist.${hint}`, { param: 'model', retry: false });
  };

  /** Of the lowest order that is left. */
  const pick = (candidates: readonly Matched<P>[]): Matched<P> => {
    if (candidates.length === 1) return candidates[0]!;
    const lowest = Math.min(...candidates.map(orderOf));
    const first = candidates.filter((each) => orderOf(each) === lowest);
    return first.length === 1 ? first[0]! : strategy.pick(first, { random, now: clock.now() });
  };

  return {
    list: matcher.list,
    nearest: matcher.nearest,
    match: matcher.match,

    async run(name, attempt, { numRetries: asked, signal, deadline = Infinity, only, attempts } = {}) {
      const matched = matcher.match(name);
      const all = only ? matched.filter(({ deployment }) => only(deployment)) : matched;
      if (all.length === 0) throw unknownModel(name);
      let untried = all;
      let resting: readonly Resting<P>[] = [];
      let waitedMs = 0;
      let chosen = pick(untried);
      let retriesLeft = asked ?? chosen.deployment.numRetries ?? numRetries;
      const endsAt = () => (typeof deadline === 'function' ? deadline() : deadline);
      let committed = false;
      const commit = () => void (committed = true);

      for (let index = 0; ; index++) {
        throwIfAborted(signal);
        const current = chosen;
        const { deployment, model } = current;
        const startedAt = clock.now();
        let error: SluiceError | undefined;
        strategy.started?.(current);
        try {
          return await attempt({ deployment, model, index, commit });
        } catch (cause) {
          error = SluiceError.from(cause);
        } finally {
          const ms = clock.now() - startedAt;
          attempts?.push({ deploymentId: deployment.id, model, ...(error && { code: error.code, status: error.status }), ms, waitedMs });
          strategy.finished?.(current, { error, ms });
        }

        const retry = committed ? 'no' : retryOf(error);
        if (retry === 'no' || retriesLeft-- <= 0 || clock.now() >= endsAt()) throw error;
        untried = untried.filter((each) => each !== current);
        const tries = resting.find(({ matched }) => matched === current)?.tries ?? 0;
        resting = resting.filter(({ matched }) => matched !== current);
        if (retry === 'again') {
          const readyAt = clock.now() + waitMs(error, tries, { minWaitMs, random, ...(backoff && { backoff }) });
          resting = [...resting, { matched: current, tries: tries + 1, readyAt }];
        }

        waitedMs = 0;
        if (untried.length > 0) {
          chosen = pick(untried);
          continue;
        }
        // All have been tried: the one that may be asked again first.
        const next = resting.toSorted((a, b) => a.readyAt - b.readyAt)[0];
        // A wait that ends after the deadline would only make the client wait for the same failure.
        if (!next || next.readyAt >= endsAt()) throw error;
        waitedMs = Math.max(0, next.readyAt - clock.now());
        if (waitedMs > 0) await clock.sleep(waitedMs, signal).catch(() => throwIfAborted(signal));
        chosen = next.matched;
      }
    },
  };
};

/** A deployment that failed and may be tried again. */
interface Resting<P> {
  matched: Matched<P>;
  tries: number;
  /** Unix milliseconds. */
  readyAt: number;
}

const orderOf = ({ deployment }: Matched<unknown>): number => deployment.order ?? Infinity;

const strategyNamed = <P>(name: string): Strategy<P> => {
  const make = Object.hasOwn(strategies, name) ? strategies[name] : undefined;
  if (!make) throw new RangeError(`There is no routing strategy '${name}': it is one of ${Object.keys(strategies).join(', ')}.`);
  return make<P>();
};

const throwIfAborted = (signal: CancelSignal | undefined): void => {
  if (!signal?.aborted) return;
  const reason: unknown = signal.reason;
  throw SluiceError.is(reason) ? reason : new SluiceError('client_closed_request', 'The call was cancelled.', { cause: reason });
};
