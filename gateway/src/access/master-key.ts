import { createHash, timingSafeEqual } from 'node:crypto';
import { SluiceError, type Secret } from 'sluice/kit';

const digest = (value: string): Buffer => createHash('sha256').update(value).digest();

/** Checks keys against one master key. Comparing digests takes the same time whatever the key's length and content. */
export type KeyCheck = (presented: string | undefined) => void;

/** @throws SluiceError `authentication`, from the check, never with the presented key in it */
export const createMasterKeyCheck = (masterKey: Secret): KeyCheck => {
  const expected = digest(masterKey.reveal());
  return (presented) => {
    if (presented === undefined || presented === '') {
      throw new SluiceError(
        'authentication',
        'No API key. Send it as "Authorization: Bearer <key>", x-api-key, api-key, x-goog-api-key or ?key=.',
      );
    }
    if (!timingSafeEqual(digest(presented), expected)) throw new SluiceError('authentication', 'Invalid API key.');
  };
};
