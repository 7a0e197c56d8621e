import type { KeyRecord } from '../records/records.ts';

const isScimRoute = (route: string): boolean => route === '/scim' || route.startsWith('/scim/');

/** Routes of SCIM that a key is for by name. Whoever has such a key makes and deletes users, so only proxy admins give one. */
export const scimRoutesOf = (key: Pick<KeyRecord, 'allowed_routes'> | undefined): readonly string[] =>
  (key?.allowed_routes ?? []).filter(isScimRoute);
