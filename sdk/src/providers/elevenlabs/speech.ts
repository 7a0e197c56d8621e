import { asObject } from '../../protocols/shared/read.ts';
import type { Adapter } from '../../types/index.ts';
import { countCharacters, speechOf, unitsUsage } from '../media/bytes.ts';
import { memberText } from '../media/members.ts';
import { mappedFormat, mappedVoice, readSpeech } from '../media/speech.ts';
import { pathSegment } from '../url.ts';

/**
 * Voices that stand for OpenAI's: as LiteLLM has them (docs.litellm.ai/docs/providers/elevenlabs, read 2026-11-22), and for
 * those that it leaves out (`ballad`, `cedar`, `echo`, `fable`, `marin`, `nova`, `shimmer`) others of the voices that every
 * account has (elevenlabs.io/docs/capabilities/voices, read 2026-11-22), near to them by gender and age.
 */
const voices: Readonly<Record<string, string>> = {
  alloy: '21m00Tcm4TlvDq8ikWAM',
  amber: '5Q0t7uMcjvnagumLfvZi',
  ash: 'AZnzlk1XvdvUeBnXmlld',
  august: 'D38z5RcWu1voky8WS1ja',
  ballad: 'onwK4e9ZLuTAKqWW03F9',
  blue: '2EiwWnXFnvU5JabPnv8n',
  cedar: 'nPczCjzI2devNBz1zQrb',
  coral: '9BWtsMINqrJLrRacOk9x',
  echo: 'iP95p4xoKVk53GoZ742B',
  fable: 'JBFqnCBsd6RMkjVDRZzb',
  lily: 'EXAVITQu4vr4xnSDxMaL',
  marin: 'Xb7hH8MSUJpSbSDYk0k2',
  nova: 'cgSgspJ2msm6clMCkdW9',
  onyx: '29vD33N1CtxCmqQRPOHJ',
  sage: 'CwhRBWXzGAHq8TQ4Fs17',
  shimmer: 'FGY2WhTYpPnrIDTdsKH5',
  verse: 'CYw3kZ02Hs0563khs1Fj',
};

/** OpenAI's `pcm` has 24 kHz, which every plan of the vendor has as well. */
const formats: Readonly<Record<string, string>> = { mp3: 'mp3_44100_128', opus: 'opus_48000_128', wav: 'wav_24000', pcm: 'pcm_24000' };

const ofVendor = (format: string): string | undefined =>
  /^(?:mp3|opus|wav|pcm|ulaw|alaw)_\d+(?:_\d+)?$/.test(format) ? format : undefined;

/** Members that the vendor wants in the query. */
const inQuery = new Set(['enable_logging', 'optimize_streaming_latency']);

/** elevenlabs.io/docs/api-reference/text-to-speech/convert and the npm package @elevenlabs/elevenlabs-js 2.73, read 2026-11-22. */
export const speech: Adapter<'speech'> = async (request, wire) => {
  const { text, voice, format, speed, instructions, others } = readSpeech(request, wire);
  if (instructions !== undefined) wire.lacks('instructions', 'how a voice sounds is said by `voice_settings`');
  const { voice_id: id, output_format: exact, ...rest } = others;
  const named = mappedVoice(voice ?? (typeof id === 'string' ? id : undefined), voices, voices['alloy']!);
  const output = typeof exact === 'string' ? exact : mappedFormat(format, { formats, instead: 'mp3', ofVendor, wire });
  const query: Record<string, string> = { output_format: output };
  const json: Record<string, unknown> = { text, model_id: wire.model };
  for (const [name, value] of Object.entries(rest)) {
    if (inQuery.has(name)) query[name] = memberText(value);
    else json[name] = value;
  }
  if (speed !== undefined) json['voice_settings'] = { speed, ...asObject(rest['voice_settings']) };
  const stream = await wire.stream({ url: `/v1/text-to-speech/${pathSegment(named)}`, query, json });
  return speechOf(stream, unitsUsage({ inputCharacters: countCharacters(text) }));
};
