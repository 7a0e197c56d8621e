import { SluiceError } from 'sluice/kit';
import type { z } from 'zod';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { aboutKeys, demandKey, findKeys } from './find.ts';
import { ownedKey } from './owners.ts';
import { infoQuery, keysBody } from './schemas.ts';
import { shownKey, shownKeys } from './shown.ts';

type Info = AdminContext<undefined, z.output<typeof infoQuery>>;

/** The key that is asked for, or the caller's own. */
const asked = ({ query, principal }: Info): string => {
  const key = query.key ?? principal.key?.id;
  if (key === undefined)
    throw new SluiceError('invalid_request', 'Name the key: you did not come with one that is stored.', { param: 'key' });
  return key;
};

export const keyInfo = adminRoute({
  method: 'GET',
  paths: ['/key/info'],
  action: 'key.see',
  summary: 'A key, by itself or its hash; without one, the key that asks.',
  query: infoQuery,
  about: (context: Info) => aboutKeys(context, { keys: [asked(context)] }),
  handle: async (context: Info) => {
    const key = await demandKey(context.store, asked(context));
    return { key: key.id, info: await shownKey(context, key) };
  },
});

type Infos = AdminContext<z.output<typeof keysBody>>;

export const keysInfo = adminRoute({
  method: 'POST',
  paths: ['/v2/key/info'],
  action: 'key.see',
  summary: 'Several keys; without any, the key that asks. Those that may not be seen are left out.',
  body: keysBody,
  about: () => [],
  handle: async (context: Infos) => {
    const { store, services, body, principal, may } = context;
    const named = body.keys?.length ? body.keys : principal.key ? [principal.key.id] : [];
    const found = (await findKeys(store, { keys: named })).filter((key) => key !== undefined);
    const snapshot = services.snapshot();
    const owned = await Promise.all(found.map((key) => ownedKey(store, snapshot, key)));
    const seen = found.filter((_, at) => may('key.see', owned[at]!));
    return { key: seen.map(({ id }) => id), info: await shownKeys(context, seen) };
  },
});
