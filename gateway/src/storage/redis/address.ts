import { Secret } from 'sluice/kit';

/** Where a server is, and who we are to it. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: Secret;
  readonly db: number;
}

const schemes: Readonly<Record<string, { tls: boolean }>> = {
  'redis:': { tls: false },
  'rediss:': { tls: true },
  'valkey:': { tls: false },
  'valkeys:': { tls: true },
};

/**
 * Reads `redis://user:password@host:6379/0` (`rediss://` for TLS; Valkey's own names as well).
 * @throws Error that says what is wrong and shows nothing of the URL, which holds a password
 */
export const parseRedisUrl = (secret: Secret): RedisAddress => {
  const url = URL.parse(secret.reveal());
  if (!url) throw new Error('The Redis URL is none. It looks like redis://user:password@host:6379/0.');
  const scheme = schemes[url.protocol];
  if (!scheme) throw new Error('The Redis URL must begin with redis://, rediss://, valkey:// or valkeys://.');
  const path = url.pathname.replace(/^\//, '');
  if (!/^\d{0,5}$/.test(path)) throw new Error('The path of the Redis URL must be the number of a database, such as /0.');
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1') || '127.0.0.1',
    port: url.port === '' ? 6379 : Number(url.port),
    tls: scheme.tls,
    ...(url.username !== '' && { username: decoded(url.username) }),
    ...(url.password !== '' && { password: new Secret(decoded(url.password)) }),
    db: Number(path),
  };
};

/** For the client alone: it holds the password. */
export const urlOf = ({ host, port, tls, username = '', password, db }: RedisAddress): string => {
  const user = password || username !== '' ? `${encodeURIComponent(username)}:${encodeURIComponent(password?.reveal() ?? '')}@` : '';
  return `redis${tls ? 's' : ''}://${user}${hostAndPort(host, port)}/${db}`;
};

/** A name for logs and maps. */
export const hostAndPort = (host: string, port: number): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** A password with a bare `%` is meant as it is. */
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
