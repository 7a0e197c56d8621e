import { unavailable } from '../../storage/sql/failure.ts';
import { errorOf, type Answered, type Asked } from './thread-messages.ts';

/** More at once than anybody waits for. */
const maxWaiting = 1000;
/** A thread takes some ten megabytes; one that nobody asks goes. */
const idleMs = 60_000;
/** How long it may take to close its file. */
const goodbyeMs = 5000;

interface Waiting {
  readonly done: (value: unknown) => void;
  readonly fail: (cause: Error) => void;
}

/** What to ask, without what is said of every question. */
export type Question = Asked extends infer A ? (A extends Asked ? Omit<A, 'id' | 'path' | 'now'> : never) : never;

/** Beside this file, or beside the bundle that it is in. */
const workerFile = `ledger-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`;

/** A thread with a connection of its own to a SQLite file. It is made when it is needed. */
export class LedgerThread {
  readonly #path: string;
  readonly #now: () => number;
  readonly #make: () => Worker;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #next = 0;
  #closed = false;

  /** @param make a fake in tests. A small heap is collected more often, which costs nothing here, and is 50 MB less after a while */
  constructor(path: string, now: () => number, make = () => new Worker(new URL(workerFile, import.meta.url), { smol: true })) {
    this.#path = path;
    this.#now = now;
    this.#make = make;
  }

  /** @throws SluiceError as of `Queries`; `unavailable` where it ended in the middle */
  ask(question: Question): Promise<unknown> {
    if (this.#closed) throw unavailable('The database is closed.');
    if (this.#waiting.size >= maxWaiting) throw unavailable('Too many calls wait for the database.');
    clearTimeout(this.#rest);
    this.#worker ??= this.#start();
    const id = this.#next++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { done: resolve, fail: reject });
    this.#worker.postMessage({ ...question, id, path: this.#path, now: Math.floor(this.#now()) } as Asked, []);
    return promise;
  }

  /** Waits for what it was asked. */
  async close(): Promise<void> {
    if (this.#closed) return;
    const closing = this.#worker && this.ask({ what: 'close' });
    this.#closed = true;
    await Promise.race([closing?.catch(() => undefined), Bun.sleep(goodbyeMs)]);
    this.#stop('The database is closed.');
  }

  #start(): Worker {
    const worker = this.#make();
    worker.addEventListener('message', ({ data }: MessageEvent<Answered>) => this.#answered(data));
    // What it waits for may be done or not; the next question makes another one.
    worker.addEventListener('error', (event) => this.#stop(`A thread has failed: ${event.message}`));
    return worker;
  }

  #answered({ id, value, failed }: Answered): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    if (failed) waiting.fail(errorOf(failed));
    else waiting.done(value);
    if (this.#waiting.size > 0 || this.#closed) return;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#stop('It was not asked anything.'), idleMs);
    this.#rest.unref();
  }

  #stop(why: string): void {
    clearTimeout(this.#rest);
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const { fail } of this.#waiting.values()) fail(unavailable('The database cannot be used.', why));
    this.#waiting.clear();
  }
}
