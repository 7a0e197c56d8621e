import type { Adapter, Wire } from '../../types/index.ts';
import { countCharacters, speechOf, unitsUsage } from '../media/bytes.ts';
import { memberText } from '../media/members.ts';
import { isOpenaiVoice, mappedFormat, readSpeech } from '../media/speech.ts';

type Query = Readonly<Record<string, string>>;

/** OpenAI's formats (its `pcm` has 24 kHz) as encoding and container (developers.deepgram.com/docs/tts-media-output-settings, read 2026-11-22). */
const formats: Readonly<Record<string, Query>> = {
  mp3: { encoding: 'mp3' },
  opus: { encoding: 'opus', container: 'ogg' },
  aac: { encoding: 'aac' },
  flac: { encoding: 'flac' },
  wav: { encoding: 'linear16', container: 'wav' },
  pcm: { encoding: 'linear16', container: 'none', sample_rate: '24000' },
};

const own: Readonly<Record<string, Query>> = {
  linear16: { encoding: 'linear16' },
  mulaw: { encoding: 'mulaw' },
  alaw: { encoding: 'alaw' },
};

/** The model's name is the voice's. developers.deepgram.com/reference/text-to-speech/speak-request, read 2026-11-22. */
export const speech: Adapter<'speech'> = async (request, wire) => {
  const { text, voice, format, speed, instructions, others } = readSpeech(request, wire);
  if (instructions !== undefined) wire.lacks('instructions');
  const query: Record<string, string> = { ...mappedFormat(format, { formats, instead: 'mp3', ofVendor: (name) => own[name], wire }) };
  query['model'] = modelOf(voice, wire);
  if (speed !== undefined) query['speed'] = String(speed);
  for (const [name, value] of Object.entries(others)) query[name] = memberText(value);
  const stream = await wire.stream({ url: '/v1/speak', query, json: { text } });
  const billed = Number(stream.headers.get('dg-char-count') ?? NaN);
  return speechOf(stream, unitsUsage({ inputCharacters: Number.isFinite(billed) ? billed : countCharacters(text) }));
};

/** `aura-2` and the voice `thalia` are `aura-2-thalia-en`. */
const modelOf = (voice: string | undefined, wire: Wire): string => {
  if (voice?.startsWith('aura')) return voice;
  const bare = /^aura(?:-2)?$/.test(wire.model);
  if (voice !== undefined && bare && !isOpenaiVoice(voice)) return `${wire.model}-${voice}${/-[a-z]{2}$/.test(voice) ? '' : '-en'}`;
  if (voice !== undefined) wire.drop('voice', 'the voice is part of the name of the model');
  return bare ? `${wire.model}-${wire.model === 'aura' ? 'asteria' : 'thalia'}-en` : wire.model;
};
