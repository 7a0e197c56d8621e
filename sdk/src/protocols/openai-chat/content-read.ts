import { table } from '../../lib/table.ts';
import {
  SluiceError,
  type Citation,
  type FilePart,
  type ImagePart,
  type JsonObject,
  type MediaSource,
  type Part,
  type ThinkingPart,
} from '../../types/index.ts';
import { parseDataUrl } from '../shared/data-url.ts';
import { asObject, asObjects, asString, isObject, wantObject, wantString } from '../shared/read.ts';
import { readCarried } from '../shared/thinking-blocks.ts';
import { readCitation } from './citations.ts';
import { audioMediaType, documentMediaType } from './media-type.ts';
import { hasMembers, keep, own, readCacheMark, without } from './own.ts';
import { readOwnBlock } from './thinking.ts';
import { googleSignature } from './tool-calls.ts';

/** Cache mark and members that are not of the part's neutral form. */
const rest = (part: JsonObject, ...known: string[]) => ({
  ...readCacheMark(part),
  ...keep(without(part, 'type', 'cache_control', ...known)),
});

const media = (url: string, mediaType?: string): MediaSource => {
  const data = parseDataUrl(url);
  if (data) return { kind: 'base64', ...data };
  return { kind: 'url', url, ...(mediaType !== undefined && { mediaType }) };
};

const text = (part: JsonObject, path: string): Part => ({
  type: 'text',
  text: wantString(part['text'], `${path}.text`),
  ...rest(part, 'text'),
});

/** `image_url` is an object, or just the URL (Mistral, Responses). LiteLLM's `format` says what a URL will give. */
const image = (part: JsonObject, path: string): ImagePart => {
  const value = part['image_url'];
  const nested = asObject(value) ?? { url: value };
  const url = wantString(nested['url'], `${path}.image_url.url`);
  const detail = asString(nested['detail']) ?? asString(part['detail']);
  const inner = without(nested, 'url', 'detail', 'format');
  const signature = googleSignature(part);
  const kept = rest(
    { ...part, ...(isObject(value) ? {} : { plain: true }), ...(hasMembers(inner) && { inner }) },
    'image_url',
    'detail',
    'extra_content',
  );
  return {
    type: 'image',
    source: media(url, asString(nested['format'])),
    ...(detail !== undefined && { detail }),
    ...(signature && { signature }),
    ...kept,
  };
};

const audio = (part: JsonObject, path: string): Part => {
  const value = wantObject(part['input_audio'], `${path}.input_audio`);
  const format = asString(value['format']) ?? 'wav';
  const data = wantString(value['data'], `${path}.input_audio.data`);
  return { type: 'audio', source: { kind: 'base64', data, mediaType: audioMediaType(format) }, format, ...rest(part, 'input_audio') };
};

const file = (part: JsonObject, path: string): FilePart => {
  // Responses' `input_file` has the members on the part itself.
  const value = asObject(part['file']) ?? part;
  const filename = asString(value['filename']);
  const named = { ...(filename !== undefined && { filename }), ...rest(part, 'file', 'filename', 'file_id', 'file_data', 'file_url') };
  const mediaType = asString(value['format']);
  const data = asString(value['file_data']);
  const id = asString(value['file_id']);
  const url = asString(value['file_url']);
  if (data !== undefined) return { type: 'file', ...fileData(data, mediaType, filename), ...named };
  // LiteLLM takes a URL for an id.
  if (url !== undefined || id?.startsWith('https://')) return { type: 'file', source: media((url ?? id)!, mediaType), ...named };
  if (id !== undefined) return { type: 'file', source: { kind: 'file-id', id, ...(mediaType !== undefined && { mediaType }) }, ...named };
  throw new SluiceError('invalid_request', `'${path}.file' must have 'file_data' or 'file_id'.`, { param: `${path}.file` });
};

const fileData = (data: string, mediaType: string | undefined, filename: string | undefined): Pick<FilePart, 'source' | 'extra'> => {
  if (/^(?:data:|https?:\/\/)/.test(data)) return { source: media(data, mediaType), ...keep({ as: 'file_data' }) };
  return { source: { kind: 'base64', data, mediaType: mediaType ?? documentMediaType(filename) }, ...keep({ as: 'bare' }) };
};

/** A file by URL in the two other spellings: Mistral's `document_url` and Perplexity's `file_url`. */
const fileByUrl =
  (member: 'document_url' | 'file_url', nameMember: string) =>
  (part: JsonObject, path: string): FilePart => {
    const url = asString(part[member]) ?? wantString(asObject(part[member])?.['url'], `${path}.${member}`);
    const filename = asString(part[nameMember]);
    const kept = rest({ ...part, as: member, ...(isObject(part[member]) && { nested: true }) }, member, nameMember);
    return { type: 'file', source: media(url), ...(filename !== undefined && { filename }), ...kept };
  };

/** Anthropic's `source`, in bodies of clients that mix the formats (FP-18). */
const anthropicSource = (part: JsonObject, path: string): MediaSource => {
  const source = wantObject(part['source'], `${path}.source`);
  const mediaType = asString(source['media_type']);
  if (source['type'] === 'url') return { kind: 'url', url: wantString(source['url'], `${path}.source.url`) };
  const data = wantString(source['data'], `${path}.source.data`);
  if (source['type'] === 'text') return { kind: 'text', text: data, ...(mediaType !== undefined && { mediaType }) };
  return { kind: 'base64', data, mediaType: mediaType ?? 'application/octet-stream' };
};

/** Anthropic writes thoughts as a text, Mistral as a list of chunks. */
const thinking = (part: JsonObject): Part => {
  if (typeof part['thinking'] === 'string') return readOwnBlock(part, []);
  const thoughts = asObjects(part['thinking'])
    .map((chunk) => asString(chunk['text']) ?? '')
    .join('');
  return { type: 'thinking', text: thoughts, ...rest({ ...part, fields: ['content'] }, 'thinking') };
};

/** Databricks has a summary of each thought, with its signature, or hidden. */
const summary = (part: JsonObject): Part[] =>
  asObjects(part['summary']).map((entry): ThinkingPart => {
    const signature = asString(entry['signature']);
    const data = asString(entry['data']);
    return {
      type: 'thinking',
      text: asString(entry['text']) ?? '',
      ...(signature && { signature: { origin: 'anthropic', value: signature } }),
      ...(data && { redacted: { origin: 'anthropic', value: data } }),
      ...keep({ fields: ['content_summary'] }),
    };
  });

const readers: Readonly<Record<string, (part: JsonObject, path: string) => Part>> = table({
  text,
  input_text: text,
  output_text: text,
  refusal: (part, path) => ({ type: 'refusal', text: wantString(part['refusal'], `${path}.refusal`), ...rest(part, 'refusal') }),
  image_url: image,
  input_image: image,
  input_audio: audio,
  video_url: (part, path) => ({
    type: 'video',
    source: media(wantString(asObject(part['video_url'])?.['url'] ?? part['video_url'], `${path}.video_url.url`)),
    ...rest(part, 'video_url'),
  }),
  file,
  input_file: file,
  document_url: fileByUrl('document_url', 'document_name'),
  file_url: fileByUrl('file_url', 'file_name'),
  image: (part, path) => ({ type: 'image', source: anthropicSource(part, path), ...readCacheMark(part) }),
  document: (part, path) => {
    const title = asString(part['title']);
    return { type: 'file', source: anthropicSource(part, path), ...(title !== undefined && { title }), ...readCacheMark(part) };
  },
  thinking,
  redacted_thinking: (part) => readCarried(part)?.part ?? readOwnBlock(part, []),
});

/** A citation that stands between the texts (Mistral) belongs to the text before it. */
const cite = (parts: Part[], citation: Citation): void => {
  const before = parts.at(-1);
  if (before?.type === 'text') (before.citations ??= []).push(citation);
  else parts.push({ type: 'text', text: '', citations: [citation] });
};

/**
 * Message content: a text or a list of parts. A part of a kind that is not known here is kept whole for this protocol.
 * @throws SluiceError `invalid_request`, naming the member by its path
 */
export const readContent = (content: unknown, path: string): Part[] => {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  if (!Array.isArray(content)) throw new SluiceError('invalid_request', `'${path}' must be a string or an array.`, { param: path });
  const parts: Part[] = [];
  content.forEach((value: unknown, at) => {
    if (typeof value === 'string') return void parts.push({ type: 'text', text: value });
    const part = wantObject(value, `${path}[${at}]`);
    const type = asString(part['type']) ?? (typeof part['text'] === 'string' ? 'text' : '');
    if (type === 'reference') return cite(parts, readCitation(part));
    if (type === 'reasoning' && Array.isArray(part['summary'])) return void parts.push(...summary(part));
    parts.push(readers[type]?.(part, `${path}[${at}]`) ?? { type: 'opaque', origin: own, value: part });
  });
  return parts;
};
