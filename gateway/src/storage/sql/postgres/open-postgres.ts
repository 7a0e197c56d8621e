import { Secret } from 'sluice/kit';
import type { Database } from '../database.ts';
import type { DatabaseObserver } from '../settings.ts';
import { parsePostgresUrl } from './address.ts';
import { PostgresDatabase } from './postgres-database.ts';
import { connectSession } from './session.ts';

export interface PostgresOptions {
  /** What the URL says of these counts more. */
  readonly poolSize: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly observer: DatabaseObserver;
}

/**
 * Tries once to reach the server; where it is away, it is looked for until it is there.
 * @throws Error for a URL that is none
 */
export const openPostgres = async (url: string, options: PostgresOptions): Promise<Database> => {
  const address = parsePostgresUrl(new Secret(url));
  const connectTimeoutMs = address.connectTimeoutMs ?? options.connectTimeoutMs;
  const { statementTimeoutMs, observer } = options;
  const database = new PostgresDatabase({
    connect: () => connectSession(address, { connectTimeoutMs, statementTimeoutMs }),
    poolSize: address.poolSize ?? options.poolSize,
    connectTimeoutMs,
    statementTimeoutMs,
    observer,
  });
  await database.start();
  return database;
};
