import { SluiceError } from 'sluice/kit';
import type { z } from 'zod';
import { hashKey, makeKey } from '../../../access/keys/secret.ts';
import { replaceKey } from '../../../access/keys/replace-key.ts';
import { keyHashOf } from '../../../access/principal.ts';
import { durationMs } from '../../../config/durations.ts';
import type { Writing } from '../../../access/store/writing.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { setSpent } from '../spender.ts';
import { changedKey } from './change.ts';
import { demandFree, demandOwnKey } from './create.ts';
import { aboutKeys, lockedKey } from './find.ts';
import { keepNextSecret, secretNameOf } from './keep-secret.ts';
import { infoQuery, regenerateBody } from './schemas.ts';
import { keySpending, shownKey } from './shown.ts';

type Context = AdminContext<z.output<typeof regenerateBody>, z.output<typeof infoQuery>>;

/** The key that is to have another secret, wherever the request names it. */
const named = ({ params, body, query, services }: Context): string => {
  const key = params['key'] ?? body?.key ?? query.key;
  if (key == null) throw new SluiceError('invalid_request', 'Name the key that is to have another secret.', { param: 'key' });
  if (services.live().isMasterKey(key))
    throw new SluiceError(
      'invalid_request',
      'The master key comes from the environment or the configuration: change it there (SLUICE_MASTER_KEY) and start the gateway again.',
      { param: 'key' },
    );
  return key;
};

const regenerate = async (context: Context) => {
  const { store, actor, services, principal } = context;
  const { key: _, new_key: chosen, new_master_key: _master, grace_period: grace, ...fields } = context.body ?? {};
  const key = chosen ?? makeKey();
  if (chosen != null) demandOwnKey(chosen, services);
  const hash = hashKey(key);
  /** The key as it is and as it is to be, checked. */
  const checkedIn = async (writing: Writing) => {
    const old = await lockedKey(writing, named(context));
    await demandFree(writing, hash);
    return { old, data: await changedKey(context as AdminContext, writing, old, fields, true) };
  };
  let secretName: string | undefined;
  if (services.writeKey) {
    const { data } = await store.write(actor, checkedIn);
    secretName = secretNameOf(hash, data);
    await keepNextSecret(context, key, secretName);
  }
  // What this gateway has not written yet would stay behind.
  await services.spend.flush();
  const stored = await store.write(actor, async (writing) => {
    const { old, data } = await checkedIn(writing);
    const every = data.auto_rotate ? durationMs(data.rotation_interval ?? '') : undefined;
    return replaceKey(writing, old, {
      key,
      data: {
        ...data,
        ...(secretName !== undefined && { secret_name: secretName }),
        ...(every !== undefined && { rotate_at: writing.now + every }),
      },
      graceMs: grace == null ? 0 : durationMs(grace)!,
      action: 'regenerated',
      deletedWith: keyHashOf(principal),
    });
  });
  await setSpent(await keySpending(store, stored), fields.spend, context);
  return { ...(await shownKey(context, stored)), key };
};

export const regenerateKey = adminRoute({
  method: 'POST',
  paths: ['/key/regenerate', '/key/{key:path}/regenerate'],
  action: 'key.regenerate',
  summary:
    'Gives a key another secret, and changes it where the request says so. The old one is gone, or good until `grace_period` is over.',
  body: regenerateBody,
  query: infoQuery,
  about: (context: Context) => aboutKeys(context, { keys: [named(context)] }),
  handle: regenerate,
});
