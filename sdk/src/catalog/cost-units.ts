import type { Usage } from '../types/index.ts';
import type { Rates } from './rates.ts';

interface UnitUse {
  what: string;
  count: number;
  /** Picodollars. Undefined: not known. */
  rate: number | undefined;
  /** Billed besides tokens, not instead of them, and at one price for all classes of service. */
  besides?: true;
}

/** `quality/size`, then either, then the price for all. */
const imageRate = (rates: Rates, { imageQuality, imageSize }: NonNullable<Usage['units']>): number | undefined => {
  const by = rates.imagesBy;
  if (!by) return rates.images;
  const both = imageQuality !== undefined && imageSize !== undefined ? by[`${imageQuality}/${imageSize}`] : undefined;
  return (
    both ??
    (imageSize !== undefined ? by[imageSize] : undefined) ??
    (imageQuality !== undefined ? by[imageQuality] : undefined) ??
    rates.images
  );
};

/** What a call used by other measures than tokens, with its price. */
export const units = (usage: Usage, rates: Rates, { searchContextSize = 'low' }: { searchContextSize?: string }): UnitUse[] => {
  const uses: UnitUse[] = [];
  const request = rates.requestsBy?.[searchContextSize] ?? rates.requests;
  if (request !== undefined) uses.push({ what: 'requests', count: 1, rate: request, besides: true });
  const used = usage.units;
  if (!used) return uses;
  if (used.images) uses.push({ what: 'images', count: used.images, rate: imageRate(rates, used) });
  if (used.inputSeconds) uses.push({ what: 'inputSeconds', count: used.inputSeconds, rate: rates.inputSeconds });
  if (used.outputSeconds) {
    const size = used.imageSize;
    const rate = (size === undefined ? undefined : rates.outputSecondsBySize?.[size]) ?? rates.outputSeconds;
    uses.push({ what: 'outputSeconds', count: used.outputSeconds, rate });
  }
  if (used.inputCharacters) uses.push({ what: 'inputCharacters', count: used.inputCharacters, rate: rates.inputCharacters });
  if (used.pages) uses.push({ what: 'pages', count: used.pages, rate: rates.pages });
  if (used.queries) uses.push({ what: 'queries', count: used.queries, rate: rates.queries });
  return uses;
};
