import type { CancelSignal, ErrorCode, JsonObject } from '../types/index.ts';
import type { Candidate } from './candidate.ts';
import type { Outcome } from './strategy.ts';

/** Why a try was made. */
export type AttemptReason = 'first' | 'retry' | 'fallback' | 'hedge' | 'resume';

/** One try, as logs, traces and metrics tell it. */
export interface Attempt {
  reason: AttemptReason;
  /** The model name whose deployments were asked: another one than the client's after a fallback. */
  name: string;
  deploymentId: string;
  /** The upstream's name. */
  model: string;
  /** Unix milliseconds. */
  startedAt: number;
  /** How long was waited before it, in milliseconds: for a place, or between tries. */
  waitedMs: number;
  /** Until its answer, or the beginning of a stream. */
  ms: number;
  /** Absent: it succeeded. `client_closed_request` for the loser of a hedge, which was cancelled. */
  code?: ErrorCode | undefined;
  status?: number | undefined;
}

/** What a try is given. */
export interface Try<P> extends Pick<Candidate<P>, 'deployment' | 'model'> {
  /** 0 for the first of the whole call. */
  readonly index: number;
  readonly reason: AttemptReason;
  /** As `Attempt.name`. */
  readonly name: string;
  /** Members that a fallback sets in the request's body. */
  readonly overrides?: JsonObject;
  /** Aborts when the client leaves, and when another try has won. Absent: neither can happen. */
  readonly signal?: CancelSignal;
  /** Something has gone to the client: from now on a failure is final. */
  commit(): void;
  /**
   * The answer goes on after the try's promise is kept (a stream): the deployment stays busy until what this returns is
   * called. Not calling it is a leak.
   */
  goesOn(): (end: AnswerEnd) => void;
  /** What is known of an answer that is whole when the try's promise is kept. */
  tell(end: AnswerEnd): void;
}

/** What is known when an answer is over. */
export type AnswerEnd = Pick<Outcome, 'error' | 'firstOutputMs' | 'inputTokens' | 'outputTokens'>;
