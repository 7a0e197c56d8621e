import { SluiceError } from 'sluice/kit';
import type { z } from 'zod';
import { demandNewUser } from '../../../access/grants/user.ts';
import { newUser } from '../../../access/users/new-user.ts';
import { userDefaults } from '../../../access/users/user-defaults.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { permissionOrNothing } from '../fields.ts';
import { createKey } from '../keys/create.ts';
import { keepSecret } from '../keys/keep-secret.ts';
import { generateBody } from '../keys/schemas.ts';
import { shownKey } from '../keys/shown.ts';
import { budgetsOf } from '../budgets/known-budget.ts';
import { filled } from '../patch.ts';
import { setSpent } from '../spender.ts';
import { insertUser, placesToBe } from './insert-user.ts';
import { noKey } from './no-key.ts';
import { keyMembers, newUserBody } from './schemas.ts';
import { shownUser, userSpending } from './shown.ts';

type Context = AdminContext<z.output<typeof newUserBody>>;

export const createUser = adminRoute({
  method: 'POST',
  paths: ['/user/new'],
  action: 'user.create',
  body: newUserBody,
  about: ({ body }: Context) => (body.organizations?.length ? body.organizations.map((organizationId) => ({ organizationId })) : [{}]),
  summary: 'Makes a user, and a key of theirs unless `auto_create_key` is false. The answer is the only place where the key is seen.',
  handle: async (context: Context) => {
    const { store, services, principal, actor } = context;
    const { user, key, teams, organizations, spend } = partsOf(context.body);
    // A key of a person alone is bounded by no organisation (FP-34).
    if (key && key.team_id == null && principal.role !== 'proxy_admin')
      throw new SluiceError(
        'permission_denied',
        'Only proxy admins make personal keys of others: give `auto_create_key` false, or the `team_id` of the key.',
        {
          param: 'auto_create_key',
        },
      );
    const id = context.body.user_id ?? crypto.randomUUID();
    const snapshot = services.snapshot();
    const made = await store.write(actor, async (writing) => {
      const defaults = await userDefaults(writing, snapshot.users);
      const record = newUser(user, defaults, snapshot.users);
      const toMake = {
        id,
        user: record,
        organizations,
        teams: teams ?? (record.user_role === 'proxy_admin' ? [] : (defaults.teams ?? [])),
      };
      demandNewUser(principal, record, await placesToBe(writing, snapshot, toMake), spend > 0);
      const stored = await insertUser(writing, toMake);
      return { stored, key: key && (await createKey(context, writing, { ...key, user_id: id }, { unasked: true })) };
    });
    const shared = (await budgetsOf(store, [made.stored])).get(made.stored.data.budget_id ?? '');
    if (spend > 0) await setSpent(userSpending(made.stored, shared), spend, context);
    if (made.key) await keepSecret(context, made.key.key, made.key.stored, 'the user is there, so make a key with POST /key/generate');
    const shown = await shownUser(context, made.stored);
    const ofKey = made.key ? { ...(await shownKey(context, made.key.stored)), key: made.key.key } : noKey;
    // What both have is the user's; the key has no limits of its own.
    return { ...ofKey, ...shown };
  },
});

/** What a request says of the user, and what of their key. */
const partsOf = (body: Context['body']) => {
  const { user_id: _, auto_create_key, teams, organizations, spend, object_permission, ...rest } = body;
  const ofKey = Object.fromEntries(keyMembers.map((name) => [name, rest[name]]));
  const user = filled({
    ...Object.fromEntries(Object.entries(rest).filter(([name]) => !(keyMembers as readonly string[]).includes(name))),
    object_permission: permissionOrNothing(object_permission),
  });
  const keyless = auto_create_key ? undefined : keyMembers.find((name) => rest[name] != null && rest[name] !== '');
  if (keyless !== undefined)
    throw new SluiceError(
      'invalid_request',
      `'${keyless}' belongs to the key that is made with a user: leave it out, or make one (\`auto_create_key\`).`,
      {
        param: keyless,
      },
    );
  // Whose key is in a team is in it themselves.
  const keyTeam = rest.team_id != null && !teams?.some(({ team_id }) => team_id === rest.team_id) ? [{ team_id: rest.team_id }] : [];
  return {
    user,
    key: auto_create_key ? generateBody.parse(filled(ofKey)) : undefined,
    teams: teams || keyTeam.length > 0 ? [...(teams ?? []), ...keyTeam] : undefined,
    organizations: organizations ?? [],
    spend: spend ?? 0,
  };
};
