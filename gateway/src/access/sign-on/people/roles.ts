import { userRoles, type UserRole } from '../../records/records.ts';
import { textsAt } from '../claim-at.ts';
import type { ResolvedSignOn } from '../settings.ts';
import type { Identity } from './identity.ts';

/** The one that may most, of those that are named. */
const most = (names: readonly string[] | undefined): UserRole | undefined => userRoles.find((role) => names?.includes(role));

/** The role that an identity provider gives. Undefined: it gives none, and whoever is known keeps theirs. */
export const roleOf = (
  identity: Identity,
  settings: Pick<ResolvedSignOn, 'roleMappings' | 'adminId' | 'adminEmail'>,
): UserRole | undefined => {
  const { roleMappings: mappings, adminId, adminEmail } = settings;
  if (adminId !== undefined && identity.subject === adminId) return 'proxy_admin';
  if (adminEmail !== undefined && identity.email === adminEmail && identity.emailVerified === true) return 'proxy_admin';
  if (mappings && (mappings.provider === undefined || mappings.provider === identity.provider)) {
    const groups = new Set(textsAt(identity.claims, mappings.groupClaim));
    const mapped = userRoles.find((role) => mappings.roles[role]?.some((group) => groups.has(group)));
    if (mapped ?? mappings.defaultRole) return mapped ?? mappings.defaultRole;
  }
  return most(identity.roles);
};
