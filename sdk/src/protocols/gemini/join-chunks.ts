import type { JsonObject } from '../../types/index.ts';
import { isObject } from '../shared/read.ts';
import { sealedMark } from '../shared/seal.ts';

/** Contents as they were given, with the place of each, for errors. */
interface Placed {
  content: unknown;
  index: number;
}

/** The parts of a content of the model; undefined for any other content. */
const modelParts = (content: unknown): JsonObject[] | undefined => {
  if (!isObject(content) || content['role'] !== 'model') return undefined;
  const { parts } = content;
  return Array.isArray(parts) && parts.every(isObject) ? parts : undefined;
};

/**
 * Puts together what the chats of Google's SDKs keep apart: each chunk of a streamed answer is a content of its own
 * there (`@google/genai` 2.32, seen 2026-11-21). To other vendors an answer is one turn: its calls stand together, and
 * a text is not cut in pieces.
 */
export const joinChunks = (contents: readonly unknown[]): Placed[] => {
  const result: Placed[] = [];
  let open: JsonObject[] | undefined;
  contents.forEach((content, index) => {
    const parts = modelParts(content);
    if (parts && open) {
      for (const part of joinText(open, parts)) if (!saysNothing(part)) open.push(part);
      return;
    }
    open = parts && [...parts];
    result.push({ content: open ? { role: 'model', parts: open } : content, index });
  });
  return result;
};

const saysNothing = (part: JsonObject): boolean => part['text'] === '' && Object.keys(part).length === 1;

/** The first of the new parts goes on where the last of the old ones, a text or a thought without anything else, stopped. */
const joinText = (before: JsonObject[], [first, ...rest]: JsonObject[]): JsonObject[] => {
  const last = before.at(-1);
  if (!first) return rest;
  if (!last || typeof last['text'] !== 'string' || typeof first['text'] !== 'string') return [first, ...rest];
  // What stands for a block, or for a thought without words, is not the rest of the thoughts before it.
  if (first['text'] === ' ' && String(first['thoughtSignature']).startsWith(sealedMark)) return [first, ...rest];
  const bare = Object.keys(last).every((name) => name === 'text' || name === 'thought');
  if (!bare || (last['thought'] === true) !== (first['thought'] === true)) return [first, ...rest];
  before.pop();
  return [{ ...first, text: last['text'] + first['text'] }, ...rest];
};
