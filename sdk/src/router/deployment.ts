/** One place that serves a model. What a call needs of it is the payload, which the router only hands on. */
export interface Deployment<P> {
  /** Unique among the router's deployments. */
  readonly id: string;
  /** What clients ask for. May be a pattern (`openai/*`, `*`). */
  readonly name: string;
  /** The upstream's name of the model. What the stars of `name` stand for is filled into its stars. */
  readonly model: string;
  readonly payload: P;
  /** The vendor's id, for budgets and messages. */
  readonly provider?: string;
  /** Relative share of the calls among deployments of one name. 0: only where there is no other. */
  readonly weight?: number;
  /** Requests and tokens a minute that it can take: the share where no weights are given, and a limit (see `Limiter`). */
  readonly rpm?: number;
  readonly tpm?: number;
  /** Input and output tokens a minute: limits likewise, and no shares. */
  readonly itpm?: number;
  readonly otpm?: number;
  /** Calls at the same time; further ones wait for a place, or go elsewhere. */
  readonly maxParallelRequests?: number;
  /** Lower ones are tried first. Absent: after all that have one. */
  readonly order?: number;
  /** Tries after the first, where the call does not say. */
  readonly numRetries?: number;
  /** How long it rests after failures, in milliseconds. Absent: as the router's breaker has it. */
  readonly cooldownMs?: number;
  /** Deployments with the same value share a key: a failure of the key is one of them all. Says nothing of the key itself. */
  readonly credential?: string;
  /** Deployments with the same value are at the same address: where it cannot be reached, none of them can. */
  readonly server?: string;
  readonly tags?: readonly string[];
  /** A request is tagged, too, where one of these matches `User-Agent: ...`. */
  readonly tagPatterns?: readonly RegExp[];
  /** Where it computes: `eu`, `us`, or a vendor's own name (`eu-west-1`). */
  readonly region?: string;
  /** Absent: always. */
  readonly activeAt?: (nowMs: number) => boolean;
}

/** What is known of a deployment's model. What is not known is absent, and a reason to leave it out only where a request sets a highest price. */
export interface ModelFacts {
  readonly maxInputTokens?: number;
  readonly maxOutputTokens?: number;
  /** All that fits, input and output together. */
  readonly contextWindow?: number;
  /** Names as in the catalog: `vision`, `function_calling`, `response_schema`, ... */
  readonly abilities?: ReadonlySet<string>;
  /** Known to be absent. */
  readonly lacks?: ReadonlySet<string>;
  /** US dollars for a token. */
  readonly inputUsdPerToken?: number;
  readonly outputUsdPerToken?: number;
}
