import { table } from '../../lib/table.ts';
import {
  SluiceError,
  type ImagePart,
  type JsonObject,
  type Message,
  type OpaquePart,
  type Part,
  type ThinkingPart,
  type ToolCallPart,
} from '../../types/index.ts';
import { parseDataUrl } from '../shared/data-url.ts';
import { pairCalls } from '../shared/pair-calls.ts';
import { asObjects, asString, maybe, wantArray, wantObject, wantString } from '../shared/read.ts';
import { unsealCallId, unsealOpaque, unsealSignature, unsealThinking } from '../shared/seal.ts';
import { isOfText, readCitation } from './citations.ts';
import { id, origin, planPart, planSignature } from './common.ts';
import { readDocumentBlock } from './documents.ts';

/** @throws SluiceError `invalid_request`, naming the member */
export const readMessages = (value: unknown): Message[] => {
  const messages = wantArray(value, 'messages').map((each, index) => {
    const path = `messages[${index}]`;
    const message = wantObject(each, path);
    const role = wantString(message['role'], `${path}.role`);
    const read = readers[role];
    if (!read) throw wrong(`${path}.role`, `must be system, user, assistant or tool, not '${role.slice(0, 50)}'`);
    return read(message, path);
  });
  return pairCalls(messages);
};

const wrong = (path: string, what: string): SluiceError => new SluiceError('invalid_request', `'${path}' ${what}.`, { param: path });

const readers: Readonly<Record<string, (message: JsonObject, path: string) => Message>> = table({
  system: (message, path) => ({ role: 'system', content: readContent(message['content'], `${path}.content`) }),
  developer: (message, path) => ({ role: 'developer', content: readContent(message['content'], `${path}.content`) }),
  user: (message, path) => ({ role: 'user', content: readContent(message['content'], `${path}.content`) }),
  assistant: (message, path) => {
    const plan = asString(message['tool_plan']);
    const spoken = readContent(message['content'] ?? [], `${path}.content`);
    const left = cite(spoken, asObjects(message['citations']));
    const calls = (maybe(wantArray, message['tool_calls'], `${path}.tool_calls`) ?? []).map((call, index) =>
      readCall(call, `${path}.tool_calls[${index}]`),
    );
    const content: Part[] = [...(plan ? [{ ...planPart(plan), signature: planSignature }] : []), ...spoken, ...calls];
    return { role: 'assistant', content, ...(left.length > 0 && { extra: { [id]: { citations: left } } }) };
  },
  tool: (message, path) => ({
    role: 'tool',
    content: [
      {
        type: 'tool-result',
        callId: unsealCallId(wantString(message['tool_call_id'], `${path}.tool_call_id`)).id,
        content: readContent(message['content'], `${path}.content`).filter(
          (part) => part.type === 'text' || part.type === 'image' || part.type === 'file',
        ),
      },
    ],
  }),
});

/** An empty text says nothing; agents send it beside calls. */
const readContent = (value: unknown, path: string): Part[] => {
  if (typeof value === 'string') return value === '' ? [] : [{ type: 'text', text: value }];
  return wantArray(value, path).flatMap((each, index): Part[] => {
    const at = `${path}[${index}]`;
    const block = wantObject(each, at);
    const type = wantString(block['type'], `${at}.type`);
    const read = blocks[type];
    if (!read) throw wrong(`${at}.type`, `is '${type.slice(0, 50)}', which Cohere's format does not have`);
    const part = read(block, at);
    return part.type === 'text' && part.text === '' && !part.signature ? [] : [part];
  });
};

const blocks: Readonly<Record<string, (block: JsonObject, path: string) => Part>> = table({
  text: (block, path) => {
    const signature = asString(block['signature']);
    const text = wantString(block['text'], `${path}.text`);
    return { type: 'text', text, ...(signature !== undefined && { signature: unsealSignature(signature, origin) }) };
  },
  thinking: (block, path) => readThinking(block, path),
  image_url: (block, path) => readImage(block['image_url'], `${path}.image_url`),
  document: readDocumentBlock,
});

/** A foreign vendor's signatures and blocks stand where we put them. */
const readThinking = (block: JsonObject, path: string): ThinkingPart | OpaquePart => {
  const text = wantString(block['thinking'], `${path}.thinking`);
  const sealed = asString(block['signature']);
  const carried = unsealOpaque(sealed)?.part;
  if (carried) return carried;
  return (sealed === undefined ? undefined : unsealThinking(sealed, text)) ?? { type: 'thinking', text };
};

const readImage = (value: unknown, path: string): ImagePart => {
  const { url, detail } = typeof value === 'string' ? { url: value } : wantObject(value, path);
  const address = wantString(url, `${path}.url`);
  const data = parseDataUrl(address);
  const level = asString(detail);
  return {
    type: 'image',
    source: data ? { kind: 'base64', ...data } : { kind: 'url', url: address },
    ...(level !== undefined && { detail: level }),
  };
};

const readCall = (value: unknown, path: string): ToolCallPart => {
  const call = wantObject(value, path);
  const declared = wantObject(call['function'], `${path}.function`);
  return {
    type: 'tool-call',
    kind: 'function',
    ...unsealCallId(wantString(call['id'], `${path}.id`)),
    name: wantString(declared['name'], `${path}.function.name`),
    arguments: asString(declared['arguments']) ?? '',
  };
};

/** Puts citations onto the texts that they are of. @returns those that are of something else */
const cite = (parts: readonly Part[], citations: readonly JsonObject[]): JsonObject[] => {
  const first = parts.find((part) => part.type === 'text');
  return citations.filter((citation) => {
    const at = citation['content_index'];
    const target = parts[typeof at === 'number' ? at : -1] ?? first;
    if (!isOfText(citation) || target?.type !== 'text') return true;
    (target.citations ??= []).push(...readCitation(citation, target.text, 0));
    return false;
  });
};
