import { SluiceError } from 'sluice/kit';
import { demandKeyGrant, type KeyGrant } from '../../../access/grants/key.ts';
import { demandAliasFormat } from '../../../access/keys/generation-rules.ts';
import { kinds } from '../../../access/records/kinds.ts';
import type { Writing } from '../../../access/store/writing.ts';
import type { AdminContext } from '../admin-route.ts';
import { demandBudget } from '../budgets/known-budget.ts';
import { demandOwners, ownersOf, type KeyOwners } from './owners.ts';
import { demandThroughput } from './throughput.ts';

/** What making and changing keys needs of a request. */
export type KeyWork = Pick<AdminContext, 'principal' | 'services' | 'relationsTo'>;

/**
 * A key as it is to be stored: its owners are there, its name is free, and whoever asks may give it what it has.
 * @throws SluiceError `invalid_request`, `permission_denied`
 */
export const checkKey = async (
  { principal, services, relationsTo }: KeyWork,
  writing: Writing,
  hash: string,
  { before, after, setsSpend, isNext }: Pick<KeyGrant, 'before' | 'after' | 'setsSpend' | 'isNext'>,
): Promise<KeyOwners> => {
  const snapshot = services.snapshot();
  const owners = await ownersOf(writing, snapshot, after);
  demandOwners(after, owners);
  const organizationId = after.organization_id ?? owners.team?.organization_id;
  const relations = relationsTo({ organizationId, teamId: after.team_id }, before ? 'key.update' : 'key.create');
  const isAdmin = relations.has('proxy_admin') || relations.has('org_admin') || relations.has('team_admin');
  const mayBlock = relationsTo({ organizationId, teamId: after.team_id }, 'key.block').has('team_permission');
  demandKeyGrant({ ...owners, principal, isAdmin, mayBlock, before, after, setsSpend, isNext });
  if (after.budget_id !== before?.data.budget_id) await demandBudget(writing, after.budget_id);
  if (after.key_alias != null && after.key_alias !== before?.data.key_alias) {
    if (snapshot.keys.checkAliasFormat) demandAliasFormat(after.key_alias);
    await demandFreeAlias(writing, after.key_alias, hash);
  }
  await demandThroughput(writing, snapshot, hash, after, owners.team);
  return owners;
};

const demandFreeAlias = async (writing: Writing, alias: string, hash: string): Promise<void> => {
  const other = await writing.first(kinds.key, { is: { alias } });
  if (other && other.id !== hash)
    throw new SluiceError('invalid_request', `There is already a key with the alias ${JSON.stringify(alias)}: aliases are unique.`, {
      param: 'key_alias',
    });
};
