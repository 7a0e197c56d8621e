import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeDatabases } from '../../../../test/kit/describe-databases.ts';
import type { Database } from '../../storage/sql/database.ts';
import { sql } from '../../storage/sql/statement.ts';
import { dailyActivity } from './daily-activity.ts';
import { dayMs, timeOfDays } from './days.ts';
import { eachEvent, eventPage, eventsOfRequest, type PageAsked } from './event-page.ts';
import type { EventFilter } from './event-filter.ts';
import { eventSource, type EventSource } from './event-source.ts';
import { facetOf } from './facets.ts';
import { sumsBy } from './sums.ts';
import { testAt, testDay, testEvent, writeTestEvents } from './testing.ts';

/** Ten days of 12 calls: of two users, three keys, two teams. */
const events = Array.from({ length: 120 }, (_, at) =>
  testEvent({
    id: `e${String(at).padStart(3, '0')}`,
    at: testAt(at % 12, testDay + Math.floor(at / 12)),
    keyId: `k${at % 3}`,
    userId: at % 2 === 0 ? 'ann' : 'bob',
    teamId: at % 4 === 0 ? 'red' : 'blue',
    organizationId: at % 4 === 0 ? 'org' : 'other',
    model: at % 5 === 0 ? 'claude' : 'gpt-4o',
    customerId: `c${at % 7}`,
    tags: at % 2 === 0 ? ['x', 'a"b%'] : ['xy'],
    sessionId: `s_${at % 10}`,
    status: at % 10 === 0 ? 429 : 200,
    ...(at % 10 === 0 && { errorCode: 'rate_limited', errorMessage: 'Slow 100% down' }),
    nanodollars: (at + 1) * 1_000_000,
  }),
);

describeDatabases('reports of spend', (open) => {
  let database: Database;
  let source: EventSource;
  beforeAll(async () => {
    database = await open();
    source = eventSource(database);
    await writeTestEvents(database, events);
  });
  afterAll(() => database.close());

  const page = (filter: EventFilter = {}, more: Partial<PageAsked> = {}) =>
    eventPage(source, { filter, sortBy: 'startTime', descending: true, page: 1, size: 10, ...more });
  const ids = async (filter: EventFilter, more: Partial<PageAsked> = {}) =>
    (await page(filter, { size: 200, ...more })).rows.map(({ id }) => id);
  const fits = (wanted: (event: (typeof events)[number]) => boolean) =>
    events
      .filter(wanted)
      .map(({ id }) => id)
      .toReversed();

  test('pages put together are all rows once, either way round', async () => {
    for (const descending of [true, false]) {
      const all: string[] = [];
      for (let number = 1; ; number++) {
        const { rows, total, exact } = await page({}, { page: number, size: 7, descending });
        expect([total, exact]).toEqual([120, true]);
        all.push(...rows.map(({ id }) => id));
        if (rows.length < 7) break;
      }
      expect(all).toEqual(descending ? events.map(({ id }) => id).toReversed() : events.map(({ id }) => id));
    }
  });

  test('each filter finds what it names, and nothing else', async () => {
    expect(await ids({ keyId: 'k1' })).toEqual(fits(({ keyId }) => keyId === 'k1'));
    expect(await ids({ userId: 'ann', teamId: 'red' })).toEqual(fits((each) => each.userId === 'ann' && each.teamId === 'red'));
    expect(await ids({ model: 'claude' })).toEqual(fits(({ model }) => model === 'claude'));
    expect((await ids({ model: 'gpt-4o-2024-11-20' })).length).toBe(120);
    expect(await ids({ modelGroup: 'gpt-4o-2024-11-20' })).toEqual([]);
    expect(await ids({ failed: true })).toEqual(fits(({ status }) => status === 429));
    expect(await ids({ errorCode: '429' })).toEqual(await ids({ errorCode: 'rate_limited' }));
    expect(await ids({ errorCode: '200' })).toEqual([]);
    expect(await ids({ errorMessage: '100% DOWN' })).toEqual(fits(({ status }) => status === 429));
    // `%` and `_` are what they are.
    expect(await ids({ errorMessage: '1%0' })).toEqual([]);
    expect(await ids({ sessionPart: '_3' })).toEqual(fits(({ sessionId }) => sessionId === 's_3'));
    expect(await ids({ sessionPart: 's-3' })).toEqual([]);
    // A tag is a whole one.
    expect(await ids({ tag: 'x' })).toEqual(fits(({ tags }) => tags!.includes('x')));
    expect(await ids({ tag: 'a"b%' })).toEqual(fits(({ tags }) => tags!.includes('a"b%')));
    expect(await ids({ tag: 'a"b' })).toEqual([]);
    expect(await ids({ minNanodollars: 50_000_000, maxNanodollars: 60_000_000 })).toEqual(
      fits(({ nanodollars }) => nanodollars >= 50_000_000 && nanodollars <= 60_000_000),
    );
    const time = { from: testAt(3, testDay + 2), before: testAt(4, testDay + 4) };
    expect(await ids({ time })).toEqual(fits(({ at }) => at >= time.from && at < time.before));
    expect(await ids({ userId: "' or 1=1 --" })).toEqual([]);
  });

  test('a scope is what may be seen, and an empty one is nothing', async () => {
    expect(await ids({ scope: {} })).toEqual([]);
    expect(await ids({ scope: { teamIds: [], organizationIds: [] } })).toEqual([]);
    expect(await ids({ scope: { userId: 'ann' }, userId: 'bob' })).toEqual([]);
    expect(await ids({ scope: { userId: 'ann', teamIds: ['blue'] } })).toEqual(
      fits((each) => each.userId === 'ann' || each.teamId === 'blue'),
    );
    expect(await ids({ scope: { keyId: 'k0', organizationIds: ['org'] } })).toEqual(
      fits((each) => each.keyId === 'k0' || each.organizationId === 'org'),
    );
    expect((await page({ scope: { userId: 'ann' } })).total).toBe(60);
  });

  test('sorted by other things', async () => {
    const dearest = await page({}, { sortBy: 'spend', page: 2, size: 5 });
    expect(dearest.rows.map(({ nanodollars }) => nanodollars / 1e6)).toEqual([115, 114, 113, 112, 111]);
    expect(dearest).toMatchObject({ total: 120, exact: true });
    expect(dearest.rows[0]).not.toHaveProperty('sort_key');
    const models = await page({}, { sortBy: 'model', descending: false, size: 120 });
    expect(models.rows.map(({ model }) => model)).toEqual(models.rows.map(({ model }) => model).toSorted());
    for (const sortBy of ['endTime', 'total_tokens', 'request_duration_ms', 'ttft_ms'] as const)
      expect((await page({}, { sortBy })).rows).toHaveLength(10);
    expect(page({}, { sortBy: 'spend', page: 1001, size: 5 })).rejects.toThrow('Pages end');
    expect(page({}, { page: 10_001, size: 10 })).rejects.toThrow('Pages end');
  });

  test('a call is found by its own id, and by the one that its client knows', async () => {
    expect((await eventsOfRequest(source, { requestId: 'e007' })).map(({ id }) => id)).toEqual(['e007']);
    expect((await eventsOfRequest(source, { requestId: 'call-of-e007' })).map(({ id }) => id)).toEqual(['e007']);
    expect(await eventsOfRequest(source, { requestId: 'e007', scope: { userId: 'ann' } })).toEqual([]);
  });

  test('an export gives every row once, the oldest first', async () => {
    const found: string[] = [];
    for await (const rows of eachEvent(source, { userId: 'ann' })) found.push(...rows.map(({ id }) => id));
    expect(found).toEqual(events.filter(({ userId }) => userId === 'ann').map(({ id }) => id));
  });

  test('many rows at one moment are exported once each, over several reads', async () => {
    const day = testDay + 100;
    const same = Array.from({ length: 2500 }, (_, at) => testEvent({ id: `same-${String(at).padStart(4, '0')}`, at: testAt(1, day) }));
    await writeTestEvents(database, same);
    const sizes: number[] = [];
    const found = new Set<string>();
    for await (const rows of eachEvent(source, { time: timeOfDays({ first: day, last: day }) })) {
      sizes.push(rows.length);
      for (const { id } of rows) found.add(id);
    }
    expect([sizes, found.size]).toEqual([[1000, 1000, 500], 2500]);
  });

  test('sums are those of the rows, by whatever they are asked for', async () => {
    const span = { first: testDay, last: testDay + 9 };
    const all = events.reduce((sum, { nanodollars }) => sum + nanodollars, 0);
    expect(await sumsBy(database, { lens: { kind: 'gateway' }, span, by: [] })).toMatchObject([
      { requests: 120, failed: 12, nanodollars: all },
    ]);
    expect(await sumsBy(database, { lens: { kind: 'team', entities: [] }, span, by: [] })).toEqual([]);
    for (const by of [['day'], ['model'], ['key_id'], ['day', 'provider', 'route']] as const) {
      const sums = await sumsBy(database, { lens: { kind: 'gateway' }, span, by });
      expect(sums.reduce((sum, { nanodollars }) => sum + nanodollars, 0)).toBe(all);
    }
    const ofKey = await sumsBy(database, { lens: { kind: 'gateway' }, span, filter: { keyIds: ['k1'], model: 'claude' }, by: [] });
    const wanted = events.filter(({ keyId, model }) => keyId === 'k1' && model === 'claude');
    expect(ofKey).toMatchObject([{ requests: wanted.length, input_tokens: wanted.length * 110 }]);
    const top = await sumsBy(database, { lens: { kind: 'user' }, span, by: ['entity'], top: 1 });
    expect(top).toMatchObject([{ entity: 'bob', requests: 60 }]);
    expect(await sumsBy(database, { lens: { kind: 'user', except: ['bob'] }, span, by: ['entity'] })).toMatchObject([{ entity: 'ann' }]);
  });

  test('the activity of days adds up, part by part', async () => {
    const { days, totalDays } = await dailyActivity(database, {
      lens: { kind: 'team' },
      span: { first: testDay, last: testDay + 9 },
      filter: {},
      page: 2,
      size: 4,
    });
    expect([days.length, totalDays]).toEqual([4, 10]);
    for (const { day, counts, models, keys, entities, providers } of days) {
      const of = events.filter(({ at }) => Math.floor(at / dayMs) === day);
      expect(counts).toMatchObject({ requests: 12, nanodollars: of.reduce((sum, { nanodollars }) => sum + nanodollars, 0) });
      for (const parts of [models, entities, providers]) {
        expect([...parts.values()].reduce((sum, part) => sum + part.counts.nanodollars, 0)).toBe(counts.nanodollars);
        for (const part of parts.values())
          expect([...part.keys.values()].reduce((sum, each) => sum + each.nanodollars, 0)).toBe(part.counts.nanodollars);
      }
      expect([...keys.values()].reduce((sum, each) => sum + each.requests, 0)).toBe(12);
    }
  });

  test('a day whose rows are dropped while a report is made has none; any other failure is one', async () => {
    const gone = { ...source, days: async () => [testDay + 500, testDay] };
    expect((await eventPage(gone, { filter: {}, sortBy: 'startTime', descending: true, page: 1, size: 50 })).total).toBe(12);
    expect(source.read(testDay, sql`select none_such from spend_days`)).rejects.toThrow();
  });

  test('facets', async () => {
    const filter = { time: timeOfDays({ first: testDay, last: testDay + 9 }) };
    expect(await facetOf(source, { column: 'customer_id', filter, part: undefined, page: 1, size: 3 })).toEqual(['c0', 'c1', 'c2', 'c3']);
    expect(await facetOf(source, { column: 'customer_id', filter, part: 'C6', page: 1, size: 3 })).toEqual(['c6']);
    expect(
      await facetOf(source, { column: 'user_id', filter: { ...filter, scope: { userId: 'ann' } }, part: undefined, page: 1, size: 3 }),
    ).toEqual(['ann']);
  });
});
