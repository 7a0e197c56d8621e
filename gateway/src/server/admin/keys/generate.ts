import { SluiceError } from 'sluice/kit';
import { keySubject } from '../../../access/keys/key-subject.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { setSpent } from '../spender.ts';
import { createKey, preparedFields, type NewKey } from './create.ts';
import { keepSecret } from './keep-secret.ts';
import { teamOf } from './owners.ts';
import { generateBody, type KeyFields } from './schemas.ts';
import { keySpending, shownKey } from './shown.ts';

type Context = AdminContext<KeyFields>;

/** Where the key is to be. A key of a team is the team's business, whoever it is for. */
const place = async ({ store, services }: Context, { team_id: teamId, organization_id: organizationId, user_id: userId }: KeyFields) => {
  if (teamId == null) return [{ organizationId, userId }];
  const team = await teamOf(store, services.snapshot(), teamId);
  return [{ organizationId: team?.organization_id, teamId }];
};

const made = async (context: Context, make: (context: Context) => Promise<NewKey>) => {
  const { services, store } = context;
  const { key, stored, spendUsd, chosen } = await make(context);
  await keepSecret(context, key, stored);
  if (chosen) await services.spend.clear(keySubject(stored));
  if (spendUsd) await setSpent(await keySpending(store, stored), spendUsd, context);
  return { ...(await shownKey(context, stored)), key };
};

export const generateKey = adminRoute({
  method: 'POST',
  paths: ['/key/generate'],
  action: 'key.create',
  summary: 'Makes a virtual key. The answer is the only place where it is seen.',
  body: generateBody,
  about: (context: Context) => place(context, preparedFields(context.body, context)),
  handle: (context: Context) =>
    made(context, ({ store, actor, body }) => store.write(actor, (writing) => createKey(context, writing, body))),
});

export const generateServiceAccountKey = adminRoute({
  method: 'POST',
  paths: ['/key/service-account/generate'],
  action: 'key.create',
  summary: 'Makes a virtual key that belongs to a team and to no person.',
  body: generateBody,
  about: (context: Context) => place(context, context.body),
  handle: (context: Context) => {
    const { store, actor, body } = context;
    if (body.team_id == null)
      throw new SluiceError('invalid_request', 'A service account belongs to a team: give its `team_id`.', { param: 'team_id' });
    if (body.user_id != null)
      throw new SluiceError('invalid_request', 'A service account belongs to no person: leave `user_id` out.', { param: 'user_id' });
    const fields = { ...body, metadata: { service_account_id: body.key_alias ?? crypto.randomUUID(), ...body.metadata } };
    return made(context, () => store.write(actor, (writing) => createKey(context, writing, fields, { serviceAccount: true })));
  },
});
