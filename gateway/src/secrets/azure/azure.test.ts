import { afterEach, describe, expect, test } from 'bun:test';
import { Secret } from 'sluice/kit';
import { azureHosts, startAzure, type FakeAzure } from '../../../../test/kit/secret-managers/azure.ts';
import { testWorld } from '../../../../test/kit/secret-managers/world.ts';
import { failure, never, opened, reading } from '../testing.ts';

let azure: FakeAzure | undefined;
afterEach(() => azure?.stop());

const uri = 'https://v.vault.azure.net/';
const client = { AZURE_KEY_VAULT_URI: uri, AZURE_TENANT_ID: 't-1', AZURE_CLIENT_ID: 'c-1' };

const prepare = (env: Record<string, string>, files: Record<string, string> = {}) => {
  azure = startAzure('canary-client-secret');
  if (env['IDENTITY_ENDPOINT']) env['IDENTITY_ENDPOINT'] = `${azure.url}/msi/token`;
  return { world: testWorld({ env, files, hosts: azureHosts(azure.url) }), azure };
};

describe('Azure Key Vault', () => {
  test('a client secret; names with underscores are kept with dashes', async () => {
    const { world, azure } = prepare({ ...client, AZURE_CLIENT_SECRET: 'canary-client-secret' });
    azure.secrets.set('OPENAI-API-KEY', 'sk-1');
    azure.secrets.set('OFF', null);
    const manager = await opened('azure_key_vault', {}, world);
    expect(await reading(manager, 'OPENAI_API_KEY')).toBe('sk-1');
    expect(await reading(manager, 'OFF')).toBeUndefined();
    expect(await reading(manager, 'OTHER')).toBeUndefined();
    expect(azure.signIns).toEqual(['secret']);
    expect(await failure(manager, 'FORBIDDEN')).toContain('(ForbiddenByRbac): its identity may not do that');
    expect(await failure(manager, 'x'.repeat(128))).toContain('127');
  });

  test('a wrong client secret is told without it', async () => {
    const { world } = prepare({ ...client, AZURE_CLIENT_SECRET: 'canary-wrong' });
    const said = await failure(await opened('azure_key_vault', {}, world), 'A');
    expect(said).toContain('AADSTS7000215');
    expect(said).not.toContain('canary');
  });

  test('workload identity: the file is read anew for each token', async () => {
    const { world, azure } = prepare({ ...client, AZURE_FEDERATED_TOKEN_FILE: '/token' }, { '/token': 'pod-token\n' });
    azure.secrets.set('A', 'a');
    const manager = await opened('azure_key_vault', {}, world);
    expect(await reading(manager, 'A')).toBe('a');
    azure.assertion = 'pod-token-2';
    world.files['/token'] = 'pod-token-2';
    world.clock.pass(3500_000);
    expect(await reading(manager, 'A')).toBe('a');
    expect(azure.signIns).toEqual(['assertion', 'assertion']);
  });

  test('another provider of identities (oidc/...) goes before a secret of the environment', async () => {
    const { world, azure } = prepare({ ...client, AZURE_CLIENT_SECRET: 'canary-client-secret', CIRCLE_OIDC_TOKEN_V2: 'pod-token' });
    azure.secrets.set('A', 'a');
    expect(await reading(await opened('azure_key_vault', { identity_token: 'oidc/circleci_v2/' }, world), 'A')).toBe('a');
    expect(azure.signIns).toEqual(['assertion']);
  });

  test.each([
    ['machine', {}],
    ['app', { IDENTITY_ENDPOINT: 'set below', IDENTITY_HEADER: 'app-header' }],
  ])('a managed identity: %s; a token that was revoked is exchanged once', async (how, env) => {
    const { world, azure } = prepare({ AZURE_KEY_VAULT_URI: uri, ...env });
    azure.secrets.set('A', 'a');
    const manager = await opened('azure_key_vault', {}, world);
    expect(await reading(manager, 'A')).toBe('a');
    world.clock.pass(60_000);
    azure.revokeTokens();
    expect(await reading(manager, 'A')).toBe('a');
    azure.revokeTokens();
    expect(await failure(manager, 'A')).toContain('401');
    expect(azure.signIns).toEqual([how, how]);
  });

  test('nothing to sign in with: all the ways are told', async () => {
    const world = testWorld({ env: { AZURE_KEY_VAULT_URI: uri } });
    expect(await failure(await opened('azure_key_vault', {}, world), 'A')).toContain('AZURE_CLIENT_SECRET');
    const none = await opened('azure_key_vault', {}, testWorld()).catch((cause: unknown) => cause);
    expect(String(none)).toContain('AZURE_KEY_VAULT_URI');
    const half = await opened('azure_key_vault', { address: uri, client_secret: 's' }, testWorld()).catch((cause: unknown) => cause);
    expect(String(half)).toContain('AZURE_TENANT_ID');
  });

  test('writes and deletes', async () => {
    const { world, azure } = prepare({ ...client, AZURE_CLIENT_SECRET: 'canary-client-secret' });
    const manager = await opened('azure_key_vault', {}, world);
    await manager.write!('litellm/a b', new Secret('sk-1'), never);
    expect([...azure.secrets]).toEqual([['litellm-a-b', 'sk-1']]);
    await manager.delete!('litellm/a b', never);
    await manager.delete!('litellm/a b', never);
    expect(azure.secrets.size).toBe(0);
  });
});
