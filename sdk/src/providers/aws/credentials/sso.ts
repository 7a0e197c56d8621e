import { Secret } from '../../../types/index.ts';
import { dnsSuffix } from '../region.ts';
import { ask, failed, parseObject } from './http.ts';
import { readOptional, refused, type AwsCredentials, type CredentialWorld } from './types.ts';

/** What a profile says of IAM Identity Center, its `sso-session` section joined in. */
export interface SsoProfile {
  profile: string;
  /** Of the `sso-session`, where the profile uses one. */
  session?: string | undefined;
  startUrl?: string | undefined;
  region?: string | undefined;
  accountId?: string | undefined;
  roleName?: string | undefined;
}

/**
 * Credentials of a role, by the token that `aws sso login` has left (docs.aws.amazon.com/singlesignon/latest/PortalAPIReference,
 * read 2026-11-22). An old token is not renewed here: the sign-in belongs to a person.
 * @param directory `~/.aws/sso/cache`
 * @throws SluiceError `authentication` that says what to do
 */
export const ssoCredentials = async (world: CredentialWorld, sso: SsoProfile, directory: string): Promise<AwsCredentials> => {
  const { profile, session, startUrl, region, accountId, roleName } = sso;
  if (startUrl === undefined || region === undefined || accountId === undefined || roleName === undefined)
    throw refused(`The AWS profile '${profile}' lacks sso_start_url, sso_region, sso_account_id or sso_role_name.`);
  const logIn = `sign in with 'aws sso login --profile ${profile}'`;
  const text = await readOptional(world, `${directory}/${await sha1(session ?? startUrl)}.json`);
  const cached = text === undefined ? undefined : parseObject(text);
  const token = cached?.['accessToken'];
  const until = typeof cached?.['expiresAt'] === 'string' ? Date.parse(cached['expiresAt']) : NaN;
  if (typeof token !== 'string') throw refused(`Nobody has signed in for the AWS profile '${profile}': ${logIn}.`);
  if (!(until > world.now())) throw refused(`The sign-in for the AWS profile '${profile}' has expired: ${logIn}.`);

  const query = new URLSearchParams({ role_name: roleName, account_id: accountId }).toString();
  const url = `https://portal.sso.${region}.${dnsSuffix(region)}/federation/credentials?${query}`;
  const headers = { 'x-amz-sso_bearer_token': token, accept: 'application/json' };
  const answer = await ask(world, 'AWS IAM Identity Center', url, { method: 'GET', headers });
  const body = parseObject(answer.text);
  const role = (body?.['roleCredentials'] ?? {}) as Record<string, unknown>;
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = role;
  if (answer.status !== 200 || typeof accessKeyId !== 'string' || typeof secretAccessKey !== 'string' || typeof sessionToken !== 'string') {
    const said = typeof body?.['message'] === 'string' ? body['message'].replaceAll(token, '[secret]') : `status ${answer.status}`;
    throw failed(
      `AWS IAM Identity Center, for the profile '${profile}',`,
      answer.status,
      answer.status === 401 ? `${said}; ${logIn}` : said,
    );
  }
  return {
    accessKeyId,
    secretAccessKey: new Secret(secretAccessKey),
    sessionToken: new Secret(sessionToken),
    ...(typeof expiration === 'number' && { expiresAt: expiration }),
  };
};

/** Names the file of a token; no secret depends on it. */
const sha1 = async (text: string): Promise<string> => {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
};
