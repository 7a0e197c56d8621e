import type { Kind } from '../../access/records/kinds.ts';
import type { Limits } from '../../access/records/records.ts';

/** How one kind is written. */
export interface Target<T> {
  readonly kind: Kind<T>;
  /** Members that no two things of the kind may share, with their columns. `true`: it cannot be without. */
  readonly unique?: readonly { readonly member: keyof T & string; readonly column: string; readonly needed?: true }[];
  /** What its spend is counted under; undefined: it has none. */
  readonly spender?: (
    thing: { id: string; data: T; createdAt: number },
    budget: Limits | undefined,
  ) => { subject: string; periodStart: number };
}
