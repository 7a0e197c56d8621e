import {
  SluiceError,
  type ChatRequest,
  type JsonObject,
  type PathFacts,
  type ResponseFormat,
  type ToWireContext,
  type WireRequest,
} from '../../types/index.ts';
import { noteCacheMarks } from '../shared/cache-marks.ts';
import { noteForeignMembers } from '../shared/foreign-members.ts';
import { applyQuirks } from '../shared/quirks.ts';
import { asObject, compact, isObject, maybe, wantArray, wantBoolean, wantNumber, wantObject, wantString } from '../shared/read.ts';
import { parameterName } from '../shared/parameter-name.ts';
import { createToolAliases } from '../shared/tool-alias.ts';
import { id, ownOf } from './common.ts';
import { readDocuments, withDocuments, writeDocuments } from './documents.ts';
import { readMessages } from './messages-from.ts';
import { writeMessages } from './messages-to.ts';
import { writeSampling } from './sampling.ts';
import { readThinking, writeThinking } from './thinking.ts';
import { readToolChoice, readTools, writeTools } from './tools.ts';

/** Top-level members that only Cohere has. */
const ownMembers: ReadonlySet<string> = new Set(['citation_options', 'safety_mode', 'raw_prompting', 'priority']);

/** @throws SluiceError `invalid_request`, naming the member */
export const fromWire = (body: JsonObject, path?: PathFacts): ChatRequest => {
  const { model, messages, documents, tools, tool_choice, strict_tools, response_format, thinking, stream, ...rest } = body;
  const { max_tokens, stop_sequences, temperature, p, k, seed, frequency_penalty, presence_penalty, logprobs, ...others } = rest;
  const unknown: JsonObject = {};
  const extra: JsonObject = {};
  for (const [name, value] of Object.entries(others)) if (value !== null) (ownMembers.has(name) ? extra : unknown)[name] = value;
  const declared = tools === undefined || tools === null ? [] : readTools(tools, maybe(wantBoolean, strict_tools, 'strict_tools'));
  return compact<ChatRequest>({
    model: path?.model ?? wantString(model, 'model'),
    messages: withDocuments(readMessages(messages), readDocuments(documents)),
    tools: declared.length > 0 ? declared : undefined,
    toolChoice: readToolChoice(tool_choice),
    maxOutputTokens: maybe(wantNumber, max_tokens, 'max_tokens'),
    temperature: maybe(wantNumber, temperature, 'temperature'),
    topP: maybe(wantNumber, p, 'p'),
    topK: maybe(wantNumber, k, 'k'),
    stop: maybe(wantArray, stop_sequences, 'stop_sequences')?.map((each, index) => wantString(each, `stop_sequences[${index}]`)),
    seed: maybe(wantNumber, seed, 'seed'),
    presencePenalty: maybe(wantNumber, presence_penalty, 'presence_penalty'),
    frequencyPenalty: maybe(wantNumber, frequency_penalty, 'frequency_penalty'),
    logprobs: maybe(wantBoolean, logprobs, 'logprobs'),
    responseFormat: readFormat(response_format),
    reasoning: readThinking(thinking),
    stream: path?.stream ?? maybe(wantBoolean, stream, 'stream') ?? false,
    includeUsage: true,
    unknown,
    extra: Object.keys(extra).length > 0 ? { [id]: extra } : undefined,
  });
};

/** `schema` is how the first version of the API spelled `json_schema`. */
const readFormat = (value: unknown): ResponseFormat | undefined => {
  const format = maybe(wantObject, value, 'response_format');
  if (!format) return undefined;
  if (format['type'] === 'text') return { type: 'text' };
  if (format['type'] !== 'json_object')
    throw new SluiceError('invalid_request', "'response_format.type' must be 'text' or 'json_object'.", { param: 'response_format.type' });
  const schema = asObject(format['json_schema']) ?? asObject(format['schema']);
  return schema ? { type: 'json-schema', schema } : { type: 'json' };
};

/** "Valid names contain only the characters a-z, A-Z, 0-9, _" (Cohere's own description of its API, read 2026-11-22). */
const nameCharacter = /[a-zA-Z0-9_]/;
const longestName = 128;

/** @throws SluiceError `unsupported_parameter` */
export const toWire = (request: ChatRequest, context: ToWireContext): WireRequest => {
  noteForeignMembers(request, id, context);
  // What a client of this format calls its tools is between it and Cohere.
  const aliases = createToolAliases(longestName, context.from === id ? /./su : nameCharacter);
  const { members, custom } = writeTools(request, aliases, context);
  const documents = writeDocuments(request);
  noteLost(request, context);
  const body: JsonObject = compact({
    model: context.model,
    messages: writeMessages(request.messages, { context, aliases }),
    ...members,
    documents,
    response_format: writeFormat(request, members.tools !== undefined, documents !== undefined, context),
    max_tokens: request.maxOutputTokens,
    stop_sequences: request.stop?.length ? request.stop : undefined,
    ...writeSampling(request, context),
    seed: writeSeed(request, context),
    logprobs: request.logprobs,
    thinking: writeThinking(request.reasoning, context),
    stream: request.stream ? true : undefined,
    ...ownOf(request),
    ...request.unknown,
  });
  const hints = { ...(custom.length > 0 && { customTools: custom }), ...(aliases.names && { toolNames: aliases.names }) };
  return { body: applyQuirks(body, context), ...(Object.keys(hints).length > 0 && { hints }) };
};

/** "The parameter is not supported when used in combinations with the `documents` or `tools` parameters." */
const writeFormat = (
  { responseFormat: format }: ChatRequest,
  tools: boolean,
  documents: boolean,
  context: ToWireContext,
): JsonObject | undefined => {
  if (!format) return undefined;
  if (format.type === 'text') return context.from === id ? { type: 'text' } : undefined;
  if ((tools || documents) && context.from !== id) {
    context.lacks(parameterName('responseFormat', context.from), `Cohere does not take it together with ${tools ? 'tools' : 'documents'}`);
    return undefined;
  }
  return { type: 'json_object', ...(format.type === 'json-schema' && { json_schema: format.schema }) };
};

/** An unsigned number. */
const writeSeed = ({ seed }: ChatRequest, context: ToWireContext): number | undefined => {
  if (seed === undefined || seed >= 0) return seed;
  context.drop(parameterName('seed', context.from), `Cohere takes no negative seed; ${-seed} is sent`);
  return -seed;
};

const ignored = ['prediction', 'metadata', 'user', 'store', 'promptCacheKey'] as const;

/** What Cohere has no place for: refused where the answer would differ, else recorded. */
const noteLost = (request: ChatRequest, context: ToWireContext): void => {
  const { from } = context;
  if (request.candidateCount !== undefined && request.candidateCount > 1) context.lacks(parameterName('candidateCount', from));
  if (request.logitBias && Object.keys(request.logitBias).length > 0) context.lacks(parameterName('logitBias', from));
  if (request.topLogprobs) context.lacks(parameterName('topLogprobs', from), 'Cohere tells the probability of what was chosen alone');
  if (request.verbosity !== undefined && request.verbosity !== 'medium') context.lacks(parameterName('verbosity', from));
  if (request.modalities?.some((each) => each !== 'text')) context.lacks(parameterName('modalities', from), 'Cohere answers in text');
  if (request.webSearch) context.lacks(parameterName('webSearch', from));
  if (request.serviceTier !== undefined && !['auto', 'default'].includes(request.serviceTier))
    context.lacks(parameterName('serviceTier', from));
  for (const name of ignored) {
    const value = request[name];
    if (value === undefined || (isObject(value) && Object.keys(value).length === 0)) continue;
    context.drop(parameterName(name, from), 'it means nothing to Cohere');
  }
  noteCacheMarks(request, context, 'Cohere caches prompts by itself');
};
