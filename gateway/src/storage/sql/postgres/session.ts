import { Socket } from 'node:net';
import type { Client, QueryResult } from 'pg';
import { unavailable } from '../failure.ts';
import { readCertificate } from '../files.ts';
import type { Result } from '../result.ts';
import type { PostgresAddress, TlsMode } from './address.ts';
import { rowTypes } from './types.ts';

export interface SessionOptions {
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

/** The server ends by itself what its client has forgotten. */
const idleInTransactionMs = 90_000;
const settings = `
  select set_config('statement_timeout', $1, false), set_config('idle_in_transaction_session_timeout', $2, false),
    set_config('search_path', coalesce($3, current_setting('search_path')), false)`;
/** How long a server may take to let us go. */
const goodbyeMs = 1000;

/** One connection. One statement at a time. */
export class PostgresSession {
  readonly #client: Client;
  readonly #socket: Socket;
  readonly #closed = Promise.withResolvers<string>();
  #open = true;
  #busy = false;

  constructor(client: Client, socket: Socket) {
    this.#client = client;
    this.#socket = socket;
    client.on('error', (cause) => this.#close(cause.message));
    client.on('end', () => this.#close('the connection was ended'));
  }

  get open(): boolean {
    return this.#open;
  }

  /** In the middle of a statement. */
  get busy(): boolean {
    return this.#busy;
  }

  /** Resolves with the reason when it is over, whoever ended it. */
  get closed(): Promise<string> {
    return this.#closed.promise;
  }

  /**
   * @param timeoutMs after it the connection is given up; `Infinity`: the server's own limit is all there is
   * @throws the client's errors, see `failureOf`
   */
  async query(text: string, values: readonly unknown[], timeoutMs: number): Promise<Result> {
    const timer = Number.isFinite(timeoutMs) ? setTimeout(() => this.destroy('no answer in time'), timeoutMs) : undefined;
    this.#busy = true;
    try {
      const given: QueryResult<object> | QueryResult<object>[] = await this.#client.query(
        text,
        values.length === 0 ? undefined : [...values],
      );
      // A script has a result for each of its statements.
      const last = Array.isArray(given) ? given.at(-1)! : given;
      return { rows: last.rows, changes: last.rowCount ?? 0 };
    } finally {
      this.#busy = false;
      clearTimeout(timer);
    }
  }

  onNotification(listener: (payload: string) => void): void {
    this.#client.on('notification', ({ payload = '' }) => listener(payload));
  }

  /** At once; what is on its way fails. */
  destroy(why: string): void {
    this.#socket.destroy();
    this.#close(why);
  }

  /** Says goodbye, so that the server frees what it holds. */
  async end(): Promise<void> {
    if (!this.#open) return;
    const timer = setTimeout(() => this.destroy('it was closed'), goodbyeMs);
    await this.#client.end().catch(() => undefined);
    clearTimeout(timer);
    this.destroy('it was closed');
  }

  #close(why: string): void {
    this.#open = false;
    this.#closed.resolve(why);
  }
}

/**
 * Connects, and says to the server how long anything may take.
 * @throws the client's errors, see `failureOf`
 */
export const connectSession = async (address: PostgresAddress, options: SessionOptions): Promise<PostgresSession> => {
  if (address.tls !== 'prefer') return connectWith(address, options, address.tls);
  try {
    return await connectWith(address, options, 'require');
  } catch (cause) {
    if (!(cause instanceof Error && /does not support SSL/.test(cause.message))) throw cause;
    return connectWith(address, options, 'disable');
  }
};

const connectWith = async (
  address: PostgresAddress,
  options: SessionOptions,
  tls: Exclude<TlsMode, 'prefer'>,
): Promise<PostgresSession> => {
  // Read anew for each connection: certificates are renewed.
  const ca = address.certificates === undefined || tls === 'disable' ? undefined : await readCertificate(address.certificates);
  const { Client } = await import('pg');
  const socket = new Socket();
  const client = new Client({
    host: address.host,
    port: address.port,
    user: address.user,
    // Where it is given none, the client looks for one in the environment and in files.
    password: () => address.password.reveal(),
    database: address.database,
    application_name: 'sluice',
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: options.connectTimeoutMs,
    types: rowTypes,
    stream: () => socket,
    ssl: tls === 'disable' ? false : tlsOptions(tls, ca),
  });
  const session = new PostgresSession(client, socket);
  try {
    await client.connect();
    await session.query(
      settings,
      [String(options.statementTimeoutMs), String(idleInTransactionMs), address.schema ?? null],
      options.connectTimeoutMs,
    );
    if (!session.open) throw unavailable('The database is not reachable.', 'The connection was lost while it was made.');
    return session;
  } catch (cause) {
    session.destroy('it could not be made');
    throw cause;
  }
};

const tlsOptions = (tls: 'require' | 'verify-ca' | 'verify-full', ca: string | undefined) => ({
  rejectUnauthorized: tls !== 'require',
  ...(ca !== undefined && { ca }),
  // The name is `verify-full`'s business.
  ...(tls === 'verify-ca' && { checkServerIdentity: () => undefined }),
});
