import type { JsonObject, OpaquePart, Part } from '../../types/index.ts';
import { describeMedia } from '../shared/media-note.ts';
import { sealCallId } from '../shared/seal.ts';
import { toInput } from '../shared/tool-hints.ts';
import { writeCitation } from './citations.ts';
import { bedrock, usualOrigin } from './common.ts';
import { imageFormats, Unsendable, writeMedia } from './media.ts';
import { sealedBlock, showThinking, textSignatureBlock } from './opaque.ts';

type Writers = { [T in Part['type']]: (part: Extract<Part, { type: T }>) => JsonObject | undefined };

const textBlock = (text: string): JsonObject | undefined => (text === '' ? undefined : { text });

/** A foreign block with words of its own is shown as those; else it rides along sealed. */
const writeOpaque = (part: OpaquePart): JsonObject | undefined =>
  part.origin === bedrock ? part.value : part.text ? { text: part.text } : sealedBlock(part);

const writers: Writers = {
  text(part) {
    const citations = part.citations?.map(writeCitation) ?? [];
    if (citations.length > 0) return { citationsContent: { ...(part.text !== '' && { content: [{ text: part.text }] }), citations } };
    // Clients send answers back, and Bedrock refuses blank text.
    return textBlock(part.text);
  },
  refusal: (part) => textBlock(part.text),
  thinking: showThinking,
  'tool-call': (part) => ({ toolUse: { toolUseId: sealCallId(part, usualOrigin), name: part.name, input: toInput(part) } }),
  opaque: writeOpaque,
  image(part) {
    const image = writeMedia(part.source, imageFormats, {});
    return image instanceof Unsendable ? textBlock(describeMedia(part)) : { image };
  },
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
  [writeAnswerBlock(part), part.type === 'text' && part.signature ? textSignatureBlock(part.signature) : undefined].filter(
    (block) => block !== undefined,
  );
