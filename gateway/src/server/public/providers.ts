import { offersOf, providers as builtIn, type JsonObject, type Provider } from 'sluice/kit';
import type { Live } from '../../pipeline/live.ts';

/** Made once for a list of providers: anybody may ask, and as often as they like. */
const once = <T>(make: (live: Live) => T): ((live: Live) => T) => {
  const made = new WeakMap<object, T>();
  return (live) => {
    let found = made.get(live.providers);
    if (found === undefined) made.set(live.providers, (found = make(live)));
    return found;
  };
};

/** The names before the slash of a model, as LiteLLM answers it; with `details=true` what is known of each. */
export const listProviders = (live: Live, query: string): unknown =>
  new URLSearchParams(query).get('details') === 'true' ? details(live) : live.providers.prefixes;

const byId = (a: Provider, b: Provider): number => (a.id < b.id ? -1 : 1);

/** Where an operator's own vendor is, in their network perhaps, is nothing for everybody. */
const publicBase = ({ id, baseUrl }: Provider): string | null => (builtIn.find(id)?.baseUrl === baseUrl ? (baseUrl ?? null) : null);

const detailsOf = (provider: Provider): JsonObject => ({
  provider: provider.id,
  name: provider.label,
  base_url: publicBase(provider),
  key_variables: provider.keyEnv,
  /** How well each is proved: against the vendor's recorded traffic, its specification, or a mock. */
  endpoints: Object.fromEntries(offersOf(provider).map(({ what, evidence }) => [what, evidence])),
  source: provider.source,
});

const details = once(({ providers }) => providers.list.toSorted(byId).map(detailsOf));

/** What a form asks for to add a model of a provider (LiteLLM v1.96.0, `GET /public/providers/fields`). */
export const listProviderFields = once(({ providers }): JsonObject[] =>
  providers.list.toSorted(byId).map((provider) => ({
    provider: provider.id,
    provider_display_name: provider.label,
    litellm_provider: provider.id,
    credential_fields: fieldsOf(provider),
    default_model_placeholder: null,
  })),
);

const fieldsOf = (provider: Provider): JsonObject[] => {
  const { auth, keyEnv, keyOptional, baseUrl, optionsEnv = {} } = provider;
  const fields: JsonObject[] = [];
  const add = (key: string, label: string, more: JsonObject = {}): void =>
    void fields.push({
      key,
      label,
      placeholder: null,
      tooltip: null,
      required: false,
      field_type: 'text',
      options: null,
      default_value: null,
      ...more,
    });
  if (auth.kind !== 'none') add('api_key', 'API key', { field_type: 'password', required: !keyOptional && keyEnv.length > 0 });
  add('api_base', 'API base', { required: baseUrl === undefined && auth.kind !== 'custom', placeholder: publicBase(provider) });
  // What is found in the environment alone is not asked for.
  for (const name of Object.keys(optionsEnv))
    if (!name.startsWith('env_')) add(name, name.replaceAll('_', ' '), secretNames.test(name) ? { field_type: 'password' } : {});
  return fields;
};

const secretNames = /(?:secret|token|password|key|credentials)/;

const labels: readonly (readonly [what: string, label: string, endpoint: string])[] = [
  ['chat', 'Chat completions', '/v1/chat/completions'],
  ['messages', 'Messages', '/v1/messages'],
  ['responses', 'Responses', '/v1/responses'],
  ['completions', 'Completions', '/v1/completions'],
  ['embeddings', 'Embeddings', '/v1/embeddings'],
  ['rerank', 'Rerank', '/v1/rerank'],
  ['image-generation', 'Image generation', '/v1/images/generations'],
  ['image-edit', 'Image edits', '/v1/images/edits'],
  ['image-variation', 'Image variations', '/v1/images/variations'],
  ['transcription', 'Transcriptions', '/v1/audio/transcriptions'],
  ['translation', 'Translations', '/v1/audio/translations'],
  ['speech', 'Speech', '/v1/audio/speech'],
  ['moderation', 'Moderations', '/v1/moderations'],
  ['ocr', 'OCR', '/v1/ocr'],
  ['search', 'Search', '/v1/search'],
  ['video-create', 'Videos', '/v1/videos'],
  ['files', 'Files', '/v1/files'],
  ['batches', 'Batches', '/v1/batches'],
  ['fine_tuning', 'Fine-tuning', '/v1/fine_tuning/jobs'],
  ['vector_stores', 'Vector stores', '/v1/vector_stores'],
];

/** Chat of any format is served in front of every provider that chats in any. */
const chats: ReadonlySet<string> = new Set(['chat', 'messages', 'responses', 'completions']);

/** Who serves what (LiteLLM v1.96.0, `GET /public/endpoints`). */
export const listEndpoints = once(({ providers }): JsonObject => {
  const all = providers.list.map((provider) => ({ provider, offered: new Set<string>(offersOf(provider).map(({ what }) => what)) }));
  return {
    endpoints: labels.map(([key, label, endpoint]) => ({
      key,
      label,
      endpoint,
      providers: all
        .filter(({ offered }) => (chats.has(key) ? [...chats].some((each) => offered.has(each)) : offered.has(key)))
        .map(({ provider }) => ({ slug: provider.id, display_name: provider.label })),
    })),
  };
});
