import { asArray, asNumber, asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import type { Adapter, JsonObject, TranscriptionResult, Wire } from '../../types/index.ts';
import { unitsUsage } from '../media/bytes.ts';
import { jobFailed, noAnswer } from '../media/failure.ts';
import { typedMembers } from '../media/members.ts';
import { poll } from '../media/poll.ts';
import { readTranscription, speakerOf, type Segment, type Word } from '../media/transcription.ts';
import { pathSegment } from '../url.ts';

/** docs.gladia.io/api-reference/v2/pre-recorded/init and the npm package @ai-sdk/gladia 2.0, read 2026-11-22. */
export const transcription: Adapter<'transcription'> = async (request, wire) => {
  const { language, prompt, temperature, diarize, others } = readTranscription(request, wire);
  if (prompt !== undefined) wire.lacks('prompt', 'words to expect are given as `custom_vocabulary`');
  if (temperature !== undefined) wire.lacks('temperature');
  const own = typedMembers(others);
  const audio =
    asString(own['audio_url']) ?? asString((await wire.json({ url: '/v2/upload', form: [['audio', request.file]] }))['audio_url']);
  if (audio === undefined) throw noAnswer(wire, 'the address of the upload');
  // The vendor names its models only where there is a choice; `default` is LiteLLM's and the AI SDK's word for none.
  const model = wire.model === '' || wire.model === 'default' ? {} : { model: wire.model };
  const job = await wire.json({
    url: '/v2/pre-recorded',
    json: {
      ...model,
      ...(language !== undefined && { language_config: { languages: [language] } }),
      ...(diarize && { diarization: true }),
      ...own,
      audio_url: audio,
    },
  });
  // By its id and not by its link, so that the key stays with the vendor.
  if (typeof job['id'] !== 'string') throw noAnswer(wire, 'an id', job);
  const url = `/v2/pre-recorded/${pathSegment(job['id'])}`;
  return read(await poll(wire, () => look(url, wire)), wire);
};

const look = async (url: string, wire: Wire): Promise<JsonObject | undefined> => {
  const job = await wire.json({ url });
  if (job['status'] === 'done') return asObject(job['result']) ?? {};
  if (job['status'] === 'error') throw jobFailed(wire, undefined, { code: String(job['error_code'] ?? 'error'), body: job });
  if (typeof job['status'] !== 'string') throw noAnswer(wire, 'a status', job);
  return undefined;
};

const read = (result: JsonObject, wire: Wire): TranscriptionResult => {
  const heard = asObject(result['transcription']);
  const text = asString(heard?.['full_transcript']);
  if (heard === undefined || text === undefined) throw noAnswer(wire, 'a text', result);
  const utterances = asObjects(heard['utterances']);
  const words = utterances.flatMap(({ words: list, speaker }) => asObjects(list).map((word) => wordOf(word, speaker)));
  const language = asString(asArray(heard['languages'])[0]);
  const duration = asNumber(asObject(result['metadata'])?.['audio_duration']);
  return {
    text,
    ...(language !== undefined && { language }),
    ...(duration !== undefined && { durationSeconds: duration, usage: unitsUsage({ inputSeconds: duration }) }),
    ...(utterances.length > 0 && { segments: utterances.map(segmentOf) }),
    ...(words.length > 0 && { words }),
  };
};

const timesOf = ({ start, end }: JsonObject) => ({ start: asNumber(start) ?? 0, end: asNumber(end) ?? 0 });
const wordOf = (word: JsonObject, speaker: unknown): Word => ({
  ...timesOf(word),
  word: (asString(word['word']) ?? '').trim(),
  ...speakerOf(speaker),
});
const segmentOf = (part: JsonObject): Segment => ({ ...timesOf(part), text: asString(part['text']) ?? '', ...speakerOf(part['speaker']) });
