import type { z } from 'zod';
import { deleteKeys } from '../../../access/keys/delete-keys.ts';
import { keyHashOf } from '../../../access/principal.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { aboutKeys, findKeys, noSuchKey } from './find.ts';
import { deleteBody } from './schemas.ts';

type Context = AdminContext<z.output<typeof deleteBody>>;

const named = ({ keys, key_aliases: aliases }: Context['body']) => ({ keys, aliases });

export const deleteKey = adminRoute({
  method: 'POST',
  paths: ['/key/delete'],
  action: 'key.delete',
  summary: 'Deletes keys: all that are named, or none. They stay in the list of deleted keys.',
  body: deleteBody,
  about: (context: Context) => aboutKeys(context, named(context.body)),
  handle: async ({ store, actor, body, principal }: Context) => {
    const gone = await store.write(actor, async (writing) => {
      const found = await findKeys(writing, named(body));
      const there = found.filter((key) => key !== undefined);
      if (there.length < found.length) throw noSuchKey('keys');
      return deleteKeys(
        writing,
        there.map(({ id }) => id),
        keyHashOf(principal),
      );
    });
    const byAlias = gone.filter(({ data }) => data.key_alias != null && body.key_aliases?.includes(data.key_alias));
    // As they were named, so that a client finds them again.
    return { deleted_keys: [...(body.keys ?? []), ...byAlias.map(({ id }) => id)] };
  },
});
