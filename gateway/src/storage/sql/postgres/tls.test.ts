import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresMissing, startPostgres, type TestPostgres } from '../../../../../test/kit/postgres.ts';
import { openDatabase, sql } from '../index.ts';

const missing = postgresMissing() ?? (Bun.which('openssl') ? undefined : 'openssl is not installed');
if (missing) test.skip(`TLS to postgres: ${missing}`, () => undefined);

describe.skipIf(missing !== undefined)('TLS to postgres', () => {
  let folder: string;
  let secure: TestPostgres;
  let plain: TestPostgres;
  const file = (name: string): string => join(folder, name);
  const certificate = (name: string): { certificate: string; key: string } => {
    const made = Bun.spawnSync([
      'openssl',
      ...`req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=${name} -addext subjectAltName=DNS:${name}`.split(
        ' ',
      ),
      '-keyout',
      file(`${name}.key`),
      '-out',
      file(`${name}.pem`),
    ]);
    if (made.exitCode !== 0) throw new Error(made.stderr.toString());
    return { certificate: readFileSync(file(`${name}.pem`), 'utf8'), key: readFileSync(file(`${name}.key`), 'utf8') };
  };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-tls-'));
    certificate('other');
    [secure, plain] = await Promise.all([startPostgres({ tls: certificate('localhost') }), startPostgres()]);
  });
  afterAll(async () => {
    await Promise.all([secure?.stop(), plain?.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  /** Whether it is encrypted, or why there is no connection. */
  const connect = async (server: TestPostgres, host: string, parameters: string): Promise<boolean | string> => {
    const url = `${server.url.replace('127.0.0.1', host)}?${parameters.replace('CA', file('localhost.pem')).replace('OTHER', file('other.pem'))}`;
    const database = await openDatabase({ url, connectTimeoutMs: 2000 });
    try {
      const row = await database.one<{ ssl: number }>(sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`);
      return row!.ssl === 1;
    } catch (cause) {
      return (cause as { detail: string }).detail;
    } finally {
      await database.close();
    }
  };

  test.each([
    ['sslmode=disable', 'localhost', false],
    ['sslmode=prefer', 'localhost', true],
    ['sslmode=require', '127.0.0.1', true],
    ['sslmode=verify-ca&sslrootcert=CA', '127.0.0.1', true],
    ['sslmode=verify-full&sslrootcert=CA', 'localhost', true],
  ])('%s at %s is encrypted: %p', async (parameters, host, encrypted) => {
    expect(await connect(secure, host, parameters)).toBe(encrypted);
  });

  test.each([
    ['sslmode=verify-full', 'localhost'],
    ['sslmode=verify-full&sslrootcert=OTHER', 'localhost'],
    ['sslmode=verify-full&sslrootcert=CA', '127.0.0.1'],
    ['sslmode=verify-ca&sslrootcert=OTHER', 'localhost'],
    ['sslmode=verify-ca', 'localhost'],
    ['sslmode=verify-ca&sslrootcert=/none.pem', 'localhost'],
  ])('%s at %s does not connect', async (parameters, host) => {
    const why = await connect(secure, host, parameters);
    expect(why).toBeString();
    expect(why).not.toContain('hidden');
  });

  test('a server without TLS: prefer goes on, require does not', async () => {
    expect(await connect(plain, '127.0.0.1', 'sslmode=prefer')).toBe(false);
    expect(await connect(plain, '127.0.0.1', 'sslmode=require')).toContain('does not support SSL');
  });
});
