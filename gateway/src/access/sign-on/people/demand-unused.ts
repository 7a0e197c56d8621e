import { SluiceError } from 'sluice/kit';
import { kinds } from '../../records/kinds.ts';
import type { UserRecord } from '../../records/records.ts';
import type { Stored } from '../../store/stored.ts';
import type { Writing } from '../../store/writing.ts';

/** Who is as good as a proxy admin (`Actor`): nobody's id is one of these names. */
const programs = /^(?:master_key|config|cli|scim|(?:system|import):.*)$/s;

const isTrusted = async (writing: Writing, by: string | undefined): Promise<boolean> =>
  by !== undefined && (programs.test(by) || (await writing.get(kinds.user, by))?.data.user_role === 'proxy_admin');

/**
 * For who is about to be known by their e-mail address alone. Admins of organisations and teams make users of any address,
 * and can invite themselves to be them: what they left there (a password, a session, a key) would then be the person's, with
 * the role that the identity provider gives. So such a user must be fresh, or have been made by who may everything.
 * @throws SluiceError `permission_denied`
 */
export const demandUnused = async (writing: Writing, { id, data, createdBy }: Stored<UserRecord>): Promise<void> => {
  if (await isTrusted(writing, createdBy)) return;
  const isUsed =
    data.password != null ||
    (await writing.first(kinds.session, { is: { user_id: id } })) !== undefined ||
    // Keys that others made for them are for calls of models alone.
    (await writing.find(kinds.key, { is: { user_id: id } })).some((key) => key.createdBy === id);
  if (isUsed)
    throw new SluiceError(
      'permission_denied',
      'Somebody who is no proxy admin has made a user with your e-mail address, who was signed in to since. A proxy admin can say that it is you (sso_user_id), or delete that user.',
      { type: 'auth_error' },
    );
};
