import { afterEach, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { Secret } from 'sluice/kit';
import { startVault, type FakeVault } from '../../../../test/kit/secret-managers/vault.ts';
import { testWorld } from '../../../../test/kit/secret-managers/world.ts';
import { failure, never, opened, reading } from '../testing.ts';

let vault: FakeVault | undefined;
afterEach(async () => {
  await vault?.stop();
  vault = undefined;
});

const withToken = (world: ReturnType<typeof testWorld>, options: Parameters<typeof startVault>[1] = {}) => {
  vault = startVault(() => world.clock.now(), options);
  vault.tokens.set('hvs.given', { endsAt: Infinity, renewable: false, renewals: 0 });
  return vault;
};

describe('KV', () => {
  test('version 2, with the variables of LiteLLM alone', async () => {
    const env: Record<string, string> = { HCP_VAULT_TOKEN: 'hvs.given', HCP_VAULT_PATH_PREFIX: '/litellm/', HCP_VAULT_NAMESPACE: 'team' };
    const world = testWorld({ env });
    const { secrets, url, requests } = withToken(world, { namespace: 'team' });
    env['HCP_VAULT_ADDR'] = `${url}/`;
    secrets.set('secret/litellm/OPENAI_API_KEY', { key: 'sk-1' });
    const manager = await opened('hashicorp_vault', {}, world);
    expect(await reading(manager, 'OPENAI_API_KEY')).toBe('sk-1');
    expect(await reading(manager, 'OTHER')).toBeUndefined();
    expect(requests.at(-1)!.path).toBe('/v1/secret/data/litellm/OTHER');
  });

  test('version 1, another mount, and a write that version 1 takes', async () => {
    const world = testWorld();
    const { secrets, url } = withToken(world, { version: 1 });
    secrets.set('kv/A', { value: 'a' });
    const manager = await opened('hashicorp_vault', { address: url, token: 'hvs.given', mount: 'kv', kv_version: 1 }, world);
    expect(await reading(manager, 'A')).toBe('a');
    await manager.write!('litellm/alias', new Secret('sk-2'), never);
    expect(secrets.get('kv/litellm/alias')).toEqual({ key: 'sk-2' });
    await manager.delete!('litellm/alias', never);
    expect(await reading(manager, 'litellm/alias')).toBeUndefined();
  });

  test('the wrong version is told, and not taken for a missing secret', async () => {
    const world = testWorld();
    const { url } = withToken(world);
    const manager = await opened('hashicorp_vault', { address: url, token: 'hvs.given', kv_version: 1 }, world);
    expect(await failure(manager, 'A')).toContain('version 2');
  });

  test('which field holds the value', async () => {
    const world = testWorld();
    const { secrets, url } = withToken(world);
    secrets.set('secret/both', { value: 'v', key: 'k' });
    secrets.set('secret/one', { password: 'p' });
    secrets.set('secret/many', { a: '1', b: 2 });
    secrets.set('secret/none', {});
    secrets.set('secret/gone', null);
    const manager = await opened('hashicorp_vault', { address: url, token: 'hvs.given' }, world);
    expect(await reading(manager, 'both')).toBe('k');
    expect(await reading(manager, 'one')).toBe('p');
    expect(await reading(manager, 'many#b')).toBe('2');
    expect(await reading(manager, 'many#c')).toBeUndefined();
    expect(await failure(manager, 'many')).toContain('2 fields');
    expect(await reading(manager, 'none')).toBeUndefined();
    expect(await reading(manager, 'gone')).toBeUndefined();
    const fixed = await opened('hashicorp_vault', { address: url, token: 'hvs.given', field: 'a' }, world);
    expect(await reading(fixed, 'many')).toBe('1');
    const primary = await opened('hashicorp_vault', { address: url, token: 'hvs.given', primary_secret_name: 'many' }, world);
    expect([await reading(primary, 'a'), await reading(primary, 'b'), await reading(primary, 'c')]).toEqual(['1', '2', undefined]);
  });

  test.each(['../sys/seal-status', 'a//b', './a', ''])('a name that leads elsewhere is not asked for: %p', async (name) => {
    const world = testWorld();
    const { url, requests } = withToken(world);
    const manager = await opened('hashicorp_vault', { address: url, token: 'hvs.given' }, world);
    expect(await failure(manager, name)).toContain('no path');
    expect(requests.filter(({ path }) => path.includes('/data'))).toEqual([]);
  });

  test('characters with a meaning in addresses are escaped', async () => {
    const world = testWorld();
    const { secrets, url } = withToken(world);
    secrets.set('secret/a b?c', { key: 'v' });
    const manager = await opened('hashicorp_vault', { address: url, token: 'hvs.given' }, world);
    expect(await reading(manager, 'a b?c')).toBe('v');
  });
});

describe('signing in', () => {
  const hour = 3600_000;

  test('AppRole goes before a token; the token is renewed, so the secret id is used once', async () => {
    const world = testWorld();
    vault = startVault(() => world.clock.now(), { users: { approle: { mount: 'apps', roleId: 'r', secretId: 's' } } });
    vault.secrets.set('secret/A', { key: 'v' });
    const manager = await opened(
      'hashicorp_vault',
      { address: vault.url, token: 'hvs.given', role_id: 'r', secret_id: 's', auth_mount: 'apps', login_namespace: 'admin' },
      world,
    );
    expect(await Promise.all([reading(manager, 'A'), reading(manager, 'A')])).toEqual(['v', 'v']);
    expect(vault.logins).toEqual([{ path: 'apps/login', namespace: 'admin', body: { role_id: 'r', secret_id: 's' } }]);
    const [token] = [...vault.tokens.keys()];
    for (let day = 0; day < 3; day++) {
      world.clock.pass((hour * 2) / 3 + 1);
      await until(() => vault!.tokens.get(token!)!.renewals === day + 1);
      expect(await reading(manager, 'A')).toBe('v');
    }
    expect(vault.logins).toHaveLength(1);
    manager.close!();
  });

  test('a token that was revoked, or whose renewals are over, leads to another login', async () => {
    const world = testWorld();
    vault = startVault(() => world.clock.now(), { users: { approle: { roleId: 'r', secretId: 's' } } });
    vault.secrets.set('secret/A', { key: 'v' });
    const manager = await opened('hashicorp_vault', { address: vault.url, role_id: 'r', secret_id: 's' }, world);
    await reading(manager, 'A');
    world.clock.pass(60_000);
    vault.tokens.clear();
    expect(await reading(manager, 'A')).toBe('v');
    expect(vault.logins).toHaveLength(2);
    for (const each of vault.tokens.values()) each.renewable = false;
    world.clock.pass(hour + 1);
    expect(await reading(manager, 'A')).toBe('v');
    expect(vault.logins).toHaveLength(3);
    manager.close!();
  });

  test('a policy that forbids is asked about once, not again and again', async () => {
    const world = testWorld();
    vault = startVault(() => world.clock.now(), { users: { approle: { roleId: 'r', secretId: 's' } }, namespace: 'elsewhere' });
    const manager = await opened('hashicorp_vault', { address: vault.url, role_id: 'r', secret_id: 's' }, world);
    expect(await failure(manager, 'A')).toContain('403');
    expect(await failure(manager, 'A')).toContain('hosted_keys');
    expect(vault.logins).toHaveLength(1);
    manager.close!();
  });

  test('a token that was given is renewed as well', async () => {
    const world = testWorld();
    const { tokens, url, secrets } = withToken(world);
    tokens.set('hvs.short', { endsAt: world.clock.now() + 600_000, renewable: true, renewals: 0 });
    secrets.set('secret/A', { key: 'v' });
    vault!.leaseSeconds = 600;
    const manager = await opened('hashicorp_vault', { address: url, token: 'hvs.short' }, world);
    expect(await reading(manager, 'A')).toBe('v');
    for (let round = 1; round <= 3; round++) {
      await until(() => world.clock.waits.length === 1);
      world.clock.pass(401_000);
      await until(() => tokens.get('hvs.short')!.renewals === round);
    }
    expect(await reading(manager, 'A')).toBe('v');
    manager.close!();
    expect(world.clock.waits).toEqual([]);
  });

  test('Kubernetes and JWT: the token is read anew for each login', async () => {
    const world = testWorld({ env: { POD_TOKEN: 'jwt-2' }, files: { '/var/run/secrets/kubernetes.io/serviceaccount/token': 'jwt-1\n' } });
    let token = 'jwt-1';
    vault = startVault(() => world.clock.now(), { users: { jwt: { mount: 'kubernetes', role: 'gateway', token: () => token } } });
    vault.secrets.set('secret/A', { key: 'v' });
    const pod = await opened('hashicorp_vault', { address: vault.url, login: 'kubernetes', role: 'gateway' }, world);
    expect(await reading(pod, 'A')).toBe('v');
    token = 'jwt-3';
    world.files['/var/run/secrets/kubernetes.io/serviceaccount/token'] = 'jwt-3';
    vault.tokens.clear();
    world.clock.pass(60_000);
    expect(await reading(pod, 'A')).toBe('v');
    token = 'jwt-2';
    const jwt = await opened(
      'hashicorp_vault',
      { address: vault.url, role: 'gateway', auth_mount: 'kubernetes', identity_token: 'oidc/env/POD_TOKEN' },
      world,
    );
    expect(await reading(jwt, 'A')).toBe('v');
    pod.close!();
    jwt.close!();
  });

  test('a file that an agent writes is read each time', async () => {
    const world = testWorld({ files: { '/agent/token': 'hvs.given\n' } });
    const { tokens, secrets, url } = withToken(world);
    secrets.set('secret/A', { key: 'v' });
    const manager = await opened('hashicorp_vault', { address: url, token_file: '/agent/token' }, world);
    expect(await reading(manager, 'A')).toBe('v');
    tokens.clear();
    tokens.set('hvs.next', { endsAt: Infinity, renewable: false, renewals: 0 });
    world.files['/agent/token'] = 'hvs.next';
    expect(await reading(manager, 'A')).toBe('v');
  });

  const pem = (name: string) => readFileSync(new URL(`../../upstream/fixtures/tls/${name}`, import.meta.url), 'utf8');

  test('a certificate: shown to Vault, which is believed by its own authority alone', async () => {
    const world = testWorld({
      files: { '/ca': pem('ca.crt'), '/cert': pem('localhost.crt'), '/key': pem('localhost.key'), '/other': pem('self-signed.crt') },
    });
    const tls = { cert: pem('localhost.crt'), key: pem('localhost.key'), ca: pem('ca.crt'), requestCert: true, rejectUnauthorized: true };
    vault = startVault(() => world.clock.now(), { users: { cert: { role: 'gateway' } }, tls });
    vault.secrets.set('secret/A', { key: 'v' });
    const settings = { address: vault.url, role: 'gateway', client_cert: '/cert', client_key: '/key' };
    const manager = await opened('hashicorp_vault', { ...settings, ca_file: '/ca' }, world);
    expect(await reading(manager, 'A')).toBe('v');
    const doubting = await opened('hashicorp_vault', { ...settings, ca_file: '/other' }, world);
    expect(await failure(doubting, 'A')).toContain('cannot be reached');
    const nameless = await opened('hashicorp_vault', { address: vault.url, token: 't', ca_file: '/ca' }, world);
    expect(await failure(nameless, 'A')).toContain('cannot be reached');
    manager.close!();
  });

  test.each([
    [{}, 'HCP_VAULT_TOKEN'],
    [{ login: 'approle', role_id: 'r' }, 'HCP_VAULT_APPROLE_SECRET_ID'],
    [{ login: 'kubernetes' }, '`role`'],
    [{ client_cert: '/missing', token: 't' }, 'needs its key'],
    [{ client_cert: '/missing', client_key: '/missing' }, '/missing cannot be read (ENOENT)'],
  ])('what is missing is said: %p', async (settings, words) => {
    const error = await opened('hashicorp_vault', settings, testWorld()).catch((cause: unknown) => cause);
    expect(String(error)).toContain(words);
  });
});

const until = async (holds: () => boolean): Promise<void> => {
  const end = performance.now() + 3000;
  while (!holds()) {
    if (performance.now() > end) throw new Error('not within 3 s');
    await Bun.sleep(2);
  }
};
