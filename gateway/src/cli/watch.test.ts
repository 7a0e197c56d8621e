import { describe, expect, test } from 'bun:test';
import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { temporaryFolder, until } from './testing.ts';
import { watchFiles } from './watch.ts';

/** Shorter than it takes until somebody looks without a notice; a busy machine may need some of it. */
const withinMs = 5000;

const watching = (files: string[], pollMs = 60_000, settleMs = 20) => {
  let count = 0;
  const stop = watchFiles({ files: () => files, onChange: () => void count++, pollMs, settleMs });
  return { count: () => count, [Symbol.dispose]: stop };
};

describe('an edit is seen within a second (FP-38)', () => {
  test('written in place', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('c'), 'a');
    using watched = watching([folder.file('c')]);
    writeFileSync(folder.file('c'), 'ab');
    await until(() => watched.count() === 1, withinMs);
    writeFileSync(folder.file('c'), 'abc');
    await until(() => watched.count() === 2, withinMs);
  });

  test('another file renamed over it, as editors do', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('c'), 'a');
    using watched = watching([folder.file('c')]);
    writeFileSync(folder.file('draft'), 'b');
    renameSync(folder.file('draft'), folder.file('c'));
    await until(() => watched.count() === 1, withinMs);
  });

  test('a link swapped below it, as Kubernetes does with config maps', async () => {
    using folder = temporaryFolder();
    for (const version of ['v1', 'v2']) {
      mkdirSync(folder.file(version));
      writeFileSync(folder.file(`${version}/config.yaml`), 'same size');
      utimesSync(folder.file(`${version}/config.yaml`), 1000, 1000);
    }
    symlinkSync('v1', folder.file('..data'));
    symlinkSync('..data/config.yaml', folder.file('config.yaml'));
    using watched = watching([folder.file('config.yaml')]);
    symlinkSync('v2', folder.file('..data_tmp'));
    renameSync(folder.file('..data_tmp'), folder.file('..data'));
    await until(() => watched.count() === 1, withinMs);
  });

  test('without any notice of the system, by looking', async () => {
    using folder = temporaryFolder();
    // The folder does not exist yet, so it cannot be watched.
    using watched = watching([folder.file('later/c')], 50);
    mkdirSync(folder.file('later'));
    writeFileSync(folder.file('later/c'), 'a');
    await until(() => watched.count() === 1, withinMs);
  });

  test('gone and back', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('c'), 'a');
    using watched = watching([folder.file('c')]);
    rmSync(folder.file('c'));
    await until(() => watched.count() === 1, withinMs);
    writeFileSync(folder.file('c'), 'a');
    await until(() => watched.count() === 2, withinMs);
  });

  test('pieces written one after the other are one change; other files are none', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('c'), 'a');
    // Far longer than what may lie between two pieces on a busy machine.
    const settleMs = 400;
    using watched = watching([folder.file('c')], 60_000, settleMs);
    writeFileSync(folder.file('other'), 'x');
    for (let at = 0; at < 5; at++) {
      writeFileSync(folder.file('c'), 'a'.repeat(at + 2));
      await Bun.sleep(5);
    }
    await until(() => watched.count() > 0, withinMs);
    await Bun.sleep(settleMs + 100);
    expect(watched.count()).toBe(1);
  });

  test('after the stop nothing is', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('c'), 'a');
    const watched = watching([folder.file('c')]);
    watched[Symbol.dispose]();
    writeFileSync(folder.file('c'), 'ab');
    await Bun.sleep(100);
    expect(watched.count()).toBe(0);
  });
});
