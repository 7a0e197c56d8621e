import { describe, expect, test } from 'bun:test';
import { fakeWorld, metadataAnswer, settings, shown, stsAnswer } from '../fixtures/world.ts';
import { resolveCredentials } from './resolve.ts';

const config = '/home/u/.aws/config';
const shared = '/home/u/.aws/credentials';
const sts = 'POST https://sts.eu-west-1.amazonaws.com/';
const envKeys = { env_aws_access_key_id: 'AKIAENV', env_aws_secret_access_key: 'secret-env' };

type WorldOf = Parameters<typeof fakeWorld>[0];
const run = async (profile: string, world: WorldOf, more: Record<string, unknown> = {}) => {
  const made = fakeWorld(world);
  const credentials = await resolveCredentials(made, settings({ env_aws_home: '/home/u', aws_profile_name: profile, ...more }));
  return { credentials: shown(credentials), sent: made.sent };
};
const says = (profile: string, files: Record<string, string>, more?: Record<string, unknown>) =>
  run(profile, { files }, more).then(
    () => 'nothing',
    (cause: unknown) => String(cause),
  );
const form = (body: string) => Object.fromEntries(new URLSearchParams(body));

describe('profiles', () => {
  test('keys of either file; those of the credentials file win', async () => {
    const files = {
      [config]: '[profile dev]\nregion=us-east-2\naws_access_key_id=OLD\naws_secret_access_key=old\n',
      [shared]: '[dev]\naws_access_key_id=AKIA\naws_secret_access_key=s/+=\naws_session_token=t==\n',
    };
    expect((await run('dev', { files }, envKeys)).credentials).toEqual(['AKIA', 's/+=', 't==']);
    expect((await run('dev', { files: { [config]: files[config]! } })).credentials).toEqual(['OLD', 'old']);
  });

  test('files elsewhere', async () => {
    const files = { '/etc/aws': '[x]\naws_access_key_id=AKIA\naws_secret_access_key=s\n' };
    expect((await run('x', { files }, { env_aws_credentials_file: '/etc/aws' })).credentials).toEqual(['AKIA', 's']);
    expect((await run('x', { files: { '/home/u/mine': files['/etc/aws'] } }, { env_aws_credentials_file: '~/mine' })).credentials[0]).toBe(
      'AKIA',
    );
  });

  test('AWS_PROFILE comes after the keys of the environment', async () => {
    const files = { [shared]: '[p]\naws_access_key_id=AKIAP\naws_secret_access_key=s\n' };
    const world = fakeWorld({ files });
    const options = { env_aws_home: '/home/u', env_aws_profile: 'p' };
    expect(shown(await resolveCredentials(world, settings(options)))[0]).toBe('AKIAP');
    expect(shown(await resolveCredentials(world, settings({ ...options, ...envKeys })))[0]).toBe('AKIAENV');
  });

  test('a chain of roles', async () => {
    const text = `[profile a]
role_arn = arn:aws:iam::1:role/a
source_profile = b
external_id = ext
role_session_name = me
duration_seconds = 900
[profile b]
role_arn = arn:aws:iam::1:role/b
source_profile = b
aws_access_key_id = AKIAB
aws_secret_access_key = s
`;
    let count = 0;
    const { credentials, sent } = await run('a', { files: { [config]: text }, answers: { [sts]: () => stsAnswer(String(++count)) } });
    expect(credentials).toEqual(['ASIA2', 'secret-2', 'token-2']);
    expect(sent.map(({ body }) => form(body))).toMatchObject([
      { RoleArn: 'arn:aws:iam::1:role/b' },
      { RoleArn: 'arn:aws:iam::1:role/a', ExternalId: 'ext', RoleSessionName: 'me', DurationSeconds: '900' },
    ]);
    expect(sent[0]!.headers['authorization']).toContain('Credential=AKIAB/');
    expect(sent[1]!.headers['authorization']).toContain('Credential=ASIA1/');
  });

  test.each([
    ['Environment', {}, envKeys, 'AKIAENV'],
    ['EcsContainer', { 'GET http://169.254.170.2/c': metadataAnswer('C') }, { env_aws_container_relative_uri: '/c' }, 'ASIAC'],
    [
      'Ec2InstanceMetadata',
      {
        'PUT http://169.254.169.254/': 'k',
        'GET http://169.254.169.254/latest/meta-data/iam/security-credentials/r': metadataAnswer('I'),
        'GET http://169.254.169.254/latest/meta-data/iam/security-credentials/': 'r',
      },
      {},
      'ASIAI',
    ],
  ])('credential_source = %s', async (source, answers, more, key) => {
    const files = { [config]: `[profile a]\nrole_arn = arn:r\ncredential_source = ${source}\n` };
    const { sent } = await run('a', { files, answers: { ...answers, [sts]: stsAnswer('R') } }, more);
    expect(sent.at(-1)!.headers['authorization']).toContain(`Credential=${key}/`);
  });

  test('a role by a token in a file', async () => {
    const files = { [config]: '[profile a]\nrole_arn = arn:r\nweb_identity_token_file = /t\n', '/t': 'a.b.c' };
    const { sent } = await run('a', { files, answers: { [sts]: stsAnswer('R') } });
    expect(form(sent[0]!.body)).toMatchObject({ Action: 'AssumeRoleWithWebIdentity', WebIdentityToken: 'a.b.c' });
  });

  test.each([
    ['none', '', "There is no AWS profile 'a'"],
    ['empty', '[profile a]\nregion=x\n', 'holds no credentials'],
    ['a program', '[profile a]\ncredential_process=/bin/x\n', 'credential_process'],
    ['a login', '[profile a]\nlogin_session=x\n', 'export-credentials --profile a'],
    ['a second factor', '[profile a]\nrole_arn=r\nsource_profile=b\nmfa_serial=m\n', 'mfa_serial'],
    ['no source', '[profile a]\nrole_arn=r\n', 'source_profile'],
    ['an unknown source', '[profile a]\nrole_arn=r\nsource_profile=gone\n', "'gone'"],
    ['a circle', '[profile a]\nrole_arn=r\nsource_profile=b\n[profile b]\nrole_arn=r\nsource_profile=a\n', 'leads back to itself'],
    ['half of single sign-on', '[profile a]\nsso_session=s\n', 'sso_start_url'],
  ])('%s is said', async (_, text, words) => {
    expect(await says('a', { [config]: text })).toContain(words);
  });

  test('a container that is not there is said', async () => {
    const text = '[profile a]\nrole_arn = r\ncredential_source = EcsContainer\n';
    expect(await says('a', { [config]: text })).toContain('the container');
    expect(await says('a', { [config]: text.replace('EcsContainer', 'Ec2InstanceMetadata') })).toContain('metadata service');
  });
});

describe('single sign-on', () => {
  // SHA-1 of `my-sso`.
  const cached = '/home/u/.aws/sso/cache/0ad374308c5a4e22f723adf10145eafad7c4031c.json';
  const text = `[profile a]
sso_session = my-sso
sso_account_id = 111
sso_role_name = dev
[sso-session my-sso]
sso_region = us-west-2
sso_start_url = https://x.awsapps.com/start
`;
  const token = (expiresAt: string) => JSON.stringify({ accessToken: 'CANARY', expiresAt });
  const portal = 'GET https://portal.sso.us-west-2.amazonaws.com/federation/credentials?role_name=dev&account_id=111';

  test('by the token that was left', async () => {
    const answers = {
      [portal]: JSON.stringify({
        roleCredentials: { accessKeyId: 'ASIAS', secretAccessKey: 's', sessionToken: 't', expiration: 2_000_000 },
      }),
    };
    const files = { [config]: text, [cached]: token('2030-01-01T00:00:00Z') };
    const { credentials, sent } = await run('a', { files, answers });
    expect(credentials).toEqual(['ASIAS', 's', 't']);
    expect(sent[0]!.headers).toMatchObject({ 'x-amz-sso_bearer_token': 'CANARY' });
  });

  test.each([
    ['nobody signed in', {}],
    ['it has expired', { [cached]: token('1970-01-01T00:00:00Z') }],
  ])('%s: what to do', async (_, files) => {
    expect(await says('a', { [config]: text, ...files })).toContain("'aws sso login --profile a'");
  });

  test('a refusal holds no token (FP-26)', async () => {
    const files = { [config]: text, [cached]: token('2030-01-01T00:00:00Z') };
    const answers = { [portal]: { status: 401, text: '{"message":"Session token CANARY not valid"}' } };
    const error: unknown = await run('a', { files, answers }).catch((cause: unknown) => cause);
    expect(String(error)).toContain('aws sso login');
    expect(Bun.inspect(error, { depth: 20 })).not.toContain('CANARY');
  });
});
