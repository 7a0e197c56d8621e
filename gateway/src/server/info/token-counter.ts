import { estimateTokens, type Countable, type LocalCount, type TextsOfTokens } from 'sluice/kit';

/** More than this wait at once only where somebody means to; they get an estimate. */
const maxWaiting = 64;
/** What takes longer is estimated. */
const patienceMs = 20_000;
/** A tokenizer takes 70 MB; one that nobody asks goes. */
const idleMs = 60_000;

/** Counts in a thread of its own. */
export interface TokenCounter {
  count(model: string, what: Countable): Promise<LocalCount>;
  /** Undefined: the ids are of no vocabulary, or too many calls wait. */
  readonly textsOf: TextsOfTokens;
  stop(): void;
}

interface Waiting {
  done: (found: unknown) => void;
  timer: ReturnType<typeof setTimeout>;
}

const estimate = (what: Countable): LocalCount => ({ tokens: estimateTokens(JSON.stringify(what)), tokenizer: 'estimate' });

/** Beside this file, or beside the bundle that it is in. */
const workerFile = `count-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`;

/** @param makeWorker a fake in tests */
export const createTokenCounter = (makeWorker = () => new Worker(new URL(workerFile, import.meta.url))): TokenCounter => {
  let worker: Worker | undefined;
  let rest: ReturnType<typeof setTimeout> | undefined;
  let next = 0;
  const waiting = new Map<number, Waiting>();

  const settle = (id: number, answer: unknown) => {
    const found = waiting.get(id);
    if (!found) return;
    waiting.delete(id);
    clearTimeout(found.timer);
    found.done(answer);
    if (waiting.size > 0) return;
    clearTimeout(rest);
    rest = setTimeout(stop, idleMs);
    rest.unref();
  };

  const stop = () => {
    clearTimeout(rest);
    worker?.terminate();
    worker = undefined;
    for (const id of waiting.keys()) settle(id, undefined);
  };

  const start = (): Worker => {
    const made = makeWorker();
    made.addEventListener('message', ({ data }: MessageEvent<{ id: number; found?: unknown }>) => settle(data.id, data.found));
    // What it waits for is estimated; the next count makes another one.
    made.addEventListener('error', () => stop());
    return made;
  };

  /** Undefined: nothing was found, or not in time. */
  const ask = async (asked: object): Promise<unknown> => {
    if (waiting.size >= maxWaiting) return undefined;
    worker ??= start();
    const id = next++;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const timer = setTimeout(settle, patienceMs, id, undefined);
    waiting.set(id, { done: resolve, timer });
    worker.postMessage({ id, ...asked }, []);
    return await promise;
  };

  return {
    count: async (model, what) => ((await ask({ model, what })) as LocalCount | undefined) ?? estimate(what),
    textsOf: async (model, lists) => (await ask({ model, lists })) as string[] | undefined,
    stop,
  };
};
