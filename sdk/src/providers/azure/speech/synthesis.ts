import type { Adapter, JsonObject, Wire } from '../../../types/index.ts';
import { countCharacters, speechOf, unitsUsage } from '../../media/bytes.ts';
import { isSsml, mappedFormat, mappedVoice, readSpeech } from '../../media/speech.ts';
import { escapeXml } from '../../media/ssml.ts';
import { synthesisUrl } from './place.ts';

/** Voices that stand for OpenAI's, as LiteLLM has them (docs.litellm.ai/docs/providers/azure/azure_speech, read 2026-11-22). */
const voices: Readonly<Record<string, string>> = {
  alloy: 'en-US-JennyNeural',
  echo: 'en-US-GuyNeural',
  fable: 'en-GB-RyanNeural',
  onyx: 'en-US-DavisNeural',
  nova: 'en-US-AmberNeural',
  shimmer: 'en-US-AriaNeural',
};

const formats: Readonly<Record<string, string>> = {
  mp3: 'audio-24khz-48kbitrate-mono-mp3',
  opus: 'ogg-48khz-16bit-mono-opus',
  wav: 'riff-24khz-16bit-mono-pcm',
  pcm: 'raw-24khz-16bit-mono-pcm',
};

const ofVendor = (format: string): string | undefined =>
  /^(?:audio|ogg|raw|riff|webm|amr|g722)-[a-z0-9-]+$/.test(format) ? format : undefined;

/** The text is sent in its markup (SSML): learn.microsoft.com/azure/ai-services/speech-service/rest-text-to-speech, read 2026-11-22. */
export const speech: Adapter<'speech'> = async (request, wire) => {
  const { text, voice, format, speed, instructions, others } = readSpeech(request, wire);
  if (instructions !== undefined) wire.lacks('instructions', 'how a voice sounds is said by `style`');
  const output = mappedFormat(format, { formats, instead: 'mp3', ofVendor, wire });
  const known = attributesOf(others, wire);
  if (isSsml(text) && (speed !== undefined || known.size > 0)) wire.drop('speed', 'a text in SSML says itself how it sounds');
  const ssml = isSsml(text) ? text : markup(text, mappedVoice(voice, voices, 'en-US-AriaNeural'), speed, known);
  const stream = await wire.stream({
    url: synthesisUrl(wire.target),
    headers: { 'content-type': 'application/ssml+xml', 'x-microsoft-outputformat': output, 'user-agent': 'sluice' },
    bytes: new TextEncoder().encode(ssml),
  });
  return speechOf(stream, unitsUsage({ inputCharacters: countCharacters(text) }));
};

const known = new Set(['style', 'styledegree', 'role', 'lang', 'pitch', 'volume', 'rate']);

const attributesOf = (others: JsonObject, wire: Wire): ReadonlyMap<string, string> => {
  const attributes = new Map<string, string>();
  for (const [name, value] of Object.entries(others)) {
    if (!known.has(name)) wire.lacks(name);
    else attributes.set(name, escapeXml(String(value)));
  }
  return attributes;
};

const element = (name: string, attributes: readonly (readonly [string, string | undefined])[], inner: string): string => {
  const said = attributes.filter(([, value]) => value !== undefined);
  return said.length === 0 ? inner : `<${name}${said.map(([key, value]) => ` ${key}="${value}"`).join('')}>${inner}</${name}>`;
};

const markup = (text: string, voice: string, speed: number | undefined, given: ReadonlyMap<string, string>): string => {
  const rate = given.get('rate') ?? (speed === undefined || speed === 1 ? undefined : percent(speed));
  const get = (name: string) => [name, given.get(name)] as const;
  const paced = element('prosody', [['rate', rate], get('pitch'), get('volume')], escapeXml(text));
  const styled = element('mstts:express-as', [get('style'), get('styledegree'), get('role')], paced);
  const spoken = element('lang', [['xml:lang', given.get('lang')]], styled);
  const locale = /^[a-z]{2,3}-[A-Za-z0-9]+/.exec(voice)?.[0] ?? 'en-US';
  return (
    `<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xmlns:mstts="https://www.w3.org/2001/mstts" xml:lang="${locale}">` +
    `<voice name="${escapeXml(voice)}">${spoken}</voice></speak>`
  );
};

const percent = (speed: number): string => `${speed < 1 ? '' : '+'}${Math.round((speed - 1) * 100)}%`;
