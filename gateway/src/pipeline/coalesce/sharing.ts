import type { Answer, CancelSignal, SluiceError, WireEvent } from 'sluice/kit';

/*
 * Identical calls at the same time share one upstream call. Whoever came first makes it; all get its answer, and one of them
 * pays for it: the first, or the one after it where the first has left. The call ends when the last of them has left.
 */

/** Of one shared call. Bytes, and milliseconds. */
export interface CoalesceBounds {
  /** As long as a stream is not longer than this, another call can still join it from its beginning. Default 256 KiB. */
  readonly maxReplayBytes?: number;
  /** How far the slowest reader may stay behind the fastest. Default 1 MiB. */
  readonly maxBehindBytes?: number;
  /** How long the others wait for one that is so far behind, before it is cut off. Default 2000. */
  readonly patienceMs?: number;
  /** Calls that share one. Default 1000. */
  readonly maxMembers?: number;
}

/** What the first of them makes. */
export interface Made {
  answer: Answer;
  /** Told once, when nothing more comes of the answer, or nobody is left to read it. */
  over?: (failure: unknown) => void;
}

export interface Joining<C> {
  /** The call's id: others are told it. */
  readonly callId: string;
  /** What the others may know of the first. */
  readonly context: C;
  /** Aborts when this client leaves. */
  readonly signal: CancelSignal;
  /** Makes the call; only asked of the first. @param signal aborts when all have left */
  make(signal: CancelSignal): Promise<Made>;
  /** A failure as events of the client's format. */
  errorEvents(error: SluiceError): readonly WireEvent[];
}

/** One of those who share a call. */
export interface Sharer<C> {
  /** Rejects as the call does, or when this client leaves. Its `facts` are the same object for all. */
  readonly answer: Promise<Answer>;
  /** The first one's. */
  readonly context: C;
  readonly isFirst: boolean;
  /** The id of the call that pays for it; undefined: this one does. */
  readonly sharedWith: string | undefined;
}

export interface Coalescer<C> {
  join(key: string, joining: Joining<C>): Sharer<C>;
  /** Calls that others may join just now. */
  readonly open: number;
}
