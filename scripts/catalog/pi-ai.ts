import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PublishedPeriod, PublishedRow } from '../../sdk/src/catalog/model-row.ts';
import type { PublishedRates } from '../../sdk/src/catalog/rates.ts';
import type { Found } from './found.ts';
import { ofPiAi } from './known.ts';

interface Cost {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
}
interface Model {
  id: string;
  type: string;
  reasoning?: boolean;
  input: string[];
  cost: Cost & { tiers?: (Cost & { inputTokensAbove: number })[] };
  contextWindow?: number;
  maxTokens?: number;
  compat?: { supportsStrictMode?: boolean; supportsStrictTools?: boolean };
}

/** Its 0 says free and unknown alike, so it says nothing. */
const ratesOf = ({ input, output, cacheRead, cacheWrite }: Cost): PublishedRates => ({
  ...(input > 0 && { input }),
  ...(output > 0 && { output }),
  ...(cacheRead > 0 && { cacheRead }),
  ...(cacheWrite > 0 && { cacheWrite }),
});

/** A cache whose price is above 0 while what it caches is not: nobody's price. */
const pricesOf = ({ tiers, ...cost }: Model['cost']): PublishedPeriod[] => {
  const price = ratesOf(cost);
  if (price.input === undefined && price.output === undefined) return [];
  const above = Object.fromEntries((tiers ?? []).map(({ inputTokensAbove, ...each }) => [String(inputTokensAbove), ratesOf(each)]));
  return [{ price, ...(Object.keys(above).length > 0 && { above }) }];
};

/** Its registry holds models that call tools, for an agent lives of them. */
const canOf = (model: Model): string =>
  [
    model.type === 'chat' ? 'function_calling tool_choice system_messages native_streaming' : '',
    model.input.includes('image') ? 'vision' : '-vision',
    model.reasoning === undefined ? '' : model.reasoning ? 'reasoning' : '-reasoning',
    model.cost.cacheRead > 0 ? 'prompt_caching' : '',
  ]
    .filter(Boolean)
    .join(' ');

/** All chat and image models of the package, as rows of our providers. @param folder where the package lies */
export const readPiAi = (folder: string): Found[] => {
  const data = join(folder, 'dist', 'providers', 'data');
  const files = new Set(readdirSync(data));
  return Object.entries(ofPiAi).flatMap(([theirs, ours]) => {
    if (!files.has(`${theirs}.json`)) throw new Error(`pi-ai has no provider ${theirs} any more`);
    const apis = JSON.parse(readFileSync(join(data, `${theirs}.json`), 'utf8')) as Record<string, Record<string, Model>>;
    const models = Object.values(apis).flatMap((each) => Object.values(each));
    return models
      .filter(({ type }) => type === 'chat' || type === 'image')
      .flatMap((model) => {
        const prices = pricesOf(model.cost);
        const row: PublishedRow = {
          id: model.id,
          mode: model.type === 'image' ? 'image_generation' : 'chat',
          ...(model.contextWindow !== undefined && { context: model.contextWindow }),
          ...(model.maxTokens !== undefined && { maxOutput: model.maxTokens }),
          can: canOf(model),
          ...(prices.length > 0 && { prices }),
          source: 'pi-ai',
        };
        return ours.map((provider) => ({ provider, row }));
      });
  });
};
