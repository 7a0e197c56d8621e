import { SluiceError, type Target, type Wire } from '../../types/index.ts';
import { plainId } from '../kept/file.ts';
import { baseUrlOf, pathSegment } from '../url.ts';

/*
 * Google names what it keeps with the collection in front (`files/abc`). Chats say a file by its address, and so that is
 * what its id is here; the other collections' ids are the last segment, which needs no escaping in a path.
 */

/** A path beside the API's own, before its version: `upload` -> `https://host/upload/v1beta`. */
export const besideApi = (target: Target, place: 'upload' | 'download'): string => {
  const { url } = baseUrlOf(target);
  const [, root = url, version = '/v1beta'] = /^(.*?)(\/v\d+\w*)?$/.exec(url) ?? [];
  return `${root}/${place}${version}`;
};

/** The address that a file is known by in chats. Behind a gateway as well it is Google's own. */
export const fileUri = (name: string): string => `https://generativelanguage.googleapis.com/v1beta/${name}`;

/** `https://.../files/abc`, `files/abc`, `abc` -> `abc`. @throws SluiceError `invalid_request` */
export const fileKey = (id: string): string => {
  const key = /(?:^|\/)files\/([^/?#]+)$/.exec(plainId(id))?.[1] ?? id;
  if (/^[\w-]{1,80}$/.test(key)) return key;
  throw new SluiceError('invalid_request', 'This is no id of a file of the Gemini API.', { param: 'file_id' });
};

/** `batches/abc`, `abc` -> `abc` */
export const keyIn = (collection: string, id: string): string => {
  const plain = plainId(id);
  return pathSegment(plain.startsWith(`${collection}/`) ? plain.slice(collection.length + 1) : plain);
};

/** What a batch's file is of stands in its name: nothing else of it is kept. */
export interface BatchFile {
  kind: 'chat' | 'embeddings';
  model: string;
  filename: string;
}

const mark = 'batch';

/** Names hold 512 characters. */
export const batchFileName = ({ kind, model, filename }: BatchFile): string =>
  [mark, kind, encodeURIComponent(model), filename].join('/').slice(0, 512);

export const readBatchFileName = (name: string): BatchFile | undefined => {
  const [first, kind, model, ...filename] = name.split('/');
  if (first !== mark || (kind !== 'chat' && kind !== 'embeddings') || !model) return undefined;
  return { kind, model: plainId(model), filename: filename.join('/') };
};

/** @throws SluiceError `invalid_request` where nobody says the model */
export const wantModel = (model: string | undefined, { model: own }: Wire): string => {
  const named = model ?? own;
  if (/^[\w.-]*\w[\w.-]*$/.test(named)) return named;
  throw new SluiceError('invalid_request', 'The model of the batch is not known: upload its file here with `purpose: batch`.', {
    param: 'input_file_id',
  });
};
