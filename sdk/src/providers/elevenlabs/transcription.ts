import { asNumber, asObjects, asString } from '../../protocols/shared/read.ts';
import type { Adapter, FormField, JsonObject } from '../../types/index.ts';
import { unitsUsage } from '../media/bytes.ts';
import { noAnswer } from '../media/failure.ts';
import { memberText } from '../media/members.ts';
import { readTranscription, segmentsBySpeaker, speakerOf, type Word } from '../media/transcription.ts';

/** elevenlabs.io/docs/api-reference/speech-to-text/convert and the npm package @elevenlabs/elevenlabs-js 2.73, read 2026-11-22. */
export const transcription: Adapter<'transcription'> = async (request, wire) => {
  const { language, prompt, temperature, diarize, others } = readTranscription(request, wire);
  if (prompt !== undefined) wire.lacks('prompt', 'words to expect are given as `keyterms`');
  const form: FormField[] = [['model_id', wire.model]];
  if (language !== undefined) form.push(['language_code', language]);
  if (temperature !== undefined) form.push(['temperature', String(temperature)]);
  if (diarize && others['diarize'] === undefined) form.push(['diarize', 'true']);
  for (const [name, value] of Object.entries(others)) {
    for (const each of Array.isArray(value) ? value : [value]) form.push([name, memberText(each)]);
  }
  form.push(['file', request.file]);
  const answer = await wire.json({ url: '/v1/speech-to-text', form });
  // One a channel, where the vendor was told to keep them apart.
  const parts = Array.isArray(answer['transcripts']) ? asObjects(answer['transcripts']) : [answer];
  if (parts.length === 0 || parts.some(({ text }) => typeof text !== 'string')) throw noAnswer(wire, 'a text', answer);
  const words = parts.flatMap((part) => wordsOf(part));
  const segments = segmentsBySpeaker(words);
  const heard = asString(parts[0]!['language_code']) ?? language;
  const duration = asNumber(answer['audio_duration_secs']) ?? asNumber(parts[0]!['audio_duration_secs']) ?? endOf(words);
  return {
    text: parts.map(({ text }) => text as string).join('\n'),
    ...(heard !== undefined && { language: heard }),
    ...(duration !== undefined && { durationSeconds: duration, usage: unitsUsage({ inputSeconds: duration }) }),
    ...(segments && { segments }),
    ...(words.length > 0 && { words }),
  };
};

/** Between the words there are spaces and sounds, which are none. */
const wordsOf = ({ words }: JsonObject): Word[] =>
  asObjects(words)
    .filter(({ type }) => type === 'word' || type === undefined)
    .map(({ text, start, end, speaker_id: speaker }) => ({
      word: asString(text) ?? '',
      start: asNumber(start) ?? 0,
      end: asNumber(end) ?? 0,
      ...speakerOf(speaker),
    }));

const endOf = (words: readonly Word[]): number | undefined =>
  words.length === 0 ? undefined : words.reduce((latest, { end }) => Math.max(latest, end), 0);
