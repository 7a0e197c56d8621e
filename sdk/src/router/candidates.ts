import type { Circuits } from './breaker.ts';
import type { Candidate } from './candidate.ts';
import type { Deployment, ModelFacts } from './deployment.ts';
import type { DeploymentLimits } from './limiter.ts';
import type { DeploymentState } from './state.ts';

/** A candidate, and what only the router itself needs of it. */
export class RouterCandidate<P> implements Candidate<P> {
  readonly deployment: Deployment<P>;
  readonly model: string;
  readonly state: DeploymentState;
  readonly circuits: Circuits;
  /** Undefined: it takes whatever comes. */
  readonly limits: DeploymentLimits | undefined;
  readonly #factsOf: ((deployment: Deployment<P>, model: string) => ModelFacts) | undefined;
  #facts: ModelFacts | undefined;

  constructor(
    deployment: Deployment<P>,
    model: string,
    state: DeploymentState,
    circuits: Circuits,
    limits: DeploymentLimits | undefined,
    factsOf: ((deployment: Deployment<P>, model: string) => ModelFacts) | undefined,
  ) {
    this.deployment = deployment;
    this.model = model;
    this.state = state;
    this.circuits = circuits;
    this.limits = limits;
    this.#factsOf = factsOf;
  }

  get facts(): ModelFacts {
    return (this.#facts ??= this.#factsOf?.(this.deployment, this.model) ?? none);
  }

  get order(): number {
    return this.deployment.order ?? Infinity;
  }

  /** Nothing that it depends on rests. */
  isAvailable(now: number): boolean {
    for (const circuit of this.circuits.all) if (!circuit.isClosed(now)) return false;
    return true;
  }

  /** It must not be asked, whatever else there is. */
  isOpen(now: number): boolean {
    for (const circuit of this.circuits.all) if (circuit.isOpen(now)) return true;
    return false;
  }

  /** When it may be available or not, other than at `now`, as things are. Unix milliseconds. */
  changesAt(now: number): number {
    let soonest = Infinity;
    for (const circuit of this.circuits.all) {
      const at = circuit.restUntil === 0 ? 0 : circuit.changesAt(now);
      if (at > now) soonest = Math.min(soonest, at);
    }
    return soonest;
  }

  /** It, or its address, has been down for a while: waiting and trying again is of no use. */
  isDown(now: number): boolean {
    return this.circuits.deployment.isDown(now) || this.circuits.server.isDown(now);
  }

  /** When all that it depends on is asked again, Unix milliseconds; 0: now. */
  get restUntil(): number {
    let until = 0;
    for (const { restUntil } of this.circuits.all) until = Math.max(until, restUntil);
    return until;
  }
}

const none: ModelFacts = {};
