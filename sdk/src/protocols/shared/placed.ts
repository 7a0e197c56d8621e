import type { OpaquePart, Part, TextPart, ThinkingPart } from '../../types/index.ts';

/*
 * Formats whose messages hold their text in one piece (OpenAI chat, Ollama) have what stood between the texts (thoughts,
 * a search that Claude made, a program that Gemini ran) beside it, with how much of the text was before it: the provider
 * that made it wants it back in its place.
 */

/** What stood between the texts. A text here is empty, and has the signature of the text before it. */
export interface Placed {
  part: ThinkingPart | OpaquePart | TextPart;
  /** In UTF-16 units. */
  textBefore: number;
}

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
  return joinTextSignatures([...result, ...waiting.map(({ part }) => part)]);
};

const cutIn = (next: Placed | undefined, at: number, text: string): number | undefined =>
  next && next.textBefore - at < text.length ? next.textBefore - at : undefined;

/** Signatures of texts, which formats without a place for them have behind the text in a block of their own, where they belong. */
export const joinTextSignatures = (parts: readonly Part[]): Part[] => {
  const joined: Part[] = [];
  for (const part of parts) {
    const before = joined.at(-1);
    if (part.type === 'text' && part.text === '' && part.signature && before?.type === 'text' && !before.signature) {
      joined[joined.length - 1] = { ...before, signature: part.signature };
    } else joined.push(part);
  }
  return joined;
};
