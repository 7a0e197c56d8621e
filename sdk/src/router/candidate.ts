import type { Deployment, ModelFacts } from './deployment.ts';
import type { DeploymentState } from './state.ts';

/** A deployment that answers to the name that was asked for. One object for all calls of that name. */
export interface Candidate<P> {
  readonly deployment: Deployment<P>;
  /** `deployment.model` with its stars filled in. */
  readonly model: string;
  /** What the router has seen of it. */
  readonly state: DeploymentState;
  /** Looked up when first asked for. */
  readonly facts: ModelFacts;
}
