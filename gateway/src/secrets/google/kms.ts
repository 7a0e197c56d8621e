import { firstOf, Secret } from 'sluice/kit';
import type { SecretManagerEntry } from '../../config/schema/secrets.ts';
import { odd } from '../ask.ts';
import { ciphertexts } from '../ciphertexts.ts';
import { ManagerFailure, type SecretManager, type SecretWorld } from '../manager.ts';
import { createGoogleClient, googleRefusal } from './client.ts';

const keyName = /^projects\/[\w.:-]+\/locations\/[\w-]+\/keyRings\/[\w-]+\/cryptoKeys\/[\w-]+$/;

/**
 * Google KMS: variables of the environment that are encrypted, `NAME=google_kms/<base64>`; those that `hosted_keys`
 * names need no prefix (docs.cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys/decrypt,
 * read 2026-11-22).
 */
export const openGoogleKms = (entry: SecretManagerEntry, world: SecretWorld, timeoutMs: number): SecretManager => {
  const key = entry.kms_key ?? firstOf(world.env, ['GOOGLE_KMS_RESOURCE_NAME']);
  if (key === undefined || !keyName.test(key))
    throw new ManagerFailure('it needs a key: `kms_key` or GOOGLE_KMS_RESOURCE_NAME as projects/../locations/../keyRings/../cryptoKeys/..');
  const client = createGoogleClient(entry, world, timeoutMs);
  const held = ciphertexts(world.env, 'google_kms/');
  const url = `${(entry.address ?? 'https://cloudkms.googleapis.com').replace(/\/+$/, '')}/v1/${key}:decrypt`;
  return {
    holds: held.names,
    unchanging: true,
    async read(name, signal) {
      const ciphertext = held.of(name);
      if (ciphertext === undefined) return undefined;
      const answer = await client.call({ method: 'POST', url, body: JSON.stringify({ ciphertext }) }, signal);
      if (answer.status !== 200) throw googleRefusal(answer);
      const plain = answer.value?.['plaintext'];
      if (typeof plain !== 'string') throw odd('plaintext');
      return new Secret(Buffer.from(plain, 'base64').toString());
    },
  };
};
