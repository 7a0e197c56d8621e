import { Secret } from 'sluice/kit';
import type { SecretManagerEntry } from '../../config/schema/secrets.ts';
import { odd } from '../ask.ts';
import { ciphertexts } from '../ciphertexts.ts';
import type { SecretManager, SecretWorld } from '../manager.ts';
import { createAwsCall } from './client.ts';

/**
 * AWS KMS: variables of the environment that are encrypted, `NAME=aws_kms/<base64>`, or LiteLLM's
 * `LITELLM_SECRET_AWS_KMS_NAME=<base64>` (docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html, read 2026-11-22).
 */
export const openAwsKms = (entry: SecretManagerEntry, world: SecretWorld, timeoutMs: number): SecretManager => {
  const call = createAwsCall({ name: 'kms', target: 'TrentService', addressEnv: 'AWS_ENDPOINT_URL_KMS' }, entry, world, timeoutMs);
  const held = ciphertexts(world.env, 'aws_kms/', 'LITELLM_SECRET_AWS_KMS_');
  return {
    holds: held.names,
    unchanging: true,
    async read(name, signal) {
      const CiphertextBlob = held.of(name);
      if (CiphertextBlob === undefined) return undefined;
      const { Plaintext: plain } = await call('Decrypt', { CiphertextBlob }, signal);
      if (typeof plain !== 'string') throw odd('plaintext');
      return new Secret(Buffer.from(plain, 'base64').toString());
    },
  };
};
