import type { SluiceError } from 'sluice/kit';
import type { Deployment } from '../config/snapshot.ts';
import type { CallRecord } from '../telemetry/call-record.ts';
import { byTraffic, HealthBoard, type HealthResult } from './health-board.ts';
import type { Probe, ProbeOutcome, ProbeWays } from './health-probe.ts';
import type { Live } from './live.ts';

/** Checks at the same time where the operator does not say. */
const defaultConcurrency = 8;
/** Asked again and again by hand or by a probe of somebody's, a result so young is not asked for anew (FP-49). Milliseconds. */
const sharedMs = 10_000;
/** What has answered a client so lately is not asked by hand. Milliseconds. */
const trafficMs = 60_000;

export interface HealthChecksOptions {
  readonly probe: Probe;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Resolves after `ms`, at once when the signal aborts. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly board?: HealthBoard;
  readonly random?: () => number;
  /** What a check cost, for the log and the metrics: no caller of the gateway pays for it. */
  readonly account: (record: CallRecord) => void;
  readonly newId?: () => string;
}

/** Active checks of deployments, by hand and in the background. */
export interface HealthChecks {
  readonly board: HealthBoard;
  /** Another configuration: starts, stops or goes on with rounds in the background. */
  configure(live: Live): void;
  /** The results of these, each checked unless it was a moment ago. @returns in the same order */
  check(live: Live, deployments: readonly Deployment[]): Promise<readonly HealthResult[]>;
  /** Something that is not configured, or not so. Not remembered. */
  test(live: Live, deployment: Deployment, ways: ProbeWays): Promise<HealthResult>;
  stop(): void;
}

export const createHealthChecks = ({
  probe,
  now,
  sleep = sleepFor,
  board = new HealthBoard(),
  random = Math.random,
  account,
  newId = () => crypto.randomUUID(),
}: HealthChecksOptions): HealthChecks => {
  /** Two that ask for the same at the same time share one check. */
  const running = new Map<string, Promise<HealthResult>>();
  let loop: AbortController | undefined;

  const run = async (live: Live, deployment: Deployment, ways?: ProbeWays): Promise<HealthResult> => {
    const startedAt = now();
    const outcome = await probe(live, deployment, ways);
    const result = resultOf(deployment, outcome, startedAt, now());
    if (outcome.kind === 'call' && outcome.error?.code !== 'client_closed_request')
      account(recordOf(live, deployment, outcome, result, newId()));
    return result;
  };

  const checkOne = (live: Live, deployment: Deployment): Promise<HealthResult> => {
    const { id } = deployment;
    let check = running.get(id);
    if (!check) {
      check = run(live, deployment).finally(() => running.delete(id));
      running.set(id, check);
      void check.then((result) => board.set(result));
    }
    return check;
  };

  const round = async (live: Live, signal: AbortSignal): Promise<void> => {
    const { intervalMs, concurrency, models } = live.snapshot.healthChecks;
    const since = now() - intervalMs;
    const due = checkable(live).filter(
      ({ id, modelName, healthCheck }) =>
        !healthCheck?.disabled &&
        (models === undefined || models.includes(modelName)) &&
        board.servedAt(id) <= since &&
        // Deployments that are found and lost begin rounds anew, which must not check the others more often.
        (board.of(id)?.checkedAt ?? 0) <= since + intervalMs / 2,
    );
    await atMost(concurrency ?? defaultConcurrency, due, (one) => checkOne(live, one), signal);
  };

  const keepChecking = async (live: Live, signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      await round(live, signal);
      // Several instances that were started together drift apart.
      await sleep(live.snapshot.healthChecks.intervalMs * (0.9 + 0.2 * random()), signal);
    }
  };

  return {
    board,
    configure(live) {
      board.keepOnly(new Set(live.snapshot.deployments.map(({ id }) => id)));
      loop?.abort();
      loop = undefined;
      if (!live.snapshot.healthChecks.background) return;
      loop = new AbortController();
      void keepChecking(live, loop.signal);
    },
    async check(live, deployments) {
      const at = now();
      const results = new Map<string, HealthResult>();
      const old: Deployment[] = [];
      for (const one of deployments) {
        const known = board.of(one.id);
        const servedAt = board.servedAt(one.id);
        if (known && known.checkedAt > at - sharedMs) results.set(one.id, known);
        else if (servedAt > at - trafficMs) results.set(one.id, byTraffic(one, servedAt));
        else old.push(one);
      }
      await atMost(live.snapshot.healthChecks.concurrency ?? defaultConcurrency, old, async (one) => {
        results.set(one.id, await checkOne(live, one));
      });
      return deployments.map(({ id }) => results.get(id)!);
    },
    test: run,
    stop() {
      loop?.abort();
      loop = undefined;
    },
  };
};

/** The longest that timers can wait. */
const maxTimerMs = 2 ** 31 - 1;

const sleepFor = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', over);
      resolve();
    };
    const timer = setTimeout(over, Math.min(ms, maxTimerMs));
    signal.addEventListener('abort', over);
  });

/** Deployments that are places: what only chooses among names has no health of its own. */
export const checkable = ({ snapshot }: Live): readonly Deployment[] =>
  snapshot.deployments.filter(({ autoRouter }) => autoRouter === undefined);

const atMost = async <T>(
  count: number,
  all: readonly T[],
  work: (one: T) => Promise<unknown>,
  signal?: { readonly aborted: boolean },
): Promise<void> => {
  let next = 0;
  const worker = async () => {
    while (next < all.length && !signal?.aborted) await work(all[next++]!);
  };
  await Promise.all(Array.from({ length: Math.min(count, all.length) }, worker));
};

const isTransient = ({ status, code }: SluiceError): boolean =>
  status === 429 || status === 408 || code === 'timeout' || code === 'upstream_timeout';

const resultOf = (deployment: Deployment, { kind, error }: ProbeOutcome, startedAt: number, endedAt: number): HealthResult => ({
  deploymentId: deployment.id,
  modelName: deployment.modelName,
  healthy: error === undefined,
  by: kind,
  checkedAt: endedAt,
  ms: endedAt - startedAt,
  ...(error && { code: error.code, status: error.status, message: wordsOf(error) }),
  ...(error && isTransient(error) && { transient: true }),
});

const wordsOf = ({ upstream, message, code, status }: SluiceError): string =>
  upstream ? `The provider answered ${status} (${code}).` : message;

/** The line of a check: by its route it is nobody's call. */
const recordOf = (live: Live, deployment: Deployment, { facts, error }: ProbeOutcome, result: HealthResult, id: string): CallRecord => ({
  callId: id,
  route: 'health_check',
  // What only a request has named must not become a label.
  model: live.snapshot.deployments.some((one) => one.id === deployment.id) ? deployment.modelName : undefined,
  deploymentId: deployment.id,
  provider: facts?.provider ?? error?.provider,
  upstreamModel: facts?.model ?? error?.model,
  same: facts?.same,
  stream: false,
  status: facts?.status ?? error?.status ?? 500,
  errorCode: error?.code,
  errorMessage: error && result.message,
  upstreamStatus: facts?.status ?? (error?.upstream ? error.status : undefined),
  attempts: 1,
  durationMs: result.ms,
  usage: facts?.usage,
  cost: facts && facts.status < 400 ? live.prices.costOf(deployment, facts, result.checkedAt) : undefined,
  dropped: facts?.dropped ?? [],
});
