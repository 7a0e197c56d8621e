import type { JsonObject } from 'sluice/kit';
import type { Charge, PriceLine, SpendEvent } from '../event.ts';
import { storedJson, storedName, storedSubject } from './names.ts';

/**
 * What a row has no column for, as JSON: members of the event under their names, `counts` for the prices of `price_id`,
 * and `charges`: by the start of the period, the counters.
 */
export interface RowDetails extends Partial<Omit<SpendEvent, 'charges' | 'prices'>> {
  readonly counts?: readonly number[];
  /** Where no price stands for many calls: what the provider itself said that it cost. */
  readonly prices?: readonly PriceLine[];
  readonly charges?: Readonly<Record<string, readonly string[]>>;
  /** It was longer than is kept. */
  readonly metadataBytes?: number;
}

/** Clients may write anything there. */
const maxMetadataLength = 8192;

/** A price that is the same for other calls: what a provider says that one call cost is no price. */
export const isPriced = (prices: readonly PriceLine[]): boolean => prices.length > 0 && prices.every(([what]) => what !== 'provider');

export const detailsOf = (event: SpendEvent): string => {
  const { prices, metadata, attempts, usage } = event;
  const priced = prices !== undefined && isPriced(prices);
  return storedJson({
    errorMessage: event.errorMessage,
    attempts: attempts === 1 ? undefined : attempts,
    keyAlias: event.keyAlias,
    teamAlias: event.teamAlias,
    address: event.address,
    ...(metadata && metadataOf(metadata)),
    usage,
    usageEstimated: event.usageEstimated,
    // It is what is charged, where nothing was taken off or put on.
    originalNanodollars: event.originalNanodollars === event.nanodollars ? undefined : event.originalNanodollars,
    discountNanodollars: event.discountNanodollars,
    marginNanodollars: event.marginNanodollars,
    lostNanodollars: event.lostNanodollars,
    counts: priced ? prices.map(([, count]) => count) : undefined,
    prices: priced || !prices?.length ? undefined : prices,
    priceSource: priced ? undefined : event.priceSource,
    charges: packCharges(event),
  } satisfies { [K in keyof RowDetails]: RowDetails[K] | undefined });
};

const metadataOf = (metadata: JsonObject): Pick<RowDetails, 'metadata' | 'metadataBytes'> => {
  const { length } = JSON.stringify(metadata);
  return length > maxMetadataLength ? { metadataBytes: length } : { metadata };
};

/** How counters are written that are called as a column of the row says: `~k` for `key:<key_id>`. `derive.ts` reads them back. */
export const packed = [
  ['~k', 'key:', 'keyId', 'key_id'],
  ['~u', 'user:', 'userId', 'user_id'],
  ['~t', 'team:', 'teamId', 'team_id'],
  ['~o', 'organization:', 'organizationId', 'organization_id'],
  ['~p', 'project:', 'projectId', 'project_id'],
  ['~c', 'customer:', 'customerId', 'customer_id'],
  ['~a', 'agent:', 'agentId', 'agent_id'],
] as const;

const packCharges = (event: SpendEvent): Record<string, readonly string[]> => {
  const all: Record<string, string[]> = {};
  for (const [subject, periodStart] of chargesOf(event)) (all[periodStart] ??= []).push(packSubject(subject, event));
  return all;
};

const packSubject = (subject: string, event: SpendEvent): string => {
  for (const [mark, prefix, member] of packed) {
    if (!subject.startsWith(prefix)) continue;
    const id = event[member];
    // One that is stored shorter is not what the column says.
    if (id === undefined || id === '' || storedName(id) !== id) break;
    const named = prefix + id;
    if (subject === named || subject.startsWith(`${named}/`)) return mark + subject.slice(named.length);
  }
  return subject;
};

/** Counters as they are stored, each once. */
export const chargesOf = ({ charges }: Pick<SpendEvent, 'charges'>): readonly Charge[] => {
  const all: Charge[] = [];
  for (const [subject, periodStart] of charges) {
    const stored = storedSubject(subject);
    if (!all.some(([of, start]) => of === stored && start === periodStart)) all.push([stored, periodStart]);
  }
  return all;
};
