import { fromBase64Url, toBase64Url } from '../../lib/base64url.ts';
import type { JsonObject, OpaquePart, Origin, Signature, ThinkingPart, ToolCallPart } from '../../types/index.ts';

/*
 * A provider's opaque values must come back to it unchanged even when the client speaks another vendor's format
 * and drops every field it does not know (FP-16, FP-17). So a value that leaves through a foreign format is sealed:
 * packed with its origin into one text that fits where that format has room for an opaque text of its own
 * (a signature, `encrypted_content`, the id of a tool call). Sealed texts are `slc1-` and base64url, so they pass
 * the strictest id pattern (`^[a-zA-Z0-9_-]+$`, Anthropic). Nothing is kept in memory: any replica can open them.
 */
/** How every sealed text begins. */
export const sealedMark = 'slc1-';
const idMark = '__thought__';

/** What is packed. Short names: it travels with every turn. */
interface Packed {
  /** origin */
  o: Origin;
  /** signature */
  s?: string;
  /** redacted thinking */
  r?: string;
  /** the reasoning item's id */
  i?: string;
  /** lengths of the summary's paragraphs, which are joined by blank lines */
  p?: number[];
  /** the thought has no words: what stands beside it is a filler */
  e?: 1;
  /** a whole block */
  b?: JsonObject;
  /** how much of the turn's text stood before the block, in UTF-16 units */
  a?: number;
  /** thoughts with their texts */
  t?: (Omit<Packed, 'o'> & { o?: Origin; x: string })[];
}

/**
 * Google's Python library reads a thought's signature as bytes, and takes nothing but whole groups of base64: spaces, which
 * JSON allows at its end, make the mark and what follows such a text.
 */
const pack = (packed: Packed): string => {
  for (let json = JSON.stringify(packed); ; json += ' ') {
    const sealed = sealedMark + toBase64Url(json);
    if (sealed.length % 4 === 0) return sealed;
  }
};

const unpack = (text: string): Packed | undefined => {
  if (!text.startsWith(sealedMark)) return undefined;
  const json = fromBase64Url(text.slice(sealedMark.length));
  if (json === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && typeof (value as Packed).o === 'string' ? (value as Packed) : undefined;
  } catch {
    return undefined;
  }
};

/** A signature as a format of `own` writes it: as it is if it is its own, else sealed. */
export const sealSignature = (signature: Signature, own: Origin): string =>
  signature.origin === own ? signature.value : pack({ o: signature.origin, s: signature.value });

/** The reverse: a text that is not sealed is `own`'s. */
export const unsealSignature = (text: string, own: Origin): Signature => {
  const packed = unpack(text);
  return packed?.s === undefined ? { origin: own, value: text } : { origin: packed.o, value: packed.s };
};

/**
 * All that is opaque in a thinking part, in one text, for a foreign format. Undefined if there is nothing opaque.
 * A format of the part's own origin writes signature and redacted data in their native places instead.
 * @param wordless the thought has no words, and a filler stands in their place
 */
export const sealThinking = (part: ThinkingPart, wordless = false): string | undefined => {
  const packed = packThinking(part, wordless);
  return packed && pack(packed);
};

const packThinking = (part: ThinkingPart, wordless: boolean): Packed | undefined => {
  const origin = part.signature?.origin ?? part.redacted?.origin;
  if (origin === undefined) return undefined;
  return {
    o: origin,
    ...(part.signature && { s: part.signature.value }),
    ...(part.redacted && { r: part.redacted.value }),
    ...(part.id !== undefined && { i: part.id }),
    ...(part.summary && part.summary.length > 1 && { p: part.summary.map((paragraph) => paragraph.length) }),
    ...(wordless && { e: 1 }),
  };
};

/** Opens a text made by `sealThinking`; undefined if it is not sealed (then it is the format's own). `text`: the thoughts beside it. */
export const unsealThinking = (sealed: string, text: string): ThinkingPart | undefined => {
  const packed = unpack(sealed);
  return packed && !packed.t ? unpackThinking(packed, text) : undefined;
};

const unpackThinking = (packed: Packed, text: string): ThinkingPart => {
  const part: ThinkingPart = { type: 'thinking', text: packed.e ? '' : text };
  if (packed.s !== undefined) part.signature = { origin: packed.o, value: packed.s };
  if (packed.r !== undefined) part.redacted = { origin: packed.o, value: packed.r };
  if (packed.i !== undefined) part.id = packed.i;
  if (packed.p) part.summary = paragraphs(text, packed.p);
  return part;
};

/**
 * The opaque ones of these thoughts with their words, in one text, for a format whose clients keep calls and forget
 * thoughts. Undefined if none is opaque, or all are `own`.
 */
export const sealThoughts = (parts: readonly ThinkingPart[], own: Origin): string | undefined => {
  const packed = parts.flatMap((part) => {
    const each = packThinking(part, false);
    return each && each.o !== own ? [{ ...each, x: part.text }] : [];
  });
  return packed.length === 0 ? undefined : pack({ o: packed[0]!.o, t: packed });
};

/** The reverse; undefined for any other text. */
export const unsealThoughts = (sealed: string): ThinkingPart[] | undefined => {
  const packed = unpack(sealed);
  if (!Array.isArray(packed?.t)) return undefined;
  return packed.t.map(({ x, o = packed.o, ...each }) => unpackThinking({ ...each, o }, x));
};

/**
 * A whole block that only its own family understands (a server tool's call or result, a program and its output), for the
 * place that a foreign format has for thoughts that are hidden: clients neither show nor change those, and send them back.
 * @param textBefore how much text of the turn stood before it, for formats that hold a turn's text in one piece
 */
export const sealOpaque = ({ origin, value }: OpaquePart, textBefore = 0): string =>
  pack({ o: origin, b: value, ...(textBefore > 0 && { a: textBefore }) });

/** The reverse; undefined for any other text, also one that `sealThinking` made. */
export const unsealOpaque = (sealed: string | undefined): { part: OpaquePart; textBefore: number } | undefined => {
  const packed = sealed === undefined ? undefined : unpack(sealed);
  if (typeof packed?.b !== 'object' || packed.b === null) return undefined;
  return { part: { type: 'opaque', origin: packed.o, value: packed.b }, textBefore: typeof packed.a === 'number' ? packed.a : 0 };
};

const paragraphs = (text: string, lengths: number[]): string[] => {
  let at = 0;
  return lengths.map((length) => {
    const paragraph = text.slice(at, at + length);
    at += length + 2;
    return paragraph;
  });
};

/** The id of a tool call for a format of `own`: with the call's foreign signature packed behind it, if there is one. */
export const sealCallId = (call: Pick<ToolCallPart, 'id' | 'signature'>, own: Origin): string =>
  call.signature && call.signature.origin !== own ? `${call.id}${idMark}${sealSignature(call.signature, own)}` : call.id;

/** The reverse. Tool results name their call by the sealed id too, so it is applied to them as well. */
export const unsealCallId = (id: string): Pick<ToolCallPart, 'id' | 'signature'> => {
  const at = id.indexOf(idMark + sealedMark);
  if (at === -1) return { id };
  const packed = unpack(id.slice(at + idMark.length));
  return packed?.s === undefined ? { id } : { id: id.slice(0, at), signature: { origin: packed.o, value: packed.s } };
};
