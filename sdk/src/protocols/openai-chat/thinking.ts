import type { JsonObject, Part, Signature, ThinkingPart } from '../../types/index.ts';
import { describeMedia } from '../shared/media-note.ts';
import { asArray, asObjects, asString, isObject } from '../shared/read.ts';
import type { Placed } from '../shared/placed.ts';
import { isCarried, placesOf, readBlock, readBlocks, writePlaced } from '../shared/thinking-blocks.ts';
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

/** A `thinking_blocks` entry, with what only this format says of it. `fields`: the members that the thoughts stood in. */
export const readOwnBlock = (block: JsonObject, fields: readonly string[]): ThinkingPart => ({
  ...readBlock(block),
  ...readCacheMark(block),
  ...keep(fields.length > 0 ? { fields } : {}),
});

/** The thoughts of a whole message. Where they stand in several places, the place that keeps what is opaque holds. */
export const readThinking = (message: JsonObject): Placed[] => {
  const fields: string[] = textMembers.filter((name) => typeof message[name] === 'string');
  const text = thoughtsOf(message);
  const blocks = asObjects(message['thinking_blocks']);
  if (blocks.length > 0) {
    const plain: ThinkingPart | undefined = text === '' ? undefined : { type: 'thinking', text, ...keep({ fields }) };
    return readBlocks(blocks, plain, (block) => readOwnBlock(block, [...fields, 'thinking_blocks']));
  }
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

/** OpenRouter's list out of the signature that carries it. */
export const readDetails = (signature: Signature | undefined): unknown[] => {
  if (signature?.origin !== detailsOrigin) return [];
  try {
    return asArray(JSON.parse(signature.value)).filter(isObject);
  } catch {
    return [];
  }
};

/** What is text to a client: texts, and what a foreign block may be shown as. */
export const shownText = (part: Part): string => {
  if (part.type === 'text') return part.text;
  if (part.type === 'opaque') return part.text ?? '';
  return part.type === 'video' || part.type === 'file' ? describeMedia(part) : '';
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

/** Signatures of texts have a place of their own (`googleExtra`). */
const writeBlocks = (content: readonly Part[]): JsonObject[] =>
  placesOf(content, shownText)
    .filter(({ part }) => part.type !== 'text')
    .map(writePlaced);
