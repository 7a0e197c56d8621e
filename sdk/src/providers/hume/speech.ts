import type { Adapter, JsonObject } from '../../types/index.ts';
import { countCharacters, speechOf, unitsUsage } from '../media/bytes.ts';
import { isOpenaiVoice, mappedFormat, readSpeech } from '../media/speech.ts';

const formats: Readonly<Record<string, string>> = { mp3: 'mp3', wav: 'wav', pcm: 'pcm' };

/** A voice of the vendor's library is named, one of one's own is an id. */
const voiceOf = (voice: string): JsonObject =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-/i.test(voice) ? { id: voice } : { name: voice, provider: 'HUME_AI' };

/** dev.hume.ai/reference/text-to-speech-tts/synthesize-file and the npm package @ai-sdk/hume 2.0, read 2026-11-22. */
export const speech: Adapter<'speech'> = async (request, wire) => {
  const { text, voice, format, speed, instructions, others } = readSpeech(request, wire);
  // Without a voice the vendor makes one that suits the text and its description.
  if (voice !== undefined && isOpenaiVoice(voice)) wire.drop('voice', `there is no '${voice}' here`);
  const utterance = {
    text,
    ...(speed !== undefined && { speed }),
    ...(instructions !== undefined && { description: instructions }),
    ...(voice !== undefined && !isOpenaiVoice(voice) && { voice: voiceOf(voice) }),
  };
  const version = /^(?:octave-?)?([12])$/.exec(wire.model)?.[1];
  const json = {
    utterances: [utterance],
    format: { type: mappedFormat(format, { formats, instead: 'mp3', wire }) },
    ...(version !== undefined && { version }),
    ...others,
  };
  const stream = await wire.stream({ url: '/v0/tts/file', json });
  return speechOf(stream, unitsUsage({ inputCharacters: countCharacters(text) }));
};
