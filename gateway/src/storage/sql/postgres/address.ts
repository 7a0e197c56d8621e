import { Secret } from 'sluice/kit';

/** How TLS is used, as libpq means it (postgresql.org/docs/current/libpq-ssl.html, read 2026-11-22). `prefer`: if the server has it. */
export type TlsMode = 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

/** Where a server is, and who we are to it. */
export interface PostgresAddress {
  /** A name, an address, or the folder of a socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: Secret;
  readonly database: string;
  readonly tls: TlsMode;
  /** The file of the certificates that are trusted; undefined: the system's. */
  readonly certificates: string | undefined;
  /** Where unqualified tables are; undefined: as the server says. */
  readonly schema: string | undefined;
  /** Of the URL, for those who have no other setting. */
  readonly poolSize: number | undefined;
  readonly connectTimeoutMs: number | undefined;
}

const tlsModes: Readonly<Record<string, TlsMode>> = {
  disable: 'disable',
  allow: 'prefer',
  prefer: 'prefer',
  require: 'require',
  'verify-ca': 'verify-ca',
  'verify-full': 'verify-full',
};

const parameters = ['host', 'sslmode', 'sslrootcert', 'connect_timeout', 'connection_limit', 'schema'];
const shape = 'postgres://user:password@host:5432/name';

/**
 * Reads `postgres://user:password@host:5432/name`. Parameters: `host` (the folder of a socket), `sslmode` (`disable` unless
 * said), `sslrootcert`, `connect_timeout` (seconds), `connection_limit`, `schema`.
 * @throws Error that says what is wrong and shows nothing of the URL, which holds a password
 */
export const parsePostgresUrl = (secret: Secret): PostgresAddress => {
  const url = URL.parse(secret.reveal());
  if (!url)
    throw new Error(`The URL of the database is none. It looks like ${shape}; one host is named, and a password is percent-encoded.`);
  if (url.hash !== '') throw new Error('The URL of the database has a # in it. In a password it is written %23.');
  const given = new Map<string, string>();
  for (const [name, value] of url.searchParams) {
    if (!parameters.includes(name))
      throw new Error(`The URL of the database has a parameter that is not known. Known are ${parameters.join(', ')}.`);
    if (given.has(name)) throw new Error(`The URL of the database has ${name} twice.`);
    given.set(name, value);
  }
  const database = decoded(url.pathname.slice(1));
  if (database === '' || database.includes('/')) throw new Error(`The URL of the database must name the database: ${shape}.`);
  if (url.username === '') throw new Error(`The URL of the database must name a user: ${shape}.`);
  const tls = tlsModes[given.get('sslmode') ?? 'disable'];
  if (!tls) throw new Error(`sslmode in the URL of the database is one of ${Object.keys(tlsModes).join(', ')}.`);
  const certificates = given.get('sslrootcert');
  const connectSeconds = whole('connect_timeout', given.get('connect_timeout'));
  return {
    host: given.get('host') ?? (decoded(url.hostname).replace(/^\[(.*)\]$/, '$1') || 'localhost'),
    port: url.port === '' ? 5432 : Number(url.port),
    user: decoded(url.username),
    password: new Secret(decoded(url.password)),
    database,
    // A certificate that is named is meant to be checked, as libpq does it.
    tls: tls === 'require' && certificates !== undefined ? 'verify-ca' : tls,
    certificates: certificates === 'system' ? undefined : certificates,
    schema: given.get('schema'),
    poolSize: whole('connection_limit', given.get('connection_limit')),
    connectTimeoutMs: connectSeconds === undefined ? undefined : connectSeconds * 1000,
  };
};

const whole = (name: string, value: string | undefined): number | undefined => {
  if (value === undefined) return undefined;
  if (!/^[1-9]\d{0,3}$/.test(value)) throw new Error(`${name} in the URL of the database is a whole number from 1 to 9999.`);
  return Number(value);
};

/** A password with a bare `%` is meant as it is. */
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
