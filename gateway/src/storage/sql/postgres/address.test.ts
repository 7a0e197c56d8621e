import { describe, expect, test } from 'bun:test';
import { Secret } from 'sluice/kit';
import { parsePostgresUrl } from './address.ts';

const parse = (url: string) => {
  const { password, ...rest } = parsePostgresUrl(new Secret(url));
  return { ...rest, password: password.reveal() };
};

describe('parsePostgresUrl', () => {
  test('what is not said is as usual', () => {
    expect(parse('postgres://me@db.example.com/data')).toEqual({
      host: 'db.example.com',
      port: 5432,
      user: 'me',
      password: '',
      database: 'data',
      tls: 'disable',
      certificates: undefined,
      schema: undefined,
      poolSize: undefined,
      connectTimeoutMs: undefined,
    });
  });

  test('all that can be said', () => {
    const url =
      'postgresql://m%40e:p%40%2F%3A%23%3Fss@[::1]:6543/my%20data?sslmode=verify-full&sslrootcert=/ca.pem&connect_timeout=3&connection_limit=7&schema=s';
    expect(parse(url)).toEqual({
      host: '::1',
      port: 6543,
      user: 'm@e',
      password: 'p@/:#?ss',
      database: 'my data',
      tls: 'verify-full',
      certificates: '/ca.pem',
      schema: 's',
      poolSize: 7,
      connectTimeoutMs: 3000,
    });
    expect(parse('postgres://me:50%@h/d').password).toBe('50%');
    expect(parse('postgres://me@localhost/d?host=/run/postgresql').host).toBe('/run/postgresql');
    expect(parse('postgres://me@%2Frun%2Fpostgresql/d').host).toBe('/run/postgresql');
    expect(parse('postgres://me@h/d?sslmode=allow').tls).toBe('prefer');
    expect(parse('postgres://me@h/d?sslmode=require').tls).toBe('require');
    expect(parse('postgres://me@h/d?sslmode=require&sslrootcert=/ca.pem').tls).toBe('verify-ca');
    expect(parse('postgres://me@h/d?sslmode=verify-full&sslrootcert=system').certificates).toBeUndefined();
  });

  test.each([
    ['postgres://', 'name'],
    ['postgres://me:hidden@h', 'must name the database'],
    ['postgres://me:hidden@h/a/b', 'must name the database'],
    ['postgres://h/d', 'must name a user'],
    ['postgres://me:hidden@a:1,b:2/d', 'one host'],
    ['postgres://me:hid#den@h/d', ''],
    ['postgres://me:hidden@h/d#x', '%23'],
    ['postgres://me:hidden@h:99999/d', 'none'],
    ['postgres://me:hidden@h/d?sslmode=maybe', 'sslmode'],
    ['postgres://me:hidden@h/d?pgbouncer=true', 'not known. Known are'],
    ['postgres://me:hidden@h/d?sslmode=require&sslmode=disable', 'twice'],
    ['postgres://me:hidden@h/d?connect_timeout=0', 'connect_timeout'],
    ['postgres://me:hidden@h/d?connection_limit=-1', 'connection_limit'],
  ])('%s is refused, and not shown', (url, words) => {
    const failure = (() => {
      try {
        return parse(url);
      } catch (cause) {
        return cause;
      }
    })();
    expect(failure).toBeInstanceOf(Error);
    expect(String(failure)).toContain(words);
    expect(String(failure)).not.toMatch(/hid|den@/);
  });
});
