import type { Secret, Target } from '../../types/index.ts';
import { secretOption, textOption } from '../credentials.ts';
import { envSecrets, envSettings, type AwsSettings, type EnvSecret, type EnvSetting } from './credentials/types.ts';

/** `accessKeyId` -> `env_aws_access_key_id`: under this name an option holds what the environment says. */
const optionName = (setting: string): string => `env_aws_${setting.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;

const names = (settings: Readonly<Record<string, readonly string[]>>): Record<string, readonly string[]> =>
  Object.fromEntries(Object.entries(settings).map(([setting, variables]) => [optionName(setting), variables]));

const regions: readonly string[] = ['AWS_REGION_NAME', 'AWS_REGION', 'AWS_DEFAULT_REGION'];

/** Which variables give which option. Kept apart from the target's own, so that keys of both are never mixed. */
export const awsOptionsEnv: Readonly<Record<string, readonly string[]>> = {
  ...names(envSettings),
  ...names(envSecrets),
  aws_external_id: ['AWS_EXTERNAL_ID'],
  aws_role_name: ['AWS_ROLE_NAME'],
  aws_session_name: ['AWS_SESSION_NAME'],
  aws_web_identity_token: ['AWS_WEB_IDENTITY_TOKEN'],
  env_aws_region: regions,
};

/** The variables that say who calls AWS, and where: a start without a configuration serves what both are there for. */
export const awsServedWith = (...keys: readonly string[]): readonly (readonly string[])[] => [
  [...keys, 'AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'AWS_PROFILE_NAME', 'AWS_DEFAULT_PROFILE'],
  regions,
];

/** Options that are credentials in place of a bearer token. */
export const awsCredentialOptions = [
  'aws_access_key_id',
  'aws_secret_access_key',
  'aws_profile_name',
  'aws_role_name',
  'aws_web_identity_token',
] as const;

/** Either spelling of a tag, as STS and its users write it. */
const tagsOf = (value: unknown): AwsSettings['sessionTags'] => {
  if (!Array.isArray(value)) return undefined;
  return value.flatMap((tag: unknown) => {
    const { Key, Value, key = Key, value: text = Value } = (tag ?? {}) as Record<string, unknown>;
    return typeof key === 'string' && typeof text === 'string' ? [{ key, value: text }] : [];
  });
};

/** What a target's options say of AWS. */
export const settingsOf = (target: Target, region: string | undefined): AwsSettings => {
  const text = (name: string) => textOption(target, name);
  const given = {
    accessKeyId: text('aws_access_key_id'),
    secretAccessKey: secretOption(target, 'aws_secret_access_key'),
    sessionToken: secretOption(target, 'aws_session_token'),
    profile: text('aws_profile_name'),
    roleArn: text('aws_role_name'),
    sessionName: text('aws_session_name'),
    externalId: text('aws_external_id'),
    sessionTags: tagsOf(target.options?.['aws_session_tags']),
    webIdentityToken: secretOption(target, 'aws_web_identity_token'),
    stsEndpoint: text('aws_sts_endpoint'),
    region,
  };
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const read = <N extends string, V>(list: Readonly<Record<N, unknown>>, find: (name: string) => V) =>
    Object.fromEntries(Object.keys(list).map((name) => [name, find(optionName(name))])) as Record<N, V>;
  return {
    ...present,
    env: read<EnvSetting, string | undefined>(envSettings, text),
    envSecrets: read<EnvSecret, Secret | undefined>(envSecrets, (name) => secretOption(target, name)),
  };
};

/** The same for all targets that get the same credentials. `secret` is compared and goes nowhere else. */
export const identityOf = (settings: AwsSettings): { id: string; secret: string } => {
  const { secretAccessKey, sessionToken, webIdentityToken, envSecrets: secrets } = settings;
  const revealed = [secretAccessKey, sessionToken, webIdentityToken, ...Object.values(secrets)].map((secret) => secret?.reveal());
  return { id: JSON.stringify(settings), secret: JSON.stringify(revealed) };
};
