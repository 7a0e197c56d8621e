import { expect, test } from 'bun:test';
import { describeDatabases } from '../../../../test/kit/describe-databases.ts';
import { sql } from '../../storage/sql/statement.ts';
import { eventPage } from './event-page.ts';
import { eventSource } from './event-source.ts';
import { testAt, testDay, testEvent, writeTestEvents } from './testing.ts';

describeDatabases('pages of calls', (open) => {
  test('sorted by model, no row is left out where the database sorts texts as a language does', async () => {
    const database = await open();
    const models = ['apple', 'Banana', 'cherry', 'Date'];
    const events = models.flatMap((model) => [0, 1].map((day) => testEvent({ model, at: testAt(12, testDay + day) })));
    await writeTestEvents(database, events);
    if (database.kind === 'postgres') await database.run(sql`alter table spend_events alter column model type text collate "en-US-x-icu"`);
    const source = eventSource(database);
    const seen: string[] = [];
    for (let page = 1; page <= events.length; page++) {
      const { rows } = await eventPage(source, { filter: {}, sortBy: 'model', descending: false, page, size: 1 });
      seen.push(...rows.map(({ model }) => model ?? ''));
    }
    expect(seen).toEqual(['Banana', 'Banana', 'Date', 'Date', 'apple', 'apple', 'cherry', 'cherry']);
  });
});
