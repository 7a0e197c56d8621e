import type { JsonObject, OpaquePart, Part, ThinkingPart } from '../../types/index.ts';
import type { Placed } from './placed.ts';
import { asNumber, asString } from './read.ts';
import { sealOpaque, sealThinking, unsealOpaque, unsealThinking } from './seal.ts';

/*
 * `thinking_blocks` of an assistant's message: Anthropic's thinking blocks where a format has no place for them, as LiteLLM
 * has them in OpenAI's. What other families made goes there sealed: signed and hidden thoughts, whole blocks, signatures of
 * texts. `text_before` says how much of the message's text stood before a thought, if any did.
 */

/** A thought as a block: Anthropic's own as it is, others sealed. */
export const writeBlock = (part: ThinkingPart): JsonObject => {
  const mark = part.cacheControl && { cache_control: part.cacheControl };
  if (part.redacted?.origin === 'anthropic') return { type: 'redacted_thinking', data: part.redacted.value, ...mark };
  const sealed = part.signature?.origin === 'anthropic' ? part.signature.value : sealThinking(part);
  if (part.text === '' && part.redacted) return { type: 'redacted_thinking', data: sealed, ...mark };
  return { type: 'thinking', thinking: part.text, ...(sealed !== undefined && { signature: sealed }), ...mark };
};

/** A block as a thought. What is not sealed is Anthropic's own. */
export const readBlock = (block: JsonObject): ThinkingPart => {
  const text = asString(block['thinking']) ?? '';
  const data = asString(block['data']);
  if (block['type'] === 'redacted_thinking' && data !== undefined)
    return unsealThinking(data, '') ?? { type: 'thinking', text: '', redacted: { origin: 'anthropic', value: data } };
  const signature = asString(block['signature']);
  if (!signature) return { type: 'thinking', text };
  return unsealThinking(signature, text) ?? { type: 'thinking', text, signature: { origin: 'anthropic', value: signature } };
};

/** Whether a block of another family is told by its seal: it has no words that stand for it. */
export const isCarried = (part: Part): part is OpaquePart => part.type === 'opaque' && !part.text;

/** Whether there is something in it that a provider wants back, besides the words. */
export const mustReturn = ({ part }: Placed): boolean =>
  part.type === 'opaque' || part.signature !== undefined || (part.type === 'thinking' && part.redacted !== undefined);

export const writePlaced = ({ part, textBefore }: Placed): JsonObject => {
  if (part.type === 'opaque') return { type: 'redacted_thinking', data: sealOpaque(part, textBefore) };
  const place = textBefore > 0 && { text_before: textBefore };
  if (part.type === 'thinking') return { ...writeBlock(part), ...place };
  return { type: 'redacted_thinking', data: sealThinking({ type: 'thinking', text: '', signature: part.signature! }), ...place };
};

/** A block that only its own family's models can read; undefined for one that is a thought. */
export const readCarried = (block: JsonObject): Placed | undefined =>
  block['type'] === 'redacted_thinking' ? unsealOpaque(asString(block['data'])) : undefined;

/** @param read a block as a thought */
const readPlaced = (block: JsonObject, read: (block: JsonObject) => ThinkingPart): Placed => {
  const carried = readCarried(block);
  if (carried) return carried;
  const part = read(block);
  const textBefore = asNumber(block['text_before']) ?? 0;
  // Thoughts without words that are not hidden are written as thoughts: this is a text's signature.
  const signs = block['type'] === 'redacted_thinking' && part.signature && !part.redacted;
  return { part: signs ? { type: 'text', text: '', signature: part.signature! } : part, textBefore };
};

/**
 * Blocks in their order: one that does not say where it stood stands behind the block before it.
 * @param plain thoughts that the message has in words
 */
export const readBlocks = (
  blocks: readonly JsonObject[],
  plain: ThinkingPart | undefined,
  read: (block: JsonObject) => ThinkingPart = readBlock,
): Placed[] => {
  let textBefore = 0;
  const placed = blocks.map((block): Placed => {
    const found = readPlaced(block, read);
    textBefore = Math.max(textBefore, found.textBefore);
    return { part: found.part, textBefore };
  });
  // Where what others made is carried alone, thoughts that have nothing opaque have no block.
  if (!plain || placed.some(({ part }) => part.type === 'thinking')) return placed;
  return [{ part: plain, textBefore: 0 }, ...placed];
};

/**
 * What of a message goes into its blocks: thoughts, and what is opaque between and behind them.
 * @param shown what of a part is in the message's text
 */
export const placesOf = (content: readonly Part[], shown: (part: Part) => string): Placed[] => {
  let textBefore = 0;
  return content.flatMap((part): Placed[] => {
    if (part.type === 'thinking' || isCarried(part)) return [{ part, textBefore }];
    textBefore += shown(part).length;
    return part.type === 'text' && part.signature ? [{ part: { type: 'text', text: '', signature: part.signature }, textBefore }] : [];
  });
};
