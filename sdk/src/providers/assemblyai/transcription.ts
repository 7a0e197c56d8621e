import { asNumber, asObjects, asString } from '../../protocols/shared/read.ts';
import type { Adapter, JsonObject, TranscriptionResult, Wire } from '../../types/index.ts';
import { unitsUsage } from '../media/bytes.ts';
import { jobFailed, noAnswer } from '../media/failure.ts';
import { typedMembers } from '../media/members.ts';
import { poll } from '../media/poll.ts';
import { readTranscription, secondsOfMs, segmentsBySpeaker, speakerOf, type Segment, type Word } from '../media/transcription.ts';
import { pathSegment } from '../url.ts';
import { speechBase } from './place.ts';

/** Older models are asked for by another member (assemblyai.com/docs/pre-recorded-audio/select-the-speech-model, read 2026-11-22). */
const legacyModels = new Set(['best', 'nano', 'slam-1', 'universal']);

/** Members that are numbers, where they came in a form. */
const numeric = [
  'audio_end_at',
  'audio_start_from',
  'content_safety_confidence',
  'language_confidence_threshold',
  'speakers_expected',
  'speech_threshold',
];

/** assemblyai.com/docs/api-reference/transcripts/submit and the npm package assemblyai 4.41, read 2026-11-22. */
export const transcription: Adapter<'transcription'> = async (request, wire) => {
  const { language, prompt, temperature, diarize, others } = readTranscription(request, wire);
  const base = speechBase(wire.target);
  const own = typedMembers(others, numeric);
  const audio = asString(own['audio_url']) ?? (await upload(request.file, base, wire));
  const model = legacyModels.has(wire.model) ? { speech_model: wire.model } : { speech_models: [wire.model] };
  const job = await wire.json({
    url: `${base}/v2/transcript`,
    json: {
      ...model,
      ...(language !== undefined && { language_code: language }),
      ...(prompt !== undefined && { prompt }),
      ...(temperature !== undefined && { temperature }),
      ...(diarize && { speaker_labels: true }),
      ...own,
      audio_url: audio,
    },
  });
  if (typeof job['id'] !== 'string' || job['id'] === '') throw noAnswer(wire, 'an id', job);
  const url = `${base}/v2/transcript/${pathSegment(job['id'])}`;
  return read(await poll(wire, () => look(url, wire)), wire);
};

const upload = async (file: { bytes: Blob; name: string; type: string }, base: string, wire: Wire): Promise<string> => {
  // Of any other type the vendor answers that it is none that it knows.
  const answer = await wire.json({ url: `${base}/v2/upload`, bytes: { ...file, type: 'application/octet-stream' } });
  if (typeof answer['upload_url'] !== 'string') throw noAnswer(wire, 'the address of the upload', answer);
  return answer['upload_url'];
};

const look = async (url: string, wire: Wire): Promise<JsonObject | undefined> => {
  const job = await wire.json({ url });
  if (job['status'] === 'completed') return job;
  if (job['status'] === 'error') throw jobFailed(wire, asString(job['error']), { body: job });
  if (typeof job['status'] !== 'string') throw noAnswer(wire, 'a status', job);
  return undefined;
};

const read = (job: JsonObject, wire: Wire): TranscriptionResult => {
  // Null where nothing is said in the recording.
  if (job['text'] !== null && typeof job['text'] !== 'string') throw noAnswer(wire, 'a text', job);
  const words = asObjects(job['words']).map(wordOf);
  const utterances = asObjects(job['utterances']).map(segmentOf);
  const segments = utterances.length > 0 ? utterances : segmentsBySpeaker(words);
  const duration = asNumber(job['audio_duration']);
  const language = asString(job['language_code']);
  return {
    text: job['text'] ?? '',
    ...(language !== undefined && { language }),
    ...(duration !== undefined && { durationSeconds: duration, usage: unitsUsage({ inputSeconds: duration }) }),
    ...(segments && { segments }),
    ...(words.length > 0 && { words }),
  };
};

const timesOf = ({ start, end }: JsonObject): { start: number; end: number } => ({
  start: secondsOfMs(asNumber(start) ?? 0),
  end: secondsOfMs(asNumber(end) ?? 0),
});

const wordOf = (word: JsonObject): Word => ({ ...timesOf(word), word: asString(word['text']) ?? '', ...speakerOf(word['speaker']) });

const segmentOf = (utterance: JsonObject): Segment => ({
  ...timesOf(utterance),
  text: asString(utterance['text']) ?? '',
  ...speakerOf(utterance['speaker']),
});
