import type { AudioPart, JsonObject, Part } from '../../types/index.ts';
import { interleave } from '../shared/placed.ts';
import { asNumber, asObject, asObjects, asString, compact } from '../shared/read.ts';
import { readCitation } from './citations.ts';
import { readContent } from './content-read.ts';
import { readThinking } from './thinking.ts';
import { argumentsText, googleSignature, readCalls } from './tool-calls.ts';

/** The members of an assistant message that are read here. */
export const assistantMembers = [
  'role',
  'content',
  'refusal',
  'audio',
  'images',
  'annotations',
  'tool_calls',
  'function_call',
  'reasoning_content',
  'reasoning',
  'reasoning_details',
  'thinking_blocks',
  'extra_content',
  'thought_signature',
];

/** Spoken output; undefined for the empty object that Snowflake sends. */
const readAudio = (value: unknown): AudioPart | undefined => {
  const audio = asObject(value);
  const id = asString(audio?.['id']) || undefined;
  const data = asString(audio?.['data']);
  if (!audio || (id === undefined && !data)) return undefined;
  return compact<AudioPart>({
    type: 'audio',
    id,
    source: data ? { kind: 'base64', data, mediaType: 'audio/wav' } : undefined,
    transcript: asString(audio['transcript']),
    expiresAt: asNumber(audio['expires_at']),
  });
};

/**
 * An assistant message, of a history or of an answer, as parts: thoughts, then content, then calls.
 * @param newId makes an id for a call that has none, from its position
 */
export const readAssistant = (message: JsonObject, path: string, newId: (at: number) => string): Part[] => {
  const parts = interleave(readThinking(message), readContent(message['content'], `${path}.content`));
  const refusal = asString(message['refusal']);
  if (refusal) parts.push({ type: 'refusal', text: refusal });

  const annotations = asObjects(message['annotations']);
  const cited = parts.find((part) => part.type === 'text');
  if (annotations.length > 0 && cited) cited.citations = [...(cited.citations ?? []), ...annotations.map(readCitation)];

  parts.push(...readContent(message['images'], `${path}.images`));
  const audio = readAudio(message['audio']);
  if (audio) parts.push(audio);

  const calls = readCalls(message['tool_calls'], newId);
  // The old form of one call, without an id. Snowflake sends it empty.
  const legacy = asObject(message['function_call']);
  const name = asString(legacy?.['name']);
  if (calls.length === 0 && name) {
    calls.push({ type: 'tool-call', kind: 'function', id: newId(0), name, arguments: argumentsText(legacy?.['arguments']) });
  }
  parts.push(...calls);

  // Google's compatible API signs the message; Gemini's own format signs its first call, or its text.
  const signature = googleSignature(message);
  const signed = calls[0] ?? parts.findLast((part) => part.type === 'text');
  if (signature && signed && !signed.signature) signed.signature = signature;
  return parts;
};
