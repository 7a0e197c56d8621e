import { bedrockBaseName, isBedrockName } from '../../catalog/index.ts';
import type { Provider, Quirks, Speaks } from '../../types/index.ts';
import { invokeHeaders } from './invoke-headers.ts';
import { readName } from './names.ts';

/*
 * InvokeModel's bodies differ by family. Converse takes all models of Bedrock's own, and is what is used; Invoke is for
 * `bedrock/invoke/...` and for imported models, whose names say nothing, by a word in front (`bedrock/llama/arn:...`).
 * Sources, read 2026-11-22: docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html and
 * invoke-imported-model.html, docs.litellm.ai/docs/providers/bedrock and .../bedrock_imported.
 */

export type Family =
  | 'claude-text'
  | 'cohere'
  | 'command-r'
  | 'deepseek'
  | 'imported-qwen'
  | 'imported-r1'
  | 'jurassic'
  | 'llama'
  | 'mistral'
  | 'mistral-chat'
  | 'nova'
  | 'openai'
  | 'titan';

/** What the word in front of a name means. Those of Nova and Claude say what Converse finds out by itself. */
const byWord: Readonly<Record<string, Family | undefined>> = {
  anthropic_text: 'claude-text',
  deepseek_r1: 'imported-r1',
  llama: 'llama',
  mistral: 'mistral',
  moonshot: 'openai',
  openai: 'openai',
  qwen2: 'imported-qwen',
  qwen3: 'imported-qwen',
};

/** In order: the first that matches. */
const byName: readonly (readonly [RegExp, Family])[] = [
  [/^amazon\.titan-(?:text|tg1)/, 'titan'],
  [/^amazon\.nova/, 'nova'],
  [/^meta\./, 'llama'],
  [/^mistral\.(?:mistral-7b|mixtral|mistral-(?:large|small)-2402)/, 'mistral'],
  [/^mistral\./, 'mistral-chat'],
  [/^cohere\.command-r/, 'command-r'],
  [/^cohere\./, 'cohere'],
  [/^ai21\.j2/, 'jurassic'],
  [/^deepseek\.r1/, 'deepseek'],
];

/**
 * The family whose body a model is to be asked in; undefined where it is Converse, or Claude in its own format.
 * @param given the name as the user wrote it
 * @param behind the model that it is said to be
 */
export const familyOf = (given: string, behind: string): Family | undefined => {
  const { model, prefer, format } = readName(given, behind === given ? undefined : behind);
  const word = format === undefined ? undefined : byWord[format];
  if (word !== undefined) return word;
  if (prefer !== 'messages') return undefined;
  const name = bedrockBaseName(model);
  const found = byName.find(([pattern]) => pattern.test(name))?.[1];
  if (found !== undefined || name.startsWith('anthropic.')) return found;
  // Of an ARN that says nothing more Converse knows what it is, but for models that were imported.
  return isBedrockName(model) || model.includes(':imported-model/') ? 'openai' : undefined;
};

const invoke = '/model/{model}/invoke';

const speaks = (protocol: string): Speaks => ({
  protocol,
  path: invoke,
  streamPath: `${invoke}-with-response-stream`,
  errors: 'bedrock-converse',
  dialect: ({ body }) => invokeHeaders(body),
});

/** It does not stream, and whoever asks it for events gets none. */
const jurassic: Speaks = {
  ...speaks('bedrock-jurassic'),
  streamPath: invoke,
  dialect({ body }) {
    const { members, headers } = invokeHeaders(body);
    return { members, headers: { ...headers, accept: 'application/json' } };
  },
};

const families: Readonly<Record<Family, Speaks>> = {
  'claude-text': speaks('bedrock-claude-text'),
  cohere: speaks('bedrock-cohere'),
  'command-r': speaks('bedrock-command-r'),
  deepseek: speaks('bedrock-deepseek'),
  'imported-qwen': speaks('bedrock-imported-qwen'),
  'imported-r1': speaks('bedrock-imported-r1'),
  jurassic,
  llama: speaks('bedrock-llama'),
  mistral: speaks('bedrock-mistral'),
  'mistral-chat': speaks('bedrock-openai'),
  nova: speaks('bedrock-nova'),
  openai: speaks('bedrock-openai'),
  titan: speaks('bedrock-titan'),
};

/** What the models that take OpenAI's body have not of it. */
const openaiQuirks: Quirks = { developerRole: 'system', noStreamOptions: true };

/** Mistral's rules hold wherever its models are (docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-chat-completion.html). */
const mistralQuirks: Quirks = {
  ...openaiQuirks,
  rename: { max_completion_tokens: 'max_tokens', seed: 'random_seed' },
  reasoningField: 'content',
  strictMessages: true,
  toolChoiceRequired: 'any',
};

/** The provider for each family. Embeddings, reranking and the rest are the same. */
export const invokeVariants = (bedrock: Provider): Readonly<Record<Family, Provider>> =>
  Object.fromEntries(
    Object.entries(families).map(([family, chat]) => {
      const { messages: _messages, responses: _responses, ...others } = bedrock.speaks;
      const variant: Provider = {
        ...bedrock,
        speaks: { ...others, chat },
        chatEndpoints: () => ['chat'],
        quirks: family === 'mistral-chat' ? mistralQuirks : openaiQuirks,
      };
      return [family, Object.freeze(variant)];
    }),
  ) as Record<Family, Provider>;
