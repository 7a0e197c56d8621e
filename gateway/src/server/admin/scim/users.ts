import { SluiceError } from 'sluice/kit';
import { keyHashOf } from '../../../access/principal.ts';
import { kinds } from '../../../access/records/kinds.ts';
import type { UserRecord } from '../../../access/records/records.ts';
import type { Stored } from '../../../access/store/stored.ts';
import { notFound, type Writing } from '../../../access/store/writing.ts';
import { patched, type PatchOperation } from '../../../access/sign-on/scim/patch.ts';
import { endSessionsOf } from '../../../access/sign-on/session/sessions.ts';
import { newUser } from '../../../access/users/new-user.ts';
import { userDefaults } from '../../../access/users/user-defaults.ts';
import type { AdminContext } from '../admin-route.ts';
import { deleteUser } from '../users/delete.ts';
import { resourceAnswer, type Resource } from './answers.ts';
import { listAnswer } from './list.ts';
import { asResource, listQuery, oneQuery, patchBody, scimUser, selected, type ScimUser } from './schemas.ts';
import { demandVersion, isKnown, locationOf, scimRoute } from './scim-route.ts';
import { nameTaken, userRecordOf, userResources, userRules } from './user-resource.ts';

type Context = Pick<AdminContext, 'store' | 'headers' | 'url' | 'services' | 'actor' | 'params'>;

const shown = async (context: Context, users: readonly Stored<UserRecord>[]): Promise<readonly Resource[]> =>
  userResources(context.store, users, (id) => locationOf(context, 'Users', id));

const shownOne = async (context: Context, user: Stored<UserRecord>): Promise<Resource> => (await shown(context, [user]))[0]!;

const theUser = async ({ store, params }: Context): Promise<Stored<UserRecord>> => {
  const user = await store.get(kinds.user, params['user_id']!);
  if (!user) throw notFound(kinds.user, params['user_id']!);
  return user;
};

const taken = (userName: string): SluiceError =>
  new SluiceError('conflict', `There is already a user with the userName ${JSON.stringify(userName)}.`, { retry: false });

export const listUsers = scimRoute({
  method: 'GET',
  path: '/Users',
  query: listQuery,
  summary: 'Lists users for SCIM.',
  handle: (context) =>
    listAnswer(
      {
        store: context.store,
        kind: kinds.user,
        shown: (rows) => shown(context, rows),
        candidates: (attribute, value) => {
          if (typeof value !== 'string') return undefined;
          if (attribute === 'id') return { is: { id: value } };
          if (attribute === 'username') return { anyOf: [{ is: { email: value.toLowerCase() } }, { is: { id: value } }] };
          return attribute === 'emails' || attribute === 'emails.value' ? { is: { email: value.toLowerCase() } } : undefined;
        },
      },
      context.query,
    ),
});

export const showUser = scimRoute({
  method: 'GET',
  path: '/Users/{user_id:path}',
  query: oneQuery,
  summary: 'Shows a user to SCIM.',
  handle: async (context) => {
    const resource = await shownOne(context, await theUser(context));
    if (isKnown(context.headers, resource.meta.version))
      return new Response(null, { status: 304, headers: { etag: resource.meta.version } });
    return resourceAnswer(resource, selected(resource, context.query));
  },
});

export const createUser = scimRoute({
  method: 'POST',
  path: '/Users',
  body: scimUser,
  summary: 'Makes a user for SCIM.',
  handle: async (context) => {
    const { body, store, services, actor } = context;
    const user = await store.write(actor, async (writing) => {
      await writing.tx.lock('people');
      if (await nameTaken(writing, body.userName, undefined)) throw taken(body.userName);
      const { users } = services.live().snapshot;
      const defaults = await userDefaults(writing, users);
      const record = newUser({}, defaults, users, 'internal_user_viewer');
      return writing.insert(kinds.user, crypto.randomUUID(), userRecordOf(body, record));
    });
    const resource = await shownOne(context, user);
    return resourceAnswer(resource, resource, 201);
  },
});

/** Who is switched off is out at once: sessions end, and keys are refused as long as their user is blocked. */
const save = async (context: Context, writing: Writing, before: Stored<UserRecord>, given: ScimUser): Promise<Stored<UserRecord>> => {
  if (await nameTaken(writing, given.userName, before.id)) throw taken(given.userName);
  const next = userRecordOf(given, before.data);
  if (next.blocked && !before.data.blocked) await endSessionsOf(writing, before.id);
  const action = Boolean(next.blocked) === Boolean(before.data.blocked) ? 'updated' : next.blocked ? 'blocked' : 'unblocked';
  return writing.update(kinds.user, before.id, (was) => (JSON.stringify(was) === JSON.stringify(next) ? was : next), action);
};

const change = async (context: Context, to: (resource: Resource) => ScimUser): Promise<Response> => {
  const id = context.params['user_id']!;
  const user = await context.store.write(context.actor, async (writing) => {
    await writing.tx.lock('people');
    const before = await writing.get(kinds.user, id);
    if (!before) throw notFound(kinds.user, id);
    const [resource] = await userResources(writing, [before], (each) => locationOf(context, 'Users', each));
    demandVersion(context.headers, resource!.meta.version);
    return save(context, writing, before, to(resource!));
  });
  const resource = await shownOne(context, user);
  return resourceAnswer(resource, resource);
};

export const replaceUser = scimRoute({
  method: 'PUT',
  path: '/Users/{user_id:path}',
  body: scimUser,
  summary: 'Says what a user is like, for SCIM.',
  handle: (context) => change(context, () => context.body),
});

export const patchUser = scimRoute({
  method: 'PATCH',
  path: '/Users/{user_id:path}',
  body: patchBody,
  summary: 'Changes a user for SCIM.',
  handle: (context) =>
    change(context, (resource) => asResource(scimUser, patched(resource, operationsOf(context.body.Operations), userRules))),
});

export const operationsOf = (
  operations: readonly { op: PatchOperation['op']; path?: string | null | undefined; value?: unknown }[],
): readonly PatchOperation[] => operations.map(({ op, path, value }) => ({ op, path: path ?? undefined, value }));

export const removeUser = scimRoute({
  method: 'DELETE',
  path: '/Users/{user_id:path}',
  summary: 'Deletes a user with their keys, memberships and sessions, for SCIM.',
  handle: async (context) => {
    const { store, services, actor, headers, principal } = context;
    const user = await theUser(context);
    demandVersion(headers, `W/"${user.version}"`);
    const subjects = await store.write(actor, (writing) => deleteUser(writing, user.id, keyHashOf(principal)));
    for (const subject of subjects) await services.spend.setSpentUsd(subject, 0);
    return new Response(null, { status: 204 });
  },
});
