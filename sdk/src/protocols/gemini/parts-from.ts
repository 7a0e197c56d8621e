import type { JsonObject, OpaquePart, Part, Signature, ThinkingPart, ToolResultPart } from '../../types/index.ts';
import { asArray, asObject, asString, isObject } from '../shared/read.ts';
import { unsealOpaque, unsealSignature, unsealThinking, unsealThoughts } from '../shared/seal.ts';
import type { CallBook } from './call-ids.ts';
import { fromFileData, fromInlineData } from './media.ts';
import { camelKeys } from './names.ts';

/** Members that a neutral part has a place for; what else stands beside them (`videoMetadata`, ...) is the format's own. */
const carried: ReadonlySet<string> = new Set([
  'text',
  'thought',
  'thoughtSignature',
  'inlineData',
  'fileData',
  'functionCall',
  'functionResponse',
]);

const extraOf = (part: JsonObject): { extra: { gemini: JsonObject } } | undefined => {
  const rest = Object.entries(part).filter(([name]) => !carried.has(name));
  return rest.length === 0 ? undefined : { extra: { gemini: Object.fromEntries(rest) } };
};

/** @param part its members in camelCase */
export const signatureOf = (part: JsonObject): Signature | undefined => {
  const value = asString(part['thoughtSignature']);
  return value === undefined || unsealThoughts(value) ? undefined : unsealSignature(value, 'google');
};

/** One part of a `Content`, whoever wrote it. The kinds that only Google knows are opaque, verbatim. */
export const readPart = (value: JsonObject, book: CallBook): Part => {
  // Most parts of most conversations.
  if (typeof value['text'] === 'string' && Object.keys(value).length === 1) return { type: 'text', text: value['text'] };
  const part = camelKeys(value);
  const block = part['thought'] === true ? unsealOpaque(asString(part['thoughtSignature'])) : undefined;
  if (block) return block.part;
  const signature = signatureOf(part);
  const signed = signature && { signature };

  const call = asObject(part['functionCall']);
  if (call) {
    const { id, name, args } = camelKeys(call);
    const spelled = asString(name) ?? '';
    return {
      type: 'tool-call',
      kind: 'function',
      id: book.call(asString(id), spelled),
      name: spelled,
      arguments: args === undefined ? '' : JSON.stringify(args),
      ...signed,
      ...extraOf(part),
    };
  }
  const response = asObject(part['functionResponse']);
  if (response) return readResponse(camelKeys(response), extraOf(part)?.extra.gemini, book);

  const blob = asObject(part['inlineData']);
  const file = asObject(part['fileData']);
  if (blob || file) {
    const media = blob ? fromInlineData(blob) : fromFileData(file!);
    return { ...media, ...(media.type === 'image' ? signed : undefined), ...extraOf(part) };
  }
  const text = asString(part['text']);
  if (text === undefined && Object.keys(part).some((name) => !carried.has(name))) return readOpaque(value);
  if (part['thought'] === true) return { type: 'thinking', text: text ?? '', ...signed, ...extraOf(part) };
  return { type: 'text', text: text ?? '', ...signed, ...extraOf(part) };
};

/** Code execution, server-side tool calls, and what is not known yet. No `text`: a program is not what the model said. */
const readOpaque = (value: JsonObject): OpaquePart => ({ type: 'opaque', origin: 'google', value });

/**
 * What a function answered. Google takes any object; one text under one name (`output`, `result`, ...) is that text to
 * others, and the name is kept for the way back. Anything else is its JSON text. `error` marks a failure.
 */
const readResponse = (response: JsonObject, beside: JsonObject | undefined, book: CallBook): ToolResultPart => {
  const { id, name, response: answer, parts, ...rest } = response;
  const spelled = asString(name) ?? '';
  const members = Object.entries(asObject(answer) ?? {});
  const only = members.length === 1 && typeof members[0]![1] === 'string' ? { key: members[0]![0], text: members[0]![1] } : undefined;
  const own: JsonObject = { ...rest, ...(only && only.key !== 'error' && { responseKey: only.key }), ...(beside && { beside }) };

  const result: ToolResultPart = { type: 'tool-result', callId: book.answer(asString(id), spelled), name: spelled, content: [] };
  const text = only?.text ?? (answer === undefined ? '' : JSON.stringify(answer));
  if (text !== '') result.content.push({ type: 'text', text });
  if (members.length === 1 && members[0]![0] === 'error') result.isError = true;
  for (const each of asArray(parts)) {
    if (!isObject(each)) continue;
    const media = readPart(each, book);
    if (media.type === 'image' || media.type === 'file' || media.type === 'audio' || media.type === 'opaque') result.content.push(media);
    else result.content.push(readOpaque(each));
  }
  if (Object.keys(own).length > 0) result.extra = { gemini: own };
  return result;
};

/**
 * Adds a part to a turn. Thoughts that were streamed to a Gemini client come back in pieces, the sealed proof of
 * another vendor in the last one; that vendor wants text and proof in one block again.
 */
export const pushPart = (content: Part[], part: Part, value: JsonObject): void => {
  const carries = part.type === 'thinking' || part.type === 'tool-call';
  const sealed = carries ? asString(camelKeys(value)['thoughtSignature']) : undefined;
  if (part.type === 'tool-call' && sealed !== undefined) pushThoughts(content, unsealThoughts(sealed) ?? []);
  if (part.type !== 'thinking' || sealed === undefined || !unsealThinking(sealed, '')) {
    content.push(part);
    return;
  }
  // A thought without words has none before it either.
  const wordless = part.text !== '' && unsealThinking(sealed, part.text)?.text === '';
  let text = part.text;
  for (let last = content.at(-1); !wordless && last?.type === 'thinking' && !last.signature && !last.redacted; last = content.at(-1)) {
    text = last.text + text;
    content.pop();
  }
  const { signature: _signature, ...rest } = part;
  const opened: ThinkingPart = { ...rest, ...unsealThinking(sealed, text) };
  content.push(opened);
};

/** The thoughts that a call brought along, where the client did not keep them itself. */
const pushThoughts = (content: Part[], thoughts: readonly ThinkingPart[]): void => {
  const proofOf = ({ signature, redacted }: ThinkingPart): string => `${signature?.value} ${redacted?.value}`;
  const kept = new Set(content.flatMap((part) => (part.type === 'thinking' ? [proofOf(part)] : [])));
  content.push(...thoughts.filter((thought) => !kept.has(proofOf(thought))));
};
