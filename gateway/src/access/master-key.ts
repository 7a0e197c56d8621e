import { timingSafeEqual } from 'node:crypto';
import type { Secret } from 'sluice/kit';

/** Whether a key is the master key. Takes the same time whatever a key of the right length says; its length is no secret. */
export type IsMasterKey = (presented: string) => boolean;

export const createMasterKeyCheck = (masterKey: Secret): IsMasterKey => {
  const expected = Buffer.from(masterKey.reveal());
  return (presented) => {
    const bytes = Buffer.from(presented);
    return bytes.length === expected.length && timingSafeEqual(bytes, expected);
  };
};
