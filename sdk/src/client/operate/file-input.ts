import { isObject } from '../../protocols/shared/read.ts';
import { SluiceError, type MediaFile } from '../../types/index.ts';
import type { FileInput } from '../wire/media.ts';

/** What a caller gave as a file. @throws SluiceError `invalid_request` */
export const fileOf = (value: unknown, name: string): MediaFile => {
  const given = value as FileInput;
  if (given instanceof Blob)
    return { bytes: given, name: 'name' in given && typeof given.name === 'string' ? given.name : name, type: given.type };
  if (given instanceof Uint8Array || given instanceof ArrayBuffer) return { bytes: new Blob([given as BlobPart]), name, type: '' };
  if (isObject(given) && given['bytes'] !== undefined) {
    const inner = fileOf(given['bytes'], name);
    const { name: called, type } = given as { name?: string; type?: string };
    return { ...inner, ...(called !== undefined && { name: called }), ...(type !== undefined && { type }) };
  }
  throw new SluiceError('invalid_request', `'${name}' must be a file: a Blob, bytes, or { bytes, name }.`, { param: name });
};
