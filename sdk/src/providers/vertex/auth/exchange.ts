import { signJwt } from '../../../lib/jwt.ts';
import type { JsonObject } from '../../../types/index.ts';
import type { FetchedToken } from '../../token-cache.ts';
import { askJson } from './ask.ts';
import { awsSubjectToken } from './aws-subject.ts';
import type { AuthorizedUser, Credentials, ExternalAccount, Impersonated, ServiceAccount } from './credentials.ts';
import { authFailure } from './failure.ts';
import { machineToken } from './machine.ts';
import { subjectToken } from './subject-source.ts';
import { cloudPlatform, type AuthTools } from './tools.ts';

const tokenServer = "Google's token server";

/** The answer of an OAuth token endpoint (RFC 6749, 5.1). */
const oauthToken = (body: JsonObject, askedAt: number): FetchedToken => {
  const { access_token: value, expires_in: seconds } = body;
  if (typeof value !== 'string' || value === '') throw authFailure(`${tokenServer} answered without a token.`);
  return { value, expiresAtMs: askedAt + (Number(seconds) || 3600) * 1000 };
};

/** developers.google.com/identity/protocols/oauth2/service-account, read 2026-11-22. */
const ofServiceAccount = async (account: ServiceAccount, tools: AuthTools): Promise<FetchedToken> => {
  const askedAt = tools.now();
  const issued = Math.floor(askedAt / 1000);
  const { clientEmail, tokenUrl, privateKey, privateKeyId } = account;
  const claims = { iss: clientEmail, scope: cloudPlatform, aud: tokenUrl, iat: issued, exp: issued + 3600 };
  const assertion = await signJwt(claims, { pem: privateKey, ...(privateKeyId !== undefined && { keyId: privateKeyId }) }).catch(
    (cause: unknown) => {
      throw authFailure(`The private_key of ${clientEmail} cannot be used: ${cause instanceof Error ? cause.message : 'it is none'}.`);
    },
  );
  const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
  return oauthToken(await askJson({ url: tokenUrl, who: tokenServer, form }, tools), askedAt);
};

/** What `gcloud auth application-default login` leaves. */
const ofUser = async ({ clientId, clientSecret, refreshToken }: AuthorizedUser, tools: AuthTools): Promise<FetchedToken> => {
  const askedAt = tools.now();
  const form = { grant_type: 'refresh_token', client_id: clientId, client_secret: clientSecret, refresh_token: refreshToken };
  return oauthToken(await askJson({ url: 'https://oauth2.googleapis.com/token', who: tokenServer, form }, tools), askedAt);
};

/** docs.cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken, read 2026-11-22. */
const impersonate = async (
  { url, delegates, lifetimeSeconds }: { url: string; delegates: string[]; lifetimeSeconds: number },
  own: FetchedToken,
  tools: AuthTools,
): Promise<FetchedToken> => {
  const who = "Google's IAM";
  const json = { delegates, scope: [cloudPlatform], lifetime: `${lifetimeSeconds}s` };
  const body = await askJson({ url, who, json, headers: { authorization: `Bearer ${own.value}` } }, tools);
  const { accessToken: value, expireTime } = body;
  const expiresAtMs = typeof expireTime === 'string' ? Date.parse(expireTime) : Number.NaN;
  if (typeof value !== 'string' || value === '' || Number.isNaN(expiresAtMs)) throw authFailure(`${who} answered without a token.`);
  return { value, expiresAtMs };
};

const ofImpersonated = async ({ url, delegates, source }: Impersonated, tools: AuthTools): Promise<FetchedToken> =>
  impersonate({ url, delegates, lifetimeSeconds: 3600 }, await tokenOf(source, tools), tools);

/** docs.cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token (RFC 8693), read 2026-11-22. */
const ofExternal = async (account: ExternalAccount, tools: AuthTools): Promise<FetchedToken> => {
  const { source, audience, subjectTokenType, tokenUrl, client, workforceProject, impersonationUrl, lifetimeSeconds } = account;
  const subject = source.kind === 'aws' ? await awsSubjectToken(source, audience, tools) : await subjectToken(source, tools);
  const askedAt = tools.now();
  const form = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    audience,
    scope: cloudPlatform,
    subject_token_type: subjectTokenType,
    subject_token: subject,
    // Where a client identifies itself, its own project is used.
    ...(workforceProject !== undefined && !client && { options: JSON.stringify({ userProject: workforceProject }) }),
  };
  const headers = client && { authorization: `Basic ${btoa(`${client.id}:${client.secret}`)}` };
  const body = await askJson({ url: tokenUrl, who: "Google's token exchange", form, ...(headers && { headers }) }, tools);
  const token = oauthToken(body, askedAt);
  return impersonationUrl === undefined ? token : impersonate({ url: impersonationUrl, delegates: [], lifetimeSeconds }, token, tools);
};

const exchanges: {
  [K in Credentials['type']]: (credentials: Extract<Credentials, { type: K }>, tools: AuthTools) => Promise<FetchedToken>;
} = {
  service_account: ofServiceAccount,
  authorized_user: ofUser,
  impersonated_service_account: ofImpersonated,
  external_account: ofExternal,
  machine: (_, tools) => machineToken(tools),
};

/** A new access token. @throws SluiceError `authentication`, `unavailable`, `connection` */
export const tokenOf = <K extends Credentials['type']>(
  credentials: Extract<Credentials, { type: K }>,
  tools: AuthTools,
): Promise<FetchedToken> =>
  (exchanges[credentials.type as K] as (each: typeof credentials, with_: AuthTools) => Promise<FetchedToken>)(credentials, tools);
