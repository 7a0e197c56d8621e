import { exactUpTo, sampleSize } from './lowest.ts';

/**
 * What a strategy keeps beside each candidate of a group. In a large one it is made when it is first looked at, as groups
 * come and go with every retry, and only a few of each are looked at.
 */
export class Members<T, M> {
  /** Undefined for a large group. */
  readonly all: readonly M[] | undefined;
  readonly #of: readonly T[];
  readonly #made: (M | undefined)[];
  readonly #make: (one: T) => M;

  constructor(of: readonly T[], make: (one: T) => M) {
    this.#of = of;
    this.#make = make;
    this.#made = of.length > exactUpTo ? Array.from({ length: of.length }) : [];
    this.all = of.length > exactUpTo ? undefined : of.map(make);
  }

  /** As `someOf`. */
  some(random: () => number): readonly M[] {
    return this.all ?? Array.from({ length: sampleSize }, () => this.#at(Math.floor(random() * this.#of.length)));
  }

  #at(place: number): M {
    return (this.#made[place] ??= this.#make(this.#of[place]!));
  }
}
