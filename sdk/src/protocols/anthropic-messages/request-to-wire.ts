import type { ChatRequest, JsonObject, ToWireContext, WireRequest } from '../../types/index.ts';
import { writeClaudeSampling } from '../shared/claude-sampling.ts';
import { planThinking, type ThinkingPlan } from '../shared/claude-thinking.ts';
import { noteForeignMembers } from '../shared/foreign-members.ts';
import { applyQuirks } from '../shared/quirks.ts';
import { asNumber, asObject, compact, isObject } from '../shared/read.ts';
import { refuseExtras } from '../shared/refuse-extras.ts';
import { addBetas } from './betas.ts';
import { ownExtra, protocolId } from './common.ts';
import { writeConversation } from './messages-to-wire.ts';
import { planStructuredOutput, type StructuredOutput } from './structured-output.ts';
import { ownThinking, startsWithThinking } from './thinking.ts';
import { chooseTools } from './tool-choice.ts';
import { writeTools } from './tools-to-wire.ts';
import { startWriting, type Writing } from './writing.ts';

/** `max_tokens` is demanded. What every Claude model can write, for one of which nothing is known. */
const defaultMaxTokens = 4096;

/**
 * A Messages request, with the hints that reading its answer needs.
 * @throws SluiceError `unsupported_parameter`, naming it as the client does
 */
export const toWire = (request: ChatRequest, context: ToWireContext): WireRequest => {
  noteForeignMembers(request, protocolId, context);
  const writing = startWriting(context);
  const { system, messages } = writeConversation(request.messages, writing);
  const structured: StructuredOutput = writing.own ? { kind: 'free' } : planStructuredOutput(request, writing);
  const written = writeTools(request, writing);
  const { tools, choice, forced, jsonToolName } = chooseTools(request, written.tools, structured, writing);
  const maxTokens = limitOutput(request, writing);
  const plan =
    writing.own && saysItself(request)
      ? planOwn(request, writing, maxTokens, messages)
      : planForeign(request, writing, maxTokens, forced, messages);
  if (!writing.own) refuseExtras(request, writing, 'Anthropic');

  const body: JsonObject = {
    ...request.unknown,
    model: context.model,
    max_tokens: plan.maxTokens,
    ...(system.length > 0 && { system }),
    messages,
    ...(tools.length > 0 && { tools }),
    ...(choice && { tool_choice: choice }),
    ...writeClaudeSampling(request, plan.thinking?.['type'] === 'enabled' || plan.thinking?.['type'] === 'adaptive', writing),
    ...writeStop(request, writing),
    ...(plan.thinking && { thinking: plan.thinking }),
    ...writeOutputConfig(request, structured, plan),
    ...writeServiceTier(request, writing),
    ...writeMetadata(request, writing),
    ...(request.stream && { stream: true }),
  };
  if (!writing.own) addBetas(body, writing.betas);
  const hints = compact({
    jsonToolName,
    toolNames: writing.aliases.names,
    customTools: written.customTools.length > 0 ? written.customTools : undefined,
  });
  return {
    body: applyQuirks(writing.own ? withOwnMembers(body, request) : body, context),
    ...(writing.betas.size > 0 && !writing.own && { headers: { 'anthropic-beta': [...writing.betas].join(',') } }),
    ...(Object.keys(hints).length > 0 && { hints }),
  };
};

/** More than the model can write gets a 400 (FP-91); asking for the most that it can is the same thing. */
const limitOutput = ({ maxOutputTokens }: ChatRequest, writing: Writing): number => {
  const most = writing.context.traits.maxOutputTokens;
  if (maxOutputTokens === undefined) return most ?? defaultMaxTokens;
  if (writing.own || most === undefined || maxOutputTokens <= most) return maxOutputTokens;
  writing.note(writing.spell('maxOutputTokens'), `${maxOutputTokens} is more than the model can write; sent as ${most}`);
  return most;
};

/** Whether what a request of this format says of thinking is its client's word, and not a default of the deployment. */
const saysItself = ({ reasoning, unknown, extra }: ChatRequest): boolean => {
  const { thinking, output_config: config } = ownExtra(extra);
  return (reasoning === undefined && unknown['thinking'] === undefined) || thinking !== undefined || config !== undefined;
};

const planOwn = (request: ChatRequest, writing: Writing, maxTokens: number, messages: readonly JsonObject[]): ThinkingPlan => ({
  thinking: ownThinking(ownExtra(request.extra)['thinking'], writing, messages),
  maxTokens,
});

/** LiteLLM's clients put Anthropic's own `thinking` into OpenAI requests: it goes through as it is. */
const planForeign = (
  request: ChatRequest,
  writing: Writing,
  maxTokens: number,
  forced: boolean,
  messages: readonly JsonObject[],
): ThinkingPlan => {
  const given = request.unknown['thinking'];
  return isObject(given)
    ? { thinking: given, maxTokens: holding(asNumber(given['budget_tokens']), maxTokens, writing) }
    : planThinking(request, writing, maxTokens, forced, () => startsWithThinking(messages));
};

/** FP-20: a limit that the budget uses up is a 400. */
const holding = (budget: number | undefined, maxTokens: number, writing: Writing): number => {
  if (budget === undefined || maxTokens > budget) return maxTokens;
  const limit = Math.min(maxTokens + budget, writing.context.traits.maxOutputTokens ?? Infinity);
  writing.note(writing.spell('maxOutputTokens'), `raised to ${limit} to hold the thinking as well`);
  return limit;
};

/** What this format's own client said and the neutral model has no word for. */
const withOwnMembers = (body: JsonObject, request: ChatRequest): JsonObject => {
  const { thinking: _thinking, ...own } = ownExtra(request.extra);
  return { ...body, ...own };
};

const writeOutputConfig = (request: ChatRequest, structured: StructuredOutput, { effort }: ThinkingPlan): JsonObject => {
  const config = {
    ...asObject(request.unknown['output_config']),
    ...(effort !== undefined && { effort }),
    ...(structured.kind === 'native' && { format: structured.format }),
  };
  return Object.keys(config).length > 0 ? { output_config: config } : {};
};

const writeStop = ({ stop }: ChatRequest, writing: Writing): JsonObject => {
  if (!stop || stop.length === 0) return {};
  if (writing.own) return { stop_sequences: stop };
  const usable = stop.filter((sequence) => sequence.trim() !== '');
  if (usable.length < stop.length) writing.lacks('stop', 'Anthropic takes no stop sequence of white space');
  return usable.length > 0 ? { stop_sequences: usable } : {};
};

/** https://platform.claude.com/docs/en/api/service-tiers, read 2026-11-21: `auto` uses bought priority where there is some. */
const writeServiceTier = ({ serviceTier }: ChatRequest, writing: Writing): JsonObject => {
  if (serviceTier === undefined) return {};
  if (serviceTier === 'auto') return { service_tier: 'auto' };
  if (serviceTier === 'default' || serviceTier === 'standard_only') return { service_tier: 'standard_only' };
  if (writing.own) return { service_tier: serviceTier };
  if (serviceTier === 'priority') {
    writing.note(writing.spell('serviceTier'), `'priority' is sent as 'auto': priority where the account has bought it`);
    return { service_tier: 'auto' };
  }
  writing.lacks('serviceTier', `Anthropic has no tier '${serviceTier}'`);
  return {};
};

const writeMetadata = ({ user, metadata }: ChatRequest, writing: Writing): JsonObject => {
  const { user_id: named, ...more } = metadata ?? {};
  if (Object.keys(more).length > 0) writing.note(writing.spell('metadata'), 'Anthropic takes only the id of a user');
  const id = user ?? (typeof named === 'string' ? named : undefined);
  return id === undefined ? {} : { metadata: { user_id: id } };
};
