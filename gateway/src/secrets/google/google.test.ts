import { afterEach, describe, expect, test } from 'bun:test';
import { Secret } from 'sluice/kit';
import { googleHosts, startGoogle, type FakeGoogle } from '../../../../test/kit/secret-managers/google.ts';
import { testWorld } from '../../../../test/kit/secret-managers/world.ts';
import { failure, never, opened, reading } from '../testing.ts';

let google: FakeGoogle | undefined;
afterEach(() => google?.stop());

const prepare = (env: Record<string, string> = {}, files: Record<string, string> = {}) => {
  const hosts: Record<string, string> = {};
  const world = testWorld({ env, files, hosts });
  google = startGoogle(() => world.clock.now());
  Object.assign(hosts, googleHosts(google.url));
  files['/account.json'] = google.serviceAccount;
  return { world, google };
};

describe('Google Secret Manager', () => {
  test('a service account signs in, and its project is the usual one', async () => {
    const { world, google } = prepare({ GOOGLE_APPLICATION_CREDENTIALS: '/account.json' });
    google.secrets.set('OPENAI_API_KEY', 'sk-1 ä');
    google.secrets.set('DISABLED', null);
    const manager = await opened('google_secret_manager', {}, world);
    expect(await reading(manager, 'OPENAI_API_KEY')).toBe('sk-1 ä');
    expect(await reading(manager, 'DISABLED')).toBeUndefined();
    expect(await reading(manager, 'OTHER')).toBeUndefined();
    expect(google.tokens).toBe(1);
  });

  test('credentials as JSON; a token that is refused or old is exchanged', async () => {
    const { world, google } = prepare();
    google.secrets.set('A', 'a');
    const manager = await opened(
      'google_secret_manager',
      { credentials: JSON.parse(google.serviceAccount) as object, project_id: 'p-1' },
      world,
    );
    expect(await reading(manager, 'A')).toBe('a');
    world.clock.pass(3500_000);
    expect(await reading(manager, 'A')).toBe('a');
    expect(google.tokens).toBe(2);
    world.clock.pass(60_000);
    google.revokeTokens();
    expect(await reading(manager, 'A')).toBe('a');
    expect(google.tokens).toBe(3);
    google.revokeTokens();
    expect(await failure(manager, 'A')).toContain('UNAUTHENTICATED');
    expect(google.tokens).toBe(3);
  });

  test("the machine's own account and project", async () => {
    const { world, google } = prepare();
    google.secrets.set('A', 'a');
    expect(await reading(await opened('google_secret_manager', {}, world), 'A')).toBe('a');
    expect(google.requests[0]!.path).toContain('/computeMetadata/v1/');
  });

  test('names that can be none, other projects, odd answers', async () => {
    const { world, google } = prepare({ GOOGLE_APPLICATION_CREDENTIALS: '/account.json' });
    const manager = await opened('google_secret_manager', {}, world);
    expect(await failure(manager, '../other')).toContain('can be no name');
    const other = await opened('google_secret_manager', { project_id: 'p-2' }, world);
    expect(await failure(other, 'A')).toContain('PERMISSION_DENIED');
    google.answerWith(({ path }) =>
      path === '/token' ? Response.json({ access_token: 't', expires_in: 3600 }) : new Response('canary <html>'),
    );
    expect(await failure(manager, 'A')).toBe('its answer holds no payload: is this address the right one?');
  });

  test('a key that is written becomes a secret and then versions of it', async () => {
    const { world, google } = prepare({ GOOGLE_APPLICATION_CREDENTIALS: '/account.json' });
    const manager = await opened('google_secret_manager', { tags: { owner: 'ai' } }, world);
    await manager.write!('litellm/alias', new Secret('sk-1'), never);
    await manager.write!('litellm/alias', new Secret('sk-2'), never);
    expect([...google.secrets]).toEqual([['litellm-alias', 'sk-2']]);
    await manager.delete!('litellm/alias', never);
    await manager.delete!('litellm/alias', never);
    expect(google.secrets.size).toBe(0);
  });
});

describe('Google KMS', () => {
  const reversed = (text: string) => Buffer.from([...text].toReversed().join('')).toString('base64');

  test('decrypts variables', async () => {
    const env = { GOOGLE_APPLICATION_CREDENTIALS: '/account.json', A: `google_kms/${reversed('a-1')}`, HOSTED: reversed('h-1') };
    const { world } = prepare(env);
    const manager = await opened('google_kms', { kms_key: 'projects/p-1/locations/eu/keyRings/r/cryptoKeys/k' }, world);
    expect(manager.holds).toEqual(['A']);
    expect([await reading(manager, 'A'), await reading(manager, 'HOSTED'), await reading(manager, 'NONE')]).toEqual([
      'a-1',
      'h-1',
      undefined,
    ]);
  });

  test.each([undefined, 'k', 'projects/../../x'])('a key that is none: %p', async (key) => {
    const { world } = prepare();
    const error = await opened('google_kms', { kms_key: key }, world).catch((cause: unknown) => cause);
    expect(String(error)).toContain('GOOGLE_KMS_RESOURCE_NAME');
  });
});
