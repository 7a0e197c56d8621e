import { shortHash } from '../../lib/short-hash.ts';
import type { ChatRequest, JsonObject, Message, ToWireContext, WireRequest } from '../../types/index.ts';
import { hasFixedSampling } from '../shared/fixed-sampling.ts';
import { noteCacheMarks } from '../shared/cache-marks.ts';
import { carriedMembers, noteForeignMembers } from '../shared/foreign-members.ts';
import { applyQuirks } from '../shared/quirks.ts';
import { compact } from '../shared/read.ts';
import { parameterName } from '../shared/parameter-name.ts';
import { createToolAliases, type ToolAliases } from '../shared/tool-alias.ts';
import { family, nativeOf, objectIn, protocolId, without } from './native.ts';
import { webSearchTool, writeServiceTier, writeTextOption } from './options.ts';
import { writeReasoningOption } from './reasoning-option.ts';
import { logprobsInclude, reasoningInclude } from './request-from-wire.ts';
import { writeToolChoice } from './tool-choice.ts';
import { writeTools } from './tools.ts';
import { writeInput } from './write-input.ts';

/** The least that OpenAI takes as `max_output_tokens`. */
const leastOutputTokens = 16;
/** The longest that OpenAI takes as `user` and `prompt_cache_key`. */
const longestKey = 64;

const shortKey = (key: string): string => (key.length <= longestKey ? key : `${key.slice(0, longestKey - 15)}_${shortHash(key)}`);

/** The same notes once: a long history has the same signature a hundred times. */
const noteOnce = (context: ToWireContext): ToWireContext => {
  const noted = new Set<string>();
  return {
    ...context,
    drop(what, why) {
      if (noted.has(what)) return;
      noted.add(what);
      context.drop(what, why);
    },
  };
};

/** Parameters that this format has no member for, unless they say what is the case anyway. */
const refuseForeign = (request: ChatRequest, context: ToWireContext): void => {
  const { candidateCount, modalities, presencePenalty, frequencyPenalty } = request;
  const lacking = {
    stop: request.stop !== undefined && request.stop.length > 0,
    seed: request.seed !== undefined,
    presencePenalty: presencePenalty !== undefined && presencePenalty !== 0,
    frequencyPenalty: frequencyPenalty !== undefined && frequencyPenalty !== 0,
    logitBias: Object.keys(request.logitBias ?? {}).length > 0,
    topK: request.topK !== undefined,
    candidateCount: candidateCount !== undefined && candidateCount !== 1,
    modalities: modalities?.some((each) => each !== 'text') ?? false,
    audio: request.audio !== undefined,
    prediction: request.prediction !== undefined,
  } as const;
  for (const [name, lacks] of Object.entries(lacking) as [keyof typeof lacking, boolean][]) {
    if (lacks) context.lacks(parameterName(name, context.from), 'the Responses format has no such parameter');
  }
};

const sampling = (request: ChatRequest, context: ToWireContext): JsonObject => {
  const found: JsonObject = {};
  const fixed = hasFixedSampling(context.traits, request.reasoning);
  for (const [name, wire] of [
    ['temperature', 'temperature'],
    ['topP', 'top_p'],
  ] as const) {
    const value = request[name];
    if (value === undefined) continue;
    if (!fixed) found[wire] = value;
    // The value that they have anyway is refused as well, so it is left out.
    else if (value !== 1) context.lacks(parameterName(name, context.from), 'reasoning models choose their own');
  }
  return found;
};

/** What another format's client gets unless it says otherwise: no memory at the provider, and reasoning that survives without one. */
const includeFor = (request: ChatRequest, context: ToWireContext): string[] | undefined => {
  const { reasoning } = context.traits;
  const reasons = reasoning === undefined ? request.reasoning !== undefined && request.reasoning.mode !== 'disabled' : reasoning !== 'none';
  const include = [...(reasons && request.store !== true ? [reasoningInclude] : []), ...(request.logprobs ? [logprobsInclude] : [])];
  return include.length > 0 ? include : undefined;
};

const outputLimit = (request: ChatRequest, context: ToWireContext): number | undefined => {
  const limit = request.maxOutputTokens;
  if (limit === undefined || limit >= leastOutputTokens || context.from === protocolId) return limit;
  context.drop(parameterName('maxOutputTokens', context.from), `raised from ${limit} to ${leastOutputTokens}, the least that is taken`);
  return leastOutputTokens;
};

/** Members that only a client of this format has, and those whose defaults are this format's. */
const nativeMembers = (request: ChatRequest, own: JsonObject, context: ToWireContext): JsonObject => ({
  ...without(own, 'reasoning', 'text'),
  max_output_tokens: outputLimit(request, context),
  parallel_tool_calls: request.parallelToolCalls,
  presence_penalty: request.presencePenalty,
  frequency_penalty: request.frequencyPenalty,
  store: request.store,
  user: request.user === own['safety_identifier'] ? undefined : request.user,
  prompt_cache_key: request.promptCacheKey,
});

const foreignMembers = (request: ChatRequest, tools: readonly JsonObject[], context: ToWireContext): JsonObject => {
  refuseForeign(request, context);
  return {
    max_output_tokens: outputLimit(request, context),
    // Refused by OpenAI where there are no tools (FP-18).
    parallel_tool_calls: tools.length > 0 ? request.parallelToolCalls : undefined,
    store: request.store ?? false,
    include: includeFor(request, context),
    user: request.user === undefined ? undefined : shortKey(request.user),
    prompt_cache_key: request.promptCacheKey === undefined ? undefined : shortKey(request.promptCacheKey),
    ...carriedMembers(request, protocolId, context),
  };
};

export const instructionsOf = (message: Message | undefined): string | undefined => {
  if (!message || nativeOf(message)?.['instructions'] !== true) return undefined;
  return message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
};

export const noAliases: ToolAliases = { of: (name) => name, names: undefined };

/**
 * Any client's request for a provider that speaks the Responses format.
 * @throws SluiceError `unsupported_parameter`
 */
export const toWire = (request: ChatRequest, given: ToWireContext): WireRequest => {
  const context = noteOnce(given);
  noteForeignMembers(request, protocolId, context);
  const native = context.from === protocolId;
  const own = nativeOf(request) ?? {};
  // A client of this format knows the rules for names.
  const aliases = native ? noAliases : createToolAliases();

  const [first, ...later] = request.messages;
  const instructions = instructionsOf(first);
  const input = writeInput(instructions === undefined ? request.messages : later, context, aliases);
  const tools = writeTools(request.tools ?? [], context, aliases);
  if (request.webSearch && !tools.some((tool) => String(tool['type']).startsWith('web_search')))
    tools.push(webSearchTool(request.webSearch, context));
  const choice =
    request.toolChoice && (native || tools.length > 0) ? writeToolChoice(request.toolChoice, request, tools, context, aliases) : undefined;
  if (!native) noteCacheMarks(request, context, 'OpenAI caches prompts by itself');

  const body: JsonObject = compact({
    ...request.unknown,
    model: context.model,
    input: input.length > 0 || !native ? input : undefined,
    instructions,
    tools: tools.length > 0 || (native && request.tools?.length === 0) ? tools : undefined,
    tool_choice: choice,
    ...sampling(request, context),
    top_logprobs: request.topLogprobs,
    reasoning: writeReasoningOption(request.reasoning, objectIn(own, 'reasoning'), context),
    text: writeTextOption(request, objectIn(own, 'text'), context),
    metadata: request.metadata,
    service_tier: writeServiceTier(request.serviceTier, context),
    stream: request.stream ? true : undefined,
    ...(native ? nativeMembers(request, own, context) : foreignMembers(request, tools, context)),
  });
  const names = aliases.names;
  const { origin } = context.traits;
  const hints = { ...(names && { toolNames: names }), ...(origin !== undefined && origin !== family && { origin }) };
  return { body: applyQuirks(body, context), ...(Object.keys(hints).length > 0 && { hints }) };
};
