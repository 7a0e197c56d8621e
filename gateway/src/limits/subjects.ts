import { SluiceError } from 'sluice/kit';

/** What may be dropped of a subject: all of it without loss, with a loss, or nothing. */
export type Drop = 'free' | 'lossy' | 'no';

interface Entry<S> {
  readonly state: S;
  /** The call that used it last. */
  call: number;
  /** Used since it was last passed over. */
  fresh: boolean;
}

/** How many subjects are looked at when one must go. */
const looks = 64;

/**
 * States by subject, at most so many. When one must go, it is one that was not used lately and loses nothing; else one that
 * was not used lately and may be lost; never one of the same call. At most 128 are looked at, so that it is soon done.
 */
export class Subjects<S> {
  readonly #entries = new Map<string, Entry<S>>();
  readonly #max: number;
  readonly #create: () => S;
  readonly #dropOf: (subject: string, state: S, now: number) => Drop;
  evicted = 0;
  lost = 0;
  overfull = 0;

  constructor(max: number, create: () => S, dropOf: (subject: string, state: S, now: number) => Drop) {
    this.#max = max;
    this.#create = create;
    this.#dropOf = dropOf;
  }

  get size(): number {
    return this.#entries.size;
  }

  peek(subject: string): S | undefined {
    return this.#entries.get(subject)?.state;
  }

  /**
   * @param call a number of the call, which keeps what it uses
   * @throws SluiceError `unavailable` when nothing can be dropped for it
   */
  use(subject: string, call: number, now: number): S {
    const known = this.#entries.get(subject);
    if (known) {
      known.call = call;
      known.fresh = true;
      return known.state;
    }
    if (this.#entries.size >= this.#max) this.#makeRoom(call, now);
    const state = this.#create();
    this.#entries.set(subject, { state, call, fresh: true });
    return state;
  }

  /** Also all whose names begin so. */
  delete(subject: string, prefix: string): void {
    this.#entries.delete(subject);
    for (const each of this.#entries.keys()) if (each.startsWith(prefix)) this.#entries.delete(each);
  }

  #makeRoom(call: number, now: number): void {
    let lossy: string | undefined;
    // The second round also takes what is fresh: where all are, the one used longest ago is near the front.
    for (const spares of [true, false]) {
      let looked = 0;
      for (const [subject, entry] of this.#entries) {
        if (++looked > looks) break;
        const drop = entry.call === call || (spares && entry.fresh) ? 'no' : this.#dropOf(subject, entry.state, now);
        if (drop === 'free') {
          this.#entries.delete(subject);
          this.evicted += 1;
          return;
        }
        if (drop === 'lossy') lossy ??= subject;
        entry.fresh = false;
        this.#entries.delete(subject);
        this.#entries.set(subject, entry);
      }
    }
    if (lossy === undefined) {
      this.overfull += 1;
      throw new SluiceError('unavailable', `The gateway counts limits of ${this.#max} subjects already, and can drop none of them.`);
    }
    this.#entries.delete(lossy);
    this.lost += 1;
  }
}
