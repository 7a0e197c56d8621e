import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PublishedPeriod, PublishedRow } from '../../sdk/src/catalog/model-row.ts';
import type { PublishedRates } from '../../sdk/src/catalog/rates.ts';
import { idOf, ofGenaiPrices } from './known.ts';
import { patternOf, type Match } from './patterns.ts';
import type { Found } from './found.ts';

interface Tiered {
  base: number;
  tiers: { start: number; price: number }[];
}
type Prices = Readonly<Record<string, number | Tiered>>;
interface Conditional {
  constraint?: { type: 'start_date'; start_date: string } | { type: 'time_of_date'; start_time: string; end_time: string };
  prices: Prices;
}
interface Model {
  id: string;
  match: Match;
  context_window?: number;
  prices: Prices | Conditional[];
}
interface Vendor {
  id: string;
  models: Model[];
}

type SimpleName = { [K in keyof PublishedRates]-?: NonNullable<PublishedRates[K]> extends number ? K : never }[keyof PublishedRates];

/** Their measure -> ours, and how many of ours theirs holds. `undefined`: the same told twice, or a measure that calls do not report. */
const measures: Readonly<Record<string, { name: SimpleName; per: number } | undefined>> = {
  input_mtok: { name: 'input', per: 1 },
  output_mtok: { name: 'output', per: 1 },
  cache_read_mtok: { name: 'cacheRead', per: 1 },
  cache_write_mtok: { name: 'cacheWrite', per: 1 },
  cache_write_1h_mtok: { name: 'cacheWrite1h', per: 1 },
  input_audio_mtok: { name: 'inputAudio', per: 1 },
  output_audio_mtok: { name: 'outputAudio', per: 1 },
  cache_audio_read_mtok: { name: 'cacheReadAudio', per: 1 },
  input_image_mtok: { name: 'inputImage', per: 1 },
  output_image_mtok: { name: 'outputImage', per: 1 },
  cache_image_read_mtok: { name: 'cacheReadImage', per: 1 },
  input_video_mtok: { name: 'inputVideo', per: 1 },
  output_reasoning_mtok: { name: 'reasoning', per: 1 },
  web_searches_kcount: { name: 'webSearch', per: 1000 },
  requests_kcount: { name: 'request', per: 1000 },
  input_document_kpages: { name: 'page', per: 1000 },
  input_audio_hours: { name: 'inputSecond', per: 3600 },
  input_annotated_document_kpages: undefined,
  storage_searches_kcount: undefined,
  audio_hours: undefined,
  output_video_mtok: undefined,
  output_citation_mtok: undefined,
  input_text_messages_kcount: undefined,
};

/** To the twelfth digit: what division leaves behind that is no price. */
const clean = (value: number): number => Number(value.toPrecision(12));

const readPeriod = (prices: Prices): PublishedPeriod => {
  const price: PublishedRates = {};
  const above: Record<string, PublishedRates> = {};
  for (const [measure, value] of Object.entries(prices)) {
    if (!(measure in measures)) throw new Error(`genai-prices has a new measure: ${measure}`);
    const ours = measures[measure];
    if (!ours) continue;
    price[ours.name] = clean((typeof value === 'number' ? value : value.base) / ours.per);
    if (typeof value === 'number') continue;
    for (const tier of value.tiers) (above[tier.start] ??= {})[ours.name] = clean(tier.price / ours.per);
  }
  return { price, ...(Object.keys(above).length > 0 && { above }) };
};

const readPrices = (prices: Model['prices']): PublishedPeriod[] => {
  const conditional: Conditional[] = Array.isArray(prices) ? prices : [{ prices }];
  return conditional
    .map(({ constraint, prices: each }): PublishedPeriod => {
      const period = readPeriod(each);
      if (!constraint) return period;
      if (constraint.type === 'start_date') return { from: constraint.start_date, ...period };
      return { hours: `${constraint.start_time.slice(0, 5)}-${constraint.end_time.slice(0, 5)}`, ...period };
    })
    .filter(({ price }) => Object.keys(price).length > 0);
};

/** All models of the package, as rows of our providers. @param folder where the package lies */
export const readGenaiPrices = async (folder: string): Promise<Found[]> => {
  const { findProvider } = (await import(pathToFileURL(join(folder, 'dist', 'index.js')).href)) as {
    findProvider: (options: { providerId: string }) => Vendor | undefined;
  };
  return Object.entries(ofGenaiPrices).flatMap(([theirs, ours]) => {
    const vendor = findProvider({ providerId: theirs });
    if (vendor?.id !== theirs) throw new Error(`genai-prices has no provider ${theirs} any more`);
    return vendor.models.flatMap((model) => {
      const prices = readPrices(model.prices);
      const { names, pattern } = patternOf(model.match);
      const id = idOf(theirs, model.id);
      const also = names.map((name) => idOf(theirs, name)).filter((name) => name !== id);
      const row: PublishedRow = {
        id,
        ...(also.length > 0 && { also }),
        // Suffixed ids (`model:host`) are exact.
        ...(pattern !== undefined && id === model.id && { match: pattern }),
        ...(model.context_window !== undefined && { context: model.context_window }),
        prices,
        source: 'genai-prices',
      };
      return ours.map((provider) => ({ provider, row }));
    });
  });
};
