/** One place that serves a model. What a call needs of it is the payload, which the router only hands on. */
export interface Deployment<P> {
  /** Unique among the router's deployments. */
  readonly id: string;
  /** What clients ask for. May be a pattern (`openai/*`, `*`). */
  readonly name: string;
  /** The upstream's name of the model. What the stars of `name` stand for is filled into its stars. */
  readonly model: string;
  readonly payload: P;
  /** Relative share of the calls among deployments of one name. 0: only where there is no other. */
  readonly weight?: number;
  /** Requests and tokens a minute that it can take: the share where no weights are given. */
  readonly rpm?: number;
  readonly tpm?: number;
  /** Lower ones are tried first. Absent: after all that have one. */
  readonly order?: number;
  /** Tries after the first, where the call does not say. */
  readonly numRetries?: number;
}

/** A deployment that answers to the name that was asked for. */
export interface Matched<P> {
  readonly deployment: Deployment<P>;
  /** `deployment.model` with its stars filled in. */
  readonly model: string;
}
