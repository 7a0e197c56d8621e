import { describe, expect, test } from 'bun:test';
import { loadConfig } from './load.ts';

const models = 'model_list: [{ model_name: hello, litellm_params: { model: mock/hello } }]\n';
const load = (general: string, env: Record<string, string> = {}) =>
  loadConfig(`${models}general_settings:\n${general.replace(/^/gm, '  ')}`, { file: 'test.yaml', env });
const problems = (general: string) => {
  const loaded = load(general);
  return loaded.ok ? [] : loaded.problems.map(({ path, message }) => `${path} ${message}`);
};

test('every member of litellm_jwtauth that LiteLLM has is read', () => {
  const loaded = load(
    `
enable_jwt_auth: true
litellm_jwtauth:
  admin_jwt_scope: s
  admin_allowed_routes: [a]
  team_id_jwt_field: t
  team_ids_jwt_field: ts
  team_alias_jwt_field: ta
  team_id_upsert: true
  team_id_default: d
  team_allowed_routes: [b]
  org_id_jwt_field: o
  org_alias_jwt_field: oa
  user_id_jwt_field: u
  user_email_jwt_field: e
  user_roles_jwt_field: r
  user_allowed_roles: [x]
  user_allowed_email_domain: Acme.test
  user_id_upsert: true
  end_user_id_jwt_field: c
  public_key_ttl: 60
  public_allowed_routes: [p]
  enforce_rbac: true
  roles_jwt_field: roles
  object_id_jwt_field: oid
  role_mappings: [{ role: a, internal_role: team }]
  scope_mappings: [{ scope: s, models: [m], routes: [r] }]
  enforce_scope_based_access: true
  enforce_team_based_model_access: true
  custom_validate: ./claims.ts:check
  jwt_litellm_role_map: [{ jwt_role: a, litellm_role: internal_user }]
  sync_user_role_and_teams: true
  upsert_sso_user_to_team: true
  oidc_userinfo_endpoint: https://idp.test/userinfo
  oidc_userinfo_enabled: true
  oidc_userinfo_cache_ttl: 30
  virtual_key_claim_field: azp
role_permissions: [{ role: team, models: [m], routes: [r] }]`,
    { JWT_PUBLIC_KEY_URL: 'https://idp.test/keys', JWT_AUDIENCE: 'sluice' },
  );
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  expect(loaded.snapshot.notes).toEqual([]);
  expect(loaded.snapshot.warnings).toEqual([]);
  expect(loaded.snapshot.tokens.jwt).toEqual({
    adminScope: 's',
    adminRoutes: ['a'],
    teamRoutes: ['b'],
    publicRoutes: ['p'],
    fields: { teamId: 't', teamIds: 'ts', orgId: 'o', userId: 'u', email: 'e', customerId: 'c', teamAlias: 'ta', orgAlias: 'oa' },
    teamDefault: 'd',
    makeTeams: true,
    makeUsers: true,
    userRoles: { field: 'r', allowed: ['x'] },
    emailDomain: 'acme.test',
    keysFreshMs: 60_000,
    mustBeSomebody: true,
    mustHaveTeam: true,
    rolesField: 'roles',
    objectIdField: 'oid',
    roleMappings: [{ role: 'a', as: 'team' }],
    roleMap: [{ pattern: 'a', role: 'internal_user' }],
    permissions: { team: { models: ['m'], routes: ['r'] } },
    scopes: [{ scope: 's', models: ['m'], routes: ['r'] }],
    syncUsers: true,
    joinTeam: true,
    userinfo: { url: 'https://idp.test/userinfo', freshMs: 30_000 },
    keyClaim: 'azp',
    issuers: [],
  });
  expect(loaded.snapshot.tokens.modules).toMatchObject([{ hook: 'customValidate', module: './claims.ts', name: 'check', line: 32 }]);
});

describe('what does not go together is a mistake', () => {
  const cases: [general: string, path: string, words: string][] = [
    ['litellm_jwtauth: { user_roles_jwt_field: r }', 'general_settings.litellm_jwtauth.user_allowed_roles', 'is missing'],
    ['litellm_jwtauth: { user_allowed_roles: [r] }', 'general_settings.litellm_jwtauth.user_roles_jwt_field', 'is missing'],
    ['litellm_jwtauth: { object_id_jwt_field: oid }', 'general_settings.litellm_jwtauth.role_mappings', 'is missing'],
    [
      'litellm_jwtauth: { role_mappings: [{ role: a, internal_role: team }] }',
      'general_settings.litellm_jwtauth.roles_jwt_field',
      'is missing',
    ],
    [
      'litellm_jwtauth: { role_mappings: [{ role: a, internal_role: god }], roles_jwt_field: r }',
      'general_settings.litellm_jwtauth.role_mappings[0].internal_role',
      'must be one of',
    ],
    ['litellm_jwtauth: { scope_mappings: [{ scope: a }] }', 'general_settings.litellm_jwtauth.enforce_scope_based_access', 'must be true'],
    ['litellm_jwtauth: { enforce_scope_based_access: true }', 'general_settings.litellm_jwtauth.scope_mappings', 'is missing'],
    ['litellm_jwtauth: { oidc_userinfo_enabled: true }', 'general_settings.litellm_jwtauth.oidc_userinfo_endpoint', 'is missing'],
    ['litellm_jwtauth: { issuers: [{ issuer: x }] }', 'general_settings.litellm_jwtauth.issuers[0].audience', 'is missing'],
    ['litellm_jwtauth: { user_id_jwt_feild: sub }', 'general_settings.litellm_jwtauth.user_id_jwt_feild', ''],
    [
      'enable_oauth2_proxy_auth: true\noauth2_config_mappings: { user_id: x-user }',
      'general_settings.enable_oauth2_proxy_auth',
      'trusted_proxy_ranges',
    ],
    [
      'enable_oauth2_proxy_auth: true\ntrusted_proxy_ranges: [10.0.0.1]',
      'general_settings.enable_oauth2_proxy_auth',
      'oauth2_config_mappings',
    ],
    ['oauth2_config_mappings: { user_role: x-role }', 'general_settings.oauth2_config_mappings.user_role', ''],
    ['oauth2_config_mappings: { user_id: "x user" }', 'general_settings.oauth2_config_mappings.user_id', 'must be the name of a header'],
    ['client_certificate_auth: { header: x-cert }', 'general_settings.client_certificate_auth', 'trusted_proxy_ranges'],
    ['custom_auth: custom_auth.user_api_key_auth', 'general_settings.custom_auth', 'Python'],
    ['custom_auth_settings: { mode: maybe }', 'general_settings.custom_auth_settings.mode', 'must be one of'],
  ];
  for (const [general, path, words] of cases)
    test(general.replaceAll('\n', ', '), () => {
      const found = problems(general);
      expect(found.filter((each) => each.startsWith(path) && each.includes(words))).toHaveLength(1);
    });
});

test('what is probably not meant is a warning', () => {
  const warnings = (general: string, env?: Record<string, string>) => {
    const loaded = load(general, env);
    return loaded.ok ? loaded.snapshot.warnings.map(({ message }) => message) : [];
  };
  expect(warnings('enable_jwt_auth: true')[0]).toContain('JWT_PUBLIC_KEY_URL');
  expect(warnings('enable_jwt_auth: true', { JWT_PUBLIC_KEY_URL: 'https://idp.test/keys' })[0]).toContain('JWT_AUDIENCE');
  expect(warnings('enable_jwt_auth: true', { JWT_PUBLIC_KEY_URL: 'https://idp.test/keys', JWT_AUDIENCE: 'x' })).toEqual([]);
  expect(warnings('enable_oauth2_auth: true')[0]).toContain('OAUTH_TOKEN_INFO_ENDPOINT');
});

test('headers that name the end user; who says that it is an internal user is told that it cannot', () => {
  const loaded = load(
    'user_header_name: X-User\nuser_header_mappings: [{ header_name: X-Open, litellm_user_role: customer }, { header_name: X-In, litellm_user_role: internal_user }]',
  );
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  expect(loaded.snapshot.tokens.customerHeaders).toEqual(['x-user', 'x-open']);
  expect(loaded.snapshot.notes.map(({ key }) => key)).toEqual(['general_settings.user_header_mappings']);
});
