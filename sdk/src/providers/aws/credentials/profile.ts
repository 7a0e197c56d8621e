import { parseIni } from '../../../lib/ini.ts';
import { Secret } from '../../../types/index.ts';
import { containerCredentials } from './container.ts';
import { fromFile } from './identity-token.ts';
import { instanceCredentials } from './instance.ts';
import { ssoCredentials } from './sso.ts';
import { assumeRole, assumeRoleWithWebIdentity, type Role } from './sts.ts';
import { readOptional, refused, type AwsCredentials, type AwsSettings, type CredentialWorld } from './types.ts';

type Section = Readonly<Record<string, string>>;

/** What is in the shared files. */
interface Shared {
  profiles: ReadonlyMap<string, Section>;
  sessions: ReadonlyMap<string, Section>;
  /** `~/.aws` */
  directory: string;
}

/** Deep enough for any chain of roles, and an end for one that leads back to itself. */
const maxChain = 5;

/** The region that a profile names. @throws SluiceError where a file cannot be read */
export const profileRegion = async (world: CredentialWorld, settings: AwsSettings, name: string): Promise<string | undefined> =>
  (await readShared(world, settings)).profiles.get(name)?.['region'];

/**
 * Credentials of a profile of `~/.aws/config` and `~/.aws/credentials`
 * (docs.aws.amazon.com/sdkref/latest/guide/file-format.html and feature-assume-role-credentials.html, read 2026-11-22).
 * @returns undefined where there is no profile of that name
 * @throws SluiceError `authentication` where it holds nothing that can be used here
 */
export const profileCredentials = async (
  world: CredentialWorld,
  settings: AwsSettings,
  name: string,
): Promise<AwsCredentials | undefined> => {
  const shared = await readShared(world, settings);
  return shared.profiles.has(name) ? ofProfile(world, settings, shared, name, maxChain) : undefined;
};

const readShared = async (world: CredentialWorld, { env }: AwsSettings): Promise<Shared> => {
  const directory = `${env.home ?? '~'}/.aws`;
  const home = (path: string): string => (path.startsWith('~/') && env.home !== undefined ? env.home + path.slice(1) : path);
  const [config, credentials] = await Promise.all([
    readOptional(world, home(env.configFile ?? `${directory}/config`)),
    readOptional(world, home(env.credentialsFile ?? `${directory}/credentials`)),
  ]);
  const profiles = new Map<string, Section>();
  const sessions = new Map<string, Section>();
  for (const [title, section] of Object.entries(parseIni(config ?? ''))) {
    const [kind, name] = title === 'default' ? ['profile', 'default'] : title.split(' ');
    if (kind === 'profile' && name !== undefined) profiles.set(name, section);
    else if (kind === 'sso-session' && name !== undefined) sessions.set(name, section);
  }
  // Of the same name, the credentials file's settings win.
  for (const [name, section] of Object.entries(parseIni(credentials ?? ''))) profiles.set(name, { ...profiles.get(name), ...section });
  return { profiles, sessions, directory };
};

const ofProfile = async (
  world: CredentialWorld,
  settings: AwsSettings,
  shared: Shared,
  name: string,
  depth: number,
): Promise<AwsCredentials> => {
  const profile = shared.profiles.get(name);
  if (!profile) throw refused(`There is no AWS profile '${name}', which another one names as its source_profile.`);
  if (profile['role_arn'] !== undefined) return ofRole(world, settings, shared, name, profile, profile['role_arn'], depth);
  const keys = keysOf(profile);
  if (keys) return keys;
  if (profile['sso_session'] !== undefined || profile['sso_start_url'] !== undefined) {
    const session = profile['sso_session'] === undefined ? undefined : (shared.sessions.get(profile['sso_session']) ?? {});
    const sso = {
      profile: name,
      session: profile['sso_session'],
      startUrl: session?.['sso_start_url'] ?? profile['sso_start_url'],
      region: session?.['sso_region'] ?? profile['sso_region'],
      accountId: profile['sso_account_id'],
      roleName: profile['sso_role_name'],
    };
    return ssoCredentials(world, sso, `${shared.directory}/sso/cache`);
  }
  if (profile['credential_process'] !== undefined)
    throw refused(
      `The AWS profile '${name}' starts a program for its credentials (credential_process), which is not done here: run it before, and give what it prints as AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.`,
    );
  if (profile['login_session'] !== undefined)
    throw refused(
      `The AWS profile '${name}' signs in with 'aws login', which is not done here: use 'aws configure export-credentials --profile ${name}' and give its values as AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.`,
    );
  throw refused(`The AWS profile '${name}' holds no credentials.`);
};

const keysOf = (profile: Section): AwsCredentials | undefined => {
  const accessKeyId = profile['aws_access_key_id'];
  const secret = profile['aws_secret_access_key'];
  if (!accessKeyId || !secret) return undefined;
  const token = profile['aws_session_token'];
  return { accessKeyId, secretAccessKey: new Secret(secret), ...(token && { sessionToken: new Secret(token) }) };
};

const ofRole = async (
  world: CredentialWorld,
  settings: AwsSettings,
  shared: Shared,
  name: string,
  profile: Section,
  arn: string,
  depth: number,
): Promise<AwsCredentials> => {
  if (depth === 0) throw refused(`The AWS profile '${name}' is part of a chain of roles that is too long, or leads back to itself.`);
  if (profile['mfa_serial'] !== undefined)
    throw refused(`The AWS profile '${name}' wants a code of a second factor (mfa_serial), which nobody is here to give.`);
  const role: Role = {
    arn,
    sessionName: profile['role_session_name'],
    externalId: profile['external_id'],
    durationSeconds: profile['duration_seconds'],
  };
  if (profile['web_identity_token_file'] !== undefined) {
    const token = await fromFile(world, profile['web_identity_token_file']);
    return assumeRoleWithWebIdentity(world, settings, role, token);
  }
  const base = await baseOf(world, settings, shared, name, profile, depth);
  return assumeRole(world, settings, role, base);
};

const baseOf = async (
  world: CredentialWorld,
  settings: AwsSettings,
  shared: Shared,
  name: string,
  profile: Section,
  depth: number,
): Promise<AwsCredentials> => {
  const source = profile['source_profile'];
  if (source !== undefined) {
    // A profile may be its own source, if it holds keys.
    const own = source === name ? keysOf(profile) : undefined;
    return own ?? ofProfile(world, settings, shared, source, depth - 1);
  }
  const kind = profile['credential_source'];
  const { env, envSecrets } = settings;
  const found =
    kind === 'Environment' && env.accessKeyId !== undefined && envSecrets.secretAccessKey !== undefined
      ? {
          accessKeyId: env.accessKeyId,
          secretAccessKey: envSecrets.secretAccessKey,
          ...(envSecrets.sessionToken && { sessionToken: envSecrets.sessionToken }),
        }
      : kind === 'EcsContainer'
        ? await containerCredentials(world, settings, { demanded: true })
        : kind === 'Ec2InstanceMetadata'
          ? await instanceCredentials(world, settings, { demanded: true })
          : undefined;
  if (found) return found;
  throw refused(`The AWS profile '${name}' has a role_arn, and no source_profile or credential_source with credentials to take it on.`);
};
