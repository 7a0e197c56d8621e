import type { JsonObject } from 'sluice/kit';
import type { PriceLine, SpendEvent } from '../event.ts';
import { chargeListOf, type ChargeList } from './charge-list.ts';
import { storedJson } from './names.ts';

/**
 * What a row has no column for, as JSON: members of the event under their names, `counts` for the prices of `price_id`,
 * and `charges`: by the start of the period, the counters.
 */
export interface RowDetails extends Partial<Omit<SpendEvent, 'charges' | 'prices'>> {
  readonly counts?: readonly number[];
  /** Where no price stands for many calls: what the provider itself said that it cost. */
  readonly prices?: readonly PriceLine[];
  readonly charges?: ChargeList['packed'];
  /** It was longer than is kept. */
  readonly metadataBytes?: number;
}

/** Clients may write anything there. */
const maxMetadataLength = 8192;

/** A price that is the same for other calls: what a provider says that one call cost is no price. */
export const isPriced = (prices: readonly PriceLine[]): boolean => prices.length > 0 && prices.every(([what]) => what !== 'provider');

export const detailsOf = (event: SpendEvent): string => {
  const { prices, metadata, usage } = event;
  const details: Writable<RowDetails> = {};
  // Set one by one: most calls have four of them.
  if (event.errorMessage !== undefined) details.errorMessage = event.errorMessage;
  if (event.attempts !== 1) details.attempts = event.attempts;
  if (event.keyAlias !== undefined) details.keyAlias = event.keyAlias;
  if (event.teamAlias !== undefined) details.teamAlias = event.teamAlias;
  if (event.address !== undefined) details.address = event.address;
  if (metadata) Object.assign(details, metadataOf(metadata));
  if (usage) details.usage = usage;
  if (event.usageEstimated) details.usageEstimated = true;
  // It is what is charged, where nothing was taken off or put on.
  if (event.originalNanodollars !== event.nanodollars) details.originalNanodollars = event.originalNanodollars;
  if (event.discountNanodollars !== undefined) details.discountNanodollars = event.discountNanodollars;
  if (event.marginNanodollars !== undefined) details.marginNanodollars = event.marginNanodollars;
  if (event.lostNanodollars !== undefined) details.lostNanodollars = event.lostNanodollars;
  if (prices && isPriced(prices)) details.counts = prices.map(([, count]) => count);
  else {
    if (prices?.length) details.prices = prices;
    if (event.priceSource !== undefined) details.priceSource = event.priceSource;
  }
  details.charges = chargeListOf(event).packed;
  return storedJson(details);
};

type Writable<T> = { -readonly [K in keyof T]: T[K] | undefined };

const metadataOf = (metadata: JsonObject): Pick<RowDetails, 'metadata' | 'metadataBytes'> => {
  const { length } = JSON.stringify(metadata);
  return length > maxMetadataLength ? { metadataBytes: length } : { metadata };
};
