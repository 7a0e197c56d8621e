import { SluiceError, type JsonObject, type TranscriptionRequest, type TranscriptionResult } from '../../types/index.ts';

/** A transcription as the client wants it. */
export interface Rendered {
  contentType: string;
  body: string;
  json?: JsonObject;
}

type Form = NonNullable<TranscriptionRequest['response_format']>;

const forms: Readonly<Record<Form, (result: TranscriptionResult, task: string) => Rendered>> = {
  json: (result) => asJson({ text: result.text, ...usageOf(result) }),
  verbose_json: (result, task) =>
    asJson({
      task,
      language: result.language ?? '',
      duration: result.durationSeconds ?? lastSecond(result),
      text: result.text,
      ...(result.words && { words: result.words }),
      segments: segmentsOf(result).map((segment, id) => ({ id, ...segment })),
      ...usageOf(result),
    }),
  diarized_json: (result, task) =>
    asJson({
      task,
      duration: result.durationSeconds ?? lastSecond(result),
      text: result.text,
      segments: segmentsOf(result).map((segment, at) => ({ type: 'transcript.text.segment', id: `seg_${at}`, speaker: 'A', ...segment })),
      ...usageOf(result),
    }),
  text: (result) => ({ contentType: 'text/plain; charset=utf-8', body: `${result.text}\n` }),
  srt: (result) => ({
    contentType: 'text/plain; charset=utf-8',
    body: segmentsOf(result)
      .map(({ start, end, text }, at) => `${at + 1}\n${clock(start, ',')} --> ${clock(end, ',')}\n${text.trim()}\n\n`)
      .join(''),
  }),
  vtt: (result) => ({
    contentType: 'text/vtt; charset=utf-8',
    body: `WEBVTT\n\n${segmentsOf(result)
      .map(({ start, end, text }) => `${clock(start, '.')} --> ${clock(end, '.')}\n${text.trim()}\n\n`)
      .join('')}`,
  }),
};

/**
 * A transcription in the form that was asked for (OpenAI's `response_format`; platform.openai.com/docs/api-reference/audio,
 * read 2026-11-22).
 * @throws SluiceError `invalid_request` for a form that there is not
 */
export const renderTranscription = (result: TranscriptionResult, form: string | undefined, task: 'transcribe' | 'translate'): Rendered => {
  if (form !== undefined && !(form in forms)) {
    const known = Object.keys(forms).join(', ');
    throw new SluiceError('invalid_request', `'response_format' must be one of ${known}.`, { param: 'response_format' });
  }
  return forms[(form ?? 'json') as Form](result, task);
};

const asJson = (json: JsonObject): Rendered => ({ contentType: 'application/json', body: JSON.stringify(json), json });

const usageOf = ({ usage, durationSeconds }: TranscriptionResult): JsonObject => {
  const seconds = usage?.units?.inputSeconds ?? durationSeconds;
  return seconds === undefined ? {} : { usage: { type: 'duration', seconds: Math.ceil(seconds) } };
};

/** Captions need times: where the vendor gave words alone they are put together, and where it gave none it is one. */
const segmentsOf = (result: TranscriptionResult): { start: number; end: number; text: string; [member: string]: unknown }[] => {
  if (result.segments) return result.segments;
  if (!result.words?.length) return [{ start: 0, end: result.durationSeconds ?? 0, text: result.text }];
  const segments: { start: number; end: number; text: string }[] = [];
  for (let at = 0; at < result.words.length; at += wordsInCaption) {
    const words = result.words.slice(at, at + wordsInCaption);
    segments.push({ start: words[0]!.start, end: words.at(-1)!.end, text: words.map(({ word }) => word.trim()).join(' ') });
  }
  return segments;
};

/** About two lines of a caption. */
const wordsInCaption = 12;

const lastSecond = ({ segments, words }: TranscriptionResult): number => segments?.at(-1)?.end ?? words?.at(-1)?.end ?? 0;

const clock = (seconds: number, mark: string): string => {
  const ms = Math.round(seconds * 1000);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}${mark}${String(ms % 1000).padStart(3, '0')}`;
};
