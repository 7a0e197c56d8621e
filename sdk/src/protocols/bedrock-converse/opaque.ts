import type { JsonObject, OpaquePart, Origin, Part, Signature, ThinkingPart } from '../../types/index.ts';
import { fromBase64, toBase64 } from '../../lib/base64-text.ts';
import { asObject, asString } from '../shared/read.ts';
import { sealOpaque, sealThinking, unsealOpaque, unsealSignature, unsealThinking } from '../shared/seal.ts';
import { bedrock, usualOrigin } from './common.ts';

/*
 * `reasoningContent` is `reasoningText` with a signature, or `redactedContent`: bytes, base64 on the wire. Claude's
 * redacted thinking is a text, so its bytes are that text's (seen in recorded answers: base64 twice over). It is kept as
 * the text, so that a conversation may go on in Anthropic's own format.
 */

const readRedacted = (wire: string, origin: Origin): Signature => {
  const text = fromBase64(wire);
  // Only what becomes the very same bytes again.
  return text !== undefined && toBase64(text) === wire ? { origin, value: text } : { origin: bedrock, value: wire };
};

const writeRedacted = ({ origin, value }: Signature): string => (origin === bedrock ? value : toBase64(value));

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** Thoughts of an answer or a history; or what was sealed in their place, which may be a signed text or a whole block. */
export const readReasoning = (value: unknown, origin: Origin = usualOrigin): Part | undefined => {
  const content = asObject(value);
  const wire = content?.['redactedContent'];
  if (isText(wire)) {
    const redacted = readRedacted(wire, origin);
    const block = unsealOpaque(redacted.value);
    if (block) return block.part;
    const sealed = unsealThinking(redacted.value, '');
    if (sealed?.signature && !sealed.redacted) return { type: 'text', text: '', signature: sealed.signature };
    return sealed ?? { type: 'thinking', text: '', redacted };
  }
  const said = asObject(content?.['reasoningText']);
  if (!said) return undefined;
  const text = asString(said['text']) ?? '';
  const { signature } = said;
  if (!isText(signature)) return { type: 'thinking', text };
  return unsealThinking(signature, text) ?? { type: 'thinking', text, signature: unsealSignature(signature, origin) };
};

const reasoningText = (text: string, signature?: string): JsonObject => ({
  reasoningContent: { reasoningText: { text, ...(signature !== undefined && { signature }) } },
});

const redactedBlock = (redactedContent: string): JsonObject => ({ reasoningContent: { redactedContent } });

/** Thoughts back to the model that had them; undefined for those that it cannot read. */
export const replayThinking = ({ text, signature, redacted }: ThinkingPart, reads: (origin: Origin) => boolean): JsonObject | undefined => {
  if (redacted && reads(redacted.origin)) return redactedBlock(writeRedacted(redacted));
  if (signature && reads(signature.origin)) return reasoningText(text, signature.value);
  return undefined;
};

/** Whether a client of this format gets a value as it is; others are sealed. */
export const isNative = (origin: Origin): boolean => origin === usualOrigin || origin === bedrock;

/** Thoughts for a client: those of Claude as they are, those of others with what is opaque in them sealed (FP-16). */
export const showThinking = (part: ThinkingPart): JsonObject | undefined => {
  const own = replayThinking(part, isNative);
  if (own && part.id === undefined) return own;
  const sealed = sealThinking(part);
  if (part.redacted && part.text === '' && sealed !== undefined) return redactedBlock(toBase64(sealed));
  return part.text === '' && sealed === undefined ? undefined : reasoningText(part.text, sealed);
};

/** A block of a foreign family for a client, who neither shows nor changes it, and sends it back. */
export const sealedBlock = (part: OpaquePart): JsonObject => redactedBlock(toBase64(sealOpaque(part)));

/** A text's signature (Gemini's), which this format has no place for: a block behind the text. */
export const textSignatureBlock = (signature: Signature): JsonObject | undefined => {
  const sealed = sealThinking({ type: 'thinking', text: '', signature });
  return sealed === undefined ? undefined : redactedBlock(toBase64(sealed));
};
