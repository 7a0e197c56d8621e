import { compact } from '../../protocols/shared/read.ts';
import { SluiceError, type JsonObject, type MediaFile, type ResourceRequest } from '../../types/index.ts';

/** OpenAI's file object (openai/openai-openapi, read 2026-11-22). */
export const fileObject = (file: {
  id: string;
  bytes: number;
  /** Unix seconds. */
  created_at: number | undefined;
  filename: string;
  purpose: string;
  status?: 'uploaded' | 'processed' | 'error';
  expires_at?: number | undefined;
}): JsonObject => {
  const { id, bytes, created_at, filename, purpose, status = 'processed', expires_at } = file;
  return compact({ id, object: 'file', bytes, created_at: created_at ?? 0, filename, purpose, status, expires_at });
};

export const deletedFile = (id: string): JsonObject => ({ id, object: 'file', deleted: true });

/** @throws SluiceError `invalid_request` where an upload has no file */
export const wantFile = ({ file }: ResourceRequest): MediaFile => {
  if (file) return file;
  throw new SluiceError('invalid_request', "The form has no 'file'.", { param: 'file' });
};

/** An ISO date -> Unix seconds. */
export const secondsOf = (date: unknown): number | undefined => {
  if (typeof date === 'number') return Math.floor(date > 1e11 ? date / 1000 : date);
  const ms = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000);
};

/** A count that Google writes as a text. */
export const countOf = (value: unknown): number => {
  const count = Number(value ?? 0);
  return Number.isFinite(count) ? count : 0;
};

/** `projects/p/locations/l/ragCorpora/7` -> `7` */
export const lastSegment = (name: unknown): string =>
  String(name ?? '')
    .split('/')
    .at(-1)!;

/** Ids that are addresses (`gs://bucket/object`) come as they are or escaped: clients differ in what they do to them in a path. */
export const plainId = (id: string): string => {
  if (!/%[0-9a-f]{2}/i.test(id)) return id;
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
};
