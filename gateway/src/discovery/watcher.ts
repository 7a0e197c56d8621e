import { backoffMs, Canceller, type Clock } from 'sluice/kit';
import type { DiscoverySource, Endpoint } from '../config/discovery-settings.ts';
import { keyOf, readEndpoint, withoutEqual, type Claimed } from './endpoint.ts';
import { endpointsOf, held, nextExpiry, withoutExpired, type Holding } from './hold.ts';
import { SourceError, type Source } from './source.ts';

/** What is told of sources. */
export interface DiscoveryLog {
  info(message: string, fields: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
}

export interface WatcherOptions {
  settings: Pick<DiscoverySource, 'name' | 'graceMs' | 'maxEndpoints'>;
  /** Makes the source, anew after each failure. `close` is called when it is over. */
  open: () => Promise<{ source: Source; close(): void }>;
  clock: Clock;
  random: () => number;
  log: DiscoveryLog;
  /** There are other endpoints than before. */
  onChange: () => void;
  /** The source failed once more. */
  onFailure: () => void;
}

/** How a source is doing. */
export interface SourceState {
  readonly name: string;
  readonly endpoints: number;
  /** Unix milliseconds; undefined: it never answered. */
  readonly lastSuccessAt: number | undefined;
}

/** From the first failure on. Milliseconds. */
const restart = { initialMs: 1000, maxMs: 60_000, jitterMs: 1000 };
/** A longer list is a mishap, and would take a while to look at. */
const maxListed = 50_000;
/** Names that a line tells. */
const maxTold = 5;

/**
 * Keeps what one source knows, whatever becomes of the source: where it fails, the list from before stays, and it is
 * begun anew after a while that grows.
 */
export class Watcher {
  /** Kept once it has answered or failed for the first time. */
  readonly first: Promise<void>;
  readonly #options: WatcherOptions;
  readonly #stop = new Canceller();
  #holding: Holding = new Map();
  #endpoints: readonly Endpoint[] = [];
  /** The endpoints as a text, to be compared. */
  #shown = '[]';
  #lastSuccessAt: number | undefined;
  #failures = 0;
  #refused = '';
  #expiry: Canceller | undefined;
  #firstOver!: () => void;

  constructor(options: WatcherOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.first = promise;
    this.#firstOver = resolve;
    void this.#run();
  }

  get endpoints(): readonly Endpoint[] {
    return this.#endpoints;
  }

  get state(): SourceState {
    return { name: this.#options.settings.name, endpoints: this.#endpoints.length, lastSuccessAt: this.#lastSuccessAt };
  }

  stop(): void {
    this.#stop.abort(new Error('It is not asked any more.'));
    this.#expiry?.abort(new Error('It is not asked any more.'));
    this.#firstOver();
  }

  async #run(): Promise<void> {
    const { open, clock, random } = this.#options;
    while (!this.#stop.aborted) {
      try {
        const { source, close } = await open();
        try {
          await source.watch((list) => this.#take(list), this.#stop);
        } finally {
          close();
        }
      } catch (cause) {
        if (this.#stop.aborted) return;
        this.#failed(cause);
      }
      // The wait is cut short by the end alone.
      await clock.sleep(backoffMs(Math.max(0, this.#failures - 1), random, restart), this.#stop).catch(() => {});
    }
  }

  #failed(cause: unknown): void {
    const { settings, log, onFailure } = this.#options;
    onFailure();
    this.#failures++;
    // An outage is told when it begins, not each time that it goes on.
    if (this.#failures === 1) {
      const kept = this.#endpoints.length;
      log.warn('discovery failed: the endpoints from before stay', { source: settings.name, endpoints: kept, error: messageOf(cause) });
    }
    this.#firstOver();
  }

  #take(list: readonly Claimed[]): void {
    if (this.#stop.aborted) return;
    if (list.length > maxListed) throw new SourceError(`It lists more than ${maxListed} endpoints.`);
    const { settings, clock, log } = this.#options;
    if (this.#failures > 0) log.info('discovery works again', { source: settings.name });
    this.#failures = 0;
    this.#lastSuccessAt = clock.now();
    this.#hold(held(this.#holding, this.#read(list), clock.now(), settings.graceMs));
    this.#firstOver();
  }

  /** Those of the list that can be called, each once, and no more than are allowed. */
  #read(list: readonly Claimed[]): readonly Endpoint[] {
    const { name: source, maxEndpoints } = this.#options.settings;
    const found = new Map<string, Endpoint>();
    const refused: string[] = [];
    for (const each of list) {
      const endpoint = readEndpoint(each);
      if (typeof endpoint === 'string') refused.push(endpoint);
      else found.set(keyOf(endpoint), endpoint);
    }
    // Which ones are left out must not depend on the order of an answer.
    const kept = [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).slice(0, maxEndpoints);
    const left = found.size - kept.length;
    const told = refused.length + left === 0 ? '' : `${refused.length} ${refused[0]} ${left}`;
    if (told !== '' && told !== this.#refused) {
      const why = refused[0] === undefined ? {} : { refused: refused.length, why: refused[0] };
      this.#options.log.warn('discovery left endpoints out', { source, ...why, ...(left > 0 && { beyondMaxEndpoints: left }) });
    }
    this.#refused = told;
    return kept.map(([, endpoint]) => endpoint);
  }

  #hold(holding: Holding): void {
    const { settings, log, onChange } = this.#options;
    this.#holding = holding;
    this.#awaitExpiry();
    const endpoints = withoutEqual(endpointsOf(holding));
    const shown = JSON.stringify(endpoints);
    if (shown === this.#shown) return;
    const [before, after] = [new Set(this.#endpoints.map(keyOf)), new Set(endpoints.map(keyOf))];
    this.#endpoints = endpoints;
    this.#shown = shown;
    log.info('discovery found other endpoints', {
      source: settings.name,
      endpoints: endpoints.length,
      ...some('added', [...after.difference(before)]),
      ...some('removed', [...before.difference(after)]),
    });
    onChange();
  }

  /** Ends the grace of what is held longer than its list. */
  #awaitExpiry(): void {
    const { settings, clock } = this.#options;
    this.#expiry?.abort(new Error('Another list has come.'));
    const at = nextExpiry(this.#holding, settings.graceMs);
    if (at === undefined) return;
    const waiting = (this.#expiry = new Canceller());
    clock.sleep(Math.max(0, at - clock.now()), waiting).then(
      () => this.#hold(withoutExpired(this.#holding, clock.now(), settings.graceMs)),
      () => {},
    );
  }
}

const some = (what: string, keys: readonly string[]): Record<string, unknown> =>
  keys.length === 0 ? {} : { [what]: keys.length, [`${what}First`]: keys.slice(0, maxTold) };

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause)).slice(0, 300);
