import type { z } from 'zod';
import { milliseconds } from './milliseconds.ts';
import type { costShape } from './schema/cost-settings.ts';
import type { CostSettings, PriceMapSettings } from './snapshot.ts';

type Given = z.output<z.ZodObject<typeof costShape>>;

/** Prices among `litellm_params`, by the form of their names: `input_cost_per_token`, `cache_read_input_token_cost_priority`, ... */
export const isPriceField = (name: string): boolean => /(?:^|_)cost(?:_|$)/.test(name) || name === 'tiered_pricing';

/** What of a deployment's parameters is a price. */
export const priceFields = (params: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(params).filter(([name, value]) => isPriceField(name) && value !== undefined && value !== null));

const marginOf = (given: NonNullable<Given['cost_margin_config']>[string]): { share: number; fixedUsd: number } =>
  typeof given === 'number' ? { share: given, fixedUsd: 0 } : { share: given.percentage ?? 0, fixedUsd: given.fixed_amount ?? 0 };

/** `litellm_settings` and `sluice_settings.price_map` -> what costs are worked out with. */
export const costSettings = (
  litellm: Given | undefined,
  priceMap: { url?: string; file?: string; refresh_minutes?: number } | undefined,
): CostSettings => ({
  discounts: { ...litellm?.cost_discount_config },
  margins: Object.fromEntries(Object.entries(litellm?.cost_margin_config ?? {}).map(([provider, given]) => [provider, marginOf(given)])),
  ...mapSettings(litellm?.model_cost_map_url, priceMap),
});

const defaultRefreshMinutes = 360;

const mapSettings = (
  litellmUrl: string | undefined,
  given: { url?: string; file?: string; refresh_minutes?: number } | undefined,
): { priceMap?: PriceMapSettings } => {
  const url = given?.url ?? (given?.file === undefined ? litellmUrl : undefined);
  if (url === undefined && given?.file === undefined) return {};
  const refreshMs = milliseconds((given?.refresh_minutes ?? defaultRefreshMinutes) * 60) ?? 0;
  return { priceMap: { ...(url !== undefined && { url }), ...(given?.file !== undefined && { file: given.file }), refreshMs } };
};
