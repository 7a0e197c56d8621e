import { z } from 'zod';
import { describe, freeForm, requiredText, text } from './fields.ts';
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
  default_vertex_config: describe(partialParams.optional(), {
    about:
      'The project, location and credentials of relays to Vertex AI (`/vertex_ai/...`), where no model of it has `use_in_pass_through`.',
  }),
  vector_store_registry: describe(
    z
      .array(
        z.strictObject({
          vector_store_name: text({ about: 'For people.' }),
          vector_store_description: text({ about: 'For people.' }),
          litellm_params: describe(
            partialParams.extend({
              vector_store_id: requiredText({ about: "What clients ask for: the provider's own id of it." }),
              custom_llm_provider: requiredText({ about: 'The provider: `bedrock`, `vertex_ai`, `vertex_ai/search_api`, `azure_ai`, ...' }),
              vector_store_description: text({ about: 'For people.' }),
              vector_store_metadata: freeForm({ about: 'For people.' }),
            }),
            { about: 'Where it is, and the credentials.' },
          ),
        }),
      )
      .optional(),
    { about: 'Vector stores that clients may search by their ids alone.' },
  ),
};
export type StoreEntry = NonNullable<z.output<typeof keptSettings.vector_store_registry>>[number];
export type KeptEntry = NonNullable<z.output<typeof keptSettings.files_settings>>[number];

const prefix = 'keeps/';

/** The name under which the router knows such a provider; no client asks for it as a model. */
export const keptModel = (provider: string): string => prefix + provider;

const storePrefix = `${prefix}vector_stores/`;

/** The name under which the router knows a vector store. */
export const storeModel = (id: string): string => storePrefix + id;

export const isStoreModel = (modelName: string): boolean => modelName.startsWith(storePrefix);

/** The name under which the router knows credentials that are for relays alone. */
export const relayModel = (provider: string): string => `${prefix}relays/${provider}`;

export const isRelayModel = (modelName: string): boolean => modelName.startsWith(`${prefix}relays/`);

export const isKeptModel = (modelName: string): boolean => modelName.startsWith(prefix);
