import { describe, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { Secret } from 'sluice/kit';
import { weakness } from '../config/weak-key.ts';
import { dataFolder } from './data-folder.ts';
import { keepKey, newMasterKey, readKeyFile } from './key-file.ts';
import { demandStrongKey, givenMasterKey, isLoopback, makeMasterKey } from './master-key.ts';
import { temporaryFolder } from './testing.ts';

const world = (env: Record<string, string>, home?: string) => ({ env, home, platform: 'linux' });
const nothing = () => undefined;

describe('where data is kept', () => {
  test.each([
    [{ SLUICE_DATA_DIR: '/d', XDG_DATA_HOME: '/x' }, '/h', 'linux', '/d'],
    [{ XDG_DATA_HOME: '/x' }, '/h', 'linux', '/x/sluice'],
    [{ XDG_DATA_HOME: 'relative' }, '/h', 'linux', '/h/.local/share/sluice'],
    [{}, '/h', 'darwin', '/h/Library/Application Support/sluice'],
    [{}, undefined, 'linux', undefined],
    [{}, '', 'linux', undefined],
  ])('%j, home %s on %s', (env, home, platform, expected) => {
    expect(dataFolder({ env: env as Record<string, string>, home: home as string | undefined, platform: platform as string })).toBe(
      expected as string,
    );
  });
});

describe('a key that is made', () => {
  test('is strong, another each time, and starts as clients expect', () => {
    const keys = Array.from({ length: 200 }, newMasterKey);
    expect(new Set(keys).size).toBe(200);
    for (const key of keys) {
      expect(key).toMatch(/^sk-[\w-]{43}$/);
      expect(weakness(key)).toBeUndefined();
    }
  });
  test('is kept for its owner alone, and found again', () => {
    using folder = temporaryFolder();
    const at = world({ SLUICE_DATA_DIR: folder.file('deep/er') });
    const made = makeMasterKey(at);
    expect(made.from).toBe('made');
    expect(statSync(made.path!).mode & 0o777).toBe(0o600);
    expect(statSync(folder.file('deep/er')).mode & 0o777).toBe(0o700);
    expect(readFileSync(made.path!, 'utf8')).toBe(`${made.key.reveal()}\n`);
    expect(readdirSync(folder.file('deep/er'))).toEqual(['master-key']);
    const found = givenMasterKey(undefined, nothing, at);
    expect(found).toMatchObject({ from: 'kept', path: made.path });
    expect(found!.key.reveal()).toBe(made.key.reveal());
  });
  test('two that start together agree', () => {
    using folder = temporaryFolder();
    const path = folder.file('key');
    expect(keepKey(path, 'first')).toBe('first');
    expect(keepKey(path, 'second')).toBe('first');
    expect(readdirSync(folder.path)).toEqual(['key']);
  });
  test('takes a file away from others, and fills an empty one', () => {
    using folder = temporaryFolder();
    const path = folder.file('key');
    writeFileSync(path, 'sk-x\n', { mode: 0o644 });
    expect(readKeyFile(path)).toBe('sk-x');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    writeFileSync(path, '\n');
    expect(readKeyFile(path)).toBeUndefined();
    expect(keepKey(path, 'new')).toBe('new');
    expect(readKeyFile(path)).toBe('new');
  });
  test('lives for one run where there is no place for it, and says why', () => {
    expect(makeMasterKey(world({}))).toMatchObject({ from: 'unkept', trouble: 'there is no home folder to keep it in' });
    using folder = temporaryFolder();
    writeFileSync(folder.file('file'), '');
    const unkept = makeMasterKey(world({ SLUICE_DATA_DIR: folder.file('file/below') }));
    expect(unkept.from).toBe('unkept');
    expect(unkept.trouble).toContain('cannot be written (ENOTDIR)');
    expect(weakness(unkept.key.reveal())).toBeUndefined();
  });
  test.skipIf(process.getuid?.() === 0)('a folder that is not ours', () => {
    using folder = temporaryFolder();
    mkdirSync(folder.file('locked'));
    chmodSync(folder.file('locked'), 0o500);
    expect(makeMasterKey(world({ SLUICE_DATA_DIR: folder.file('locked') })).trouble).toContain('EACCES');
  });
});

describe('which key holds', () => {
  const env = (values: Record<string, string>) => (name: string) => values[name];
  test("the file's, then SLUICE_MASTER_KEY, then LITELLM_MASTER_KEY, then the kept one", () => {
    using folder = temporaryFolder();
    const at = world({ SLUICE_DATA_DIR: folder.path });
    const both = env({ SLUICE_MASTER_KEY: 's', LITELLM_MASTER_KEY: 'l' });
    expect(givenMasterKey(new Secret('c'), both, at)!.key.reveal()).toBe('c');
    expect(givenMasterKey(undefined, both, at)).toMatchObject({ from: 'SLUICE_MASTER_KEY' });
    expect(givenMasterKey(undefined, env({ LITELLM_MASTER_KEY: 'l' }), at)).toMatchObject({ from: 'LITELLM_MASTER_KEY' });
    expect(givenMasterKey(undefined, nothing, at)).toBeUndefined();
    keepKey(folder.file('master-key'), 'k');
    expect(givenMasterKey(undefined, nothing, at)!.key.reveal()).toBe('k');
  });
});

describe('listening beyond this machine (FP-62)', () => {
  test.each([
    ['127.0.0.1', true],
    ['127.8.9.1', true],
    ['localhost', true],
    ['::1', true],
    ['0.0.0.0', false],
    ['::', false],
    ['192.168.1.2', false],
    ['127.0.0.1.example.com', false],
    ['gateway', false],
  ])('%s: loopback %s', (host, expected) => {
    expect(isLoopback(host as string)).toBe(expected as boolean);
  });
  const given = (key: string, from: 'config' | 'LITELLM_MASTER_KEY' = 'config') => ({ key: new Secret(key), from });
  test('no key, or a weak one, is refused with the remedy in the line; the key is not in it', () => {
    expect(() => demandStrongKey(undefined, '0.0.0.0')).toThrow(
      /without a master key is refused.*export SLUICE_MASTER_KEY=.*--allow-weak-key/,
    );
    expect(() => demandStrongKey(given('sk-1234', 'LITELLM_MASTER_KEY'), '0.0.0.0')).toThrow(
      /fewer than 16 characters.*LITELLM_MASTER_KEY.*export SLUICE_MASTER_KEY=/,
    );
    try {
      demandStrongKey(given('sk-your-secret-key-here'), '::');
      throw new Error('not refused');
    } catch (error) {
      expect((error as Error).message).toContain('general_settings.master_key');
      expect((error as Error).message).not.toContain('sk-your-secret-key-here');
      expect((error as Error).message.split('\n')).toHaveLength(1);
    }
  });
  test('a strong one is taken; on loopback any', () => {
    expect(() => demandStrongKey(given('sk-a-long-random-master-key'), '0.0.0.0')).not.toThrow();
    expect(() => demandStrongKey(given('sk-1234'), '127.0.0.1')).not.toThrow();
    expect(() => demandStrongKey(undefined, 'localhost')).not.toThrow();
  });
});
