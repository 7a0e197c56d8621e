import { asNumber, asObjects, asString } from '../../../protocols/shared/read.ts';
import type { Adapter, JsonObject } from '../../../types/index.ts';
import { unitsUsage } from '../../media/bytes.ts';
import { noAnswer } from '../../media/failure.ts';
import { localeOfLanguage } from '../../media/locale.ts';
import { typedMembers } from '../../media/members.ts';
import { readTranscription, secondsOfMs, speakerOf, type Segment, type Word } from '../../media/transcription.ts';
import { recognitionUrl } from './place.ts';

/** The version that is generally available (learn.microsoft.com/azure/ai-services/speech-service/rest-speech-to-text, read 2026-11-22). */
const apiVersion = '2025-10-15';

/**
 * Fast transcription: the recording and a definition of what is wanted, in which the vendor's own members stand (`locales`,
 * `channels`, `diarization`, `phraseList`). learn.microsoft.com/azure/ai-services/speech-service/fast-transcription-create,
 * read 2026-11-22.
 */
export const transcription: Adapter<'transcription'> = async (request, wire) => {
  const { language, prompt, temperature, diarize, others } = readTranscription(request, wire);
  if (prompt !== undefined) wire.lacks('prompt', 'words to expect are given as `phraseList`');
  if (temperature !== undefined) wire.lacks('temperature');
  const definition: JsonObject = {
    ...(language !== undefined && { locales: [localeOfLanguage(language)] }),
    ...(diarize && { diarization: { enabled: true, maxSpeakers: 10 } }),
    ...typedMembers(others),
  };
  const version = /^\d{4}-/.test(wire.target.apiVersion ?? '') ? wire.target.apiVersion! : apiVersion;
  const answer = await wire.json({
    url: recognitionUrl(wire.target),
    query: { 'api-version': version },
    form: [
      ['audio', request.file],
      ['definition', JSON.stringify(definition)],
    ],
  });
  if (!Array.isArray(answer['combinedPhrases'])) throw noAnswer(wire, 'a text', answer);
  const phrases = asObjects(answer['phrases']);
  const words = phrases.flatMap((phrase) => asObjects(phrase['words']).map((word) => ({ ...timesOf(word), ...wordOf(word, phrase) })));
  const durationMs = asNumber(answer['durationMilliseconds']) ?? asNumber(answer['duration']);
  const heard = asString(phrases[0]?.['locale']) ?? language;
  return {
    text: asObjects(answer['combinedPhrases'])
      .map(({ text }) => asString(text) ?? '')
      .join('\n'),
    ...(heard !== undefined && { language: heard }),
    ...(durationMs !== undefined && {
      durationSeconds: secondsOfMs(durationMs),
      usage: unitsUsage({ inputSeconds: secondsOfMs(durationMs) }),
    }),
    segments: phrases.map(segmentOf),
    ...(words.length > 0 && { words }),
  };
};

const timesOf = (part: JsonObject): { start: number; end: number } => {
  const start = asNumber(part['offsetMilliseconds']) ?? asNumber(part['offset']) ?? 0;
  const length = asNumber(part['durationMilliseconds']) ?? asNumber(part['duration']) ?? 0;
  return { start: secondsOfMs(start), end: secondsOfMs(start + length) };
};

const wordOf = (word: JsonObject, phrase: JsonObject): Pick<Word, 'word' | 'speaker'> => ({
  word: asString(word['text']) ?? '',
  ...speakerOf(phrase['speaker']),
});

const segmentOf = (phrase: JsonObject): Segment => ({
  ...timesOf(phrase),
  text: asString(phrase['text']) ?? '',
  ...speakerOf(phrase['speaker']),
});
