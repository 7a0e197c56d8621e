import { table } from '../../lib/table.ts';
import type { ChatRequest, JsonObject, ToWireContext, WireRequest } from '../../types/index.ts';
import { noteForeignMembers } from '../shared/foreign-members.ts';
import { applyQuirks } from '../shared/quirks.ts';
import { asString, compact } from '../shared/read.ts';
import { refuseExtras } from '../shared/refuse-extras.ts';
import { ownExtra, protocolId, usualOrigin } from './common.ts';
import { isClaude } from './family.ts';
import { splitGiven, joinFields } from './fields.ts';
import { writeConversation } from './messages-to-wire.ts';
import { planReasoning, type ReasoningPlan } from './reasoning.ts';
import { writeMetadata, writeServiceTier } from './parameters.ts';
import { writeSampling } from './sampling.ts';
import { planStructuredOutput, type StructuredOutput } from './structured-output.ts';
import { chooseTools } from './tool-choice.ts';
import { writeTools } from './tools-to-wire.ts';
import { startWriting, type Writing } from './writing.ts';

/**
 * A Converse or ConverseStream request; the model stands in the path, and so does which of the two it is. With the hints
 * that reading its answer needs.
 * @throws SluiceError `unsupported_parameter`, naming it as the client does
 */
export const toWire = (request: ChatRequest, context: ToWireContext): WireRequest => {
  noteForeignMembers(request, protocolId, context);
  const writing = startWriting(context);
  const { system, messages } = writeConversation(request.messages, writing);
  const structured: StructuredOutput = writing.own ? { kind: 'free' } : planStructuredOutput(request, writing);
  const written = writeTools(request, writing);
  const chosen = chooseTools(request, written, structured, writing);
  const maxTokens = limitOutput(request, writing);
  const plan: ReasoningPlan = writing.own
    ? { fields: {}, maxTokens, thinking: false }
    : planReasoning(request, writing, { maxTokens, forced: chosen.forced, messages });
  const sampling = writeSampling(request, plan, writing);
  const stop = writeStop(request, writing);
  if (!writing.own) refuseExtras(request, writing, 'Bedrock');

  const inferenceConfig = compact<JsonObject>({ maxTokens: plan.maxTokens, ...sampling.config, stopSequences: stop });
  const given = splitGiven(request.unknown);
  const fields = joinFields(plan.fields, sampling.fields, chosen.fields, claudeToolFields(written.claudeTools), given.fields);
  const body = compact<JsonObject>({
    ...((messages.length > 0 || !writing.own) && { messages }),
    ...(system.length > 0 && { system }),
    ...(Object.keys(inferenceConfig).length > 0 && { inferenceConfig }),
    ...(chosen.config && { toolConfig: chosen.config }),
    ...(structured.kind === 'native' && { outputConfig: { textFormat: structured.textFormat } }),
    ...writeServiceTier(request, writing),
    ...writeMetadata(request, writing),
    // Only Claude tells which of them it was, and only where it is asked.
    ...(stop &&
      isClaude(writing.family) &&
      !writing.own && { additionalModelResponseFieldPaths: ['/stop_sequence', '/delta/stop_sequence'] }),
    ...(Object.keys(fields).length > 0 && { additionalModelRequestFields: fields }),
  });
  const whole = writing.own ? { ...body, ...request.unknown, ...ownExtra(request.extra) } : joinFields(body, given.members);
  const hints = compact({
    jsonToolName: chosen.jsonToolName,
    toolNames: writing.aliases.names,
    customTools: written.customTools.length > 0 ? written.customTools : undefined,
    origin: writing.family === usualOrigin ? undefined : writing.family,
  });
  return { body: applyQuirks(whole, context), ...(Object.keys(hints).length > 0 && { hints }) };
};

/** More than the model can write gets a 400 (FP-91); asking for the most that it can is the same thing. */
const limitOutput = ({ maxOutputTokens }: ChatRequest, writing: Writing): number | undefined => {
  const most = writing.context.traits.maxOutputTokens;
  if (writing.own || maxOutputTokens === undefined || most === undefined || maxOutputTokens <= most) return maxOutputTokens;
  writing.note(writing.spell('maxOutputTokens'), `${maxOutputTokens} is more than the model can write; sent as ${most}`);
  return most;
};

const writeStop = ({ stop }: ChatRequest, writing: Writing): string[] | undefined => {
  if (!stop || stop.length === 0) return undefined;
  if (writing.own) return stop;
  const usable = stop.filter((sequence) => sequence.trim() !== '');
  if (usable.length < stop.length) writing.lacks('stop', 'the models take no stop sequence of white space');
  return usable.length > 0 ? usable : undefined;
};

/** Flags that Claude wants beside the tools that Anthropic defined. */
const betaOfTool: Readonly<Record<string, string>> = table({
  computer_20241022: 'computer-use-2024-10-22',
  computer_20250124: 'computer-use-2025-01-24',
  computer_20251124: 'computer-use-2025-11-24',
  memory_20250818: 'context-management-2025-06-27',
});

/** https://docs.aws.amazon.com/bedrock/latest/userguide/computer-use.html, read 2026-11-22 */
const claudeToolFields = (tools: readonly JsonObject[]): JsonObject => {
  if (tools.length === 0) return {};
  const betas = new Set(tools.flatMap(({ type }) => betaOfTool[asString(type) ?? ''] ?? []));
  return { tools, ...(betas.size > 0 && { anthropic_beta: [...betas] }) };
};
