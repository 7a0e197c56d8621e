import type {
  ChatRequest,
  FunctionTool,
  JsonObject,
  Message,
  Part,
  ToolCallPart,
  ToolResultPart,
  ToWireContext,
} from '../../types/index.ts';
import { asObject, asString, compact, parseObject } from '../shared/read.ts';

/*
 * A conversation as Cohere's first chat format has it: the last of it apart from its history, calls without ids, results
 * with the calls that they are of (oci-generativeaiinference 2.142.0, CohereChatRequest and CohereMessage, read 2026-11-22).
 */

const textOf = (parts: readonly Part[], { drop, lacks }: ToWireContext): string => {
  const texts = parts.flatMap((part) => {
    if (part.type === 'text' || part.type === 'refusal') return [part.text];
    if (part.type === 'thinking' || part.type === 'opaque') drop(part.type, 'the format has no place for it');
    else if (part.type !== 'tool-call' && part.type !== 'tool-result') lacks(part.type, 'the format takes text alone');
    return [];
  });
  return texts.join('\n');
};

const callOf = ({ name, arguments: args }: ToolCallPart): JsonObject => ({ name, parameters: parseObject(args) ?? {} });

/** An output is an object there. */
const outputOf = (text: string): JsonObject => parseObject(text) ?? { output: text };

interface Written {
  message: string;
  chatHistory: JsonObject[];
  toolResults?: JsonObject[];
  preambleOverride?: string;
}

export const writeCohere = ({ messages }: ChatRequest, context: ToWireContext): Written => {
  const calls = new Map<string, ToolCallPart>();
  for (const { content } of messages) for (const part of content) if (part.type === 'tool-call') calls.set(part.id, part);

  const resultOf = (part: ToolResultPart): JsonObject => {
    const call = calls.get(part.callId);
    return { call: call ? callOf(call) : { name: part.name ?? '', parameters: {} }, outputs: [outputOf(textOf(part.content, context))] };
  };
  const entryOf = ({ role, content }: Message): JsonObject => {
    if (role === 'tool')
      return { role: 'TOOL', toolResults: content.flatMap((part) => (part.type === 'tool-result' ? [resultOf(part)] : [])) };
    if (role !== 'assistant') return { role: role === 'user' ? 'USER' : 'SYSTEM', message: textOf(content, context) };
    const made = content.flatMap((part) => (part.type === 'tool-call' ? [callOf(part)] : []));
    return compact({ role: 'CHATBOT', message: textOf(content, context), toolCalls: made.length > 0 ? made : undefined });
  };

  const isSystem = ({ role }: Message): boolean => role === 'system' || role === 'developer';
  const first = messages.findIndex((message) => !isSystem(message));
  const lead = messages.slice(0, first === -1 ? messages.length : first);
  const turns = messages.slice(lead.length);
  const preamble = lead.map(({ content }) => textOf(content, context)).join('\n\n');
  const last = turns.at(-1);
  // Results that nothing was said to yet are the current turn, and so is what a user says last.
  let at = turns.length;
  if (last?.role === 'tool') while (turns[at - 1]?.role === 'tool') at--;
  else if (last?.role === 'user') at--;
  const results = turns
    .slice(at)
    .flatMap((message) => (message.role === 'tool' ? ((entryOf(message)['toolResults'] ?? []) as JsonObject[]) : []));
  return {
    message: last?.role === 'user' ? textOf(last.content, context) : '',
    chatHistory: turns.slice(0, at).map(entryOf),
    ...(results.length > 0 && { toolResults: results }),
    ...(preamble !== '' && { preambleOverride: preamble }),
  };
};

/** Types by the names that Python has for them (BerriAI/litellm `llms/oci/common_utils.py`, read 2026-11-22). */
const types: Readonly<Record<string, string>> = {
  string: 'str',
  number: 'float',
  boolean: 'bool',
  integer: 'int',
  array: 'list',
  object: 'dict',
};

/** A parameter has a type and a description alone: what else its schema says is told in the description. */
const parameterOf = (schema: JsonObject, isRequired: boolean): JsonObject => {
  const { type, description, ...more } = schema;
  const rest = Object.keys(more).length > 0 ? `JSON Schema: ${JSON.stringify(schema)}` : '';
  return {
    description: [asString(description) ?? '', rest].filter((each) => each !== '').join(' '),
    type: types[asString(type) ?? ''] ?? 'any',
    isRequired,
  };
};

export const cohereTool = ({ name, description, parameters }: FunctionTool): JsonObject => {
  const required = Array.isArray(parameters?.['required']) ? (parameters['required'] as unknown[]) : [];
  const properties = Object.entries(asObject(parameters?.['properties']) ?? {});
  return {
    name,
    description: description ?? '',
    parameterDefinitions: Object.fromEntries(
      properties.map(([property, schema]) => [property, parameterOf(asObject(schema) ?? {}, required.includes(property))]),
    ),
  };
};
