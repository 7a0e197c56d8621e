import { table } from '../../lib/table.ts';
import type { FilePart, ImagePart, JsonObject, MediaSource, Part, ThinkingPart, ToolResultPart } from '../../types/index.ts';
import { toInput, unreadable } from '../shared/tool-hints.ts';
import { origin, ownExtra } from './common.ts';
import { isReadable } from './foreign-thoughts.ts';
import { replayable, writeCitation } from './citations.ts';
import { writeFileSource, writeImageSource } from './media.ts';
import type { Writing } from './writing.ts';

type Writers = { [T in Part['type']]: (part: Extract<Part, { type: T }>, writing: Writing) => JsonObject | undefined };

const mark = ({ cacheControl }: Part): JsonObject => (cacheControl ? { cache_control: cacheControl } : {});

/** Longest title of a document. */
const maxTitle = 500;

/** How clients name what they cannot send, by the kind of content. */
const contentNames: Readonly<Record<string, Readonly<Record<'audio' | 'video' | 'file', string>>>> = table({
  gemini: { audio: 'inlineData', video: 'inlineData', file: 'inlineData' },
  'openai-responses': { audio: 'input_audio', video: 'input_video', file: 'input_file' },
});
const openaiNames = { audio: 'input_audio', video: 'video_url', file: 'file' };

const lacksContent = ({ context }: Writing, kind: 'audio' | 'video' | 'file', why: string): undefined =>
  void context.lacks((contentNames[context.from] ?? openaiNames)[kind], why);

/** Gemini names uploaded files by their addresses, which Anthropic's ids never are. */
const isGooglesFile = (source: MediaSource): boolean => source.kind === 'file-id' && /^\w+:\/\//.test(source.id);
const googlesFile = 'a file that was uploaded to another vendor cannot be read here; send its content';

const writers: Writers = {
  // Anthropic refuses text that is empty or blank, wherever it stands.
  text(part, writing) {
    if (part.signature) noteOpaque(part.signature.origin, 'signature', writing);
    if (part.text.trim() === '') return undefined;
    const citations = part.citations?.filter(replayable).map(writeCitation);
    if (part.citations && citations?.length !== part.citations.length)
      writing.note('citations', 'of another provider; Anthropic takes back only its own');
    return {
      type: 'text',
      text: part.text,
      ...(citations?.length && { citations }),
      ...mark(part),
      ...ownExtra(part.extra),
    };
  },

  refusal: (part) => (part.text.trim() === '' ? undefined : { type: 'text', text: part.text, ...mark(part) }),

  image(part: ImagePart, writing) {
    if (isGooglesFile(part.source)) return lacksContent(writing, 'file', googlesFile);
    const source = writeImageSource(part);
    if (!source) return lacksContent(writing, 'file', 'not an image that Anthropic can read');
    if (source['type'] === 'file') writing.betas.add(filesBeta);
    return { type: 'image', source, ...mark(part), ...ownExtra(part.extra) };
  },

  file(part: FilePart, writing) {
    if (isGooglesFile(part.source)) return lacksContent(writing, 'file', googlesFile);
    const written = writeFileSource(part);
    if (!written) {
      const mediaType = part.source.mediaType ?? 'unknown type';
      return lacksContent(writing, 'file', `Anthropic reads PDF and plain text, not ${mediaType}`);
    }
    const { block, source } = written;
    if (source['type'] === 'file') writing.betas.add(filesBeta);
    if (block === 'image') return { type: 'image', source, ...mark(part) };
    const title = (part.title ?? part.filename)?.slice(0, maxTitle);
    return {
      type: 'document',
      source,
      ...(title && { title }),
      ...(part.context && { context: part.context }),
      ...(part.citationsEnabled !== undefined && { citations: { enabled: part.citationsEnabled } }),
      ...mark(part),
      ...ownExtra(part.extra),
    };
  },

  audio: (_part, writing) => lacksContent(writing, 'audio', 'Claude does not take audio'),
  video: (_part, writing) => lacksContent(writing, 'video', 'Claude does not take video'),

  thinking: (part, writing) => writeThinking(part, writing),

  'tool-call'(part, writing) {
    if (part.signature && part.signature.origin !== origin) noteOpaque(part.signature.origin, 'signature', writing);
    const input = toInput(part);
    if (unreadable in input) writing.note('arguments of a tool call', `not a JSON object; sent as { ${unreadable} }`);
    return {
      type: 'tool_use',
      id: writing.ids.call(part.id),
      name: writing.aliases.of(part.name),
      input,
      ...mark(part),
      ...ownExtra(part.extra),
    };
  },

  'tool-result'(part: ToolResultPart, writing) {
    const content = part.content.flatMap((each) => writeBlock(each, writing) ?? []);
    return {
      type: 'tool_result',
      tool_use_id: writing.ids.result(part.callId),
      ...(content.length > 0 && { content }),
      ...(part.isError !== undefined && { is_error: part.isError }),
      ...mark(part),
      ...ownExtra(part.extra),
    };
  },

  opaque(part, writing) {
    if (part.origin === origin) return part.value;
    noteOpaque(part.origin, String(part.value['type'] ?? 'content'), writing);
    return part.text ? { type: 'text', text: part.text } : undefined;
  },
};

const filesBeta = 'files-api-2025-04-14';

/** A part of a message as a block of a request; undefined where it has none, which is then noted. */
export const writeBlock = (part: Part, writing: Writing): JsonObject | undefined =>
  (writers[part.type] as (part: Part, writing: Writing) => JsonObject | undefined)(part, writing);

/**
 * Claude takes back thinking that it signed, unchanged and in order, or redacted (FP-16); nothing else. Other models in this
 * format take thoughts without a signature as well (anomalyco/opencode pull request 44713, read 2026-11-22).
 */
const writeThinking = (part: ThinkingPart, writing: Writing): JsonObject | undefined => {
  const { signature, redacted } = part;
  const { traits } = writing.context;
  if (redacted && isReadable(redacted, traits)) return { type: 'redacted_thinking', data: redacted.value, ...ownExtra(part.extra) };
  if (signature && isReadable(signature, traits))
    return { type: 'thinking', thinking: part.text, signature: signature.value, ...ownExtra(part.extra) };
  if (traits.origin !== undefined && traits.origin !== origin && part.text !== '') {
    if (signature) noteOpaque(signature.origin, 'signature', writing);
    return { type: 'thinking', thinking: part.text, signature: '', ...ownExtra(part.extra) };
  }
  const from = signature?.origin ?? redacted?.origin;
  if (from !== undefined && from !== origin) noteOpaque(from, 'thinking', writing);
  else if (from !== undefined) writing.note('thinking', 'signed by another vendor');
  else if (part.text !== '') writing.note('thinking', 'not signed by Anthropic');
  return undefined;
};

const noteOpaque = (from: string, what: string, writing: Writing): void =>
  writing.note(`${from}:${what}`, 'only the family of models that made it can read it');
