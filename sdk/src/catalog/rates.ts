import { table } from '../lib/table.ts';

/**
 * What one unit of each measure costs, in picodollars (1e-12 US dollars): a dollar a million tokens is 1,000,000 of them a
 * token, so published prices are whole numbers and counts times prices are exact.
 */
export interface Rates {
  inputTokens?: number;
  outputTokens?: number;
  cacheReadTokens?: number;
  cacheWriteTokens?: number;
  cacheWrite1hTokens?: number;
  inputAudioTokens?: number;
  cacheReadAudioTokens?: number;
  inputImageTokens?: number;
  cacheReadImageTokens?: number;
  inputVideoTokens?: number;
  reasoningTokens?: number;
  outputAudioTokens?: number;
  outputImageTokens?: number;
  inputCharacters?: number;
  inputSeconds?: number;
  outputSeconds?: number;
  /** By size (`1080p`, `1792x1024`), where the price hangs on it. */
  outputSecondsBySize?: Readonly<Record<string, number>>;
  images?: number;
  /** By `quality/size`, or by either alone. */
  imagesBy?: Readonly<Record<string, number>>;
  pages?: number;
  queries?: number;
  requests?: number;
  /** Requests by the size of the search context (`low`, `medium`, `high`). */
  requestsBy?: Readonly<Record<string, number>>;
  webSearches?: number;
  webSearchesBy?: Readonly<Record<string, number>>;
  /** One price for a request that searched at all, however often (Gemini before 3). */
  searchedRequests?: number;
  /** Kind of tool -> price of a use. */
  tools?: Readonly<Record<string, number>>;
}

export type SimpleRate = {
  [K in keyof Rates]-?: NonNullable<Rates[K]> extends number ? K : never;
}[keyof Rates];
export type NamedRate = Exclude<keyof Rates, SimpleRate>;

/** Rates as they are published and kept in the data: US dollars, for a million tokens or characters, else for one. */
export interface PublishedRates {
  input?: number;
  output?: number;
  cacheRead?: number;
  cacheWrite?: number;
  cacheWrite1h?: number;
  inputAudio?: number;
  cacheReadAudio?: number;
  inputImage?: number;
  cacheReadImage?: number;
  inputVideo?: number;
  reasoning?: number;
  outputAudio?: number;
  outputImage?: number;
  character?: number;
  inputSecond?: number;
  outputSecond?: number;
  outputSecondBy?: Readonly<Record<string, number>>;
  image?: number;
  imageBy?: Readonly<Record<string, number>>;
  page?: number;
  query?: number;
  request?: number;
  requestBy?: Readonly<Record<string, number>>;
  webSearch?: number;
  webSearchBy?: Readonly<Record<string, number>>;
  searchedRequest?: number;
  tool?: Readonly<Record<string, number>>;
}

interface Unit<K> {
  rate: K;
  /** Picodollars of one unit for each published dollar. */
  times: number;
}

const perMillion = 1e6;
const perOne = 1e12;

const simple: { readonly [K in keyof PublishedRates as NonNullable<PublishedRates[K]> extends number ? K : never]-?: Unit<SimpleRate> } = {
  input: { rate: 'inputTokens', times: perMillion },
  output: { rate: 'outputTokens', times: perMillion },
  cacheRead: { rate: 'cacheReadTokens', times: perMillion },
  cacheWrite: { rate: 'cacheWriteTokens', times: perMillion },
  cacheWrite1h: { rate: 'cacheWrite1hTokens', times: perMillion },
  inputAudio: { rate: 'inputAudioTokens', times: perMillion },
  cacheReadAudio: { rate: 'cacheReadAudioTokens', times: perMillion },
  inputImage: { rate: 'inputImageTokens', times: perMillion },
  cacheReadImage: { rate: 'cacheReadImageTokens', times: perMillion },
  inputVideo: { rate: 'inputVideoTokens', times: perMillion },
  reasoning: { rate: 'reasoningTokens', times: perMillion },
  outputAudio: { rate: 'outputAudioTokens', times: perMillion },
  outputImage: { rate: 'outputImageTokens', times: perMillion },
  character: { rate: 'inputCharacters', times: perMillion },
  inputSecond: { rate: 'inputSeconds', times: perOne },
  outputSecond: { rate: 'outputSeconds', times: perOne },
  image: { rate: 'images', times: perOne },
  page: { rate: 'pages', times: perOne },
  query: { rate: 'queries', times: perOne },
  request: { rate: 'requests', times: perOne },
  webSearch: { rate: 'webSearches', times: perOne },
  searchedRequest: { rate: 'searchedRequests', times: perOne },
};

const named: { readonly [K in Exclude<keyof PublishedRates, keyof typeof simple>]: NamedRate } = {
  outputSecondBy: 'outputSecondsBySize',
  imageBy: 'imagesBy',
  requestBy: 'requestsBy',
  webSearchBy: 'webSearchesBy',
  tool: 'tools',
};

/** Those that are there, as text: the data's own check uses it too. */
export const publishedNames: readonly string[] = [...Object.keys(simple), ...Object.keys(named)];

/** Dollars as they are published -> picodollars. A published price that is finer than a picodollar a unit is rounded here, once. */
export const readRates = (published: PublishedRates): Rates => {
  const rates: Rates = {};
  for (const [name, { rate, times }] of Object.entries(simple)) {
    const price = published[name as keyof typeof simple];
    if (price !== undefined) rates[rate] = Math.round(price * times);
  }
  for (const [name, rate] of Object.entries(named)) {
    const prices = published[name as keyof typeof named];
    if (prices) rates[rate] = table(Object.fromEntries(Object.entries(prices).map(([key, price]) => [key, Math.round(price * perOne)])));
  }
  return rates;
};
