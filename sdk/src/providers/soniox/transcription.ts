import { asNumber, asObjects, asString } from '../../protocols/shared/read.ts';
import type { Adapter, JsonObject, TranscriptionRequest, TranscriptionResult, Wire } from '../../types/index.ts';
import { unitsUsage } from '../media/bytes.ts';
import { jobFailed, noAnswer } from '../media/failure.ts';
import { typedMembers } from '../media/members.ts';
import { poll } from '../media/poll.ts';
import { readTranscription, secondsOfMs, segmentsBySpeaker } from '../media/transcription.ts';
import { pathSegment } from '../url.ts';
import { languageOf, textOfTokens, wordsOfTokens } from './tokens.ts';

/*
 * A recording is uploaded, a job made of it, its end awaited, the tokens fetched, and both deleted again: what stays
 * there would fill the account's storage. soniox.com/docs/stt/async/async-transcription and the npm package @soniox/node
 * 2.3, read 2026-11-22.
 */

export const transcription: Adapter<'transcription'> = (request, wire) => transcribe(request, wire, {});

/** The vendor translates as it listens; what was English already stays as it was said. */
export const translation: Adapter<'translation'> = (request, wire) =>
  transcribe(request, wire, { translation: { type: 'one_way', target_language: 'en' } });

const transcribe = async (request: TranscriptionRequest, wire: Wire, members: JsonObject): Promise<TranscriptionResult> => {
  const { language, prompt, temperature, diarize, others } = readTranscription(request, wire);
  if (temperature !== undefined) wire.lacks('temperature');
  const own = typedMembers(others);
  const hints = Array.isArray(own['language_hints']) ? own['language_hints'] : [];
  const body: JsonObject = {
    ...members,
    model: wire.model,
    ...(prompt !== undefined && { context: { text: prompt } }),
    ...(diarize && { enable_speaker_diarization: true }),
    ...own,
    ...(language !== undefined && { language_hints: [language, ...hints.filter((hint) => hint !== language)] }),
  };
  const elsewhere = typeof body['audio_url'] === 'string' || typeof body['file_id'] === 'string';
  const uploaded = elsewhere ? undefined : await upload(request, wire);
  let job: string | undefined;
  try {
    job = idOf(
      await wire.json({ url: '/v1/transcriptions', json: { ...body, ...(uploaded !== undefined && { file_id: uploaded }) } }),
      wire,
    );
    const url = `/v1/transcriptions/${pathSegment(job)}`;
    const done = await poll(wire, () => look(url, wire));
    return read(await wire.json({ url: `${url}/transcript` }), asNumber(done['audio_duration_ms']), language, wire);
  } finally {
    if (job !== undefined) await remove(`/v1/transcriptions/${pathSegment(job)}`, wire);
    if (uploaded !== undefined) await remove(`/v1/files/${pathSegment(uploaded)}`, wire);
  }
};

const upload = async ({ file }: TranscriptionRequest, wire: Wire): Promise<string> =>
  idOf(await wire.json({ url: '/v1/files', form: [['file', file]] }), wire);

const idOf = (answer: JsonObject, wire: Wire): string => {
  if (typeof answer['id'] !== 'string' || answer['id'] === '') throw noAnswer(wire, 'an id', answer);
  return answer['id'];
};

const look = async (url: string, wire: Wire): Promise<JsonObject | undefined> => {
  const job = await wire.json({ url });
  if (job['status'] === 'completed') return job;
  if (job['status'] === 'error') {
    const type = asString(job['error_type']);
    throw jobFailed(wire, asString(job['error_message']), { body: job, ...(type !== undefined && { type }) });
  }
  if (typeof job['status'] !== 'string') throw noAnswer(wire, 'a status', job);
  return undefined;
};

/** The text is there already: a deletion that fails, or that a cancelled call has no time for, is no reason to lose it. */
const remove = async (url: string, wire: Wire): Promise<void> => {
  try {
    const stream = await wire.stream({ method: 'DELETE', url });
    stream.cancel();
  } catch {
    wire.drop('deletion', `the vendor still has ${url}`);
  }
};

const read = (answer: JsonObject, durationMs: number | undefined, asked: string | undefined, wire: Wire): TranscriptionResult => {
  const tokens = asObjects(answer['tokens']);
  const translated = tokens.some(({ translation_status: status }) => status === 'translation');
  const text = translated ? textOfTokens(tokens) : asString(answer['text']);
  if (text === undefined && tokens.length === 0) throw noAnswer(wire, 'a text', answer);
  const words = wordsOfTokens(tokens);
  const segments = segmentsBySpeaker(words);
  const language = languageOf(tokens) ?? asked;
  return {
    text: text ?? textOfTokens(tokens),
    ...(language !== undefined && { language }),
    ...(durationMs !== undefined && {
      durationSeconds: secondsOfMs(durationMs),
      usage: unitsUsage({ inputSeconds: secondsOfMs(durationMs) }),
    }),
    ...(segments && { segments }),
    ...(words.length > 0 && { words }),
  };
};
