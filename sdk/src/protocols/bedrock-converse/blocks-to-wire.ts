import { table } from '../../lib/table.ts';
import type { AudioPart, FilePart, ImagePart, JsonObject, Part, TextPart, ToolResultPart, VideoPart } from '../../types/index.ts';
import { asObjects } from '../shared/read.ts';
import { toInput, unreadable } from '../shared/tool-hints.ts';
import { replayCitation } from './citations.ts';
import { bedrock, ownExtra, usualOrigin, writeCachePoint } from './common.ts';
import { isMain } from './family.ts';
import { audioFormats, imageFormats, Unsendable, videoFormats, writeDocument, writeMedia } from './media.ts';
import { replayThinking } from './opaque.ts';
import type { Writing } from './writing.ts';

type Writers = { [T in Part['type']]: (part: Extract<Part, { type: T }>, writing: Writing) => JsonObject | undefined };

type Kind = 'image' | 'audio' | 'video' | 'file';

/** How clients name what they cannot send, by the kind of content. */
const contentNames: Readonly<Record<string, Readonly<Record<Kind, string>>>> = table({
  'anthropic-messages': { image: 'image', audio: 'audio', video: 'video', file: 'document' },
  'bedrock-converse': { image: 'image', audio: 'audio', video: 'video', file: 'document' },
  gemini: { image: 'inlineData', audio: 'inlineData', video: 'inlineData', file: 'inlineData' },
  'openai-responses': { image: 'input_image', audio: 'input_audio', video: 'input_video', file: 'input_file' },
  'ollama-chat': { image: 'images', audio: 'audio', video: 'video', file: 'file' },
});
const openaiNames = { image: 'image_url', audio: 'input_audio', video: 'video_url', file: 'file' };

const lacksContent = ({ context }: Writing, kind: Kind, { why }: Unsendable): undefined =>
  void context.lacks((contentNames[context.from] ?? openaiNames)[kind], why);

const writeText = (part: TextPart, writing: Writing): JsonObject | undefined => {
  const { guardContent } = ownExtra(part.extra);
  if (guardContent !== undefined) return { guardContent };
  if (part.signature) noteOpaque(part.signature.origin, 'signature', writing);
  const citations = part.citations?.flatMap((citation) => replayCitation(citation) ?? []) ?? [];
  if (citations.length < (part.citations?.length ?? 0)) writing.note('citations', 'of another provider; Bedrock takes back only its own');
  const blank = part.text.trim() === '';
  if (citations.length > 0) return { citationsContent: { ...(!blank && { content: [{ text: part.text }] }), citations } };
  // "The text field in the ContentBlock object is blank."
  return blank ? undefined : { text: part.text };
};

const writeImage = (part: ImagePart, writing: Writing): JsonObject | undefined => {
  const { guardContent, ...own } = ownExtra(part.extra);
  if (guardContent !== undefined) return { guardContent };
  const image = writeMedia(part.source, imageFormats, own);
  return image instanceof Unsendable ? lacksContent(writing, 'image', image) : { image };
};

/** An image that came as a file is one. */
const writeFile = (part: FilePart, writing: Writing): JsonObject | undefined => {
  const { withoutFormat, ...own } = ownExtra(part.extra);
  const asImage = writeMedia(part.source, imageFormats, own);
  if (part.source.kind !== 'text' && !(asImage instanceof Unsendable)) return { image: asImage };
  const written = writeDocument(part, own);
  if (written instanceof Unsendable) return lacksContent(writing, 'file', written);
  const { format, source } = written;
  const name = part.title ?? part.filename?.replace(/\.[a-zA-Z0-9]{1,5}$/, '') ?? 'Document';
  return {
    document: {
      ...(withoutFormat === undefined && { format }),
      name: writing.document(name),
      source,
      ...(part.context && { context: part.context }),
      ...(part.citationsEnabled !== undefined && { citations: { enabled: part.citationsEnabled } }),
    },
  };
};

const writeVideo = (part: VideoPart, writing: Writing): JsonObject | undefined => {
  const video = writeMedia(part.source, videoFormats, ownExtra(part.extra));
  return video instanceof Unsendable ? lacksContent(writing, 'video', video) : { video };
};

const writeAudio = (part: AudioPart, writing: Writing): JsonObject | undefined => {
  const audio = part.source
    ? writeMedia(part.source, audioFormats, ownExtra(part.extra))
    : new Unsendable('Bedrock keeps no sounds of earlier answers');
  if (!(audio instanceof Unsendable)) return { audio };
  // What the model said aloud earlier is known in words.
  return part.transcript ? { text: part.transcript } : lacksContent(writing, 'audio', audio);
};

const writers: Writers = {
  text: writeText,
  refusal: (part) => (part.text.trim() === '' ? undefined : { text: part.text }),
  image: writeImage,
  file: writeFile,
  video: writeVideo,
  audio: writeAudio,

  thinking(part, writing) {
    const block = replayThinking(part, writing.reads);
    if (block) return block;
    const from = part.signature?.origin ?? part.redacted?.origin;
    if (from !== undefined) return noteOpaque(from, 'thinking', writing);
    // Its own client's history is as Bedrock gave it; of others nobody knows which model had the thought.
    if (writing.own) return { reasoningContent: { reasoningText: { text: part.text } } };
    if (part.text !== '') writing.note('thinking', 'not signed by the model; Bedrock takes back only what is');
    return undefined;
  },

  'tool-call'(part, writing) {
    if (part.signature) noteOpaque(part.signature.origin, 'signature', writing);
    const input = toInput(part);
    if (unreadable in input) writing.note('arguments of a tool call', `not a JSON object; sent as { ${unreadable} }`);
    return { toolUse: { toolUseId: writing.ids.call(part.id), name: writing.aliases.of(part.name), input } };
  },

  'tool-result': (part, writing) => writeToolResult(part, writing),

  opaque(part, writing) {
    if (part.origin === bedrock) return part.value;
    const search = part.origin === usualOrigin ? writeSearchResult(part.value) : undefined;
    if (search) return search;
    noteOpaque(part.origin, String(part.value['type'] ?? 'content'), writing);
    return part.text ? { text: part.text } : undefined;
  },
};

/** Anthropic's `search_result` block is Bedrock's `searchResult`. */
const writeSearchResult = ({ type, source, title, content, citations }: JsonObject): JsonObject | undefined =>
  type === 'search_result'
    ? {
        searchResult: {
          source,
          title,
          content: asObjects(content).map(({ text }) => ({ text })),
          ...(citations !== undefined && { citations }),
        },
      }
    : undefined;

const resultMembers = new Set(['text', 'json', 'image', 'document', 'video', 'searchResult']);

/** An empty list of content is taken; so is blank text, but only here (https://github.com/NousResearch/hermes-agent/issues/55092, read 2026-11-22). */
const writeToolResult = (part: ToolResultPart, writing: Writing): JsonObject => {
  const content = part.content.flatMap((each): JsonObject[] => {
    const { json } = ownExtra(each.extra);
    if (json !== undefined) return [{ json }];
    const block = writeBlock(each, writing);
    if (!block) return [];
    const name = Object.keys(block)[0]!;
    if (resultMembers.has(name)) return [block];
    writing.note('tool result', `Bedrock takes no ${name} in the result of a tool`);
    return 'text' in each && each.text ? [{ text: each.text }] : [];
  });
  // "Only supported by Amazon Nova and Anthropic Claude 3 and 4 models", but taken by others too (seen in recorded requests).
  const told = part.isError === true || (writing.own && part.isError !== undefined);
  return {
    toolResult: { toolUseId: writing.ids.result(part.callId), content, ...(told && { status: part.isError ? 'error' : 'success' }) },
  };
};

const noteOpaque = (from: string, what: string, writing: Writing): undefined =>
  writing.note(`${from}:${what}`, 'only the family of models that made it can read it') as undefined;

/** A part of a message as a block of a request; undefined where it has none, which is then noted. */
const writeBlock = (part: Part, writing: Writing): JsonObject | undefined =>
  (writers[part.type] as (part: Part, writing: Writing) => JsonObject | undefined)(part, writing);

/** The same, with the cache point behind it; a mark inside of a tool's result is one behind the result. */
export const writeBlocks = (part: Part, writing: Writing): JsonObject[] => {
  const block = writeBlock(part, writing);
  const inner = part.type === 'tool-result' ? part.content.find(({ cacheControl }) => cacheControl)?.cacheControl : undefined;
  const mark = part.cacheControl ?? inner;
  if (!block) return [];
  if (!mark) return [block];
  if (isMain(writing.family) || writing.own) return [block, writeCachePoint(mark)];
  writing.note('cache_control', 'this model takes no cache points');
  return [block];
};
