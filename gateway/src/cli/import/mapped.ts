import type { Note } from './notes.ts';

/** Something of LiteLLM's as it is stored here. */
export interface Mapped<T> {
  readonly id: string;
  /** Undefined: it cannot be carried, the notes say why. */
  readonly data: T | undefined;
  readonly notes: readonly Note[];
  /** Unix milliseconds. */
  readonly createdAt?: number | undefined;
  readonly createdBy?: string | undefined;
  /** US dollars that count against it. */
  readonly spentUsd?: number | undefined;
  /** Since ever, where that is known beside what its running period has. */
  readonly spentEverUsd?: number | undefined;
}
