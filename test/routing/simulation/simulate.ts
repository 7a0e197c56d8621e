import type { Candidate } from '../../../sdk/src/router/candidate.ts';
import type { RouteRequest } from '../../../sdk/src/router/route-request.ts';
import { DeploymentState } from '../../../sdk/src/router/state.ts';
import type { Outcome, Strategy } from '../../../sdk/src/router/strategy.ts';
import { SluiceError } from '../../../sdk/src/types/index.ts';
import { seededRandom } from '../../kit/chunks.ts';
import { EventQueue } from './event-queue.ts';
import { Report } from './report.ts';
import type { Server } from './servers.ts';

export interface Simulation {
  readonly servers: readonly Server[];
  readonly strategy: Strategy<Server>;
  /** Calls a second, at random times (Poisson). */
  readonly rate: number | ((at: number) => number);
  readonly seconds: number;
  readonly seed?: number;
  readonly outputTokens?: number;
  readonly inputTokens?: number;
  readonly stream?: boolean;
}

/** Virtual time begins at a full minute, so that counts of a minute are easy to follow. */
const start = 60_000 * 29_000_000;

/**
 * Calls that come at random times to servers with queues, on a virtual clock, with all randomness from one seed: the same
 * figures in every run. It does to strategy and states what the router does, without the router: no retries, no rests.
 */
export const simulate = ({
  servers,
  strategy,
  rate,
  seconds,
  seed = 1,
  outputTokens = 100,
  inputTokens = 100,
  stream = true,
}: Simulation): Report => {
  const random = seededRandom(seed);
  const queue = new EventQueue();
  const workers = servers.map((server, place) => new Worker(server, place));
  const request: RouteRequest = { stream, needs: () => ({ abilities: [], inputTokens }) };
  const report = new Report(servers.map(({ id }) => id));
  const endAt = seconds * 1000;

  let available: readonly Worker[] = workers;
  const mayBeAway = servers.some(({ isThere }) => isThere !== undefined);
  const whoIsThere = (at: number): readonly Worker[] => {
    if (!mayBeAway) return workers;
    const there = workers.filter(({ server }) => server.isThere?.(at) ?? true);
    // The same array while it is the same, as the router does it.
    if (there.length !== available.length || there.some((each, place) => each !== available[place])) available = there;
    return available;
  };

  const call = (at: number): void => {
    const candidates = whoIsThere(at);
    const one = candidates.length === 1 ? candidates[0]! : (strategy.pick(candidates, { random, now: start + at, request }) as Worker);
    const { state } = one;
    state.started(start + at);
    strategy.started?.(one);
    report.picked(one.place, at, state.pending);

    const { server } = one;
    const fails = random() < (server.failureRate?.(at) ?? 0);
    const finish = (endedAt: number, outcome: Omit<Outcome, 'now' | 'ms'>): void => {
      const full: Outcome = { ...outcome, now: start + endedAt, ms: endedAt - at };
      state.finished(full, true);
      strategy.finished?.(one, full);
      report.ended(one.place, at, endedAt, outcome.error === undefined);
    };
    if (fails && server.timeoutMs === undefined) {
      const endsAt = at + (server.failsAfterMs ?? 50);
      queue.add(endsAt, () => finish(endsAt, { error: new SluiceError('unavailable', 'simulated') }));
      return;
    }
    if (fails) {
      const endsAt = at + server.timeoutMs!;
      queue.add(endsAt, () => finish(endsAt, { error: new SluiceError('upstream_timeout', 'simulated') }));
      return;
    }
    one.enter((begunAt) => {
      const firstAt = begunAt + server.firstOutputMs(begunAt, random);
      const endsAt = firstAt + outputTokens * (server.msPerToken ?? 0);
      queue.add(firstAt, () => {
        state.answered(firstAt - at, start + firstAt);
        strategy.answered?.(one, firstAt - at);
      });
      queue.add(endsAt, () => {
        one.leave(endsAt);
        finish(endsAt, { firstOutputMs: firstAt - at, inputTokens, outputTokens });
      });
    }, at);
  };

  const arrive = (at: number): void => {
    if (at >= endAt) return;
    call(at);
    const perSecond = typeof rate === 'number' ? rate : rate(at);
    const next = at + (-Math.log(1 - random()) * 1000) / perSecond;
    queue.add(next, () => arrive(next));
  };
  arrive(0);
  queue.run();
  return report;
};

/** A server at work: as many calls at once as it can, the others in line. */
class Worker implements Candidate<Server> {
  readonly server: Server;
  /** In the list of servers. */
  readonly place: number;
  readonly deployment;
  readonly model: string;
  readonly state = new DeploymentState();
  readonly facts;
  #busy = 0;
  readonly #line: ((at: number) => void)[] = [];

  constructor(server: Server, place: number) {
    const { id, weight, rpm, tpm, price } = server;
    this.server = server;
    this.place = place;
    this.model = id;
    this.deployment = {
      id,
      name: 'model',
      model: id,
      payload: server,
      ...(weight !== undefined && { weight }),
      ...(rpm !== undefined && { rpm }),
      ...(tpm !== undefined && { tpm }),
    };
    this.facts = price === undefined ? {} : { inputUsdPerToken: price, outputUsdPerToken: price };
  }

  enter(begin: (at: number) => void, at: number): void {
    if (this.#busy >= (this.server.capacity ?? Infinity)) {
      this.#line.push(begin);
      return;
    }
    this.#busy++;
    begin(at);
  }

  leave(at: number): void {
    const next = this.#line.shift();
    if (next) next(at);
    else this.#busy--;
  }
}
