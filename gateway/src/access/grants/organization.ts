import { SluiceError } from 'sluice/kit';
import type { OrganizationRecord } from '../records/records.ts';
import type { Relation } from '../relations.ts';
import { proxyAdminsMember } from './admins-metadata.ts';

/** What an organisation's own admins may change of it: nothing that says what it may use. */
const open: ReadonlySet<string> = new Set(['organization_alias', 'metadata']);

/**
 * Nobody gives their own organisation more than it has (FP-34).
 * @param setsSpend the request sets what was spent
 * @throws SluiceError `permission_denied`, naming the member
 */
export const demandOrganizationGrant = (
  before: OrganizationRecord,
  after: OrganizationRecord,
  setsSpend: boolean,
  relations: ReadonlySet<Relation>,
): void => {
  if (relations.has('proxy_admin')) return;
  const differs = (name: keyof OrganizationRecord) => JSON.stringify(before[name] ?? null) !== JSON.stringify(after[name] ?? null);
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof OrganizationRecord)[];
  const refused = setsSpend ? 'spend' : names.find((name) => !open.has(name) && differs(name));
  if (refused !== undefined)
    throw new SluiceError('permission_denied', `Only a proxy admin may set ${refused} of an organisation.`, { param: refused });
  const member = proxyAdminsMember(before.metadata, after.metadata);
  if (member)
    throw new SluiceError('permission_denied', `Only a proxy admin may set metadata.${member} of an organisation.`, { param: 'metadata' });
};
