import { providers, type Provider } from 'sluice/kit';
import { chatContract, type ContractOptions } from './chat-contract.ts';

const promptAlone = 'its models are given a prompt, which is text alone';
/** What is given a text has no tools, images or formats. */
const prompts = Object.fromEntries(
  ['a tool call', 'parallel tool calls', 'a tool that must be called', 'one certain tool', 'tool results', 'an image', 'a JSON schema'].map(
    (name) => [name, promptAlone],
  ),
);

/** Why a provider does not do what the others do. */
const gaps: Readonly<Record<string, ContractOptions>> = {
  chatgpt: {
    skip: { 'sampling and length': "a subscription's API takes no limit", 'stop sequences': 'its format has no such parameter' },
  },
  cohere: { skip: { 'one certain tool': 'it can be made to call some tool; for a certain one it is offered no other' } },
  infomaniak: { options: { product_id: '7' } },
  publicai: { skip: { 'an image': 'its models take text alone' } },
  nlp_cloud: { skip: prompts, untold: ['finish', 'usage'] },
  replicate: { skip: { ...prompts, 'stop sequences': 'each model has its own word for them, or none' }, untold: ['finish', 'usage'] },
  sagemaker: { skip: prompts },
  triton: { skip: prompts, untold: ['finish', 'usage'] },
  ragflow: { model: 'chat/3f2a/m' },
  ollama: { skip: { 'a tool that must be called': 'its API has no tool_choice', 'one certain tool': 'its API has no tool_choice' } },
};

/** What decides how a call is written and its answer read; undefined for a provider with rules of its own, which is tried by itself. */
const shapeOf = ({ auth, baseUrl, speaks, quirks, chatOrder, headers, ...more }: Provider): string | undefined => {
  const own = [auth, ...Object.values(speaks), ...Object.values(more)];
  if (own.some((each) => typeof each === 'function' || Object.values(each ?? {}).some((member) => typeof member === 'function')))
    return undefined;
  return JSON.stringify([auth, baseUrl === undefined, speaks, quirks, chatOrder, headers]);
};

/** Those whose tokens are fetched or whose calls are signed: `vendors.test.ts`. */
const elsewhere: ReadonlySet<string> = new Set(['gigachat', 'oci', 'sap', 'watsonx']);

const tried = new Set<string>();

for (const provider of providers.list) {
  // The mock is its own transport; its tests are beside it.
  if (provider.transport || elsewhere.has(provider.id)) continue;
  // Vendors of searches, images, sound and the like; each has its tests beside it.
  if (!(['chat', 'messages', 'responses', 'completions'] as const).some((endpoint) => provider.speaks[endpoint])) continue;
  const shape = shapeOf(provider);
  // One for all that are told apart by names and addresses alone: most rows of the table.
  if (shape !== undefined && tried.has(shape)) continue;
  if (shape !== undefined) tried.add(shape);
  chatContract(provider, gaps[provider.id]);
}

/** Models that their provider speaks to in another way than to most. */
const variants: readonly (ContractOptions & { provider: string; model: string })[] = [
  { provider: 'vertex_ai', model: 'claude-sonnet-4-5@20250929', baseUrl: 'http://127.0.0.1:9/v1/projects/p/locations/us-east5' },
  {
    provider: 'vertex_ai',
    model: 'meta/llama-4-scout-17b-16e-instruct-maas',
    baseUrl: 'http://127.0.0.1:9/v1/projects/p/locations/us-east5',
  },
  { provider: 'vertex_ai', model: 'mistral-medium-3', baseUrl: 'http://127.0.0.1:9/v1/projects/p/locations/us-central1' },
  { provider: 'vertex_ai', model: 'openai/77', baseUrl: 'http://127.0.0.1:9/v1/projects/p/locations/us-central1' },
  {
    provider: 'vertex_ai',
    model: 'gemma/gemma-3-12b-it',
    baseUrl: 'http://127.0.0.1:9/v1/projects/p/locations/us-central1/endpoints/7:predict',
  },
  { provider: 'azure_ai', model: 'claude-sonnet-4-5' },
  { provider: 'huggingface', model: 'tgi', baseUrl: 'http://127.0.0.1:9/v1' },
  { provider: 'snowflake', model: 'claude-sonnet-4-6' },
  // An Anthropic client's format goes on to Claude as it is, in another framing.
  { provider: 'bedrock', model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', options: { aws_region_name: 'us-east-1' } },
  // InvokeModel's bodies by family; the rest of them are in `sdk/src/protocols/bedrock-invoke`.
  { provider: 'bedrock', model: 'invoke/us.amazon.nova-pro-v1:0', options: { aws_region_name: 'us-east-1' } },
  { provider: 'bedrock', model: 'invoke/openai.gpt-oss-120b-1:0', options: { aws_region_name: 'us-east-1' } },
  { provider: 'bedrock', model: 'invoke/mistral.mistral-large-2407-v1:0', options: { aws_region_name: 'us-east-1' } },
  {
    provider: 'bedrock',
    model: 'invoke/us.meta.llama3-3-70b-instruct-v1:0',
    options: { aws_region_name: 'us-east-1' },
    skip: { ...prompts, 'stop sequences': 'Llama has no word for them there' },
  },
  { provider: 'bedrock_mantle', model: 'anthropic.claude-opus-4-8' },
];

for (const { provider: id, ...options } of variants) {
  const provider = providers.get(id);
  chatContract(provider.variant?.(options) ?? provider, options);
}
