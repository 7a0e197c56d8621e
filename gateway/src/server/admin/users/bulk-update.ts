import { SluiceError } from 'sluice/kit';
import type { z } from 'zod';
import { kinds } from '../../../access/records/kinds.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { bulkUpdateBody, type UserChange } from './schemas.ts';
import { shownUser } from './shown.ts';
import { changeUser, namedUser } from './update.ts';

type Context = AdminContext<z.output<typeof bulkUpdateBody>>;

interface Result {
  readonly user_id: string | null;
  readonly user_email: string | null;
  readonly success: boolean;
  readonly error: string | null;
  readonly updated_user: unknown;
}

export const bulkUpdateUsers = adminRoute({
  method: 'POST',
  paths: ['/user/bulk_update'],
  action: 'user.update',
  body: bulkUpdateBody,
  about: async ({ store, body }: Context) => {
    if (body.all_users || !body.users?.length) return [{}];
    return Promise.all(body.users.map(async (each) => ({ userId: await namedUser(store, each) })));
  },
  summary: 'Changes up to 500 users, or all of them alike. Each by itself: the answer says which were changed.',
  handle: async (context: Context) => {
    const { users, all_users: all, user_updates: alike } = context.body;
    if (all && !alike)
      throw new SluiceError('invalid_request', '`all_users` needs `user_updates`: what to change.', { param: 'user_updates' });
    if (all && users?.length) throw new SluiceError('invalid_request', 'Give `users` or `all_users`, not both.', { param: 'users' });
    if (!all && alike)
      throw new SluiceError('invalid_request', '`user_updates` is for `all_users`: name users with what to change in `users`.', {
        param: 'user_updates',
      });
    if (!all && !users?.length)
      throw new SluiceError('invalid_request', 'Name users in `users`, or give `all_users` and `user_updates`.', { param: 'users' });
    if (alike?.password != null)
      throw new SluiceError('invalid_request', 'All users cannot have one password.', { param: 'user_updates.password' });
    if (all) await demandFew(context);
    const results: Result[] = [];
    if (all) for await (const user_id of everyUser(context)) results.push(await changeOne(context, { ...alike, user_id }, false));
    else for (const each of users!) results.push(await changeOne(context, each, true));
    const successful = results.filter(({ success }) => success).length;
    return { results, total_requested: results.length, successful_updates: successful, failed_updates: results.length - successful };
  },
});

/** @param show with the user as they are then; not for everybody, as that would be as long as the table */
const changeOne = async (context: Context, change: UserChange, show: boolean): Promise<Result> => {
  const named = { user_id: change.user_id ?? null, user_email: change.user_email ?? null };
  try {
    const user = await changeUser(context, change);
    return { ...named, user_id: user.id, success: true, error: null, updated_user: show ? await shownUser(context, user) : null };
  } catch (cause) {
    if (!SluiceError.is(cause) || cause.code === 'internal') throw cause;
    return { ...named, success: false, error: cause.message, updated_user: null };
  }
};

/** More take longer than one request should. */
const maxAll = 10_000;

const demandFew = async ({ store }: Context): Promise<void> => {
  const users = await store.count(kinds.user);
  if (users > maxAll)
    throw new SluiceError('invalid_request', `There are ${users} users, and one request changes up to ${maxAll}: name them in \`users\`.`, {
      param: 'all_users',
    });
};

const chunk = 500;

/** The ids of all users, as many as there are; read in order of their ids, which nothing here changes. */
async function* everyUser({ store }: Context): AsyncGenerator<string> {
  for (let page = 1; ; page++) {
    const { rows } = await store.page(kinds.user, { page, size: chunk, sortBy: 'id' });
    for (const { id } of rows) yield id;
    if (rows.length < chunk) return;
  }
}
