import { table } from '../../lib/table.ts';
import {
  SluiceError,
  type ChatRequest,
  type JsonObject,
  type Message,
  type PathFacts,
  type ToWireContext,
  type WireRequest,
} from '../../types/index.ts';
import { noteCacheMarks } from '../shared/cache-marks.ts';
import { noteForeignMembers } from '../shared/foreign-members.ts';
import { parameterName } from '../shared/parameter-name.ts';
import { asBoolean, compact, maybe, wantArray, wantBoolean, wantNumber, wantObject, wantString } from '../shared/read.ts';

const neutral: ReadonlySet<string> = new Set([
  'model',
  'prompt',
  'max_tokens',
  'temperature',
  'top_p',
  'n',
  'stream',
  'stream_options',
  'logprobs',
  'stop',
  'presence_penalty',
  'frequency_penalty',
  'logit_bias',
  'user',
  'seed',
]);

const refusePrompt = (why: string): SluiceError => new SluiceError('invalid_request', `'prompt' ${why}`, { param: 'prompt' });

/** One text. Several are several calls, and tokens are one model's own: neither can be said in another format. */
const readPrompt = (value: unknown): string => {
  const prompt: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (typeof prompt === 'string') return prompt;
  if (Array.isArray(prompt)) {
    throw refusePrompt(
      prompt.every((each) => typeof each === 'string')
        ? 'holds several prompts, which only a provider of text completions takes: send them one by one.'
        : 'is a list of tokens, which only a provider of text completions takes: send the text.',
    );
  }
  return wantString(prompt, 'prompt');
};

const stopList = (value: unknown): string[] | undefined =>
  typeof value === 'string' ? [value] : maybe(wantArray, value, 'stop')?.map((each, at) => wantString(each, `stop[${at}]`));

/**
 * Reads a body of OpenAI's old text completions (https://platform.openai.com/docs/api-reference/completions, read
 * 2026-11-21) as one message of a user. `suffix`, `echo` and `best_of` go on to the provider as they are: what has no
 * text completions refuses them by name.
 * @throws SluiceError `invalid_request`, naming the member
 */
export const readRequest = (body: JsonObject, path?: PathFacts): ChatRequest => {
  const number = (name: string): number | undefined => maybe(wantNumber, body[name], name);
  const text = readPrompt(body['prompt']);
  const logprobs = number('logprobs');
  const unknown: JsonObject = {};
  for (const [name, value] of Object.entries(body))
    if (!neutral.has(name) && value !== undefined && !isDefault(name, value)) unknown[name] = value;
  return compact<ChatRequest>({
    model: wantString(path?.model ?? body['model'], 'model'),
    messages: [{ role: 'user', content: text === '' ? [] : [{ type: 'text', text }] }],
    maxOutputTokens: number('max_tokens'),
    temperature: number('temperature'),
    topP: number('top_p'),
    candidateCount: number('n'),
    stop: stopList(body['stop']),
    seed: number('seed'),
    presencePenalty: number('presence_penalty'),
    frequencyPenalty: number('frequency_penalty'),
    logitBias: maybe(wantObject, body['logit_bias'], 'logit_bias'),
    logprobs: logprobs === undefined ? undefined : true,
    topLogprobs: logprobs,
    user: maybe(wantString, body['user'], 'user'),
    stream: path?.stream ?? maybe(wantBoolean, body['stream'], 'stream') ?? false,
    includeUsage: asBoolean(maybe(wantObject, body['stream_options'], 'stream_options')?.['include_usage']),
    unknown,
  });
};

const defaults: Readonly<Record<string, unknown>> = table({ suffix: '', echo: false, best_of: 1 });

/** Said as it is anyway, so there is nothing to refuse. */
const isDefault = (name: string, value: unknown): boolean => name in defaults && (value === null || value === defaults[name]);

const speakers: Readonly<Record<Message['role'], string>> = {
  system: 'System',
  developer: 'System',
  user: 'User',
  assistant: 'Assistant',
  tool: 'Tool',
};

/** The words of a message. What is not text has no place in a prompt. */
const wordsOf = (message: Message, context: ToWireContext): string =>
  message.content
    .flatMap((part) => {
      if (part.type === 'text' || part.type === 'refusal') return [part.text];
      if (part.type === 'tool-result') return part.content.flatMap((each) => (each.type === 'text' ? [each.text] : []));
      if (part.type === 'tool-call') return [`${part.name}(${part.arguments})`];
      if (part.type === 'thinking' || part.type === 'opaque') context.drop(part.type, 'a prompt is text alone');
      else context.lacks(part.type, 'a prompt is text alone');
      return [];
    })
    .join('\n');

/** One user's message is the prompt itself; a conversation is written down, and left open where the answer is to be. */
const promptOf = (messages: readonly Message[], context: ToWireContext): string => {
  const [only] = messages;
  if (only && messages.length === 1) return wordsOf(only, context);
  const lines = messages.map((message) => `${speakers[message.role]}: ${wordsOf(message, context)}`);
  return [...lines, `${speakers.assistant}:`].join('\n\n');
};

/** Parameters that text completions have no word for. */
const missing = [
  'tools',
  'responseFormat',
  'reasoning',
  'modalities',
  'audio',
  'prediction',
  'webSearch',
  'verbosity',
  'serviceTier',
  'store',
  'promptCacheKey',
] as const satisfies readonly (keyof ChatRequest)[];

/** @throws SluiceError `unsupported_parameter` for what only chat has */
export const writeRequest = (request: ChatRequest, context: ToWireContext): WireRequest => {
  noteForeignMembers(request, 'openai-completions', context);
  noteCacheMarks(request, context, 'text completions take no such marks');
  if (request.metadata && Object.keys(request.metadata).length > 0)
    context.drop(parameterName('metadata', context.from), 'text completions keep no metadata');
  if (request.messages.some(({ name }) => name !== undefined)) context.drop('name', 'a prompt has roles alone');
  for (const name of missing) {
    const value = request[name];
    if (value === undefined || (name === 'responseFormat' && request.responseFormat?.type === 'text')) continue;
    context.lacks(parameterName(name, context.from), 'text completions have no such thing');
  }
  const body = compact<JsonObject>({
    ...request.unknown,
    model: context.model,
    prompt: promptOf(request.messages, context),
    max_tokens: request.maxOutputTokens,
    temperature: request.temperature,
    top_p: request.topP,
    top_k: request.topK,
    n: request.candidateCount,
    stop: request.stop,
    seed: request.seed,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
    logit_bias: request.logitBias,
    logprobs: request.logprobs ? (request.topLogprobs ?? 0) : undefined,
    user: request.user,
    ...(request.stream && { stream: true, ...(!context.quirks.noStreamOptions && { stream_options: { include_usage: true } }) }),
  });
  const { lacks = [], rename = {} } = context.quirks;
  for (const name of lacks) {
    if (body[name] === undefined || name === 'prompt') continue;
    delete body[name];
    context.lacks(name);
  }
  for (const [name, other] of Object.entries(rename)) {
    if (body[name] === undefined) continue;
    body[other] ??= body[name];
    delete body[name];
  }
  return { body };
};
