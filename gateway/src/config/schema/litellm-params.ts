import { z } from 'zod';
import { awsShape } from './aws-params.ts';
import { anything, boolean, describe, freeForm, number, requiredText, secret, text, texts, url } from './fields.ts';
import { keptShape } from './kept-params.ts';
import { clientsideParams } from './pass-through.ts';
import { routingShape } from './routing-params.ts';
import { searchShape } from './search-params.ts';
import { vendorShape } from './vendor-params.ts';
import { vertexShape } from './vertex-params.ts';

const seconds = { unit: 'seconds', min: 0 };

/** How a deployment is reached, in LiteLLM's spelling. What is not named here goes to the provider. */
const shape = {
  custom_llm_provider: text({ about: 'The provider, where the prefix of `model` does not say it.' }),
  api_key: secret({ about: "The provider's key. Absent: found in the environment variable that the provider's own clients use." }),
  api_base: url({ about: "The provider's address, where it is not the usual one." }),
  base_url: url({ about: 'The same as `api_base`.' }),
  api_version: text({ about: 'The version of the API (Azure).' }),
  organization: describe(
    z.preprocess((value) => (typeof value === 'number' ? String(value) : value), z.union([z.string(), z.array(z.string())])).optional(),
    { about: 'The organisation of the key (OpenAI). A list makes one deployment of each.' },
    { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
  ),
  litellm_credential_name: text({ about: 'Takes the values of that entry of `credential_list`; those given here win.' }),
  headers: freeForm({ about: 'Headers of every request to the provider.' }),
  extra_headers: freeForm({ about: 'The same as `headers`; wins over it.' }),
  extra_body: freeForm({ about: 'Members set in the body of every request to the provider, as they are.' }),

  tenant_id: text({ about: 'Azure: the tenant to sign in to with Entra. Predibase: whose the deployments are.' }),
  client_id: text({ about: 'Azure: the application that signs in.' }),
  client_secret: secret({ about: "Azure: the application's secret." }),
  azure_ad_token: secret({ about: 'Azure: an Entra token that is ready to use.' }),
  azure_scope: text({ about: 'Azure: what the token of Entra is for, where that is not Cognitive Services.' }),
  account_id: text({
    about: 'Snowflake: the account, as in `myorg-myaccount`, where there is no `api_base`. Cloudflare: the id of the account, likewise.',
  }),
  ...awsShape,
  ...vertexShape,
  ...searchShape,
  ...vendorShape,
  ...keptShape,

  timeout: number({
    ...seconds,
    about: 'How long one try may take: a whole answer must be there by then, and a stream must not be silent longer.',
  }),
  stream_timeout: number({ ...seconds, about: 'The silence allowed in a stream, instead of `timeout`.' }),
  num_retries: number({ min: 0, int: true, about: 'Tries after the first.' }),
  max_retries: number({ min: 0, int: true, about: 'The same as `num_retries`, which wins.' }),
  weight: number({ min: 0, about: 'Relative share of the calls among the deployments of one name.' }),
  rpm: number({
    min: 0,
    about: 'Requests a minute that it can take: its share when no weights are given, and a limit with `enforce_model_rate_limits`.',
  }),
  tpm: number({
    min: 0,
    about: 'Tokens a minute that it can take: its share when neither weights nor `rpm` are given, and a limit likewise.',
  }),
  itpm: number({
    min: 0,
    about:
      'Input tokens a minute that it can take, as the provider counts them beside or instead of `tpm`: a limit likewise, and no share.',
  }),
  otpm: number({
    min: 0,
    about: 'Output tokens a minute, likewise: counted when an answer is over, and until they are used up calls are let in. 0: none.',
  }),
  order: number({ int: true, about: 'Deployments of the lowest order are picked first; those without one come last.' }),
  tags: texts({ about: 'Labels of the deployment, which tags of calls are compared with.' }),
  ...routingShape,

  drop_params: boolean({ about: 'Leave out parameters that the provider lacks, instead of refusing the request.' }),
  additional_drop_params: texts({ about: 'Parameters that are always left out; may be paths such as `tools[*].function.strict`.' }),
  allowed_openai_params: texts({ about: 'OpenAI parameters that go to the provider though it is not known to take them.' }),
  base_model: text({ about: 'The model that it really is, where the name does not say so (Azure).' }),

  use_chat_completions_api: boolean({
    about: 'Use the chat endpoint for clients of the Responses API too: for servers whose own `/responses` is missing or lacking.',
  }),

  use_in_pass_through: boolean({ about: "Its address and key are used by the provider's relays (`/openai/...`), too." }),
  configurable_clientside_auth_params: clientsideParams,

  mock_response: anything({ about: 'Answer with this, and call no provider.' }),
  mock_tool_calls: anything({ about: 'Tool calls of the mock answer.' }),
  mock_timeout: boolean({ about: 'Let the call time out.' }),
  mock_delay: number({ ...seconds, about: 'How long the mock answer takes.' }),

  temperature: number({ about: 'Default for requests that give none.' }),
  top_p: number({ about: 'Default for requests that give none.' }),
  max_tokens: number({ int: true, min: 0, about: 'Default for requests that give none.' }),
  max_completion_tokens: number({ int: true, min: 0, about: 'Default for requests that give none.' }),
  max_output_tokens: number({ int: true, min: 0, about: 'Default for requests that give none.' }),
  presence_penalty: number({ about: 'Default for requests that give none.' }),
  frequency_penalty: number({ about: 'Default for requests that give none.' }),
  n: number({ int: true, min: 1, about: 'Default for requests that give none.' }),
  seed: number({ int: true, about: 'Default for requests that give none.' }),
  dimensions: number({ int: true, min: 1, about: 'Default for embedding requests that give none.' }),
  logprobs: anything({ about: 'Default for requests that give none.' }),
  top_logprobs: number({ int: true, min: 0, about: 'Default for requests that give none.' }),
};

/** Fields above that are the request's own and not ours. */
export const requestFields = [
  'temperature',
  'top_p',
  'max_tokens',
  'max_completion_tokens',
  'max_output_tokens',
  'presence_penalty',
  'frequency_penalty',
  'n',
  'seed',
  'dimensions',
  'logprobs',
  'top_logprobs',
] as const;

export const litellmParams = z.looseObject({
  model: requiredText({
    about: "`provider/model`, or the model's name alone where the catalog knows its provider. `*` is filled from the `*` of `model_name`.",
  }),
  ...shape,
});

/** Without `model`: defaults for all, and the values of a credential. */
export const partialParams = z.looseObject(shape);

export const paramNames: readonly string[] = ['model', ...Object.keys(shape)];
export type PartialParams = z.output<typeof partialParams>;
