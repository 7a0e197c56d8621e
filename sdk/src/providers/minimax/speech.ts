import { asNumber, asObject, asString } from '../../protocols/shared/read.ts';
import { SluiceError, type Adapter, type ErrorCode, type JsonObject, type Wire } from '../../types/index.ts';
import { countCharacters, speechOf, streamOfText, unitsUsage } from '../media/bytes.ts';
import { noAnswer } from '../media/failure.ts';
import { mappedFormat, mappedVoice, readSpeech } from '../media/speech.ts';

/** Voices that stand for OpenAI's, as LiteLLM has them (docs.litellm.ai/docs/providers/minimax_tts, read 2026-11-22). */
const voices: Readonly<Record<string, string>> = {
  alloy: 'male-qn-qingse',
  echo: 'male-qn-jingying',
  fable: 'female-shaonv',
  onyx: 'male-qn-badao',
  nova: 'female-yujie',
  shimmer: 'female-tianmei',
};

/** Format -> media type. */
const formats: Readonly<Record<string, string>> = { mp3: 'audio/mpeg', wav: 'audio/wav', flac: 'audio/flac', pcm: 'audio/pcm' };

/** Members that stand inside of others, where a client writes them beside the rest. */
const voiceMembers = new Set(['vol', 'pitch', 'emotion', 'text_normalization', 'latex_read']);
const audioMembers = new Set(['sample_rate', 'bitrate', 'channel']);

/**
 * The sound comes as hexadecimal text in JSON. Failures come with the status 200.
 * platform.minimax.io/docs/api-reference/speech-t2a-http, read 2026-11-22.
 */
export const speech: Adapter<'speech'> = async (request, wire) => {
  const { text, voice, format, speed, instructions, others } = readSpeech(request, wire);
  if (instructions !== undefined) wire.lacks('instructions', 'how a voice sounds is said by `emotion`');
  const contentType = mappedFormat(format, { formats, instead: 'mp3', wire });
  const chosen = Object.keys(formats).find((name) => formats[name] === contentType)!;
  const { voice_id: id, voice_setting: voiceSetting, audio_setting: audioSetting, ...rest } = others;
  const voiceOthers: JsonObject = {};
  const audioOthers: JsonObject = {};
  const json: JsonObject = { model: wire.model, text, stream: false };
  for (const [name, value] of Object.entries(rest)) {
    if (voiceMembers.has(name)) voiceOthers[name] = value;
    else if (audioMembers.has(name)) audioOthers[name] = value;
    else json[name] = value;
  }
  json['output_format'] = 'hex';
  json['voice_setting'] = {
    voice_id: mappedVoice(voice ?? asString(id), voices, voices['alloy']!),
    ...(speed !== undefined && { speed: Math.min(Math.max(speed, 0.5), 2) }),
    ...voiceOthers,
    ...asObject(voiceSetting),
  };
  // OpenAI's plain samples have 24 kHz.
  json['audio_setting'] = { format: chosen, ...(chosen === 'pcm' && { sample_rate: 24_000 }), ...audioOthers, ...asObject(audioSetting) };
  if (speed !== undefined && (speed < 0.5 || speed > 2)) wire.drop('speed', 'it is within 0.5 and 2 here');

  const answer = await wire.json({ url: '/v1/t2a_v2', json });
  throwFailure(answer, wire);
  const hex = asString(asObject(answer['data'])?.['audio']);
  if (hex === undefined || hex === '') throw noAnswer(wire, 'sound', without(answer));
  const billed = asNumber(asObject(answer['extra_info'])?.['usage_characters']);
  return speechOf(streamOfText(wire, hex, 'hex', contentType), unitsUsage({ inputCharacters: billed ?? countCharacters(text) }));
};

/** Codes of the vendor (platform.minimax.io/docs/api-reference/errorcode, read 2026-11-22). */
const codes: Readonly<Record<number, ErrorCode>> = {
  1000: 'internal',
  1001: 'upstream_timeout',
  1002: 'rate_limited',
  1004: 'authentication',
  1008: 'payment_required',
  1024: 'internal',
  1026: 'content_policy_violation',
  1027: 'content_policy_violation',
  1033: 'internal',
  1039: 'rate_limited',
  1041: 'rate_limited',
  2013: 'invalid_request',
  2045: 'rate_limited',
  2049: 'authentication',
  2056: 'rate_limited',
};

const throwFailure = (answer: JsonObject, { target: { provider } }: Wire): void => {
  const { status_code: status, status_msg: words } = asObject(answer['base_resp']) ?? {};
  if (typeof status !== 'number' || status === 0) return;
  throw new SluiceError(codes[status] ?? 'invalid_request', asString(words) || `${provider.label} answered with the code ${status}.`, {
    provider: provider.id,
    upstream: { code: String(status), body: without(answer) },
  });
};

/** An error holds no megabytes. */
const without = ({ data: _, ...rest }: JsonObject): JsonObject => rest;
