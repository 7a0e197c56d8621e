import { describe, expect, test } from 'bun:test';
import { permissions, permits, teamMemberPermissions, usualMemberPermissions, type Action } from './permissions.ts';
import { masterPrincipal, openPrincipal, type Principal } from './principal.ts';
import type { KeyRecord, UserRole } from './records/records.ts';
import { relations, relationsTo, type Owned, type Relation } from './relations.ts';

const person = (role: UserRole | undefined, more: Partial<Principal> = {}): Principal => ({
  ...masterPrincipal,
  kind: 'key',
  role,
  userId: 'ada',
  ...more,
});
const keyOf = (id: string): Principal['key'] => ({
  id,
  version: 1,
  data: { key_name: 'sk-...1234', models: [] } satisfies KeyRecord,
  createdAt: 0,
  createdBy: undefined,
  updatedAt: 0,
  updatedBy: undefined,
});

const to = (principal: Principal, owned: Owned, permitted = false): string =>
  [...relationsTo(principal, owned, () => permitted)].toSorted().join(' ');

describe('what a caller is to a thing', () => {
  test('nobody in particular, to what is the proxy’s', () => {
    expect(to(openPrincipal, {})).toBe('anyone');
    expect(to(masterPrincipal, {})).toBe('anyone proxy_admin');
    expect(to(person('proxy_admin'), {})).toBe('anyone internal_user proxy_admin');
    expect(to(person('proxy_admin_viewer'), {})).toBe('anyone proxy_admin_viewer viewer');
    expect(to(person('internal_user'), {})).toBe('anyone internal_user');
    expect(to(person('internal_user_viewer'), {})).toBe('anyone viewer');
    expect(to(person(undefined), {})).toBe('anyone');
  });

  test('what belongs to nobody is nobody’s own: things without a user, callers without one', () => {
    for (const owned of [{ userId: undefined }, { userId: null }, { teamId: null }, { organizationId: null }])
      expect(to(person('internal_user'), owned)).toBe('anyone internal_user');
    for (const userId of [undefined, null])
      expect(to({ ...person('internal_user'), userId: undefined }, { userId, teamId: 't' })).toBe('anyone');
    expect(to(person(undefined), { userId: 'ada' })).toBe('anyone');
  });

  test('their own, and the key that they came with', () => {
    expect(to(person('internal_user'), { userId: 'ada' })).toBe('anyone internal_user owner self');
    expect(to(person('internal_user_viewer'), { userId: 'ada' })).toBe('anyone self viewer');
    expect(to(person('internal_user'), { userId: 'bob' })).toBe('anyone internal_user');
    expect(to({ ...person(undefined), userId: undefined, key: keyOf('k') }, { keyId: 'k' })).toBe('anyone itself');
    expect(to({ ...person(undefined), userId: undefined, key: keyOf('k') }, { keyId: 'other' })).toBe('anyone');
    expect(to({ ...person(undefined), userId: undefined }, { keyId: undefined })).toBe('anyone');
  });

  test('what their place in its team and organization is, and in no other', () => {
    const places = person('internal_user', {
      teams: new Map([
        ['blue', 'admin'],
        ['red', 'user'],
      ]),
      organizations: new Map([
        ['acme', 'org_admin'],
        ['other', 'internal_user'],
      ]),
    });
    expect(to(places, { teamId: 'blue' })).toBe('anyone internal_user team_admin team_member');
    expect(to(places, { teamId: 'red' })).toBe('anyone internal_user team_member');
    expect(to(places, { teamId: 'red' }, true)).toBe('anyone internal_user team_member team_permission');
    expect(to(places, { teamId: 'green' }, true)).toBe('anyone internal_user');
    expect(to(places, { organizationId: 'acme' })).toBe('anyone internal_user org_admin org_member');
    expect(to(places, { organizationId: 'other' })).toBe('anyone internal_user org_member');
    expect(to(places, { organizationId: 'acme', teamId: 'green' })).toBe('anyone internal_user org_admin org_member');
    // A key that says which team it is of gives no place in it.
    expect(to({ ...person('internal_user'), teamId: 'blue' }, { teamId: 'blue' }, true)).toBe('anyone internal_user');
  });
});

describe('the table', () => {
  const actions = Object.keys(permissions) as Action[];

  test('has rows for somebody, made of relations that there are', () => {
    for (const action of actions) {
      expect(permissions[action].length).toBeGreaterThan(0);
      for (const relation of permissions[action]) expect(relations).toContain(relation);
    }
  });

  test('lets proxy admins do everything', () => {
    const all = relationsTo(person('proxy_admin'), {}, () => false);
    for (const action of actions) expect([action, permits(action, all)]).toEqual([action, true]);
  });

  test('lets nobody do anything by being nothing to it', () => {
    for (const action of actions) {
      const open = (permissions[action] as readonly Relation[]).includes('anyone');
      expect([action, permits(action, new Set()), permits(action, new Set<Relation>(['anyone']))]).toEqual([action, false, open]);
    }
  });

  test('lets viewers look and nothing else, whatever they are beside that', () => {
    const everything = new Set(relations.filter((relation) => relation !== 'proxy_admin'));
    const changes = actions.filter((action) =>
      /\.(create|update|delete|write|block|members|regenerate|reset_spend|rotate|invite|join|models|permissions|test|use)$/.test(action),
    );
    const own = new Set(everything);
    own.delete('viewer');
    expect(changes.filter((action) => permits(action, own)).length).toBeGreaterThan(20);
    for (const action of changes) expect([action, permits(action, everything)]).toEqual([action, false]);
    for (const action of ['key.see', 'team.see', 'organization.see', 'user.see', 'key.list'] as const)
      expect([action, permits(action, everything)]).toEqual([action, true]);
  });

  test('names what a team may let its members do', () => {
    for (const action of Object.values(teamMemberPermissions)) {
      const row: readonly Relation[] = permissions[action];
      // Blocking and setting back are for admins, whatever a team says; LiteLLM lists them all the same.
      expect([
        action,
        row.includes('team_permission') || row.includes('anyone') || ['key.block', 'key.reset_spend'].includes(action),
      ]).toEqual([action, true]);
    }
    for (const usual of usualMemberPermissions) expect(Object.keys(teamMemberPermissions)).toContain(usual);
  });
});
