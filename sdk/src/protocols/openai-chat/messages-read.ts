import { table } from '../../lib/table.ts';
import { SluiceError, type JsonObject, type Message, type Part, type ToolResultPart } from '../../types/index.ts';
import { pairCalls } from '../shared/pair-calls.ts';
import { asObjects, asString, wantArray, wantObject, wantString } from '../shared/read.ts';
import { unsealCallId } from '../shared/seal.ts';
import { assistantMembers, readAssistant } from './assistant.ts';
import { readContent } from './content-read.ts';
import { hasMembers, keep, readCacheMark, without } from './own.ts';

/** What one message needs to know of those before it. */
interface History {
  /** Ids of calls in the old form (`function_call`), which has none: given here, taken by the next `function` message of the name. */
  legacy: { name: string; id: string }[];
}

type Reader = (message: JsonObject, path: string, history: History) => Message[];

const common = (message: JsonObject, ...known: string[]): Pick<Message, 'name' | 'cacheControl' | 'extra'> => {
  const name = asString(message['name']);
  return {
    ...(name !== undefined && { name }),
    ...readCacheMark(message),
    ...keep(given(without(message, 'role', 'content', 'name', 'cache_control', ...known))),
  };
};

/** Without the members that are null: SDKs that print every field send `tool_calls: null` with a user's message. */
const given = (members: JsonObject): JsonObject =>
  hasMembers(members) ? Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null)) : members;

const instructions =
  (role: 'system' | 'developer'): Reader =>
  (message, path) => [{ role, content: readContent(message['content'], `${path}.content`), ...common(message) }];

const resultContent = (content: unknown, path: string): ToolResultPart['content'] =>
  readContent(content, path).map((part): ToolResultPart['content'][number] => {
    if (part.type === 'text' || part.type === 'image' || part.type === 'file' || part.type === 'audio' || part.type === 'opaque')
      return part;
    throw new SluiceError('invalid_request', `'${path}' cannot hold a part of type '${part.type}'.`, { param: path });
  });

const user: Reader = (message, path) => {
  const content = message['content'];
  const results = Array.isArray(content) ? asObjects(content).filter((part) => part['type'] === 'tool_result') : [];
  // Anthropic's tool results, in bodies of clients that mix the formats (FP-18): a message of their own, before the rest.
  const messages = results.map((part): Message => {
    const callId = unsealCallId(wantString(part['tool_use_id'], `${path}.content.tool_use_id`)).id;
    const result: ToolResultPart = { type: 'tool-result', callId, content: resultContent(part['content'], `${path}.content`) };
    return { role: 'tool', content: [{ ...result, ...(part['is_error'] === true && { isError: true }) }] };
  });
  const others = results.length === 0 ? content : (content as unknown[]).filter((part) => !results.includes(part as JsonObject));
  if (results.length > 0 && (others as unknown[]).length === 0) return messages;
  return [...messages, { role: 'user', content: readContent(others, `${path}.content`), ...common(message) }];
};

/** Anthropic's calls among the content, in bodies of clients that mix the formats. */
const withoutToolUse = (message: JsonObject): JsonObject => {
  const content = message['content'];
  if (!Array.isArray(content)) return message;
  const uses = asObjects(content).filter((part) => part['type'] === 'tool_use');
  if (uses.length === 0) return message;
  const calls = uses.map(({ id, name, input }) => ({ id, type: 'function', function: { name, arguments: input ?? {} } }));
  const list = Array.isArray(message['tool_calls']) ? message['tool_calls'] : [];
  return { ...message, content: content.filter((part) => !uses.includes(part as JsonObject)), tool_calls: [...list, ...calls] };
};

const assistant: Reader = (given, path, history) => {
  const message = withoutToolUse(given);
  const legacyId = `call_legacy_${history.legacy.length}`;
  const isLegacy = !Array.isArray(message['tool_calls']) || message['tool_calls'].length === 0;
  const content = readAssistant(message, path, () => (isLegacy ? legacyId : ''));
  const call = content.find((part) => part.type === 'tool-call');
  if (isLegacy && call) history.legacy.push({ name: call.name, id: call.id });
  // DeepSeek wants its thoughts back beside calls, if there were none as an empty text.
  const known = assistantMembers.filter((name) => message[name] !== '' || !name.startsWith('reasoning'));
  return [{ role: 'assistant', content, ...common(message, ...known) }];
};

const tool: Reader = (message, path) => {
  const { id } = unsealCallId(wantString(message['tool_call_id'], `${path}.tool_call_id`));
  const name = asString(message['name']);
  const result: Part = { type: 'tool-result', callId: id, content: resultContent(message['content'], `${path}.content`) };
  const { name: _name, ...rest } = common(message, 'tool_call_id');
  return [{ role: 'tool', content: [{ ...result, ...(name !== undefined && { name }) }], ...rest }];
};

/** The old form of a tool result: it names the function, not the call. */
const legacyFunction: Reader = (message, path, history) => {
  const name = wantString(message['name'], `${path}.name`);
  const at = history.legacy.findLastIndex((call) => call.name === name);
  const id = (history.legacy[at] ?? history.legacy.at(-1))?.id ?? `call_legacy_${name}`;
  return [
    { role: 'tool', content: [{ type: 'tool-result', callId: id, name, content: resultContent(message['content'], `${path}.content`) }] },
  ];
};

const readers: Readonly<Record<string, Reader>> = table({
  system: instructions('system'),
  developer: instructions('developer'),
  user,
  assistant,
  tool,
  function: legacyFunction,
});

/** @throws SluiceError `invalid_request`, naming the member by its path */
export const readMessages = (value: unknown): Message[] => {
  const history: History = { legacy: [] };
  const messages = wantArray(value, 'messages').flatMap((item, at) => {
    const path = `messages[${at}]`;
    const message = wantObject(item, path);
    const role = wantString(message['role'], `${path}.role`);
    const read = readers[role];
    if (!read) {
      throw new SluiceError('invalid_request', `'${path}.role' must be one of ${Object.keys(readers).join(', ')}, not '${role}'.`, {
        param: `${path}.role`,
      });
    }
    return read(message, path, history);
  });
  return pairCalls(messages);
};
