import { Secret } from 'sluice/kit';
import type { SecretManagerEntry } from '../../config/schema/secrets.ts';
import { odd } from '../ask.ts';
import { ManagerFailure, type SecretManager, type SecretWorld } from '../manager.ts';
import { AwsRefusal, createAwsCall } from './client.ts';

/** How long AWS keeps what is deleted. LiteLLM asks for the same. */
const recoveryDays = 7;

/** AWS Secrets Manager (docs.aws.amazon.com/secretsmanager/latest/apireference, read 2026-11-22). */
export const openAwsSecretsManager = (entry: SecretManagerEntry, world: SecretWorld, timeoutMs: number): SecretManager => {
  const service = { name: 'secretsmanager', target: 'secretsmanager', addressEnv: 'AWS_ENDPOINT_URL_SECRETS_MANAGER' } as const;
  const call = createAwsCall(service, entry, world, timeoutMs);
  const isGone = (cause: unknown): boolean => cause instanceof AwsRefusal && cause.kind === 'ResourceNotFoundException';
  // Marked for deletion: there, and given to nobody.
  const isLeaving = (cause: unknown): boolean => cause instanceof AwsRefusal && cause.kind === 'InvalidRequestException';

  return {
    async read(name, signal) {
      const answer = await call('GetSecretValue', { SecretId: name }, signal).catch((cause: unknown) => {
        if (isGone(cause) || isLeaving(cause)) return undefined;
        throw denied(cause);
      });
      if (!answer) return undefined;
      const { SecretString: text, SecretBinary: bytes } = answer;
      if (typeof text === 'string') return new Secret(text);
      if (typeof bytes === 'string') return new Secret(Buffer.from(bytes, 'base64').toString());
      throw odd('secret');
    },
    async write(name, value, signal) {
      const SecretString = value.reveal();
      // The same for all tries: AWS then makes one version of them.
      const ClientRequestToken = crypto.randomUUID();
      const { description, tags, kms_key_id: key, replica_regions: regions } = entry;
      const made = {
        Name: name,
        SecretString,
        ClientRequestToken,
        ...(description !== undefined && { Description: description }),
        ...(tags && { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }),
        ...(key !== undefined && { KmsKeyId: key }),
        ...(regions && { AddReplicaRegions: regions.map((Region) => ({ Region })) }),
      };
      try {
        await call('CreateSecret', made, signal);
      } catch (cause) {
        if (!(cause instanceof AwsRefusal) || cause.kind !== 'ResourceExistsException') throw denied(cause);
        await call('PutSecretValue', { SecretId: name, SecretString, ClientRequestToken }, signal);
      }
    },
    async delete(name, signal) {
      await call('DeleteSecret', { SecretId: name, RecoveryWindowInDays: recoveryDays }, signal).catch((cause: unknown) => {
        if (!isGone(cause)) throw denied(cause);
      });
    },
  };
};

/** What to do about it. */
const denied = (cause: unknown): unknown =>
  cause instanceof AwsRefusal && cause.kind === 'AccessDeniedException'
    ? new ManagerFailure(`${cause.message}: its policy does not allow it; \`hosted_keys\` limits what is asked for`)
    : cause;
