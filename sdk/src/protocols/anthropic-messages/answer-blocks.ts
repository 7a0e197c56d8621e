import type { ImagePart, JsonObject, Part, Signature, ThinkingPart } from '../../types/index.ts';
import { describeMedia } from '../shared/media-note.ts';
import { sealCallId, sealOpaque, sealSignature, sealThinking } from '../shared/seal.ts';
import { toInput } from '../shared/tool-hints.ts';
import { writeCitation } from './citations.ts';
import { origin, ownExtra } from './common.ts';

type Writers = { [T in Part['type']]: (part: Extract<Part, { type: T }>) => JsonObject | undefined };

/**
 * A signature of a text (Gemini's), which this format has no place for: a block behind the text that clients neither
 * show nor change, and send back. Undefined for a text without one.
 */
export const textSignatureBlock = (signature: Signature | undefined): JsonObject | undefined =>
  signature && signature.origin !== origin ? { type: 'redacted_thinking', data: sealSignature(signature, origin) } : undefined;

const textBlock = (text: string): JsonObject | undefined => (text === '' ? undefined : { type: 'text', text });

const writers: Writers = {
  text(part) {
    const citations = part.citations?.flatMap((citation) => writeCitation(citation) ?? []);
    // Clients send answers back, and Anthropic refuses empty text.
    if (part.text === '' && !citations?.length) return undefined;
    return { type: 'text', text: part.text, ...(citations?.length && { citations }), ...ownExtra(part.extra) };
  },
  refusal: (part) => textBlock(part.text),
  thinking: (part) => writeAnswerThinking(part),
  'tool-call': (part) => ({
    type: 'tool_use',
    id: sealCallId(part, origin),
    name: part.name,
    input: toInput(part),
    ...ownExtra(part.extra),
  }),
  opaque: (part) =>
    part.origin === origin ? part.value : part.text ? textBlock(part.text) : { type: 'redacted_thinking', data: sealOpaque(part) },
  image: (part: ImagePart) => textBlock(describeMedia(part)),
  video: (part) => textBlock(describeMedia(part)),
  file: (part) => textBlock(describeMedia(part)),
  audio: (part) => textBlock(describeMedia(part)),
  'tool-result': () => undefined,
};

/** A part of an answer as a block for a client; undefined where there is nothing to show. */
export const writeAnswerBlock = (part: Part): JsonObject | undefined =>
  (writers[part.type] as (part: Part) => JsonObject | undefined)(part);

/** The same, with what rides behind it. */
export const writeAnswerBlocks = (part: Part): JsonObject[] =>
  [writeAnswerBlock(part), part.type === 'text' ? textSignatureBlock(part.signature) : undefined].filter((block) => block !== undefined);

/**
 * Thinking of Claude's goes back as it came. That of others goes into the place that this format has for what only the
 * provider can read, sealed, so that it comes back with the history (FP-16).
 */
const writeAnswerThinking = (part: ThinkingPart): JsonObject | undefined => {
  const { signature, redacted, text } = part;
  if (redacted?.origin === origin) return { type: 'redacted_thinking', data: redacted.value, ...ownExtra(part.extra) };
  if (redacted && text === '') return { type: 'redacted_thinking', data: sealThinking(part) };
  const proof = signature?.origin === origin && part.id === undefined ? sealSignature(signature, origin) : sealThinking(part);
  if (text === '' && proof === undefined) return undefined;
  return { type: 'thinking', thinking: text, signature: proof ?? '', ...ownExtra(part.extra) };
};
