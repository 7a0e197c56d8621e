import { asNumber, asObjects, asString } from '../../protocols/shared/read.ts';
import type { Adapter, JsonObject, Wire } from '../../types/index.ts';
import { unitsUsage } from '../media/bytes.ts';
import { jobFailed, noAnswer } from '../media/failure.ts';
import { typedMembers } from '../media/members.ts';
import { poll } from '../media/poll.ts';
import { readTranscription, speakerOf, type Segment, type Word } from '../media/transcription.ts';
import { pathSegment } from '../url.ts';

const numeric = ['delete_after_seconds', 'speaker_channels_count', 'speakers_count'];

/** docs.rev.ai/api/asynchronous/reference and the npm package revai-node-sdk 3.8, read 2026-11-22. */
export const transcription: Adapter<'transcription'> = async (request, wire) => {
  const { language, prompt, temperature, others } = readTranscription(request, wire);
  if (prompt !== undefined) wire.lacks('prompt', 'words to expect are given as `custom_vocabularies`');
  if (temperature !== undefined) wire.lacks('temperature');
  const options = { transcriber: wire.model, ...(language !== undefined && { language }), ...typedMembers(others, numeric) };
  const submitted = await wire.json({
    url: '/speechtotext/v1/jobs',
    form: [
      ['media', request.file],
      ['options', JSON.stringify(options)],
    ],
  });
  if (typeof submitted['id'] !== 'string') throw noAnswer(wire, 'an id', submitted);
  const url = `/speechtotext/v1/jobs/${pathSegment(submitted['id'])}`;
  const job = await poll(wire, () => look(url, wire));
  const answer = await wire.json({ url: `${url}/transcript`, headers: { accept: 'application/vnd.rev.transcript.v1.0+json' } });
  if (!Array.isArray(answer['monologues'])) throw noAnswer(wire, 'a text', answer);
  const segments = asObjects(answer['monologues']).map(segmentOf);
  const words = asObjects(answer['monologues']).flatMap(wordsOf);
  const duration = asNumber(job['duration_seconds']) ?? words.at(-1)?.end;
  const heard = asString(job['language']) ?? language;
  return {
    text: segments.map(({ text }) => text).join('\n'),
    ...(heard !== undefined && { language: heard }),
    ...(duration !== undefined && { durationSeconds: duration, usage: unitsUsage({ inputSeconds: duration }) }),
    segments,
    ...(words.length > 0 && { words }),
  };
};

const look = async (url: string, wire: Wire): Promise<JsonObject | undefined> => {
  const job = await wire.json({ url });
  if (job['status'] === 'transcribed') return job;
  if (job['status'] === 'failed') {
    const code = asString(job['failure']);
    throw jobFailed(wire, asString(job['failure_detail']) ?? code, { body: job, ...(code !== undefined && { code }) });
  }
  if (typeof job['status'] !== 'string') throw noAnswer(wire, 'a status', job);
  return undefined;
};

/** Words, and the marks between them, which have no times. */
const wordsOf = ({ elements, speaker }: JsonObject): Word[] =>
  asObjects(elements)
    .filter(({ type }) => type === 'text')
    .map(({ value, ts, end_ts: end }) => ({
      word: asString(value) ?? '',
      start: asNumber(ts) ?? 0,
      end: asNumber(end) ?? 0,
      ...speakerOf(speaker),
    }));

const segmentOf = (monologue: JsonObject): Segment => {
  const words = wordsOf(monologue);
  return {
    start: words[0]?.start ?? 0,
    end: words.at(-1)?.end ?? 0,
    text: asObjects(monologue['elements'])
      .map(({ value }) => asString(value) ?? '')
      .join(''),
    ...speakerOf(monologue['speaker']),
  };
};
