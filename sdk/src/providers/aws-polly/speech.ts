import { table } from '../../lib/table.ts';
import type { Adapter, JsonObject, Wire } from '../../types/index.ts';
import { countCharacters, speechOf, unitsUsage } from '../media/bytes.ts';
import { escapeXml } from '../media/ssml.ts';
import { isSsml, mappedFormat, mappedVoice, readSpeech } from '../media/speech.ts';
import { asWav } from '../media/wav.ts';

/** Voices that stand for OpenAI's, as LiteLLM has them (docs.litellm.ai/docs/providers/aws_polly, read 2026-11-22). */
const voices: Readonly<Record<string, string>> = {
  alloy: 'Joanna',
  echo: 'Matthew',
  fable: 'Amy',
  onyx: 'Brian',
  nova: 'Ivy',
  shimmer: 'Kendra',
};

/** The model is the engine; each has voices of its own (docs.aws.amazon.com/polly/latest/dg/available-voices.html, read 2026-11-22). */
const defaultVoices: Readonly<Record<string, string>> = {
  standard: 'Joanna',
  neural: 'Joanna',
  'long-form': 'Danielle',
  generative: 'Ruth',
};

const formats: Readonly<Record<string, string>> = { mp3: 'mp3', opus: 'ogg_opus', wav: 'pcm', pcm: 'pcm' };
const own = new Set(['ogg_opus', 'ogg_vorbis', 'mulaw', 'alaw']);

/** The service's own members; others it does not know. */
const members = table({
  language_code: 'LanguageCode',
  lexicon_names: 'LexiconNames',
  sample_rate: 'SampleRate',
  text_type: 'TextType',
});
const ownMembers = new Set(Object.values(members));

/** The most that the service gives as plain samples. OpenAI's have 24 kHz. */
const pcmRateHz = 16_000;

/** docs.aws.amazon.com/polly/latest/dg/API_SynthesizeSpeech.html and the npm package @aws-sdk/client-polly, read 2026-11-22. */
export const speech: Adapter<'speech'> = async (request, wire) => {
  const { text, voice, format, speed, instructions, others } = readSpeech(request, wire);
  if (instructions !== undefined) wire.lacks('instructions');
  const output = mappedFormat(format, { formats, instead: 'mp3', ofVendor: (name) => (own.has(name) ? name : undefined), wire });
  const engine = Object.hasOwn(defaultVoices, wire.model) ? wire.model : 'neural';
  if (engine !== wire.model && wire.model !== '') wire.drop('model', `there is no engine '${wire.model}': neural is taken`);
  const json: JsonObject = {
    Engine: engine,
    OutputFormat: output,
    ...spoken(text, speed, wire),
    VoiceId: mappedVoice(voice, voices, defaultVoices[engine]!),
    ...membersOf(others, wire),
  };
  const stream = await wire.stream({ url: '/v1/speech', json });
  const billed = Number(stream.headers.get('x-amzn-requestcharacters') ?? NaN);
  const usage = unitsUsage({ inputCharacters: Number.isFinite(billed) ? billed : countCharacters(text) });
  const rateHz = Number(json['SampleRate'] ?? pcmRateHz);
  if (format === 'pcm') wire.drop('response_format', `the samples have ${rateHz} Hz, where OpenAI's have 24000`);
  return speechOf(format === 'wav' && output === 'pcm' ? asWav(stream, { rateHz }) : stream, usage);
};

/** The speed is a matter of the text's markup, of which 20 to 200 percent are heard. */
const spoken = (text: string, speed: number | undefined, wire: Wire): JsonObject => {
  if (isSsml(text)) {
    if (speed !== undefined && speed !== 1) wire.lacks('speed', 'a text in SSML says its own');
    return { Text: text, TextType: 'ssml' };
  }
  if (speed === undefined || speed === 1) return { Text: text, TextType: 'text' };
  const percent = Math.round(Math.min(Math.max(speed, 0.2), 2) * 100);
  return { Text: `<speak><prosody rate="${percent}%">${escapeXml(text)}</prosody></speak>`, TextType: 'ssml' };
};

const membersOf = (others: JsonObject, wire: Wire): JsonObject => {
  const found: JsonObject = {};
  for (const [name, value] of Object.entries(others)) {
    const known = members[name] ?? (ownMembers.has(name) ? name : undefined);
    if (known === undefined) wire.lacks(name);
    else found[known] = known === 'SampleRate' ? String(value) : value;
  }
  return found;
};
