import { SluiceError } from 'sluice/kit';
import { assignGroups } from '../../../access/keys/access-group-members.ts';
import { callsOnly } from '../../../access/grants/key.ts';
import { demandGeneration, demandWithin, withDefaults, withUpperbounds } from '../../../access/keys/generation-rules.ts';
import { freshCount } from '../../../access/keys/key-subject.ts';
import { hashKey, keyName, makeKey } from '../../../access/keys/secret.ts';
import { kinds } from '../../../access/records/kinds.ts';
import type { KeyRecord } from '../../../access/records/records.ts';
import type { Stored } from '../../../access/store/stored.ts';
import type { Writing } from '../../../access/store/writing.ts';
import { filled } from '../patch.ts';
import { findTeam, teamLock } from '../teams/find-team.ts';
import type { AdminServices } from '../services.ts';
import { checkKey, type KeyWork } from './check.ts';
import { secretNameOf } from './keep-secret.ts';
import { recordChanges } from './record-changes.ts';
import { demandRotation } from './rotation-wanted.ts';
import type { KeyFields } from './schemas.ts';

/** A key that was just made. */
export interface NewKey {
  /** Shown once, to whoever asked for it. */
  readonly key: string;
  readonly stored: Stored<KeyRecord>;
  /** US dollars, where the request says what was spent before: to be set once the transaction is over. */
  readonly spendUsd: number | undefined;
  /** The caller chose it, so there may have been one like it before. */
  readonly chosen: boolean;
}

/** A request with the file's defaults, and with its owner: who asks for a key without saying for whom gets it. */
export const preparedFields = (fields: KeyFields, { principal, services }: Pick<KeyWork, 'principal' | 'services'>): KeyFields => {
  const withFile = withDefaults(fields, services.snapshot().keys.defaults);
  const isOthers = withFile.user_id != null || principal.userId === undefined || principal.role === 'proxy_admin';
  return isOthers ? withFile : { ...withFile, user_id: principal.userId };
};

/** A key for somebody else, of who is no proxy admin, is for calls of models where the request says nothing of it. */
const callsForOthers = (fields: KeyFields, { role, userId }: KeyWork['principal']): KeyFields => {
  const isOthers = role !== 'proxy_admin' && fields.user_id != null && fields.user_id !== userId;
  return isOthers && fields.key_type == null && !fields.allowed_routes?.length ? { ...fields, key_type: callsOnly } : fields;
};

interface Making {
  /** Belongs to a team and to no person. */
  readonly serviceAccount?: boolean;
  /** Made beside something else (a new user), which the rules on requests for keys are not about. */
  readonly unasked?: boolean;
}

/**
 * Makes a key. Whether the caller may make keys in that place is asked before (`key.create`); what it may give this one is
 * asked here.
 * @throws SluiceError `invalid_request`, `permission_denied`
 */
export const createKey = async (context: KeyWork, writing: Writing, fields: KeyFields, making: Making = {}): Promise<NewKey> => {
  const { services, principal } = context;
  const settings = services.snapshot().keys;
  const asked = making.serviceAccount
    ? withDefaults(fields, settings.defaults)
    : callsForOthers(preparedFields(fields, context), principal);
  const place = asked.team_id == null ? undefined : principal.teams.get(asked.team_id);
  if (!making.unasked) demandGeneration(filled(asked), settings, principal, place);
  // A key of a team that goes meanwhile would be there for the next team of that name.
  if (asked.team_id != null) await writing.tx.lock(teamLock(asked.team_id));
  const timed = making.unasked ? asked : await withMembersDuration(context, writing, fields, asked);
  const bounded = withUpperbounds(filled(timed) as KeyFields, settings.upperbounds);
  demandWithin(filled(bounded), settings.upperbounds);
  demandRotation(bounded, services);
  const { key: chosen, ...rest } = bounded;
  const key = chosen ?? makeKey();
  if (chosen != null) demandOwnKey(chosen, services);
  const hash = hashKey(key);
  const changes = filled(recordChanges(rest, undefined, writing.now));
  const after: KeyRecord = {
    models: [],
    ...changes,
    key_name: keyName(key),
    ...(chosen != null && (await wasReplaced(writing, hash)) && { counts_as: freshCount(hash) }),
    ...(making.serviceAccount && { service_account: true }),
    ...(services.writeKey && { secret_name: secretNameOf(hash, changes) }),
  };
  await checkKey(context, writing, hash, { after, setsSpend: (rest.spend ?? 0) !== 0 });
  await demandFree(writing, hash);
  const stored = await writing.insert(kinds.key, hash, after);
  await assignGroups(writing, hash, undefined, after);
  return { key, stored, spendUsd: rest.spend ?? undefined, chosen: chosen != null };
};

/** Whether a key with the same secret was there, and the counters that it began may be another key's now. */
const wasReplaced = async (writing: Writing, hash: string): Promise<boolean> =>
  (await writing.get(kinds.deletedKey, hash))?.data.counts_as != null;

/** How long keys of a team's members are good (`team_member_key_duration`), where the request does not say it: before the file's default. */
const withMembersDuration = async (
  context: Pick<KeyWork, 'services'>,
  writing: Writing,
  { duration }: KeyFields,
  asked: KeyFields,
): Promise<KeyFields> => {
  if (duration != null || asked.team_id == null || asked.user_id == null) return asked;
  const ofTeam = (await findTeam({ services: context.services, store: writing }, asked.team_id))?.data.team_member_key_duration;
  return ofTeam == null ? asked : { ...asked, duration: ofTeam };
};

/** @throws SluiceError `invalid_request` where it is the master key */
export const demandOwnKey = (key: string, { live }: Pick<AdminServices, 'live'>): void => {
  if (live().isMasterKey(key)) throw new SluiceError('invalid_request', 'This is the master key: choose another one.', { param: 'key' });
};

/** @throws SluiceError `invalid_request` */
export const demandFree = async (writing: Writing, hash: string): Promise<void> => {
  if (await writing.get(kinds.key, hash))
    throw new SluiceError('invalid_request', 'This key is taken: choose another one, or none.', { param: 'key' });
};
