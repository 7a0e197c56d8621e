import type { Live } from './live.ts';

/**
 * The name that a model goes by here, for a client that calls under a provider's own path (`/mistral/v1/ocr`) with the
 * provider's own name of it. Where the configuration has the name itself it means that; else the provider's pattern
 * (`mistral/*`) goes before one that takes anything.
 */
export const nameUnder = (provider: string | undefined, model: string, { router, providerOf }: Live): string => {
  if (provider === undefined) return model;
  const [found] = router.match(model);
  if (found && !found.deployment.name.includes('*')) return model;
  const own = `${provider}/${model}`;
  return router.match(own).some(({ deployment }) => providerOf(deployment.payload) === provider) ? own : model;
};
