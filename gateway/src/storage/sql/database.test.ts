import { describe, expect, test } from 'bun:test';
import { AsyncLocalStorage } from 'node:async_hooks';
import { describeDatabases } from '../../../../test/kit/describe-databases.ts';
import { sql, type Database, UniqueViolation } from './index.ts';

const thrown = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => {
      throw new Error('It should have failed.');
    },
    (cause: unknown) => cause,
  );

const code = async (promise: Promise<unknown>): Promise<unknown> => ((await thrown(promise)) as { code?: unknown }).code;

describeDatabases('database', (open) => {
  const json = open.kind === 'sqlite' ? sql`text` : sql`jsonb`;
  const blob = open.kind === 'sqlite' ? sql`blob` : sql`bytea`;
  let shared: Database | undefined;
  /** The table is new, the database is the same: to make one takes a while. */
  const fresh = async (): Promise<Database> => {
    const database = (shared ??= await open.another(await open.empty()));
    await database.run(sql`drop table if exists things`);
    await database.run(
      sql`create table things (id text primary key, n bigint, x double precision, flag integer, data ${json}, bytes ${blob}, team text, name text, alias text, unique (team, name))`,
    );
    await database.run(sql`create unique index things_lower on things (lower(alias))`);
    return database;
  };

  describe('values', () => {
    test.each([
      `'; drop table things; --`,
      `"quoted" \\ back\\\\slash`,
      '',
      ' ',
      'Grüße, 世界 👋🏽',
      '\u{10ffff}\ufffe',
      '$1 ?1 :name @x',
      `line\r\nbreak\ttab`,
      'x'.repeat(200_000),
    ])('the text %p comes back', async (text) => {
      const database = await fresh();
      await database.run(sql`insert into things (id) values (${text})`);
      expect(await database.all<{ id: string }>(sql`select id from things where id = ${text}`)).toEqual([{ id: text }]);
    });

    test.each([0, -1, 1_764_000_000_000, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])('the whole number %p comes back', async (n) => {
      const database = await fresh();
      await database.run(sql`insert into things (id, n) values (${'a'}, ${n}), (${'b'}, ${BigInt(n)})`);
      expect(await database.all<unknown>(sql`select n from things where n = ${n}`)).toEqual([{ n }, { n }]);
      expect(await database.one<unknown>(sql`select ${n} as n`)).toEqual({ n });
    });

    test('beyond 2^53 it throws rather than rounds', async () => {
      const database = await fresh();
      await database.run(sql`insert into things (id, n) values (${'a'}, ${2n ** 53n + 1n}), (${'b'}, ${2n ** 62n})`);
      expect(String(await thrown(database.all(sql`select n from things`)))).toContain('2^53');
      // The connection is as good as before.
      expect(await database.one<unknown>(sql`select n - ${2n ** 53n} as n from things where id = ${'a'}`)).toEqual({ n: 1 });
    });

    test('fractions, nothing, true and false, JSON and bytes', async () => {
      const database = await fresh();
      const bytes = new Uint8Array([0, 1, 255, 0, 39]);
      const data = JSON.stringify({ a: [1, "it's"], b: null });
      await database.run(
        sql`insert into things (id, n, x, flag, data, bytes) values (${'a'}, ${null}, ${0.1}, ${true}, ${data}, ${bytes}), (${'b'}, ${1}, ${-1e300}, ${false}, ${null}, ${null})`,
      );
      const rows = await database.all<{ data: string | null }>(sql`select id, n, x, flag, data, bytes from things order by id`);
      expect(rows.map(({ data: _, ...row }) => row)).toEqual([
        { id: 'a', n: null, x: 0.1, flag: 1, bytes },
        { id: 'b', n: 1, x: -1e300, flag: 0, bytes: null },
      ] as never);
      expect(typeof rows[0]!.data).toBe('string');
      expect(JSON.parse(rows[0]!.data!)).toEqual(JSON.parse(data));
    });

    test('what is counted and summed is a number, and so is what is or is not', async () => {
      const database = await fresh();
      await database.run(sql`insert into things (id, n) values (${'a'}, ${3}), (${'b'}, ${4})`);
      expect(
        await database.one<unknown>(
          sql`select count(*) as count, sum(n) as sum, max(n) as max, exists(select 1 from things) as some, n is null as none from things where n > ${3} group by n`,
        ),
      ).toEqual({ count: 1, sum: 4, max: 4, some: 1, none: 0 });
      expect(await database.one<unknown>(sql`select avg(n) as mean from things`)).toEqual({ mean: 3.5 });
    });

    test('a number stays one inside an expression', async () => {
      const database = await fresh();
      await database.run(sql`insert into things (id, n) values (${'a'}, ${1})`);
      await database.run(sql`update things set n = case when n = ${1} then ${7} else ${8} end, x = ${2} where id = ${'a'}`);
      expect(await database.one<unknown>(sql`select n + ${1} as n, x from things`)).toEqual({ n: 8, x: 2 });
      await database.run(
        sql`update things set n = case when n = ${7n} then ${9n} else ${8n} end, flag = case when n = ${7} then ${true} else ${false} end`,
      );
      expect(await database.one<unknown>(sql`select n, flag, coalesce(flag, ${false}) as same from things`)).toEqual({
        n: 9,
        flag: 1,
        same: 1,
      });
    });
  });

  describe('statements', () => {
    test('lists, and how many rows changed', async () => {
      const database = await fresh();
      const ids = ['a', 'b', 'c'];
      const rows = sql.join(
        ids.map((id) => sql`(${id}, ${1})`),
        ', ',
      );
      expect(await database.run(sql`insert into things (id, n) values ${rows}`)).toBe(3);
      const some = sql.join([sql`${'a'}`, sql`${'c'}`, sql`${'z'}`], ', ');
      expect(await database.run(sql`update things set n = n + ${1} where id in (${some})`)).toBe(2);
      expect(await database.run(sql`delete from things where id = ${'z'}`)).toBe(0);
      expect(await database.run(sql`insert into things (id) values (${'a'}) on conflict (id) do nothing`)).toBe(0);
      expect(await database.all<unknown>(sql`update things set n = ${9} where id = ${'b'} returning id, n`)).toEqual([{ id: 'b', n: 9 }]);
      expect(await database.all<unknown>(sql`with gone as (select id from things where n = ${2}) select count(*) as n from gone`)).toEqual([
        { n: 2 },
      ]);
      expect(await database.one(sql`select id from things where id = ${'z'}`)).toBeUndefined();
      expect(await database.all(sql`select id from things where id = ${'z'}`)).toEqual([]);
    });

    test('FP-1: a text is not carried out', async () => {
      const database = await fresh();
      for (const evil of ['drop table things', { texts: ['drop table things'], values: [] }])
        for (const call of [database.all, database.one, database.run]) expect(await thrown(call(evil as never))).toBeInstanceOf(TypeError);
      expect(await database.all(sql`select * from things`)).toEqual([]);
    });

    test('one that is wrong is our mistake: internal, and its words are for logs alone', async () => {
      const database = await fresh();
      const failure = (await thrown(database.all(sql`select id from nowhere where id = ${'private'}`))) as {
        code: string;
        message: string;
        detail: string;
      };
      expect(failure.code).toBe('internal');
      expect(failure.message).not.toContain('nowhere');
      expect(failure.detail).toContain('nowhere');
      expect(failure.detail).not.toContain('private');
      expect(database.up).toBe(true);
    });

    test('what is there already is told by its columns', async () => {
      const database = await fresh();
      await database.run(sql`insert into things (id, team, name) values (${'a'}, ${'t'}, ${'private'})`);
      const again = (await thrown(database.run(sql`insert into things (id) values (${'a'})`))) as UniqueViolation;
      expect(again).toBeInstanceOf(UniqueViolation);
      expect(again.constraint).toBe('things.id');
      const both = (await thrown(
        database.run(sql`insert into things (id, team, name) values (${'b'}, ${'t'}, ${'private'})`),
      )) as UniqueViolation;
      expect(both.constraint).toBe('things.team, things.name');
      expect(both.message).not.toContain('private');
      await database.run(sql`insert into things (id, alias) values (${'c'}, ${'x'})`);
      const index = (await thrown(database.run(sql`insert into things (id, alias) values (${'d'}, ${'X'})`))) as UniqueViolation;
      expect(index.constraint).toBe('things_lower');
    });
  });

  describe('transactions', () => {
    const add = async (database: Database): Promise<void> =>
      database.transaction(async (tx) => {
        await tx.lock('counter');
        const { n } = (await tx.one<{ n: number }>(sql`select n from things where id = ${'a'}`))!;
        await Bun.sleep(1);
        await tx.run(sql`update things set n = ${n + 1} where id = ${'a'}`);
      });

    test('one statement for many rows: what each of them changed, all or none', async () => {
      const database = await fresh();
      const insert = sql`insert into things (id, n) values (${''}, ${0}) on conflict (id) do nothing`;
      const rows: [string, number][] = [
        ['a', 1],
        ['b', 2],
        ['a', 3],
      ];
      expect(await database.transaction((tx) => tx.runEach(sql.each(insert, rows)))).toEqual([1, 1, 0]);
      expect(await database.all<object>(sql`select id, n from things order by id`)).toEqual([
        { id: 'a', n: 1 },
        { id: 'b', n: 2 },
      ]);
      const refused = sql`insert into things (id) values (${''})`;
      expect(await thrown(database.transaction((tx) => tx.runEach(sql.each(refused, [['c'], ['a']]))))).toBeInstanceOf(UniqueViolation);
      expect(await database.all<object>(sql`select id from things where id = ${'c'}`)).toEqual([]);
      expect(() => sql.each(insert, [['only one']])).toThrow('a value for each place');
      expect(() => sql.each(refused, [['with \0']])).toThrow('NUL');
      expect(await thrown(database.transaction((tx) => tx.runEach(['delete from things'] as never)))).toBeInstanceOf(TypeError);
    });

    test('all or nothing', async () => {
      const database = await fresh();
      const mine = new Error('mine');
      const failure = await thrown(
        database.transaction(async (tx) => {
          await tx.run(sql`insert into things (id) values (${'a'})`);
          expect(await tx.all<unknown>(sql`select id from things`)).toEqual([{ id: 'a' }]);
          throw mine;
        }),
      );
      expect(failure).toBe(mine);
      expect(await database.all(sql`select id from things`)).toEqual([]);
      expect(await database.transaction(async (tx) => tx.run(sql`insert into things (id) values (${'a'})`))).toBe(1);
      expect(await database.all<unknown>(sql`select id from things`)).toEqual([{ id: 'a' }]);
    });

    test('nobody sees what is not committed, and others go on reading', async () => {
      const database = await fresh();
      const outside = AsyncLocalStorage.snapshot();
      await database.transaction(async (tx) => {
        await tx.run(sql`insert into things (id) values (${'a'})`);
        expect(await outside(() => database.all(sql`select id from things`))).toEqual([]);
      });
      expect(await database.all(sql`select id from things`)).toHaveLength(1);
    });

    test('many at once do not lose each other under a lock', async () => {
      const database = await fresh();
      const other = await open.another(open.urlOf(database));
      await database.run(sql`insert into things (id, n) values (${'a'}, ${0})`);
      await Promise.all(Array.from({ length: 30 }, (_, at) => add(at % 2 === 0 ? database : other)));
      expect(await other.one<unknown>(sql`select n from things`)).toEqual({ n: 30 });
    });

    test('writes beside transactions are not rolled back with them', async () => {
      const database = await fresh();
      const work = Array.from({ length: 20 }, (_, at) =>
        at % 2 === 0
          ? database.run(sql`insert into things (id) values (${`kept ${at}`})`)
          : database
              .transaction(async (tx) => {
                await tx.run(sql`insert into things (id) values (${`lost ${at}`})`);
                await Bun.sleep(1);
                throw new Error('no');
              })
              .catch(() => 0),
      );
      await Promise.all(work);
      const rows = await database.all<{ id: string }>(sql`select id from things`);
      expect(rows).toHaveLength(10);
      expect(rows.every(({ id }) => id.startsWith('kept'))).toBe(true);
    });

    test('a statement that failed ends it, also where that was caught', async () => {
      const database = await fresh();
      const failure = await thrown(
        database.transaction(async (tx) => {
          await tx.run(sql`insert into things (id) values (${'a'})`);
          await tx.run(sql`insert into things (id) values (${'a'})`).catch(() => undefined);
          expect(await thrown(tx.all(sql`select id from things`))).toBeInstanceOf(UniqueViolation);
        }),
      );
      expect(failure).toBeInstanceOf(UniqueViolation);
      expect(await database.all(sql`select id from things`)).toEqual([]);
    });

    test('it is over when it is over', async () => {
      const database = await fresh();
      const tx = await database.transaction(async (each) => each);
      expect(String(await thrown(tx.run(sql`insert into things (id) values (${'a'})`)))).toContain('over');
      expect(String(await thrown(tx.announce('a')))).toContain('over');
      expect(await database.all(sql`select id from things`)).toEqual([]);
    });

    test('the database itself is not asked inside', async () => {
      const database = await fresh();
      await database.transaction(async () => {
        expect(String(await thrown(database.run(sql`insert into things (id) values (${'a'})`)))).toContain('tx');
        expect(String(await thrown(database.transaction(async () => 1)))).toContain('tx');
      });
      // What was begun inside and runs on later may.
      const later = Promise.withResolvers<void>();
      await database.transaction(
        async () => void setTimeout(() => database.all(sql`select 1 as n`).then(() => later.resolve(), later.reject), 30),
      );
      await later.promise;
    });

    test('one that takes too long is rolled back, and the next has its turn', async () => {
      const database = await fresh();
      const never = Promise.withResolvers<never>();
      const slow = database.transaction(
        async (tx) => {
          await tx.run(sql`insert into things (id) values (${'a'})`);
          return never.promise;
        },
        { timeoutMs: 100 },
      );
      expect(await code(slow)).toBe('unavailable');
      await database.transaction(async (tx) => tx.run(sql`insert into things (id) values (${'b'})`));
      expect(await database.all<unknown>(sql`select id from things`)).toEqual([{ id: 'b' }]);
    });

    test('calls that nobody waited for belong to it', async () => {
      const database = await fresh();
      await database.transaction(async (tx) => {
        void tx.run(sql`insert into things (id) values (${'a'})`);
        void tx.run(sql`insert into things (id) values (${'b'})`);
      });
      expect(await database.all(sql`select id from things`)).toHaveLength(2);
    });

    test('two that are in each other’s way are both carried out', async () => {
      const database = await fresh();
      await database.run(sql`insert into things (id, n) values (${'a'}, ${0}), (${'b'}, ${0})`);
      const both = (first: string, second: string) =>
        database.transaction(async (tx) => {
          await tx.run(sql`update things set n = n + ${1} where id = ${first}`);
          await Bun.sleep(20);
          await tx.run(sql`update things set n = n + ${1} where id = ${second}`);
        });
      await Promise.all([both('a', 'b'), both('b', 'a')]);
      expect(await database.all<unknown>(sql`select n from things`)).toEqual([{ n: 2 }, { n: 2 }]);
    });
  });

  describe('announcements', () => {
    const listen = (database: Database): (string | undefined)[] => {
      const heard: (string | undefined)[] = [];
      database.onAnnounced((subject) => heard.push(subject));
      return heard;
    };
    const until = async (done: () => boolean): Promise<void> => {
      const deadline = performance.now() + 5000;
      while (!done()) {
        if (performance.now() > deadline) throw new Error('It did not come.');
        await Bun.sleep(5);
      }
    };

    test('here at once, elsewhere soon, once each, and not what was rolled back', async () => {
      const here = await fresh();
      const there = await open.another(open.urlOf(here));
      const [heardHere, heardThere] = [listen(here), listen(there)];
      await here
        .transaction(async (tx) => {
          await tx.announce('lost');
          throw new Error('no');
        })
        .catch(() => undefined);
      await here.transaction(async (tx) => {
        await tx.announce('one');
        await tx.announce("two, it's");
        await tx.announce('one');
        expect(heardHere).toEqual([]);
      });
      expect(heardHere).toEqual(['one', "two, it's"]);
      await until(() => heardThere.length >= 2);
      await there.transaction((tx) => tx.announce('back'));
      await until(() => heardHere.length >= 3);
      await Bun.sleep(250);
      expect(heardHere).toEqual(['one', "two, it's", 'back']);
      expect(heardThere).toEqual(['one', "two, it's", 'back']);
    });

    test('what is announced can be read when it is heard', async () => {
      const here = await fresh();
      const there = await open.another(open.urlOf(here));
      const rows = Promise.withResolvers<unknown>();
      there.onAnnounced(() => void there.all(sql`select id from things`).then(rows.resolve, rows.reject));
      await here.transaction(async (tx) => {
        await tx.announce('things');
        await tx.run(sql`insert into things (id) values (${'a'})`);
      });
      expect(await rows.promise).toEqual([{ id: 'a' }]);
    });

    test('of another process', async () => {
      const here = await fresh();
      const heard = listen(here);
      const program = `
        import { openDatabase } from ${JSON.stringify(new URL('index.ts', import.meta.url).href)};
        // SQLite keeps no process alive.
        const alive = setInterval(() => undefined, 1000);
        const database = await openDatabase({ url: process.env.DATABASE });
        database.onAnnounced(async (subject) => {
          if (subject !== 'ping') return;
          await database.transaction((tx) => tx.announce('pong'));
          await database.close();
          clearInterval(alive);
        });
        await database.transaction((tx) => tx.announce('ready'));`;
      const child = Bun.spawn([process.execPath, '-e', program], {
        env: { ...process.env, DATABASE: open.urlOf(here) },
        stdout: 'inherit',
        stderr: 'inherit',
      });
      try {
        await until(() => heard.includes('ready'));
        // It listens before it says so.
        await here.transaction((tx) => tx.announce('ping'));
        await until(() => heard.includes('pong'));
        expect(heard.filter((each) => each === 'pong')).toEqual(['pong']);
        expect(await child.exited).toBe(0);
      } finally {
        child.kill();
      }
    });

    test('a long one reaches others as: forget everything', async () => {
      const here = await fresh();
      const there = await open.another(open.urlOf(here));
      const long = 'ä'.repeat(5000);
      const [heardHere, heardThere] = [listen(here), listen(there)];
      await here.transaction((tx) => tx.announce(long));
      await until(() => heardThere.length > 0);
      expect(heardHere).toEqual([long]);
      expect(heardThere).toEqual([open.kind === 'sqlite' ? long : undefined]);
    });

    test('many reach others one by one, more than a thousand as: forget everything', async () => {
      const here = await fresh();
      const there = await open.another(open.urlOf(here));
      const heard = listen(there);
      const announce = (count: number) =>
        here.transaction(async (tx) => {
          for (let at = 0; at < count; at++) await tx.announce(`subject ${at}`);
        });
      await announce(250);
      await until(() => heard.length >= 250);
      expect(heard).toEqual(Array.from({ length: 250 }, (_, at) => `subject ${at}`));
      await announce(1001);
      await until(() => heard.length > 250);
      expect(heard.slice(250)).toEqual([undefined]);
      await announce(1);
      await until(() => heard.length > 251);
      expect(heard.slice(250)).toEqual([undefined, 'subject 0']);
    });

    test('a listener ends', async () => {
      const database = await fresh();
      const heard: unknown[] = [];
      const end = database.onAnnounced((subject) => heard.push(subject));
      await database.transaction((tx) => tx.announce('one'));
      end();
      await database.transaction((tx) => tx.announce('two'));
      expect(heard).toEqual(['one']);
    });
  });

  test('a closed one says so', async () => {
    const database = await open();
    await database.close();
    await database.close();
    expect(database.up).toBe(false);
    expect(await code(database.all(sql`select 1 as n`))).toBe('unavailable');
    expect(await code(database.run(sql`delete from schema_migrations`))).toBe('unavailable');
    expect(await code(database.transaction(async () => 1))).toBe('unavailable');
  });
});
