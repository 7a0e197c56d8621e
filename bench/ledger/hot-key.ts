import { sql, migrate, openDatabase } from '../../gateway/src/storage/sql/index.ts';

export interface HotKeyOptions {
  readonly url: string;
  readonly processes: number;
  readonly eventsPerSecond: number;
  readonly seconds: number;
}

export interface HotKeyResult {
  readonly written: number;
  /** Batches that failed, with why: there are to be none. */
  readonly failures: readonly string[];
  /** Milliseconds a batch took, of all processes. */
  readonly slowestMs: number;
  readonly medianMs: number;
  /** Connections of all processes together, the most that were seen. */
  readonly connections: number;
  readonly deadlocks: number;
}

interface Line {
  readonly written: number;
  readonly failures: readonly string[];
  readonly times: readonly number[];
}

/** Several processes write calls of one key to PostgreSQL, each in a batch a second, each batch twice as often as it need be. */
export const hotKey = async ({ url, processes, eventsPerSecond, seconds }: HotKeyOptions): Promise<HotKeyResult> => {
  const database = await openDatabase({ url });
  try {
    await migrate(database);
    const program = ['run', new URL('hot-writer.ts', import.meta.url).pathname, String(eventsPerSecond), String(seconds)];
    const children = Array.from({ length: processes }, () =>
      Bun.spawn([process.execPath, ...program], { stdout: 'pipe', stderr: 'inherit', env: { ...Bun.env, DATABASE_URL: url } }),
    );
    let connections = 0;
    const watch = setInterval(() => {
      void database
        .one<{ n: number }>(
          sql`select count(*) as n from pg_stat_activity where datname = current_database() and application_name = 'sluice'`,
        )
        .then((row) => (connections = Math.max(connections, row!.n)));
    }, 500);
    // However it goes, it ends.
    const limit = setTimeout(() => children.forEach((child) => child.kill()), (seconds + 30) * 1000);
    const lines = await Promise.all(children.map((child) => new Response(child.stdout).text()));
    clearTimeout(limit);
    clearInterval(watch);
    const all = lines.map((line) => JSON.parse(line) as Line);
    const times = all.flatMap((each) => each.times).toSorted((a, b) => a - b);
    const { deadlocks } = (await database.one<{ deadlocks: number }>(
      sql`select deadlocks from pg_stat_database where datname = current_database()`,
    ))!;
    return {
      written: all.reduce((sum, each) => sum + each.written, 0),
      failures: all.flatMap((each) => each.failures),
      slowestMs: times.at(-1) ?? 0,
      medianMs: times[Math.floor(times.length / 2)] ?? 0,
      connections,
      deadlocks,
    };
  } finally {
    await database.close();
  }
};
