import { describe, expect, test } from 'bun:test';
import { parse } from 'yaml';
import { generalSettings } from '../../config/schema/general-settings.ts';
import { tokenSettings } from '../../config/token-settings.ts';
import { readClaims, type Said } from './read-claims.ts';

const settingsOf = (jwtauth: string, general = '') =>
  tokenSettings(generalSettings.parse(parse(`enable_jwt_auth: true\nlitellm_jwtauth: { ${jwtauth} }\n${general}`) as unknown)).jwt!;

const read = (jwtauth: string, claims: Record<string, unknown>, general?: string) => readClaims(claims, settingsOf(jwtauth, general));

describe('what claims mean', () => {
  const cases: [name: string, settings: string, claims: Record<string, unknown>, said: Partial<Said>][] = [
    [
      'a user by id',
      'user_id_jwt_field: sub',
      { sub: 'ada' },
      { as: 'internal_user', userId: 'ada', role: undefined, routes: undefined, teamIds: [] },
    ],
    ['a user by number', 'user_id_jwt_field: uid', { uid: 7 }, { userId: '7' }],
    [
      'a user by e-mail address',
      'user_email_jwt_field: email',
      { email: 'Ada@Acme.test' },
      { as: 'internal_user', userId: 'ada@acme.test', email: 'ada@acme.test' },
    ],
    [
      'an unproved address finds nobody',
      'user_id_jwt_field: sub, user_email_jwt_field: email',
      { sub: 'a', email: 'x@y.z', email_verified: false },
      { userId: 'a', email: undefined },
    ],
    ['a nested claim', 'user_id_jwt_field: a.b.c', { a: { b: { c: 'ada' } } }, { userId: 'ada' }],
    ['a claim with dots', "user_id_jwt_field: 'https://acme.test/id'", { 'https://acme.test/id': 'ada' }, { userId: 'ada' }],
    ['a nested claim below one with dots', "user_id_jwt_field: 'acme.test/x.id'", { 'acme.test/x': { id: 'ada' } }, { userId: 'ada' }],
    ['nothing of the prototype', 'user_id_jwt_field: constructor.name', {}, { userId: undefined, as: undefined }],
    [
      'a team',
      'team_id_jwt_field: client_id',
      { client_id: 'ops' },
      { as: 'team', teamIds: ['ops'], routes: ['llm_api_routes', 'info_routes'] },
    ],
    ['a team of a list', 'team_id_jwt_field: groups', { groups: ['ops', 'dev'] }, { teamIds: ['ops'] }],
    [
      'teams',
      'team_ids_jwt_field: groups',
      { groups: ['ops', 'dev', 3] },
      { as: 'team', teamIds: ['ops', 'dev'], allTeamIds: ['ops', 'dev'] },
    ],
    ['an id with a comma is one team', 'team_ids_jwt_field: groups', { groups: 'CN=ops,OU=x' }, { teamIds: ['CN=ops,OU=x'] }],
    ['a team by name', 'team_alias_jwt_field: team', { team: 'Ops' }, { as: 'team', teamAlias: 'Ops', teamIds: [] }],
    [
      'an id wins over a name',
      'team_alias_jwt_field: team, team_id_jwt_field: tid',
      { team: 'Ops', tid: 't1' },
      { teamIds: ['t1'], teamAlias: undefined },
    ],
    ['the usual team', 'user_id_jwt_field: sub, team_id_default: all', { sub: 'ada' }, { as: 'team', teamIds: ['all'], userId: 'ada' }],
    ['an organisation', 'user_id_jwt_field: sub, org_id_jwt_field: org', { sub: 'a', org: 'o1' }, { organizationId: 'o1' }],
    [
      'an organisation by name',
      'user_id_jwt_field: sub, org_alias_jwt_field: org',
      { sub: 'a', org: 'Acme' },
      { organizationAlias: 'Acme', organizationId: undefined },
    ],
    ['an end user', 'user_id_jwt_field: sub, end_user_id_jwt_field: cust', { sub: 'a', cust: 'c1' }, { customerId: 'c1' }],
    [
      'an admin by scope',
      'user_id_jwt_field: sub',
      { sub: 'a', scope: 'x litellm_proxy_admin' },
      { as: 'proxy_admin', role: 'proxy_admin', userId: 'a', teamIds: [] },
    ],
    [
      'an admin by a list of scopes',
      'admin_jwt_scope: boss, admin_allowed_routes: [/key/*]',
      { scope: ['boss'] },
      { as: 'proxy_admin', routes: ['/key/*'] },
    ],
    [
      'no admin by a part of a scope',
      'user_id_jwt_field: sub',
      { sub: 'a', scope: 'litellm_proxy_admin_x' },
      { as: 'internal_user', role: undefined },
    ],
    ['nobody', 'user_id_jwt_field: sub', { scope: 'x' }, { as: undefined, routes: ['public_routes'] }],
    [
      'an object that a role says is a team',
      'object_id_jwt_field: oid, roles_jwt_field: roles, role_mappings: [{ role: consumer, internal_role: team }]',
      { oid: 'o', roles: ['x', 'consumer'] },
      { as: 'team', teamIds: ['o'], userId: undefined, byRole: true },
    ],
    [
      'an object that a role says is a user',
      'object_id_jwt_field: oid, roles_jwt_field: roles, role_mappings: [{ role: person, internal_role: internal_user }]',
      { oid: 'o', roles: 'person other' },
      { as: 'internal_user', userId: 'o', role: 'internal_user', byRole: true },
    ],
    [
      'an admin by role, nested',
      'roles_jwt_field: resource_access.sluice.roles, role_mappings: [{ role: boss, internal_role: proxy_admin }]',
      { resource_access: { sluice: { roles: ['boss'] } } },
      { as: 'proxy_admin', role: 'proxy_admin' },
    ],
    [
      "a user's role by pattern",
      'user_id_jwt_field: sub, roles_jwt_field: roles, jwt_litellm_role_map: [{ jwt_role: ADMIN_*, litellm_role: proxy_admin_viewer }]',
      { sub: 'a', roles: ['ADMIN_X'] },
      { role: 'proxy_admin_viewer', as: 'internal_user' },
    ],
    [
      'models by scope',
      'user_id_jwt_field: sub, enforce_scope_based_access: true, scope_mappings: [{ scope: a, models: [m1] }, { scope: b, models: [m2], routes: [/v1/x] }]',
      { sub: 'a', scope: 'a b' },
      { models: ['m1', 'm2'], routes: undefined },
    ],
    [
      'no scope, no models',
      'user_id_jwt_field: sub, enforce_scope_based_access: true, scope_mappings: [{ scope: a, models: [m1] }]',
      { sub: 'a' },
      { models: [] },
    ],
  ];
  for (const [name, settings, claims, said] of cases)
    test(name, () => {
      const found: Partial<Said> = read(settings, claims);
      expect(Object.fromEntries(Object.keys(said).map((key) => [key, found[key as keyof Said]]))).toEqual(said);
    });

  test('a role and scopes allow what both allow', () => {
    const general = 'role_permissions: [{ role: team, models: [gpt-*, claude], routes: [/v1/chat/completions] }]';
    const settings = 'team_id_jwt_field: t, enforce_scope_based_access: true, scope_mappings: [{ scope: s, models: [gpt-4o, gemini] }]';
    expect(read(settings, { t: 'ops', scope: 's' }, general)).toMatchObject({ models: ['gpt-4o'], routes: ['/v1/chat/completions'] });
  });
});

describe('what is not enough', () => {
  const cases: [name: string, settings: string, claims: Record<string, unknown>, words: string][] = [
    ['another domain', 'user_email_jwt_field: email, user_allowed_email_domain: acme.test', { email: 'a@evil.test' }, 'domain'],
    ['a longer domain', 'user_email_jwt_field: email, user_allowed_email_domain: acme.test', { email: 'a@xacme.test' }, 'domain'],
    ['two domains', 'user_email_jwt_field: email, user_allowed_email_domain: acme.test', { email: 'a@evil.test@acme.test' }, 'domain'],
    ['no address', 'user_id_jwt_field: sub, user_allowed_email_domain: acme.test', { sub: 'a' }, 'domain'],
    [
      'an address nobody has checked',
      'user_email_jwt_field: email, user_allowed_email_domain: acme.test',
      { email: 'a@acme.test', email_verified: false },
      'domain',
    ],
    ['no role', 'user_id_jwt_field: sub, user_roles_jwt_field: roles, user_allowed_roles: [dev]', { sub: 'a', roles: ['ops'] }, 'roles'],
    ['no team where one is named', 'team_id_jwt_field: t', { sub: 'a' }, 'names no team'],
    ['no team where there must be one', 'user_id_jwt_field: sub, enforce_team_based_model_access: true', { sub: 'a' }, 'names no team'],
    ['nobody where there must be somebody', 'user_id_jwt_field: sub, enforce_rbac: true', {}, 'enforce_rbac'],
  ];
  for (const [name, settings, claims, words] of cases) test(name, () => expect(() => read(settings, claims)).toThrow(words));

  test('enforce_rbac is also a setting of its own', () =>
    expect(() => read('user_id_jwt_field: sub', {}, 'enforce_rbac: true')).toThrow('enforce_rbac'));
});
