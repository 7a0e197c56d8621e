import { table } from '../../lib/table.ts';
/** OpenAI's names of audio formats and the media types of other formats. */
const audioTypes: Readonly<Record<string, string>> = table({
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  flac: 'audio/flac',
  opus: 'audio/opus',
  ogg: 'audio/ogg',
  aac: 'audio/aac',
  m4a: 'audio/mp4',
  webm: 'audio/webm',
  pcm16: 'audio/pcm',
});

const spellings: Readonly<Record<string, string>> = table({
  'audio/x-wav': 'wav',
  'audio/wave': 'wav',
  'audio/mp3': 'mp3',
  'audio/x-flac': 'flac',
  'audio/x-m4a': 'm4a',
  'audio/l16': 'pcm16',
});

const formats: Readonly<Record<string, string>> = table({
  ...Object.fromEntries(Object.entries(audioTypes).map(([format, type]) => [type, format])),
  ...spellings,
});

export const audioMediaType = (format: string): string => audioTypes[format] ?? `audio/${format}`;

/** The format's name for a media type, its parameters (`;rate=24000`) aside. */
export const audioFormat = (mediaType: string): string => {
  const type = mediaType.split(';')[0]!.trim().toLowerCase();
  return formats[type] ?? type.replace(/^audio\/(?:x-)?/, '');
};

const documentTypes: Readonly<Record<string, string>> = table({
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  json: 'application/json',
  html: 'text/html',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
});

/** What a file without a declared type is: by its name, else a PDF, which is what this format was made to carry. */
export const documentMediaType = (filename: string | undefined): string =>
  documentTypes[filename?.split('.').pop()?.toLowerCase() ?? ''] ?? 'application/pdf';

/** A name for a file that has none; OpenAI refuses file data without one. */
export const documentName = (mediaType: string): string => {
  const extension = Object.entries(documentTypes).find(([, type]) => type === mediaType)?.[0];
  return `document.${extension ?? 'bin'}`;
};
