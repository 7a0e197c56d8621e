export interface Timing {
  readonly what: string;
  readonly ms: number;
  /** The most that it may take. */
  readonly boundMs?: number;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Times things, and says each as soon as it is known. */
export class Timings {
  readonly all: Timing[] = [];
  readonly #of: string;

  constructor(of: string) {
    this.#of = of;
  }

  async once(what: string, work: () => Promise<unknown>, boundMs?: number): Promise<void> {
    const begun = performance.now();
    await work();
    this.#tell(what, performance.now() - begun, boundMs);
  }

  /** The first one, which reads from disk, and the median of five more; the slower one counts. */
  async several(what: string, boundMs: number, work: () => Promise<unknown>): Promise<void> {
    const times: number[] = [];
    for (let at = 0; at < 6; at++) {
      const begun = performance.now();
      await work();
      times.push(performance.now() - begun);
    }
    this.#tell(what, Math.max(times[0]!, median(times.slice(1))), boundMs);
  }

  #tell(what: string, ms: number, boundMs: number | undefined): void {
    this.all.push({ what: `${this.#of}: ${what}`, ms, ...(boundMs !== undefined && { boundMs }) });
    const bound = boundMs === undefined ? '' : ` (at most ${boundMs} ms: ${ms <= boundMs ? 'holds' : 'DOES NOT HOLD'})`;
    console.log(`${this.#of}: ${what}: ${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms${bound}`);
  }
}
