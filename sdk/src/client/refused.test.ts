import { describe, expect, test } from 'bun:test';
import { metadataAnswer, stsAnswer, fakeWorld } from '../providers/aws/fixtures/world.ts';
import { createAzureAi } from '../providers/azure-ai/index.ts';
import { createAzure } from '../providers/azure/index.ts';
import { createBedrock } from '../providers/bedrock/index.ts';
import { createVertex } from '../providers/vertex/index.ts';
import { openaiChat, openaiEmbeddings } from '../protocols/index.ts';
import { createProviders } from '../providers/registry.ts';
import { targetOf, type TargetOptions } from '../providers/target.ts';
import { createFetchTransport } from '../transport/fetch-transport.ts';
import { Secret, type Provider, type SluiceError } from '../types/index.ts';
import { embed } from './embed.ts';
import { exchange } from './exchange.ts';

type Now = () => number;

interface Cloud {
  /** Providers that give the credentials `..1`, `..2` and so on. */
  make(now: Now): readonly Provider[];
  given: TargetOptions;
  env?: Record<string, string>;
  /** How it refuses what has ended. */
  refusal: () => Response;
}

const counted = () => {
  let count = 0;
  return () => String(++count);
};
const awsExpired = () =>
  Response.json(
    { message: 'The security token included in the request is expired' },
    { status: 403, headers: { 'x-amzn-errortype': 'ExpiredTokenException' } },
  );
const unauthorized = () =>
  Response.json({ error: { code: '401', message: 'Access token is missing, invalid or expired.' } }, { status: 401 });
const oauth = () => {
  const next = counted();
  return async () => Response.json({ access_token: `token-${next()}`, expires_in: 3600 });
};
const aws =
  (path: string, answer: (name: string) => string, files: Record<string, string> = {}) =>
  (now: Now) => {
    const next = counted();
    return createBedrock(
      fakeWorld(
        {
          answers: {
            'PUT http://169.254.169.254': 'session',
            'GET http://169.254.169.254/latest/meta-data/iam/security-credentials/role': () => answer(next()),
            'GET http://169.254.169.254': 'role',
            [path]: () => answer(next()),
          },
          files,
        },
        now,
      ),
    );
  };
const nova = { model: 'bedrock/amazon.nova-pro-v1:0' };
const region = { AWS_REGION: 'us-east-1' };
const entra = { tenant_id: 't', client_id: 'c', client_secret: new Secret('s') };
const user = JSON.stringify({ type: 'authorized_user', client_id: 'c', client_secret: 's', refresh_token: 'r' });

const clouds: Record<string, Cloud> = {
  'AWS STS': {
    make: aws('POST https://sts.', stsAnswer),
    given: {
      ...nova,
      options: { aws_role_name: 'arn:aws:iam::1:role/r', aws_access_key_id: 'AKIA', aws_secret_access_key: new Secret('s') },
    },
    env: region,
    refusal: awsExpired,
  },
  'an instance of AWS': { make: aws('GET http://none', metadataAnswer), given: nova, env: region, refusal: awsExpired },
  'a container of AWS': {
    make: aws('GET http://169.254.170.2/creds', metadataAnswer),
    given: nova,
    env: { ...region, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/creds' },
    refusal: awsExpired,
  },
  'a profile of AWS': {
    make: aws('POST https://sts.', stsAnswer, {
      '/h/.aws/config':
        '[profile dev]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\n[profile base]\naws_access_key_id = AKIA\naws_secret_access_key = s',
    }),
    given: { ...nova, options: { aws_profile_name: 'dev' } },
    env: { ...region, HOME: '/h' },
    refusal: awsExpired,
  },
  Google: {
    make: (now) => [createVertex({ fetch: oauth(), now, env: () => ({}) })],
    given: { model: 'vertex_ai/gemini-2.5-flash', options: { vertex_project: 'p', vertex_credentials: new Secret(user) } },
    refusal: unauthorized,
  },
  'Entra for Azure': {
    make: (now) => [createAzure({ fetch: oauth(), now })],
    given: { model: 'azure/gpt-4o', baseUrl: 'https://r.openai.azure.com', options: entra },
    refusal: unauthorized,
  },
  'Entra for Foundry': {
    make: (now) => [createAzureAi({ fetch: oauth(), now })],
    given: { model: 'azure_ai/grok-4', baseUrl: 'https://r.services.ai.azure.com', options: entra },
    refusal: () => Response.json({ error: { message: 'The access token expired' } }, { status: 403 }),
  },
};

/** A call a cloud answers as it is told to, and the credentials that its requests had. */
const setUp = ({ make, given, env = {} }: Cloud) => {
  const state = { now: 1_800_000_000_000, answer: (_nth: string) => new Response(null, { status: 500 }) };
  const used: string[] = [];
  const fetch = async (_url: unknown, init?: RequestInit) => {
    const authorization = new Headers(init?.headers).get('authorization') ?? '';
    const nth = /(?:ASIA|token-)(\d+)/.exec(authorization)?.[1] ?? 'none';
    used.push(nth);
    return state.answer(nth);
  };
  const target = targetOf(given, { providers: createProviders(make(() => state.now)), env });
  const context = { transport: createFetchTransport(fetch as typeof globalThis.fetch), now: () => state.now };
  const body = { model: 'm', messages: [{ role: 'user', content: 'Hi' }] };
  const call = () =>
    exchange({ format: openaiChat, body, stream: false, target }, context).then(
      () => 'answered',
      (error: SluiceError) => error.code,
    );
  const embedding = () =>
    embed({ format: openaiEmbeddings, body: { model: 'm', input: 'Hi' }, target }, context).then(
      () => 'answered',
      (error: SluiceError) => error.code,
    );
  return { state, used, call, embedding };
};
/** Not an answer of any of the formats, and none that is tried again. */
const other = () => new Response('{}', { status: 404 });

describe.each(Object.entries(clouds))('credentials of %s that end before their time', (_name, cloud) => {
  test('are fetched anew, once', async () => {
    const { state, used, call } = setUp(cloud);
    state.answer = other;
    expect(await call()).toBe('not_found');
    state.now += 60_000;
    state.answer = (nth) => (nth === '1' ? cloud.refusal() : other());
    expect(await Promise.all([call(), call()])).toEqual(['not_found', 'not_found']);
    // Both calls had the old ones and share the new.
    expect(used).toEqual(['1', '1', '1', '2', '2']);
  });

  test('are not fetched with every call where the new ones are refused as well', async () => {
    const { state, used, call } = setUp(cloud);
    state.answer = other;
    await call();
    state.now += 60_000;
    state.answer = () => cloud.refusal();
    for (let at = 0; at < 3; at++) expect(await call()).not.toBe('not_found');
    expect(used).toEqual(['1', '1', '2', '2', '2']);
  });

  test('what refuses for another reason keeps them', async () => {
    const { state, used, call } = setUp(cloud);
    state.answer = () => Response.json({ message: 'not yours', error: { message: 'not yours' } }, { status: 403 });
    await call();
    state.now += 60_000;
    expect(await call()).toBe('permission_denied');
    expect(used).toEqual(['1', '1']);
  });
});

test('calls other than chat do so too', async () => {
  const { state, used, embedding } = setUp({
    ...clouds['Google']!,
    given: { ...clouds['Google']!.given, model: 'vertex_ai/text-embedding-005' },
  });
  state.answer = other;
  await embedding();
  state.now += 60_000;
  state.answer = (nth) => (nth === '1' ? unauthorized() : other());
  expect(await embedding()).toBe('not_found');
  expect(used).toEqual(['1', '1', '2']);
});

test.each([
  ['keys of AWS', { ...nova, options: { aws_access_key_id: 'ASIA7', aws_secret_access_key: new Secret('s') } }, clouds['AWS STS']!],
  ['a bearer token of AWS', { ...nova, apiKey: 'token-7' }, clouds['AWS STS']!],
  [
    'a token of Google',
    { ...clouds['Google']!.given, options: { vertex_project: 'p', vertex_access_token: new Secret('token-7') } },
    clouds['Google']!,
  ],
  [
    'a token of Entra',
    { ...clouds['Entra for Azure']!.given, options: { azure_ad_token: new Secret('token-7') } },
    clouds['Entra for Azure']!,
  ],
])('%s that are configured are not tried again', async (_name, given, cloud) => {
  const { state, used, call } = setUp({ ...cloud, given });
  state.answer = () => cloud.refusal();
  expect(await call()).toBe('authentication');
  expect(used).toEqual(['7']);
});
