import { expect, test } from 'bun:test';
import { describeDatabases } from '../../../test/kit/describe-databases.ts';
import { testAt, testDay, testEvent, writeTestEvents } from '../spend/reports/testing.ts';
import { run } from './run.ts';
import { fakeIo, fakeParts } from './testing.ts';

describeDatabases('sluice spend export', (open) => {
  test('calls and sums of days, as CSV and as JSON Lines', async () => {
    const database = await open();
    await writeTestEvents(database, [
      testEvent({ id: 'a', teamId: 'red', customerId: '=cmd()' }),
      testEvent({ id: 'b', at: testAt(1, testDay + 1), teamId: 'blue' }),
    ]);
    const ran = async (...argv: string[]) => {
      const io = fakeIo(['spend', 'export', ...argv], { env: { DATABASE_URL: open.urlOf(database) } });
      return { code: await run(io, fakeParts()), ...io.printed() };
    };
    const lines = async (...argv: string[]) => (await ran(...argv)).out.trim().split(/\r?\n/);
    expect((await lines()).map((line) => (JSON.parse(line) as { request_id: string }).request_id)).toEqual(['call-of-a', 'call-of-b']);
    expect(await lines('--team', 'blue')).toHaveLength(1);
    expect(await lines('--from', '2026-11-03')).toHaveLength(1);
    expect(await lines('--to', '2026-11-02')).toHaveLength(1);
    const csv = await lines('--format', 'csv');
    expect(csv).toHaveLength(3);
    expect(csv[1]).toContain(",'=cmd(),");
    expect((await lines('--days', 'team', '--format', 'csv'))[1]).toBe('2026-11-02,team,red,0.01,1,0,110,20,10,0,0');
    for (const wrong of [
      ['--format', 'xls'],
      ['--days', 'planet'],
      ['--from', '2026-02-31'],
      ['--days', 'team', '--team', 'red'],
    ])
      expect((await ran(...wrong)).code).toBe(2);
  });
});
