import type { PublishedPeriod, PublishedRow } from '../../sdk/src/catalog/model-row.ts';
import type { Catalog } from './join.ts';

const compact = (value: object): object =>
  Object.fromEntries(
    Object.entries(value).filter(([, each]) => each !== undefined && !(Array.isArray(each) && each.length === 0) && each !== ''),
  );

const line = ({ id, also, match, mode, context, maxInput, maxOutput, vector, can, prices, source }: PublishedRow): string =>
  JSON.stringify(compact({ id, also, match, mode, context, maxInput, maxOutput, vector, can, prices: prices?.map(period), source }));

const period = ({ from, hours, price, above, tiers }: PublishedPeriod): object => compact({ from, hours, price, above, tiers });

const ordered = <V>(map: ReadonlyMap<string, V>): [string, V][] => [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/**
 * The module that the SDK loads: a provider a text, a model a line of JSON. Texts, so that a bundler carries them, a
 * compiler does not check half a megabyte of literals, and a provider is parsed when it is first asked for.
 */
export const moduleOf = (catalog: Catalog, sources: Readonly<Record<string, string>>): string => {
  const providers = ordered(catalog).map(([provider, rows]) => {
    const lines = ordered(rows).map(([, row]) => line(row));
    const text = lines.join('\n');
    if (text.includes('`') || text.includes('${')) throw new Error(`a row of ${provider} does not fit into a template`);
    return `  ${/^\w+$/.test(provider) ? provider : `'${provider}'`}: String.raw\`\n${text}\n\`,`;
  });
  const named = Object.entries(sources).map(([key, text]) => `  '${key}': '${text}',`);
  return `// Written by \`npm run catalog\`: change scripts/catalog, not this.\n
/** Where the figures of rows are published; how they were read: docs/decisions/2026-11-22-catalog.md. */
export const sources: Readonly<Record<string, string>> = {
${named.join('\n')}
};

/** Provider -> its models, one line of JSON each (\`PublishedRow\`). */
export const models: Readonly<Record<string, string>> = {
${providers.join('\n')}
};
`;
};
