import { kinds } from '../../access/records/kinds.ts';
import type { UserRecord } from '../../access/records/records.ts';
import type { Reading } from '../../access/store/reading.ts';
import type { Stored } from '../../access/store/stored.ts';
import type { Writing } from '../../access/store/writing.ts';
import type { InternalUserDefaults } from '../../config/user-settings.ts';

/** How a request names a person. */
export interface NamedPerson {
  readonly user_id?: string | null | undefined;
  readonly user_email?: string | null | undefined;
}

/** The person that is named, if there is one: by id, else by e-mail address. */
export const findPerson = async (
  reading: Reading,
  { user_id: id, user_email: email }: NamedPerson,
): Promise<Stored<UserRecord> | undefined> => {
  const byId = id == null ? undefined : await reading.get(kinds.user, id);
  if (byId || email == null) return byId;
  return reading.first(kinds.user, { is: { email: email.toLowerCase() } });
};

/** The person that is named; made where there is none, as LiteLLM does when somebody is put into a team. */
export const personNamed = async (
  writing: Writing,
  named: NamedPerson,
  defaults: InternalUserDefaults | undefined,
): Promise<Stored<UserRecord>> => {
  const found = await findPerson(writing, named);
  if (found) return found;
  // Two requests that name the same new person make one.
  await writing.tx.lock('people');
  const meanwhile = await findPerson(writing, named);
  if (meanwhile) return meanwhile;
  return writing.insert(kinds.user, named.user_id ?? crypto.randomUUID(), newPerson(named, defaults));
};

const newPerson = ({ user_email: email }: NamedPerson, defaults: InternalUserDefaults | undefined): UserRecord => {
  const { teams: _, available_teams: _available, user_role: role, models = [], ...limits } = defaults ?? {};
  return {
    ...limits,
    ...(email != null && { user_email: email.toLowerCase() }),
    // Whoever may add members may be no admin, and so makes none (FP-34).
    user_role: role === 'internal_user_viewer' ? role : 'internal_user',
    models,
  };
};

/** How many ids one query looks for. */
const chunk = 1000;

/** The e-mail addresses of those who have one, by id. */
export const emailsOf = async (reading: Reading, ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const all = [...new Set(ids)];
  const emails = new Map<string, string>();
  for (let at = 0; at < all.length; at += chunk)
    for (const { id, data } of await reading.getAll(kinds.user, all.slice(at, at + chunk)))
      if (data.user_email) emails.set(id, data.user_email);
  return emails;
};
