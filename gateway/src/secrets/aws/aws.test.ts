import { afterEach, describe, expect, test } from 'bun:test';
import { Secret } from 'sluice/kit';
import { encrypted, startAws, type FakeAws } from '../../../../test/kit/secret-managers/aws.ts';
import { startServer, type FakeServer } from '../../../../test/kit/secret-managers/server.ts';
import { testWorld } from '../../../../test/kit/secret-managers/world.ts';
import { failure, never, opened, reading } from '../testing.ts';

const stops: FakeServer[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((each) => each.stop()));
});

const start = (world: ReturnType<typeof testWorld>): FakeAws => {
  const aws = startAws(() => world.clock.now());
  aws.keys.set('AKIA1', { secret: 'canary-secret' });
  stops.push(aws);
  return aws;
};
const keys = { aws_region_name: 'eu-west-1', aws_access_key_id: 'AKIA1', aws_secret_access_key: 'canary-secret' };

describe('AWS Secrets Manager', () => {
  test('text, bytes, what is not there, and what is leaving; every request is signed', async () => {
    const world = testWorld();
    const aws = start(world);
    aws.secrets.set('OPENAI_API_KEY', { text: 'sk-1', versions: 1 });
    aws.secrets.set('BYTES', { binary: Buffer.from('b-1').toString('base64'), versions: 1 });
    aws.secrets.set('LEAVING', { text: 'x', leaving: true, versions: 1 });
    const manager = await opened('aws_secret_manager', { ...keys, address: aws.url }, world);
    expect(await reading(manager, 'OPENAI_API_KEY')).toBe('sk-1');
    expect(await reading(manager, 'BYTES')).toBe('b-1');
    expect(await reading(manager, 'LEAVING')).toBeUndefined();
    expect(await reading(manager, 'OTHER')).toBeUndefined();
    // The fake refuses what is not signed right, and so the test says something.
    const wrong = await opened('aws_secret_manager', { ...keys, aws_secret_access_key: 'other', address: aws.url }, world);
    expect(await failure(wrong, 'OPENAI_API_KEY')).toContain('InvalidSignatureException');
  });

  test('the keys and the address of the environment', async () => {
    const env: Record<string, string> = {
      AWS_ACCESS_KEY_ID: 'ASIA1',
      AWS_SECRET_ACCESS_KEY: 's',
      AWS_SESSION_TOKEN: 'session',
      AWS_REGION_NAME: 'eu-west-1',
    };
    const world = testWorld({ env });
    const aws = start(world);
    env['AWS_ENDPOINT_URL_SECRETS_MANAGER'] = aws.url;
    aws.keys.set('ASIA1', { secret: 's', session: 'session' });
    aws.secrets.set('A', { text: 'a', versions: 1 });
    expect(await reading(await opened('aws_secret_manager', {}, world), 'A')).toBe('a');
  });

  test('a profile names keys and region', async () => {
    const config = '[profile work]\nregion = eu-west-1\naws_access_key_id = AKIA1\naws_secret_access_key = canary-secret\n';
    const world = testWorld({ env: { HOME: '/home/u' }, files: { '/home/u/.aws/config': config } });
    const aws = start(world);
    aws.secrets.set('A', { text: 'a', versions: 1 });
    expect(await reading(await opened('aws_secret_manager', { aws_profile_name: 'work', address: aws.url }, world), 'A')).toBe('a');
  });

  test('a pod: its token opens a role, and keys that end are exchanged', async () => {
    const env = { AWS_ROLE_ARN: 'arn:aws:iam::1:role/gateway', AWS_WEB_IDENTITY_TOKEN_FILE: '/token', AWS_REGION: 'eu-west-1' };
    const hosts: Record<string, string> = {};
    const world = testWorld({ env, files: { '/token': 'pod.jwt.token' }, hosts });
    const aws = start(world);
    aws.secrets.set('A', { text: 'a', versions: 1 });
    let given = 0;
    const sts = startServer(({ body }) => {
      const form = new URLSearchParams(body);
      if (form.get('WebIdentityToken') !== 'pod.jwt.token' || form.get('RoleArn') !== env.AWS_ROLE_ARN)
        return new Response('<Error/>', { status: 403 });
      const id = `ASIAPOD${++given}`;
      aws.keys.clear();
      aws.keys.set(id, { secret: 's', session: 't' });
      const until = new Date(world.clock.now() + 3600_000).toISOString();
      return new Response(
        `<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${until}</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
      );
    });
    stops.push(sts);
    hosts['https://sts.eu-west-1.amazonaws.com'] = sts.url;
    hosts['https://secretsmanager.eu-west-1.amazonaws.com'] = aws.url;
    const manager = await opened('aws_secret_manager', { address: aws.url }, world);
    expect(await reading(manager, 'A')).toBe('a');
    expect(given).toBe(1);
    world.clock.pass(3500_000);
    expect(await reading(manager, 'A')).toBe('a');
    expect(given).toBe(2);
    // Revoked before their end: one more exchange, and no more.
    world.clock.pass(60_000);
    aws.keys.clear();
    expect(await reading(manager, 'A')).toBe('a');
    expect(given).toBe(3);
  });

  test('the container, and the instance by version 2 of its metadata', async () => {
    const answer = (id: string) => Response.json({ AccessKeyId: id, SecretAccessKey: 's', Token: 't', Expiration: '2099-01-01T00:00:00Z' });
    const metadata = startServer(({ path, headers, method }) => {
      if (path === '/v2/credentials/1') return answer('ASIAECS');
      if (path === '/latest/api/token') return method === 'PUT' ? new Response('imds') : new Response('', { status: 405 });
      if (headers.get('x-aws-ec2-metadata-token') !== 'imds') return new Response('', { status: 401 });
      return path.endsWith('/security-credentials/') ? new Response('role') : answer('ASIAEC2');
    });
    stops.push(metadata);
    const hosts = { 'http://169.254.170.2': metadata.url, 'http://169.254.169.254': metadata.url };
    const environments: Record<string, string>[] = [{ AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials/1' }, {}];
    for (const env of environments) {
      const world = testWorld({ env, hosts });
      const aws = start(world);
      for (const id of ['ASIAECS', 'ASIAEC2']) aws.keys.set(id, { secret: 's', session: 't' });
      aws.secrets.set('A', { text: 'a', versions: 1 });
      const manager = await opened('aws_secret_manager', { address: aws.url, aws_region_name: 'eu-west-1' }, world);
      expect(await reading(manager, 'A')).toBe('a');
      expect(aws.requests.at(-1)!.headers.get('authorization')).toContain(
        'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI' in env ? 'ASIAECS' : 'ASIAEC2',
      );
    }
  });

  test('one secret with all others (primary_secret_name) is asked for once a round', async () => {
    const world = testWorld();
    const aws = start(world);
    aws.secrets.set('all', { text: JSON.stringify({ A: 'a', N: 5, O: { x: 1 }, Z: null }), versions: 1 });
    const manager = await opened('aws_secret_manager', { ...keys, address: aws.url, primary_secret_name: 'all' }, world);
    expect(await Promise.all(['A', 'N', 'O', 'Z', 'toString'].map((name) => reading(manager, name)))).toEqual([
      'a',
      '5',
      '{"x":1}',
      undefined,
      undefined,
    ]);
    expect(aws.done).toEqual(['GetSecretValue']);
    world.clock.pass(6000);
    aws.secrets.set('all', { text: 'canary-no-json', versions: 1 });
    const said = await failure(manager, 'A');
    expect(said).toContain('no JSON object');
    expect(said).not.toContain('canary');
    aws.secrets.delete('all');
    expect(await failure(manager, 'A')).toContain('primary_secret_name');
  });

  test('what is written is created, else a new version; deleting twice is no failure', async () => {
    const world = testWorld();
    const aws = start(world);
    const manager = await opened('aws_secret_manager', { ...keys, address: aws.url, tags: { Owner: 'AI' }, description: 'a key' }, world);
    await manager.write!('litellm/a', new Secret('sk-1'), never);
    await manager.write!('litellm/a', new Secret('sk-2'), never);
    expect(aws.secrets.get('litellm/a')).toEqual({ text: 'sk-2', tags: [{ Key: 'Owner', Value: 'AI' }], versions: 2 });
    await manager.delete!('litellm/a', never);
    await manager.delete!('litellm/none', never);
    expect(await reading(manager, 'litellm/a')).toBeUndefined();
  });

  test('throttling passes, a policy that forbids does not', async () => {
    const world = testWorld();
    const aws = start(world);
    const manager = await opened('aws_secret_manager', { ...keys, address: aws.url }, world);
    aws.answerWith(() => Response.json({ __type: 'ThrottlingException' }, { status: 400 }));
    expect(await manager.read('A', never).catch((cause: { passes: boolean }) => cause.passes)).toBe(true);
    aws.answerWith(() => Response.json({ __type: 'AccessDeniedException', Message: 'canary-arn' }, { status: 400 }));
    expect(await manager.read('A', never).catch((cause: { passes: boolean }) => cause.passes)).toBe(false);
    expect(await failure(manager, 'A')).toBe(
      'it answered 400 (AccessDeniedException): its policy does not allow it; `hosted_keys` limits what is asked for',
    );
  });

  test('no region, and one that is none', async () => {
    expect(
      await failure(await opened('aws_secret_manager', { aws_access_key_id: 'A', aws_secret_access_key: 'b' }, testWorld()), 'A'),
    ).toContain('AWS_REGION_NAME');
    expect(await failure(await opened('aws_secret_manager', { ...keys, aws_region_name: 'evil.test/' }, testWorld()), 'A')).toContain(
      'no region',
    );
  });
});

describe('AWS KMS', () => {
  test('variables that are encrypted, in both spellings', async () => {
    const env = {
      OPENAI_API_KEY: `aws_kms/${encrypted('sk-1')}`,
      LITELLM_SECRET_AWS_KMS_LICENSE: encrypted('l-1'),
      HOSTED: encrypted('h-1'),
      PLAIN: 'not base64!',
    };
    const world = testWorld({ env });
    const aws = start(world);
    const manager = await opened('aws_kms', { ...keys, address: aws.url }, world);
    expect(manager.holds).toEqual(['OPENAI_API_KEY', 'LICENSE']);
    expect(await reading(manager, 'OPENAI_API_KEY')).toBe('sk-1');
    expect(await reading(manager, 'LICENSE')).toBe('l-1');
    expect(await reading(manager, 'HOSTED')).toBe('h-1');
    expect(await reading(manager, 'NONE')).toBeUndefined();
    expect(await failure(manager, 'PLAIN')).toContain('no ciphertext');
    aws.answerWith(() => Response.json({ __type: 'InvalidCiphertextException' }, { status: 400 }));
    expect(await failure(manager, 'HOSTED')).toContain('InvalidCiphertextException');
  });
});
