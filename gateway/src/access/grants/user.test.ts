import { describe, expect, test } from 'bun:test';
import { masterPrincipal, type Principal } from '../principal.ts';
import { userRoles, type UserRecord } from '../records/records.ts';
import type { Stored } from '../store/stored.ts';
import { demandInvitation, demandNewUser, demandUserChange, type UserPlaces } from './user.ts';

const user = (more: Partial<UserRecord> = {}): UserRecord => ({ user_role: 'internal_user', models: [], ...more });
const stored = (data: UserRecord): Stored<UserRecord> => ({
  id: 'boss',
  version: 1,
  data,
  createdAt: 0,
  createdBy: undefined,
  updatedAt: 0,
  updatedBy: undefined,
});

/** Administers the organisation `mine`, and is an ordinary member of `other`. */
const orgAdmin = (own?: UserRecord): Principal => ({
  ...masterPrincipal,
  kind: 'key',
  role: 'internal_user',
  userId: 'boss',
  teams: new Map(),
  organizations: new Map([
    ['mine', 'org_admin'],
    ['other', 'internal_user'],
  ]),
  ...(own && { user: stored(own) }),
});
const inMine: UserPlaces = { organizations: ['mine'], teams: [] };

const paramOf = (work: () => void): string | undefined => {
  try {
    work();
  } catch (error) {
    expect(error).toMatchObject({ code: 'permission_denied' });
    return (error as { param: string }).param;
  }
  return undefined;
};

describe('FP-34: a user whom an organisation admin makes', () => {
  test.each(userRoles.map((role) => [role]))('the role %s', (user_role) => {
    const refused = paramOf(() => demandNewUser(orgAdmin(), user({ user_role }), inMine, false));
    expect(refused).toBe(user_role.startsWith('internal_user') ? undefined : 'user_role');
    expect(paramOf(() => demandNewUser(masterPrincipal, user({ user_role }), { organizations: [], teams: [] }, true))).toBeUndefined();
  });

  const cases: readonly [string, Partial<UserRecord>, UserPlaces, boolean, string | undefined][] = [
    ['in their organisation', {}, inMine, false, undefined],
    ['in no organisation', {}, { organizations: [], teams: [] }, false, 'organizations'],
    ['in one that they are only a member of', {}, { organizations: ['mine', 'other'], teams: [] }, false, 'organizations'],
    ['in a team of it', {}, { ...inMine, teams: [{ teamId: 't', organizationId: 'mine' }] }, false, undefined],
    ['in a team of another one', {}, { ...inMine, teams: [{ teamId: 't', organizationId: 'other' }] }, false, 'teams'],
    ['in a team of none', {}, { ...inMine, teams: [{ teamId: 't', organizationId: undefined }] }, false, 'teams'],
    ['with what was spent', {}, inMine, true, 'spend'],
    ['with an id at the identity provider', { sso_user_id: 'x' }, inMine, false, 'sso_user_id'],
    ['with a priority', { metadata: { priority: 'high' } }, inMine, false, 'metadata'],
    ['with a larger budget than their own', { max_budget: 11 }, inMine, false, 'max_budget'],
    ['with as large a budget', { max_budget: 10 }, inMine, false, undefined],
    ['with a model that they may not use', { models: ['gpt-4o', 'claude'] }, inMine, false, 'models'],
  ];
  test.each(cases)('%s', (_, more, places, spends, param) => {
    const own = user({ max_budget: 10, models: ['gpt-4o'] });
    expect(paramOf(() => demandNewUser(orgAdmin(own), user({ models: ['gpt-4o'], ...more }), places, spends))).toBe(param);
  });

  test('with every model, where they have only some', () => {
    expect(paramOf(() => demandNewUser(orgAdmin(user({ models: ['gpt-4o'] })), user({ models: [] }), inMine, false))).toBe('models');
  });
});

describe('FP-34: what people change of themselves', () => {
  const members = [
    'user_role',
    'user_email',
    'models',
    'max_budget',
    'budget_id',
    'metadata',
    'spend',
    'blocked',
    'object_permission',
    'tpm_limit',
  ];
  test.each(members.map((name) => [name]))('not %s', (name) => {
    expect(paramOf(() => demandUserChange(orgAdmin(), ['user_alias', name]))).toBe(name);
    expect(paramOf(() => demandUserChange(masterPrincipal, [name]))).toBeUndefined();
  });

  test('their name with a key, their password only where they are signed in', () => {
    expect(paramOf(() => demandUserChange(orgAdmin(), ['user_alias']))).toBeUndefined();
    expect(paramOf(() => demandUserChange(orgAdmin(), ['password']))).toBe('password');
    expect(paramOf(() => demandUserChange({ ...orgAdmin(), kind: 'session' }, ['password', 'user_alias']))).toBeUndefined();
  });
});

describe('FP-34: an invitation lets its holder be the user', () => {
  const cases: readonly [string, Partial<UserRecord>, UserPlaces, string | undefined][] = [
    ['of their organisation alone', {}, inMine, undefined],
    ['who administers the proxy', { user_role: 'proxy_admin' }, inMine, 'user_id'],
    ['who sees everything', { user_role: 'proxy_admin_viewer' }, inMine, 'user_id'],
    ['who has a password', { password: '$argon2id$…' }, inMine, 'user_id'],
    ['who signs in elsewhere', { sso_user_id: 'x' }, inMine, 'user_id'],
    ['of another organisation, too', {}, { organizations: ['mine', 'other'], teams: [] }, 'user_id'],
    ['of a team elsewhere, too', {}, { ...inMine, teams: [{ teamId: 't', organizationId: undefined }] }, 'user_id'],
  ];
  const invite = (by: Principal, more: Partial<UserRecord>, places: UserPlaces, createdBy: string | undefined, putBy: readonly string[]) =>
    paramOf(() => demandInvitation(by, { data: user(more), createdBy }, { ...places, putBy }));

  test.each(cases)('to a user %s', (_, more, places, param) => {
    expect(invite(orgAdmin(), more, places, 'ann', ['ann'])).toBe(param);
    expect(invite(masterPrincipal, more, places, 'ann', ['ann'])).toBeUndefined();
  });

  test('not to somebody whom others made, and who was put here since: their keys would be taken over', () => {
    expect(invite(orgAdmin(), {}, inMine, 'master_key', ['master_key', 'ann'])).toBe('user_id');
    expect(invite(orgAdmin(), {}, inMine, 'scim', ['ann'])).toBe('user_id');
    expect(invite(orgAdmin(), {}, inMine, undefined, ['ann'])).toBe('user_id');
    expect(invite(masterPrincipal, {}, inMine, 'scim', ['ann'])).toBeUndefined();
  });
});
