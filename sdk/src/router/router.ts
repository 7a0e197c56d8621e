import type { Backoff } from '../lib/backoff.ts';
import { systemClock, type Clock } from '../lib/clock.ts';
import { SluiceError, type JsonObject } from '../types/index.ts';
import { Admission } from './admission.ts';
import type { Affinity } from './affinity.ts';
import type { Try } from './attempt.ts';
import { Breaker } from './breaker.ts';
import type { RunOptions } from './call-options.ts';
import type { Candidate } from './candidate.ts';
import { RouterCandidate } from './candidates.ts';
import type { Circuit } from './circuit.ts';
import type { Deployment, ModelFacts } from './deployment.ts';
import type { Filter } from './filter.ts';
import { Group } from './group.ts';
import { Hedging } from './hedge.ts';
import type { DeploymentLimits, Limiter, Peers } from './limiter.ts';
import { createLocalLimiter } from './local-limiter.ts';
import { createMatcher, type Alias, type Matcher } from './match.ts';
import { RouterMemory } from './memory.ts';
import { isPattern } from './patterns.ts';
import { RetryBudget } from './retry-budget.ts';
import { Run, type Shared } from './run.ts';
import type { BreakerSettings, ByFailureClass, FallbackSettings, HedgeSettings, QueueSettings, RoutingGroup } from './settings.ts';
import { strategyChooser } from './strategy-chooser.ts';
import type { PickFunction, Strategy } from './strategy.ts';

/** A strategy of one's own, a function that picks, or the name of a built-in one. */
export type StrategyChoice<P> = Strategy<P> | PickFunction<P> | string;

export interface RouterOptions<P> {
  deployments: readonly Deployment<P>[];
  aliases?: Readonly<Record<string, Alias>>;
  /** Absent: `simple-shuffle` for names with weights, `adaptive` for all others. */
  strategy?: StrategyChoice<P>;
  strategyOptions?: JsonObject;
  /** A strategy for some names, before `strategy`. */
  groups?: readonly RoutingGroup<StrategyChoice<P>>[];
  /** Tries of the same deployment after the first, where neither call nor deployment says. 0: also no other deployment is tried. */
  numRetries?: number;
  /** How often each kind of failure is tried again; wins over `numRetries`. */
  retryPolicy?: ByFailureClass;
  /** The same by model name. */
  groupRetryPolicies?: Readonly<Record<string, ByFailureClass>>;
  fallbacks?: FallbackSettings;
  breaker?: BreakerSettings;
  filters?: readonly Filter<P>[];
  affinities?: readonly Affinity<P>[];
  /** Off unless given. */
  hedging?: HedgeSettings;
  queue?: QueueSettings;
  /** `rpm`, `tpm`, `itpm` and `otpm` are limits, and do not only steer. */
  enforceLimits?: boolean;
  /** For deployments that do not say. */
  maxParallelRequests?: number;
  factsOf?: (deployment: Deployment<P>, model: string) => ModelFacts;
  /** Default: counts in this process. */
  limiter?: Limiter;
  peers?: Peers;
  /** Of the router whose place this one takes. */
  memory?: RouterMemory;
  backoff?: Backoff;
  /** Least wait before the same deployment is tried again, in milliseconds. */
  minWaitMs?: number;
  random?: () => number;
  clock?: Clock;
  /** Something began to rest. */
  onRest?: (rest: Resting) => void;
}

/** What rests, by the breaker's key (`deployment:<id>`, `credential:...`, `server:...`). */
export interface Resting extends Pick<Circuit, 'key' | 'code' | 'status' | 'open'> {
  /** Unix milliseconds. */
  readonly until: number;
}

export interface Router<P> extends Pick<Matcher<P>, 'list' | 'nearest'> {
  /** The deployments of a name; empty if there are none. */
  match(name: string): readonly Candidate<P>[];
  /**
   * Calls `attempt` with one deployment after another until one succeeds, nothing more is worth trying, or tries or
   * time are used up; then with those of the name's fallbacks. Another deployment comes before the same one again, and
   * without a wait.
   * @throws SluiceError the last failure of the name itself; `not_found` for a name that nobody serves
   */
  run<T>(name: string, attempt: (one: Try<P>) => Promise<T>, options?: RunOptions): Promise<T>;
  /** What rests at the moment. */
  resting(): Resting[];
  /** Whether calls of a name go anywhere but to what rests. */
  isHealthy(name: string): boolean;
  /** Calls that wait for a place, by name; those without any are absent. */
  waiting(): ReadonlyMap<string, number>;
  /** How long 95 of 100 recent calls of a name took to their first output; undefined: too few were seen. */
  p95FirstOutputMs(name: string): number | undefined;
  readonly memory: RouterMemory;
  /** Another router has taken its place: nothing is told to it any more. Calls that have begun go on. */
  close(): void;
}

const defaultRetries = 2;
/** How often the counts of other instances are looked at. */
const peersEveryMs = 250;

/**
 * Immutable but for what it learns: a new configuration makes a new one, with the memory of the old.
 * @throws RangeError for a strategy that does not exist, two deployments of one id, or a number below 0
 */
export const createRouter = <P>(options: RouterOptions<P>): Router<P> => {
  const { deployments, aliases, numRetries = defaultRetries, breaker: breakerSettings = {}, peers, hedging, queue = {} } = options;
  const { random = Math.random, clock = systemClock, memory = new RouterMemory(), limiter = createLocalLimiter(clock) } = options;
  const { retryPolicy, groupRetryPolicies, onRest } = options;
  memory.begin();
  deployments.forEach(checkNumbers);
  const strategyOf = strategyChooser(options);
  const told = onRest && ((circuit: Circuit) => onRest(asResting(circuit)));
  const breaker = new Breaker(breakerSettings, memory, peers, told);

  const limitsOf = (deployment: Deployment<P>, enforced: boolean): DeploymentLimits | undefined => {
    const maxParallelRequests = deployment.maxParallelRequests ?? options.maxParallelRequests;
    const { rpm, tpm, itpm, otpm } = enforced ? deployment : {};
    const limits = {
      ...(maxParallelRequests !== undefined && { maxParallelRequests }),
      ...(rpm !== undefined && { rpm }),
      ...(tpm !== undefined && { tpm }),
      ...(itpm !== undefined && { itpm }),
      ...(otpm !== undefined && { otpm }),
    };
    return Object.keys(limits).length > 0 ? limits : undefined;
  };

  const matcher = createMatcher<P>(
    deployments,
    {
      candidate(deployment, model) {
        const ofPattern = isPattern(deployment.name);
        const state = memory.state(ofPattern ? `${deployment.id}\n${model}` : deployment.id, !ofPattern);
        const circuits = breaker.circuitsOf(deployment, model, ofPattern);
        const limits = limitsOf(deployment, options.enforceLimits === true || strategyOf.enforcesLimits(deployment.name));
        return new RouterCandidate(deployment, model, state, circuits, limits, options.factsOf);
      },
      group: (name, candidates) => new Group(name, candidates, strategyOf.forName(name)),
    },
    aliases,
  );

  const unknownModel = (name: string): SluiceError => {
    const shown = name.length > 100 ? `${name.slice(0, 100)}...` : name;
    const near = matcher.nearest(name);
    const hint = near.length > 0 ? ` Did you mean ${near.map((each) => `'${each}'`).join(' or ')}?` : '';
    return new SluiceError('not_found', `The model '${shown}' does not exist.${hint}`, { param: 'model', retry: false });
  };

  /** One a group, made when first somebody waits. */
  const queues = new WeakMap<Group<P>, Admission>();
  const admissionOf = (group: Group<P>): Admission => {
    let admission = queues.get(group);
    if (!admission) {
      const ids = new Set(group.all.map(({ deployment }) => deployment.id));
      const onRoom = (wake: () => void) => limiter.onRoom((id) => void (ids.has(id) && wake()));
      queues.set(group, (admission = new Admission(group.name, queue, clock, onRoom)));
    }
    return admission;
  };
  const stop = peers?.onRest((rest) => breaker.apply(rest, clock.now()));

  const hedgings = new WeakMap<Group<P>, Hedging>();
  const shared: Shared<P> = {
    find: peers ? withPeers(matcher, peers, clock) : matcher.find,
    unknownModel,
    memory,
    breaker,
    limiter,
    filters: options.filters ?? [],
    affinities: options.affinities ?? [],
    admissionOf,
    budget: new RetryBudget(clock),
    hedgingOf:
      hedging &&
      ((group) => {
        let known = hedgings.get(group);
        if (!known) hedgings.set(group, (known = new Hedging(hedging)));
        return known;
      }),
    fallbacks: options.fallbacks ?? {},
    policyOf: (name) => (groupRetryPolicies && Object.hasOwn(groupRetryPolicies, name) ? groupRetryPolicies[name] : retryPolicy),
    numRetries,
    backoff: options.backoff,
    minWaitMs: options.minWaitMs ?? 0,
    random,
    clock,
  };

  return {
    list: matcher.list,
    nearest: matcher.nearest,
    match: (name) => matcher.find(name)?.all ?? [],
    run: (name, attempt, runOptions = {}) => new Run(shared, attempt, runOptions).through(name),
    resting() {
      const now = clock.now();
      return [...memory.resting()].filter((circuit) => !circuit.isClosed(now)).map(asResting);
    },
    isHealthy(name) {
      const now = clock.now();
      return matcher.find(name)?.all.some((each) => each.isAvailable(now)) ?? false;
    },
    waiting() {
      const found = new Map<string, number>();
      for (const group of matcher.groups()) {
        const size = queues.get(group)?.size ?? 0;
        if (size > 0) found.set(group.name, size);
      }
      return found;
    },
    p95FirstOutputMs: (name) => matcher.find(name)?.p95FirstOutputMs,
    memory,
    close: () => stop?.(),
  };
};

const numbers = ['weight', 'rpm', 'tpm', 'itpm', 'otpm', 'maxParallelRequests', 'numRetries', 'cooldownMs'] as const;

const checkNumbers = (deployment: Deployment<unknown>): void => {
  for (const name of numbers) {
    const value = deployment[name];
    if (value !== undefined && !(value >= 0))
      throw new RangeError(`'${name}' of the deployment '${deployment.id}' must be a number of at least 0.`);
  }
};

const asResting = ({ key, code, status, open, restUntil }: Circuit): Resting => ({ key, code, status, open, until: restUntil });

/** Looks at the counts of other instances now and then, when a call comes by. */
const withPeers = <P>(matcher: Matcher<P>, peers: Peers, clock: Clock): Matcher<P>['find'] => {
  const lookedAt = new WeakMap<Group<P>, number>();
  return (name) => {
    const group = matcher.find(name);
    const now = clock.now();
    if (!group || group.all.length < 2 || now - (lookedAt.get(group) ?? 0) < peersEveryMs) return group;
    lookedAt.set(group, now);
    for (const { deployment, state } of group.all) {
      state.pendingElsewhere = peers.pendingElsewhere(deployment.id);
      const used = peers.usedElsewhere?.(deployment.id);
      if (used) state.minute.at(now).elsewhere(used.requests, used.tokens, used.outputTokens);
    }
    return group;
  };
};
