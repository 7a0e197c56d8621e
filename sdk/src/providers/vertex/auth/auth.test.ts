import { describe, expect, test } from 'bun:test';
import { createVerify, KeyObject } from 'node:crypto';
import { fromBase64Url } from '../../../lib/base64url.ts';
import {
  account,
  external,
  impersonationUrl,
  pool,
  publicKey,
  setUp,
  target,
  user,
  failure,
  type Answer,
  type Sent,
} from './fixtures/world.ts';

describe('a service account', () => {
  test('signs what it wants and gets a token for it', async () => {
    const { tokens, sent, state } = setUp();
    expect((await tokens.get(target(account))).value).toBe('token-of-oauth2.googleapis.com');
    expect(sent).toHaveLength(1);
    const [{ form, url }] = sent as [Sent];
    expect(url).toBe('https://oauth2.googleapis.com/token');
    expect(form['grant_type']).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    const [header = '', claims = '', signature = ''] = form['assertion']!.split('.');
    expect(JSON.parse(fromBase64Url(header)!)).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'key-1' });
    expect(JSON.parse(fromBase64Url(claims)!)).toEqual({
      iss: account.client_email,
      scope: 'https://www.googleapis.com/auth/cloud-platform',
      aud: 'https://oauth2.googleapis.com/token',
      iat: state.now / 1000,
      exp: state.now / 1000 + 3600,
    });
    expect(createVerify('RSA-SHA256').update(`${header}.${claims}`).verify(KeyObject.from(publicKey), signature, 'base64url')).toBe(true);
  });

  test('by path, by text, by variable: one identity is asked for once, by however many', async () => {
    const { tokens, sent, state } = setUp({ files: { '/key.json': JSON.stringify(account) } });
    const byPath = target('/key.json');
    const byVariable = target(undefined, { google_application_credentials: '/key.json' });
    await Promise.all(Array.from({ length: 30 }, (_, each) => tokens.get(each % 2 === 0 ? byPath : byVariable)));
    expect(sent).toHaveLength(1);
    await tokens.get(target(account));
    expect(sent).toHaveLength(2);
    state.now += 56 * 60_000;
    await Promise.all([tokens.get(byPath), tokens.get(byPath)]);
    expect(sent).toHaveLength(3);
  });

  test('names its project, which what is set around goes before only for found credentials', async () => {
    const { tokens } = setUp({ files: { '/key.json': JSON.stringify(account) } });
    expect(await tokens.project(target(account))).toBe('p-of-file');
    expect(await tokens.project(target(account, { google_cloud_project: 'around' }))).toBe('p-of-file');
    expect(await tokens.project(target(undefined, { google_application_credentials: '/key.json' }))).toBe('p-of-file');
    const found = { google_application_credentials: '/key.json', google_cloud_project: 'around' };
    expect(await tokens.project(target(undefined, found))).toBe('around');
  });
});

test('a user that gcloud has signed in, with the project whose quota is used', async () => {
  const files = { '/home/u/.config/gcloud/application_default_credentials.json': JSON.stringify(user) };
  const { tokens, sent } = setUp({ files, env: { HOME: '/home/u' } });
  expect(await tokens.get(target())).toMatchObject({ value: 'token-of-oauth2.googleapis.com', quotaProjectId: 'q' });
  expect(sent[0]!.form).toEqual({
    grant_type: 'refresh_token',
    client_id: 'c',
    client_secret: 'CANARY-SECRET',
    refresh_token: 'CANARY-REFRESH',
  });
  expect(await tokens.project(target())).toBe('q');
});

test.each([
  [{ CLOUDSDK_CONFIG: '/cfg', HOME: '/home/u' }, '/cfg/application_default_credentials.json'],
  [{ APPDATA: 'C:/Users/u/AppData/Roaming' }, 'C:/Users/u/AppData/Roaming/gcloud/application_default_credentials.json'],
])('gcloud keeps its file where %p say', async (env, path) => {
  const { tokens, read } = setUp({ env, files: { [path]: JSON.stringify(user) } });
  await tokens.get(target());
  expect(read).toEqual([path]);
});

describe('acting as a service account', () => {
  const answer = ({ url }: Sent): Answer =>
    url === impersonationUrl
      ? { body: { accessToken: 'as-robot', expireTime: '2027-01-15T09:00:00Z' } }
      : { body: { access_token: 'own', expires_in: 3600 } };

  test('of a user', async () => {
    const { tokens, sent } = setUp({ answer });
    const credentials = {
      type: 'impersonated_service_account',
      service_account_impersonation_url: impersonationUrl,
      delegates: ['d1'],
      source_credentials: user,
    };
    expect(await tokens.get(target(credentials))).toMatchObject({ value: 'as-robot', expiresAtMs: Date.parse('2027-01-15T09:00:00Z') });
    expect(sent[1]!.headers.get('authorization')).toBe('Bearer own');
    expect(JSON.parse(sent[1]!.body)).toEqual({
      delegates: ['d1'],
      scope: ['https://www.googleapis.com/auth/cloud-platform'],
      lifetime: '3600s',
    });
    expect(await tokens.project(target(credentials))).toBe('other');
  });

  test('of another provider of identities', async () => {
    const { tokens, sent } = setUp({ answer, files: { '/var/run/token': 'subject' } });
    const credentials = {
      ...external,
      service_account_impersonation_url: impersonationUrl,
      service_account_impersonation: { token_lifetime_seconds: 600 },
    };
    expect((await tokens.get(target(credentials))).value).toBe('as-robot');
    expect(sent.map(({ url }) => url)).toEqual([external.token_url, impersonationUrl]);
    expect(JSON.parse(sent[1]!.body)).toMatchObject({ lifetime: '600s' });
  });
});

describe('identities of elsewhere (workload identity federation)', () => {
  const exchanged = (subject: string) => ({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    audience: pool,
    scope: 'https://www.googleapis.com/auth/cloud-platform',
    subject_token_type: external.subject_token_type,
    subject_token: subject,
  });

  test('a token in a file, read anew each time', async () => {
    const files: Record<string, string> = { '/var/run/token': ' first\n' };
    const { tokens, sent, state } = setUp({ files });
    expect((await tokens.get(target(external))).value).toBe('token-of-sts.googleapis.com');
    expect(sent[0]!.form).toEqual(exchanged('first'));
    files['/var/run/token'] = 'second';
    state.now += 58 * 60_000;
    await tokens.get(target(external));
    expect(sent[1]!.form['subject_token']).toBe('second');
    expect(await tokens.project(target(external))).toBe('123456');
  });

  test('a token in a member of a JSON file', async () => {
    const { tokens, sent } = setUp({ files: { '/t': '{"id_token":"inner"}' } });
    const credential_source = { file: '/t', format: { type: 'json', subject_token_field_name: 'id_token' } };
    await tokens.get(target({ ...external, credential_source }));
    expect(sent[0]!.form['subject_token']).toBe('inner');
  });

  test('a token from an address, with its headers', async () => {
    const source = 'http://169.254.169.254/metadata/identity/oauth2/token?resource=x';
    const { tokens, sent } = setUp({
      answer: ({ url }) => ({ body: url === source ? { access_token: 'azure' } : { access_token: 'done', expires_in: 60 } }),
    });
    const credential_source = {
      url: source,
      headers: { Metadata: 'True' },
      format: { type: 'json', subject_token_field_name: 'access_token' },
    };
    expect((await tokens.get(target({ ...external, credential_source }))).value).toBe('done');
    expect([sent[0]!.method, sent[0]!.headers.get('metadata')]).toEqual(['GET', 'True']);
    expect(sent[1]!.form['subject_token']).toBe('azure');
  });

  test('a client of its own, a project of a workforce', async () => {
    const { tokens, sent } = setUp({ files: { '/var/run/token': 's' } });
    await tokens.get(target({ ...external, client_id: 'id', client_secret: 'secret', workforce_pool_user_project: 'w' }));
    expect(sent[0]!.headers.get('authorization')).toBe(`Basic ${btoa('id:secret')}`);
    expect(sent[0]!.form['options']).toBeUndefined();
    await tokens.get(target({ ...external, workforce_pool_user_project: 'w' }));
    expect(sent[1]!.form['options']).toBe('{"userProject":"w"}');
  });

  const aws = {
    environment_id: 'aws1',
    region_url: 'http://169.254.169.254/latest/meta-data/placement/availability-zone',
    url: 'http://169.254.169.254/latest/meta-data/iam/security-credentials',
    imdsv2_session_token_url: 'http://169.254.169.254/latest/api/token',
    regional_cred_verification_url: 'https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15',
  };
  const signed = (sent: Sent): { url: string; method: string; headers: Record<string, string> } => {
    const { url, method, headers } = JSON.parse(decodeURIComponent(sent.form['subject_token']!)) as {
      url: string;
      method: string;
      headers: { key: string; value: string }[];
    };
    return { url, method, headers: Object.fromEntries(headers.map(({ key, value }) => [key, value])) };
  };

  test('AWS by its variables: a signed request that Google sends on', async () => {
    const env = {
      AWS_REGION: 'us-east-2',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'CANARY',
      AWS_SESSION_TOKEN: 'session',
    };
    const { tokens, sent } = setUp({ env });
    await tokens.get(target({ ...external, credential_source: aws }));
    expect(sent).toHaveLength(1);
    const { url, method, headers } = signed(sent[0]!);
    expect([url, method]).toEqual(['https://sts.us-east-2.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15', 'POST']);
    expect(headers).toMatchObject({
      host: 'sts.us-east-2.amazonaws.com',
      'x-goog-cloud-target-resource': pool,
      'x-amz-security-token': 'session',
    });
    expect(headers['authorization']).toContain('Credential=AKIDEXAMPLE/20270115/us-east-2/sts/aws4_request');
    expect(headers['authorization']).toContain('SignedHeaders=host;x-amz-date;x-amz-security-token;x-goog-cloud-target-resource');
    expect(decodeURIComponent(sent[0]!.form['subject_token']!)).not.toContain('CANARY');
  });

  test("AWS by the machine's metadata, asked with a token of its own", async () => {
    const { tokens, sent } = setUp({
      answer: ({ url, method }) => {
        if (method === 'PUT') return { body: 'imds' };
        if (url === aws.region_url) return { body: 'eu-west-1b' };
        if (url === aws.url) return { body: 'role' };
        if (url === `${aws.url}/role`) return { body: { AccessKeyId: 'A', SecretAccessKey: 'S', Token: 'T' } };
        return { body: { access_token: 'done', expires_in: 3600 } };
      },
    });
    expect((await tokens.get(target({ ...external, credential_source: aws }))).value).toBe('done');
    const asked = sent.filter(({ method }) => method === 'GET');
    expect(asked).toHaveLength(3);
    for (const each of asked) expect(each.headers.get('x-aws-ec2-metadata-token')).toBe('imds');
    expect(sent.filter(({ method }) => method === 'PUT')).toHaveLength(1);
    expect(signed(sent.at(-1)!).headers['authorization']).toContain('Credential=A/20270115/eu-west-1/sts/');
  });
});

describe("the machine's own service account", () => {
  const flavor = { 'metadata-flavor': 'Google' };
  const answer = ({ url }: Sent): Answer =>
    url.endsWith('/project-id')
      ? { body: 'p-of-machine', headers: flavor }
      : { body: { access_token: 'machine', expires_in: 1800 }, headers: flavor };

  test('is used where nothing else is there', async () => {
    const { tokens, sent } = setUp({ answer });
    expect((await tokens.get(target())).value).toBe('machine');
    expect(sent[0]!.url).toBe('http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token');
    expect(sent[0]!.headers.get('metadata-flavor')).toBe('Google');
    expect(await tokens.project(target())).toBe('p-of-machine');
  });

  test('may be elsewhere', async () => {
    const { tokens, sent } = setUp({ answer, env: { GCE_METADATA_HOST: '127.0.0.1:8080' } });
    await tokens.get(target());
    expect(sent[0]!.url).toStartWith('http://127.0.0.1:8080/computeMetadata/');
  });

  test.each([
    ['nothing answers', undefined],
    ['a network answers for any name', { body: { access_token: 'not-google' } }],
  ])('where %s, all ways to sign in are named', async (_, answered) => {
    const { tokens } = setUp({ answer: () => answered });
    const error = await failure(tokens, target());
    expect(error.code).toBe('authentication');
    for (const way of ['GOOGLE_APPLICATION_CREDENTIALS', 'vertex_credentials', 'gcloud auth']) expect(error.message).toContain(way);
  });
});
