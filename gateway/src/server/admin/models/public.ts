import { SluiceError } from 'sluice/kit';
import { nameOf } from '../../../access/principal.ts';
import { modelGroups } from '../../info/model-info.ts';
import { adminRoute } from '../admin-route.ts';
import { haveLive } from '../settings/have-live.ts';
import { refuseOwned, writeSetting } from '../settings/write-setting.ts';
import { publicGroups } from './schemas.ts';

const path = 'litellm_settings.public_model_groups';

export const makePublic = adminRoute({
  method: 'POST',
  paths: ['/model_group/make_public'],
  action: 'settings.write',
  body: publicGroups,
  summary: 'Says which model names anybody is told of, without a key (GET /public/model_hub). They still need a key to call them.',
  handle: async ({ body: { model_groups: names }, store, services, actor, principal }) => {
    refuseOwned(services, path);
    const { snapshot } = services.live();
    const known = new Set(snapshot.deployments.filter(({ team }) => !team).map(({ modelName }) => modelName));
    const missing = names.find((name) => !known.has(name));
    if (missing !== undefined)
      throw new SluiceError('invalid_request', `There is no model '${missing.slice(0, 200)}'.`, { param: 'model_groups' });
    await writeSetting({ store, services, actor }, path, () => [...new Set(names)]);
    await haveLive(services);
    return {
      message: 'Successfully updated public model groups',
      public_model_groups: services.live().snapshot.publicModelGroups,
      updated_by: nameOf(principal),
    };
  },
});

export const modelHub = adminRoute({
  method: 'GET',
  paths: ['/public/model_hub'],
  action: 'models.see',
  open: true,
  summary: 'Tells anybody of the models that were made public.',
  handle: async ({ services, now }) => {
    const live = services.live();
    return live.snapshot.publicModelGroups
      .filter((name) => live.snapshot.deployments.some(({ modelName, team }) => modelName === name && !team))
      .flatMap((name) => modelGroups(live, name, now).data);
  },
});
