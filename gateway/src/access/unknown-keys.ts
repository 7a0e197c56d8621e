export interface UnknownKeysOptions {
  readonly now: () => number;
  /** How long a key that is not there is not looked for again. */
  readonly rememberMs?: number;
  /** Looks that one address has a minute for keys that nobody knows. */
  readonly perMinute?: number;
}

const maxKeys = 20_000;
const maxAddresses = 20_000;
const minuteMs = 60_000;

/** Keys that there are none of, so that whoever tries them does not ask the database each time; and who tries too many (FP-63). */
export class UnknownKeys {
  readonly #now: () => number;
  readonly #rememberMs: number;
  readonly #perMinute: number;
  /** Hash -> until when. */
  readonly #keys = new Map<string, number>();
  readonly #addresses = new Map<string, { since: number; tries: number }>();
  #made = 0;

  constructor({ now, rememberMs = 10_000, perMinute = 120 }: UnknownKeysOptions) {
    this.#now = now;
    this.#rememberMs = rememberMs;
    this.#perMinute = perMinute;
  }

  has(hash: string): boolean {
    const until = this.#keys.get(hash);
    if (until === undefined) return false;
    if (this.#now() < until) return true;
    this.#keys.delete(hash);
    return false;
  }

  /** How many were heard of that were made. */
  get made(): number {
    return this.#made;
  }

  /**
   * There is none of it. Counts against the address that it came from.
   * @param made as it was before it was looked for: where keys were made meanwhile, it may be one of them
   */
  add(hash: string, address: string, made = this.#made): void {
    const now = this.#now();
    if (made === this.#made) {
      this.#keys.delete(hash);
      bounded(this.#keys, maxKeys);
      this.#keys.set(hash, now + this.#rememberMs);
    }
    const found = this.#addresses.get(address);
    if (found && now < found.since + minuteMs) found.tries++;
    else {
      this.#addresses.delete(address);
      bounded(this.#addresses, maxAddresses);
      this.#addresses.set(address, { since: now, tries: 1 });
    }
  }

  /** It was made. */
  forget(hash: string): void {
    this.#made++;
    this.#keys.delete(hash);
  }

  /** Any of them may have been made without our hearing of it. */
  forgetAll(): void {
    this.#made++;
    this.#keys.clear();
  }

  /** How long an address has to wait until another key of its is looked for, in milliseconds; undefined: it need not. */
  waitOf(address: string): number | undefined {
    const found = this.#addresses.get(address);
    if (!found || found.tries < this.#perMinute) return undefined;
    const waitMs = found.since + minuteMs - this.#now();
    return waitMs > 0 ? waitMs : undefined;
  }
}

/** The oldest goes. */
const bounded = (map: Map<string, unknown>, max: number): void => {
  if (map.size >= max) map.delete(map.keys().next().value!);
};
