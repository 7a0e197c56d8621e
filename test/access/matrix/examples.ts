import type { Owned } from '../../../gateway/src/access/relations.ts';
import type { Principal } from '../../../gateway/src/access/principal.ts';
import { mayDo } from './expected.ts';
import type { Place } from './places.ts';

/** A request, and whose things it is about by the table. */
export interface Asked {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Whose things. `listed`: of all there are, those that may be seen; who may see none of them gets none. */
  readonly about: readonly Owned[] | 'listed';
  /** Says it where no row of the table can: who may list users administers something. */
  readonly may?: (principal: Principal) => boolean;
}

/** What the caller's own things are called. */
export interface Self {
  readonly userId: string;
  /** Where they are. */
  readonly organizationId?: string | undefined;
  readonly spareKey: string;
  readonly spareKeyId: string;
}

export interface Example {
  /** Of things in a tenant. */
  readonly at?: (place: Place) => Asked;
  /** Of the caller's own. */
  readonly own?: (self: Self) => Asked;
  /** Of the proxy's, or of nobody's. */
  readonly once?: Asked;
  /** Nobody calls it here who may, and why. */
  readonly refusedOnly?: string;
}

const proxys: Asked = { about: [{}] };
const listed: Asked = { about: 'listed' };

// A thing that is not there is nobody's but the proxy's.
const team = ({ missing, organizationId, teamId }: Place): Owned[] => [missing ? {} : { organizationId, teamId }];
const organization = ({ missing, organizationId }: Place): Owned[] => [missing ? {} : { organizationId }];
const keyIn = ({ missing, organizationId, teamId, userId, keyId }: Place): Owned[] => [
  missing ? {} : { organizationId, teamId, userId, keyId },
];
const user = ({ missing, organizationId, userId }: Place): Owned[] => [missing ? {} : { organizationId, userId }];

const ofTeam = (more: object = {}): Example => ({ at: (place) => ({ body: { team_id: place.teamId, ...more }, about: team(place) }) });
const ofOrganization = (more: object = {}): Example => ({
  at: (place) => ({ body: { organization_id: place.organizationId, ...more }, about: organization(place) }),
});
const ofKey = (make: (key: string) => Omit<Asked, 'about'>): Example => ({
  at: (place) => ({ ...make(place.key), about: keyIn(place) }),
  own: ({ userId, spareKey, spareKeyId }) => ({ ...make(spareKey), about: [{ userId, keyId: spareKeyId }] }),
});
const ofUser = (make: (userId: string) => Omit<Asked, 'about'>): Example => ({
  at: (place) => ({ ...make(place.userId), about: user(place) }),
  own: ({ userId, organizationId }) => ({ ...make(userId), about: [{ userId, organizationId }] }),
});
/** What is a person's alone, whatever they are in. */
const ofPerson = (make: (userId: string) => Omit<Asked, 'about'>): Example => ({
  at: ({ missing, userId }) => ({ ...make(userId), about: [missing ? {} : { userId }] }),
  own: ({ userId }) => ({ ...make(userId), about: [{ userId }] }),
});
const admins = (asked: Omit<Asked, 'about'> = {}, more: Omit<Example, 'once'> = {}): Example => ({
  once: { ...asked, about: [{}] },
  ...more,
});
const named = (name: string, value: string, rest: Omit<Asked, 'about'> = {}): Example => admins({ params: { [name]: value }, ...rest });

/** Who may list users administers the proxy, an organization or a team. */
const administersSomething = (principal: Principal): boolean =>
  [
    {},
    ...[...principal.organizations.keys()].map((organizationId) => ({ organizationId })),
    ...[...principal.teams.keys()].map((teamId) => ({ teamId })),
  ].some((owned) => mayDo(principal, 'user.list', [owned]));

const scim = (asked: Omit<Asked, 'about'> = {}): Example => admins(asked);
const patchOf = { Operations: [{ op: 'replace', path: 'displayName', value: 'x' }] };

/** One request for each route of the admin API that is not open to anybody. A route without one fails the matrix. */
export const examples: Readonly<Record<string, Example>> = {
  'POST /key/generate': {
    at: (place) => ({ body: { team_id: place.teamId }, about: team(place) }),
    own: ({ userId }) => ({ body: { user_id: userId }, about: [{ userId }] }),
  },
  'POST /key/service-account/generate': ofTeam(),
  'POST /key/update': ofKey((key) => ({ body: { key, metadata: { a: 1 } } })),
  'POST /key/bulk_update': { once: { body: { keys: [{ key: 'nowhere' }] }, about: 'listed' } },
  'POST /team/key/bulk_update': ofTeam({ key_ids: ['nowhere'], update_fields: { metadata: { a: 1 } } }),
  'POST /key/delete': ofKey((key) => ({ body: { keys: [key] } })),
  'GET /key/info': ofKey((key) => ({ query: { key } })),
  'POST /v2/key/info': { once: { body: {}, about: 'listed' } },
  // Without a type, another person's key gets its new secret from themselves and proxy admins alone (`grants/key.ts`).
  'POST /key/regenerate': ofKey((key) => ({ body: { key, key_type: 'llm_api' } })),
  'POST /key/{key:path}/reset_spend': ofKey((key) => ({ params: { 'key:path': key }, body: { reset_to: 0 } })),
  'GET /key/list': { once: listed },
  'GET /key/aliases': { once: listed },
  'POST /key/block': ofKey((key) => ({ body: { key } })),
  'POST /key/unblock': ofKey((key) => ({ body: { key } })),
  'POST /key/health': { once: proxys },

  'POST /team/new': { at: (place) => ({ body: { organization_id: place.organizationId }, about: organization(place) }) },
  'POST /team/update': ofTeam({ metadata: { a: 1 } }),
  'PATCH /team/{team_id:path}': {
    at: (place) => ({ params: { 'team_id:path': place.teamId }, body: { metadata: { a: 1 } }, about: team(place) }),
  },
  'POST /team/delete': { at: (place) => ({ body: { team_ids: [place.teamId] }, about: team(place) }) },
  'GET /team/info': { at: (place) => ({ query: { team_id: place.teamId }, about: team(place) }) },
  'GET /team/list': { once: listed },
  'GET /v2/team/list': { once: listed },
  'GET /team/filter/ui': { once: listed },
  'GET /team/available': { once: listed },
  'POST /team/block': ofTeam(),
  'POST /team/unblock': ofTeam(),
  'POST /team/member_add': {
    at: (place) => ({ body: { team_id: place.teamId, member: { user_id: `${place.name}-new`, role: 'user' } }, about: team(place) }),
  },
  'POST /team/bulk_member_add': {
    at: (place) => ({ body: { team_id: place.teamId, members: [{ user_id: `${place.name}-new`, role: 'user' }] }, about: team(place) }),
  },
  'POST /team/member_update': {
    at: (place) => ({ body: { team_id: place.teamId, user_id: place.userId, max_budget_in_team: 1 }, about: team(place) }),
  },
  'POST /team/member_delete': { at: (place) => ({ body: { team_id: place.teamId, user_id: place.userId }, about: team(place) }) },
  'GET /team/{team_id:path}/members/me': { at: (place) => ({ params: { 'team_id:path': place.teamId }, about: team(place) }) },
  'POST /team/model/add': ofTeam({ models: ['gpt-4o'] }),
  'POST /team/model/delete': ofTeam({ models: ['gpt-4o'] }),
  'GET /team/permissions_list': { at: (place) => ({ query: { team_id: place.teamId }, about: team(place) }) },
  'POST /team/permissions_update': ofTeam({ team_member_permissions: ['/key/info'] }),
  'POST /team/permissions_bulk_update': {
    at: (place) => ({ body: { permissions: ['/key/info'], team_ids: [place.teamId] }, about: team(place) }),
  },

  'POST /model/new': {
    at: (place) => ({
      body: {
        model_name: 'new-one',
        litellm_params: { model: 'mock/hello', api_key: 'of the team' },
        model_info: { team_id: place.teamId },
      },
      about: team(place),
    }),
    once: { body: { model_name: 'new-one', litellm_params: { model: 'mock/hello' } }, about: [{}] },
  },
  'POST /model/update': {
    at: (place) => ({
      body: { model_info: { id: place.modelId }, litellm_params: { api_key: 'of the team', rpm: 3 } },
      about: team(place),
    }),
  },
  'PATCH /model/{model_id:path}/update': {
    at: (place) => ({
      params: { 'model_id:path': place.modelId },
      body: { litellm_params: { api_key: 'of the team', rpm: 3 } },
      about: team(place),
    }),
  },
  'POST /model/delete': { at: (place) => ({ body: { id: place.modelId }, about: team(place) }) },
  'POST /model/block': { at: (place) => ({ body: { model_id: place.modelId }, about: team(place) }) },
  'POST /model/unblock': {
    // It may be a proxy admin who blocked it.
    at: (place) => ({ body: { model_id: place.modelId }, about: team(place), may: ({ role }) => role === 'proxy_admin' }),
  },
  'GET /v2/model/info': { once: listed },
  'POST /access_group/new': admins({ body: { access_group: 'g', model_names: ['gpt-4o'] } }),
  'PUT /access_group/{access_group:path}/update': named('access_group:path', 'g', { body: { model_names: ['gpt-4o'] } }),
  'DELETE /access_group/{access_group:path}/delete': named('access_group:path', 'g'),
  'GET /access_group/list': { once: listed },
  'GET /access_group/{access_group:path}/info': { once: { params: { 'access_group:path': 'nowhere' }, about: 'listed' } },
  'POST /model_group/make_public': admins({ body: { model_groups: [] } }),
  'GET /model/settings': admins(),

  'POST /organization/new': admins({ body: { organization_alias: 'New' } }),
  'PATCH /organization/update': ofOrganization({ metadata: { a: 1 } }),
  'DELETE /organization/delete': admins({ body: { organization_ids: ['nowhere-org'] } }),
  'GET /organization/list': { once: listed },
  'GET /organization/info': { at: (place) => ({ query: { organization_id: place.organizationId }, about: organization(place) }) },
  'POST /organization/info': { at: (place) => ({ body: { organizations: [place.organizationId] }, about: organization(place) }) },
  'POST /organization/member_add': {
    at: (place) => ({
      body: { organization_id: place.organizationId, member: { user_id: `${place.name}-new`, role: 'internal_user' } },
      about: organization(place),
    }),
  },
  'PATCH /organization/member_update': {
    at: (place) => ({
      body: { organization_id: place.organizationId, user_id: place.userId, role: 'internal_user' },
      about: organization(place),
    }),
  },
  'DELETE /organization/member_delete': {
    at: (place) => ({ body: { organization_id: place.organizationId, user_id: place.userId }, about: organization(place) }),
  },

  'POST /project/new': ofTeam(),
  'POST /project/update': { at: (place) => ({ body: { project_id: place.projectId, metadata: { a: 1 } }, about: team(place) }) },
  'DELETE /project/delete': { at: (place) => ({ body: { project_ids: [place.projectId] }, about: team(place) }) },
  'GET /project/info': { at: (place) => ({ query: { project_id: place.projectId }, about: team(place) }) },
  'GET /project/list': { once: listed },

  'POST /v1/access_group': admins({ body: { access_group_name: 'Another' } }),
  'GET /v1/access_group': { once: listed },
  'GET /v1/access_group/{access_group_id}': {
    once: {
      params: { access_group_id: 'a-group' },
      about: 'listed',
      may: ({ role }) => role === 'proxy_admin' || role === 'proxy_admin_viewer',
    },
  },
  'PUT /v1/access_group/{access_group_id}': named('access_group_id', 'a-group', { body: { description: 'x' } }),
  'DELETE /v1/access_group/{access_group_id}': named('access_group_id', 'a-group'),

  'GET /alerts': admins(),
  'GET /alerting/settings': admins(),
  'GET /health/services': admins({ query: { service: 'slack' } }),
  'POST /health/services': admins({ query: { service: 'slack' } }),

  'GET /audit': admins(),
  'GET /audit/{id}': named('id', 'nowhere'),
  'POST /budget/new': admins({ body: { budget_id: 'another', max_budget: 1 } }),
  'POST /budget/update': admins({ body: { budget_id: 'a-budget', max_budget: 2 } }),
  'POST /budget/info': admins({ body: { budgets: ['a-budget'] } }),
  'GET /budget/settings': admins({ query: { budget_id: 'a-budget' } }),
  'GET /budget/list': admins(),
  'POST /budget/delete': admins({ body: { id: 'a-budget' } }),
  'GET /management/v1/budgets': admins(),
  'POST /credentials': admins({ body: { credential_name: 'c', credential_info: {}, credential_values: { api_key: 'x' } } }),
  'GET /credentials': admins(),
  'GET /credentials/by_name/{credential_name:path}': named('credential_name:path', 'c'),
  'GET /credentials/by_model/{model_id:path}': named('model_id:path', 'nowhere'),
  'PATCH /credentials/{credential_name:path}': named('credential_name:path', 'c', { body: { credential_info: { a: 'b' } } }),
  'DELETE /credentials/{credential_name:path}': named('credential_name:path', 'c'),
  'POST /credentials/migrate-encryption': admins({ query: { dry_run: 'true' } }),
  'GET /credentials/migrate-encryption/check': admins(),
  'POST /customer/new': admins({ body: { user_id: 'another-customer' } }),
  'POST /customer/update': admins({ body: { user_id: 'a-customer', alias: 'x' } }),
  'GET /customer/info': admins({ query: { end_user_id: 'a-customer' } }),
  'GET /customer/list': admins(),
  'POST /customer/delete': admins({ body: { user_ids: ['a-customer'] } }),
  'POST /customer/block': admins({ body: { user_ids: ['a-customer'] } }),
  'POST /customer/unblock': admins({ body: { user_ids: ['a-customer'] } }),
  'POST /invitation/new': { at: (place) => ({ body: { user_id: place.userId }, about: user(place) }) },
  'GET /invitation/info': { at: (place) => ({ query: { invitation_id: place.invitationId }, about: user(place) }) },
  'POST /invitation/update': { at: (place) => ({ body: { invitation_id: place.invitationId, is_accepted: true }, about: user(place) }) },
  'POST /invitation/delete': { at: (place) => ({ body: { invitation_id: place.invitationId }, about: user(place) }) },
  'POST /jwt/key/mapping/new': admins({ body: { jwt_claim_name: 'sub', jwt_claim_value: 'x', key: 'sk-own-key-of-the-place' } }),
  'POST /jwt/key/mapping/update': admins({ body: { id: 'nowhere', is_active: false } }),
  'GET /jwt/key/mapping/info': admins({ query: { id: 'nowhere' } }),
  'GET /jwt/key/mapping/list': admins(),
  'POST /jwt/key/mapping/delete': admins({ body: { id: 'nowhere' } }),

  'GET /scim/v2': scim(),
  'GET /scim/v2/ServiceProviderConfig': scim(),
  'GET /scim/v2/ResourceTypes': scim(),
  'GET /scim/v2/ResourceTypes/{resource_type_id}': scim({ params: { resource_type_id: 'User' } }),
  'GET /scim/v2/Schemas': scim(),
  'GET /scim/v2/Schemas/{schema_id}': scim({ params: { schema_id: 'nowhere' } }),
  'GET /scim/v2/Users': scim(),
  'POST /scim/v2/Users': scim({ body: { userName: 'scim-user' } }),
  'GET /scim/v2/Users/{user_id:path}': scim({ params: { 'user_id:path': 'own-user' } }),
  'PUT /scim/v2/Users/{user_id:path}': scim({ params: { 'user_id:path': 'nowhere' }, body: { userName: 'x' } }),
  'PATCH /scim/v2/Users/{user_id:path}': scim({ params: { 'user_id:path': 'nowhere' }, body: patchOf }),
  'DELETE /scim/v2/Users/{user_id:path}': scim({ params: { 'user_id:path': 'nowhere' } }),
  'GET /scim/v2/Groups': scim(),
  'POST /scim/v2/Groups': scim({ body: { displayName: 'scim-group' } }),
  'GET /scim/v2/Groups/{group_id:path}': scim({ params: { 'group_id:path': 'own-team' } }),
  'PUT /scim/v2/Groups/{group_id:path}': scim({ params: { 'group_id:path': 'nowhere' }, body: { displayName: 'x' } }),
  'PATCH /scim/v2/Groups/{group_id:path}': scim({ params: { 'group_id:path': 'nowhere' }, body: patchOf }),
  'DELETE /scim/v2/Groups/{group_id:path}': scim({ params: { 'group_id:path': 'nowhere' } }),

  'POST /config/update': admins({ body: {} }),
  'GET /config/yaml': admins(),
  'GET /config/list': admins({ query: { config_type: 'general_settings' } }),
  'GET /config/field/info': admins({ query: { field_name: 'nowhere' } }),
  'POST /config/field/update': admins({ body: { field_name: 'nowhere', field_value: 1 } }),
  'POST /config/field/delete': admins({ body: { field_name: 'nowhere' } }),
  'GET /get/config/callbacks': admins(),
  'GET /callbacks/configs': admins(),
  'POST /reload/model_cost_map': admins({}, { refusedOnly: 'it would ask for prices beyond this machine' }),
  'GET /router/settings': admins(),
  'GET /router/fields': admins(),
  'POST /fallback': admins({ body: { model: 'gpt-4o', fallback_models: ['claude-sonnet'] } }),
  'GET /fallback/{model:path}': named('model:path', 'gpt-4o'),
  'DELETE /fallback/{model:path}': named('model:path', 'gpt-4o'),
  'GET /get/allowed_ips': admins(),
  'POST /add/allowed_ip': admins({ body: { ip: '127.0.0.1' } }),
  'POST /delete/allowed_ip': admins({ body: { ip: '127.0.0.1' } }),
  'GET /config/cost_discount_config': admins(),
  'PATCH /config/cost_discount_config': admins({ body: {} }),
  'GET /config/cost_margin_config': admins(),
  'PATCH /config/cost_margin_config': admins({ body: {} }),
  'GET /config/pass_through_endpoint': admins(),
  'GET /config/pass_through_endpoint/team/{team_id:path}': {
    at: (place) => ({ params: { 'team_id:path': place.teamId }, about: team(place) }),
  },
  'POST /config/pass_through_endpoint': admins({ body: { path: '/relay', target: 'https://example.com' } }),
  'POST /config/pass_through_endpoint/{endpoint_id:path}': named('endpoint_id:path', 'nowhere', { body: {} }),
  'DELETE /config/pass_through_endpoint': admins({ query: { endpoint_id: 'nowhere' } }),

  'GET /session': { once: listed },
  'POST /sessions/end': { own: ({ userId }) => ({ body: { user_id: userId }, about: 'listed' }) },
  'POST /password/change': {
    // Keys are no sessions: nobody who came with one changes a password.
    once: { body: { current_password: 'a', new_password: 'b-Long-1!-password' }, about: 'listed', may: () => false },
  },
  'GET /sso/readiness': admins(),
  'GET /get/sso_settings': admins(),
  'PATCH /update/sso_settings': admins({ body: {} }),

  'GET /spend/logs': { once: listed },
  'GET /spend/logs/v2': { once: listed },
  'GET /spend/logs/ui/{request_id:path}': { once: { params: { 'request_id:path': 'nowhere' }, about: 'listed' } },
  'GET /spend/logs/session/ui': { once: { query: { session_id: 'nowhere' }, about: 'listed' } },
  'GET /spend/logs/export': { once: listed },
  'GET /spend/days/export': admins(),
  'GET /spend/keys': { once: listed },
  'GET /spend/users': ofPerson((user_id) => ({ query: { user_id } })),
  'GET /spend/tags': admins(),
  'POST /spend/calculate': { once: { body: { model: 'gpt-4o', messages: [] }, about: 'listed' } },
  'POST /cost/estimate': { once: { body: { model: 'gpt-4o', input_tokens: 1, output_tokens: 1 }, about: 'listed' } },
  'GET /global/spend': { once: listed },
  'GET /global/spend/logs': { once: listed },
  'GET /global/spend/keys': { once: listed },
  'GET /global/spend/models': { once: listed },
  'GET /global/spend/provider': { once: listed },
  'GET /global/spend/report': { once: listed },
  'GET /global/spend/teams': admins(),
  'POST /global/spend/end_users': admins({ body: {} }),
  'GET /global/spend/tags': admins(),
  'GET /global/spend/all_tag_names': admins(),
  'GET /global/all_end_users': admins(),
  'POST /global/spend/refresh': admins(),
  // Being an administrator is not enough.
  'POST /global/spend/reset': { once: { about: [{}], may: ({ kind }) => kind === 'master' } },
  'GET /global/activity': { once: listed },
  'GET /global/activity/model': { once: listed },
  'GET /global/activity/cache_hits': admins(),
  'GET /global/activity/exceptions': admins(),
  'GET /global/activity/exceptions/deployment': admins(),
  'GET /model/metrics': admins(),
  'GET /model/streaming_metrics': admins(),
  'GET /model/metrics/slow_responses': admins(),
  'GET /model/metrics/exceptions': admins(),
  'GET /user/daily/activity': { ...ofPerson((user_id) => ({ query: { user_id } })), once: listed },
  'GET /user/daily/activity/aggregated': { ...ofPerson((user_id) => ({ query: { user_id } })), once: listed },
  'GET /team/daily/activity': { at: (place) => ({ query: { team_ids: place.teamId }, about: team(place) }), once: listed },
  'GET /organization/daily/activity': {
    at: (place) => ({ query: { organization_ids: place.organizationId }, about: organization(place) }),
    once: listed,
  },
  'GET /project/daily/activity': admins(),
  'GET /customer/daily/activity': admins(),
  'GET /tag/daily/activity': admins(),
  'GET /agent/daily/activity': admins(),
  'GET /user_agent/daily/activity': admins(),
  'GET /tag/dau': admins(),
  'GET /tag/wau': admins(),
  'GET /tag/mau': admins(),
  'GET /tag/summary': admins({ query: { start_date: '2026-11-01', end_date: '2026-11-02' } }),
  'GET /tag/user-agent/per-user-analytics': admins(),
  'GET /provider/budgets': admins(),
  ...Object.fromEntries(
    ['end_users', 'users', 'teams', 'keys', 'models', 'providers', 'sessions', 'user_agents'].map((name): [string, Example] => [
      `GET /management/v1/spend_logs/${name}`,
      {
        once: {
          query: { 'filter[startTime][gte]': '2026-11-01T00:00:00Z', 'filter[startTime][lte]': '2026-11-02T00:00:00Z' },
          about: 'listed',
        },
      },
    ]),
  ),

  'POST /tag/new': admins({ body: { name: 'another-tag' } }),
  'POST /tag/update': admins({ body: { name: 'a-tag', description: 'x' } }),
  'POST /tag/info': admins({ body: { names: ['a-tag'] } }),
  'GET /tag/list': admins(),
  'POST /tag/delete': admins({ body: { name: 'a-tag' } }),
  'GET /tag/distinct': admins(),

  'POST /user/new': {
    at: (place) => ({
      body: { organizations: [place.organizationId], auto_create_key: false },
      about: organization(place),
    }),
    once: { body: { auto_create_key: false }, about: [{}] },
  },
  'GET /user/info': ofUser((user_id) => ({ query: { user_id } })),
  'GET /v2/user/info': ofUser((user_id) => ({ query: { user_id } })),
  'POST /user/update': ofUser((user_id) => ({ body: { user_id, user_alias: 'x' } })),
  'POST /user/bulk_update': ofUser((user_id) => ({ body: { users: [{ user_id, user_alias: 'x' }] } })),
  'GET /user/list': { once: { about: 'listed', may: administersSomething } },
  'GET /user/filter/ui': { once: { about: 'listed', may: administersSomething } },
  'POST /user/delete': admins({ body: { user_ids: ['nowhere'] } }),
  'GET /user/available_users': { once: listed },
  'GET /user/available_roles': { once: listed },
  'GET /get/internal_user_settings': admins(),
  'PATCH /update/internal_user_settings': admins({ body: {} }),
  'GET /get/default_team_settings': admins(),
  'PATCH /update/default_team_settings': admins({ body: {} }),
};

/** Routes that anybody may call, without a key: what is behind them says for itself who one is. */
export const openRoutes: readonly string[] = [
  'GET /public/model_hub',
  'GET /login',
  'POST /login',
  'POST /v2/login',
  'POST /logout',
  'GET /onboarding/get_token',
  'POST /onboarding/claim_token',
  'GET /sso/key/generate',
  'GET /sso/callback',
  'GET /sso/saml/metadata',
  'GET /sso/saml/login',
  'POST /sso/saml/acs',
  'POST /sso/cli/start',
  'GET /sso/cli',
  'POST /sso/cli/approve',
  'POST /sso/cli/poll',
];
