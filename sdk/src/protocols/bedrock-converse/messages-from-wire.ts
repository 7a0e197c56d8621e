import { table } from '../../lib/table.ts';
import { SluiceError, type JsonObject, type Message, type Origin, type Part, type ToolResultPart } from '../../types/index.ts';
import { pairCalls } from '../shared/pair-calls.ts';
import { joinTextSignatures } from '../shared/placed.ts';
import { asObject, asObjects, wantArray, wantObject, wantString } from '../shared/read.ts';
import { unsealCallId } from '../shared/seal.ts';
import { readBlock, readInputBlock } from './blocks-from-wire.ts';
import { bedrock, keep, markable, readCachePoint } from './common.ts';

const roles: Readonly<Record<string, Message['role']>> = table({ user: 'user', assistant: 'assistant', system: 'system' });

/** Puts a `cachePoint` on the part before it; where it cannot be, it stays a block of its own. */
const mark = (before: Part | undefined, block: JsonObject, others: Part[]): void => {
  if (markable(before)) before.cacheControl = readCachePoint(block['cachePoint']);
  else others.push({ type: 'opaque', origin: bedrock, value: block });
};

const isCachePoint = (block: JsonObject): boolean => block['cachePoint'] !== undefined && block['cachePoint'] !== null;

/** The top-level `system`: texts, guarded content, cache points. */
export const readSystem = (system: unknown): Message[] => {
  if (system === undefined || system === null) return [];
  const content: Part[] = [];
  wantArray(system, 'system').forEach((each, index) => {
    const block = wantObject(each, `system.${index}`);
    if (isCachePoint(block)) mark(content.at(-1), block, content);
    else content.push(readInputBlock(block));
  });
  return content.length === 0 ? [] : [{ role: 'system', content }];
};

/** @param origin the family of the model that the conversation is with, where it is known */
export const readMessages = (messages: unknown, origin: Origin | undefined): Message[] =>
  pairCalls(
    wantArray(messages, 'messages').flatMap((each, index) =>
      readMessage(wantObject(each, `messages.${index}`), `messages.${index}`, origin),
    ),
  );

const readMessage = (message: JsonObject, path: string, origin: Origin | undefined): Message[] => {
  const name = wantString(message['role'], `${path}.role`);
  const role = roles[name];
  if (!role) {
    throw new SluiceError('invalid_request', `'${path}.role' must be 'user' or 'assistant', not '${name}'.`, { param: `${path}.role` });
  }
  const blocks = wantArray(message['content'], `${path}.content`).map((block, index) => wantObject(block, `${path}.content.${index}`));
  const results: ToolResultPart[] = [];
  const others: Part[] = [];
  let before: Part | undefined;
  for (const block of blocks) {
    if (isCachePoint(block)) {
      mark(before, block, others);
      continue;
    }
    const result = role === 'user' ? readToolResult(block) : undefined;
    if (result) results.push(result);
    else others.push(role === 'assistant' ? readBlock(block, origin) : readInputBlock(block));
    before = result ?? others.at(-1);
  }
  // Tool results come in a user's turn; in the neutral model they are a message of their own, before the rest of it.
  const turn: Message = { role, content: role === 'assistant' ? joinTextSignatures(others) : others };
  if (results.length === 0) return [turn];
  const tool: Message = { role: 'tool', content: results };
  return others.length === 0 ? [tool] : [tool, turn];
};

const readToolResult = (block: JsonObject): ToolResultPart | undefined => {
  const value = asObject(block['toolResult']);
  const callId = value?.['toolUseId'];
  if (!value || typeof callId !== 'string') return undefined;
  const { status } = value;
  return {
    type: 'tool-result',
    callId: unsealCallId(callId).id,
    content: asObjects(value['content']).map(readResultBlock),
    ...(typeof status === 'string' && { isError: status === 'error' }),
  };
};

const readResultBlock = (block: JsonObject): ToolResultPart['content'][number] => {
  // `json` may be any value; others are told it as a text.
  if (block['json'] !== undefined && block['json'] !== null)
    return { type: 'text', text: JSON.stringify(block['json']), ...keep({ json: block['json'] }) };
  const part = readInputBlock(block);
  return part.type === 'text' || part.type === 'image' || part.type === 'file' || part.type === 'audio' || part.type === 'opaque'
    ? part
    : { type: 'opaque', origin: bedrock, value: block };
};
