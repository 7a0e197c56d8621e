import { Canceller, createPriceBook, shelvesOfRows, readPriceMap, type Env, type PriceBook, type Transport } from 'sluice/kit';
import type { ConfigSnapshot, PriceMapSettings } from '../config/snapshot.ts';
import type { Logger } from '../telemetry/log.ts';

/** Far more than any map is. */
const maxMapBytes = 64 * 1024 * 1024;
const connectTimeoutMs = 10_000;
/** Timers know no longer one: they would be over at once. */
const longestWaitMs = 2 ** 31 - 1;
/** All of a fetch: a server that never ends its answer must not be the last that was asked. */
const defaultTimeoutMs = 120_000;

export interface PriceMapOptions {
  /** Where the newest prices are put. */
  source: { book: PriceBook | undefined; readonly ready: Promise<PriceBook> };
  transport: Transport;
  /** Reads a file that a configuration names; absent: files are not read here. */
  readText?: (path: string, from: string | undefined) => Promise<string>;
  logger: Logger;
  /** Unix milliseconds. */
  now: () => number;
  /** Of one fetch, from its beginning to its last byte. */
  timeoutMs?: number;
}

/** Loads the price map of a configuration in the background, and again when it is time. */
export interface PriceMapKeeper {
  /** There is another configuration. */
  configure(snapshot: ConfigSnapshot, env: Env): void;
  stop(): void;
}

const isOn = (value: string | undefined): boolean => value !== undefined && /^(?:true|1|yes|on)$/i.test(value.trim());

/** LiteLLM's variables: where the map is, and that none is to be fetched. */
const settingsOf = ({ costs }: ConfigSnapshot, env: Env): PriceMapSettings | undefined => {
  if (isOn(env['LITELLM_LOCAL_MODEL_COST_MAP'])) return costs.priceMap?.file === undefined ? undefined : costs.priceMap;
  const url = env['LITELLM_MODEL_COST_MAP_URL'];
  return costs.priceMap ?? (url ? { url, refreshMs: 6 * 3_600_000 } : undefined);
};

export const keepPriceMap = ({
  source,
  transport,
  readText,
  logger,
  now,
  timeoutMs = defaultTimeoutMs,
}: PriceMapOptions): PriceMapKeeper => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Which configuration a load was begun for: an older one's must not overtake a newer one's. */
  let turn = 0;
  let rows = 0;
  let from = '';
  let fetching: Canceller | undefined;

  const fetchText = async (url: string): Promise<string> => {
    const signal = new Canceller();
    fetching = signal;
    const late = setTimeout(() => signal.abort(new Error(`It took longer than ${timeoutMs} ms.`)), timeoutMs);
    late.unref();
    try {
      const response = await transport({ method: 'GET', url, headers: { accept: 'application/json' }, signal, connectTimeoutMs });
      if (response.status !== 200) {
        response.cancel();
        throw new Error(`It answered ${response.status}.`);
      }
      return new TextDecoder().decode(await response.bytes(maxMapBytes));
    } finally {
      clearTimeout(late);
    }
  };

  const load = async ({ url, file, refreshMs }: PriceMapSettings, configFile: string | undefined, mine: number): Promise<void> => {
    // The host alone: the rest of a URL may hold a key, and so may what is none.
    const place = url === undefined ? file! : (URL.parse(url)?.host ?? 'what is no URL');
    try {
      const builtIn = await source.ready;
      const text = url === undefined ? await readText?.(file!, configFile) : await fetchText(url);
      if (text === undefined) throw new Error('Files are not read here.');
      const { rows: found } = await readPriceMap(text, `${place}, ${new Date(now()).toISOString().slice(0, 10)}`, rows);
      if (mine !== turn) return;
      rows = found.length;
      source.book = createPriceBook(shelvesOfRows(found), builtIn);
      logger.info('price map loaded', { from: place, models: found.length });
    } catch (cause) {
      if (mine !== turn) return;
      logger.warn('price map not loaded: the prices from before hold', {
        from: place,
        error: cause instanceof Error ? cause.message : String(cause),
      });
    }
    if (mine !== turn || refreshMs === 0) return;
    timer = setTimeout(
      () => void load({ ...(url !== undefined && { url }), ...(file !== undefined && { file }), refreshMs }, configFile, mine),
      Math.min(refreshMs, longestWaitMs),
    );
    timer.unref();
  };

  return {
    configure(snapshot, env) {
      const settings = settingsOf(snapshot, env);
      const next = JSON.stringify(settings ?? '');
      if (next === from) return;
      from = next;
      turn += 1;
      rows = 0;
      clearTimeout(timer);
      fetching?.abort(new Error('Another configuration has come.'));
      if (settings) void load(settings, snapshot.file, turn);
      else void source.ready.then((builtIn) => (source.book = builtIn));
    },
    stop() {
      turn += 1;
      clearTimeout(timer);
      fetching?.abort(new Error('The gateway is shutting down.'));
    },
  };
};
