/** How a simulated server answers. All may change with time (milliseconds since the start). */
export interface Server {
  readonly id: string;
  /** Milliseconds to the first output, without waiting for a place. */
  firstOutputMs(at: number, random: () => number): number;
  /** Milliseconds for a token of output. */
  readonly msPerToken?: number;
  /** Calls that it works on at a time; further ones wait in line. Default: any number. */
  readonly capacity?: number;
  /** The share of calls that fails, after `failsAfterMs`. */
  failureRate?(at: number): number;
  readonly failsAfterMs?: number;
  /** It fails by not answering in time: the caller gives up after so many milliseconds. */
  readonly timeoutMs?: number;
  /** When it may be picked; default: always. */
  isThere?(at: number): boolean;
  readonly weight?: number;
  readonly rpm?: number;
  readonly tpm?: number;
  /** US dollars for a token of input and output each. */
  readonly price?: number;
}

/** Usual latencies of models: most near the median, some far above it. */
export const logNormal =
  (medianMs: number, sigma = 0.4) =>
  (_: number, random: () => number): number => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return medianMs * Math.exp(sigma * normal);
  };

/** One latency until a time, another one from then on. */
export const turning =
  (changes: readonly (readonly [fromMs: number, latency: (at: number, random: () => number) => number])[]) =>
  (at: number, random: () => number): number =>
    changes.findLast(([from]) => at >= from)![1](at, random);
