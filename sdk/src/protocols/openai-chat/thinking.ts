import type { JsonObject, Part, Signature, ThinkingPart } from '../../types/index.ts';
import { asArray, asObjects, asString, isObject } from '../shared/read.ts';
import { sealThinking, unsealThinking } from '../shared/seal.ts';
import { readCarried, writeCarried, type Placed } from './carried.ts';
import { keep, readCacheMark } from './own.ts';

/*
 * OpenAI's format has no place for thoughts; vendors and gateways made four:
 * - `reasoning_content` (DeepSeek, LiteLLM) or `reasoning` (OpenRouter, Groq): a text;
 * - `thinking_blocks` (LiteLLM): Anthropic's blocks, with signatures. Other families' opaque values go there sealed;
 * - `reasoning_details` (OpenRouter, Snowflake, Doubleword): a list with signatures and encrypted thoughts, of which only
 *   the same kind of provider makes something. It travels as one JSON text of this origin:
 */
export const detailsOrigin = 'openrouter';

const textMembers = ['reasoning_content', 'reasoning'] as const;

/** The thoughts of a delta or a message as plain text, whichever member has them. */
export const thoughtsOf = (message: JsonObject): string => asString(message['reasoning_content']) || asString(message['reasoning']) || '';

/** The words in OpenRouter's details. */
export const detailsText = (details: readonly JsonObject[]): string =>
  details.map((detail) => asString(detail['text']) ?? asString(detail['summary']) ?? '').join('');

/** Whether there is anything in the details that the provider wants back, besides the words. */
export const isOpaque = (details: readonly JsonObject[]): boolean =>
  details.some((detail) => typeof detail['signature'] === 'string' || typeof detail['data'] === 'string');

export const detailsSignature = (details: unknown): Signature => ({ origin: detailsOrigin, value: JSON.stringify(details) });

/** A `thinking_blocks` entry. What is not sealed there is Anthropic's own. `fields`: the members that the thoughts stood in. */
export const readBlock = (block: JsonObject, fields: readonly string[]): ThinkingPart => {
  const text = asString(block['thinking']) ?? '';
  const found = { ...readCacheMark(block), ...keep(fields.length > 0 ? { fields } : {}) };
  const data = asString(block['data']);
  if (block['type'] === 'redacted_thinking' && data !== undefined) {
    const part = unsealThinking(data, '') ?? { type: 'thinking', text: '', redacted: { origin: 'anthropic', value: data } };
    return { ...part, ...found };
  }
  const signature = asString(block['signature']);
  if (!signature) return { type: 'thinking', text, ...found };
  const part = unsealThinking(signature, text) ?? { type: 'thinking', text, signature: { origin: 'anthropic', value: signature } };
  return { ...part, ...found };
};

/** The thoughts of a whole message. Where they stand in several places, the place that keeps what is opaque holds. */
export const readThinking = (message: JsonObject): Placed[] => {
  const fields: string[] = textMembers.filter((name) => typeof message[name] === 'string');
  const text = thoughtsOf(message);
  const blocks = asObjects(message['thinking_blocks']);
  if (blocks.length > 0) return readBlocks(blocks, text, fields);
  const details = asObjects(message['reasoning_details']);
  if (details.length > 0) {
    const signature = isOpaque(details) ? { signature: detailsSignature(message['reasoning_details']) } : {};
    return unplaced({
      type: 'thinking',
      text: text || detailsText(details),
      ...signature,
      ...keep({ fields: [...fields, 'reasoning_details'] }),
    });
  }
  return text === '' ? [] : unplaced({ type: 'thinking', text, ...keep({ fields }) });
};

const unplaced = (part: ThinkingPart): Placed[] => [{ part, textBefore: 0 }];

/** Blocks in their order: a thought stands behind the block before it. */
const readBlocks = (blocks: readonly JsonObject[], text: string, fields: readonly string[]): Placed[] => {
  let textBefore = 0;
  let thoughts = false;
  const placed = blocks.map((block): Placed => {
    const carried = readCarried(block);
    thoughts ||= carried === undefined;
    textBefore = Math.max(textBefore, carried?.textBefore ?? 0);
    return { part: carried?.part ?? readBlock(block, [...fields, 'thinking_blocks']), textBefore };
  });
  // Thoughts that have nothing opaque have no block where others' blocks are carried alone.
  return thoughts || text === '' ? placed : [...unplaced({ type: 'thinking', text, ...keep({ fields }) }), ...placed];
};

export const writeBlock = (part: ThinkingPart): JsonObject => {
  const mark = part.cacheControl && { cache_control: part.cacheControl };
  if (part.redacted?.origin === 'anthropic') return { type: 'redacted_thinking', data: part.redacted.value, ...mark };
  const sealed = part.signature?.origin === 'anthropic' ? part.signature.value : sealThinking(part);
  if (part.text === '' && part.redacted) return { type: 'redacted_thinking', data: sealed, ...mark };
  return { type: 'thinking', thinking: part.text, ...(sealed !== undefined && { signature: sealed }), ...mark };
};

/** OpenRouter's list out of the signature that carries it. */
export const readDetails = (signature: Signature | undefined): unknown[] => {
  if (signature?.origin !== detailsOrigin) return [];
  try {
    return asArray(JSON.parse(signature.value)).filter(isObject);
  } catch {
    return [];
  }
};

/** The thoughts of a message for a client: the text, and what is opaque in the place that its origin has. */
export const writeThinking = (content: readonly Part[]): JsonObject => {
  const parts = content.filter((part) => part.type === 'thinking');
  const carried = content.some(isCarried);
  if (parts.length === 0 && !carried) return {};
  const text = parts.map((part) => part.text).join('');
  const opaque = parts.filter((part) => part.signature ?? part.redacted);
  const details = opaque.map((part) => readDetails(part.signature));
  const onlyDetails = !carried && details.every((list) => list.length > 0);
  return {
    ...(text !== '' && { reasoning_content: text }),
    ...((opaque.length > 0 || carried) &&
      (onlyDetails ? { reasoning_details: details.flat() } : { thinking_blocks: writeBlocks(content) })),
  };
};

/** Whether a block is told by its seal: it has no words that stand for it. */
export const isCarried = (part: Part): boolean => part.type === 'opaque' && !part.text;

const writeBlocks = (content: readonly Part[]): JsonObject[] => {
  let textBefore = 0;
  return content.flatMap((part): JsonObject[] => {
    if (part.type === 'thinking') return [writeBlock(part)];
    if (part.type === 'opaque' && isCarried(part)) return [writeCarried(part, textBefore)];
    if (part.type === 'text' || part.type === 'opaque') textBefore += part.text?.length ?? 0;
    return [];
  });
};
