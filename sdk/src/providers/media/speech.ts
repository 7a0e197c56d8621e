import { isObject } from '../../protocols/shared/read.ts';
import { SluiceError, type JsonObject, type SpeechRequest, type Wire } from '../../types/index.ts';
import { otherMembers } from './members.ts';

/** A speech request, without what OpenAI's format has and nobody else. */
export interface SpeechWish {
  text: string;
  voice?: string;
  /** Absent: nobody said, which is mp3 in OpenAI's format. */
  format?: string;
  speed?: number;
  instructions?: string;
  /** The vendor's own members. */
  others: JsonObject;
}

const named = ['model', 'input', 'voice', 'response_format', 'speed', 'instructions', 'stream_format', 'user'];

/** @throws SluiceError `invalid_request`; `unsupported_parameter` for events instead of bytes, which only OpenAI has */
export const readSpeech = (request: SpeechRequest, wire: Wire): SpeechWish => {
  const { input, response_format: format, speed, instructions } = request;
  if (typeof input !== 'string' || input === '') throw new SluiceError('invalid_request', "'input' must be a text.", { param: 'input' });
  if (request['stream_format'] === 'sse') wire.lacks('stream_format', 'sound comes as bytes here, not as events');
  const voice = voiceOf(request.voice);
  return {
    text: input,
    others: otherMembers(request, named),
    ...(voice !== undefined && { voice }),
    ...(present(format) && { format }),
    ...(typeof speed === 'number' && { speed }),
    ...(present(instructions) && { instructions }),
  };
};

const present = (text: string | null | undefined): text is string => typeof text === 'string' && text !== '';

/** OpenAI's clients give a name or `{id}`; others write `{voice_id}` or `{name}`. */
const voiceOf = (voice: unknown): string | undefined => {
  const name = isObject(voice) ? (voice['id'] ?? voice['voice_id'] ?? voice['name']) : voice;
  return typeof name === 'string' && name.trim() !== '' ? name.trim() : undefined;
};

/** Names come from outside: `constructor` is none that a table has. */
const rowOf = <T>(rows: Readonly<Record<string, T>>, name: string): T | undefined => (Object.hasOwn(rows, name) ? rows[name] : undefined);

/** The vendor's voice: one that stands for OpenAI's of this name, else the name as it is. */
export const mappedVoice = (voice: string | undefined, voices: Readonly<Record<string, string>>, instead: string): string =>
  voice === undefined ? instead : (rowOf(voices, voice.toLowerCase()) ?? voice);

/** Voices that OpenAI has, which are nobody else's (openai/openai-openapi, read 2026-11-22). */
const openaiVoices = new Set([
  'alloy',
  'ash',
  'ballad',
  'cedar',
  'coral',
  'echo',
  'fable',
  'marin',
  'nova',
  'onyx',
  'sage',
  'shimmer',
  'verse',
]);
export const isOpenaiVoice = (voice: string): boolean => openaiVoices.has(voice.toLowerCase());

/**
 * The vendor's name of a format. Its own names pass; OpenAI's that it does not have are refused by name, or with
 * `drop_params` given as `instead`.
 */
export const mappedFormat = <T>(
  format: string | undefined,
  {
    formats,
    instead,
    ofVendor,
    wire,
  }: { formats: Readonly<Record<string, T>>; instead: string; ofVendor?: (format: string) => T | undefined; wire: Wire },
): T => {
  const known = rowOf(formats, format ?? instead) ?? (format === undefined ? undefined : ofVendor?.(format));
  if (known !== undefined) return known;
  wire.lacks('response_format', `'${format}' is not to be had; ${Object.keys(formats).join(', ')} are`);
  return formats[instead]!;
};

/** Texts in the markup of speech (W3C SSML) are told from plain ones by their root. */
export const isSsml = (text: string): boolean => /^\s*(?:<\?xml[^>]*>\s*)?<speak[\s>]/.test(text);
