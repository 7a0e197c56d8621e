import { defaults } from './defaults.ts';

/** What of a model is reserved: a share of it, or so many requests or tokens a minute of what it takes. */
export interface PriorityReservation {
  readonly of: 'share' | 'rpm' | 'tpm';
  readonly value: number;
}

/** Who goes first where a model is busy. */
export interface PrioritySettings {
  /**
   * `shares`: a model takes no more than its deployments together, and while it is busy each priority has its share.
   * `equal`: what is left is divided by the callers that are active (LiteLLM's first limiter). Absent: neither.
   */
  readonly limiter?: 'shares' | 'equal';
  /** By the name of the priority. Empty: only the model as a whole is limited. */
  readonly reservations: Readonly<Record<string, PriorityReservation>>;
  /** Of all callers without a priority together. */
  readonly defaultShare: number;
  /** From 0 to 1. */
  readonly saturationThreshold: number;
  /** How long what is known of other gateways' use holds, in milliseconds. */
  readonly saturationTtlMs: number;
  /** While a model is busy no caller has more of it than all that are active. */
  readonly fairShare: boolean;
  /** Failures of a model in a minute from which on limits of type `dynamic` hold. */
  readonly failuresPerMinute: number;
}

/** Without a word of it in the file. */
export const plainPriority: PrioritySettings = {
  reservations: {},
  defaultShare: defaults.defaultPriorityShare,
  saturationThreshold: defaults.saturationThreshold,
  saturationTtlMs: defaults.saturationTtlMs,
  fairShare: false,
  failuresPerMinute: defaults.failuresPerMinute,
};
