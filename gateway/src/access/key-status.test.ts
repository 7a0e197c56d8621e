import { expect, test } from 'bun:test';
import { SluiceError } from 'sluice/kit';
import { demandGood } from './key-status.ts';
import { masterPrincipal, type Principal } from './principal.ts';
import type { KeyRecord } from './records/records.ts';
import type { Stored } from './store/stored.ts';

const stored = <T>(data: T): Stored<T> => ({
  id: 'id',
  version: 1,
  data,
  createdAt: 0,
  createdBy: undefined,
  updatedAt: 0,
  updatedBy: undefined,
});

const withKey = (key: Partial<KeyRecord>, rest: Partial<Principal> = {}): Principal => ({
  ...masterPrincipal,
  kind: 'key',
  role: 'internal_user',
  key: stored({ key_name: 'sk-...1234', models: [], ...key }),
  ...rest,
});

const now = 1_000_000;
/** What it says, or undefined where there is nothing against it. */
const against = (principal: Principal, address?: string): unknown => {
  try {
    demandGood(principal, now, () => address);
  } catch (cause) {
    return SluiceError.is(cause) ? [cause.status, cause.type, cause.message] : cause;
  }
  return undefined;
};

test('a good key is good', () => {
  expect(against(masterPrincipal)).toBeUndefined();
  expect(against(withKey({}))).toBeUndefined();
  expect(against(withKey({ blocked: false, expires_at: now + 1, allowed_ips: [] }))).toBeUndefined();
  expect(against(withKey({ blocked: null, expires_at: null, allowed_ips: null }))).toBeUndefined();
});

test('a blocked key is told so, and what to do', () => {
  expect(against(withKey({ blocked: true }))).toEqual([401, 'auth_error', expect.stringContaining('sk-...1234 is blocked')]);
});

test('a key ends at its moment, not after it', () => {
  expect(against(withKey({ expires_at: now }))).toEqual([401, 'expired_key', expect.stringContaining('1970-01-01T00:16:40.000Z')]);
  expect(against(withKey({ expires_at: 0 }))).toEqual([401, 'expired_key', expect.any(String)]);
});

test('a key with addresses is good there alone, and nowhere if it is not known where', () => {
  const key = withKey({ allowed_ips: ['10.0.0.0/8', '2001:db8::1'] });
  expect([against(key, '10.1.2.3'), against(key, '::ffff:10.1.2.3'), against(key, '2001:db8::1')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  for (const elsewhere of ['11.0.0.1', '2001:db8::2', undefined, ''])
    expect(against(key, elsewhere)).toEqual([403, undefined, expect.stringContaining('may not be used from this address')]);
});

test('what belongs to something that is gone is nobody’s', () => {
  for (const [member, what] of [
    ['team_id', 'team'],
    ['project_id', 'project'],
    ['organization_id', 'organization'],
  ] as const)
    expect(against(withKey({ [member]: 'gone' }))).toEqual([401, 'auth_error', expect.stringContaining(`${what} that is gone`)]);
  // LiteLLM's clients give any user id, for spend to be counted under.
  expect(against(withKey({ user_id: 'nobody' }, { role: undefined }))).toBeUndefined();
});

test('nobody in its line is blocked', () => {
  const team = stored({ models: [], blocked: true, team_alias: 'Blue' });
  const project = stored({ team_id: 't', models: [], blocked: true });
  const user = stored({ user_role: 'internal_user' as const, models: [], blocked: true });
  expect(against(withKey({ team_id: 'id' }, { team }))).toEqual([401, 'auth_error', 'The team "Blue" is blocked.']);
  expect(against(withKey({ project_id: 'id' }, { project }))).toEqual([401, 'auth_error', 'The project "id" is blocked.']);
  expect(against(withKey({}, { user }))).toEqual([401, 'auth_error', 'The user "id" is blocked.']);
  // Also without a key: a session, a token.
  expect(against({ ...masterPrincipal, kind: 'session', user })).toEqual([401, 'auth_error', 'The user "id" is blocked.']);
});
