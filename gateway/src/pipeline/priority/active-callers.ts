const activeMs = 60_000;

/** More models than that, or more callers of one, are not told apart: the longest unseen are left out. */
const maxPlaces = 1000;
const maxCallers = 10_000;

/** Who has called lately, by place: a model, or a priority's share of one. Counts what this gateway has seen itself. */
export class ActiveCallers {
  /** By place, by caller: when it was seen last. The longest unseen first. */
  readonly #places = new Map<string, Map<string, number>>();

  /**
   * A caller calls.
   * @param now Unix milliseconds
   * @returns how many have called in the last minute, with this one
   */
  saw(place: string, caller: string, now: number): number {
    const callers = this.#places.get(place) ?? new Map<string, number>();
    this.#places.delete(place);
    this.#places.set(place, callers);
    if (this.#places.size > maxPlaces) this.#places.delete(this.#places.keys().next().value!);
    callers.delete(caller);
    callers.set(caller, now);
    for (const [other, at] of callers) {
      if (at > now - activeMs && callers.size <= maxCallers) break;
      callers.delete(other);
    }
    return callers.size;
  }
}
