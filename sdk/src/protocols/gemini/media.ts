import { table } from '../../lib/table.ts';
import type { AudioPart, FilePart, ImagePart, JsonObject, MediaSource, VideoPart } from '../../types/index.ts';
import { asString } from '../shared/read.ts';
import { camelKeys } from './names.ts';

type MediaPart = ImagePart | AudioPart | VideoPart | FilePart;

const byExtension: Readonly<Record<string, string>> = table({
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  heic: 'image/heic',
  heif: 'image/heif',
  bmp: 'image/bmp',
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  html: 'text/html',
  json: 'application/json',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  ogg: 'audio/ogg',
  flac: 'audio/flac',
  aac: 'audio/aac',
  m4a: 'audio/mp4',
  mp4: 'video/mp4',
  mov: 'video/mov',
  webm: 'video/webm',
  mpeg: 'video/mpeg',
  avi: 'video/avi',
  wmv: 'video/wmv',
  flv: 'video/x-flv',
  '3gp': 'video/3gpp',
});

/** What a URL's end says its media type is. A link to YouTube is a video to Gemini. */
const guessMediaType = (url: string): string | undefined => {
  if (/^https:\/\/((www|m)\.)?(youtube\.com\/|youtu\.be\/)/.test(url)) return 'video/mp4';
  const path = url.split(/[?#]/, 1)[0]!;
  return byExtension[path.slice(path.lastIndexOf('.') + 1).toLowerCase()];
};

/** The formats that OpenAI names in `input_audio` and `audio.format`, and what they are called here. */
const audioFormat = (mediaType: string): string | undefined => {
  const subtype = mediaType.slice(6).split(';', 1)[0]!.toLowerCase();
  if (subtype === 'mpeg') return 'mp3';
  if (subtype === 'x-wav' || subtype === 'wave') return 'wav';
  if (subtype === 'l16' || subtype === 'pcm') return 'pcm16';
  return subtype;
};

const partOf = (source: MediaSource, mediaType: string, filename?: string): MediaPart => {
  if (mediaType.startsWith('image/')) return { type: 'image', source };
  if (mediaType.startsWith('audio/')) return { type: 'audio', source, format: audioFormat(mediaType) };
  if (mediaType.startsWith('video/')) return { type: 'video', source };
  return { type: 'file', source, ...(filename !== undefined && { filename }) };
};

/** `inlineData` -> a part of the kind that its media type says. */
export const fromInlineData = (value: JsonObject): MediaPart => {
  const blob = camelKeys(value);
  const mediaType = asString(blob['mimeType']) ?? 'application/octet-stream';
  return partOf({ kind: 'base64', data: asString(blob['data']) ?? '', mediaType }, mediaType, asString(blob['displayName']));
};

/** A file that only Google can read: uploaded to it (Files API) or in its own storage. */
const isOwnFile = (uri: string): boolean => uri.startsWith('https://generativelanguage.googleapis.com/') || uri.startsWith('gs://');

/** `fileData` -> a part of the kind that its media type, or else its URL, says. */
export const fromFileData = (value: JsonObject): MediaPart => {
  const file = camelKeys(value);
  const uri = asString(file['fileUri']) ?? '';
  const mediaType = asString(file['mimeType']);
  const source: MediaSource = isOwnFile(uri) ? { kind: 'file-id', id: uri } : { kind: 'url', url: uri };
  if (mediaType !== undefined) source.mediaType = mediaType;
  return partOf(source, mediaType ?? guessMediaType(uri) ?? '', asString(file['displayName']));
};

const audioType = (format: string | undefined): string => {
  if (format === undefined || format === 'wav') return 'audio/wav';
  if (format === 'pcm16') return 'audio/L16;rate=24000';
  return format === 'mp3' ? 'audio/mp3' : `audio/${format}`;
};

/** What is assumed where nobody says what the media is. */
const fallbackType: Readonly<Record<MediaPart['type'], string | undefined>> = {
  image: 'image/jpeg',
  audio: 'audio/wav',
  video: 'video/mp4',
  file: undefined,
};

/**
 * A part's media as `inlineData` or `fileData`; undefined where the source is one that Gemini cannot read (another
 * vendor's file id, no source at all). Public URLs are taken in `fileData`, fetched by Google
 * (https://ai.google.dev/gemini-api/docs/file-input-methods, read 2026-11-21).
 */
export const toMediaData = (part: MediaPart): JsonObject | undefined => {
  const { source } = part;
  const displayName = part.type === 'file' ? part.filename : undefined;
  if (!source) return undefined;
  if (source.kind === 'base64') {
    const mimeType = part.type === 'audio' && source.mediaType === '' ? audioType(part.format) : source.mediaType;
    return { inlineData: { mimeType, data: source.data } };
  }
  if (source.kind === 'text') return { text: source.text };
  const fileUri = source.kind === 'url' ? source.url : ownFileUri(source.id);
  if (fileUri === undefined) return undefined;
  const mimeType = source.mediaType ?? guessMediaType(fileUri) ?? (displayName && guessMediaType(displayName)) ?? fallbackType[part.type];
  return { fileData: { fileUri, ...(mimeType && { mimeType }) } };
};

const ownFileUri = (id: string): string | undefined => {
  if (isOwnFile(id)) return id;
  return /^files\/[a-z0-9-]+$/.test(id) ? `https://generativelanguage.googleapis.com/v1beta/${id}` : undefined;
};
