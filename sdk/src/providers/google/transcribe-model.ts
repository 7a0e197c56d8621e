import { blobToBase64 } from '../../lib/byte-text.ts';
import { asNumber, asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import type { Adapter, JsonObject, Usage } from '../../types/index.ts';
import { noAnswer } from '../media/failure.ts';
import { audioTypeOf } from '../media/file-type.ts';
import { localeOfLanguage } from '../media/locale.ts';
import { typedMembers } from '../media/members.ts';
import { readTranscription, secondsOfText, segmentsBySpeaker, speakerOf, type Word } from '../media/transcription.ts';

/** Models that do nothing but transcribe, which only the Interactions API has. */
export const isTranscribeModel = (model: string): boolean => /^gemini-.*-transcribe/.test(model);

/** ai.google.dev/gemini-api/docs/transcribe, by way of BerriAI/litellm (litellm/llms/gemini/audio_transcription), read 2026-11-22. */
export const interactionTranscription: Adapter<'transcription'> = async (request, wire) => {
  const { language, prompt, temperature, diarize, timed, others } = readTranscription(request, wire);
  if (prompt !== undefined) wire.lacks('prompt');
  if (temperature !== undefined) wire.lacks('temperature');
  const { generation_config: given, ...own } = typedMembers(others);
  const config: JsonObject = {
    ...(language !== undefined && { language_codes: [localeOfLanguage(language)] }),
    ...((timed || diarize) && { mode: { type: 'verbatim', timestamp_granularities: ['word'], diarization_mode: 'speaker' } }),
    ...asObject(asObject(given)?.['transcription_config']),
  };
  const answer = await wire.json({
    url: '/interactions',
    headers: { 'api-revision': '2026-05-20' },
    json: {
      model: wire.model,
      input: [{ type: 'audio', data: await blobToBase64(request.file.bytes), mime_type: audioTypeOf(request.file) }],
      ...((Object.keys(config).length > 0 || asObject(given)) && {
        generation_config: { ...asObject(given), transcription_config: config },
      }),
      ...own,
    },
  });
  if (answer['status'] !== 'completed') throw noAnswer(wire, `an end (status ${String(answer['status'])})`, answer);
  const texts = asObjects(answer['steps']).flatMap(({ content }) => asObjects(content).filter(({ type }) => type === 'text'));
  const words = texts.flatMap(({ annotations }) => asObjects(annotations).flatMap(wordOf));
  const segments = segmentsBySpeaker(words);
  const usage = usageOf(asObject(answer['usage']));
  return {
    text: texts.map(({ text }) => asString(text) ?? '').join(' '),
    ...(language !== undefined && { language }),
    ...(words.length > 0 && { words, durationSeconds: words.at(-1)!.end }),
    ...(segments && { segments }),
    ...(usage && { usage }),
  };
};

const wordOf = ({ type, text, start_offset: start, end_offset: end, speaker }: JsonObject): Word[] =>
  type === 'word_info' && typeof text === 'string'
    ? [{ word: text, start: secondsOfText(start) ?? 0, end: secondsOfText(end) ?? secondsOfText(start) ?? 0, ...speakerOf(speaker) }]
    : [];

const usageOf = (counts: JsonObject | undefined): Usage | undefined => {
  if (!counts) return undefined;
  const input = asNumber(counts['total_input_tokens']) ?? 0;
  const audio = asObjects(counts['input_tokens_by_modality'])
    .filter(({ modality }) => modality === 'audio')
    .reduce((sum, { tokens }) => sum + (asNumber(tokens) ?? 0), 0);
  return {
    inputTokens: Math.max(0, input - audio),
    ...(audio > 0 && { inputAudioTokens: audio }),
    outputTokens: asNumber(counts['total_output_tokens']) ?? 0,
    raw: counts,
  };
};
