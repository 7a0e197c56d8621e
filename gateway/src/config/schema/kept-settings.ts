import { z } from 'zod';
import { describe, requiredText } from './fields.ts';
import { partialParams } from './litellm-params.ts';

const entries = (about: string) =>
  describe(
    z.array(partialParams.extend({ custom_llm_provider: requiredText({ about: 'The provider: `openai`, `azure`, ...' }) })).optional(),
    { about },
  );

/** Providers that keep things for clients, where no model of theirs is in `model_list`. */
export const keptSettings = {
  files_settings: entries('Providers for `/v1/files` and `/v1/batches`, with their credentials.'),
  finetune_settings: entries('Providers for `/v1/fine_tuning/jobs`, with their credentials.'),
};
export type KeptEntry = NonNullable<z.output<typeof keptSettings.files_settings>>[number];

const prefix = 'keeps/';

/** The name under which the router knows such a provider; no client asks for it as a model. */
export const keptModel = (provider: string): string => prefix + provider;

export const isKeptModel = (modelName: string): boolean => modelName.startsWith(prefix);
