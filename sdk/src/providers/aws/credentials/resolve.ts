import { containerCredentials } from './container.ts';
import { fromFile, identityToken } from './identity-token.ts';
import { givenKeys } from './given-keys.ts';
import { instanceCredentials } from './instance.ts';
import { profileCredentials } from './profile.ts';
import { assumeRole, assumeRoleWithWebIdentity, type Role } from './sts.ts';
import { refused, type AwsCredentials, type AwsSettings, type CredentialWorld } from './types.ts';

/**
 * Finds credentials, in the order of AWS's own SDKs (docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html,
 * read 2026-11-22) with LiteLLM's parameters before it: a role that is to be taken on (`aws_role_name`, by token or by
 * the credentials below), keys, `aws_profile_name`, the environment's keys, its web identity, the shared files, the
 * container, the instance.
 * @throws SluiceError `authentication` that says what was looked for; `connection`, `unavailable` where a source failed
 */
export const resolveCredentials = async (world: CredentialWorld, settings: AwsSettings): Promise<AwsCredentials> => {
  const { roleArn, webIdentityToken, env } = settings;
  const role: Role | undefined =
    roleArn === undefined
      ? undefined
      : {
          arn: roleArn,
          sessionName: settings.sessionName ?? env.roleSessionName,
          externalId: settings.externalId,
          tags: settings.sessionTags,
        };
  if (webIdentityToken) {
    const arn = roleArn ?? env.roleArn;
    if (arn === undefined) throw refused('aws_web_identity_token needs the role that it opens: give aws_role_name.');
    return assumeRoleWithWebIdentity(world, settings, { ...role, arn }, await identityToken(world, webIdentityToken.reveal()));
  }
  if (!role) return baseCredentials(world, settings);
  // A pod's own role cannot take on itself; its token opens it directly.
  if (env.webIdentityTokenFile !== undefined && env.roleArn === role.arn && settings.accessKeyId === undefined)
    return assumeRoleWithWebIdentity(world, settings, role, await fromFile(world, env.webIdentityTokenFile));
  return assumeRole(world, settings, role, await baseCredentials(world, settings));
};

const baseCredentials = async (world: CredentialWorld, settings: AwsSettings): Promise<AwsCredentials> => {
  const keys = givenKeys(settings);
  if (keys) return keys;
  const { profile, env } = settings;
  if (profile !== undefined) return named(world, settings, profile);
  if (env.webIdentityTokenFile !== undefined && env.roleArn !== undefined) {
    const role = { arn: env.roleArn, sessionName: env.roleSessionName };
    return assumeRoleWithWebIdentity(world, settings, role, await fromFile(world, env.webIdentityTokenFile));
  }
  const found =
    env.profile !== undefined
      ? await named(world, settings, env.profile)
      : ((await ofDefaultProfile(world, settings)) ??
        (await containerCredentials(world, settings)) ??
        (await instanceCredentials(world, settings)));
  if (found) return found;
  throw refused(
    'No AWS credentials: give aws_access_key_id and aws_secret_access_key, aws_profile_name or aws_role_name; or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or AWS_BEARER_TOKEN_BEDROCK; or run where AWS gives a role (EKS, ECS, EC2).',
  );
};

const named = async (world: CredentialWorld, settings: AwsSettings, name: string): Promise<AwsCredentials> => {
  const found = await profileCredentials(world, settings, name);
  if (found) return found;
  throw refused(`There is no AWS profile '${name}' in ~/.aws/config or ~/.aws/credentials.`);
};

/** Where nobody asked for files, a runtime without them is no fault. */
const ofDefaultProfile = async (world: CredentialWorld, settings: AwsSettings): Promise<AwsCredentials | undefined> =>
  settings.env.home === undefined && settings.env.configFile === undefined && settings.env.credentialsFile === undefined
    ? undefined
    : profileCredentials(world, settings, 'default');
