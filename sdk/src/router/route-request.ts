/** What a call needs of a model, beyond text. Names as in the catalog. */
export interface Needs {
  /** Abilities without which the call cannot be answered: `vision`, `function_calling`, `response_schema`, ... */
  readonly abilities: readonly string[];
  /** An estimate; 0: not known. */
  readonly inputTokens: number;
  /** It is surely not more than that, where this costs less to say than the estimate. */
  readonly inputTokensAtMost?: number;
  /** What the call itself asks for. */
  readonly maxOutputTokens?: number;
}

/**
 * What is known of a call when a deployment is picked for it. All optional; what costs something to find out is a
 * function, asked only where something depends on it.
 */
export interface RouteRequest {
  readonly stream?: boolean;
  readonly needs?: () => Needs;
  /** Labels that deployments are chosen by. */
  readonly tags?: readonly string[];
  readonly userAgent?: string;
  /** Where it may be computed, and nowhere else. */
  readonly regions?: readonly string[];
  /** US dollars for a million tokens. */
  readonly maxInputUsdPerMillion?: number;
  readonly maxOutputUsdPerMillion?: number;
  /** Where the conversation lives: the deployment that made what the request continues (`previous_response_id`). It alone may answer while it can. */
  readonly homeDeploymentId?: string;
  /** Which deployment encrypted what only it, and others of its account, can read (reasoning items). They are asked first. */
  readonly encryptedByDeploymentId?: string;
  /** Calls of one of these stay together, as far as affinities are switched on. */
  readonly sessionId?: string;
  readonly user?: string;
  /** A fingerprint of the part of the prompt that a provider's cache would hold; undefined: too short for one. */
  readonly cachePrefix?: () => string | undefined;
  /** Whose call it is, for a fair share of the queue. */
  readonly caller?: string;
  /** 0 (first) to 255. */
  readonly priority?: number;
}
