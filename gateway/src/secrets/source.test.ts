import { afterEach, describe, expect, test } from 'bun:test';
import { Secret, SluiceError } from 'sluice/kit';
import { encrypted, startAws } from '../../../test/kit/secret-managers/aws.ts';
import { startServer, type FakeServer } from '../../../test/kit/secret-managers/server.ts';
import { startVault, type FakeVault } from '../../../test/kit/secret-managers/vault.ts';
import { testWorld, type TestWorld } from '../../../test/kit/secret-managers/world.ts';
import { secretManagerEntry, type SecretManagerType } from '../config/schema/secrets.ts';
import type { SecretManagerSettings } from '../config/secret-managers.ts';
import { createSecretSource, type SecretSource, type SecretSourceDeps } from './source.ts';
import { allOf } from './testing.ts';

const stops: { stop(): Promise<void> }[] = [];
const sources: SecretSource[] = [];
afterEach(async () => {
  for (const each of sources.splice(0)) each.close();
  await Promise.all(stops.splice(0).map((each) => each.stop()));
});

const settings = (type: SecretManagerType, entry: object): SecretManagerSettings => ({
  type,
  entry: secretManagerEntry().parse(entry),
  fingerprint: '',
  problem: (message) => ({ file: 'c.yaml', line: 1, column: 1, path: '', message }),
});

const vaultFor = (world: TestWorld): FakeVault => {
  const vault = startVault(() => world.clock.now());
  vault.tokens.set('hvs.canary-token', { endsAt: Infinity, renewable: false, renewals: 0 });
  stops.push(vault);
  return vault;
};

const open = async (world: TestWorld, managers: SecretManagerSettings[], deps: Partial<SecretSourceDeps> = {}) => {
  const source = await createSecretSource(managers, { ...world, ...deps });
  sources.push(source);
  return source;
};

const ofVault = (vault: FakeVault, more: object = {}) =>
  settings('hashicorp_vault', { address: vault.url, token: 'hvs.canary-token', ...more });
const revealed = (found: Record<string, Secret>) =>
  Object.fromEntries(Object.entries(found).map(([name, value]) => [name, value.reveal()]));
const askedFor = (server: FakeServer) => server.requests.map(({ path }) => path).filter((path) => path.includes('/data/'));

const until = async (holds: () => boolean): Promise<void> => {
  const end = performance.now() + 3000;
  while (!holds()) {
    if (performance.now() > end) throw new Error('not within 3 s');
    await Bun.sleep(2);
  }
};

describe('prefetch', () => {
  test('gives what there is, and leaves out what there is not', async () => {
    const world = testWorld();
    const vault = vaultFor(world);
    vault.secrets.set('secret/A', { key: 'a' }).set('secret/B', { key: 'b' });
    const source = await open(world, [ofVault(vault)]);
    expect(revealed(await source.prefetch(['A', 'B', 'C']))).toEqual({ A: 'a', B: 'b' });
    expect(Bun.inspect(await source.prefetch(['A']))).toContain('[secret]');
  });

  test('hosted_keys: those and no others, wanted or not', async () => {
    const world = testWorld();
    const vault = vaultFor(world);
    vault.secrets.set('secret/A', { key: 'a' }).set('secret/HOSTED', { key: 'h' });
    const source = await open(world, [ofVault(vault, { hosted_keys: ['HOSTED'] })]);
    expect(revealed(await source.prefetch(['A']))).toEqual({ HOSTED: 'h' });
    expect(askedFor(vault)).toEqual(['/v1/secret/data/HOSTED']);
  });

  test('write_only: nothing is read', async () => {
    const world = testWorld();
    const vault = vaultFor(world);
    vault.secrets.set('secret/A', { key: 'a' });
    const source = await open(world, [ofVault(vault, { access_mode: 'write_only', hosted_keys: ['A'] })]);
    expect(await source.prefetch(['A'])).toEqual({});
    expect(vault.requests).toEqual([]);
  });

  test('several managers: the first that has it', async () => {
    const world = testWorld({
      files: { '/run/secrets/A': 'of a file', '/run/secrets/B': 'of a file' },
      env: { C: `aws_kms/${encrypted('of kms')}` },
    });
    const vault = vaultFor(world);
    vault.secrets.set('secret/A', { key: 'of vault' });
    const aws = startAws(() => world.clock.now());
    aws.keys.set('AKIA1', { secret: 's' });
    stops.push(aws);
    const kms = settings('aws_kms', {
      address: aws.url,
      aws_region_name: 'eu-west-1',
      aws_access_key_id: 'AKIA1',
      aws_secret_access_key: 's',
    });
    const source = await open(world, [ofVault(vault), settings('local', {}), kms]);
    expect(revealed(await source.prefetch(['A', 'B', 'D']))).toEqual({ A: 'of vault', B: 'of a file', C: 'of kms' });
    // What never changes is decrypted once.
    await source.prefetch(['A']);
    expect(aws.done).toEqual(['Decrypt']);
  });

  test('many names at once are asked for a few at a time', async () => {
    const world = testWorld();
    let [open_, most] = [0, 0];
    const server = startServer(async ({ path }) => {
      most = Math.max(most, ++open_);
      await Bun.sleep(3);
      open_--;
      return Response.json({ data: { data: { key: path } } });
    });
    stops.push(server);
    const source = await open(world, [settings('hashicorp_vault', { address: server.url, token: 't' })]);
    const names = Array.from({ length: 60 }, (_, at) => `N${at}`);
    expect(Object.keys(await source.prefetch(names)).sort()).toEqual(names.toSorted());
    expect(most).toBeLessThanOrEqual(8);
    expect(most).toBeGreaterThan(1);
  });
});

describe('failures', () => {
  test('at first: the manager and the secret are named; the others are not waited for', async () => {
    const world = testWorld();
    const vault = vaultFor(world);
    vault.answerWith(() => new Response('canary-body', { status: 503 }));
    const source = await open(world, [ofVault(vault)]);
    const error = (await source.prefetch(Array.from({ length: 50 }, (_, at) => `NAME_${at}`)).catch((cause: unknown) => cause)) as Error;
    expect(error.message).toMatch(/^The secret manager hashicorp_vault cannot give NAME_\d: it answered 503\.$/);
    expect(vault.requests.length).toBeLessThan(40);
  });

  test('one name that is refused ends it: the others are not asked for in vain', async () => {
    const world = testWorld();
    const vault = vaultFor(world);
    vault.answerWith(async ({ path }) => {
      if (path.endsWith('/BAD')) return new Response('', { status: 400 });
      await Bun.sleep(5);
      return new Response('', { status: 404 });
    });
    const source = await open(world, [ofVault(vault)]);
    await expect(source.prefetch(['BAD', ...Array.from({ length: 50 }, (_, at) => `N${at}`)])).rejects.toThrow('cannot give BAD');
    await Bun.sleep(50);
    expect(askedFor(vault).length).toBeLessThan(20);
  });

  test('settings that are not enough', async () => {
    const error = await createSecretSource([settings('azure_key_vault', {})], testWorld()).catch((cause: unknown) => cause);
    expect(String(error)).toContain('The secret manager azure_key_vault cannot be used: nothing says where it is');
  });

  test.each([
    ['sk-proj-canary', 'a secret'],
    ['A\nB', 'a secret'],
    ['TEAM_KEY', 'TEAM_KEY'],
  ])('a name is told only if it is one: %p', async (name, told) => {
    const world = testWorld();
    const vault = vaultFor(world);
    vault.answerWith(() => new Response('', { status: 400 }));
    const source = await open(world, [ofVault(vault)]);
    expect(String(await source.prefetch([name]).catch((cause: unknown) => cause))).toContain(`cannot give ${told}:`);
  });

  test.each([
    ['an error page', () => new Response('<html>canary-body</html>', { status: 500 })],
    ['no JSON', () => new Response('canary-body')],
    ['another shape', () => Response.json({ data: 'canary-body' })],
    ['words that repeat a secret', () => Response.json({ errors: ['canary-token', 'canary-secret'] }, { status: 403 })],
  ])('no error holds a secret, what signs in, or what was answered (FP-26): %s', async (_, answer) => {
    const world = testWorld();
    const vault = vaultFor(world);
    const lines: string[] = [];
    vault.secrets.set('secret/A', { key: 'canary-secret' });
    const source = await open(world, [ofVault(vault)], { tell: (line) => lines.push(line) });
    await source.prefetch(['A']);
    vault.answerWith(answer);
    const error = await source.prefetch(['B']).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(Error);
    world.clock.pass(300_000);
    await until(() => lines.length > 0);
    expect(`${allOf(error)} ${lines.join(' ')}`).not.toContain('canary');
  });
});

describe('rotation', () => {
  test('a changed value is told, and the next prefetch gives it without another question', async () => {
    const world = testWorld();
    const vault = vaultFor(world);
    vault.secrets.set('secret/A', { key: 'a-1' });
    const source = await open(world, [ofVault(vault, { refresh_interval_ms: 60_000 })]);
    let changes = 0;
    source.onChange(() => changes++);
    await source.prefetch(['A']);
    const looks = () => askedFor(vault).length;
    world.clock.pass(60_000);
    await until(() => looks() === 2 && world.clock.waits.length === 1);
    expect(changes).toBe(0);
    vault.secrets.set('secret/A', { key: 'a-2' });
    world.clock.pass(60_000);
    await until(() => changes === 1);
    expect(revealed(await source.prefetch(['A']))).toEqual({ A: 'a-2' });
    expect(looks()).toBe(3);
    vault.secrets.delete('secret/A');
    await until(() => world.clock.waits.length === 1);
    world.clock.pass(60_000);
    await until(() => changes === 2);
  });

  test('the look comes before values are old', async () => {
    const world = testWorld();
    const vault = vaultFor(world);
    const source = await open({ ...world, random: () => 0.999 }, [ofVault(vault, { refresh_interval_ms: 100_000 })]);
    await source.prefetch(['A']);
    expect(world.clock.waits[0]).toBeLessThan(95_001);
  });

  test('an outage is told once, and its end; values stay; a change meanwhile is found', async () => {
    const world = testWorld();
    const vault = vaultFor(world);
    const lines: string[] = [];
    const outcomes: string[] = [];
    vault.secrets.set('secret/A', { key: 'a-1' });
    const source = await open(world, [ofVault(vault)], {
      tell: (line) => lines.push(line),
      onRead: (manager, outcome) => outcomes.push(`${manager} ${outcome}`),
    });
    let changes = 0;
    source.onChange(() => changes++);
    await source.prefetch(['A']);
    vault.answerWith(() => new Response('', { status: 503 }));
    world.clock.pass(300_000);
    await until(() => lines.length === 1 && world.clock.waits.length === 1);
    expect(lines[0]).toBe('The secret manager hashicorp_vault cannot give A: it answered 503. What was read before stays in use.');
    world.clock.pass(30_000);
    await until(() => outcomes.filter((each) => each.endsWith('stale')).length === 2 && world.clock.waits.length === 1);
    expect(revealed(await source.prefetch(['A']))).toEqual({ A: 'a-1' });
    vault.answerWith(undefined);
    vault.secrets.set('secret/A', { key: 'a-2' });
    world.clock.pass(30_000);
    await until(() => changes === 1 && lines.length === 2);
    expect(lines[1]).toBe('The secret managers answer again.');
    expect(outcomes[0]).toBe('hashicorp_vault read');
  });

  test('one name that cannot be read hides no change of another', async () => {
    const world = testWorld();
    const vault = vaultFor(world);
    vault.secrets.set('secret/A', { key: 'a-1' });
    const source = await open(world, [ofVault(vault)]);
    let changes = 0;
    source.onChange(() => changes++);
    await source.prefetch(['A', 'B']);
    vault.secrets.set('secret/A', { key: 'a-2' });
    vault.answerWith(({ path }) =>
      path.endsWith('/A') ? Response.json({ data: { data: { key: 'a-2' } } }) : new Response('', { status: 403 }),
    );
    world.clock.pass(300_000);
    await until(() => changes === 1);
  });

  test('nobody is asked once it is closed', async () => {
    const world = testWorld();
    const vault = vaultFor(world);
    const source = await open(world, [ofVault(vault)]);
    await source.prefetch(['A']);
    source.close();
    expect(world.clock.waits).toEqual([]);
    await expect(source.prefetch(['B'])).rejects.toThrow();
  });
});

describe('virtual keys', () => {
  test('are written below a prefix, and deleted', async () => {
    const world = testWorld();
    const vault = vaultFor(world);
    const source = await open(world, [
      ofVault(vault, { store_virtual_keys: true, access_mode: 'write_only', prefix_for_stored_virtual_keys: 'keys/' }),
    ]);
    await source.store!.write('alias', new Secret('sk-1'));
    expect(vault.secrets.get('secret/keys/alias')).toEqual({ key: 'sk-1' });
    await source.store!.delete('alias');
    await source.store!.delete('never');
    expect(vault.secrets.get('secret/keys/alias')).toBeNull();
  });

  test.each([
    [{ store_virtual_keys: true }],
    [{ store_virtual_keys: false, access_mode: 'read_and_write' }],
    [{ access_mode: 'write_only' }],
  ])('are written nowhere with %p', async (more) => {
    const world = testWorld();
    expect((await open(world, [settings('hashicorp_vault', { token: 't', ...more })])).store).toBeUndefined();
  });

  test('a manager that is away is a 503 without the key, whatever it says (FP-26)', async () => {
    const world = testWorld();
    const vault = vaultFor(world);
    const source = await open(world, [ofVault(vault, { store_virtual_keys: true, access_mode: 'read_and_write' })]);
    for (const status of [401, 403, 500]) {
      vault.answerWith(() => Response.json({ errors: ['canary-key'] }, { status }));
      const error = await source.store!.write('alias', new Secret('canary-key')).catch((cause: unknown) => cause);
      expect(SluiceError.is(error) && error.status).toBe(503);
      expect(allOf(error)).not.toContain('canary');
    }
  });
});
