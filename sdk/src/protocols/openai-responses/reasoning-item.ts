import type { JsonObject, ModelTraits, OpaquePart, Signature, ThinkingPart, ToWireContext } from '../../types/index.ts';
import { asObjects, asString } from '../shared/read.ts';
import { sealOpaque, sealThinking, unsealOpaque, unsealThinking } from '../shared/seal.ts';
import { asNative, family, nativeOf, ownReasoningId, without } from './native.ts';

/*
 * A reasoning item holds readable thoughts (`summary`, or `content` where the model shows them raw) and an opaque
 * text that only its vendor can read (`encrypted_content`). The opaque values of other families travel sealed in
 * that place (FP-16).
 */

const texts = (value: unknown): string[] => asObjects(value).map((each) => asString(each['text']) ?? '');

/** The readable paragraphs, in the order in which streams send them. */
const paragraphsOf = (item: JsonObject): string[] => [...texts(item['content']), ...texts(item['summary'])];

const joinParagraphs = (paragraphs: readonly string[]): string => paragraphs.join('\n\n');

/** Where a sealed signature belongs that is not of a thought: see `carrierItem`. */
export type Carried = { of: 'text' | 'image' } | { of: 'call'; callId: string };

const marks = ['text', 'image'] as const;
const callMark = 'call:';

const carriedBy = (id: string | undefined): Carried | undefined => {
  const mark = marks.find((each) => each === id);
  if (mark) return { of: mark };
  return id?.startsWith(callMark) ? { of: 'call', callId: id.slice(callMark.length) } : undefined;
};

/**
 * A reasoning item that carries a foreign signature of a text, a picture or a tool call, which have no place for one.
 * Clients send reasoning items back in order, so it is found behind the part that it belongs to.
 */
export const carrierItem = (id: string, signature: Signature, carried: Carried): JsonObject => ({
  type: 'reasoning',
  id,
  summary: [],
  encrypted_content: sealThinking({
    type: 'thinking',
    text: '',
    signature,
    id: carried.of === 'call' ? callMark + carried.callId : carried.of,
  }),
});

/** A reasoning item that stands for a block that only another family understands. */
export const blockItem = (id: string, part: OpaquePart): JsonObject => ({
  type: 'reasoning',
  id,
  summary: [],
  encrypted_content: sealOpaque(part),
});

export interface ReadReasoning {
  part: ThinkingPart | OpaquePart;
  /** The item was made by `carrierItem`: its signature belongs to the part before. */
  carried?: Carried;
}

/** A reasoning item of a request's input. */
export const readReasoning = (item: JsonObject): ReadReasoning => {
  const paragraphs = paragraphsOf(item);
  const text = joinParagraphs(paragraphs);
  const encrypted = asString(item['encrypted_content']);
  const block = unsealOpaque(encrypted);
  if (block) return { part: block.part };
  const unsealed = encrypted === undefined ? undefined : unsealThinking(encrypted, text);
  if (unsealed) {
    const carried = carriedBy(unsealed.id);
    return carried ? { part: unsealed, carried } : { part: unsealed };
  }
  const id = asString(item['id']);
  return {
    part: {
      type: 'thinking',
      text,
      ...(paragraphs.length > 1 && { summary: paragraphs }),
      ...(encrypted !== undefined && { signature: { origin: family, value: encrypted } }),
      ...(id !== undefined && { id }),
      ...asNative({ item: without(item, 'type', 'id', ...(encrypted === undefined ? [] : ['encrypted_content'])) }),
    },
  };
};

const summaryOf = (part: ThinkingPart): JsonObject[] => {
  const paragraphs = part.summary ?? (part.text === '' ? [] : [part.text]);
  return paragraphs.map((text) => ({ type: 'summary_text', text }));
};

/*
 * What a client of this format was passed through says nothing of who encrypted it, but shows it: OpenAI's texts are
 * Fernet tokens, which all begin so; xAI's are bare base64 (recorded answers of both).
 */
const isFernet = (encrypted: string): boolean => encrypted.startsWith('gAAAA');
const isBareBase64 = (encrypted: string): boolean => !isFernet(encrypted) && /^[A-Za-z0-9+/]{64,}={0,2}$/.test(encrypted);

/** Whether the model behind can read it; if nothing is known of the model, whatever is of this format. */
const isReadable = ({ origin, value }: Signature, { origin: reader }: ModelTraits): boolean => {
  if (reader === undefined || reader === family) return origin === family && !(reader === family && isBareBase64(value));
  return origin === reader || (origin === family && !isFernet(value));
};

/** Whether the input holds thoughts that the model behind cannot read. */
export const holdsForeignThoughts = (body: JsonObject, traits: ModelTraits): boolean =>
  traits.origin !== undefined &&
  asObjects(body['input']).some(({ type, encrypted_content: value }) => {
    return type === 'reasoning' && typeof value === 'string' && !isReadable({ origin: family, value }, traits);
  });

/** A thought as an input item; undefined, and on record, where the vendor behind did not think it. */
export const writeReasoning = (part: ThinkingPart, context: ToWireContext): JsonObject | undefined => {
  const item = nativeOf(part)?.['item'] as JsonObject | undefined;
  const own = part.signature ? isReadable(part.signature, context.traits) : item !== undefined && !part.id?.startsWith(ownReasoningId);
  if (!own) {
    context.drop('thinking', 'only the vendor that made a thought can take it back');
    return undefined;
  }
  // The item as the client sent it, unless its text has been changed since.
  const same = item !== undefined && joinParagraphs(paragraphsOf(item)) === part.text;
  return {
    type: 'reasoning',
    ...(part.id !== undefined && !part.id.startsWith(ownReasoningId) && { id: part.id }),
    ...(same ? item : { ...item, summary: summaryOf(part), ...(item?.['content'] !== undefined && { content: [] }) }),
    ...(part.signature && { encrypted_content: part.signature.value }),
  };
};

/** A thought as an item of an answer. @param id the item's, if it has none of its own */
export const answerReasoning = (part: ThinkingPart, id: string): JsonObject => {
  const opaque = part.signature?.origin === family ? part.signature.value : sealThinking(part);
  return { type: 'reasoning', id, summary: summaryOf(part), ...(opaque !== undefined && { encrypted_content: opaque }) };
};
