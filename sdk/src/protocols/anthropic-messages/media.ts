import type { FilePart, ImagePart, JsonObject, MediaSource } from '../../types/index.ts';
import { parseDataUrl } from '../shared/data-url.ts';
import { asString } from '../shared/read.ts';

/** Reads the source of an image or a document; undefined for kinds that the neutral model has no word for (`content`). */
export const readSource = (source: JsonObject): MediaSource | undefined => {
  const mediaType = asString(source['media_type']);
  const data = asString(source['data']);
  const url = asString(source['url']);
  const id = asString(source['file_id']);
  switch (source['type']) {
    case 'base64':
      return data === undefined || mediaType === undefined ? undefined : { kind: 'base64', data, mediaType };
    case 'text':
      return data === undefined ? undefined : { kind: 'text', text: data, ...(mediaType !== undefined && { mediaType }) };
    case 'url':
      return url === undefined ? undefined : { kind: 'url', url, ...(mediaType !== undefined && { mediaType }) };
    case 'file':
      return id === undefined ? undefined : { kind: 'file-id', id };
    default:
      return undefined;
  }
};

/** A data URL is what it holds; everything else is itself. */
const opened = (source: MediaSource): MediaSource => {
  const inside = source.kind === 'url' ? parseDataUrl(source.url) : undefined;
  return inside ? { kind: 'base64', ...inside } : source;
};

const mediaTypeOf = (source: MediaSource): string => (source.mediaType ?? '').toLowerCase().split(';')[0]!.trim();

/** Not a media type of the registry, but what many clients send. */
const spelledRight = (mediaType: string): string => (mediaType === 'image/jpg' ? 'image/jpeg' : mediaType);

const writeSource = (source: MediaSource): JsonObject => {
  switch (source.kind) {
    case 'base64':
      return { type: 'base64', media_type: spelledRight(source.mediaType), data: source.data };
    case 'url':
      return { type: 'url', url: source.url };
    case 'file-id':
      return { type: 'file', file_id: source.id };
    case 'text':
      return { type: 'text', media_type: 'text/plain', data: source.text };
  }
};

/** The source of an image block; undefined where the image is not one that can be sent. */
export const writeImageSource = (part: ImagePart): JsonObject | undefined => {
  const source = opened(part.source);
  return source.kind === 'text' ? undefined : writeSource(source);
};

/** Text formats that a document block may hold as plain text: all Anthropic reads of them is the text. */
const isText = (mediaType: string): boolean =>
  mediaType.startsWith('text/') ||
  /^application\/(?:json|xml|yaml|x-yaml|toml|javascript|typescript|sql|x-sh|csv|[\w.-]+\+(?:json|xml))$/.test(mediaType);

const decodeText = (base64: string): string | undefined => {
  try {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/** What a file becomes: a document, or an image that came as a file; undefined for what Anthropic cannot read. */
export const writeFileSource = (part: FilePart): { block: 'document' | 'image'; source: JsonObject } | undefined => {
  const source = opened(part.source);
  if (source.kind !== 'base64')
    return { block: mediaTypeOf(source).startsWith('image/') ? 'image' : 'document', source: writeSource(source) };
  const mediaType = mediaTypeOf(source);
  if (mediaType.startsWith('image/')) return { block: 'image', source: writeSource(source) };
  // Some clients do not know the type of what they send; a PDF begins with `%PDF-`.
  if (mediaType === 'application/pdf' || source.data.startsWith('JVBERi0'))
    return { block: 'document', source: { type: 'base64', media_type: 'application/pdf', data: source.data } };
  const text = isText(mediaType) ? decodeText(source.data) : undefined;
  return text === undefined ? undefined : { block: 'document', source: writeSource({ kind: 'text', text }) };
};
