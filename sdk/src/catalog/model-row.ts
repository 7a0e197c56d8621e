import { readRates, type PublishedRates, type Rates } from './rates.ts';

/** What a model can take or do. Absent from a row: not known, which is not the same as no. */
export const abilities = [
  'assistant_prefill',
  'audio_input',
  'audio_output',
  'computer_use',
  'embedding_image_input',
  'function_calling',
  'native_streaming',
  'parallel_function_calling',
  'pdf_input',
  'prompt_caching',
  'reasoning',
  'response_schema',
  'system_messages',
  'tool_choice',
  'url_context',
  'video_input',
  'vision',
  'web_search',
] as const;
export type Ability = (typeof abilities)[number];

/** What a model is for, in LiteLLM's words. */
export const modes = [
  'audio_speech',
  'audio_transcription',
  'chat',
  'completion',
  'embedding',
  'image_edit',
  'image_generation',
  'moderation',
  'ocr',
  'realtime',
  'rerank',
  'responses',
  'search',
  'video_generation',
] as const;
export type Mode = (typeof modes)[number];

/** The price of a class of service: a multiple of the base price in ten-thousandths, or prices of its own. */
export type TierPrice = { times: number } | { rates: Rates; above: readonly RatesAbove[] };

/** The whole request has these prices once its input is longer than that; what they leave out costs what it costs below. */
export interface RatesAbove {
  tokens: number;
  rates: Rates;
}

/** Prices that hold from a day on, or for some hours of each day. The last one that holds counts. */
export interface PricePeriod {
  /** Unix milliseconds. */
  from?: number;
  /** Minutes of the day in UTC: from, to. The end may be past midnight. */
  minutes?: readonly [number, number];
  rates: Rates;
  above: readonly RatesAbove[];
  tiers: Readonly<Record<string, TierPrice>>;
}

/** What is known of one model of one provider. */
export interface ModelRow {
  provider: string;
  id: string;
  mode?: Mode;
  /** All that fits: input and output. Tokens. */
  contextWindow?: number;
  maxInputTokens?: number;
  maxOutputTokens?: number;
  /** Length of an embedding. */
  outputVectorSize?: number;
  abilities: readonly Ability[];
  /** Abilities that it is known to lack. */
  lacks: readonly Ability[];
  /** Empty: not known. */
  prices: readonly PricePeriod[];
  /** Prices that a user gave: what a provider says of its cost does not count against them. */
  own?: true;
  /** Where the prices come from, and when they were read. */
  source: string;
}

/** A period as it is kept. */
export interface PublishedPeriod {
  /** `2026-08-21` */
  from?: string;
  /** `00:30-16:30`, UTC. */
  hours?: string;
  price: PublishedRates;
  /** Tokens -> prices above. */
  above?: Readonly<Record<string, PublishedRates>>;
  /** Class of service -> prices, or a factor. */
  tiers?: Readonly<Record<string, number | PublishedRates>>;
}

/** A row as it is kept: one line of JSON. */
export interface PublishedRow {
  id: string;
  /** Other exact names. */
  also?: readonly string[];
  /** Regular expression of names beyond those. */
  match?: string;
  mode?: Mode;
  context?: number;
  maxInput?: number;
  maxOutput?: number;
  vector?: number;
  /** Abilities, space-separated; with a leading `-`: known to be absent. */
  can?: string;
  prices?: readonly PublishedPeriod[];
  /** A key of the list of sources. */
  source: string;
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

const readHours = (hours: string): readonly [number, number] => {
  const [from = '', to = ''] = hours.split('-');
  const start = minutesOf(from);
  const end = minutesOf(to);
  return [start, end > start ? end : end + 1440];
};

const readAbove = (above: PublishedPeriod['above']): RatesAbove[] =>
  Object.entries(above ?? {})
    .map(([tokens, rates]) => ({ tokens: Number(tokens), rates: readRates(rates) }))
    .sort((a, b) => a.tokens - b.tokens);

const readPeriod = ({ from, hours, price, above, tiers }: PublishedPeriod): PricePeriod => ({
  ...(from !== undefined && { from: Date.parse(from) }),
  ...(hours !== undefined && { minutes: readHours(hours) }),
  rates: readRates(price),
  above: readAbove(above),
  tiers: Object.fromEntries(
    Object.entries(tiers ?? {}).map(([name, tier]) => [
      name,
      typeof tier === 'number' ? { times: Math.round(tier * 10_000) } : { rates: readRates(tier), above: [] },
    ]),
  ),
});

export const readRow = (provider: string, row: PublishedRow, sources: Readonly<Record<string, string>>): ModelRow => {
  const can = row.can?.split(' ') ?? [];
  return {
    provider,
    id: row.id,
    ...(row.mode !== undefined && { mode: row.mode }),
    ...(row.context !== undefined && { contextWindow: row.context }),
    ...(row.maxInput !== undefined && { maxInputTokens: row.maxInput }),
    ...(row.maxOutput !== undefined && { maxOutputTokens: row.maxOutput }),
    ...(row.vector !== undefined && { outputVectorSize: row.vector }),
    abilities: can.filter((each) => !each.startsWith('-')) as Ability[],
    lacks: can.filter((each) => each.startsWith('-')).map((each) => each.slice(1)) as Ability[],
    prices: (row.prices ?? []).map(readPeriod),
    source: row.source
      .split(' ')
      .map((key) => sources[key] ?? key)
      .join('; '),
  };
};
