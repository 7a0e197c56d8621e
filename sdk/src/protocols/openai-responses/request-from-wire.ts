import type { ChatRequest, JsonObject, Message, Tool } from '../../types/index.ts';
import { asArray, asBoolean, asNumber, asString, maybe, wantBoolean, wantNumber, wantObject, wantString } from '../shared/read.ts';
import { asNative } from './native.ts';
import { readTextOption } from './options.ts';
import { readInput, toolListsIn } from './read-input.ts';
import { readReasoningOption } from './reasoning-option.ts';
import { readToolChoice } from './tool-choice.ts';
import { readCarriedTools, readTools } from './tools.ts';

/**
 * Members of the format that have no neutral meaning: kept for the way back to this format. From the specification
 * (https://github.com/openai/openai-openapi, 2026-08-21); `client_metadata` from what Codex 0.169 sends.
 */
const ownMembers = [
  'background',
  'client_metadata',
  'context_management',
  'conversation',
  'include',
  'max_tool_calls',
  'moderation',
  'previous_response_id',
  'prompt',
  'prompt_cache_options',
  'prompt_cache_retention',
  'safety_identifier',
  'stream_options',
  'truncation',
] as const;

/** Scalars: neutral name -> how it is read, and its name here. */
const scalars = {
  parallelToolCalls: [wantBoolean, 'parallel_tool_calls'],
  maxOutputTokens: [wantNumber, 'max_output_tokens'],
  temperature: [wantNumber, 'temperature'],
  topP: [wantNumber, 'top_p'],
  topLogprobs: [wantNumber, 'top_logprobs'],
  presencePenalty: [wantNumber, 'presence_penalty'],
  frequencyPenalty: [wantNumber, 'frequency_penalty'],
  promptCacheKey: [wantString, 'prompt_cache_key'],
  serviceTier: [wantString, 'service_tier'],
  store: [wantBoolean, 'store'],
  metadata: [wantObject, 'metadata'],
} as const satisfies Partial<Record<keyof ChatRequest, readonly [(value: unknown, path: string) => unknown, string]>>;

const known: ReadonlySet<string> = new Set([
  ...ownMembers,
  ...Object.values(scalars).map(([, name]) => name),
  ...'model input instructions tools tool_choice text reasoning user stream'.split(' '),
]);

/** What asks for the log probabilities of the answer's text. */
export const logprobsInclude = 'message.output_text.logprobs';
/** What asks for reasoning in a form that a client without memory at the provider can send back. */
export const reasoningInclude = 'reasoning.encrypted_content';

const readInstructions = (value: unknown): Message[] => {
  const text = maybe(wantString, value, 'instructions');
  return text === undefined ? [] : [{ role: 'system', content: [{ type: 'text', text }], ...asNative({ instructions: true }) }];
};

const readScalars = (body: JsonObject): Partial<ChatRequest> => {
  const found: JsonObject = {};
  for (const [name, [read, wire]] of Object.entries(scalars)) {
    const value = maybe<unknown>(read, body[wire], wire);
    if (value !== undefined) found[name] = value;
  }
  return found;
};

const readAllTools = (body: JsonObject): Tool[] | undefined => {
  const declared = maybe(readTools, body['tools'], 'tools');
  const names = new Set(declared?.map((tool) => tool.name ?? ''));
  const carried = toolListsIn(body['input']).flatMap(({ tools, path }) => readCarriedTools(tools, path, names));
  const unique = [...new Map(carried.map((tool) => [tool.name, tool])).values()];
  return declared || unique.length > 0 ? [...(declared ?? []), ...unique] : undefined;
};

/**
 * A Responses request in the neutral model (https://platform.openai.com/docs/api-reference/responses/create, read
 * 2026-11-21). A member that is null counts as absent.
 * @throws SluiceError `invalid_request`, naming the member
 */
export const fromWire = (body: JsonObject): ChatRequest => {
  const own: JsonObject = {};
  for (const name of ownMembers) if (body[name] !== undefined && body[name] !== null) own[name] = body[name];
  const unknown: JsonObject = {};
  for (const [name, value] of Object.entries(body)) if (!known.has(name)) unknown[name] = value;

  const tools = readAllTools(body);
  const toolChoice = maybe(readToolChoice, body['tool_choice'], 'tool_choice');
  const reasoning = maybe(readReasoningOption, body['reasoning'], 'reasoning');
  const text = maybe(readTextOption, body['text'], 'text');
  if (reasoning) own['reasoning'] = reasoning.left;
  if (text) own['text'] = text.left;
  const user = maybe(wantString, body['user'], 'user') ?? asString(body['safety_identifier']);
  const logprobs = asArray(body['include']).includes(logprobsInclude) || (asNumber(body['top_logprobs']) ?? 0) > 0;

  return {
    model: maybe(wantString, body['model'], 'model') ?? '',
    messages: [...readInstructions(body['instructions']), ...(maybe(readInput, body['input'], 'input') ?? [])],
    stream: asBoolean(body['stream']) ?? false,
    includeUsage: true,
    ...readScalars(body),
    ...(tools && { tools }),
    ...(toolChoice && { toolChoice }),
    ...(reasoning && Object.keys(reasoning.value).length > 0 && { reasoning: reasoning.value }),
    ...text?.value,
    ...(user !== undefined && { user }),
    ...(logprobs && { logprobs }),
    unknown,
    ...asNative(own),
  };
};
