import { shortHash } from '../../lib/short-hash.ts';
import { table } from '../../lib/table.ts';
import type { JsonObject } from '../../types/index.ts';
import { asObject, isObject } from '../shared/read.ts';

/*
 * Mistral holds messages to rules that OpenAI does not have, and answers 400 or 422 where one is broken (its OpenAPI
 * document, and the messages of its errors 3280 and `extra_forbidden`, read 2026-11-22; that a user may speak behind a tool
 * was seen, though 3230 once said otherwise):
 * - a member that it does not know is refused, even an empty one: `refusal`, `reasoning_content`, a user's `name`;
 * - the id of a call is nine letters and digits;
 * - an assistant's message at the end is a beginning to go on from, and says so (`prefix`);
 * - audio is the bare data, and a file's id stands beside the type of its chunk.
 */

/** The members that each kind of message has; undefined for a role that is not known. */
const members: Readonly<Record<string, ReadonlySet<string>>> = table({
  system: new Set(['role', 'content']),
  user: new Set(['role', 'content']),
  assistant: new Set(['role', 'content', 'tool_calls', 'prefix']),
  tool: new Set(['role', 'content', 'tool_call_id', 'name']),
});

/** Each function below gives back what it was given where that may stay as it is, so that a change is seen by identity. */
type Note = (what: string, why: string) => void;

const idPattern = /^[a-zA-Z0-9]{9}$/;

/** Another vendor's id as one of nine letters and digits: the same for the call and its result, and in every turn. */
const nine = (id: string): string => (idPattern.test(id) ? id : shortHash(id).slice(-9));

const only = (object: JsonObject, known: ReadonlySet<string>, note?: Note): JsonObject => {
  const others = Object.keys(object).filter((name) => !known.has(name));
  if (others.length === 0) return object;
  const rest = { ...object };
  for (const name of others) {
    const value = rest[name];
    delete rest[name];
    const says = value !== null && value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
    if (says) note?.(`messages.${name}`, 'the vendor refuses members of messages that it does not know');
  }
  return rest;
};

const mapped = <T>(list: T[], fit: (each: T) => T): T[] => {
  const fitted = list.map(fit);
  return fitted.some((each, index) => each !== list[index]) ? fitted : list;
};

const callMembers: ReadonlySet<string> = new Set(['id', 'type', 'function', 'index']);
const functionMembers: ReadonlySet<string> = new Set(['name', 'arguments']);

const fitCall = (call: unknown, idOf: (id: string) => string): unknown => {
  if (!isObject(call)) return call;
  const kept = only(call, callMembers);
  const fn = asObject(kept['function']);
  const declared = fn && only(fn, functionMembers);
  const id = typeof kept['id'] === 'string' ? idOf(kept['id']) : kept['id'];
  return kept === call && declared === fn && id === call['id']
    ? call
    : { ...kept, ...(id !== undefined && { id }), ...(fn && { function: declared }) };
};

const chunkMembers: Readonly<Record<string, ReadonlySet<string>>> = table({
  text: new Set(['type', 'text']),
  image_url: new Set(['type', 'image_url']),
  input_audio: new Set(['type', 'input_audio']),
});
const imageMembers: ReadonlySet<string> = new Set(['url', 'detail']);

const fitChunk = (chunk: unknown): unknown => {
  if (!isObject(chunk)) return chunk;
  if (chunk['type'] === 'refusal' && typeof chunk['refusal'] === 'string') return { type: 'text', text: chunk['refusal'] };
  const id = chunk['type'] === 'file' ? asObject(chunk['file'])?.['file_id'] : undefined;
  if (typeof id === 'string') return { type: 'file', file_id: id };
  const known = chunkMembers[String(chunk['type'])];
  const kept = known ? only(chunk, known) : chunk;
  const audio = asObject(kept['input_audio'])?.['data'];
  if (typeof audio === 'string') return { ...kept, input_audio: audio };
  const image = asObject(kept['image_url']);
  const fitted = image && only(image, imageMembers);
  return fitted === image ? kept : { ...kept, image_url: fitted };
};

const fitMessage = (message: JsonObject, note: Note, idOf: (id: string) => string): JsonObject => {
  const known = members[String(message['role'])];
  if (!known) return message;
  const refusal = message['refusal'];
  const spoken = !message['content'] && typeof refusal === 'string' && refusal !== '' ? { content: refusal, refusal: null } : undefined;
  const kept = only(spoken ? { ...message, ...spoken } : message, known, note);
  const changes: JsonObject = {};
  const { content, tool_calls: calls, tool_call_id: callId } = kept;
  if (Array.isArray(content)) changes['content'] = mapped(content as unknown[], fitChunk);
  if (Array.isArray(calls)) changes['tool_calls'] = mapped(calls as unknown[], (call) => fitCall(call, idOf));
  if (typeof callId === 'string') changes['tool_call_id'] = idOf(callId);
  return Object.entries(changes).every(([name, value]) => value === kept[name]) ? kept : { ...kept, ...changes };
};

const hasCalls = ({ tool_calls: calls }: JsonObject): boolean => Array.isArray(calls) && calls.length > 0;

/**
 * Messages as Mistral takes them.
 * @returns the list that was given where nothing had to change
 */
export const fitMessages = (messages: JsonObject[], note: Note = () => undefined, idOf: (id: string) => string = nine): JsonObject[] => {
  const fitted = messages.map((message) => fitMessage(message, note, idOf));
  const last = fitted.at(-1);
  if (last?.['role'] === 'assistant' && !hasCalls(last) && last['prefix'] !== true) fitted[fitted.length - 1] = { ...last, prefix: true };
  return fitted.every((each, index) => each === messages[index]) ? messages : fitted;
};

/** Ids as other vendors and servers make them (and we, where one made none), in a conversation that began there. */
const foreignId =
  /^(?:call_[A-Za-z0-9]{9,}(?:_\d+)*|fc_\w+|toolu_\w+|tooluse_[\w-]+|(?:chatcmpl-tool-|functions\.).+|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/;

const toolMembers: ReadonlySet<string> = new Set(['type', 'function']);
const declaredMembers: ReadonlySet<string> = new Set(['name', 'description', 'strict', 'parameters']);

/** A tool without parameters says that it has none. */
const fitTool = (tool: unknown): unknown => {
  const fn = isObject(tool) ? asObject(tool['function']) : undefined;
  if (!isObject(tool) || !fn) return tool;
  const kept = only(tool, toolMembers);
  const declared = only(isObject(fn['parameters']) ? fn : { ...fn, parameters: { type: 'object', properties: {} } }, declaredMembers);
  return declared === fn ? kept : { ...kept, function: declared };
};

/** Declarations of tools as Mistral takes them; the list that was given where nothing had to change. */
export const fitTools = (tools: unknown[]): unknown[] => mapped(tools, fitTool);

/**
 * Whether a request in OpenAI's format has messages or tools that cannot go to Mistral as they are. Ids that no other vendor is known to make are the
 * client's own, and between it and Mistral.
 */
export const breaksStrictRules = ({ messages, tools }: JsonObject): boolean =>
  (Array.isArray(tools) && fitTools(tools) !== tools) ||
  (Array.isArray(messages) &&
    messages.every(isObject) &&
    fitMessages(
      messages,
      () => undefined,
      (id) => (foreignId.test(id) ? nine(id) : id),
    ) !== messages);
