import { SluiceError } from 'sluice/kit';
import { demandUserChange } from '../../../access/grants/user.ts';
import { checkPassword } from '../../../access/passwords.ts';
import { kinds } from '../../../access/records/kinds.ts';
import type { UserRecord } from '../../../access/records/records.ts';
import type { Reading } from '../../../access/store/reading.ts';
import type { Stored } from '../../../access/store/stored.ts';
import { notFound, type Writing } from '../../../access/store/writing.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { budgetsOf, demandBudget } from '../budgets/known-budget.ts';
import { permissionOrNothing } from '../fields.ts';
import { changed } from '../patch.ts';
import { findPerson, type NamedPerson } from '../people.ts';
import { setSpent } from '../spender.ts';
import { demandFreeEmail } from './insert-user.ts';
import { updateUserBody, type UserChange } from './schemas.ts';
import { shownUser, userSpending } from './shown.ts';

type Context = AdminContext<UserChange>;

/** The id that a request names, also of a user who does not exist. By e-mail address: undefined where nobody has it. */
export const namedUser = async (reading: Reading, named: NamedPerson): Promise<string | undefined> =>
  named.user_id ?? (await findPerson(reading, named))?.id;

export const updateUser = adminRoute({
  method: 'POST',
  paths: ['/user/update'],
  action: 'user.update',
  body: updateUserBody,
  about: async ({ store, body }: Context) => [{ userId: await namedUser(store, body) }],
  summary: 'Changes a user, named by id or else by e-mail address. What is not named is not touched; null is unlimited.',
  handle: async (context: Context) => {
    const user = await changeUser(context, context.body);
    return { user_id: user.id, data: await shownUser(context, user) };
  },
});

/**
 * Changes one user, whom the caller may change.
 * @throws SluiceError `not_found`, `invalid_request`, `conflict`, and `permission_denied` for members that are not the caller's to change
 */
export const changeUser = async (
  { store, services, principal, actor, now }: Pick<AdminContext, 'store' | 'services' | 'principal' | 'actor' | 'now'>,
  request: UserChange,
): Promise<Stored<UserRecord>> => {
  const { user_id, user_email, spend, password, object_permission, models, user_role, ...fields } = request;
  if (user_id == null && user_email == null)
    throw new SluiceError('invalid_request', 'Name the user, by `user_id` or `user_email`.', { param: 'user_id' });
  const id = await namedUser(store, { user_id, user_email });
  if (id === undefined) throw noSuchUser(user_email!);
  // Without an id, the address says who it is, and is no change.
  const changes = { ...request, user_id: undefined, ...(user_id == null && { user_email: undefined }) };
  demandUserChange(
    principal,
    Object.entries(changes)
      .filter(([, value]) => value !== undefined)
      .map(([name]) => name),
  );
  if (user_role === null)
    throw new SluiceError('invalid_request', "'user_role' must be a role: every user has one.", { param: 'user_role' });
  if (password != null) checkPassword(password, services.snapshot().users.passwordPolicy);
  // Outside the transaction, which must be short and may run twice.
  const hash = password == null ? password : await services.passwords.hash(password);
  const user = await store.write(actor, async (writing) => {
    await demandBudget(writing, fields.budget_id);
    if (user_id != null && user_email != null) {
      await writing.tx.lock('people');
      await demandFreeEmail(writing, user_email, id);
    }
    const after = await writing.update(kinds.user, id, (data) =>
      changed(data, {
        ...fields,
        ...(user_id != null && { user_email }),
        user_role,
        password: hash,
        object_permission: permissionOrNothing(object_permission),
        ...(models !== undefined && { models: models ?? [] }),
      }),
    );
    if (password !== undefined || fields.blocked === true)
      await endSessions(writing, id, principal.userId === id ? principal.sessionId : undefined);
    return after;
  });
  const shared = (await budgetsOf(store, [user])).get(user.data.budget_id ?? '');
  await setSpent(userSpending(user, shared), spend, { services, now });
  return user;
};

/** Whoever knew the password of before is signed out. @param but the one that asks for it */
const endSessions = async (writing: Writing, userId: string, but: string | undefined): Promise<void> => {
  for (const { id } of await writing.find(kinds.session, { is: { user_id: userId } }))
    if (id !== but) await writing.remove(kinds.session, id);
};

const noSuchUser = (email: string): SluiceError => notFound(kinds.user, email);
