import { table } from '../../lib/table.ts';
import type { MediaFile } from '../../types/index.ts';

/** By the ending of the file's name, for files that came without a type. */
const types: Readonly<Record<string, string>> = table({
  aac: 'audio/aac',
  aiff: 'audio/aiff',
  flac: 'audio/flac',
  m4a: 'audio/mp4',
  mp3: 'audio/mp3',
  mp4: 'video/mp4',
  mpeg: 'audio/mpeg',
  mpga: 'audio/mpeg',
  oga: 'audio/ogg',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  wav: 'audio/wav',
  webm: 'audio/webm',
});

/** The media type of a recording: what the client said, else what its name says. */
export const audioTypeOf = ({ type, name }: MediaFile): string => {
  const plain = type.split(';')[0]!.trim();
  if (plain !== '' && plain !== 'application/octet-stream') return plain === 'audio/x-wav' || plain === 'audio/wave' ? 'audio/wav' : plain;
  return types[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ?? 'audio/wav';
};
