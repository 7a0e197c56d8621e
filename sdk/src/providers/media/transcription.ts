import { asNumber, asString } from '../../protocols/shared/read.ts';
import type { JsonObject, TranscriptionRequest, TranscriptionResult, Wire } from '../../types/index.ts';
import { otherMembers } from './members.ts';

/** A transcription request, without what only OpenAI has. */
export interface TranscriptionWish {
  language?: string;
  prompt?: string;
  temperature?: number;
  /** Who said what was asked for. */
  diarize: boolean;
  /** Times were asked for, or a form that is made of them. */
  timed: boolean;
  /** The vendor's own members, as they came: texts, where they came in a form. */
  others: JsonObject;
}

/** `stream` is honoured by the engine, which has the whole text. */
const named = [
  'model',
  'file',
  'language',
  'prompt',
  'response_format',
  'temperature',
  'timestamp_granularities',
  'stream',
  'user',
  'chunking_strategy',
  'include',
  'known_speaker_names',
  'known_speaker_references',
];

/** @throws SluiceError `unsupported_parameter` for what only OpenAI's own models have */
export const readTranscription = (request: TranscriptionRequest, wire: Wire): TranscriptionWish => {
  const { response_format: form, timestamp_granularities: granularities } = request;
  if (given(request['chunking_strategy'])) wire.drop('chunking_strategy', 'how a recording is cut is up to the vendor');
  for (const name of ['include', 'known_speaker_names', 'known_speaker_references']) if (given(request[name])) wire.lacks(name);
  const language = textOf(request.language);
  const prompt = textOf(request.prompt);
  const temperature = numberOf(request.temperature);
  return {
    diarize: form === 'diarized_json',
    timed: form === 'srt' || form === 'vtt' || form === 'diarized_json' || (granularities?.length ?? 0) > 0,
    others: otherMembers(request, named),
    ...(language !== undefined && { language }),
    ...(prompt !== undefined && { prompt }),
    ...(temperature !== undefined && { temperature }),
  };
};

const given = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const numberOf = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
};

export type Word = NonNullable<TranscriptionResult['words']>[number];
export type Segment = NonNullable<TranscriptionResult['segments']>[number];

/** Milliseconds -> seconds, without the dust of binary fractions. */
export const secondsOfMs = (ms: number): number => Math.round(ms) / 1000;

/** `1.250s`, as Google writes durations -> 1.25 */
export const secondsOfText = (text: unknown): number | undefined => {
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(asString(text) ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds);
};

/** Speakers are named or numbered. */
export const speakerOf = (value: unknown): { speaker?: string } => {
  const speaker = asString(value) ?? asNumber(value)?.toString();
  return speaker === undefined || speaker === '' ? {} : { speaker };
};

/**
 * What each speaker said at a stretch, for vendors that name the speaker with each word alone.
 * @param glue what stands between two words; '' where they bring their spaces
 */
export const segmentsBySpeaker = (words: readonly Word[], glue = ' '): Segment[] | undefined => {
  if (!words.some(({ speaker }) => speaker !== undefined)) return undefined;
  const segments: Segment[] = [];
  for (const { start, end, word, speaker } of words) {
    const last = segments.at(-1);
    if (last && last.speaker === speaker) {
      last.end = end;
      last.text += glue + word;
    } else segments.push({ start, end, text: word, ...(speaker !== undefined && { speaker }) });
  }
  for (const segment of segments) segment.text = segment.text.trim();
  return segments;
};
