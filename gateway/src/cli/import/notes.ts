/** How well a thing was carried over, where it was not exactly. */
export type Grade = 'approximate' | 'not carried';

/** What of one thing is not as it was. */
export interface Note {
  readonly grade: Grade;
  /** A member of it, or `all`. */
  readonly what: string;
  /** A sentence without its full stop. */
  readonly why: string;
}

export const approximate = (what: string, why: string): Note => ({ grade: 'approximate', what, why });
export const notCarried = (what: string, why: string): Note => ({ grade: 'not carried', what, why });
