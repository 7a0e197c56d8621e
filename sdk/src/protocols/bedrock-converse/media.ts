import type { FilePart, JsonObject, MediaSource } from '../../types/index.ts';
import { fromBase64, toBase64 } from '../../lib/base64-text.ts';
import { table } from '../../lib/table.ts';
import { parseDataUrl } from '../shared/data-url.ts';
import { asObject, asObjects, asString } from '../shared/read.ts';

/** Bedrock's word for a format -> its media type. The first of several spellings is what is written. */
type Formats = Readonly<Record<string, string>>;

export const imageFormats: Formats = table({ png: 'image/png', jpeg: 'image/jpeg', gif: 'image/gif', webp: 'image/webp' });

export const videoFormats: Formats = table({
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  mkv: 'video/x-matroska',
  webm: 'video/webm',
  flv: 'video/x-flv',
  mpeg: 'video/mpeg',
  mpg: 'video/mpg',
  wmv: 'video/x-ms-wmv',
  three_gp: 'video/3gpp',
});

export const audioFormats: Formats = table({
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  flac: 'audio/flac',
  ogg: 'audio/ogg',
  opus: 'audio/opus',
  aac: 'audio/aac',
  m4a: 'audio/m4a',
  mp4: 'audio/mp4',
  webm: 'audio/webm',
  pcm: 'audio/pcm',
  mka: 'audio/x-matroska',
  mkv: 'video/x-matroska',
  mpeg: 'audio/x-mpeg',
  mpga: 'audio/mpga',
  'x-aac': 'audio/x-aac',
});

export const documentFormats: Formats = table({
  pdf: 'application/pdf',
  csv: 'text/csv',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  html: 'text/html',
  txt: 'text/plain',
  md: 'text/markdown',
});

/** What clients write for the same thing. */
const spellings: Readonly<Record<string, string>> = table({
  'image/jpg': 'jpeg',
  'audio/mp3': 'mp3',
  'audio/x-wav': 'wav',
  'audio/wave': 'wav',
  'audio/pcm16': 'pcm',
  'audio/x-m4a': 'm4a',
  'video/mov': 'mov',
  'application/csv': 'csv',
  'text/x-markdown': 'md',
});

const formatOf = (mediaType: string, formats: Formats): string | undefined => {
  const bare = mediaType.toLowerCase().split(';')[0]!.trim();
  const spelled = spellings[bare];
  if (spelled !== undefined && spelled in formats) return spelled;
  return Object.keys(formats).find((format) => formats[format] === bare);
};

/** `source` of an image, a video, a sound or a document; undefined for what the neutral model has no word for. */
export const readSource = (value: unknown, mediaType: string): MediaSource | undefined => {
  const source = asObject(value);
  const bytes = asString(source?.['bytes']);
  if (bytes !== undefined) return { kind: 'base64', data: bytes, mediaType };
  const uri = asString(asObject(source?.['s3Location'])?.['uri']);
  if (uri !== undefined) return { kind: 'url', url: uri, mediaType };
  const text = asString(source?.['text']);
  if (text !== undefined) return { kind: 'text', text, mediaType };
  const pieces = asObjects(source?.['content']).map((piece) => asString(piece['text']) ?? '');
  return pieces.length > 0 ? { kind: 'text', text: pieces.join('\n\n'), mediaType } : undefined;
};

/** What the neutral source does not say of the wire's. */
export const restOfSource = (value: unknown): JsonObject => {
  const source = asObject(value);
  const owner = asObject(source?.['s3Location'])?.['bucketOwner'];
  if (owner !== undefined) return { bucketOwner: owner };
  return source?.['content'] !== undefined || source?.['text'] !== undefined ? { source } : {};
};

/** Why a thing cannot be sent, for people. */
export class Unsendable {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

/** `format` and `source` of a block, or why there are none: Bedrock fetches nothing but from S3. */
export const writeMedia = (given: MediaSource, formats: Formats, own: JsonObject): { format: string; source: JsonObject } | Unsendable => {
  const inside = given.kind === 'url' ? parseDataUrl(given.url) : undefined;
  const source: MediaSource = inside ? { kind: 'base64', ...inside } : given;
  if (source.kind === 'file-id') return new Unsendable('Bedrock has no files of its own; send the content, or its place in S3');
  if (source.kind === 'url') {
    if (!source.url.startsWith('s3://'))
      return new Unsendable('Bedrock fetches no URLs; send the content as base64, or its place in S3 (s3://...)');
    const format = formatOf(source.mediaType ?? '', formats) ?? formatOfName(source.url, formats);
    if (format === undefined) return new Unsendable(`the format of ${source.url} is not one that Bedrock takes`);
    const { bucketOwner } = own;
    return { format, source: { s3Location: { uri: source.url, ...(bucketOwner !== undefined && { bucketOwner }) } } };
  }
  if (source.kind === 'text') return { format: 'txt', source: asObject(own['source']) ?? { bytes: toBase64(source.text) } };
  const format = formatOf(source.mediaType, formats);
  return format === undefined
    ? new Unsendable(`Bedrock takes ${Object.keys(formats).join(', ')}, not ${source.mediaType || 'an unknown type'}`)
    : { format, source: { bytes: standardBase64(source.data) } };
};

/** Google's clients write the URL's alphabet, others break the lines; AWS reads neither. */
const standardBase64 = (data: string): string => {
  if (!/[-_\s]/.test(data)) return data;
  const plain = data.replaceAll('-', '+').replaceAll('_', '/').replaceAll(/\s/g, '');
  return plain.padEnd(Math.ceil(plain.length / 4) * 4, '=');
};

const formatOfName = (name: string, formats: Formats): string | undefined => {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return ending in formats ? ending : ending === 'jpg' ? 'jpeg' : ending === '3gp' ? 'three_gp' : undefined;
};

const isText = (mediaType: string): boolean =>
  mediaType.startsWith('text/') ||
  /^application\/(?:json|xml|yaml|x-yaml|toml|javascript|typescript|sql|x-sh|[\w.-]+\+(?:json|xml))$/.test(mediaType);

/** As `writeMedia`, for a file: the name or the first bytes may say more than the type, and any text is a `txt`. */
export const writeDocument = (part: FilePart, own: JsonObject): { format: string; source: JsonObject } | Unsendable => {
  const written = writeMedia(part.source, documentFormats, own);
  if (!(written instanceof Unsendable)) {
    const named =
      written.format === 'txt' && part.source.kind === 'text' ? formatOf(part.source.mediaType ?? '', documentFormats) : undefined;
    return named === undefined ? written : { ...written, format: named };
  }
  const source = part.source.kind === 'url' ? parseDataUrl(part.source.url) : part.source;
  if (!source || !('data' in source)) return written;
  if (source.data.startsWith('JVBERi0')) return { format: 'pdf', source: { bytes: standardBase64(source.data) } };
  const named = formatOfName(part.filename ?? '', documentFormats);
  if (named !== undefined) return { format: named, source: { bytes: standardBase64(source.data) } };
  const mediaType = source.mediaType.toLowerCase().split(';')[0]!.trim();
  return isText(mediaType) && fromBase64(source.data) !== undefined ? { format: 'txt', source: { bytes: source.data } } : written;
};

/** Longest name of a document. */
const maxName = 200;

/** A document's name: "alphanumeric, single whitespace, hyphens, parentheses, square brackets". */
export const documentName = (name: string): string =>
  name
    .replaceAll(/[^\p{L}\p{N}\s()[\]-]/gu, '-')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, maxName) || 'Document';
