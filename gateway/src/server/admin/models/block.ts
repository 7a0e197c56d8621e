import { kinds } from '../../../access/records/kinds.ts';
import { adminRoute } from '../admin-route.ts';
import { haveLive } from '../settings/have-live.ts';
import { aboutModel, isProxyAdmin, notTheirsToUnblock } from './about-model.ts';
import { refuseFileModel } from './check-model.ts';
import { blockedModel } from './schemas.ts';
import { modelRow } from './shown.ts';

const block = (blocked: boolean) =>
  adminRoute({
    method: 'POST',
    paths: [blocked ? '/model/block' : '/model/unblock'],
    action: 'model.write',
    body: blockedModel,
    summary: blocked
      ? 'Serves a deployment of the database no more, until it is unblocked.'
      : 'Serves a blocked deployment of the database again.',
    about: (context) => aboutModel(context, context.body.model_id),
    handle: async ({ body: { model_id: id }, store, services, actor, principal }) => {
      refuseFileModel(services, id);
      if (!blocked && !isProxyAdmin({ principal })) throw notTheirsToUnblock(id);
      const stored = await store.write(actor, (writing) =>
        writing.update(
          kinds.model,
          id,
          (data) => ((data.blocked ?? false) === blocked ? data : { ...data, blocked }),
          blocked ? 'blocked' : 'unblocked',
        ),
      );
      await haveLive(services);
      return modelRow(stored);
    },
  });

export const blockModel = block(true);
export const unblockModel = block(false);
