import type { z } from 'zod';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { aboutKeys } from './find.ts';
import { namedBody } from './schemas.ts';
import { updated } from './update.ts';

type Context = AdminContext<z.output<typeof namedBody>>;

const blocking = (path: '/key/block' | '/key/unblock', blocked: boolean, summary: string) =>
  adminRoute({
    method: 'POST',
    paths: [path],
    action: 'key.block',
    summary,
    body: namedBody,
    about: (context: Context) => aboutKeys(context, { keys: [context.body.key] }),
    handle: (context: Context) => updated(context, context.body.key, undefined, { blocked }),
  });

export const blockKey = blocking('/key/block', true, 'Refuses all calls with a key until it is unblocked.');
export const unblockKey = blocking('/key/unblock', false, 'Lets calls with a blocked key through again.');
