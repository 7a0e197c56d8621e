import { expect, test } from 'bun:test';
import { describeDatabases } from '../../../../test/kit/describe-databases.ts';
import { Contents } from './contents.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 10, 22, 12);

describeDatabases('what is said in calls', (open) => {
  const start = async () => {
    const database = await open();
    const failures: string[] = [];
    const contents = new Contents({ database, now: () => now, onFailure: (sentence) => void failures.push(sentence) });
    return { database, contents, failures };
  };
  const content = (id: string, at = now, text = 'hello') => ({ id, at, request: `{"say":"${text}"}`, answer: `${text}!` });

  test('is kept once, and found by its call', async () => {
    const { contents } = await start();
    contents.keep(content('a'));
    contents.keep(content('b', now - day, 'ünïcode \u{1f600}'));
    expect(await contents.of('a', now)).toBeUndefined();
    await contents.flush();
    contents.keep(content('a', now, 'another'));
    await contents.flush();
    expect(await contents.of('a', now)).toEqual({ request: '{"say":"hello"}', answer: 'hello!' });
    expect((await contents.of('b', now - day))?.answer).toBe('ünïcode \u{1f600}!');
    expect([await contents.of('a', now - day), await contents.of('a', now - 9 * day)]).toEqual([undefined, undefined]);
  });

  test('goes when it is older than is wanted, a day at a time', async () => {
    const { contents } = await start();
    for (const age of [0, 1, 2, 3, 4]) contents.keep(content(`a${age}`, now - age * day));
    await contents.flush();
    await contents.retain(2 * day);
    const left = await Promise.all([0, 1, 2, 3, 4].map(async (age) => (await contents.of(`a${age}`, now - age * day)) !== undefined));
    expect(left).toEqual([true, true, true, false, false]);
    contents.keep(content('again', now - 4 * day));
    await contents.flush();
    expect(await contents.of('again', now - 4 * day)).toBeDefined();
  });

  test('has an end in memory, which is told', async () => {
    const { contents, failures } = await start();
    for (let each = 0; each < 40; each++) contents.keep(content(`big${each}`, now, 'x'.repeat(500_000)));
    await contents.flush();
    expect(failures).toEqual([expect.stringContaining('were not kept')]);
  });

  test('that cannot be written is told, and nobody else fails', async () => {
    const { contents, failures, database } = await start();
    await database.close();
    contents.keep(content('a'));
    await contents.flush();
    expect(failures).toEqual([expect.stringContaining('could not be written')]);
  });
});
