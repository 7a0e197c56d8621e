import { SluiceError } from 'sluice/kit';

/** Where something that a provider keeps for its clients (a video, a file, a batch) lives. */
export interface ResourceId {
  /** The deployment's id. */
  deployment: string;
  /** The provider's own id. */
  id: string;
}

/*
 * An id is an address and no permission: whoever may call the gateway may make one up, for any deployment and any id of its
 * provider. It gives no more than the deployment's own key does at the provider, within the kind of thing that the path is
 * about. Who among several clients owns what has to be asked elsewhere.
 */

/** Between the kind, the deployment and the provider's id. Stands in no vendor's ids. */
const mark = '-sl-';

const encode = (text: string): string => Buffer.from(text).toString('base64url');

/**
 * An id for clients that tells, without any memory of ours, which deployment has what it names: any replica understands it,
 * after a restart too.
 * @param kind how clients know such ids: `video`, `file`, `batch`
 */
export const sealId = (kind: string, { deployment, id }: ResourceId): string => `${kind}${mark}${encode(deployment)}.${encode(id)}`;

/** What an id names. Undefined: a provider's own, from elsewhere. @throws SluiceError `invalid_request` for one that is damaged */
export const openId = (sealed: string): ResourceId | undefined => {
  const at = sealed.indexOf(mark);
  if (at === -1) return undefined;
  const [deployment, id, ...rest] = sealed.slice(at + mark.length).split('.');
  if (!deployment || !id || rest.length > 0 || !/^[\w-]+$/.test(deployment + id)) {
    throw new SluiceError('invalid_request', 'The id is damaged: give it as the gateway gave it.', { param: 'id' });
  }
  return { deployment: Buffer.from(deployment, 'base64url').toString(), id: checkedId(Buffer.from(id, 'base64url').toString()) };
};

/**
 * An id as it may stand in a provider's path: clients can make up ids of any content, and one that is `..` would ask for
 * something else than the collection that it is an id of.
 * @throws SluiceError `invalid_request`
 */
export const checkedId = (id: string): string => {
  // oxlint-disable-next-line no-control-regex
  if (/^\.{0,2}$|[\x00-\x1f\x7f]|(?:^|[\\/])\.\.?(?:[\\/]|$)/.test(id))
    throw new SluiceError('invalid_request', 'The id is none that a provider gives.', { param: 'id' });
  return id;
};

/** What a path's id names, where it must be one of ours. @throws SluiceError `not_found`, `invalid_request` */
export const resourceOf = (sealed: string | undefined, kind: string): ResourceId => {
  const found = sealed === undefined ? undefined : openId(sealed);
  if (!found)
    throw new SluiceError('not_found', `There is no ${kind} of this id here: ids are those that the gateway gave.`, { param: 'id' });
  return found;
};
