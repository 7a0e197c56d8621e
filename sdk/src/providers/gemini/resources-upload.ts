import { SluiceError, type JsonObject, type MediaFile, type Wire } from '../../types/index.ts';
import { noAnswer } from '../media/failure.ts';

/**
 * Google's resumable upload, in one piece: the first request says what comes and is told where to
 * (https://ai.google.dev/gemini-api/docs/files, read 2026-11-22).
 * @param about what is said of the file
 */
export const upload = async (url: string, about: JsonObject, { bytes, type }: MediaFile, wire: Wire): Promise<JsonObject> => {
  const begun = await wire.stream({
    url,
    json: about,
    headers: {
      'x-goog-upload-protocol': 'resumable',
      'x-goog-upload-command': 'start',
      'x-goog-upload-header-content-length': String(bytes.size),
      'x-goog-upload-header-content-type': type,
    },
  });
  begun.cancel();
  const place = begun.headers.get('x-goog-upload-url');
  if (place === null || !/^https?:\/\//i.test(place)) throw noAnswer(wire, 'a place for the file');
  return wire.json({
    method: 'POST',
    url: place,
    bytes: { bytes, name: '', type },
    headers: { 'x-goog-upload-offset': '0', 'x-goog-upload-command': 'upload, finalize' },
  });
};

const byEnding: Readonly<Record<string, string | undefined>> = {
  jsonl: 'application/jsonl',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  html: 'text/html',
  json: 'application/json',
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  mp4: 'video/mp4',
};

/** Google wants to be told. @throws SluiceError `invalid_request` */
export const typed = (file: MediaFile): MediaFile => {
  const said = file.type === 'application/octet-stream' ? '' : file.type;
  const type = said || byEnding[file.name.split('.').at(-1)!.toLowerCase()];
  if (type) return { ...file, type };
  throw new SluiceError('invalid_request', 'The media type of the file is not known: say it in the form.', { param: 'file' });
};
