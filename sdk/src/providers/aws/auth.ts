import { signRequest } from '../../lib/sigv4.ts';
import type { Provider, Target } from '../../types/index.ts';
import { bearer, type CredentialRequest } from '../credentials.ts';
import type { FetchedToken, TokenCache } from '../token-cache.ts';
import { givenKeys } from './credentials/given-keys.ts';
import type { AwsCredentials, AwsSettings } from './credentials/types.ts';
import { missingRegion, type Place } from './place.ts';
import { identityOf, settingsOf } from './settings.ts';

/** Credentials as they are held. */
export interface HeldCredentials extends FetchedToken {
  credentials: AwsCredentials;
}

interface Identity {
  settings: AwsSettings;
  id: string;
  secret: string;
  /** There is nothing to fetch. */
  keys: AwsCredentials | undefined;
}

/** What has no end is looked up again at half of this: another program may have replaced it in its file. */
const endlessMs = 10 * 60_000;

/** Headers that no hop changes, and that must be what they were. */
const isSigned = (name: string): boolean => name === 'content-type' || name.startsWith('x-amz-') || name.startsWith('x-amzn-');

type CustomAuth = Extract<Provider['auth'], { kind: 'custom' }>;

/** A bearer token where one is given, else a signature. */
export const awsAuth = ({
  cache,
  resolve,
  now,
  placeOf,
  serviceOf,
  regionOf,
}: {
  cache: TokenCache<HeldCredentials>;
  resolve(settings: AwsSettings): Promise<AwsCredentials>;
  /** Unix milliseconds. */
  now(): number;
  placeOf(target: Target): Place;
  /** What the host's service signs with. */
  serviceOf(url: string): string;
  /** The region that an address says itself, for services that may be in another one than the models (S3). */
  regionOf?(url: string): string | undefined;
}): Required<CustomAuth> => {
  const identities = new WeakMap<Target, Identity>();

  const identify = (target: Target, region: string): Identity => {
    const settings = settingsOf(target, region);
    const fetched = settings.roleArn !== undefined || settings.webIdentityToken !== undefined;
    const made = { settings, ...identityOf(settings), keys: fetched ? undefined : givenKeys(settings) };
    identities.set(target, made);
    return made;
  };

  const fetched = async ({ id, secret, settings }: Omit<Identity, 'keys'>): Promise<AwsCredentials> => {
    const held = await cache.get(id, secret, async () => {
      const credentials = await resolve(settings);
      return { value: credentials.accessKeyId, expiresAtMs: credentials.expiresAt ?? now() + endlessMs, credentials };
    });
    return held.credentials;
  };

  const sign = async (target: Target, { method, url, body, headers = {} }: CredentialRequest): Promise<Record<string, string>> => {
    const region = regionOf?.(url) ?? placeOf(target).region;
    if (region === undefined) throw missingRegion(target);
    const { keys, ...identity } = identities.get(target) ?? identify(target, region);
    const { accessKeyId, secretAccessKey, sessionToken } = keys ?? (await fetched(identity));
    const signed: Record<string, string> = {};
    for (const name in headers) if (isSigned(name)) signed[name] = headers[name]!;
    return signRequest(
      { method, url, body, headers: signed, region, service: serviceOf(url), now: now() },
      { accessKeyId, secretAccessKey: secretAccessKey.reveal(), ...(sessionToken && { sessionToken: sessionToken.reveal() }) },
    );
  };

  return {
    kind: 'custom',
    headers: (target, request) => (target.apiKey ? bearer(target.apiKey, target.provider) : sign(target, request)),
    refused(target, { authorization }) {
      const identity = target.apiKey ? undefined : identities.get(target);
      // A signature names the key that it was made with.
      return identity !== undefined && !identity.keys && cache.forget(identity.id, authorization);
    },
  };
};
