import type { PrincipalKind } from '../principal.ts';
import type { UserRole } from '../records/records.ts';

/** Whom something shows its holder to be, by ids, before any of them is looked up. */
export interface Claimant {
  readonly kind: PrincipalKind;
  /** It counts as this virtual key (its hash), whatever else is said. */
  readonly keyId?: string | undefined;
  /** Wins over the stored user's. */
  readonly role?: UserRole | undefined;
  readonly userId?: string | undefined;
  /** In the order of preference. */
  readonly teamIds: readonly string[];
  readonly organizationId?: string | undefined;
  readonly customerId?: string | undefined;
  /** Absent: nothing is said of models. */
  readonly models?: readonly string[] | undefined;
  /** Absent: nothing is said of routes. */
  readonly routes?: readonly string[] | undefined;
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  /** What is named must be stored; else names are taken as they are. */
  readonly mustExist: boolean;
}
