import { expect, test } from 'bun:test';
import { describeDatabases } from '../../../../test/kit/describe-databases.ts';
import { sumsBy } from './sums.ts';
import { teamlessKeys, teamlessSums } from './team-sums.ts';
import { testDay, testEvent, writeTestEvents } from './testing.ts';
import { SluiceError } from 'sluice/kit';
import type { Reader } from './event-source.ts';

describeDatabases('sums of no team', (open) => {
  test('are what the gateway has more than its teams, by key as long as that is a report', async () => {
    const database = await open();
    await writeTestEvents(database, [
      testEvent({ keyId: 'k1', teamId: 'red' }),
      testEvent({ keyId: 'k1' }),
      testEvent({ keyId: 'k2', nanodollars: 20_000_000 }),
      testEvent({ nanodollars: 40_000_000 }),
    ]);
    const span = { first: testDay, last: testDay };
    const by = ['day', 'key_id', 'model'] as const;
    const ofTeams = await sumsBy(database, { lens: { kind: 'team' }, span, by: ['day', 'entity', 'key_id', 'model'] });
    expect(await teamlessSums(database, { span, by: ['day'] }, ofTeams)).toMatchObject([
      { day: testDay, requests: 3, nanodollars: 70_000_000 },
    ]);

    const cost = (sums: readonly { readonly key_id: string; readonly nanodollars: number }[]) =>
      Object.fromEntries(sums.map(({ key_id, nanodollars }) => [key_id, nanodollars / 1e6]));
    expect(cost(await teamlessSums(database, { span, by }, ofTeams))).toEqual({ k1: 10, k2: 20, '': 40 });
    expect(cost(await teamlessKeys(database, { span }, ofTeams))).toEqual({ k1: 10, k2: 20, '': 40 });
    expect(cost(await teamlessKeys(database, { span, filter: { keyIds: ['k1'] } }, ofTeams))).toEqual({ k1: 10 });

    let refused = 0;
    /** As where there are too many keys: the first question is refused. */
    const full: Reader = {
      all: (statement) => {
        if (refused++ === 0) throw new SluiceError('invalid_request', 'There are more than 100000 figures in this report.');
        return database.all(statement);
      },
    };
    expect(cost(await teamlessKeys(full, { span }, ofTeams))).toEqual({ '': 70 });
    const away: Reader = { all: () => Promise.reject(new SluiceError('unavailable', 'The database is away.')) };
    await expect(teamlessKeys(away, { span }, ofTeams)).rejects.toThrow('away');
  });
});
