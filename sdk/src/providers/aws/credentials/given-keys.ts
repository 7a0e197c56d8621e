import { refused, type AwsCredentials, type AwsSettings } from './types.ts';

/** Keys that are given as such, the target's before the environment's; undefined where something else decides. */
export const givenKeys = (settings: AwsSettings): AwsCredentials | undefined => {
  const { accessKeyId, secretAccessKey, sessionToken, profile, env, envSecrets } = settings;
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined))
    throw refused('aws_access_key_id and aws_secret_access_key go together: one of them is missing.');
  if (accessKeyId !== undefined && secretAccessKey) return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  if (profile !== undefined || env.accessKeyId === undefined || !envSecrets.secretAccessKey) return undefined;
  // Never mixed: a session token of the environment belongs to the environment's keys.
  return {
    accessKeyId: env.accessKeyId,
    secretAccessKey: envSecrets.secretAccessKey,
    ...(envSecrets.sessionToken && { sessionToken: envSecrets.sessionToken }),
  };
};
