import type { KeyRecord } from '../records/records.ts';

type Counted = { readonly id: string; readonly data: Pick<KeyRecord, 'counts_as' | 'replaced_by'> };

/**
 * What a key is counted under. A key that takes another one's place is counted as that one was, so that calls under way, what is
 * not written yet and what other gateways count need not be moved.
 */
export const countedAs = ({ id, data }: Counted): string => data.counts_as ?? data.replaced_by ?? id;

/** The counter of a key, and of what is told apart of it (`key:ab12…/model:…`). */
export const keySubject = (key: Counted): string => `key:${countedAs(key)}`;

/** Of a secret that was used before, by a key whose place another one has: that one goes on with its counters. */
export const freshCount = (hash: string): string => `${hash}.${crypto.randomUUID().slice(0, 8)}`;

/** The hash of the key that a counter began with. */
export const firstKeyOf = (counted: string): string => counted.split('.', 1)[0]!;
