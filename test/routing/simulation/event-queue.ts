interface Event {
  readonly at: number;
  /** Events of one time happen in the order in which they were added. */
  readonly order: number;
  happen(): void;
}

/** What is to happen, by virtual time: a binary heap. */
export class EventQueue {
  readonly #heap: Event[] = [];
  #added = 0;

  add(at: number, happen: () => void): void {
    const heap = this.#heap;
    const event: Event = { at, order: this.#added++, happen };
    let place = heap.push(event) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(event, heap[parent]!)) break;
      heap[place] = heap[parent]!;
      place = parent;
    }
    heap[place] = event;
  }

  /** Until nothing is left to happen. */
  run(): void {
    for (let next = this.#take(); next; next = this.#take()) next.happen();
  }

  #take(): Event | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let child = place * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = last;
    return first;
  }
}

const isBefore = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
