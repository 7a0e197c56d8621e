import { SluiceError, type Secret } from '../../../types/index.ts';

export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: Secret;
  /** Temporary ones have it. */
  sessionToken?: Secret;
  /** Unix milliseconds. Absent: they do not end by themselves. */
  expiresAt?: number;
}

/** Reads a text file. */
export type ReadFile = (path: string) => Promise<string>;

/** The part of `fetch` that is used here. */
export type CredentialFetch = (url: string, init: RequestInit) => Promise<Response>;

/** What sources of credentials need of the world. */
export interface CredentialWorld {
  fetch: CredentialFetch;
  readFile: ReadFile;
  /** Unix milliseconds. */
  now(): number;
}

/** What is said of AWS for one target, by its configuration and by the environment (`env...`). */
export interface AwsSettings {
  accessKeyId?: string;
  secretAccessKey?: Secret;
  sessionToken?: Secret;
  profile?: string;
  roleArn?: string;
  sessionName?: string;
  externalId?: string;
  sessionTags?: readonly { key: string; value: string }[];
  /** A token, a file that holds one, or `oidc/...`, which says where one is. */
  webIdentityToken?: Secret;
  stsEndpoint?: string;
  /** Of the call; STS is asked in the same one. */
  region?: string;
  env: Readonly<Record<EnvSetting, string | undefined>>;
  envSecrets: Readonly<Record<EnvSecret, Secret | undefined>>;
}

/** Variables of the SDKs of AWS that credentials depend on (docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html, read 2026-11-22). */
export const envSettings = {
  accessKeyId: ['AWS_ACCESS_KEY_ID'],
  profile: ['AWS_PROFILE', 'AWS_PROFILE_NAME', 'AWS_DEFAULT_PROFILE'],
  configFile: ['AWS_CONFIG_FILE'],
  credentialsFile: ['AWS_SHARED_CREDENTIALS_FILE'],
  home: ['HOME', 'USERPROFILE'],
  roleArn: ['AWS_ROLE_ARN'],
  roleSessionName: ['AWS_ROLE_SESSION_NAME'],
  webIdentityTokenFile: ['AWS_WEB_IDENTITY_TOKEN_FILE'],
  containerRelativeUri: ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'],
  containerFullUri: ['AWS_CONTAINER_CREDENTIALS_FULL_URI'],
  containerTokenFile: ['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'],
  metadataDisabled: ['AWS_EC2_METADATA_DISABLED'],
  metadataEndpoint: ['AWS_EC2_METADATA_SERVICE_ENDPOINT'],
  stsEndpoint: ['AWS_STS_ENDPOINT', 'AWS_ENDPOINT_URL_STS', 'AWS_ENDPOINT_URL'],
} as const;
export type EnvSetting = keyof typeof envSettings;

export const envSecrets = {
  secretAccessKey: ['AWS_SECRET_ACCESS_KEY'],
  sessionToken: ['AWS_SESSION_TOKEN'],
  containerToken: ['AWS_CONTAINER_AUTHORIZATION_TOKEN'],
} as const;
export type EnvSecret = keyof typeof envSecrets;

/** Credentials that are missing, wrong or refused. Never holds a secret. */
export const refused = (message: string, cause?: unknown, detail?: string): SluiceError =>
  new SluiceError('authentication', message, {
    provider: 'bedrock',
    retry: false,
    ...(cause !== undefined && { cause }),
    ...(detail !== undefined && { detail }),
  });

/** A text file, or undefined where there is none. @throws SluiceError where it cannot be read */
export const readOptional = async ({ readFile }: Pick<CredentialWorld, 'readFile'>, path: string): Promise<string | undefined> => {
  try {
    return await readFile(path);
  } catch (cause) {
    const code = (cause as { code?: unknown } | null)?.code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw refused('A file of AWS credentials cannot be read.', cause, path);
  }
};
