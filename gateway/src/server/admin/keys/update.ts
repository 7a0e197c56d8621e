import { SluiceError } from 'sluice/kit';
import type { z } from 'zod';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { setSpent } from '../spender.ts';
import { changeKey } from './change.ts';
import { aboutKeys, lockedKey } from './find.ts';
import { updateBody, type KeyChange } from './schemas.ts';
import { keySpending, shownKey, type ShownKey } from './shown.ts';

type Context = AdminContext<z.output<typeof updateBody>>;

/** The key's alias names it where the key does not, and then is no change. */
const named = ({ key, key_alias: alias }: Context['body']) => (key == null ? { aliases: alias == null ? [] : [alias] } : { keys: [key] });

/** Reads it, changes it and shows it, in one transaction. @param key itself or its hash; else `alias` */
export const updated = async (
  context: Omit<AdminContext, 'body' | 'query'>,
  key: string | null | undefined,
  alias: string | null | undefined,
  fields: KeyChange,
): Promise<ShownKey> => {
  const { store, actor } = context;
  const stored = await store.write(actor, async (writing) =>
    changeKey(context as AdminContext, writing, await lockedKey(writing, key, alias), fields),
  );
  await setSpent(await keySpending(store, stored), fields.spend, context);
  return shownKey(context, stored);
};

export const updateKey = adminRoute({
  method: 'POST',
  paths: ['/key/update'],
  action: 'key.update',
  summary: 'Changes a key. What is not named is not touched; null takes a limit away.',
  body: updateBody,
  about: (context: Context) => aboutKeys(context, named(context.body)),
  handle: async (context: Context) => {
    const { key, ...fields } = context.body;
    const { key_alias: alias, ...others } = fields;
    if (key == null && alias == null)
      throw new SluiceError('invalid_request', 'Name the key that is to be changed: `key`, or `key_alias`.', { param: 'key' });
    const shown = await updated(context, key, alias, key == null ? others : fields);
    return { ...shown, key: shown.token };
  },
});
