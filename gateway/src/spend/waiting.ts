import type { SpendKey } from './totals.ts';

interface Entry {
  readonly subject: string;
  readonly periodStart: number;
  /** What counts. */
  nanodollars: number;
  /** What waited when it was set: it is part of that, and is no longer counted when it is written. */
  dropped: number;
}

/** What waits to be written, by subject and period, and which subjects there are. */
export class Waiting {
  readonly #max: number;
  readonly #entries = new Map<string, Entry>();
  /** How many of each. */
  readonly #subjects = new Map<string, number>();

  /** @param max of entries */
  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#entries.size;
  }

  hasSubject(subject: string): boolean {
    return this.#subjects.has(subject);
  }

  of(key: SpendKey): number {
    return this.#entries.get(idOf(key))?.nanodollars ?? 0;
  }

  /** Of a subject and its parts (`key:ab12/model:…`). */
  keysOf(subject: string): readonly SpendKey[] {
    const part = `${subject}/`;
    const keys: SpendKey[] = [];
    for (const { subject: of, periodStart } of this.#entries.values())
      if (of === subject || of.startsWith(part)) keys.push({ subject: of, periodStart });
    return keys;
  }

  /** @returns false: there is no room for another one */
  add({ subject, periodStart }: SpendKey, nanodollars: number): boolean {
    const id = idOf({ subject, periodStart });
    const found = this.#entries.get(id);
    if (found) found.nanodollars += nanodollars;
    else {
      if (this.#entries.size >= this.#max) return false;
      this.#entries.set(id, { subject, periodStart, nanodollars, dropped: 0 });
      this.#subjects.set(subject, (this.#subjects.get(subject) ?? 0) + 1);
    }
    return true;
  }

  /** So much of it is written. What was added first is written first: that is what was dropped. */
  settle(key: SpendKey, nanodollars: number): void {
    const id = idOf(key);
    const found = this.#entries.get(id);
    if (!found) return;
    const dropped = Math.min(found.dropped, nanodollars);
    found.dropped -= dropped;
    found.nanodollars = Math.max(0, found.nanodollars - (nanodollars - dropped));
    if (found.dropped > 0 || found.nanodollars > 0) return;
    this.#entries.delete(id);
    const others = this.#subjects.get(found.subject)! - 1;
    if (others === 0) this.#subjects.delete(found.subject);
    else this.#subjects.set(found.subject, others);
  }

  /** It does not count any more. @returns takes that back */
  drop(key: SpendKey): () => void {
    const found = this.#entries.get(idOf(key));
    if (!found) return () => {};
    const { nanodollars } = found;
    found.nanodollars = 0;
    found.dropped += nanodollars;
    return () => {
      // What was settled meanwhile was taken from there first.
      const back = Math.min(found.dropped, nanodollars);
      found.dropped -= back;
      found.nanodollars += back;
    };
  }
}

export const idOf = ({ subject, periodStart }: SpendKey): string => `${periodStart} ${subject}`;
