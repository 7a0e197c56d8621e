import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournalFolder } from '../../cli/journal-folder.ts';
import type { SpendEvent } from '../event.ts';
import { Journal, type JournalFiles } from './index.ts';

const eventOf = (id: string, nanodollars = 7): SpendEvent => ({
  id,
  callId: id,
  at: 1000,
  endedAt: 2000,
  route: 'chat',
  status: 200,
  stream: false,
  attempts: 1,
  nanodollars,
  costKnown: true,
  charges: [['gateway', 0]],
});

describe('the journal', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-journal-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const start = async ({ files, maxBytes, pid }: { files?: JournalFiles | null; maxBytes?: number; pid?: number } = {}) => {
    const seen = { written: [] as string[], recovered: [] as string[], troubles: [] as boolean[], taken: [] as number[], unreadable: 0 };
    const faults = { away: false, failAfter: Infinity };
    let now = 0;
    const opened = files === null ? undefined : (files ?? (await openJournalFolder(folder, pid === undefined ? {} : { pid })));
    const journal = new Journal({
      files: opened,
      now: () => now,
      ...(maxBytes !== undefined && { maxBytes }),
      async write({ lines }) {
        await Bun.sleep(0);
        if (faults.away || faults.failAfter-- <= 0) throw new Error('away');
        seen.written.push(...lines.map((line) => (JSON.parse(line) as SpendEvent).id));
      },
      onRecovered: (events) => seen.recovered.push(...events.map(({ id }) => id)),
      onTrouble: (trouble) => seen.troubles.push(trouble !== undefined),
      onUnreadable: (_file, lines) => (seen.unreadable += lines),
      onTaken: (_file, events) => seen.taken.push(events),
    });
    const lines = async () => (await readdir(folder)).filter((name) => name.endsWith('.jsonl'));
    return { journal, seen, faults, lines, later: (ms: number) => (now += ms) };
  };

  test('has what was appended on disk at once, and none of it once it is written', async () => {
    const { journal, seen, lines } = await start();
    journal.append(eventOf('a'));
    journal.append(eventOf('b'));
    const [name] = await lines();
    expect(
      (await readFile(join(folder, name!), 'utf8'))
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([eventOf('a'), eventOf('b')]);
    expect(journal.figures()).toEqual({ waiting: 2, unwritten: 0, lost: 0 });
    await journal.ship();
    expect([seen.written, await lines(), journal.figures().waiting]).toEqual([['a', 'b'], [], 0]);
    await journal.ship();
    expect(seen.written).toEqual(['a', 'b']);
  });

  test('keeps what the database does not take, in one file, and writes it once it does', async () => {
    const { journal, seen, faults, lines } = await start();
    faults.away = true;
    for (const id of ['a', 'b', 'c']) {
      journal.append(eventOf(id));
      await expect(journal.ship()).rejects.toThrow('away');
    }
    // The first that could not be written is closed; what comes after it shares another.
    expect((await lines()).length).toBe(2);
    faults.away = false;
    await journal.ship();
    expect([seen.written, await lines()]).toEqual([['a', 'b', 'c'], []]);
  });

  test('a file that another process has taken over keeps nothing that comes after it', async () => {
    const { journal, seen, faults } = await start();
    faults.away = true;
    for (let at = 0; at < 6500; at++) journal.append(eventOf(`e${at}`));
    await expect(journal.ship()).rejects.toThrow('away');
    // This process was silent for so long that it was taken for gone.
    const other = await start();
    for (const name of await other.lines()) await rm(join(folder, name));
    journal.append(eventOf('later'));
    faults.away = false;
    await journal.ship();
    expect([seen.written, seen.taken, journal.figures().waiting]).toEqual([['later'], [6500], 0]);
    await journal.ship();
    expect(seen.taken).toEqual([6500]);
  });

  test('writes many in batches, and a batch that failed does not write the ones before it twice', async () => {
    const { journal, seen, faults } = await start();
    const ids = Array.from({ length: 6500 }, (_, at) => `e${at}`);
    for (const id of ids) journal.append(eventOf(id));
    faults.failAfter = 3;
    await expect(journal.ship()).rejects.toThrow('away');
    expect(seen.written.length).toBe(3000);
    faults.failAfter = Infinity;
    await journal.ship();
    expect(seen.written).toEqual(ids);
  });

  test('writes what was appended before it was asked, also while it writes', async () => {
    const { journal, seen } = await start();
    journal.append(eventOf('a'));
    const first = journal.ship();
    journal.append(eventOf('b'));
    await Promise.all([first, journal.ship()]);
    expect(seen.written).toEqual(['a', 'b']);
  });

  test('FP-3: takes over what a killed process left, with half a line at its end', async () => {
    const dead = await start({ pid: 999_999_999 });
    dead.journal.append(eventOf('a'));
    dead.journal.append(eventOf('b'));
    const [name] = await dead.lines();
    const text = await readFile(join(folder, name!), 'utf8');
    await writeFile(join(folder, name!), `${text}{"id":"half`);

    const { journal, seen, lines } = await start();
    await journal.recover();
    expect([seen.recovered, journal.figures().waiting]).toEqual([['a', 'b'], 2]);
    await journal.recover();
    await journal.ship();
    expect([seen.written, seen.recovered.length, await lines(), seen.unreadable]).toEqual([['a', 'b'], 2, [], 1]);
    expect((await readdir(folder)).filter((each) => each.endsWith('.unreadable')).length).toBe(1);
  });

  test('leaves alone what belongs to a process that runs, and one of many takes what does not', async () => {
    const running = await start({ pid: process.ppid });
    running.journal.append(eventOf('theirs'));
    const dead = await start({ pid: 999_999_999 });
    dead.journal.append(eventOf('left'));
    const others = await Promise.all([start(), start(), start()]);
    await Promise.all(others.map(({ journal }) => journal.recover()));
    expect(others.flatMap(({ seen }) => seen.recovered)).toEqual(['left']);
    await running.journal.ship();
    expect(running.seen.written).toEqual(['theirs']);
  });

  test('takes over what an earlier life of the same process id left, as containers have it', async () => {
    const before = await start();
    before.journal.append(eventOf('a'));
    const { journal, seen } = await start();
    await journal.recover();
    expect(seen.recovered).toEqual(['a']);
  });

  test('keeps in memory what the disk does not take, says so once, and goes on on the disk when it does', async () => {
    const real = await openJournalFolder(folder);
    let full = true;
    const files: JournalFiles = {
      ...real,
      create(name) {
        const file = real.create(name);
        return {
          ...file,
          append(text) {
            if (!full) return file.append(text);
            file.append(text.slice(0, 20));
            throw new Error('ENOSPC: no space left on device');
          },
        };
      },
    };
    const { journal, seen, later, lines } = await start({ files });
    for (const id of ['a', 'b', 'c']) expect(journal.append(eventOf(id))).toBe(true);
    expect([seen.troubles, journal.isSafe, journal.figures()]).toEqual([[true], false, { waiting: 3, unwritten: 3, lost: 0 }]);
    full = false;
    expect(journal.append(eventOf('d'))).toBe(true);
    later(1000);
    journal.append(eventOf('e'));
    expect([seen.troubles, journal.isSafe, journal.figures().unwritten]).toEqual([[true, false], true, 4]);
    await journal.ship();
    expect([seen.written.toSorted(), journal.figures()]).toEqual([['a', 'b', 'c', 'd', 'e'], { waiting: 0, unwritten: 0, lost: 0 }]);
    // Half a line is nothing that anybody was told of.
    expect([seen.unreadable, await lines()]).toEqual([0, []]);
  });

  test('finds out by itself that the disk takes something again', async () => {
    const real = await openJournalFolder(folder);
    let full = true;
    const create: JournalFiles['create'] = (name) => {
      if (full) throw new Error('ENOSPC: no space left on device');
      return real.create(name);
    };
    const { journal, seen, later, lines } = await start({ files: { ...real, create } });
    journal.probe();
    expect(await lines()).toEqual([]);
    journal.append(eventOf('a'));
    full = false;
    journal.probe();
    expect(journal.isSafe).toBe(false);
    later(1000);
    journal.probe();
    expect([journal.isSafe, seen.troubles]).toEqual([true, [true, false]]);
    await journal.ship();
    expect([seen.written, await lines()]).toEqual([['a'], []]);
  });

  test('has an end: what neither disk nor memory takes is lost, and counted', async () => {
    const { journal, seen } = await start({ maxBytes: 300 });
    for (let at = 0; at < 20_003; at++) journal.append(eventOf(`e${at}`));
    const { waiting, unwritten, lost } = journal.figures();
    expect([unwritten, waiting + lost, journal.hasRoom, lost > 0]).toEqual([20_000, 20_003, false, true]);
    await journal.ship();
    expect([seen.written.length, journal.hasRoom]).toEqual([waiting, true]);
  });

  test('works without any disk', async () => {
    const { journal, seen } = await start({ files: null });
    journal.append(eventOf('a'));
    await journal.ship();
    expect([seen.written, seen.troubles]).toEqual([['a'], []]);
  });
});
