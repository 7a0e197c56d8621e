import { table } from '../../lib/table.ts';
import { SluiceError, type JsonObject, type Message, type Part } from '../../types/index.ts';
import { wantArray, wantObject } from '../shared/read.ts';
import { CallBook } from './call-ids.ts';
import { joinCallPieces } from './call-stream.ts';
import { joinChunks } from './join-chunks.ts';
import { camelKeys } from './names.ts';
import { pushPart, readPart } from './parts-from.ts';

/** The roles that Google takes; a turn without one is the user's. `tool` is written by some clients for `function`. */
const roles: Readonly<Record<string, 'user' | 'model' | 'function'>> = table({
  user: 'user',
  model: 'model',
  function: 'function',
  tool: 'function',
});

/** `contents` -> messages. A text, a part or a single content stand for a user's turn, as Google's own SDKs take them. */
export const readContents = (value: unknown): Message[] => {
  const book = new CallBook();
  if (!Array.isArray(value)) return readContent(value, 'contents', book);
  return joinChunks(value).flatMap(({ content, index }) => readContent(content, `contents[${index}]`, book));
};

const readContent = (value: unknown, path: string, book: CallBook): Message[] => {
  if (typeof value === 'string') return [{ role: 'user', content: [{ type: 'text', text: value }] }];
  const content = camelKeys(wantObject(value, path));
  if (content['parts'] === undefined && content['role'] === undefined && Object.keys(content).length > 0) {
    return [{ role: 'user', content: readParts([value], path, book) }];
  }
  const role = content['role'] === undefined || content['role'] === '' ? 'user' : roles[String(content['role']).toLowerCase()];
  if (role === undefined) {
    throw new SluiceError('invalid_request', `'${path}.role' must be 'user' or 'model', not '${String(content['role'])}'.`, {
      param: `${path}.role`,
    });
  }
  return arrange(role, readParts(content['parts'] ?? [], `${path}.parts`, book));
};

/** @param value an array of parts, one part, or a text */
const readParts = (value: unknown, path: string, book = new CallBook()): Part[] => {
  const content: Part[] = [];
  const list =
    typeof value === 'string' || (typeof value === 'object' && value !== null && !Array.isArray(value)) ? [value] : wantArray(value, path);
  const given = list.map((each, index): JsonObject => (typeof each === 'string' ? { text: each } : wantObject(each, `${path}[${index}]`)));
  for (const part of wholeCalls(given, path)) pushPart(content, readPart(part, book), part);
  return content;
};

/** Chats that keep the chunks of a streamed answer keep its calls in the pieces that they came in. */
const wholeCalls = (parts: JsonObject[], path: string): JsonObject[] => {
  try {
    return joinCallPieces(parts);
  } catch (cause) {
    throw new SluiceError('invalid_request', `The pieces of a function call in '${path}' do not make one call.`, { param: path, cause });
  }
};

/** One turn as messages that keep the neutral model's invariants: results apart and first, calls with the assistant. */
const arrange = (role: 'user' | 'model' | 'function', parts: Part[]): Message[] => {
  const results = parts.filter((part) => part.type === 'tool-result');
  const others = parts.filter((part) => part.type !== 'tool-result');
  const tool: Message[] = results.length > 0 ? [{ role: 'tool', content: results }] : [];
  const assistant = role === 'model' || others.some((part) => part.type === 'tool-call' || part.type === 'thinking');
  // Google's SDK keeps a turn without parts for an answer that had none; it says nothing.
  const said = others.length > 0 || (results.length === 0 && !assistant);
  const rest: Message[] = said ? [{ role: assistant ? 'assistant' : 'user', content: others }] : [];
  return assistant ? [...rest, ...tool] : [...tool, ...rest];
};

/** `systemInstruction`: a content, its parts, or a text. Its role means nothing and is kept for the way back. */
export const readSystem = (value: unknown): Message[] => {
  if (value === undefined) return [];
  if (typeof value === 'string') return [{ role: 'system', content: [{ type: 'text', text: value }] }];
  if (Array.isArray(value)) return [{ role: 'system', content: readParts(value, 'systemInstruction') }];
  const content = camelKeys(wantObject(value, 'systemInstruction'));
  const parts = content['parts'] === undefined && content['text'] !== undefined ? [content] : (content['parts'] ?? []);
  const { role } = content;
  return [
    {
      role: 'system',
      content: readParts(parts, 'systemInstruction.parts'),
      ...(typeof role === 'string' && { extra: { gemini: { role } } }),
    },
  ];
};
