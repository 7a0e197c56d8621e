import { newId } from '../../lib/ids.ts';
import type { DecodeHints, JsonObject, Part, TextPart, ToolCallPart } from '../../types/index.ts';
import { parseObject } from './read.ts';

/** The tool that an answer is forced through where a model takes no schema; and for a schema that is not an object's, its `value`. */
export const jsonTool = 'json_tool_call';
export const jsonValueTool = 'json_tool_call_value';

/** The one member of a tool that stands for one with free text for input (OpenAI `custom`). */
export const customInput = 'input';

/** How the arguments of a call are to be read: as they stream, or only once they are complete. */
export type CallForm = 'function' | 'custom' | 'json' | 'json-value';

/** What a call of this name on the wire is to the client. */
export const formOf = (wireName: string, hints: DecodeHints | undefined): { form: CallForm; name: string } => {
  if (wireName === hints?.jsonToolName && wireName === jsonTool) return { form: 'json', name: wireName };
  if (wireName === hints?.jsonToolName && wireName === jsonValueTool) return { form: 'json-value', name: wireName };
  const name = hints?.toolNames?.[wireName] ?? wireName;
  return { form: hints?.customTools?.includes(name) ? 'custom' : 'function', name };
};

/** The free text in the arguments of a tool that stands for a custom one. */
export const customText = (text: string): string => {
  const input = parseObject(text)?.[customInput];
  return typeof input === 'string' ? input : text;
};

/** The answer in the arguments of the tool for schemas that are not an object's. */
export const jsonValueText = (text: string): string => {
  const value = parseObject(text)?.['value'];
  return value === undefined ? text : JSON.stringify(value);
};

const forms: Readonly<Record<CallForm, (part: ToolCallPart, name: string) => TextPart | ToolCallPart>> = {
  function: (part, name) => ({ ...part, name }),
  custom: (part, name) => ({ ...part, name, kind: 'custom', arguments: customText(part.arguments) }),
  json: (part) => ({ type: 'text', text: part.arguments }),
  'json-value': (part) => ({ type: 'text', text: jsonValueText(part.arguments) }),
};

/** A part of an answer as the client that asked is to see it. */
export const withHints = (part: Part, hints: DecodeHints | undefined): Part => {
  if (part.type !== 'tool-call') return part;
  const call = part.id === '' ? { ...part, id: answerable('') } : part;
  if (!hints) return call;
  const { form, name } = formOf(call.name, hints);
  return forms[form](call, name);
};

/** A call's id; a new one where its provider gave none, which no client could answer. */
export const answerable = (id: string): string => id || newId('call_');

/** Arguments that are no JSON object are not thrown away: the model sees them as the text that they are. */
export const unreadable = 'raw_arguments';

/** A call's arguments as the object that Claude's and Bedrock's `input` must be. */
export const toInput = ({ kind, arguments: text }: Pick<ToolCallPart, 'kind' | 'arguments'>): JsonObject => {
  if (kind === 'custom') return { [customInput]: text };
  if (text.trim() === '') return {};
  return parseObject(text) ?? { [unreadable]: text };
};
