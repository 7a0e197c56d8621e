import { asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import { base64Pieces } from '../../lib/byte-text.ts';
import type { Adapter, JsonObject, Wire } from '../../types/index.ts';
import { countCharacters, speechOf, streamOfPieces } from '../media/bytes.ts';
import { noAnswer } from '../media/failure.ts';
import { mappedFormat, readSpeech } from '../media/speech.ts';
import { asWav } from '../media/wav.ts';
import { askGemini, geminiVersion, type GeminiPaths } from './prompted.ts';

/** What Gemini makes is plain samples, which a head turns into a WAV file; nothing else is made of them here. */
const formats: Readonly<Record<string, string>> = { wav: 'wav', pcm: 'pcm' };

/** Since then the manner of speaking has a place of its own; before, it stands before the text, and is not read out. */
const styledSince = 3.8;

/**
 * ai.google.dev/gemini-api/docs/speech-generation, docs.cloud.google.com/gemini-enterprise-agent-platform/models/
 * text-to-speech and the npm package @google/genai 2.32, read 2026-11-22.
 */
export const geminiSpeech =
  (paths: GeminiPaths): Adapter<'speech'> =>
  async (request, wire) => {
    const { text, voice, format, speed, instructions, others } = readSpeech(request, wire);
    if (speed !== undefined) wire.lacks('speed', 'it is said in `instructions`');
    const output = mappedFormat(format, { formats, instead: 'wav', wire });
    const styled = instructions !== undefined && geminiVersion(wire.model) >= styledSince;
    const part = {
      text: instructions === undefined || styled ? text : `${instructions}: ${text}`,
      ...(styled && { speechMetadata: { style: instructions } }),
    };
    const { parts, usage } = await askGemini(paths, { contents: [{ role: 'user', parts: [part] }], ...configOf(others, voice) }, wire);
    const sounds = asObjects(parts.map(({ inlineData }) => inlineData));
    if (sounds.length === 0) throw noAnswer(wire, 'sound');
    const type = asString(sounds[0]!['mimeType']) ?? 'audio/L16;rate=24000';
    const pieces = sounds.map(({ data }) => asString(data) ?? '');
    const stream = streamOfPieces(bytesOf(pieces), type, () => noAnswer(wire, 'base64 that can be read'));
    const billed = { inputTokens: 0, outputTokens: 0, ...usage, units: { inputCharacters: countCharacters(text) } };
    return speechOf(inFormat(stream, type, output, pieces, wire), billed);
  };

function* bytesOf(texts: readonly string[]): Generator<Uint8Array> {
  for (const text of texts) yield* base64Pieces(text);
}

const inFormat = (stream: ReturnType<typeof streamOfPieces>, type: string, output: string, texts: readonly string[], wire: Wire) => {
  if (!/L16|pcm/i.test(type)) {
    if (output === 'pcm') wire.drop('response_format', `the sound came as ${type}`);
    return stream;
  }
  const rateHz = Number(/rate=(\d+)/.exec(type)?.[1] ?? 24_000);
  if (output === 'wav') return asWav(stream, { rateHz }, lengthOf(texts));
  return { ...stream, contentType: `audio/pcm;rate=${rateHz}` };
};

/** Bytes behind base64. */
const lengthOf = (texts: readonly string[]): number =>
  texts.reduce((sum, text) => sum + Math.floor((text.replace(/[\s=]+/g, '').length * 3) / 4), 0);

/** The vendor's own members: a whole `generationConfig` or `speechConfig`, or what stands beside them. */
const configOf = (
  { generationConfig, speechConfig, language_code: language, ...others }: JsonObject,
  voice: string | undefined,
): JsonObject => ({
  ...others,
  generationConfig: {
    responseModalities: ['AUDIO'],
    ...asObject(generationConfig),
    speechConfig: {
      ...(voice !== undefined && { voiceConfig: { prebuiltVoiceConfig: { voiceName: voice } } }),
      ...(language !== undefined && { languageCode: language }),
      ...asObject(asObject(generationConfig)?.['speechConfig']),
      ...asObject(speechConfig),
    },
  },
});
