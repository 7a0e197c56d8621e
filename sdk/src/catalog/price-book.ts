import { namesOf } from './model-names.ts';
import type { ModelRow, PublishedRow } from './model-row.ts';
import { readRow } from './model-row.ts';
import type { Price } from './cost.ts';
import { providerTerms } from './terms.ts';

/** Rows of models, looked up by provider and name. Never changes: a book with other rows is another book. */
export interface PriceBook {
  /** The row of a model of a provider, under any of its names. @param region looked for first, as `region/model` */
  find(provider: string, model: string, region?: string): ModelRow | undefined;
  /** What a call of it costs; undefined where nothing at all is known. */
  price(provider: string, model: string, region?: string): Price | undefined;
  rows(): Iterable<ModelRow>;
  /** Rows that it holds itself, without those that stand beneath. */
  readonly size: number;
}

/** Rows of one provider, as a layer holds them. */
interface Shelf {
  byName: ReadonlyMap<string, ModelRow>;
  /** Longest id first: the more is said, the closer. */
  byPattern: readonly { pattern: RegExp; row: ModelRow }[];
}

/** Where rows are. A shelf is made when it is first asked for. */
export interface Shelves {
  providers(): readonly string[];
  shelf(provider: string): Shelf | undefined;
}

/** The catalog's own texts: a provider is parsed when it is first asked for. */
export const shelvesOfTexts = (models: Readonly<Record<string, string>>, sources: Readonly<Record<string, string>>): Shelves => {
  const made = new Map<string, Shelf>();
  const make = (provider: string, text: string): Shelf => {
    const byName = new Map<string, ModelRow>();
    const byPattern: { pattern: RegExp; row: ModelRow }[] = [];
    for (const published of JSON.parse(`[${text.trim().replaceAll('\n', ',')}]`) as PublishedRow[]) {
      const row = readRow(provider, published, sources);
      for (const name of [published.id, ...(published.also ?? [])]) if (!byName.has(name) || name === published.id) byName.set(name, row);
      if (published.match !== undefined) byPattern.push({ pattern: new RegExp(published.match), row });
    }
    byPattern.sort((a, b) => b.row.id.length - a.row.id.length);
    return { byName, byPattern };
  };
  return {
    providers: () => Object.keys(models),
    shelf: (provider) => {
      const known = made.get(provider);
      if (known || !Object.hasOwn(models, provider)) return known;
      const shelf = make(provider, models[provider]!);
      made.set(provider, shelf);
      return shelf;
    },
  };
};

export const shelvesOfRows = (rows: Iterable<ModelRow>): Shelves => {
  const made = new Map<string, Map<string, ModelRow>>();
  for (const row of rows) {
    let byName = made.get(row.provider);
    if (!byName) made.set(row.provider, (byName = new Map()));
    byName.set(row.id, row);
  }
  const shelves = new Map([...made].map(([provider, byName]) => [provider, { byName, byPattern: [] }]));
  return { providers: () => [...shelves.keys()], shelf: (provider) => shelves.get(provider) };
};

type Names = ReturnType<typeof namesOf>;

const byNames = (shelf: Shelf, names: readonly string[]): ModelRow | undefined => {
  for (const name of names) {
    const row = shelf.byName.get(name);
    if (row) return row;
  }
  return undefined;
};

const inShelf = (shelf: Shelf, model: string, { close, far }: Names): ModelRow | undefined =>
  byNames(shelf, close) ?? shelf.byPattern.find(({ pattern }) => pattern.test(model))?.row ?? byNames(shelf, far);

/**
 * @param shelves rows of this book, looked at first
 * @param beneath a book that is asked where this one has nothing
 */
export const createPriceBook = (shelves: Shelves, beneath?: PriceBook): PriceBook => {
  const own = (provider: string, model: string, names: Names): ModelRow | undefined => {
    const shelf = shelves.shelf(provider);
    return shelf && inShelf(shelf, model, names);
  };
  const find: PriceBook['find'] = (provider, model, region) => {
    const names = namesOf(model);
    const regional = region === undefined ? undefined : shelves.shelf(provider)?.byName.get(`${region}/${model}`);
    const row = regional ?? own(provider, model, names);
    if (row) return row;
    const below = beneath?.find(provider, model, region);
    if (below) return below;
    // Vendors whose models it sells at their prices. Names there are bare: `openai/gpt-4o` of an aggregator is not one.
    for (const other of providerTerms[provider]?.sameAs ?? []) {
      const found = own(other, model, names);
      if (found) return { ...found, provider };
    }
    return undefined;
  };
  return {
    find,
    price: (provider, model, region) => {
      const terms = providerTerms[provider];
      const row = find(provider, model, region);
      if (row) return { row, terms };
      // Where nobody bills, or the provider says what it bills, no row is needed.
      return terms?.free || terms?.reportsCost ? { row: bare(provider, model), terms } : undefined;
    },
    *rows() {
      for (const provider of shelves.providers()) {
        const seen = new Set<ModelRow>();
        for (const row of shelves.shelf(provider)?.byName.values() ?? []) {
          if (seen.has(row)) continue;
          seen.add(row);
          yield row;
        }
      }
      if (!beneath) return;
      for (const row of beneath.rows()) if (!shelves.shelf(row.provider)?.byName.has(row.id)) yield row;
    },
    get size() {
      return shelves.providers().reduce((sum, provider) => sum + new Set(shelves.shelf(provider)?.byName.values() ?? []).size, 0);
    },
  };
};

const bare = (provider: string, id: string): ModelRow => ({
  provider,
  id,
  abilities: [],
  lacks: [],
  prices: [],
  source: providerTerms[provider]!.source,
});
