import { SluiceError } from 'sluice/kit';
import { assignGroups } from '../../../access/keys/access-group-members.ts';
import { demandWithin } from '../../../access/keys/generation-rules.ts';
import { followSuccessor } from '../../../access/keys/replace-key.ts';
import { kinds } from '../../../access/records/kinds.ts';
import type { KeyRecord } from '../../../access/records/records.ts';
import type { Stored } from '../../../access/store/stored.ts';
import type { Writing } from '../../../access/store/writing.ts';
import type { AdminContext } from '../admin-route.ts';
import type { AdminServices } from '../services.ts';
import { changed } from '../patch.ts';
import { checkKey, type KeyWork } from './check.ts';
import { ownedKey, teamOf } from './owners.ts';
import { recordChanges } from './record-changes.ts';
import { demandRotation } from './rotation-wanted.ts';
import type { KeyChange } from './schemas.ts';

export type ChangeWork = KeyWork & Pick<AdminContext, 'demand'>;

/**
 * What a key is after a change, checked as if it were made like this.
 * @param isNext another key takes its place
 * @throws SluiceError `invalid_request`, `permission_denied`
 */
export const changedKey = async (
  context: ChangeWork,
  writing: Writing,
  before: Stored<KeyRecord>,
  fields: KeyChange,
  isNext = false,
): Promise<KeyRecord> => {
  const { services } = context;
  if (before.data.replaced_by != null)
    throw new SluiceError('invalid_request', `This key has a successor: change that one (${before.data.replaced_by}).`, { param: 'key' });
  demandWithin(fields, services.snapshot().keys.upperbounds);
  const { auto_rotate: rotate = before.data.auto_rotate, key_alias: alias = before.data.key_alias } = fields;
  if (fields.auto_rotate || fields.key_alias !== undefined) demandRotation({ auto_rotate: rotate, key_alias: alias }, services);
  const after = changed(before.data, recordChanges(fields, before.data, writing.now));
  if (after.service_account && after.user_id != null)
    throw new SluiceError('invalid_request', 'A service account belongs to no person: leave `user_id` out.', { param: 'user_id' });
  if (!isNext) demandSameSecret(before.data, after, services);
  await demandMove(context, writing, before, after);
  await checkKey(context, writing, before.id, { before, after, setsSpend: fields.spend != null, isNext });
  return after;
};

/** What is kept under the alias cannot be moved: nobody knows the key itself but those who read it there. */
const demandSameSecret = (before: KeyRecord, after: KeyRecord, { writeKey }: Pick<AdminServices, 'writeKey'>): void => {
  if (!writeKey || before.secret_name == null || before.secret_name !== before.key_alias) return;
  if (after.key_alias === before.key_alias) return;
  throw new SluiceError(
    'invalid_request',
    'The key is kept in the secret manager under its alias: give it another one with POST /key/regenerate, which puts the new key there.',
    { param: 'key_alias' },
  );
};

/** Who puts a key into a team must be allowed to make keys there; who takes one out, to block it. */
const demandMove = async (
  { services, demand }: ChangeWork,
  writing: Writing,
  before: Stored<KeyRecord>,
  { team_id: teamId }: KeyRecord,
): Promise<void> => {
  const had = before.data.team_id;
  if ((teamId ?? null) === (had ?? null)) return;
  const snapshot = services.snapshot();
  if (had != null) {
    const { organizationId } = await ownedKey(writing, snapshot, before);
    demand('key.block', { organizationId, teamId: had });
  }
  if (teamId != null) demand('key.create', { organizationId: (await teamOf(writing, snapshot, teamId))?.organization_id, teamId });
};

/** Changes a key, and what must change with it. */
export const changeKey = async (
  context: ChangeWork,
  writing: Writing,
  before: Stored<KeyRecord>,
  fields: KeyChange,
): Promise<Stored<KeyRecord>> => {
  const after = await changedKey(context, writing, before, fields);
  const action = isBlocked(after) === isBlocked(before.data) ? 'updated' : isBlocked(after) ? 'blocked' : 'unblocked';
  const stored = await writing.update(kinds.key, before.id, (data) => (after === before.data ? data : after), action);
  await assignGroups(writing, before.id, before.data, after);
  await followSuccessor(writing, stored);
  return stored;
};

const isBlocked = ({ blocked }: KeyRecord): boolean => blocked === true;
