import type { AudioPart, FilePart, ImagePart, JsonObject, MediaSource, Part, TextPart, VideoPart } from '../../types/index.ts';
import { toDataUrl } from '../shared/data-url.ts';
import { asObject, compact } from '../shared/read.ts';
import { writeCacheMark } from './cache-mark.ts';
import { audioFormat, documentName } from './media-type.ts';
import { kept, own, without } from './own.ts';
import type { Writing } from './writing.ts';

/*
 * Parts of system, user and tool messages. What the vendor cannot take at all is refused by name (`lacks`), because a
 * prompt without its image is another prompt; what only another family understands is left out with a record.
 */

type Write<P> = (part: P, writing: Writing) => JsonObject | undefined;

/** Members that stood beside the ones known here; markers of our own aside. */
const extras = (part: Part, { same }: Writing): JsonObject => (same ? without(kept(part), 'inner', 'plain', 'as', 'nested', 'fields') : {});

const refuse = (what: string, why: string, { context }: Writing): undefined => void context.lacks(what, why);

/** A URL, or a data URL; undefined for what has neither. */
const urlOf = (source: MediaSource): string | undefined =>
  source.kind === 'url' ? source.url : source.kind === 'base64' ? toDataUrl(source) : undefined;

const text: Write<TextPart> = (part, writing) => ({
  type: 'text',
  text: part.text,
  ...extras(part, writing),
  ...writeCacheMark(part, writing),
});

const image: Write<ImagePart> = (part, writing) => {
  const url = urlOf(part.source);
  if (url === undefined) return refuse('image', "an image by a file's id is known to the vendor that keeps the file alone", writing);
  const { plain, inner } = writing.same ? kept(part) : {};
  const common = { ...extras(part, writing), ...writeCacheMark(part, writing) };
  if (plain) return { type: 'image_url', image_url: url, ...compact({ detail: part.detail }), ...common };
  const format = writing.same && part.source.kind === 'url' ? part.source.mediaType : undefined;
  return { type: 'image_url', image_url: compact<JsonObject>({ url, detail: part.detail, format, ...asObject(inner) }), ...common };
};

const audio: Write<AudioPart> = (part, writing) => {
  const { source } = part;
  if (source?.kind !== 'base64') return refuse('audio', 'the format takes audio as data alone', writing);
  const format = part.format ?? audioFormat(source.mediaType);
  return { type: 'input_audio', input_audio: { data: source.data, format }, ...extras(part, writing), ...writeCacheMark(part, writing) };
};

const video: Write<VideoPart> = (part, writing) => {
  const url = urlOf(part.source);
  if (url === undefined) return refuse('video', "a video by a file's id is known to the vendor that keeps the file alone", writing);
  return { type: 'video_url', video_url: { url }, ...extras(part, writing), ...writeCacheMark(part, writing) };
};

/** Mistral's and Perplexity's members for a document, which hold a URL or the data. */
const document = (member: unknown, part: FilePart, nested: boolean): JsonObject | undefined => {
  const url = urlOf(part.source);
  const name = part.filename ?? part.title;
  if (url === undefined) return undefined;
  if (member === 'document_url') {
    return compact<JsonObject>({ type: member, document_url: nested ? { url } : url, document_name: name });
  }
  // Perplexity wants bare base64.
  return compact<JsonObject>({
    type: 'file_url',
    file_url: { url: part.source.kind === 'base64' ? part.source.data : url },
    file_name: name,
  });
};

const file: Write<FilePart> = (part, writing) => {
  const { source } = part;
  const { as, nested } = writing.same ? kept(part) : {};
  const common = { ...extras(part, writing), ...writeCacheMark(part, writing) };
  const filename = part.filename ?? part.title;
  const asFile = (members: JsonObject): JsonObject => ({ type: 'file', file: compact<JsonObject>(members), ...common });

  // A text goes as text: all models can read it, and few vendors take text files.
  if (source.kind === 'text') return { type: 'text', text: [filename, part.context, source.text].filter(Boolean).join('\n\n'), ...common };
  if (part.context) writing.drop('context', 'the format has no words about a document; write them beside it');
  const { fileUrl } = writing.context.quirks;
  // A vendor with a spelling of its own knows no other, not even OpenAI's.
  const member = fileUrl === 'document_url' || fileUrl === 'file_url' ? fileUrl : (as ?? fileUrl);
  if (member === 'document_url' || member === 'file_url') {
    const made = document(member, part, nested === true);
    if (made) return { ...made, ...common };
  }
  if (source.kind === 'base64') {
    const bare = as === 'bare';
    return asFile({
      filename: filename ?? (writing.same ? undefined : documentName(source.mediaType)),
      file_data: bare ? source.data : toDataUrl(source),
    });
  }
  if (source.kind === 'url') {
    if (member === 'file_data') return asFile({ filename, file_data: source.url });
    if (writing.same) return asFile({ filename, file_id: source.url, format: source.mediaType });
    return refuse('file', 'a file by its URL is not taken; send its data', writing);
  }
  if (!writing.context.from.startsWith('openai'))
    return refuse('file', "a file's id is known to the vendor that keeps the file alone", writing);
  return asFile({ filename, file_id: source.id });
};

type Writers = { [T in Part['type']]?: Write<Extract<Part, { type: T }>> };

const writers: Writers = {
  text,
  refusal: (part) => ({ type: 'text', text: part.text }),
  image,
  audio,
  video,
  file,
  opaque: (part, writing) => {
    if (part.origin === own && writing.same) return part.value;
    writing.drop(`${part.origin}:${String(part.value['type'] ?? 'block')}`, 'only its own vendor understands it');
    return part.text === undefined ? undefined : { type: 'text', text: part.text };
  },
};

export const writePart = (part: Part, writing: Writing): JsonObject | undefined => {
  const write = writers[part.type] as Write<Part> | undefined;
  const written = write?.(part, writing);
  const type = written?.['type'];
  return typeof type === 'string' && writing.lacks(type) ? refuse(type, 'the provider does not take it', writing) : written;
};

const isPlainText = (part: JsonObject): boolean => part['type'] === 'text' && Object.keys(part).length === 2;

/**
 * Content as the wire has it: one text without marks as a string, which every vendor takes, else a list of parts.
 * A vendor that takes strings alone gets the texts joined, and what is no text is refused.
 */
export const writeContent = (parts: readonly Part[], writing: Writing): string | JsonObject[] => {
  const written = parts.map((part) => writePart(part, writing)).filter((part) => part !== undefined);
  if (written.length === 0) return '';
  if (written.length === 1 && isPlainText(written[0]!)) return written[0]!['text'] as string;
  if (!writing.context.quirks.contentAsString) return written;
  const texts = written.flatMap((part) => {
    if (part['type'] === 'text') return [part['text'] as string];
    writing.context.lacks(String(part['type']), 'the provider takes text alone');
    return [];
  });
  return texts.join('\n\n');
};
