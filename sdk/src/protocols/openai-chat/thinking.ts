import type { JsonObject, Part, Signature, ThinkingPart } from '../../types/index.ts';
import { asArray, asObjects, asString, isObject } from '../shared/read.ts';
import { sealThinking, unsealThinking } from '../shared/seal.ts';
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
export const readThinking = (message: JsonObject): ThinkingPart[] => {
  const fields: string[] = textMembers.filter((name) => typeof message[name] === 'string');
  const text = thoughtsOf(message);
  const blocks = asObjects(message['thinking_blocks']);
  if (blocks.length > 0) return blocks.map((block) => readBlock(block, [...fields, 'thinking_blocks']));
  const details = asObjects(message['reasoning_details']);
  if (details.length > 0) {
    const signature = isOpaque(details) ? { signature: detailsSignature(message['reasoning_details']) } : {};
    return [{ type: 'thinking', text: text || detailsText(details), ...signature, ...keep({ fields: [...fields, 'reasoning_details'] }) }];
  }
  return text === '' ? [] : [{ type: 'thinking', text, ...keep({ fields }) }];
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
  if (parts.length === 0) return {};
  const text = parts.map((part) => part.text).join('');
  const opaque = parts.filter((part) => part.signature ?? part.redacted);
  const details = opaque.map((part) => readDetails(part.signature));
  const onlyDetails = details.every((list) => list.length > 0);
  return {
    ...(text !== '' && { reasoning_content: text }),
    ...(opaque.length > 0 && (onlyDetails ? { reasoning_details: details.flat() } : { thinking_blocks: parts.map(writeBlock) })),
  };
};
