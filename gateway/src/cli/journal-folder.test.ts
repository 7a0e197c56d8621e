import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournalFolder } from './journal-folder.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-journal-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('what is appended is read by others at once, and is for nobody else', async () => {
  const files = await openJournalFolder(join(folder, 'own'));
  const file = files.create('one');
  file.append('a\n');
  file.append('ä\n');
  expect(await readFile(join(folder, 'own', 'one'), 'utf8')).toBe('a\nä\n');
  await file.sync();
  file.close();
  const modes = await Promise.all([join(folder, 'own'), join(folder, 'own', 'one')].map(async (path) => (await stat(path)).mode & 0o777));
  expect(modes).toEqual([0o700, 0o600]);
  expect(() => files.create('one')).toThrow();
});

test('a disk that is full says so, though it took a part', async () => {
  await mkdir(join(folder, 'full'));
  const files = await openJournalFolder(join(folder, 'full'));
  await Bun.$`ln -s /dev/full ${join(folder, 'full', 'device')}`.quiet();
  expect(() => files.create('device')).toThrow();
  expect(await files.rename('nothing', 'else')).toBe(false);
  await files.delete('nothing');
});

test('who is silent for ten minutes is gone, and who says that it is there is not', async () => {
  let now = Date.now();
  const open = (pid: number, host: string) => openJournalFolder(join(folder, 'many'), { now: () => now, pid, host });
  const [here, elsewhere, dead] = await Promise.all([open(process.ppid, 'here'), open(7, 'elsewhere'), open(999_999_999, 'here')]);
  const mine = await open(process.pid, 'here');
  const alive = (which: { instance: string }) => mine.isAlive(which.instance);
  expect([await alive(here), await alive(elsewhere), await alive(dead), await mine.isAlive('nobody')]).toEqual([true, true, false, false]);
  now += 11 * 60_000;
  await here.touch();
  expect([await alive(here), await alive(elsewhere)]).toEqual([true, false]);
  await elsewhere.touch();
  expect(await alive(elsewhere)).toBe(true);
  await here.leave();
  expect(await alive(here)).toBe(false);
});
