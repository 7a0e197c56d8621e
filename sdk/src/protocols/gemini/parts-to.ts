import type { JsonObject, Part, ThinkingPart, ToolCallPart, ToWireContext } from '../../types/index.ts';
import { parseObject } from '../shared/read.ts';
import type { ToolAliases } from '../shared/tool-alias.ts';
import { isOwnCallId } from './call-ids.ts';
import { toMediaData } from './media.ts';

/** What writing a conversation needs to know. */
export interface Writing {
  context: ToWireContext;
  aliases: ToolAliases;
  /** Gemini 3: calls need signatures, and functions may answer with media. */
  third: boolean;
}

/** A part's own members of this format, as they stood beside the known ones. */
const ownOf = (part: Part): JsonObject | undefined => part.extra?.['gemini'];

/**
 * One part as it goes to Google; undefined where there is nothing to send. Tool results are written apart, because
 * they need their call.
 */
export const writePart = (part: Part, writing: Writing): JsonObject | undefined => {
  const { context } = writing;
  switch (part.type) {
    case 'text':
    case 'refusal': {
      const signature = part.type === 'text' ? nativeSignature(part.signature, context) : undefined;
      // Google refuses empty texts, but a signature may stand on one.
      if (part.text === '' && signature === undefined) return undefined;
      return { text: part.text, ...(signature !== undefined && { thoughtSignature: signature }), ...ownOf(part) };
    }
    case 'thinking':
      return writeThought(part, context);
    case 'tool-call':
      return writeCall(part, writing);
    case 'image':
    case 'audio':
    case 'video':
    case 'file':
      return writeMedia(part, context);
    case 'opaque':
      if (part.origin === 'google') return part.value;
      context.drop(`${part.origin}:${String(part.value['type'] ?? 'block')}`, 'only the vendor that wrote it can read it');
      return part.text ? { text: part.text } : undefined;
    case 'tool-result':
      return undefined;
  }
};

type Signed = { origin: string; value: string } | undefined;

const nativeSignature = (signature: Signed, context: ToWireContext): string | undefined => {
  if (!signature || signature.origin === 'google') return signature?.value;
  context.drop(`${signature.origin}:signature`, 'only the vendor that wrote it can read it');
  return undefined;
};

const writeThought = (part: ThinkingPart, context: ToWireContext): JsonObject | undefined => {
  if (part.redacted) context.drop(`${part.redacted.origin}:redacted_thinking`, 'only the vendor that wrote it can read it');
  const signature = nativeSignature(part.signature, context);
  if (part.text === '' && signature === undefined) return undefined;
  return { text: part.text, thought: true, ...(signature !== undefined && { thoughtSignature: signature }), ...ownOf(part) };
};

const writeCall = (part: ToolCallPart, { context, aliases }: Writing): JsonObject => {
  const signature = nativeSignature(part.signature, context);
  return {
    functionCall: {
      ...(isOwnCallId(part.id, context.from) && { id: part.id }),
      name: aliases.of(part.name),
      args: writeArguments(part, context),
    },
    ...(signature !== undefined && { thoughtSignature: signature }),
    ...ownOf(part),
  };
};

const writeArguments = (part: ToolCallPart, context: ToWireContext): JsonObject => {
  if (part.kind === 'custom') return { input: part.arguments };
  // `null` is what some models write for nothing.
  if (['', 'null'].includes(part.arguments.trim())) return {};
  const args = parseObject(part.arguments);
  if (args) return args;
  context.drop(`arguments of ${part.name}`, 'they are not a JSON object; sent as a text under "input"');
  return { input: part.arguments };
};

export const writeMedia = (
  part: Extract<Part, { type: 'image' | 'audio' | 'video' | 'file' }>,
  context: ToWireContext,
): JsonObject | undefined => {
  if (part.type === 'image' && part.detail !== undefined && part.detail !== 'auto')
    context.drop('detail', 'Gemini has no resolution for a single image');
  if (part.type === 'file') noteLost(part, context);
  const data = toMediaData(part);
  if (data) {
    const signature = part.type === 'image' ? nativeSignature(part.signature, context) : undefined;
    return { ...data, ...(signature !== undefined && { thoughtSignature: signature }), ...ownOf(part) };
  }
  // Audio of an earlier answer is kept by the vendor that made it; what was said is known.
  if (part.type === 'audio' && part.transcript) return { text: part.transcript };
  if (part.source?.kind === 'file-id') context.lacks('file_id', `'${part.source.id}' is not a file of the Gemini API`);
  else context.drop(part.type, 'it has no content');
  return undefined;
};

const noteLost = (part: Extract<Part, { type: 'file' }>, context: ToWireContext): void => {
  if (part.citationsEnabled) context.drop('citations', 'Gemini does not cite documents that are sent along');
  // A file with a title has its name from there.
  if (part.filename !== undefined && part.title === undefined) context.drop('filename', 'Gemini takes a document without its name');
  if (part.title !== undefined || part.context !== undefined)
    context.drop('title, context', 'Gemini takes a document without words about it');
};
