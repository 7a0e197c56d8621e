import { SluiceError, type FallbackTarget } from 'sluice/kit';
import { listsAsMap, type FallbackKind } from '../../../config/stored/fallback-map.ts';
import { placeOfEntry } from '../../../config/stored/join-setting.ts';
import { placeText } from '../../../config/origin.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { haveLive } from './have-live.ts';
import { fallbackQuery, newFallback, type fallbackTypes } from './schemas.ts';
import { refuseOwned, writeSetting } from './write-setting.ts';

type FallbackType = (typeof fallbackTypes)[number];

const kindOf: Readonly<Record<FallbackType, FallbackKind>> = {
  general: 'fallbacks',
  context_window: 'context_window_fallbacks',
  content_policy: 'content_policy_fallbacks',
};
const liveOf = { general: 'general', context_window: 'contextWindow', content_policy: 'contentPolicy' } as const;

const pathOf = (type: FallbackType): string => `router_settings.${kindOf[type]}`;

/** What may be asked for here: names, aliases, ids, and what fits a pattern. */
const demandModels = ({ services }: Pick<AdminContext, 'services'>, models: readonly string[], param: string): void => {
  const { router, snapshot } = services.live();
  const missing = models.find((model) => router.match(model).length === 0 && snapshot.aliases[model] === undefined);
  if (missing !== undefined) throw new SluiceError('not_found', `There is no model '${missing.slice(0, 200)}'.`, { param });
};

export const createFallback = adminRoute({
  method: 'POST',
  paths: ['/fallback'],
  action: 'settings.write',
  body: newFallback,
  summary: 'Says which models take over where one fails.',
  handle: async (context) => {
    const { body, store, services, actor } = context;
    const { model, fallback_models: models, fallback_type: type } = body;
    if (models.includes(model))
      throw new SluiceError('invalid_request', `'${model}' cannot take over from itself.`, { param: 'fallback_models' });
    if (new Set(models).size !== models.length)
      throw new SluiceError('invalid_request', "'fallback_models' names a model twice.", { param: 'fallback_models' });
    demandModels(context, [model], 'model');
    demandModels(context, models, 'fallback_models');
    refuseOwned(services, pathOf(type), model);
    await writeSetting({ store, services, actor }, pathOf(type), (before) => ({ ...listsAsMap(before), [model]: models }));
    await haveLive(services);
    return { model, fallback_models: models, fallback_type: type, message: `Fallback configuration for '${model}' was saved.` };
  },
});

export const getFallback = adminRoute({
  method: 'GET',
  paths: ['/fallback/{model:path}'],
  action: 'router.see',
  query: fallbackQuery,
  summary: 'Shows which models take over where one fails.',
  handle: async ({ params, query: { fallback_type: type }, services }) => {
    const model = params['model']!;
    const { snapshot } = services.live();
    const targets: readonly FallbackTarget[] | undefined = snapshot.router.fallbacks[liveOf[type]]?.[model];
    if (!targets) throw none(model, type);
    const place = placeOfEntry(services.snapshot().origin, pathOf(type), model);
    return {
      model,
      fallback_models: targets.map(({ name }) => name),
      fallback_type: type,
      owner: place ? 'file' : 'database',
      place: place ? placeText(place) : null,
    };
  },
});

export const deleteFallback = adminRoute({
  method: 'DELETE',
  paths: ['/fallback/{model:path}'],
  action: 'settings.write',
  query: fallbackQuery,
  summary: 'Has no model take over where one fails.',
  handle: async ({ params, query: { fallback_type: type }, store, services, actor }) => {
    const model = params['model']!;
    refuseOwned(services, pathOf(type), model);
    await writeSetting({ store, services, actor }, pathOf(type), (before) => {
      const { [model]: gone, ...rest } = listsAsMap(before);
      if (gone === undefined) throw none(model, type);
      return Object.keys(rest).length > 0 ? rest : undefined;
    });
    await haveLive(services);
    return { model, fallback_type: type, message: `Fallback configuration for '${model}' was deleted.` };
  },
});

const none = (model: string, type: FallbackType): SluiceError =>
  new SluiceError('not_found', `No ${type} fallbacks are configured for '${model.slice(0, 200)}'.`, { param: 'model' });
