import type { Subject } from '../types.ts';

/** How a budget stands, as far as this process knows. Amounts are whole numbers: nano-dollars, tokens or requests. */
export interface View {
  readonly subject: Subject;
  readonly name: string;
  charged: number;
  /** Charged and reserved by all, as last heard. */
  used: number;
  /** Of calls under way that were let in here without Redis. */
  open: number;
  /** Of calls that are over, which Redis has not heard of. */
  untold: number;
}

/** Budgets as last heard, at most so many; one that holds something of this process is never dropped. */
export class Views {
  readonly #views = new Map<string, View>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#views.size;
  }

  peek(name: string): View | undefined {
    return this.#views.get(name);
  }

  /** Redis, or the database, has told how it stands. */
  heard(subject: Subject, name: string, charged: number, used: number): View {
    let view = this.#views.get(name);
    if (view) {
      view.charged = charged;
      view.used = used;
      return view;
    }
    if (this.#views.size >= this.#max) this.#makeRoom();
    view = { subject, name, charged, used, open: 0, untold: 0 };
    this.#views.set(name, view);
    return view;
  }

  delete(subject: Subject): void {
    const part = `${subject}/`;
    for (const [name, { subject: each }] of this.#views) if (each === subject || each.startsWith(part)) this.#views.delete(name);
  }

  /** What was heard of first goes: it is asked for again. */
  #makeRoom(): void {
    let looked = 0;
    for (const [name, view] of this.#views) {
      this.#views.delete(name);
      if (view.open === 0 && view.untold === 0) return;
      this.#views.set(name, view);
      if (++looked >= 64) return;
    }
  }
}
