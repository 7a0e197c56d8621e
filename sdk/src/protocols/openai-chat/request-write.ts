import { table } from '../../lib/table.ts';
import type { ChatRequest, FunctionTool, ReasoningEffort, JsonObject, ToolChoice, ToWireContext, WireRequest } from '../../types/index.ts';
import { hasFixedSampling, knowsNoEffort } from '../shared/fixed-sampling.ts';
import { carriedMembers, noteForeignMembers } from '../shared/foreign-members.ts';
import { compact } from '../shared/read.ts';
import { writeResponseFormat } from './formats.ts';
import { writeMessages } from './messages-write.ts';
import { fitMessages, fitTools } from './strict-messages.ts';
import { kept, own } from './own.ts';
import { asReasoningObject, effortWords, writeReasoning } from './reasoning.ts';
import { webSearchMembers, writeTools } from './tools-write.ts';
import { clientName, createWriting, hintsOf, jsonToolName, type Writing } from './writing.ts';

const verbatimReasoning = ['reasoning', 'thinking', 'reasoning_effort'] as const;

/** The client's own spelling where nothing is known of the model; else what the model takes (`thinking` becomes an effort). */
const reasoningMembers = (request: ChatRequest, writing: Writing): JsonObject => {
  const kind = writing.context.traits.reasoning;
  const mine = writing.same ? kept(request) : {};
  const { reasoningObject } = writing.context.quirks;
  if (kind === undefined && !reasoningObject && verbatimReasoning.some((name) => mine[name] !== undefined)) {
    return compact<JsonObject>(Object.fromEntries(verbatimReasoning.map((name) => [name, mine[name]])));
  }
  const unread = mine['reasoning_effort'] !== undefined && !request.reasoning ? { reasoning_effort: mine['reasoning_effort'] } : {};
  if (!request.reasoning) return unread;
  const written = writeReasoning(request.reasoning, kind === 'level' ? 'effort' : kind);
  if (written) return { ...written, ...unread };
  if (knowsNoEffort(writing.context.traits)) return { reasoning_effort: 'none', ...unread };
  if (kind === 'none') writing.context.lacks(clientName('reasoning_effort', writing), 'this model cannot think');
  else if (kind !== undefined) writing.drop(clientName('reasoning_effort', writing), 'this model cannot be told not to think');
  return unread;
};

/** An effort that the vendor has no word for is sent as the nearest that it has: the least that is not less, else its most. */
const knownEffort = (members: JsonObject, writing: Writing): JsonObject => {
  const { efforts } = writing.context.quirks;
  const wanted = members['reasoning_effort'];
  if (!efforts || typeof wanted !== 'string' || (efforts as readonly string[]).includes(wanted)) return members;
  const rank = (word: string): number => effortWords.indexOf(word as ReasoningEffort);
  const ranked = efforts.toSorted((a, b) => rank(a) - rank(b));
  const nearest = wanted === 'none' ? undefined : (ranked.find((word) => rank(word) >= rank(wanted)) ?? ranked.at(-1));
  writing.drop(
    clientName('reasoning_effort', writing),
    nearest ? `'${wanted}' is not known, sent as '${nearest}'` : `'${wanted}' is not known`,
  );
  return compact({ ...members, reasoning_effort: nearest });
};

/** How much to think, in the vendor's spelling. */
const thinkingMembers = (request: ChatRequest, writing: Writing): JsonObject => {
  const members = knownEffort(reasoningMembers(request, writing), writing);
  return writing.context.quirks.reasoningObject ? asReasoningObject(members, request.reasoning) : members;
};

/** Sampling that the model fixes: its only value may be named, another is refused. */
const sampling = (name: string, value: number | undefined, { reasoning }: ChatRequest, writing: Writing): JsonObject => {
  if (value === undefined) return {};
  if (value !== 1 && hasFixedSampling(writing.context.traits, reasoning)) {
    writing.context.lacks(clientName(name, writing), 'this model samples in a fixed way');
    return {};
  }
  return { [name]: value };
};

const serviceTiers: ReadonlySet<string> = new Set(['auto', 'default', 'flex', 'scale', 'priority']);

const serviceTier = ({ serviceTier: tier }: ChatRequest, writing: Writing): JsonObject => {
  if (tier === undefined) return {};
  if (writing.same || serviceTiers.has(tier)) return { service_tier: tier };
  writing.drop(clientName('service_tier', writing), `'${tier}' is a tier of another vendor`);
  return {};
};

interface Structure {
  format: JsonObject;
  /** The tool whose arguments are the answer, where the vendor has no JSON schemas. */
  tool?: FunctionTool;
  choice?: ToolChoice;
}

/** Structured output: natively, by a forced tool, or refused by name; never ignored (FP-32). */
const structure = (request: ChatRequest, writing: Writing): Structure => {
  const { responseFormat: wanted, toolChoice } = request;
  const { quirks, traits } = writing.context;
  const plain = toolChoice && { choice: toolChoice };
  if (!wanted) return { format: {}, ...plain };
  const native = quirks.structuredOutput ?? (traits.jsonSchema === false ? 'json' : undefined);
  const verbatim = writing.same ? kept(request)['response_format'] : undefined;
  if (wanted.type === 'text' || native === undefined || (wanted.type === 'json' && native === 'json')) {
    return { format: { response_format: verbatim ?? writeResponseFormat(wanted) }, ...plain };
  }
  if (wanted.type === 'json' || writing.lacks('tools')) {
    writing.context.lacks(clientName('response_format', writing));
    return { format: {}, ...plain };
  }
  const { schema, description = 'Answers the user in the wanted form. Call it to give the answer.' } = wanted;
  const tool: FunctionTool = { type: 'function', name: jsonToolName, description, parameters: schema };
  // With tools of the client's own the model may still call those first; without, this is the only way to answer.
  const own = request.tools && request.tools.length > 0 && toolChoice?.type !== 'none';
  const choice: ToolChoice = own ? (toolChoice?.type === 'tool' ? toolChoice : { type: 'required' }) : { type: 'tool', name: jsonToolName };
  return { format: {}, tool, choice };
};

/** Values that say what is so anyway: no reason to refuse a call to a vendor that lacks the parameter. */
const harmless: Readonly<Record<string, unknown>> = table({
  n: 1,
  logprobs: false,
  parallel_tool_calls: true,
  store: false,
  presence_penalty: 0,
  frequency_penalty: 0,
});

/** What the vendor lacks is refused by the client's name for it, or dropped; what it names otherwise is renamed. */
const applyQuirks = (body: JsonObject, writing: Writing): JsonObject => {
  const { lacks = [], rename = {} } = writing.context.quirks;
  const result = { ...body };
  for (const name of lacks) {
    if (result[name] === undefined || name === 'messages') continue;
    const value = result[name];
    delete result[name];
    if (value === null) continue;
    if (name === 'tools') for (const dependent of ['tool_choice', 'parallel_tool_calls']) delete result[dependent];
    if (value !== harmless[name]) writing.context.lacks(clientName(name, writing));
  }
  for (const [name, other] of Object.entries(rename)) {
    if (result[name] === undefined) continue;
    result[other] ??= result[name];
    delete result[name];
  }
  return result;
};

const streamMembers = (request: ChatRequest, writing: Writing): JsonObject => {
  if (!request.stream) return {};
  if (writing.context.quirks.noStreamOptions) return { stream: true };
  const more = writing.same ? kept(request)['stream_options'] : undefined;
  // Asked for whether the client did or not: the call has to be accounted.
  return { stream: true, stream_options: { ...(more as JsonObject | undefined), include_usage: true } };
};

/** Members of OpenAI's that the neutral request does not know, for the same format. */
const openaiOnly = (request: ChatRequest, { same, context }: Writing): JsonObject => {
  if (!same) return carriedMembers(request, own, context);
  const { safety_identifier, prompt_cache_retention, prompt_cache_options, moderation } = kept(request);
  return compact<JsonObject>({ safety_identifier, prompt_cache_retention, prompt_cache_options, moderation });
};

const strictly = (body: JsonObject, { drop }: Writing): JsonObject => ({
  ...body,
  messages: fitMessages(body['messages'] as JsonObject[], drop),
  ...(Array.isArray(body['tools']) && { tools: fitTools(body['tools']) }),
});

/**
 * A request for a provider of this format, with its quirks.
 * @throws SluiceError `unsupported_parameter`, in the client's words
 */
export const writeRequest = (request: ChatRequest, context: ToWireContext): WireRequest => {
  noteForeignMembers(request, own, context);
  const writing = createWriting(context);
  const mine = writing.same ? kept(request) : {};
  const { traits } = context;
  const maxTokens = (traits.maxCompletionTokens ?? mine['max_completion_tokens'] !== undefined) ? 'max_completion_tokens' : 'max_tokens';
  const { format, tool, choice } = structure(request, writing);
  const thinking = thinkingMembers(request, writing);
  const body = compact<JsonObject>({
    ...request.unknown,
    model: context.model,
    messages: writeMessages(request.messages, writing),
    ...writeTools(request, choice, tool ? [tool] : [], writing),
    [maxTokens]: request.maxOutputTokens,
    ...(thinking['reasoning'] !== undefined && context.quirks.reasoningObject?.beside),
    ...sampling('temperature', request.temperature, request, writing),
    ...sampling('top_p', request.topP, request, writing),
    top_k: request.topK,
    stop: request.stop,
    seed: request.seed,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
    logit_bias: request.logitBias,
    logprobs: mine['logprobs'] ?? request.logprobs,
    top_logprobs: request.topLogprobs,
    n: request.candidateCount,
    ...format,
    ...thinking,
    verbosity: request.verbosity,
    modalities: request.modalities,
    audio: request.audio,
    prediction: request.prediction,
    ...webSearchMembers(request, writing),
    ...serviceTier(request, writing),
    metadata: request.metadata,
    user: mine['safety_identifier'] === request.user ? undefined : request.user,
    store: request.store,
    prompt_cache_key: request.promptCacheKey,
    ...openaiOnly(request, writing),
    ...streamMembers(request, writing),
  });
  const hints = hintsOf(request, writing, tool !== undefined);
  return { body: applyQuirks(context.quirks.strictMessages ? strictly(body, writing) : body, writing), ...(hints && { hints }) };
};
