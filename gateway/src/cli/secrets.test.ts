import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { startVault, type FakeVault } from '../../../test/kit/secret-managers/vault.ts';
import { TestClock } from '../../../test/kit/secret-managers/world.ts';
import { environmentOf } from '../config/environment.ts';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import { readConfig } from './config-file.ts';
import { createReloader } from './reload.ts';
import { run } from './run.ts';
import { createSecretLoader, type SecretLoader } from './secrets.ts';
import { fakeIo, fakeParts, temporaryFolder, until } from './testing.ts';

let vault: FakeVault;
let clock: TestClock;
const loaders: SecretLoader[] = [];
beforeEach(() => {
  clock = new TestClock();
  vault = startVault(() => clock.now());
  vault.tokens.set('hvs.canary', { endsAt: Infinity, renewable: false, renewals: 0 });
});
afterEach(async () => {
  for (const each of loaders.splice(0)) each.close();
  await vault.stop();
});

const config = (more = '') => `
general_settings:
  master_key: os.environ/MASTER
  key_management_system: hashicorp_vault
  key_management_settings: { address: "${vault.url}", hosted_keys: [MASTER, ANTHROPIC_API_KEY, TEAM_KEY] }
model_list:
  - { model_name: a, litellm_params: { model: openai/x, api_key: os.environ/TEAM_KEY } }
  - { model_name: b, litellm_params: { model: anthropic/x } }
${more}`;

const hold = (values: Record<string, string>) => {
  for (const [name, key] of Object.entries(values)) vault.secrets.set(`secret/${name}`, { key });
};

const prepare = async (folder: ReturnType<typeof temporaryFolder>, text = config()) => {
  const file = folder.file('c.yaml');
  writeFileSync(file, text);
  const io = fakeIo([], { cwd: folder.path, env: { HCP_VAULT_TOKEN: 'hvs.canary' }, fetch });
  const secrets = createSecretLoader(io, { clock, random: () => 0 });
  loaders.push(secrets);
  const read = () => readConfig(file, { io, secrets });
  const first = await read();
  if (!first.loaded.ok) return { file, first, secrets, told: () => io.printed().told };
  let live: ConfigSnapshot = first.loaded.snapshot;
  const reloader = createReloader({
    file: 'c.yaml',
    first: { snapshot: live, read: first },
    read,
    masterKeyFor: ({ access }) => access.masterKey!,
    apply: (next) => void (live = next.snapshot),
    tell: io.tell,
  });
  secrets.onChange(() => void reloader.reload(true));
  return { file, first, reloader, secrets, live: () => live, told: () => io.printed().told };
};

const keyOf = (snapshot: ConfigSnapshot) => snapshot.deployments[0]!.apiKey?.reveal();

describe('a file with a secret manager', () => {
  test('is built from what it holds, also where the file only implies a name', async () => {
    using folder = temporaryFolder();
    hold({ MASTER: 'sk-master', ANTHROPIC_API_KEY: 'sk-ant', TEAM_KEY: 'sk-team' });
    const { live } = await prepare(folder);
    expect(keyOf(live!())).toBe('sk-team');
    expect(live!().access.masterKey!.reveal()).toBe('sk-master');
    expect(environmentOf(live!(), {})('ANTHROPIC_API_KEY')).toBe('sk-ant');
    expect(live!().unsetVariables).toEqual([]);
  });

  test('what the manager lacks is not set, as without it', async () => {
    using folder = temporaryFolder();
    hold({ MASTER: 'sk-master' });
    const { live } = await prepare(folder);
    expect(live!().unsetVariables.map(({ name }) => name)).toEqual(['TEAM_KEY']);
  });

  test('a rotated secret is live by itself', async () => {
    using folder = temporaryFolder();
    hold({ MASTER: 'sk-master', TEAM_KEY: 'sk-1' });
    const { live, told } = await prepare(folder);
    hold({ TEAM_KEY: 'sk-canary-2' });
    clock.pass(300_000);
    await until(() => keyOf(live!()) === 'sk-canary-2');
    expect(told()).toContain('is live: version');
    expect(told()).not.toContain('canary');
  });

  test('a reload while the manager is away has the old values; a name that is new is told, and changes nothing', async () => {
    using folder = temporaryFolder();
    hold({ MASTER: 'sk-master', TEAM_KEY: 'sk-1' });
    const { live, told, file, reloader } = await prepare(folder);
    vault.answerWith(() => new Response('', { status: 503 }));
    clock.pass(200_000);
    writeFileSync(file, config('  - { model_name: c, litellm_params: { model: openai/y, api_key: os.environ/TEAM_KEY } }'));
    await reloader!.reload();
    expect(live!().deployments.map(({ modelName }) => modelName)).toEqual(['a', 'b', 'c']);
    expect(keyOf(live!())).toBe('sk-1');
    const before = live!();
    writeFileSync(file, config().replace('TEAM_KEY]', 'TEAM_KEY, OTHER]'));
    await reloader!.reload();
    expect(live!()).toBe(before);
    expect(told()).toContain('general_settings.key_management_system: The secret manager hashicorp_vault cannot give');
    expect(told()).toContain(`version ${before.version} stays live`);
  });

  test('keys are refused where a reload took their manager away', async () => {
    using folder = temporaryFolder();
    const { file, reloader, secrets } = await prepare(
      folder,
      config().replace('{ address', '{ store_virtual_keys: true, access_mode: read_and_write, address'),
    );
    expect(secrets.takesKeys()).toBe(true);
    writeFileSync(file, config());
    await reloader!.reload();
    expect(secrets.takesKeys()).toBe(false);
    await expect(secrets.writeKey('a', 'sk-canary')).rejects.toMatchObject({ status: 503 });
  });

  test('other settings of the manager, and none at all', async () => {
    using folder = temporaryFolder();
    hold({ MASTER: 'sk-master', TEAM_KEY: 'sk-1' });
    vault.secrets.set('other/MASTER', { key: 'sk-other' });
    const { live, file, reloader } = await prepare(folder);
    writeFileSync(file, config().replace('{ address', '{ mount: other, address'));
    await reloader!.reload();
    expect(live!().access.masterKey!.reveal()).toBe('sk-other');
    const asked = vault.requests.length;
    writeFileSync(
      file,
      'general_settings: { master_key: sk-plain }\nmodel_list: [{ model_name: a, litellm_params: { model: openai/x } }]\n',
    );
    await reloader!.reload();
    expect(live!().access.masterKey!.reveal()).toBe('sk-plain');
    expect(clock.waits).toEqual([]);
    expect(vault.requests.length).toBe(asked);
  });

  test('away at the start: where it stands, who, which secret, and why', async () => {
    using folder = temporaryFolder();
    vault.answerWith(() => new Response('canary', { status: 500 }));
    const { first, file } = await prepare(folder);
    expect(first.loaded).toEqual({
      ok: false,
      problems: [
        {
          file,
          line: 4,
          column: 3,
          path: 'general_settings.key_management_system',
          message: expect.stringMatching(
            /^The secret manager hashicorp_vault cannot give (MASTER|ANTHROPIC_API_KEY|TEAM_KEY): it answered 500\.$/,
          ),
        },
      ],
    });
  });
});

describe('commands', () => {
  const io = (argv: string[], folder: ReturnType<typeof temporaryFolder>) =>
    fakeIo(argv, { cwd: folder.path, env: { HCP_VAULT_TOKEN: 'hvs.canary', SLUICE_DATA_DIR: folder.path }, fetch });

  test('a start asks, and gives the server what it got', async () => {
    using folder = temporaryFolder();
    hold({ MASTER: `sk-${'m7'.repeat(20)}`, TEAM_KEY: 'sk-canary-team' });
    writeFileSync(folder.file('c.yaml'), config());
    const world = io(['--config', 'c.yaml'], folder);
    const parts = fakeParts();
    const started = await run(world, parts);
    if (typeof started !== 'number') loaders.push(started.config!.secrets);
    expect(parts.started[0]!.masterKey.reveal()).toBe(`sk-${'m7'.repeat(20)}`);
    expect(keyOf(parts.started[0]!.snapshot)).toBe('sk-canary-team');
    expect(JSON.stringify(world.printed())).not.toContain('canary');
  });

  test('the server can write keys where the file says so, and only there', async () => {
    using folder = temporaryFolder();
    hold({ MASTER: `sk-${'m7'.repeat(20)}` });
    const writing = async (more: string) => {
      writeFileSync(folder.file('c.yaml'), config().replace('{ address', `{ ${more}address`));
      const parts = fakeParts();
      const started = await run(io(['--config', 'c.yaml'], folder), parts);
      if (typeof started !== 'number') loaders.push(started.config!.secrets);
      return parts.started[0]!.writeKey;
    };
    expect(await writing('')).toBeUndefined();
    const write = await writing('store_virtual_keys: true, access_mode: read_and_write, ');
    await write!('team-a', 'sk-new');
    expect(vault.secrets.get('secret/litellm/team-a')).toEqual({ key: 'sk-new' });
  });

  test('a start without the manager is refused in words', async () => {
    using folder = temporaryFolder();
    vault.answerWith(() => new Response('', { status: 403 }));
    writeFileSync(folder.file('c.yaml'), config());
    const world = io(['--config', 'c.yaml'], folder);
    expect(await run(world, fakeParts())).toBe(1);
    expect(world.printed().told).toContain('c.yaml has a mistake:');
    expect(world.printed().told).toContain('hashicorp_vault cannot give');
    expect(world.printed().told).not.toContain('canary');
  });

  test('a check asks nobody, and says what it leaves to the managers', async () => {
    using folder = temporaryFolder();
    writeFileSync(
      folder.file('c.yaml'),
      config('  - { model_name: c, litellm_params: { model: openai/y, api_key: os.environ/UNHOSTED } }'),
    );
    const world = io(['config', 'check', 'c.yaml'], folder);
    expect(await run(world, fakeParts())).toBe(0);
    expect(vault.requests).toEqual([]);
    expect(world.printed().out).toContain('Left to the secret managers, which a check does not ask: TEAM_KEY, MASTER.');
    expect(world.printed().out).toContain('Not set: UNHOSTED');
    expect(world.printed().out).not.toContain('Not set: TEAM_KEY');
  });
});
