import { table } from '../../lib/table.ts';
import {
  SluiceError,
  type ChatRequest,
  type DecodeHints,
  type FunctionTool,
  type JsonObject,
  type Message,
  type ToolCallPart,
  type ToWireContext,
  type UpstreamProtocol,
  type WireRequest,
} from '../../types/index.ts';
import { fromWire as readError } from '../bedrock-converse/errors.ts';
import { parameterName } from '../shared/parameter-name.ts';
import { writeParameters } from '../shared/prompts/parameters.ts';
import { readTextAnswer, textDecoder, type Reading, type TextFormat } from '../shared/prompts/text-answer.ts';
import { turnsOf } from '../shared/prompts/turns.ts';
import { asArray, asNumber, asObject, asObjects, asString, compact } from '../shared/read.ts';
import { createToolAliases, type ToolAliases } from '../shared/tool-alias.ts';
import { answerable, toInput } from '../shared/tool-hints.ts';
import { headerCounts, metricsOf } from './metrics.ts';

/*
 * Cohere Command R and R+ on Bedrock: Cohere's first chat format, which Cohere itself has given up
 * (docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-cohere-command-r-plus.html, read 2026-11-22). One
 * message, what was said before it, and what tools answered since.
 */

const protocolId = 'bedrock-command-r';
const longestName = 64;

const kinds: Readonly<Record<string, string>> = table({
  string: 'str',
  integer: 'int',
  number: 'float',
  boolean: 'bool',
  array: 'list',
  object: 'dict',
});

/** A property by the few words that there are for it; what else its schema says is told in its description. */
const definitionOf = (name: string, schema: JsonObject, required: readonly unknown[]): JsonObject => {
  const { type, description, ...more } = schema;
  const words = [asString(description), Object.keys(more).length > 0 ? `JSON schema: ${JSON.stringify(more)}` : undefined];
  const said = words.filter((each) => each !== undefined).join(' ');
  return compact({ description: said || undefined, type: kinds[String(type)] ?? 'str', required: required.includes(name) || undefined });
};

const writeTool = ({ name, description, parameters }: FunctionTool, aliases: ToolAliases): JsonObject => {
  const required = asArray(parameters?.['required']);
  const properties = Object.entries(asObject(parameters?.['properties']) ?? {});
  return {
    name: aliases.of(name),
    description: description ?? name,
    parameter_definitions: Object.fromEntries(
      properties.map(([each, schema]) => [each, definitionOf(each, asObject(schema) ?? {}, required)]),
    ),
  };
};

const writeTools = ({ tools = [], toolChoice }: ChatRequest, aliases: ToolAliases, context: ToWireContext): JsonObject[] => {
  if (toolChoice?.type === 'none') return [];
  if (toolChoice && toolChoice.type !== 'auto' && tools.length > 0)
    context.lacks(parameterName('toolChoice', context.from), 'Command R chooses by itself whether it calls a tool');
  return tools.flatMap((tool, index) => {
    if (tool.type === 'function') return [writeTool(tool, aliases)];
    context.lacks(`tools[${index}]`, 'Command R takes functions alone');
    return [];
  });
};

const textOf = (messages: readonly Message[], context: ToWireContext): string =>
  turnsOf(messages, context)
    .map(({ text }) => text)
    .join('\n\n');

/** What tools answered, each with the call that it answers. */
const resultsOf = (messages: readonly Message[], aliases: ToolAliases, context: ToWireContext): JsonObject[] => {
  const calls = new Map<string, ToolCallPart>();
  for (const { content } of messages) for (const part of content) if (part.type === 'tool-call') calls.set(part.id, part);
  return messages.flatMap((message) =>
    message.content.flatMap((part) => {
      if (part.type !== 'tool-result') return [];
      const call = calls.get(part.callId);
      const parameters = call ? toInput(call) : {};
      const text = textOf([{ role: 'tool', content: [part] }], context);
      return [{ call: { name: aliases.of(call?.name ?? part.name ?? 'tool'), parameters }, outputs: [{ text }] }];
    }),
  );
};

/** @throws SluiceError `invalid_request` where nobody asked anything */
const toWire = (request: ChatRequest, context: ToWireContext): WireRequest => {
  const parameters = writeParameters(request, context, {
    names: {
      maxOutputTokens: 'max_tokens',
      temperature: 'temperature',
      topP: 'p',
      topK: 'k',
      stop: 'stop_sequences',
      seed: 'seed',
      presencePenalty: 'presence_penalty',
      frequencyPenalty: 'frequency_penalty',
    },
    protocol: protocolId,
    tools: true,
  });
  const aliases = createToolAliases(longestName);
  const isSystem = ({ role }: Message): boolean => role === 'system' || role === 'developer';
  const preamble = textOf(request.messages.filter(isSystem), context);
  const spoken = request.messages.filter((message) => !isSystem(message));
  const last = spoken.findLastIndex(({ role }) => role === 'user');
  if (last === -1)
    throw new SluiceError('invalid_request', "Command R answers a user's message, and there is none.", { param: 'messages' });
  const tools = writeTools(request, aliases, context);
  const results = resultsOf(spoken.slice(last + 1), aliases, context);
  const history = turnsOf(spoken.slice(0, last), context).map(({ role, text }) => ({
    role: role === 'assistant' ? 'CHATBOT' : 'USER',
    message: text,
  }));
  return {
    body: {
      ...request.unknown,
      message: textOf([spoken[last]!], context),
      ...(history.length > 0 && { chat_history: history }),
      ...(preamble !== '' && { preamble }),
      ...(tools.length > 0 && { tools }),
      ...(results.length > 0 && { tool_results: results }),
      ...parameters,
    },
    ...(aliases.names && { hints: { toolNames: aliases.names } }),
  };
};

const callsOf = (value: unknown, hints: DecodeHints | undefined): ToolCallPart[] =>
  asObjects(value).map(({ name, parameters }): ToolCallPart => {
    const called = asString(name) ?? '';
    return {
      type: 'tool-call',
      kind: 'function',
      id: answerable(''),
      name: hints?.toolNames?.[called] ?? called,
      arguments: JSON.stringify(asObject(parameters) ?? {}),
    };
  });

const tokensOf = (value: JsonObject): Reading['usage'] => {
  const meta = asObject(value['meta']);
  const tokens = asObject(meta?.['billed_units']) ?? asObject(meta?.['tokens']);
  return tokens && compact({ inputTokens: asNumber(tokens['input_tokens']), outputTokens: asNumber(tokens['output_tokens']) });
};

/** Made for one answer: what was told once is not told again. */
const formatFor = (hints: DecodeHints | undefined): TextFormat => {
  let told = false;
  return {
    finish: table({
      complete: 'stop',
      max_tokens: 'length',
      stop_sequence: 'stop-sequence',
      tool_call: 'tool-calls',
      error: 'error',
      error_toxic: 'content-filter',
      error_limit: 'context-window',
      user_cancel: 'other',
    }),
    read(value) {
      const event = asString(value['event_type']);
      const metrics = metricsOf(value);
      const ended = metrics !== undefined || event === 'stream-end';
      const finish = asString(value['finish_reason']);
      if (event === undefined && typeof value['text'] !== 'string') return metrics && { pieces: [], usage: metrics, ended };
      const id = asString(value['generation_id']) ?? asString(value['response_id']);
      // The last event says the whole answer again, and that of the calls the plan, if it was told in pieces.
      const repeated = event === 'stream-end' || (event === 'tool-calls-generation' && told);
      const text = repeated ? '' : (asString(value['text']) ?? '');
      if (event !== undefined && text !== '') told = true;
      const piece = { candidate: 0, text, calls: event === 'stream-end' ? [] : callsOf(value['tool_calls'], hints) };
      return { id, pieces: [piece], finish, usage: metrics ?? tokensOf(asObject(value['response']) ?? value), ended };
    },
  };
};

export const bedrockCommandR: UpstreamProtocol = Object.freeze({
  id: protocolId,
  origin: 'cohere',
  framing: 'aws-event-stream',
  request: { toWire },
  response: { fromWire: (body, hints, headers) => readTextAnswer(formatFor(hints), body, headerCounts(headers)) },
  stream: { decoder: (hints) => textDecoder(formatFor(hints)) },
  errors: { fromWire: readError },
} satisfies UpstreamProtocol);
