/** Where one subject's use of one metric is counted. Moments are Unix milliseconds, amounts whole numbers from 0. */
export interface Cell {
  /** Used and reserved. */
  used(now: number): number;
  /** @returns the place in which it counts, for `settle` */
  take(amount: number, now: number): number;
  /**
   * @param held what is still reserved of `worst`: all of it, or nothing after an expiry
   * @param used what it was really
   */
  settle(place: number, held: number, worst: number, used: number, now: number): void;
  /** When there is room for an amount by itself; undefined: never, or nobody knows. */
  freeAt(amount: number, max: number, now: number): number | undefined;
  /** When all is free by itself; undefined: never, or nobody knows. */
  emptyAt(now: number): number | undefined;
}
