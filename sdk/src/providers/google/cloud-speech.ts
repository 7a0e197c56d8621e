import { asObject, asString, isObject } from '../../protocols/shared/read.ts';
import type { Adapter, JsonObject, SpeechRequest } from '../../types/index.ts';
import { countCharacters, speechOf, streamOfText, unitsUsage } from '../media/bytes.ts';
import { noAnswer } from '../media/failure.ts';
import { isSsml, mappedFormat, mappedVoice, readSpeech } from '../media/speech.ts';
import { serviceRoot } from './place.ts';

/** Voices that stand for OpenAI's, as LiteLLM has them (docs.litellm.ai/docs/providers/vertex_speech, read 2026-11-22). */
const voices: Readonly<Record<string, string>> = {
  alloy: 'en-US-Studio-O',
  echo: 'en-US-Studio-M',
  fable: 'en-GB-Studio-B',
  onyx: 'en-US-Wavenet-D',
  nova: 'en-US-Studio-O',
  shimmer: 'en-US-Wavenet-F',
};

interface Format {
  encoding: string;
  type: string;
  rateHz?: number;
}

/** LINEAR16 has the head of a WAV file, PCM has none. */
const formats: Readonly<Record<string, Format>> = {
  mp3: { encoding: 'MP3', type: 'audio/mpeg' },
  opus: { encoding: 'OGG_OPUS', type: 'audio/ogg' },
  wav: { encoding: 'LINEAR16', type: 'audio/wav' },
  pcm: { encoding: 'PCM', type: 'audio/pcm;rate=24000', rateHz: 24_000 },
};

const ofVendor = (name: string): Format | undefined =>
  /^(?:MP3|OGG_OPUS|LINEAR16|PCM|MULAW|ALAW|M4A)$/.test(name) ? { encoding: name, type: 'application/octet-stream' } : undefined;

/**
 * Cloud Text-to-Speech, with the voices of Chirp 3, Studio, Neural2 and WaveNet
 * (docs.cloud.google.com/text-to-speech/docs/reference/rest/v1/text/synthesize, read 2026-11-22).
 */
export const cloudSpeech: Adapter<'speech'> = async (request, wire) => {
  const { text, voice, format, speed, instructions, others } = readSpeech(request, wire);
  if (instructions !== undefined) wire.lacks('instructions');
  const { encoding, type, rateHz } = mappedFormat(format, { formats, instead: 'mp3', ofVendor, wire });
  const { audioConfig, use_ssml: marked, language_code: language, ...rest } = others;
  const json: JsonObject = {
    input: isSsml(text) || marked === true || marked === 'true' ? { ssml: text } : { text },
    voice: voiceOf(request, voice, asString(language), wire.model),
    audioConfig: {
      audioEncoding: encoding,
      ...(rateHz !== undefined && { sampleRateHertz: rateHz }),
      ...(speed !== undefined && { speakingRate: speed }),
      ...asObject(audioConfig),
    },
    ...rest,
  };
  const url = `${serviceRoot(wire.target, 'https://texttospeech.googleapis.com')}/v1/text:synthesize`;
  const sound = asString((await wire.json({ url, json }))['audioContent']);
  if (sound === undefined || sound === '') throw noAnswer(wire, 'sound');
  return speechOf(streamOfText(wire, sound, 'base64', type), unitsUsage({ inputCharacters: countCharacters(text) }));
};

/** `Charon` of the model `chirp3-hd` is `en-US-Chirp3-HD-Charon`. A voice's name begins with its language. */
const voiceOf = ({ voice: given }: SpeechRequest, voice: string | undefined, language: string | undefined, model: string): JsonObject => {
  if (isObject(given) && 'languageCode' in given) return { ...(given as JsonObject) };
  const isChirp = model.startsWith('chirp');
  const instead = isChirp ? `${language ?? 'en-US'}-Chirp3-HD-Charon` : 'en-US-Studio-O';
  const named = mappedVoice(voice, voices, instead);
  const name = isChirp && /^[A-Z][a-z]+$/.test(named) ? `${language ?? 'en-US'}-Chirp3-HD-${named}` : named;
  const own = /^([a-z]{2,3}-[A-Za-z0-9]{2,4})-/.exec(name)?.[1];
  return { languageCode: language ?? own ?? 'en-US', name };
};
