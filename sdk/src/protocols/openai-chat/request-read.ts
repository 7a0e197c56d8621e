import { SluiceError, type ChatRequest, type JsonObject, type PathFacts } from '../../types/index.ts';
import {
  asBoolean,
  asObject,
  asString,
  compact,
  maybe,
  wantArray,
  wantBoolean,
  wantNumber,
  wantObject,
  wantString,
} from '../shared/read.ts';
import { readResponseFormat, readWebSearch, writeResponseFormat, writeWebSearch } from './formats.ts';
import { readMessages } from './messages-read.ts';
import { hasMembers, keep, without } from './own.ts';
import { readReasoning } from './reasoning.ts';
import { readToolChoice, readTools } from './tools.ts';

/** Members that are read into the neutral request. */
const neutral: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'tools',
  'functions',
  'tool_choice',
  'function_call',
  'parallel_tool_calls',
  'max_tokens',
  'max_completion_tokens',
  'temperature',
  'top_p',
  'top_k',
  'stop',
  'seed',
  'presence_penalty',
  'frequency_penalty',
  'logit_bias',
  'logprobs',
  'top_logprobs',
  'n',
  'response_format',
  'reasoning_effort',
  'reasoning',
  'thinking',
  'verbosity',
  'modalities',
  'audio',
  'prediction',
  'web_search_options',
  'service_tier',
  'metadata',
  'user',
  'store',
  'prompt_cache_key',
  'stream',
  'stream_options',
]);

/** OpenAI's own members that the neutral request has no word for (https://platform.openai.com/docs/api-reference/chat/create, read 2026-11-21). */
const openaiOnly: ReadonlySet<string> = new Set(['safety_identifier', 'prompt_cache_retention', 'prompt_cache_options', 'moderation']);

const stopList = (value: unknown): string[] | undefined => {
  if (typeof value === 'string') return [value];
  return maybe(wantArray, value, 'stop')?.map((each, at) => wantString(each, `stop[${at}]`));
};

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What of the body's spelling the neutral request does not say: written back as it stood by this protocol alone. */
const spelling = (body: JsonObject, request: ChatRequest): JsonObject => {
  const members: JsonObject = {};
  for (const name of ['reasoning', 'thinking'] as const) if (asObject(body[name])) members[name] = body[name];
  const effort = body['reasoning_effort'] ?? undefined;
  if (effort !== undefined && (hasMembers(members) || effort !== request.reasoning?.effort)) members['reasoning_effort'] = effort;
  const format = request.responseFormat;
  if (format && !sameJson(body['response_format'], writeResponseFormat(format))) members['response_format'] = body['response_format'];
  for (const name of openaiOnly) if (body[name] !== undefined) members[name] = body[name];
  if (typeof body['max_completion_tokens'] === 'number') members['max_completion_tokens'] = body['max_completion_tokens'];
  // Together asks for log probabilities by their number.
  if (typeof body['logprobs'] === 'number') members['logprobs'] = body['logprobs'];
  const search = asObject(body['web_search_options']);
  if (search && !sameJson(search, writeWebSearch(request.webSearch ?? {}))) members['web_search_options'] = search;
  const options = without(asObject(body['stream_options']) ?? {}, 'include_usage');
  if (hasMembers(options)) members['stream_options'] = options;
  return members;
};

/**
 * Reads a body of OpenAI's Chat Completions. Lenient where vendors and clients differ, strict where a wrong type would
 * change the meaning (FP-31).
 * @throws SluiceError `invalid_request`, naming the member
 */
export const readRequest = (body: JsonObject, path?: PathFacts): ChatRequest => {
  const model = path?.model ?? body['model'];
  if (model === undefined || model === null || model === '') {
    throw new SluiceError('invalid_request', "'model' is missing.", { param: 'model' });
  }
  const number = (name: string): number | undefined => maybe(wantNumber, body[name], name);
  const text = (name: string): string | undefined => maybe(wantString, body[name], name);
  const flag = (name: string): boolean | undefined => maybe(wantBoolean, body[name], name);
  const object = (name: string): JsonObject | undefined => maybe(wantObject, body[name], name);

  const request = compact<ChatRequest>({
    model: wantString(model, 'model'),
    messages: readMessages(body['messages']),
    tools: readTools(body),
    toolChoice: readToolChoice(body),
    parallelToolCalls: flag('parallel_tool_calls'),
    maxOutputTokens: number('max_completion_tokens') ?? number('max_tokens'),
    temperature: number('temperature'),
    topP: number('top_p'),
    topK: number('top_k'),
    stop: stopList(body['stop']),
    seed: number('seed'),
    presencePenalty: number('presence_penalty'),
    frequencyPenalty: number('frequency_penalty'),
    logitBias: object('logit_bias'),
    logprobs: typeof body['logprobs'] === 'number' ? body['logprobs'] > 0 : flag('logprobs'),
    topLogprobs: number('top_logprobs'),
    candidateCount: number('n'),
    responseFormat: readResponseFormat(object('response_format')),
    reasoning: readReasoning(body),
    verbosity: text('verbosity'),
    modalities: maybe(wantArray, body['modalities'], 'modalities')?.map((each, at) => wantString(each, `modalities[${at}]`)),
    audio: object('audio'),
    prediction: object('prediction'),
    webSearch: readWebSearch(object('web_search_options')),
    serviceTier: text('service_tier'),
    metadata: object('metadata'),
    // OpenAI's newer name for the same; who has only this one means the user by it.
    user: text('user') ?? asString(body['safety_identifier']),
    store: flag('store'),
    promptCacheKey: text('prompt_cache_key'),
    stream: path?.stream ?? flag('stream') ?? false,
    includeUsage: asBoolean(object('stream_options')?.['include_usage']),
    unknown: {},
  });
  for (const name in body) {
    if (!neutral.has(name) && !openaiOnly.has(name) && body[name] !== undefined) request.unknown[name] = body[name];
  }
  // What has the name but not the shape is some vendor's own, and it is for the provider to judge: `reasoning: true`, a grammar.
  for (const name of ['reasoning', 'thinking'] as const)
    if (body[name] !== null && body[name] !== undefined && !asObject(body[name])) request.unknown[name] = body[name];
  if (asObject(body['response_format']) && !request.responseFormat) request.unknown['response_format'] = body['response_format'];
  return { ...request, ...keep(spelling(body, request)) };
};
