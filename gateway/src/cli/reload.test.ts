import { describe, expect, test } from 'bun:test';
import { rmSync, writeFileSync } from 'node:fs';
import { Secret } from 'sluice/kit';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import { readConfig } from './config-file.ts';
import { createReloader } from './reload.ts';
import { fakeIo, temporaryFolder } from './testing.ts';

const good = (name: string) => `model_list: [{ model_name: ${name}, litellm_params: { model: openai/x } }]\n`;

const prepare = async (folder: ReturnType<typeof temporaryFolder>, text: string, masterKeyFor = () => new Secret('k')) => {
  const file = folder.file('c.yaml');
  writeFileSync(file, text);
  const io = fakeIo([], { cwd: folder.path });
  const read = () => readConfig(file, { io });
  const first = await read();
  if (!first.loaded.ok) throw new Error('bad start');
  let live: ConfigSnapshot = first.loaded.snapshot;
  const reloader = createReloader({
    file: 'c.yaml',
    first: { snapshot: live, read: first },
    read,
    masterKeyFor,
    apply: (next) => void (live = next.snapshot),
    tell: io.tell,
  });
  return { file, reloader, live: () => live, told: () => io.printed().told };
};

describe('reload (FP-37)', () => {
  test('a good edit is live, and what changed is said', async () => {
    using folder = temporaryFolder();
    const { file, reloader, live, told } = await prepare(folder, good('a'));
    const before = live().version;
    writeFileSync(file, good('b'));
    await reloader.reload();
    expect(live().deployments.map(({ modelName }) => modelName)).toEqual(['b']);
    expect(told()).toBe(`c.yaml is live: version ${live().version} (was ${before}), 1 deployment of 1 model. New: b. Gone: a.\n`);
  });

  test('a bad one is reported with its places and changes nothing; mending it is live', async () => {
    using folder = temporaryFolder();
    const { file, reloader, live, told } = await prepare(folder, good('a'));
    const before = live();
    writeFileSync(file, 'model_lst: []\n');
    await reloader.reload();
    expect(live()).toBe(before);
    expect(told()).toBe(
      `c.yaml has 1 mistake; version ${before.version} stays live:\n  ${file}:1:1: model_lst: unknown key (did you mean model_list?)\n`,
    );
    writeFileSync(file, good('c'));
    await reloader.reload();
    expect(live().deployments[0]!.modelName).toBe('c');
  });

  test('gone: reported, and nothing changes', async () => {
    using folder = temporaryFolder();
    const { file, reloader, live, told } = await prepare(folder, good('a'));
    rmSync(file);
    await reloader.reload();
    expect(live().deployments[0]!.modelName).toBe('a');
    expect(told()).toContain('cannot be read (ENOENT)');
  });

  test('the same text is not read again, except when asked to', async () => {
    using folder = temporaryFolder();
    const { file, reloader, told } = await prepare(folder, good('a'));
    writeFileSync(file, good('a'));
    await reloader.reload();
    expect(told()).toBe('');
    await reloader.reload(true);
    expect(told()).toContain('c.yaml is live');
  });

  test('a key that must not be used here', async () => {
    using folder = temporaryFolder();
    const { file, reloader, live, told } = await prepare(folder, good('a'), () => {
      throw new Error('the key is weak');
    });
    const before = live();
    writeFileSync(file, good('b'));
    await reloader.reload();
    expect(live()).toBe(before);
    expect(told()).toContain('is not taken');
  });

  test('files that are included are watched too, also while one has a mistake', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('more.yaml'), good('b'));
    const { file, reloader, live } = await prepare(folder, `include: [more.yaml]\n${good('a')}`);
    expect(reloader.files()).toEqual([file, folder.file('more.yaml')]);
    writeFileSync(file, 'include: [');
    await reloader.reload();
    expect(reloader.files()).toEqual([file, folder.file('more.yaml')]);
    writeFileSync(file, `include: [more.yaml]\n${good('a')}`);
    writeFileSync(folder.file('more.yaml'), good('c'));
    await reloader.reload();
    expect(live().deployments.map(({ modelName }) => modelName)).toEqual(['a', 'c']);
  });
});
