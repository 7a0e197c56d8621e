import { timingSafeEqual } from 'node:crypto';
import { SluiceError, type Secret } from 'sluice/kit';

/** Checks keys against one master key. Takes the same time whatever a key of the right length says; its length is no secret. */
export type KeyCheck = (presented: string | undefined) => void;

/** @throws SluiceError `authentication`, from the check, never with the presented key in it */
export const createMasterKeyCheck = (masterKey: Secret): KeyCheck => {
  const expected = Buffer.from(masterKey.reveal());
  return (presented) => {
    if (presented === undefined || presented === '') {
      throw new SluiceError(
        'authentication',
        'No API key. Send it as "Authorization: Bearer <key>", x-api-key, api-key, x-goog-api-key or ?key=.',
      );
    }
    const bytes = Buffer.from(presented);
    if (bytes.length !== expected.length || !timingSafeEqual(bytes, expected)) throw new SluiceError('authentication', 'Invalid API key.');
  };
};
