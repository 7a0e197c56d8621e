import { table } from '../../lib/table.ts';
import { SluiceError, type JsonObject, type Message, type Part, type ToolResultPart } from '../../types/index.ts';
import { pairCalls } from '../shared/pair-calls.ts';
import { joinTextSignatures } from '../shared/placed.ts';
import { isObject, wantArray, wantObject, wantString } from '../shared/read.ts';
import { unsealCallId } from '../shared/seal.ts';
import { readBlock, readContent, readInputBlock, withReadableText } from './blocks-from-wire.ts';
import { cacheMark, keep } from './common.ts';

const roles: Readonly<Record<string, Message['role']>> = table({
  user: 'user',
  assistant: 'assistant',
  // Newer Claude models take these two as well; Claude Code sends them to any model (FP-89).
  system: 'system',
  developer: 'developer',
});

/** The top-level `system`: text, or blocks with cache marks. */
export const readSystem = (system: unknown): Message[] => {
  if (system === undefined || system === null) return [];
  if (typeof system !== 'string') wantArray(system, 'system');
  const content = readContent(system, readInputBlock);
  return content.length === 0 ? [] : [{ role: 'system', content }];
};

export const readMessages = (messages: unknown): Message[] =>
  pairCalls(
    wantArray(messages, 'messages').flatMap((each, index) => readMessage(wantObject(each, `messages.${index}`), `messages.${index}`)),
  );

const readMessage = (message: JsonObject, path: string): Message[] => {
  const name = wantString(message['role'], `${path}.role`);
  const role = roles[name];
  if (!role) {
    throw new SluiceError('invalid_request', `'${path}.role' must be 'user' or 'assistant', not '${name}'.`, { param: `${path}.role` });
  }
  const { role: _role, content, ...more } = message;
  const blocks = wantContent(content, `${path}.content`);
  if (role === 'user') return readUserTurn(blocks, more);
  const parts =
    role === 'assistant' ? joinTextSignatures(blocks.map((block) => withReadableText(readBlock(block)))) : blocks.map(readInputBlock);
  return [{ role, content: parts, ...keep(more) }];
};

const wantContent = (content: unknown, path: string): JsonObject[] => {
  if (content === null) return [];
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return wantArray(content, path).map((block, index) =>
    typeof block === 'string' ? { type: 'text', text: block } : wantObject(block, `${path}.${index}`),
  );
};

/** Tool results come in a user's turn; in the neutral model they are a message of their own, before the rest of it. */
const readUserTurn = (blocks: JsonObject[], more: JsonObject): Message[] => {
  const results: ToolResultPart[] = [];
  const others: Part[] = [];
  for (const block of blocks) {
    const result = readToolResult(block);
    if (result) results.push(result);
    else others.push(readInputBlock(block));
  }
  if (results.length === 0) return [{ role: 'user', content: others, ...keep(more) }];
  const tool: Message = { role: 'tool', content: results };
  return others.length === 0 ? [{ ...tool, ...keep(more) }] : [tool, { role: 'user', content: others, ...keep(more) }];
};

const readToolResult = (block: JsonObject): ToolResultPart | undefined => {
  const { type, tool_use_id, content, is_error, cache_control, ...more } = block;
  if (type !== 'tool_result' || typeof tool_use_id !== 'string') return undefined;
  return {
    type: 'tool-result',
    callId: unsealCallId(tool_use_id).id,
    content: readContent(isObject(content) ? [content] : content, readResultBlock),
    ...(typeof is_error === 'boolean' && { isError: is_error }),
    ...cacheMark(cache_control),
    ...keep(more),
  };
};

const readResultBlock = (block: JsonObject): ToolResultPart['content'][number] => {
  const part = readInputBlock(block);
  if (part.type === 'text' || part.type === 'image' || part.type === 'file' || part.type === 'opaque') return part;
  throw new SluiceError('internal', `A tool's answer cannot hold '${part.type}'.`);
};
