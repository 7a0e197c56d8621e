import { SluiceError } from 'sluice/kit';

export interface RecordCacheOptions<T> {
  /** Reads one; undefined: there is none. */
  readonly load: (id: string) => Promise<T | undefined>;
  readonly max: number;
  /** How long what was read is taken as it is. After that it is still good once more, while it is read again. */
  readonly freshMs: number;
  /** How long it is good while the database is away. */
  readonly staleMs: number;
  readonly now: () => number;
  /** What there is none of is looked for each time. */
  readonly onlyFound?: boolean;
  /** Whether what was read again is what was known, which then stays the same object. Default: it never is. */
  readonly same?: (before: T, after: T) => boolean;
  /** Something that was known is now something else. */
  readonly changed?: () => void;
}

interface Entry<T> {
  readonly value: T | undefined;
  readonly readAt: number;
  /** Somebody may have changed it without our hearing of it: good only while the database is away. */
  suspect: boolean;
}

/**
 * Things by their ids, bounded, read once however many ask. What is dropped because it was changed is gone at once, also
 * for reads that began before: they give their askers what they found, and leave nothing behind (FP-15).
 */
export class RecordCache<T> {
  readonly #options: RecordCacheOptions<T>;
  readonly #entries = new Map<string, Entry<T>>();
  readonly #loading = new Map<string, { promise: Promise<T | undefined>; dropped: boolean }>();

  constructor(options: RecordCacheOptions<T>) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Whether anything is known of it, however old. */
  has(id: string): boolean {
    return this.#entries.has(id);
  }

  /** What is known, as long as nobody has to be asked; then until when that holds, in the clock's milliseconds. */
  peek(id: string): { readonly value: T | undefined; readonly until: number } | undefined {
    const { freshMs, now } = this.#options;
    const entry = this.#entries.get(id);
    if (!entry || entry.suspect) return undefined;
    const until = entry.readAt + freshMs;
    const at = now();
    if (at < until) return { value: entry.value, until };
    // A little too old: good for now, and the next one finds what is read meanwhile.
    if (at >= until + freshMs) return undefined;
    this.#load(id).catch(() => {});
    return { value: entry.value, until: at + refreshGraceMs };
  }

  /** @throws what `load` throws, where nothing is known that is good enough */
  async get(id: string): Promise<T | undefined> {
    const known = this.peek(id);
    if (known) return known.value;
    try {
      return await this.#load(id);
    } catch (cause) {
      const { staleMs, now } = this.#options;
      const entry = this.#entries.get(id);
      if (entry && isAway(cause) && now() < entry.readAt + staleMs) return entry.value;
      throw cause;
    }
  }

  /** It was changed. */
  drop(id: string): void {
    this.#entries.delete(id);
    const loading = this.#loading.get(id);
    if (loading) {
      loading.dropped = true;
      this.#loading.delete(id);
    }
    this.#options.changed?.();
  }

  /** Changes may have been missed: everything is read again before it is used, if it can be read. */
  suspectAll(): void {
    for (const entry of this.#entries.values()) entry.suspect = true;
    for (const loading of this.#loading.values()) loading.dropped = true;
    this.#loading.clear();
    this.#options.changed?.();
  }

  #load(id: string): Promise<T | undefined> {
    const running = this.#loading.get(id);
    if (running) return running.promise;
    const { load, now, changed, onlyFound, same } = this.#options;
    const startedAt = now();
    const loading = {
      dropped: false,
      promise: load(id).then(
        (found) => {
          if (loading.dropped) return found;
          this.#loading.delete(id);
          const before = this.#entries.get(id);
          const known = before?.value;
          const unchanged = known !== undefined && found !== undefined && same?.(known, found) === true;
          const value = unchanged ? known : found;
          this.#entries.delete(id);
          if (value !== undefined || !onlyFound) {
            this.#makeRoom();
            this.#entries.set(id, { value, readAt: startedAt, suspect: false });
          }
          if (before && before.value !== value) changed?.();
          return value;
        },
        (cause: unknown) => {
          if (!loading.dropped) this.#loading.delete(id);
          throw cause;
        },
      ),
    };
    this.#loading.set(id, loading);
    return loading.promise;
  }

  /** The ones that were read longest ago go first. */
  #makeRoom(): void {
    if (this.#entries.size < this.#options.max) return;
    const oldest = this.#entries.keys().next();
    if (!oldest.done) this.#entries.delete(oldest.value);
  }
}

/** How long what is too old is used before it is looked at again, while it is being read. */
const refreshGraceMs = 250;

const isAway = (cause: unknown): boolean => SluiceError.is(cause) && cause.code === 'unavailable';
