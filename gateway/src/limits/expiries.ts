/** Expiries are gathered by the second. */
const slotMs = 1000;

/** Things that expire, up to a second late, when `sweep` is told the time. Adding and deleting cost the same however many there are. */
export class Expiries<T> {
  readonly #slots = new Map<number, Set<T>>();
  #swept = Number.NEGATIVE_INFINITY;
  size = 0;

  /** @returns the slot, for `delete` */
  add(item: T, expiresAt: number): number {
    const slot = Math.ceil(expiresAt / slotMs);
    const items = this.#slots.get(slot);
    if (items) items.add(item);
    else this.#slots.set(slot, new Set([item]));
    this.size += 1;
    return slot;
  }

  delete(item: T, slot: number): void {
    const items = this.#slots.get(slot);
    if (!items?.delete(item)) return;
    this.size -= 1;
    if (items.size === 0) this.#slots.delete(slot);
  }

  /** Takes out what has expired. */
  sweep(now: number, expire: (item: T) => void): void {
    const slot = Math.floor(now / slotMs);
    if (slot === this.#swept) return;
    this.#swept = slot;
    for (const [each, items] of this.#slots) {
      if (each > slot) continue;
      this.#slots.delete(each);
      this.size -= items.size;
      for (const item of items) expire(item);
    }
  }
}
