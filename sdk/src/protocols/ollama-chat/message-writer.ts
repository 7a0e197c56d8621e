import type { FinishReason, JsonObject, Part } from '../../types/index.ts';
import { parseObject } from '../shared/read.ts';
import { sealCallId } from '../shared/seal.ts';

const words: Partial<Record<FinishReason, string>> = { length: 'length', 'context-window': 'length' };

/** Ollama has two words; whatever else ended the answer, it stopped. */
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

/** An answer's parts as one message. What this format has no place for (audio, other vendors' blocks) is left out. */
export const writeMessage = (content: readonly Part[]): JsonObject => {
  let text = '';
  let thinking = '';
  const images: string[] = [];
  const calls: JsonObject[] = [];
  for (const part of content) {
    if (part.type === 'text' || part.type === 'refusal') text += part.text;
    else if (part.type === 'thinking') thinking += part.text;
    else if (part.type === 'tool-call') calls.push(writeCall(part, calls.length));
    else if (part.type === 'image' && part.source.kind === 'base64') images.push(part.source.data);
    else if (part.type === 'audio') text += part.transcript ?? '';
    else if (part.type === 'opaque') text += part.text ?? '';
  }
  return {
    role: 'assistant',
    content: text,
    ...(thinking !== '' && { thinking }),
    ...(images.length > 0 && { images }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
};
