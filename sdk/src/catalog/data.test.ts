import { describe, expect, test } from 'bun:test';
import { models, sources } from './data/models.ts';
import { loadCatalog } from './load.ts';
import { abilities, modes, type PublishedPeriod, type PublishedRow } from './model-row.ts';
import { publishedNames } from './rates.ts';

const rows = Object.entries(models).flatMap(([provider, text]) =>
  text
    .trim()
    .split('\n')
    .map((line) => ({ provider, row: JSON.parse(line) as PublishedRow })),
);

/** Every number in a price, with its path. */
const numbersOf = (value: unknown, path: string): [string, number][] =>
  typeof value === 'number'
    ? [[path, value]]
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, each]) => numbersOf(each, `${path}.${key}`))
      : [];

describe('the catalog', () => {
  test('holds 2,000 models and more, most of them with a price', () => {
    expect(rows.length).toBeGreaterThanOrEqual(2000);
    expect(rows.filter(({ row }) => row.prices?.length).length).toBeGreaterThanOrEqual(2000);
  });

  test('every price is a number that a price can be, under a name that is read', () => {
    for (const { provider, row } of rows)
      for (const period of row.prices ?? []) {
        for (const [path, value] of numbersOf(period, `${provider}/${row.id}`)) {
          // A whole picodollar a unit is the least that is kept: what is smaller would be read as nothing.
          if (!(value >= 0 && value <= 10_000 && (value === 0 || value >= 1e-6))) throw new Error(`${path} is ${value}`);
        }
        const { price, above = {} }: PublishedPeriod = period;
        for (const rates of [price, ...Object.values(above)])
          for (const name of Object.keys(rates)) if (!publishedNames.includes(name)) throw new Error(`${provider}/${row.id}: ${name}`);
        for (const tokens of Object.keys(above)) expect(Number(tokens)).toBeGreaterThan(1000);
      }
  });

  test('what is cached costs no more than what is not', () => {
    // Hosts of open models do publish such prices; vendors of their own do not.
    for (const { provider, row } of rows.filter((each) => /^(?:anthropic|openai|gemini|bedrock|deepseek|xai)$/.test(each.provider)))
      for (const { price } of row.prices ?? [])
        if (price.cacheRead !== undefined && price.input !== undefined && price.cacheRead > price.input)
          throw new Error(`${provider}/${row.id} reads its cache at ${price.cacheRead} and its input at ${price.input}`);
  });

  test('modes, abilities, limits and sources are known ones', () => {
    for (const { provider, row } of rows) {
      const name = `${provider}/${row.id}`;
      if (row.mode !== undefined && !modes.includes(row.mode)) throw new Error(`${name}: mode ${row.mode}`);
      for (const word of row.can?.split(' ') ?? [])
        if (!(abilities as readonly string[]).includes(word.replace(/^-/, ''))) throw new Error(`${name}: ${word}`);
      for (const limit of [row.context, row.maxInput, row.maxOutput, row.vector])
        if (limit !== undefined && !(Number.isSafeInteger(limit) && limit >= 0)) throw new Error(`${name}: ${limit}`);
      for (const key of row.source.split(' ')) if (sources[key] === undefined) throw new Error(`${name} comes from nowhere: ${key}`);
      if (row.match !== undefined) expect(() => new RegExp(row.match!)).not.toThrow();
    }
  });

  test('every source has a date', () => {
    for (const text of Object.values(sources)) expect(text).toMatch(/\d{4}-\d{2}-\d{2}$/);
  });

  test('no row stands twice', () => {
    const seen = new Set<string>();
    for (const { provider, row } of rows) {
      const name = `${provider}/${row.id}`;
      if (seen.has(name)) throw new Error(name);
      seen.add(name);
    }
  });

  test('all of it can be read', async () => {
    const book = await loadCatalog();
    expect([...book.rows()].length).toBe(rows.length);
    expect(book.size).toBe(rows.length);
  });
});
