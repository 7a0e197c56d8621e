import type { JsonObject, Signature, ToolCallPart } from '../../types/index.ts';
import { asObject, asObjects, asString, parseObject } from '../shared/read.ts';
import { sealCallId, unsealCallId } from '../shared/seal.ts';
import { hasMembers, keep, without } from './own.ts';
import { fromPythonDict, isPythonDict } from './python-dict.ts';

/** Where Google's compatible API and LiteLLM put Gemini's thought signature. */
export const googleSignature = (holder: JsonObject): Signature | undefined => {
  const value =
    asString(asObject(asObject(holder['extra_content'])?.['google'])?.['thought_signature']) ??
    asString(asObject(holder['provider_specific_fields'])?.['thought_signature']) ??
    asString(holder['thought_signature']);
  return value === undefined || value === '' ? undefined : { origin: 'google', value };
};

/** The same, to be written. */
export const googleExtra = (signature: Signature | undefined): JsonObject =>
  signature?.origin === 'google' ? { extra_content: { google: { thought_signature: signature.value } } } : {};

/** Arguments as the JSON text that they should be: an object, a JSON text of a JSON text, or a Python dict is put right. Anything else stays as it is. */
export const argumentsText = (value: unknown): string => {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') return JSON.stringify(value);
  // Groq's models write `null` for no arguments.
  if (value.trim() === 'null') return '';
  if (isPythonDict(value)) return fromPythonDict(value);
  if (!value.startsWith('"')) return value;
  try {
    const inner: unknown = JSON.parse(value);
    return typeof inner === 'string' && parseObject(inner) ? inner : value;
  } catch {
    return value;
  }
};

/** The free text of a custom tool that a vendor saw as a function with one `input`. */
export const customInput = (args: string): string => asString(parseObject(args)?.['input']) ?? args;

export interface CallFacts {
  id: string;
  name: string;
  kind: 'function' | 'custom';
  /** As it came: a text, or an object of vendors that do not serialise it. */
  arguments: unknown;
  signature?: Signature;
}

/** The facts of a whole call or of a fragment of one; what is missing is empty. */
export const callFacts = (call: JsonObject): CallFacts => {
  // Snowflake sends an empty object of the other kind with every call.
  const kind = call['type'] === 'custom' || (asObject(call['custom']) && !asObject(call['function'])) ? 'custom' : 'function';
  const body = asObject(call[kind]) ?? {};
  const { id, signature } = unsealCallId(asString(call['id']) ?? '');
  const found = googleSignature(call) ?? signature;
  return {
    id,
    name: asString(body['name']) ?? '',
    kind,
    arguments: kind === 'custom' ? body['input'] : body['arguments'],
    ...(found && { signature: found }),
  };
};

/**
 * The calls of a whole message.
 * @param newId makes an id for a call that has none, from its position
 */
export const readCalls = (list: unknown, newId: (at: number) => string): ToolCallPart[] =>
  asObjects(list).map((call, at) => {
    const { id, name, kind, arguments: args, signature } = callFacts(call);
    const body = asObject(call[kind]) ?? {};
    const inner = without(body, 'name', 'arguments', 'input');
    const rest = without(call, 'id', 'type', 'function', 'custom', 'extra_content', 'provider_specific_fields', 'thought_signature');
    return {
      type: 'tool-call',
      kind,
      id: id || newId(at),
      name,
      arguments: kind === 'custom' ? (asString(args) ?? '') : argumentsText(args),
      ...(signature && { signature }),
      ...keep({ ...rest, ...(hasMembers(inner) && { inner }) }),
    };
  });

/** A call without arguments is written with `{}`: clients parse the text. */
export const wireArguments = (call: ToolCallPart): string =>
  call.kind === 'function' && call.arguments.trim() === '' ? '{}' : call.arguments;

/** A call for a client. A foreign signature is sealed into the id, which every client sends back (FP-17). */
export const writeCall = (call: ToolCallPart): JsonObject => ({
  id: sealCallId(call, 'openai'),
  type: call.kind,
  [call.kind]: call.kind === 'custom' ? { name: call.name, input: call.arguments } : { name: call.name, arguments: wireArguments(call) },
  ...googleExtra(call.signature),
});
