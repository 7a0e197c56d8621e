import type { Cell } from './cell.ts';

/** A window counts in so many parts. */
export const parts = 60;

/**
 * A count over a sliding window, in buckets of a 60th of the window. What was counted leaves only when its whole bucket has
 * left, so no stretch of `windowMs`, wherever it begins, ever holds more than what was let in; room comes back up to one 60th
 * of the window late (1 s for a minute), and never early. (Windows under 60 ms have buckets of 1 ms.) Buckets without a count
 * take no room: at most 62 are kept.
 *
 * A call counts in the bucket in which it was let in. What it used beyond its worst case counts when that is known, so that
 * the next calls wait for it. If the clock steps back by more than the window, all that is counted is taken as of now.
 */
export class SlidingWindow implements Cell {
  readonly #widthMs: number;
  /** How many buckets after its own a count still counts. */
  readonly #span: number;
  /** Numbers of buckets, rising, and what each counts. */
  #buckets: number[] = [];
  #counts: number[] = [];
  #total = 0;

  constructor(windowMs: number) {
    this.#widthMs = Math.max(1, Math.ceil(windowMs / parts));
    this.#span = Math.ceil(windowMs / this.#widthMs);
  }

  used(now: number): number {
    if (this.#buckets.length > 0) this.#advance(now);
    return this.#total;
  }

  take(amount: number, now: number): number {
    const bucket = this.#advance(now);
    this.#add(bucket, amount, bucket);
    return bucket;
  }

  settle(place: number, held: number, worst: number, used: number, now: number): void {
    const bucket = this.#advance(now);
    this.#add(Math.min(place, bucket), Math.min(used, worst) - held, bucket);
    if (used > worst) this.#add(bucket, used - worst, bucket);
  }

  freeAt(amount: number, max: number, now: number): number | undefined {
    if (amount > max || max === 0) return undefined;
    this.#advance(now);
    let left = this.#total;
    for (let at = 0; at < this.#buckets.length; at++) {
      left -= this.#counts[at]!;
      if (left + amount <= max && left < max) return this.#leavesAt(this.#buckets[at]!);
    }
    return now;
  }

  emptyAt(now: number): number | undefined {
    this.#advance(now);
    return this.#total === 0 ? now : this.#leavesAt(this.#buckets.at(-1)!);
  }

  #leavesAt(bucket: number): number {
    return (bucket + this.#span + 1) * this.#widthMs;
  }

  /** Drops what has left. @returns the bucket of now */
  #advance(now: number): number {
    let bucket = Math.floor(now / this.#widthMs);
    const newest = this.#buckets.at(-1);
    if (newest === undefined) return bucket;
    if (newest > bucket) {
      if (newest - bucket <= this.#span) bucket = newest;
      else {
        this.#buckets = [bucket];
        this.#counts = [this.#total];
      }
    }
    while (this.#buckets.length > 0 && this.#buckets[0]! + this.#span < bucket) {
      this.#buckets.shift();
      this.#total -= this.#counts.shift()!;
    }
    return bucket;
  }

  /** @param bucket at most that of now, to which the window has advanced */
  #add(bucket: number, amount: number, current: number): void {
    if (amount === 0 || bucket + this.#span < current) return;
    let at = this.#buckets.length;
    while (at > 0 && this.#buckets[at - 1]! > bucket) at--;
    if (this.#buckets[at - 1] === bucket) {
      // Less than nothing only if the clock went back and forth meanwhile.
      const change = Math.max(amount, -this.#counts[at - 1]!);
      this.#counts[at - 1]! += change;
      this.#total += change;
      if (this.#counts[at - 1] === 0) this.#drop(at - 1);
    } else if (amount > 0) {
      if (at === this.#buckets.length) {
        this.#buckets.push(bucket);
        this.#counts.push(amount);
      } else {
        this.#buckets.splice(at, 0, bucket);
        this.#counts.splice(at, 0, amount);
      }
      this.#total += amount;
    }
  }

  #drop(at: number): void {
    this.#buckets.splice(at, 1);
    this.#counts.splice(at, 1);
  }
}
