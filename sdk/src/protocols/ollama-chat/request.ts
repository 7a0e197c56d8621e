import {
  SluiceError,
  type ChatRequest,
  type JsonObject,
  type PathFacts,
  type ResponseFormat,
  type ToWireContext,
  type WireRequest,
} from '../../types/index.ts';
import { asObject, asObjects, compact, isObject, maybe, wantBoolean, wantNumber, wantString } from '../shared/read.ts';
import { noteCacheMarks } from '../shared/cache-marks.ts';
import { noteForeignMembers } from '../shared/foreign-members.ts';
import { parameterName } from '../shared/parameter-name.ts';
import { readMessages } from './messages-from.ts';
import { writeMessages } from './messages-to.ts';
import { ownOptions, readOptions, writeOptions } from './options.ts';
import { readThink, writeThink } from './think.ts';
import { readTools, writeTools } from './tools.ts';

/** Top-level members that only Ollama has. */
const ownMembers: ReadonlySet<string> = new Set(['keep_alive', 'truncate', 'shift']);

/** @throws SluiceError `invalid_request`, naming the member */
export const fromWire = (body: JsonObject, path?: PathFacts): ChatRequest => {
  const { model, messages, tools, format, options, stream, think, logprobs, top_logprobs, ...others } = body;
  const { fields, rest } = readOptions(options);
  const unknown: JsonObject = {};
  const extra: JsonObject = Object.keys(rest).length > 0 ? { options: rest } : {};
  for (const [name, value] of Object.entries(others)) if (value !== null) (ownMembers.has(name) ? extra : unknown)[name] = value;
  const declared = tools === undefined || tools === null ? [] : readTools(tools);
  return compact<ChatRequest>({
    model: path?.model ?? wantString(model, 'model'),
    messages: readMessages(messages),
    ...fields,
    tools: declared.length > 0 ? declared : undefined,
    responseFormat: readFormat(format),
    reasoning: readThink(think),
    logprobs: maybe(wantBoolean, logprobs, 'logprobs'),
    topLogprobs: maybe(wantNumber, top_logprobs, 'top_logprobs'),
    // Unlike other formats, this one streams unless it is told not to.
    stream: path?.stream ?? maybe(wantBoolean, stream, 'stream') ?? true,
    includeUsage: true,
    unknown,
    extra: Object.keys(extra).length > 0 ? { 'ollama-chat': extra } : undefined,
  });
};

/** Whether an answer of another vendor is among the turns, with what that one alone understands (`thinking_blocks`). */
export const mustRewrite = (body: JsonObject): boolean =>
  asObjects(body['messages']).some((message) => message['thinking_blocks'] !== undefined);

const readFormat = (value: unknown): ResponseFormat | undefined => {
  if (value === undefined || value === null || value === '') return undefined;
  if (value === 'json') return { type: 'json' };
  if (isObject(value)) return { type: 'json-schema', schema: value };
  throw new SluiceError('invalid_request', "'format' must be 'json' or a JSON schema.", { param: 'format' });
};

/** @throws SluiceError `unsupported_parameter` */
export const toWire = (request: ChatRequest, context: ToWireContext): WireRequest => {
  const { options: mine, ...own } = request.extra?.['ollama-chat'] ?? {};
  const { options, top } = placeUnknown(request.unknown);
  const { tools, custom } = writeTools(request, context);
  noteLost(request, context);
  const body: JsonObject = compact({
    model: context.model,
    messages: writeMessages(request.messages, context),
    stream: request.stream,
    tools,
    format: writeFormat(request.responseFormat, context),
    options: writeOptions(request, { ...asObject(mine), ...options }),
    think: writeThink(request.reasoning, context),
    logprobs: request.logprobs,
    top_logprobs: request.logprobs ? request.topLogprobs : undefined,
    ...own,
    ...top,
  });
  return { body, ...(custom.length > 0 && { hints: { customTools: custom } }) };
};

const writeFormat = (format: ResponseFormat | undefined, context: ToWireContext): unknown => {
  if (!format || format.type === 'text') return undefined;
  if (format.type === 'json') return 'json';
  if (context.traits.jsonSchema !== false) return format.schema;
  context.lacks(parameterName('responseFormat', context.from), 'the model takes no JSON schema');
  return 'json';
};

/** What clients of other formats give for Ollama: options by name go where they belong. */
const placeUnknown = (unknown: JsonObject): { options: JsonObject; top: JsonObject } => {
  const options: JsonObject = { ...asObject(unknown['options']) };
  const top: JsonObject = {};
  for (const [name, value] of Object.entries(unknown)) {
    if (name === 'options' || value === null) continue;
    (ownOptions.has(name) ? options : top)[name] = value;
  }
  return { options, top };
};

const ignored = ['prediction', 'metadata', 'user', 'store', 'promptCacheKey'] as const;

/** What Ollama has no place for: refused where the answer would differ, else recorded. */
const noteLost = (request: ChatRequest, context: ToWireContext): void => {
  noteForeignMembers(request, 'ollama-chat', context);
  const { from } = context;
  if (request.candidateCount !== undefined && request.candidateCount > 1) context.lacks(parameterName('candidateCount', from));
  if (request.logitBias && Object.keys(request.logitBias).length > 0) context.lacks(parameterName('logitBias', from));
  if (request.verbosity !== undefined && request.verbosity !== 'medium') context.lacks(parameterName('verbosity', from));
  if (request.modalities?.some((each) => each !== 'text')) context.lacks(parameterName('modalities', from), 'Ollama answers in text');
  if (request.webSearch) context.lacks(parameterName('webSearch', from));
  if (request.serviceTier !== undefined && !['auto', 'default'].includes(request.serviceTier))
    context.lacks(parameterName('serviceTier', from));
  for (const name of ignored) {
    const value = request[name];
    if (value === undefined || (isObject(value) && Object.keys(value).length === 0)) continue;
    context.drop(parameterName(name, from), 'it means nothing to Ollama');
  }
  noteCacheMarks(request, context, 'Ollama caches prompts by itself');
};
