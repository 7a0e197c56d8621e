import { describe, expect, test } from 'bun:test';
import { SluiceError } from '../../../types/index.ts';
import { fakeWorld, metadataAnswer, settings, shown, stsAnswer } from '../fixtures/world.ts';
import { resolveCredentials } from './resolve.ts';

const sts = 'POST https://sts.eu-west-1.amazonaws.com/';
const role = 'arn:aws:iam::123456789012:role/r';
const canary = 'CANARY-9f2c';
/** What the environment says, under the names that options have for it. */
const envKeys = { env_aws_access_key_id: 'AKIAENV', env_aws_secret_access_key: 'secret-env', env_aws_session_token: 'token-env' };
const home = { env_aws_home: '/home/u' };

type WorldOf = Parameters<typeof fakeWorld>[0];
const find = async (options: Record<string, unknown>, world: WorldOf = {}) => {
  const made = fakeWorld(world);
  return { credentials: shown(await resolveCredentials(made, settings(options))), sent: made.sent };
};
const failure = async (options: Record<string, unknown>, world: WorldOf = {}): Promise<SluiceError> => {
  const error: unknown = await resolveCredentials(fakeWorld(world), settings(options)).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!SluiceError.is(error)) throw new Error(`no error of ours: ${String(error)}`);
  return error;
};
const form = (body: string) => Object.fromEntries(new URLSearchParams(body));

describe('keys', () => {
  test("a target's own go before the environment's, and the two are never mixed", async () => {
    const own = { aws_access_key_id: 'AKIA', aws_secret_access_key: 's' };
    expect((await find({ ...own, ...envKeys })).credentials).toEqual(['AKIA', 's']);
    expect((await find({ ...own, aws_session_token: 't' })).credentials).toEqual(['AKIA', 's', 't']);
    expect((await find(envKeys)).credentials).toEqual(['AKIAENV', 'secret-env', 'token-env']);
  });
  test('half of a pair is said', async () => {
    expect((await failure({ aws_access_key_id: 'AKIA', ...envKeys })).message).toContain('aws_secret_access_key');
  });
});

describe('roles', () => {
  test('are taken on with what there is, signed, with all that was said of them', async () => {
    const options = {
      aws_role_name: role,
      aws_session_name: 'me',
      aws_external_id: 'x/1',
      aws_session_tags: [{ Key: 'team', Value: 'a b' }, 3],
      ...envKeys,
    };
    const { credentials, sent } = await find(options, { answers: { [sts]: stsAnswer('A') } });
    expect(credentials).toEqual(['ASIAA', 'secret-A', 'token-A']);
    expect(form(sent[0]!.body)).toEqual({
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: role,
      RoleSessionName: 'me',
      ExternalId: 'x/1',
      'Tags.member.1.Key': 'team',
      'Tags.member.1.Value': 'a b',
    });
    expect(sent[0]!.headers['authorization']).toMatch(/Credential=AKIAENV\/\d{8}\/eu-west-1\/sts\/aws4_request/);
    expect(sent[0]!.headers['x-amz-security-token']).toBe('token-env');
  });

  test.each([
    [
      { aws_sts_endpoint: 'https://vpce-1.sts.us-west-2.vpce.amazonaws.com' },
      'https://vpce-1.sts.us-west-2.vpce.amazonaws.com/',
      'us-west-2',
    ],
    [{ env_aws_sts_endpoint: 'http://127.0.0.1:4566' }, 'http://127.0.0.1:4566/', 'eu-west-1'],
  ])('STS at %j', async (more, url, region) => {
    const { sent } = await find({ aws_role_name: role, ...envKeys, ...more }, { answers: { [`POST ${url}`]: stsAnswer('A') } });
    expect(sent[0]!.url).toBe(url);
    expect(sent[0]!.headers['authorization']).toContain(`/${region}/sts/`);
  });

  test.each([
    ['cn-north-1', 'https://sts.cn-north-1.amazonaws.com.cn/'],
    ['us-gov-west-1', 'https://sts.us-gov-west-1.amazonaws.com/'],
  ])('STS of %s', async (region, url) => {
    const world = fakeWorld({ answers: { [`POST ${url}`]: stsAnswer('A') } });
    await resolveCredentials(world, settings({ aws_role_name: role, ...envKeys }, region));
    expect(world.sent[0]!.url).toBe(url);
  });

  test('a refusal says why, and holds no secret (FP-26)', async () => {
    const text =
      '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: &quot;u&quot; may not</Message></Error></ErrorResponse>';
    const options = { aws_role_name: role, aws_access_key_id: 'AKIA', aws_secret_access_key: canary };
    const error = await failure(options, { answers: { [sts]: { status: 403, text } } });
    expect([error.code, error.retry]).toEqual(['authentication', false]);
    expect(error.message).toContain('AccessDenied: User: "u" may not');
    expect(Bun.inspect(error, { depth: 20 })).not.toContain(canary);
  });

  test('what passes is tried again', async () => {
    const options = { aws_role_name: role, ...envKeys };
    expect((await failure(options, { answers: { [sts]: { status: 503, text: 'x' } } })).code).toBe('unavailable');
    expect((await failure(options, { answers: { [sts]: { status: 400, text: '<Code>Throttling</Code>' } } })).code).toBe('unavailable');
    expect((await failure(options)).code).toBe('connection');
  });
});

describe('web identity', () => {
  const jwt = 'eyJh.eyJz.c2ln';
  const ask = async (token: string, world: WorldOf = {}) =>
    form(
      (
        await find(
          { aws_role_name: role, aws_web_identity_token: token },
          { ...world, answers: { ...world.answers, [sts]: stsAnswer('W') } },
        )
      ).sent.at(-1)!.body,
    );

  test('a token, a file, or where one is', async () => {
    const files = { '/var/run/token': ` ${jwt}\n` };
    expect(await ask(jwt)).toMatchObject({ Action: 'AssumeRoleWithWebIdentity', WebIdentityToken: jwt, RoleSessionName: 'sluice' });
    expect(await ask('/var/run/token', { files })).toMatchObject({ WebIdentityToken: jwt });
    expect(await ask('oidc/file//var/run/token', { files })).toMatchObject({ WebIdentityToken: jwt });
    const google =
      'GET http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/identity?audience=https%3A%2F%2Faws';
    expect(await ask('oidc/google/https://aws', { answers: { [google]: jwt } })).toMatchObject({ WebIdentityToken: jwt });
  });

  test('nothing is signed, so that no keys are needed', async () => {
    const { sent } = await find({ aws_role_name: role, aws_web_identity_token: jwt }, { answers: { [sts]: stsAnswer('W') } });
    expect(sent[0]!.headers).toEqual({ 'content-type': 'application/x-www-form-urlencoded' });
  });

  test("a pod's (IRSA), also where its own role is named", async () => {
    const pod = { env_aws_role_arn: role, env_aws_web_identity_token_file: '/t', env_aws_role_session_name: 'pod' };
    const world = { files: { '/t': jwt }, answers: { [sts]: stsAnswer('W') } };
    expect(form((await find(pod, world)).sent[0]!.body)).toMatchObject({ RoleArn: role, RoleSessionName: 'pod', WebIdentityToken: jwt });
    const again = await find({ ...pod, aws_role_name: role }, world);
    expect(again.sent).toHaveLength(1);
    // Another role is taken on with the pod's.
    const other = await find({ ...pod, aws_role_name: `${role}2` }, world);
    expect(other.sent.map(({ body }) => form(body)['Action'])).toEqual(['AssumeRoleWithWebIdentity', 'AssumeRole']);
  });

  test.each([
    [{ aws_web_identity_token: jwt }, 'aws_role_name'],
    [{ aws_web_identity_token: `oidc/${'mars'}/x`, aws_role_name: role }, 'azure, circleci'],
    [{ aws_web_identity_token: 'oidc/env/SLUICE_TEST_UNSET', aws_role_name: role }, 'SLUICE_TEST_UNSET'],
    [{ aws_web_identity_token: `/${canary}`, aws_role_name: role }, 'cannot be read'],
  ])('%j says %s', async (options, says) => {
    const error = await failure(options);
    expect(error.message).toContain(says);
    expect(Bun.inspect(error, { depth: 20 })).not.toContain(canary);
  });

  test('an answer that repeats the token does not get it out', async () => {
    const token = `eyJh.${canary}.c2ln`;
    const text = `<Code>InvalidIdentityToken</Code><Message>bad token ${token}</Message>`;
    const error = await failure({ aws_role_name: role, aws_web_identity_token: token }, { answers: { [sts]: { status: 400, text } } });
    expect(error.message).toContain('bad token [secret]');
  });
});

describe('where AWS gives a role', () => {
  const relative = { env_aws_container_relative_uri: '/v2/credentials/1' };
  test('ECS', async () => {
    const { credentials, sent } = await find(relative, { answers: { 'GET http://169.254.170.2/v2/credentials/1': metadataAnswer('C') } });
    expect(credentials).toEqual(['ASIAC', 'secret-C', 'token-C']);
    expect(sent[0]!.headers).toEqual({ accept: 'application/json' });
  });
  test("EKS Pod Identity: the file's token, read each time", async () => {
    const options = {
      env_aws_container_full_uri: 'http://169.254.170.23/v1/credentials',
      env_aws_container_token_file: '/t',
      env_aws_container_token: 'old',
    };
    const { sent } = await find(options, { files: { '/t': 'new\n' }, answers: { 'GET http://169.254.170.23/': metadataAnswer('C') } });
    expect(sent[0]!.headers['authorization']).toBe('new');
  });
  test.each(['http://10.0.0.1/c', 'http://169.254.169.254/c', 'ftp://localhost/c', 'not a url', 'http://127.0.0.1.evil.test/c'])(
    'the token goes to no other host: %s',
    async (uri) => {
      const error = await failure({ env_aws_container_full_uri: uri, env_aws_container_token: canary });
      expect(error.message).toContain('AWS_CONTAINER_CREDENTIALS_FULL_URI');
      expect(error.message).not.toContain(canary);
    },
  );
  test.each(['http://localhost:1/c', 'http://127.3.2.1/c', 'http://[::1]/c', 'https://any.test/c'])('but may go to %s', async (uri) => {
    const { sent } = await find({ env_aws_container_full_uri: uri }, { answers: { 'GET ': metadataAnswer('C') } });
    expect(sent[0]!.url).toBe(uri);
  });

  const instance = {
    'PUT http://169.254.169.254/latest/api/token': 'imds-token',
    'GET http://169.254.169.254/latest/meta-data/iam/security-credentials/my-role': metadataAnswer('I'),
    'GET http://169.254.169.254/latest/meta-data/iam/security-credentials/': 'my-role\n',
  };
  test('EC2, by version 2 alone', async () => {
    const { credentials, sent } = await find({}, { answers: instance });
    expect(credentials).toEqual(['ASIAI', 'secret-I', 'token-I']);
    expect(sent[0]!.headers).toEqual({ 'x-aws-ec2-metadata-token-ttl-seconds': '21600' });
    expect(sent.slice(1).map(({ headers }) => headers)).toEqual([
      { 'x-aws-ec2-metadata-token': 'imds-token' },
      { 'x-aws-ec2-metadata-token': 'imds-token' },
    ]);
  });
  test('not asked where it is turned off, and nowhere says what would do', async () => {
    const world = fakeWorld({ answers: instance });
    const error: unknown = await resolveCredentials(world, settings({ env_aws_metadata_disabled: 'TRUE' })).catch(
      (cause: unknown) => cause,
    );
    expect(String(error)).toContain('aws_access_key_id');
    expect(world.sent).toEqual([]);
    expect((await failure({})).message).toContain('No AWS credentials');
  });
  test('a failing one is no missing one', async () => {
    expect((await failure(relative, { answers: { 'GET http://169.254.170.2/': { status: 500, text: 'x' } } })).code).toBe('unavailable');
    expect((await failure(relative)).code).toBe('connection');
  });
});

describe('the default profile', () => {
  test('comes after the environment and before the container', async () => {
    const files = { '/home/u/.aws/credentials': '[default]\naws_access_key_id=AKIAFILE\naws_secret_access_key=s\n' };
    const options = { ...home, env_aws_container_relative_uri: '/c' };
    expect((await find(options, { files })).credentials).toEqual(['AKIAFILE', 's']);
    expect((await find({ ...options, ...envKeys }, { files })).credentials[0]).toBe('AKIAENV');
  });
});
