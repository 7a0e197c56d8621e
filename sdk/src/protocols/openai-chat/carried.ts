import type { JsonObject, OpaquePart, Part, ThinkingPart } from '../../types/index.ts';
import { asString } from '../shared/read.ts';
import { sealOpaque, unsealOpaque } from '../shared/seal.ts';

/*
 * A message of this format holds its text in one piece. What stood between the texts (a search that Claude made, a
 * program that Gemini ran) goes into `thinking_blocks`, sealed, and remembers how much text was before it: the provider
 * that made it wants it back in its place.
 */

/** A thought or a block, and how much of the message's text stands before it, in UTF-16 units. */
export interface Placed {
  part: ThinkingPart | OpaquePart;
  textBefore: number;
}

/** A block that another family's models alone can read, as an entry of `thinking_blocks`. */
export const writeCarried = (part: OpaquePart, textBefore: number): JsonObject => ({
  type: 'redacted_thinking',
  data: sealOpaque(part, textBefore),
});

/** The reverse; undefined for an entry that is a thought. */
export const readCarried = (block: JsonObject): Placed | undefined =>
  block['type'] === 'redacted_thinking' ? unsealOpaque(asString(block['data'])) : undefined;

/** Puts what stood between the texts back to its place. A text that it stood in the middle of becomes two. */
export const interleave = (placed: readonly Placed[], content: readonly Part[]): Part[] => {
  const waiting = [...placed];
  const result: Part[] = [];
  let at = 0;
  const place = (): void => {
    for (let first = waiting[0]; first && first.textBefore <= at; first = waiting[0]) {
      result.push(first.part);
      waiting.shift();
    }
  };
  for (const part of content) {
    place();
    if (part.type !== 'text') {
      result.push(part);
      continue;
    }
    let { text } = part;
    const { cacheControl: _mark, ...piece } = part;
    for (let cut = cutIn(waiting[0], at, text); cut !== undefined; cut = cutIn(waiting[0], at, text)) {
      result.push({ ...piece, text: text.slice(0, cut) });
      text = text.slice(cut);
      at += cut;
      place();
    }
    result.push({ ...part, text });
    at += text.length;
  }
  return [...result, ...waiting.map(({ part }) => part)];
};

const cutIn = (next: Placed | undefined, at: number, text: string): number | undefined =>
  next && next.textBefore - at < text.length ? next.textBefore - at : undefined;
