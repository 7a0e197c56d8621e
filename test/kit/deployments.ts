import type { ChatRecording, SideRecording } from './groups.ts';
import type { Spec } from './specs.ts';

/** An entry of `model_list`, as far as the kit writes it. */
export interface ModelEntry {
  model_name: string;
  litellm_params: {
    model: string;
    api_base: string;
    api_key: string;
    api_version?: string;
    aws_region_name?: string;
    drop_params?: boolean;
    num_retries: number;
  };
  model_info?: { mode: string };
}

/** The gateway's names of vendors that it knows; the rest are OpenAI-compatible addresses. */
const prefixes: Readonly<Record<string, string>> = {
  anthropic: 'anthropic',
  azure: 'azure',
  bedrock: 'bedrock',
  cerebras: 'cerebras',
  chatgpt: 'chatgpt',
  cohere: 'cohere',
  copilot: 'github_copilot',
  deepseek: 'deepseek',
  doubleword: 'doubleword',
  gemini: 'gemini',
  groq: 'groq',
  huggingface: 'huggingface',
  llamacpp: 'llamafile',
  mistral: 'mistral',
  mistralrs: 'openai_like',
  ollama: 'ollama',
  openai: 'openai',
  openrouter: 'openrouter',
  portkey: 'portkey',
  sagemaker: 'sagemaker',
  snowflake: 'snowflake',
  together: 'together_ai',
  venice: 'veniceai',
  vertexai: 'vertex_ai',
  voyage: 'voyage',
  writer: 'writer',
  xai: 'xai',
  zai: 'zai',
};

/** An address that is spoken to in OpenAI's chat format and no other. */
const chatOnly = 'openai_like';

/** Anything goes: the upstream does not look. */
const apiKey = 'sk-replay';
/** Some requests name no model (stored prompts). */
const someModel = 'gpt-4.1';

const prefixOf = ({ recording, place }: ChatRecording | SideRecording): string => {
  // Only by this prefix are foreign clients answered by the old completions.
  if (place.format === 'writer-text') return 'writer/completions';
  if (place.format === 'openai-completions') return recording.provider === 'azure' ? 'azure_text' : 'text-completion-openai';
  // Formats of the models' own at InvokeModel. Of Claude's first one, and of endpoints, only a word in front says it.
  if (place.format === 'bedrock-text') {
    if (recording.model.startsWith('anthropic.')) return 'bedrock/anthropic_text';
    return recording.model.includes(':sagemaker:') ? 'bedrock/openai' : 'bedrock/invoke';
  }
  // Claude on Bedrock, in its owner's format; foreign clients would use Converse.
  if (place.format === 'anthropic-messages') return recording.provider === 'bedrock' ? 'bedrock/invoke' : 'anthropic';
  if (recording.provider === 'bedrock' && place.format.startsWith('openai-')) return 'bedrock_mantle';
  if (recording.provider === 'azure' && place.base.endsWith('/models')) return 'azure_ai';
  // Vendors of another format that have an OpenAI-compatible layer as well.
  if (place.format.startsWith('openai-') && ['anthropic', 'gemini', 'ollama'].includes(recording.provider)) return 'openai';
  return prefixes[recording.provider] ?? 'openai';
};

/** Where the path, up to the format's own end, names the model. */
const modelIn = (base: string): string | undefined => {
  const name = /\/deployments\/([^/]+)/.exec(base)?.[1];
  return name === undefined ? undefined : decodeURIComponent(name);
};

/** An ARN in the path may hold a slash, behind which stands what says the model. */
const modelInvoked = ({ recording, place }: ChatRecording | SideRecording): string | undefined => {
  const pattern = place.format === 'bedrock-text' ? /\/model\/(.+)\/invoke/ : /\/endpoints\/([^/]+)\/invocations/;
  const name = pattern.exec(recording.url)?.[1];
  return name === undefined ? undefined : decodeURIComponent(name);
};

/** The deployment of a recording: its vendor, its model, and the upstream's route in place of the vendor's address. */
export const entryOf = (chat: ChatRecording | SideRecording, name: string, route: string): ModelEntry => {
  const { recording, place } = chat;
  const prefix = prefixOf(chat);
  const model = modelIn(place.base) ?? modelInvoked(chat) ?? (recording.model || someModel);
  const version = new URLSearchParams(place.query).get('api-version');
  return {
    model_name: name,
    litellm_params: {
      model: `${prefix}/${model}`,
      // Where a recording hides its place, any will do.
      api_base: route + place.base.replace(/\/locations\/(?![a-z0-9-]+(?:\/|$))[^/]+/, '/locations/us-central1'),
      api_key: apiKey,
      num_retries: 0,
      ...(prefix.startsWith('azure') && version !== null && { api_version: version }),
      ...((prefix.startsWith('bedrock') || prefix === 'sagemaker') && { aws_region_name: 'us-east-1' }),
    },
    ...(place.format === 'openai-responses' && { model_info: { mode: 'responses' } }),
  };
};

/** A model of each API that describes itself, to send translated requests to. */
const targets: Readonly<Record<Spec, { model: string; base: string; mode?: string; aws_region_name?: string }>> = {
  openai: { model: 'openai/gpt-4.1', base: '/v1' },
  'openai-responses': { model: 'openai/gpt-4.1', base: '/v1', mode: 'responses' },
  anthropic: { model: 'anthropic/claude-sonnet-4-5', base: '' },
  bedrock: { model: 'bedrock/converse/us.anthropic.claude-sonnet-4-5-20250929-v1:0', base: '', aws_region_name: 'us-east-1' },
  cohere: { model: 'cohere/command-a-03-2025', base: '' },
  gemini: { model: 'gemini/gemini-2.5-flash', base: '/v1beta' },
  mistral: { model: 'mistral/mistral-large-latest', base: '/v1' },
  ollama: { model: 'ollama/llama3.2', base: '' },
  openrouter: { model: 'openrouter/openai/gpt-4.1', base: '/api/v1' },
};

/** @param chat the target must be spoken to in the chat format, whatever the client's */
export const targetEntry = (spec: Spec, chat: boolean, name: string, route: string): ModelEntry => {
  const { model, base, mode, ...place } = targets[spec];
  return {
    model_name: name,
    litellm_params: {
      model: chat ? model.replace(/^openai\//, `${chatOnly}/`) : model,
      api_base: `${route}${base}`,
      api_key: apiKey,
      num_retries: 0,
      drop_params: true,
      ...place,
    },
    ...(mode && { model_info: { mode } }),
  };
};
