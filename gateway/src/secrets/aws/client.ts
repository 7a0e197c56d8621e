import {
  awsEnvSecrets,
  awsEnvSettings,
  awsServiceHost,
  createTokenCache,
  firstOf,
  isAwsRegion,
  profileRegion,
  resolveAwsCredentials,
  Secret,
  signRequest,
  type AwsCredentials,
  type AwsSettings,
  type CredentialWorld,
  type Env,
  type FetchedToken,
} from 'sluice/kit';
import type { SecretManagerEntry } from '../../config/schema/secrets.ts';
import { createAsk, mayPass, odd, refusal, type Answer } from '../ask.ts';
import { ManagerFailure, word, type Mapping, type SecretWorld } from '../manager.ts';

/** A call of one of AWS's JSON services that was refused, by its name: `ResourceNotFoundException`. */
export class AwsRefusal extends ManagerFailure {
  readonly kind: string;

  constructor(answer: Answer, kind: string) {
    super(refusal(answer, kind).message, { passes: mayPass(answer.status) || /Throttl|TooManyRequests|InternalService/.test(kind) });
    this.kind = kind;
  }
}

/** @throws AwsRefusal, ManagerFailure, SluiceError */
export type AwsCall = (operation: string, body: object, signal: AbortSignal) => Promise<Mapping>;

interface AwsService {
  /** As in its host and its signatures. */
  name: 'secretsmanager' | 'kms';
  /** Before an operation's name in `x-amz-target`. */
  target: string;
  addressEnv: string;
}

interface Held extends FetchedToken {
  credentials: AwsCredentials;
}

/** What has no end is looked up again after this: another program may have replaced it in its file. */
const endlessMs = 10 * 60_000;
const expired = /ExpiredToken|UnrecognizedClient|InvalidClientToken|InvalidSignature/;

/** AWS's JSON protocol 1.1 (docs.aws.amazon.com/secretsmanager/latest/apireference, docs.aws.amazon.com/kms/latest/APIReference, read 2026-11-22). */
export const createAwsCall = (service: AwsService, entry: SecretManagerEntry, secretWorld: SecretWorld, timeoutMs: number): AwsCall => {
  const { env, clock } = secretWorld;
  const world: CredentialWorld = { fetch: secretWorld.fetch, readFile: secretWorld.readText, now: () => clock.now() };
  const ask = createAsk(secretWorld, { timeoutMs });
  const cache = createTokenCache<Held>(() => clock.now());
  let region: Promise<string> | undefined;

  const credentialsOf = async (settings: AwsSettings): Promise<AwsCredentials> => {
    const { credentials } = await cache.get(service.name, '', async () => {
      const found = await resolveAwsCredentials(world, settings);
      return { value: found.accessKeyId, expiresAtMs: found.expiresAt ?? clock.now() + endlessMs, credentials: found };
    });
    return credentials;
  };

  const send = async (operation: string, body: string, signal: AbortSignal): Promise<{ answer: Answer; signedWith: string }> => {
    const found = await (region ??= regionOf(entry, env, world).catch((cause: unknown) => {
      region = undefined;
      throw cause;
    }));
    const { accessKeyId, secretAccessKey, sessionToken } = await credentialsOf(awsSettings(entry, env, found));
    const url = `${(entry.address ?? firstOf(env, [service.addressEnv, 'AWS_ENDPOINT_URL']) ?? `https://${awsServiceHost(service.name, found)}`).replace(/\/+$/, '')}/`;
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `${service.target}.${operation}` };
    const signed = await signRequest(
      { method: 'POST', url, body, headers, region: found, service: service.name, now: clock.now() },
      { accessKeyId, secretAccessKey: secretAccessKey.reveal(), ...(sessionToken && { sessionToken: sessionToken.reveal() }) },
    );
    const answer = await ask({ method: 'POST', url, headers: { ...headers, ...signed }, body }, signal);
    return { answer, signedWith: signed['authorization'] ?? '' };
  };

  return async (operation, body, signal) => {
    for (let again = true; ; again = false) {
      const { answer, signedWith } = await send(operation, JSON.stringify(body), signal);
      if (answer.status === 200) {
        if (answer.value) return answer.value;
        throw odd('JSON');
      }
      const kind = kindOf(answer);
      if (again && expired.test(kind) && cache.forget(service.name, signedWith)) continue;
      throw new AwsRefusal(answer, kind);
    }
  };
};

/** `com.amazonaws.secretsmanager#ResourceNotFoundException`, with or without what stands before it. */
const kindOf = ({ value, headers }: Answer): string => {
  const said = value?.['__type'] ?? headers.get('x-amzn-errortype');
  return typeof said === 'string' ? word(said.split('#').at(-1)!.split(':')[0]) : '';
};

const regionOf = async (entry: SecretManagerEntry, env: Env, world: CredentialWorld): Promise<string> => {
  const named = entry.aws_region_name ?? firstOf(env, ['AWS_REGION_NAME', 'AWS_REGION', 'AWS_DEFAULT_REGION']);
  const settings = awsSettings(entry, env, undefined);
  const found = named ?? (await profileRegion(world, settings, settings.profile ?? settings.env.profile ?? 'default'));
  if (found === undefined) throw new ManagerFailure('nothing says its region: set `aws_region_name` or AWS_REGION_NAME');
  // It becomes part of a host: nothing else may get there.
  if (!isAwsRegion(found)) throw new ManagerFailure('`aws_region_name` is no region of AWS (such as us-east-1)');
  return found;
};

const awsSettings = (entry: SecretManagerEntry, env: Env, region: string | undefined): AwsSettings => {
  const variables = <N extends string, V>(names: Readonly<Record<N, readonly string[]>>, make: (text: string) => V) =>
    Object.fromEntries(
      (Object.entries(names) as [N, readonly string[]][]).map(([name, list]) => {
        const found = firstOf(env, list);
        return [name, found === undefined ? undefined : make(found)];
      }),
    ) as Record<N, V | undefined>;
  const given = {
    accessKeyId: entry.aws_access_key_id,
    secretAccessKey: entry.aws_secret_access_key,
    sessionToken: entry.aws_session_token,
    profile: entry.aws_profile_name,
    roleArn: entry.aws_role_name ?? firstOf(env, ['AWS_ROLE_NAME']),
    sessionName: entry.aws_session_name ?? firstOf(env, ['AWS_SESSION_NAME']),
    externalId: entry.aws_external_id ?? firstOf(env, ['AWS_EXTERNAL_ID']),
    webIdentityToken: entry.aws_web_identity_token,
    stsEndpoint: entry.aws_sts_endpoint,
    region,
  };
  const present: Partial<AwsSettings> = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...present, env: variables(awsEnvSettings, String), envSecrets: variables(awsEnvSecrets, (text) => new Secret(text)) };
};
