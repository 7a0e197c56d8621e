import type { Adapter } from '../../types/index.ts';
import { countCharacters, speechOf, unitsUsage } from '../media/bytes.ts';
import { isOpenaiVoice, mappedFormat, readSpeech } from '../media/speech.ts';

const formats: Readonly<Record<string, string>> = { mp3: 'mp3', aac: 'aac', wav: 'wav', pcm: 'pcm_s16le' };
const own = new Set(['ulaw', 'webm', 'pcm_s16le', 'pcm_f32le']);

/** docs.lmnt.com/api-reference/speech/synthesize-speech-bytes and the npm package lmnt-node 2.12, read 2026-11-22. */
export const speech: Adapter<'speech'> = async (request, wire) => {
  const { text, voice, format, speed, instructions, others } = readSpeech(request, wire);
  if (instructions !== undefined) wire.lacks('instructions');
  if (voice !== undefined && isOpenaiVoice(voice)) wire.drop('voice', `there is no '${voice}' here: ava speaks`);
  const json = {
    model: wire.model,
    text,
    voice: voice === undefined || isOpenaiVoice(voice) ? 'ava' : voice,
    format: mappedFormat(format, { formats, instead: 'mp3', ofVendor: (name) => (own.has(name) ? name : undefined), wire }),
    ...(format === 'pcm' && { sample_rate: 24_000 }),
    ...(speed !== undefined && { speed }),
    ...others,
  };
  const stream = await wire.stream({ url: '/v1/ai/speech/bytes', json });
  return speechOf(stream, unitsUsage({ inputCharacters: countCharacters(text) }));
};
