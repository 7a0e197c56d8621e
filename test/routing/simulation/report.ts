interface Call {
  readonly server: number;
  readonly at: number;
  /** Open calls of the server, this one included. */
  readonly pending: number;
}

interface End {
  readonly server: number;
  readonly at: number;
  readonly endedAt: number;
  readonly ok: boolean;
}

/** What happened in a simulation. Times are milliseconds since its start; servers are named. */
export class Report {
  readonly #ids: readonly string[];
  readonly #calls: Call[] = [];
  readonly #ends: End[] = [];

  constructor(ids: readonly string[]) {
    this.#ids = ids;
  }

  picked(server: number, at: number, pending: number): void {
    this.#calls.push({ server, at, pending });
  }

  ended(server: number, at: number, endedAt: number, ok: boolean): void {
    this.#ends.push({ server, at, endedAt, ok });
  }

  /** Calls of each server between two times. */
  counts(from = 0, to = Infinity): number[] {
    const counts = this.#ids.map(() => 0);
    for (const { server, at } of this.#calls) if (at >= from && at < to) counts[server]!++;
    return counts;
  }

  /** The part of all calls between two times that went to a server. */
  share(id: string, from = 0, to = Infinity): number {
    const counts = this.counts(from, to);
    return counts[this.#ids.indexOf(id)]! / counts.reduce((sum, count) => sum + count, 0);
  }

  /** The most calls that a server, or any of them, had open at a pick between two times. */
  maxPending(id: string | undefined, from = 0, to = Infinity): number {
    const server = id === undefined ? undefined : this.#ids.indexOf(id);
    let most = 0;
    for (const call of this.#calls)
      if ((server === undefined || call.server === server) && call.at >= from && call.at < to) most = Math.max(most, call.pending);
    return most;
  }

  /** Milliseconds that `share` of the successful calls that began between two times took at most. */
  quantileMs(share: number, from = 0, to = Infinity): number {
    const times = this.#ends.filter(({ at, ok }) => ok && at >= from && at < to).map(({ at, endedAt }) => endedAt - at);
    times.sort((a, b) => a - b);
    return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  }

  /** The part of the calls that began between two times and failed. */
  failures(from = 0, to = Infinity): number {
    const some = this.#ends.filter(({ at }) => at >= from && at < to);
    return some.filter(({ ok }) => !ok).length / Math.max(1, some.length);
  }

  /**
   * Seconds after `from` until a server's share stays at or below `limit`: the end of the last second in which it was
   * above it. 0: it never was.
   */
  settledAfter(id: string, limit: number, from: number, to: number): number {
    const server = this.#ids.indexOf(id);
    const size = Math.ceil((to - from) / 1000);
    const all = new Float64Array(size);
    const own = new Float64Array(size);
    for (const call of this.#calls) {
      const second = Math.floor((call.at - from) / 1000);
      if (second < 0 || second >= size) continue;
      all[second]!++;
      if (call.server === server) own[second]!++;
    }
    return all.findLastIndex((count, second) => own[second]! > count * limit) + 1;
  }
}

/**
 * Pearson's chi-square of counts over what was expected. For four degrees of freedom it is below 18.5 in 999 of 1000 runs
 * where the expectation holds.
 */
export const chiSquare = (counts: readonly number[], shares: readonly number[]): number => {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const whole = shares.reduce((sum, share) => sum + share, 0);
  return counts.reduce((sum, count, at) => sum + (count - (total * shares[at]!) / whole) ** 2 / ((total * shares[at]!) / whole), 0);
};

/** One line of the test's output. */
export const tell = (strategy: string, scenario: string, figures: Readonly<Record<string, number | string>>): void => {
  const shown = Object.entries(figures).map(
    ([name, value]) => `${name} ${typeof value === 'number' ? Number(value.toPrecision(3)) : value}`,
  );
  console.log(`| ${strategy} | ${scenario} | ${shown.join('; ')} |`);
};
