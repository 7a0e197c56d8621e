import { asNumber, isObject } from '../../protocols/shared/read.ts';
import type { Adapter, JsonObject, SpeechRequest } from '../../types/index.ts';
import { countCharacters, speechOf, unitsUsage } from '../media/bytes.ts';
import { mappedFormat, mappedVoice, readSpeech } from '../media/speech.ts';
import { begin, finish } from './task.ts';

/** Voices that stand for OpenAI's, as LiteLLM has them (docs.litellm.ai/docs/providers/runwayml, read 2026-11-22). */
const voices: Readonly<Record<string, string>> = {
  alloy: 'Maya',
  echo: 'James',
  fable: 'Bernard',
  onyx: 'Vincent',
  nova: 'Serene',
  shimmer: 'Ella',
};

/** Formats of the one model that has a choice. */
const chosen: Readonly<Record<string, string>> = { mp3: 'mp3', wav: 'wav', opus: 'ogg_opus' };
const fixed: Readonly<Record<string, string>> = { mp3: 'mp3' };

/** Speech, or with a model that makes sounds the sound that the words describe. */
export const speech: Adapter<'speech'> = async (request, wire) => {
  const { text, voice, format, speed, instructions, others } = readSpeech(request, wire);
  const { model } = wire;
  if (instructions !== undefined) wire.lacks('instructions');
  const hasFormats = model === 'seed_audio';
  const outputFormat = mappedFormat(format, { formats: hasFormats ? chosen : fixed, instead: 'mp3', wire });
  if (speed !== undefined && model !== 'eleven_v3') wire.lacks('speed');
  const isSound = model.includes('sound');
  const json: JsonObject = {
    model,
    promptText: text,
    ...(hasFormats ? { outputFormat } : !isSound && { voice: voiceOf(request, voice) }),
    ...(speed !== undefined && model === 'eleven_v3' && { speed }),
    ...others,
  };
  const links = await finish(await begin(isSound ? '/v1/sound_effect' : '/v1/text_to_speech', json, wire), wire);
  const seconds = isSound ? asNumber(json['duration']) : undefined;
  const usage = unitsUsage({ inputCharacters: countCharacters(text), ...(seconds !== undefined && { outputSeconds: seconds }) });
  return speechOf(await wire.stream({ url: links[0]! }), usage);
};

/** The vendor's own way to name a voice is an object with a type. */
const voiceOf = (request: SpeechRequest, name: string | undefined): unknown => {
  const voice: unknown = request.voice;
  return isObject(voice) && typeof voice['type'] === 'string'
    ? voice
    : { type: 'runway-preset', presetId: mappedVoice(name, voices, 'Bernard') };
};
