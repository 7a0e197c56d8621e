import { asNumber, asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import type { Adapter, JsonObject, TranscriptionResult } from '../../types/index.ts';
import { unitsUsage } from '../media/bytes.ts';
import { noAnswer } from '../media/failure.ts';
import { memberText } from '../media/members.ts';
import { readTranscription, segmentsBySpeaker, speakerOf, type Segment, type Word } from '../media/transcription.ts';

/**
 * The recording is the body, all else stands in the query: its own members of the request go there as they are
 * (`smart_format`, `diarize`, `keyterm`, ...), lists as repeated parameters. developers.deepgram.com/reference/speech-to-text/
 * listen-pre-recorded and the npm package @deepgram/sdk 5.13, read 2026-11-22.
 */
export const transcription: Adapter<'transcription'> = async (request, wire) => {
  const { language, prompt, temperature, diarize, timed, others } = readTranscription(request, wire);
  if (prompt !== undefined) wire.lacks('prompt', 'words to expect are given as `keyterm`');
  if (temperature !== undefined) wire.lacks('temperature');
  const query = new URLSearchParams({ model: wire.model });
  if (language !== undefined) query.set('language', language);
  // What the form that was asked for is made of, where the client does not say otherwise.
  if (diarize) query.set('diarize', 'true');
  if (timed) query.set('utterances', 'true');
  for (const [name, value] of Object.entries(others)) {
    query.delete(name);
    for (const each of Array.isArray(value) ? value : [value]) query.append(name, memberText(each));
  }
  const answer = await wire.json({ url: `/v1/listen?${query.toString()}`, bytes: request.file });
  const results = asObject(answer['results']);
  if (!results) throw noAnswer(wire, 'results', answer);
  return read(results, asNumber(asObject(answer['metadata'])?.['duration']), language);
};

const read = (results: JsonObject, duration: number | undefined, asked: string | undefined): TranscriptionResult => {
  const channels = asObjects(results['channels']);
  // Only the first alternative of each channel is what was said; others are for those who ask the vendor itself.
  const heard = channels.map(({ alternatives }) => asObjects(alternatives)[0] ?? {});
  const words = heard.flatMap(({ words: list }) => asObjects(list).map(wordOf));
  const segments = segmentsOf(results, heard, words);
  const language = asString(channels[0]?.['detected_language']) ?? asked;
  return {
    text: heard
      .map(({ transcript }) => asString(transcript) ?? '')
      .filter((text) => text !== '')
      .join('\n'),
    ...(language !== undefined && { language }),
    ...(duration !== undefined && { durationSeconds: duration, usage: unitsUsage({ inputSeconds: duration }) }),
    ...(segments && { segments }),
    ...(words.length > 0 && { words }),
  };
};

const wordOf = ({ word, punctuated_word: punctuated, start, end, speaker, confidence }: JsonObject): Word => ({
  word: asString(punctuated) ?? asString(word) ?? '',
  start: asNumber(start) ?? 0,
  end: asNumber(end) ?? 0,
  ...speakerOf(speaker),
  ...(typeof confidence === 'number' && { confidence }),
});

/** Utterances where they were asked for, else the sentences of `smart_format`, else what each speaker said. */
const segmentsOf = (results: JsonObject, heard: readonly JsonObject[], words: readonly Word[]): Segment[] | undefined => {
  const utterances = asObjects(results['utterances']);
  if (utterances.length > 0) return utterances.map((each) => segmentOf(each, each['transcript'], each['speaker']));
  const sentences = heard.flatMap(({ paragraphs }) =>
    asObjects(asObject(paragraphs)?.['paragraphs']).flatMap(({ sentences: list, speaker }) =>
      asObjects(list).map((each) => segmentOf(each, each['text'], speaker)),
    ),
  );
  return sentences.length > 0 ? sentences : segmentsBySpeaker(words);
};

const segmentOf = ({ start, end }: JsonObject, text: unknown, speaker: unknown): Segment => ({
  start: asNumber(start) ?? 0,
  end: asNumber(end) ?? 0,
  text: asString(text) ?? '',
  ...speakerOf(speaker),
});
