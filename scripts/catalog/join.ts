import type { PublishedPeriod, PublishedRow } from '../../sdk/src/catalog/model-row.ts';
import type { PublishedRates } from '../../sdk/src/catalog/rates.ts';
import type { Fact } from './facts/fact.ts';
import type { Family } from './facts/families.ts';
import type { Found } from './found.ts';

/** provider -> id -> row */
export type Catalog = Map<string, Map<string, PublishedRow>>;

const rowsOf = (catalog: Catalog, provider: string): Map<string, PublishedRow> => {
  let rows = catalog.get(provider);
  if (!rows) catalog.set(provider, (rows = new Map()));
  return rows;
};

/** The row that a name means: its own, another's exact name, another's pattern. */
const find = (rows: Map<string, PublishedRow>, id: string): PublishedRow | undefined => {
  const own = rows.get(id);
  if (own) return own;
  for (const row of rows.values()) if (row.also?.includes(id)) return row;
  for (const row of rows.values()) if (row.match !== undefined && new RegExp(row.match).test(id)) return row;
  return undefined;
};

const words = (...texts: (string | undefined)[]): string | undefined => {
  const all = new Set(texts.flatMap((text) => text?.split(' ') ?? []).filter(Boolean));
  // What one says it can do and another says it cannot: the one who knows more says it can.
  const kept = [...all].filter((word) => !(word.startsWith('-') && all.has(word.slice(1))));
  return kept.length > 0 ? kept.sort().join(' ') : undefined;
};

const sameBase = (a: PublishedPeriod | undefined, b: PublishedPeriod | undefined): boolean =>
  a !== undefined && b !== undefined && a.price.input === b.price.input && a.price.output === b.price.output;

const sourcesOf = (...keys: string[]): string => [...new Set(keys.flatMap((each) => each.split(' ')))].filter(Boolean).join(' ');

const priced = (known: PublishedRow, row: PublishedRow, same: boolean, newer: boolean): Pick<PublishedRow, 'prices' | 'source'> => {
  const last = known.prices?.at(-1);
  const theirs = row.prices?.at(-1);
  if ((newer && !same) || !last) return { prices: row.prices, source: row.source };
  if (!same || !theirs) return { prices: known.prices, source: known.source };
  const price = newer ? { ...last.price, ...theirs.price } : { ...theirs.price, ...last.price };
  const above = newer ? (theirs.above ?? last.above) : (last.above ?? theirs.above);
  return {
    prices: [...known.prices!.slice(0, -1), { ...last, price, ...(above && { above }) }],
    source: sourcesOf(known.source, row.source),
  };
};

/** Where the second source is the better one: it is newer, and of Bedrock it has each name as AWS has it. */
const moving = (provider: string, id: string): boolean => provider === 'openrouter' || provider === 'bedrock' || id.endsWith('-latest');

/**
 * Adds what the second source knows and the first does not. Prices of the first stand, since it reads vendors' own pages,
 * but not where it knows a name by a pattern only, or where prices move.
 */
export const joinLimits = (catalog: Catalog, found: readonly Found[], differ: (text: string) => void): void => {
  for (const { provider, row } of found) {
    const rows = rowsOf(catalog, provider);
    const known = find(rows, row.id);
    if (!known) {
      rows.set(row.id, row);
      continue;
    }
    const last = known.prices?.at(-1);
    const theirs = row.prices?.at(-1);
    const same = sameBase(last, theirs);
    if (last && theirs && !same && last.hours === undefined)
      differ(`${provider}/${row.id}: ${JSON.stringify(last.price)} here, ${JSON.stringify(theirs.price)} there`);
    const exact = known.id === row.id || known.also?.includes(row.id) === true;
    const newer = theirs !== undefined && (!exact || moving(provider, row.id));
    const joined: PublishedRow = {
      ...known,
      mode: known.mode ?? row.mode,
      context: row.context ?? known.context,
      maxOutput: row.maxOutput ?? known.maxOutput,
      can: words(known.can, row.can),
      ...priced(known, row, same, newer),
    };
    // A name that a pattern or another's list took gets a row of its own, since limits may differ by date.
    if (known.id === row.id) rows.set(row.id, joined);
    else {
      const { also: _also, match: _match, ...own } = joined;
      rows.set(row.id, { ...own, id: row.id });
      if (known.also?.includes(row.id)) rows.set(known.id, { ...known, also: known.also.filter((name) => name !== row.id) });
    }
  }
};

export const addPrices = (catalog: Catalog, found: readonly Found[]): void => {
  for (const { provider, row } of found) {
    const rows = rowsOf(catalog, provider);
    if (!rows.has(row.id)) rows.set(row.id, row);
  }
};

const withPrice = (prices: readonly PublishedPeriod[] | undefined, { price, tiers }: Fact): readonly PublishedPeriod[] | undefined => {
  if (!price && !tiers) return prices;
  const periods = prices?.length ? prices : [{ price: {} }];
  return periods.map((each) => ({
    ...each,
    price: { ...each.price, ...price },
    ...((tiers ?? each.tiers) && { tiers: { ...each.tiers, ...tiers } }),
  }));
};

export const addFacts = (catalog: Catalog, facts: readonly Fact[]): void => {
  for (const fact of facts) {
    const rows = rowsOf(catalog, fact.provider);
    for (const id of fact.ids) {
      // What a fact says of a model is true of all names of it, so its rows are told apart by nothing.
      const targets = [...rows.values()].filter((row) => row.id === id || isDated(row.id, id));
      if (!rows.has(id)) targets.push({ id, source: '' });
      for (const row of targets) {
        const prices = withPrice(row.prices, fact);
        const says = fact.price !== undefined || fact.tiers !== undefined || row.source === '';
        rows.set(row.id, {
          ...row,
          ...(fact.match !== undefined && { match: fact.match }),
          ...(fact.mode !== undefined && { mode: fact.mode }),
          ...(fact.context !== undefined && { context: fact.context }),
          ...(fact.maxOutput !== undefined && { maxOutput: fact.maxOutput }),
          ...(fact.vector !== undefined && { vector: fact.vector }),
          can: words(row.can, fact.can),
          prices,
          source: says ? sourcesOf(row.source, fact.source) : row.source,
        });
      }
    }
  }
};

/** `gpt-4o-2024-08-06` of `gpt-4o`, where that stands as a row of its own. */
const isDated = (name: string, of: string): boolean => name.startsWith(`${of}-`) && /^\d{4}-?\d{2}-?\d{2}$/.test(name.slice(of.length + 1));

/** Open weights that a package lists under the vendor that made them, which does not sell them: others serve them under that name. */
export const dropUnsold = (catalog: Catalog, unsold: readonly { provider: string; models: RegExp }[]): void => {
  for (const { provider, models } of unsold) {
    const rows = catalog.get(provider);
    for (const id of rows?.keys() ?? []) if (models.test(id)) rows!.delete(id);
  }
};

export const addFamilies = (catalog: Catalog, families: readonly Family[]): void => {
  for (const [provider, rows] of catalog)
    for (const row of rows.values())
      for (const { providers, models, can } of families)
        if (providers.test(provider) && models.test(row.id)) {
          const now = rows.get(row.id)!;
          rows.set(row.id, { ...now, mode: now.mode ?? 'chat', can: words(now.can, can) });
        }
};

/** Claude's cache of one hour costs twice the input wherever it is sold (https://platform.claude.com/docs/en/about-claude/pricing, read 2026-11-22). */
const withHour = (rates: PublishedRates): PublishedRates =>
  rates.cacheWrite === undefined || rates.cacheWrite1h !== undefined || rates.input === undefined
    ? rates
    : { ...rates, cacheWrite1h: Number((rates.input * 2).toPrecision(12)) };

const mapRates = (period: PublishedPeriod, change: (rates: PublishedRates) => PublishedRates): PublishedPeriod => ({
  ...period,
  price: change(period.price),
  ...(period.above && { above: Object.fromEntries(Object.entries(period.above).map(([tokens, rates]) => [tokens, change(rates)])) }),
});

/** Models that make sound or pictures only: their output tokens are of that kind, whatever the usage calls them. */
const ofKind =
  (id: string) =>
  (rates: PublishedRates): PublishedRates => {
    if (rates.output === undefined) return rates;
    if (/(?:^|[-/])tts(?:-|$)/.test(id) && rates.outputAudio === undefined) return { ...rates, outputAudio: rates.output };
    if (/image/.test(id) && rates.outputImage === undefined) return { ...rates, outputImage: rates.output };
    return rates;
  };

/** Before Gemini 3, a prompt that was grounded has one price, however many searches it took (https://ai.google.dev/gemini-api/docs/pricing, read 2026-11-22). */
const grounded = ({ webSearch: _each, ...rates }: PublishedRates): PublishedRates => ({ ...rates, searchedRequest: 0.035 });

export const derive = (catalog: Catalog): void => {
  for (const [provider, rows] of catalog)
    for (const row of rows.values()) {
      let prices = row.prices;
      if (/claude/.test(row.id)) prices = prices?.map((period) => mapRates(period, withHour));
      if (/tts|image/.test(row.id)) prices = prices?.map((period) => mapRates(period, ofKind(row.id)));
      if (/^(?:gemini|vertex_ai)$/.test(provider) && /gemini-[12]\.\d-(?:pro|flash)/.test(row.id))
        prices = prices?.map((period) => ({ ...period, price: grounded(period.price) }));
      const mode = row.mode ?? modeOf(row);
      rows.set(row.id, { ...row, ...(mode && { mode }), ...(prices && { prices }) });
    }
};

/** What a model is for, where nobody says: by its name and by what it is billed for. */
const modeOf = ({ id, prices }: PublishedRow): PublishedRow['mode'] => {
  const price = prices?.at(-1)?.price ?? {};
  if (/embed|^voyage-|bge-|e5-/i.test(id)) return 'embedding';
  if (/rerank/i.test(id)) return 'rerank';
  if (/ocr/i.test(id) || price.page !== undefined) return 'ocr';
  if (/whisper|transcribe/i.test(id)) return 'audio_transcription';
  if (/(?:^|[-/])tts(?:-|$)|speech/i.test(id)) return 'audio_speech';
  if (/realtime|voice|sonic|-live/i.test(id)) return 'realtime';
  if (/image|flux|stable-diffusion|sdxl/i.test(id)) return 'image_generation';
  if (/moderation|guard/i.test(id) && !/llama-guard/i.test(id)) return 'moderation';
  if (price.output !== undefined) return 'chat';
  return undefined;
};
