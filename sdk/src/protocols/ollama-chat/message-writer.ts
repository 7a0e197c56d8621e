import type { FinishReason, JsonObject, Part } from '../../types/index.ts';
import { describeMedia, isMedia } from '../shared/media-note.ts';
import { parseObject } from '../shared/read.ts';
import { sealCallId } from '../shared/seal.ts';
import { mustReturn, placesOf, writePlaced } from '../shared/thinking-blocks.ts';

const words: Partial<Record<FinishReason, string>> = { length: 'length', 'context-window': 'length', error: 'length' };

/** Ollama has two words. An answer that broke off was cut short; whatever else ended it, it stopped. */
export const doneReason = (reason: FinishReason): string => words[reason] ?? 'stop';

/** A call for Ollama's clients. Another vendor's signature travels in the id, which they send back with the message. */
export const writeCall = (part: Extract<Part, { type: 'tool-call' }>, index: number): JsonObject => ({
  id: sealCallId(part, 'ollama'),
  function: {
    index,
    name: part.name,
    arguments:
      part.kind === 'custom'
        ? { input: part.arguments }
        : (parseObject(part.arguments) ?? (part.arguments.trim() === '' ? {} : { input: part.arguments })),
  },
});

/** Of media, this format has a place for pictures alone. */
const isShown = (part: Part): boolean => part.type === 'image' && part.source.kind === 'base64';

/** What of a part is in the message's text. */
const shownText = (part: Part): string => {
  if (part.type === 'text' || part.type === 'refusal') return part.text;
  if (part.type === 'opaque') return part.text ?? '';
  return isMedia(part) && !isShown(part) ? describeMedia(part) : '';
};

/**
 * What other vendors want back with the next turn (FP-16), in a member that is not Ollama's own: its clients do not look at
 * it, and those for JavaScript send it back with the message. The one for Python drops it, as it drops the ids of calls
 * (npm `ollama` 0.6.4, PyPI `ollama` 0.6.3, tried 2026-11-22).
 */
export const writeBlocks = (content: readonly Part[]): { thinking_blocks?: JsonObject[] } => {
  const places = placesOf(content, shownText);
  return places.some(mustReturn) ? { thinking_blocks: places.map(writePlaced) } : {};
};

/** An answer's parts as one message. What this format has no place for (sound, files) is told in words. */
export const writeMessage = (content: readonly Part[]): JsonObject => {
  let text = '';
  let thinking = '';
  const images: string[] = [];
  const calls: JsonObject[] = [];
  for (const part of content) {
    text += shownText(part);
    if (part.type === 'thinking') thinking += part.text;
    else if (part.type === 'tool-call') calls.push(writeCall(part, calls.length));
    else if (part.type === 'image' && part.source.kind === 'base64') images.push(part.source.data);
  }
  return {
    role: 'assistant',
    content: text,
    ...(thinking !== '' && { thinking }),
    ...(images.length > 0 && { images }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
};
