import { openaiChat, openaiEmbeddings, upstreamProtocolOf } from '../../protocols/index.ts';
import { chooseEndpoint, chooseSpeaks, providers, targetOf } from '../../providers/index.ts';
import type { Dropped, Target } from '../../types/index.ts';
import { toWireContext } from '../prepare.ts';
import { nameOf } from './known-models.ts';

/** A request with every parameter of OpenAI's chat format that a vendor may lack: what is not dropped is supported. */
const samples: Readonly<Record<string, unknown>> = {
  audio: { voice: 'alloy', format: 'wav' },
  frequency_penalty: 0.5,
  logit_bias: { '50256': -100 },
  logprobs: true,
  max_completion_tokens: 100,
  max_tokens: 100,
  metadata: { key: 'value' },
  modalities: ['text', 'audio'],
  n: 2,
  parallel_tool_calls: false,
  prediction: { type: 'content', content: 'x' },
  presence_penalty: 0.5,
  prompt_cache_key: 'key',
  reasoning_effort: 'low',
  response_format: {
    type: 'json_schema',
    json_schema: { name: 'a', schema: { type: 'object', properties: {}, additionalProperties: false } },
  },
  safety_identifier: 'id',
  seed: 1,
  service_tier: 'auto',
  stop: ['x'],
  store: false,
  stream: true,
  stream_options: { include_usage: true },
  temperature: 0.5,
  tool_choice: 'auto',
  tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } }],
  top_logprobs: 2,
  top_p: 0.5,
  user: 'user',
  verbosity: 'low',
  web_search_options: {},
};

/** Those that are sent only with another. */
const beside: Readonly<Record<string, readonly string[]>> = {
  top_logprobs: ['logprobs'],
  tool_choice: ['tools'],
  parallel_tool_calls: ['tools'],
  stream_options: ['stream'],
  audio: ['modalities'],
};

const supportsParameter = (name: string, target: Target): boolean => {
  const body = { model: target.model, messages: [{ role: 'user', content: 'x' }], [name]: samples[name] };
  for (const other of beside[name] ?? []) Object.assign(body, { [other]: samples[other] });
  const stream = name === 'stream' || name === 'stream_options';
  const { speaks } = chooseSpeaks(target.provider, target.model, openaiChat.id, target.prefer);
  const dropped: Dropped[] = [];
  const call = { format: openaiChat, body, stream, target };
  try {
    upstreamProtocolOf(speaks.protocol).request.toWire(openaiChat.request.fromWire(body), toWireContext(call, true, dropped));
  } catch {
    return false;
  }
  // Without what it belongs to it means nothing.
  const names = [name, ...(beside[name] ?? [])];
  return !dropped.some(({ what }) => names.some((each) => what === each || what.startsWith(`${each}.`) || what.startsWith(`${each}[`)));
};

const embeddingParameters = ['dimensions', 'encoding_format', 'user'];

/** OpenAI's parameters that go on to a target, in whatever words its provider has. */
export const parametersOf = (target: Target, kind: 'chat' | 'embeddings' = 'chat'): string[] => {
  if (kind === 'chat')
    return Object.keys(samples)
      .filter((name) => supportsParameter(name, target))
      .sort();
  const speaks = chooseEndpoint(target.provider, 'embeddings');
  if (!speaks) return [];
  // In a vendor's own format the parameters of OpenAI are those that it has a word for.
  return speaks.protocol === openaiEmbeddings.id ? embeddingParameters : ['dimensions'];
};

/** The same of a model under its public name. @throws SluiceError `not_found` */
export const supportedParameters = (model: string, customProvider?: string, kind?: 'chat' | 'embeddings'): string[] => {
  const named = nameOf(model, customProvider);
  return parametersOf(targetOf({ model: named.model, provider: named.provider, apiKey: 'none' }, { providers, env: {} }), kind);
};
