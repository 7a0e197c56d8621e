import { firstOf, systemEnv, type Env } from '../../lib/env.ts';
import { providers } from '../../providers/index.ts';
import type { Provider } from '../../types/index.ts';
import { knownModels, nameOf } from './known-models.ts';

/** What LiteLLM's `validate_environment` says. */
export interface EnvironmentCheck {
  keysInEnvironment: boolean;
  /** Variables of which one has to be set. */
  missingKeys: readonly string[];
}

const hasKey = ({ auth, keyEnv, keyOptional }: Provider, env: Env): boolean =>
  auth.kind === 'none' || keyOptional === true || keyEnv.length === 0 || firstOf(env, keyEnv) !== undefined;

/** @throws SluiceError `not_found` */
export const checkEnvironment = (model: string, customProvider: string | undefined, env: Env = systemEnv()): EnvironmentCheck => {
  const provider = providers.get(nameOf(model, customProvider).provider);
  const found = hasKey(provider, env);
  return { keysInEnvironment: found, missingKeys: found ? [] : provider.keyEnv };
};

/** Names of known models whose provider has its key in the environment, as `provider/model`, sorted. */
export const modelsWithKeys = async (env: Env = systemEnv()): Promise<string[]> => {
  const usable = new Set(
    providers.list
      .filter((provider) => provider.auth.kind !== 'none' && provider.keyEnv.length > 0 && firstOf(env, provider.keyEnv) !== undefined)
      .map(({ id }) => id),
  );
  const names: string[] = [];
  for (const { provider, id } of (await knownModels()).rows()) if (usable.has(provider)) names.push(`${provider}/${id}`);
  return names.sort();
};

export const providerOf = (model: string, customProvider?: string): { provider: string; model: string } => {
  const { provider, model: rest } = nameOf(model, customProvider);
  return { provider, model: rest };
};
