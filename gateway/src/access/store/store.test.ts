import { describe, expect, test } from 'bun:test';
import { describeDatabases } from '../../../../test/kit/describe-databases.ts';
import { sql } from '../../storage/sql/index.ts';
import { kinds } from '../records/kinds.ts';
import type { KeyRecord } from '../records/records.ts';
import { Store } from './store.ts';
import type { Where } from './reading.ts';
import type { Writing } from './writing.ts';

const actor = { by: 'test' };

describeDatabases('the store', (open) => {
  const start = async () => {
    const database = await open();
    let now = 1000;
    const store = new Store(database, () => now);
    const heard: string[] = [];
    store.onChanged((kind, id) => void heard.push(`${kind} ${id}`));
    const write = <R>(work: (writing: Writing) => Promise<R>) => store.write(actor, work);
    return { database, store, heard, write, later: () => void now++ };
  };
  const budget = (writing: Writing, id: string, max_budget = 1) => writing.insert(kinds.budget, id, { max_budget });

  describe('writes', () => {
    test('and tells what was written, once it is', async () => {
      const { store, heard, write, later } = await start();
      const made = await write((writing) => budget(writing, 'b'));
      expect(made).toEqual({
        id: 'b',
        version: 1,
        data: { max_budget: 1 },
        createdAt: 1000,
        createdBy: 'test',
        updatedAt: 1000,
        updatedBy: 'test',
      });
      expect([await store.get(kinds.budget, 'b'), heard.splice(0)]).toEqual([made, ['budget b']]);
      later();
      const changed = await store.write({ by: 'ada' }, (writing) =>
        writing.update(kinds.budget, 'b', (data) => ({ ...data, rpm_limit: 2 })),
      );
      expect(changed).toEqual({ ...made, version: 2, data: { max_budget: 1, rpm_limit: 2 }, updatedAt: 1001, updatedBy: 'ada' });
      expect([await store.get(kinds.budget, 'b'), heard.splice(0)]).toEqual([changed, ['budget b']]);
      expect(await write((writing) => writing.remove(kinds.budget, 'b'))).toEqual(changed);
      expect([await store.get(kinds.budget, 'b'), heard.splice(0)]).toEqual([undefined, ['budget b']]);
      expect(await write((writing) => writing.remove(kinds.budget, 'b'))).toBeUndefined();
      expect(heard).toEqual([]);
    });

    test('all or nothing', async () => {
      const { store, heard, write } = await start();
      const failing = write(async (writing) => {
        await budget(writing, 'b');
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      const audited = await store.database.one<{ count: number }>(sql`select count(*) as count from audit_log`);
      expect([await store.count(kinds.budget), heard, audited?.count]).toEqual([0, [], 0]);
    });

    test('nothing where nothing is new', async () => {
      const { store, heard, write } = await start();
      await write((writing) => budget(writing, 'b'));
      heard.length = 0;
      const same = await write((writing) => writing.update(kinds.budget, 'b', (data) => data));
      expect([same.version, heard, (await store.get(kinds.budget, 'b'))?.version]).toEqual([1, [], 1]);
    });

    test('what an id says is taken, and what is not there is not found', async () => {
      const { write } = await start();
      await write((writing) => budget(writing, 'b'));
      await expect(write((writing) => budget(writing, 'b'))).rejects.toMatchObject({ code: 'conflict' });
      await expect(write((writing) => writing.update(kinds.budget, 'c', (data) => data))).rejects.toMatchObject({ code: 'not_found' });
    });

    test('FP-69: what a change does not name is as it was', async () => {
      const { store, write } = await start();
      const key: KeyRecord = {
        key_name: 'sk-...1234',
        models: ['a'],
        user_id: 'u',
        team_id: 't',
        max_budget: 0,
        blocked: true,
        expires_at: 5,
      };
      await write((writing) => writing.insert(kinds.key, 'hash', key));
      await write((writing) => writing.update(kinds.key, 'hash', (data) => ({ ...data, rpm_limit: 1 })));
      expect((await store.get(kinds.key, 'hash'))?.data).toEqual({ ...key, rpm_limit: 1 });
      // The columns that are looked for follow the document.
      await write((writing) => writing.update(kinds.key, 'hash', ({ team_id: _, ...data }) => ({ ...data, blocked: false })));
      expect([
        await store.count(kinds.key, { is: { team_id: 't' } }),
        await store.count(kinds.key, { is: { team_id: null, blocked: 0 } }),
      ]).toEqual([0, 1]);
    });

    test('nothing into the audit log that is a secret, wherever it stands', async () => {
      const { database, write } = await start();
      const hidden = {
        api_key: 'HIDDEN',
        extra_headers: { 'x-api-key': 'HIDDEN', Authorization: 'HIDDEN', Cookie: 'HIDDEN' },
        api_keys: ['HIDDEN'],
        deep: [{ vertex_credentials: 'HIDDEN', private_key: 'HIDDEN', session_token: 'HIDDEN' }],
      };
      const params = { model: 'mock/hello', max_tokens: 5, credential_name: 'shown', ...hidden };
      await write((writing) => writing.insert(kinds.model, 'm', { model_name: 'm', litellm_params: params, model_info: {} }));
      await write((writing) =>
        writing.update(kinds.model, 'm', (data) => ({ ...data, litellm_params: { ...params, api_key: 'HIDDEN too' }, blocked: true })),
      );
      await write((writing) => writing.remove(kinds.model, 'm'));
      const rows = await database.all<{ before_value: string | null; updated_values: string | null }>(sql`select * from audit_log`);
      expect(rows.length).toBe(3);
      expect(JSON.stringify(rows)).not.toContain('HIDDEN');
      expect(JSON.parse(rows[0]!.updated_values!)).toMatchObject({
        litellm_params: { max_tokens: 5, credential_name: 'shown', api_key: '[secret]' },
      });
    });

    test('50 changes of one thing at the same time, and loses none', async () => {
      const { store, write } = await start();
      await write((writing) => budget(writing, 'b', 0));
      const all = Array.from({ length: 50 }, () =>
        write((writing) => writing.update(kinds.budget, 'b', ({ max_budget }) => ({ max_budget: (max_budget ?? 0) + 1 }))),
      );
      expect(new Set((await Promise.all(all)).map(({ version }) => version)).size).toBe(50);
      expect(await store.get(kinds.budget, 'b')).toMatchObject({ version: 51, data: { max_budget: 50 } });
    });

    test('20 that make the same thing at the same time: one is made, and the others change it', async () => {
      const { store, write } = await start();
      const all = Array.from({ length: 20 }, () =>
        write((writing) => writing.put(kinds.budget, 'b', (data) => ({ max_budget: (data?.max_budget ?? 0) + 1 }))),
      );
      await Promise.all(all);
      expect(await store.get(kinds.budget, 'b')).toMatchObject({ version: 20, data: { max_budget: 20 } });
    });

    test('FP-12: two that change the same things in another order do not stand still over the audit log', async () => {
      const { store, write } = await start();
      await write(async (writing) => {
        for (const id of ['a', 'b', 'c', 'd']) await budget(writing, id, 0);
      });
      const more = ({ max_budget }: { max_budget?: number | null }) => ({ max_budget: (max_budget ?? 0) + 1 });
      const changed = Promise.withResolvers<void>();
      let runs = 0;
      // Who has changed `a` would hold the log's end and wait for `d`, which is held by one who waits for the log's end.
      const first = write(async (writing) => {
        await writing.update(kinds.budget, 'a', more);
        changed.resolve();
        runs++;
        await Bun.sleep(100);
        await writing.update(kinds.budget, 'd', more);
      });
      await changed.promise;
      await Promise.all([first, ...Array.from({ length: 5 }, () => write((writing) => (runs++, writing.update(kinds.budget, 'd', more))))]);
      expect((await store.get(kinds.budget, 'd'))?.data.max_budget).toBe(6);
      // PostgreSQL ends one of those who stand still, which then begins again.
      expect(runs).toBe(6);
    });

    test('away with all of them, however many', async () => {
      const { store, write } = await start();
      await write(async (writing) => {
        for (const id of ['a', 'b']) await writing.insert(kinds.tag, id, { models: [], budget_id: 'x' });
        await writing.insert(kinds.tag, 'c', { models: [] });
      });
      const gone = await write((writing) => writing.removeAll(kinds.tag, { is: { budget_id: 'x' } }));
      expect([gone.map(({ id }) => id), await store.count(kinds.tag)]).toEqual([['a', 'b'], 1]);
      expect(await write((writing) => writing.removeAll(kinds.tag, { is: { id: [] } }))).toEqual([]);
    });

    test('never away with a whole table, for a condition that was forgotten', async () => {
      const { store, write } = await start();
      await write((writing) => budget(writing, 'b'));
      const nothing: Where[] = [
        {},
        { is: { id: undefined } },
        { anyOf: [{}] },
        { anyOf: [{ is: { id: 'x' } }, {}] },
        { allOf: [] },
        { allOf: [{}] },
      ];
      for (const where of nothing) await expect(write((writing) => writing.removeAll(kinds.budget, where))).rejects.toThrow('Which of all');
      expect(await store.count(kinds.budget)).toBe(1);
    });
  });

  describe('finds', () => {
    const withTags = async () => {
      const world = await start();
      const { write, later } = world;
      for (const [id, budget_id] of [
        ['100%', 'x'],
        ['1000', 'y'],
        ['a_b', 'x'],
        ['aXb', null],
        ['C\\d', null],
        ['MÜLLER', null],
      ] as const) {
        await write((writing) => writing.insert(kinds.tag, id, { models: [], budget_id }));
        later();
      }
      const ids = async (where: Where) => (await world.store.find(kinds.tag, where)).map(({ id }) => id);
      return { ...world, ids };
    };

    test('what is equal, one of a list, or not set', async () => {
      const { ids } = await withTags();
      expect(await ids({ is: { budget_id: 'x' } })).toEqual(['100%', 'a_b']);
      expect(await ids({ is: { budget_id: ['x', 'y'] } })).toEqual(['100%', '1000', 'a_b']);
      expect(await ids({ is: { budget_id: null } })).toEqual(['aXb', 'C\\d', 'MÜLLER']);
      expect(await ids({ is: { budget_id: 'x', id: 'a_b' } })).toEqual(['a_b']);
      expect((await ids({ is: { budget_id: undefined } })).length).toBe(6);
    });

    test('nothing, where there is nothing to be one of', async () => {
      const { ids, store } = await withTags();
      expect(await ids({ is: { id: [] } })).toEqual([]);
      expect(await ids({ anyOf: [] })).toEqual([]);
      expect(await ids({ is: { budget_id: 'x' }, anyOf: [] })).toEqual([]);
      expect(await ids({ anyOf: [{ is: { id: [] } }, { is: { id: 'a_b' } }] })).toEqual(['a_b']);
      expect(await store.getAll(kinds.tag, [])).toEqual([]);
      expect(await store.page(kinds.tag, { anyOf: [], page: 1, size: 10 })).toEqual({ rows: [], total: 0 });
    });

    test('what contains a text, in whichever case, whatever the text is', async () => {
      const { ids } = await withTags();
      expect(await ids({ contains: { id: '0%' } })).toEqual(['100%']);
      expect(await ids({ contains: { id: 'A_B' } })).toEqual(['a_b']);
      expect(await ids({ contains: { id: 'axb' } })).toEqual(['aXb']);
      expect(await ids({ contains: { id: 'c\\D' } })).toEqual(['C\\d']);
      expect(await ids({ contains: { id: '\\' } })).toEqual(['C\\d']);
      expect(await ids({ contains: { id: 'MÜL' } })).toEqual(['MÜLLER']);
      expect(await ids({ contains: { id: "'; drop table tags; --" } })).toEqual([]);
      expect((await ids({ contains: { id: '' } })).length).toBe(6);
    });

    test('what is below, what is above, and all of several', async () => {
      const { ids } = await withTags();
      expect(await ids({ from: { created_at: 1004 } })).toEqual(['C\\d', 'MÜLLER']);
      expect(await ids({ below: { created_at: 1001 } })).toEqual(['100%']);
      expect(await ids({ allOf: [{ is: { budget_id: 'x' } }, { contains: { id: 'a' } }] })).toEqual(['a_b']);
      expect(await ids({ is: { budget_id: 'x' }, anyOf: [{ is: { id: '1000' } }, { is: { id: 'a_b' } }] })).toEqual(['a_b']);
    });

    test('pages, each thing on one of them', async () => {
      const { store } = await withTags();
      const page = async (number: number, more = {}) =>
        (await store.page(kinds.tag, { page: number, size: 4, ...more })).rows.map(({ id }) => id);
      expect([await page(1), await page(2), await page(3)]).toEqual([['100%', '1000', 'a_b', 'aXb'], ['C\\d', 'MÜLLER'], []]);
      expect(await page(1, { descending: true })).toEqual(['MÜLLER', 'C\\d', 'aXb', 'a_b']);
      expect((await store.page(kinds.tag, { page: 2, size: 4, is: { budget_id: 'x' } })).total).toBe(2);
      const byBudget = { sortByValue: sql`budget_id`, size: 6 };
      expect((await page(1, byBudget)).slice(0, 3)).toEqual(['100%', 'a_b', '1000']);
      expect((await page(1, { ...byBudget, descending: true }))[0]).toBeDefined();
    });

    test('no column that is not written in the program', async () => {
      const { store } = await withTags();
      for (const sortBy of ['id; drop table tags', 'id desc', '"id"', 'Id'])
        await expect(store.page(kinds.tag, { page: 1, size: 1, sortBy })).rejects.toThrow('lower case');
    });
  });
});
