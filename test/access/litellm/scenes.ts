import type { World } from './world.ts';

/** A request that works, made anew each time. */
export interface Scene {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Whose call it is; default: the master key's. */
  readonly key?: string;
}

type MakeScene = (world: World) => Promise<Scene> | Scene;

const nothing: MakeScene = () => ({});

/** By the name of the operation. One that needs nothing is not here. */
const scenes: Readonly<Record<string, MakeScene>> = {
  'POST /key/generate': () => ({ body: {} }),
  'POST /key/service-account/generate': async ({ team, unique }) => ({
    body: { team_id: await team(), metadata: { service_account_id: unique('service') } },
  }),
  'POST /key/update': async ({ key }) => ({ body: { key: await key() } }),
  'POST /key/bulk_update': async ({ key }) => ({ body: { keys: [{ key: await key(), max_budget: 10 }] } }),
  'POST /team/key/bulk_update': async ({ team, key }) => {
    const id = await team();
    return { body: { team_id: id, key_ids: [await key({ team_id: id })], update_fields: { max_budget: 10 } } };
  },
  'POST /key/delete': async ({ key }) => ({ body: { keys: [await key()] } }),
  'GET /key/info': async ({ key }) => ({ query: { key: await key() } }),
  'POST /key/regenerate': async ({ key }) => ({ query: { key: await key() }, body: {} }),
  'POST /key/{key}/regenerate': async ({ key }) => ({ params: { key: await key() }, body: {} }),
  'POST /key/{key}/reset_spend': async ({ key }) => ({ params: { key: await key({ spend: 5 }) }, body: { reset_to: 0 } }),
  'POST /key/block': async ({ key }) => ({ body: { key: await key() } }),
  'POST /key/unblock': async ({ key }) => ({ body: { key: await key({ blocked: true }) } }),

  'POST /user/new': ({ unique }) => ({ body: { user_id: unique('user') } }),
  'GET /user/info': async ({ user }) => ({ query: { user_id: await user() } }),
  'GET /v2/user/info': async ({ user }) => ({ query: { user_id: await user() } }),
  'POST /user/update': async ({ user }) => ({ body: { user_id: await user() } }),
  'POST /user/bulk_update': async ({ user }) => ({ body: { users: [{ user_id: await user(), max_budget: 10 }] } }),
  'POST /user/delete': async ({ user }) => ({ body: { user_ids: [await user()] } }),

  'POST /team/new': () => ({ body: {} }),
  'POST /team/update': async ({ team }) => ({ body: { team_id: await team() } }),
  'PATCH /team/{team_id}': async ({ team }) => ({ params: { team_id: await team() }, body: {} }),
  'POST /team/member_add': async ({ team, user }) => ({ body: { team_id: await team(), member: { user_id: await user(), role: 'user' } } }),
  'POST /team/member_delete': async ({ team, member }) => {
    const id = await team();
    return { body: { team_id: id, user_id: await member(id) } };
  },
  'POST /team/member_update': async ({ team, member }) => {
    const id = await team();
    return { body: { team_id: id, user_id: await member(id) } };
  },
  'POST /team/bulk_member_add': async ({ team, user }) => ({
    body: { team_id: await team(), members: [{ user_id: await user(), role: 'user' }] },
  }),
  'POST /team/delete': async ({ team }) => ({ body: { team_ids: [await team()] } }),
  'GET /team/info': async ({ team }) => ({ query: { team_id: await team() } }),
  'GET /team/{team_id}/members/me': async ({ team, member, key }) => {
    const id = await team();
    return { params: { team_id: id }, key: await key({ user_id: await member(id) }) };
  },
  'POST /team/block': async ({ team }) => ({ body: { team_id: await team() } }),
  'POST /team/unblock': async ({ team }) => ({ body: { team_id: await team({ blocked: true }) } }),
  'POST /team/model/add': async ({ team }) => ({ body: { team_id: await team(), models: ['gpt-4o'] } }),
  'POST /team/model/delete': async ({ team }) => ({
    body: { team_id: await team({ models: ['gpt-4o', 'claude-sonnet'] }), models: ['gpt-4o'] },
  }),
  'GET /team/permissions_list': async ({ team }) => ({ query: { team_id: await team() } }),
  'POST /team/permissions_update': async ({ team }) => ({ body: { team_id: await team(), team_member_permissions: ['/key/info'] } }),
  'POST /team/permissions_bulk_update': async ({ team }) => ({ body: { team_ids: [await team()], permissions: ['/key/info'] } }),

  'POST /organization/new': ({ unique }) => ({ body: { organization_alias: unique('alias') } }),
  'PATCH /organization/update': async ({ organization, unique }) => ({
    body: { organization_id: await organization(), organization_alias: unique('alias') },
  }),
  'DELETE /organization/delete': async ({ organization }) => ({ body: { organization_ids: [await organization()] } }),
  'GET /organization/info': async ({ organization }) => ({ query: { organization_id: await organization() } }),
  'POST /organization/info': async ({ organization }) => ({ body: { organizations: [await organization()] } }),
  'POST /organization/member_add': async ({ organization, user }) => ({
    body: { organization_id: await organization(), member: { user_id: await user(), role: 'internal_user' } },
  }),
  'PATCH /organization/member_update': async ({ organization, memberOfOrganization }) => {
    const id = await organization();
    return { body: { organization_id: id, user_id: await memberOfOrganization(id) } };
  },
  'DELETE /organization/member_delete': async ({ organization, memberOfOrganization }) => {
    const id = await organization();
    return { body: { organization_id: id, user_id: await memberOfOrganization(id) } };
  },

  'POST /project/new': async ({ team }) => ({ body: { team_id: await team() } }),
  'POST /project/update': async ({ project }) => ({ body: { project_id: await project() } }),
  'DELETE /project/delete': async ({ project }) => ({ body: { project_ids: [await project()] } }),
  'GET /project/info': async ({ project }) => ({ query: { project_id: await project() } }),

  'POST /customer/new': ({ unique }) => ({ body: { user_id: unique('customer') } }),
  'POST /customer/update': async ({ customer }) => ({ body: { user_id: await customer() } }),
  'POST /customer/block': async ({ customer }) => ({ body: { user_ids: [await customer()] } }),
  'POST /customer/unblock': async ({ customer }) => ({ body: { user_ids: [await customer()] } }),
  'POST /customer/delete': async ({ customer }) => ({ body: { user_ids: [await customer()] } }),
  'GET /customer/info': async ({ customer }) => ({ query: { end_user_id: await customer() } }),

  'GET /tag/summary': () => ({ query: { start_date: '2026-11-01', end_date: '2026-11-02' } }),
  'GET /management/v1/spend_logs/end_users': () => ({
    query: { 'filter[startTime][gte]': '2026-11-01T00:00:00Z', 'filter[startTime][lte]': '2026-11-02T00:00:00Z' },
  }),
  'POST /spend/calculate': () => ({ body: { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] } }),
  'POST /cost/estimate': () => ({ body: { model: 'gpt-4o', input_tokens: 10, output_tokens: 5 } }),

  'POST /budget/new': ({ unique }) => ({ body: { budget_id: unique('budget') } }),
  'POST /budget/update': async ({ budget }) => ({ body: { budget_id: await budget() } }),
  'POST /budget/info': async ({ budget }) => ({ body: { budgets: [await budget()] } }),
  'GET /budget/settings': async ({ budget }) => ({ query: { budget_id: await budget() } }),
  'POST /budget/delete': async ({ budget }) => ({ body: { id: await budget() } }),

  'POST /tag/new': ({ unique }) => ({ body: { name: unique('tag') } }),
  'POST /tag/update': async ({ tag }) => ({ body: { name: await tag() } }),
  'POST /tag/info': async ({ tag }) => ({ body: { names: [await tag()] } }),
  'POST /tag/delete': async ({ tag }) => ({ body: { name: await tag() } }),

  'POST /model/new': ({ unique }) => ({
    body: { model_name: unique('model'), litellm_params: { model: 'openai/gpt-4o', api_key: 'sk-upstream' }, model_info: {} },
  }),
  'POST /model/update': async ({ model }) => ({ body: { model_info: { id: await model() }, litellm_params: { timeout: 5 } } }),
  'PATCH /model/{model_id}/update': async ({ model }) => ({
    params: { model_id: await model() },
    body: { litellm_params: { timeout: 5 } },
  }),
  'POST /model/delete': async ({ model }) => ({ body: { id: await model() } }),
  'POST /model/block': async ({ model }) => ({ body: { model_id: await model() } }),
  'POST /model/unblock': async ({ model }) => ({ body: { model_id: await model() } }),
  'POST /model_group/make_public': () => ({ body: { model_groups: ['gpt-4o'] } }),
  'POST /access_group/new': async ({ unique, model }) => ({ body: { access_group: unique('group'), model_ids: [await model()] } }),
  'GET /access_group/{access_group}/info': async ({ group }) => ({ params: { access_group: await group() } }),
  'PUT /access_group/{access_group}/update': async ({ group, model }) => ({
    params: { access_group: await group() },
    body: { model_ids: [await model()] },
  }),
  'DELETE /access_group/{access_group}/delete': async ({ group }) => ({ params: { access_group: await group() } }),

  'POST /credentials': ({ unique }) => ({
    body: { credential_name: unique('credential'), credential_info: {}, credential_values: { api_key: 'sk-upstream' } },
  }),
  'PATCH /credentials/{credential_name}': async ({ credential }) => {
    const name = await credential();
    return {
      params: { credential_name: name },
      body: { credential_name: name, credential_info: { description: 'b' }, credential_values: { api_key: 'sk-other' } },
    };
  },
  'DELETE /credentials/{credential_name}': async ({ credential }) => ({ params: { credential_name: await credential() } }),
  'GET /credentials/by_name/{credential_name}': async ({ credential }) => ({ params: { credential_name: await credential() } }),
  'GET /credentials/by_model/{model_id}': async ({ model }) => ({ params: { model_id: await model() } }),

  'POST /config/pass_through_endpoint': ({ unique }) => ({ body: { path: `/${unique('relay')}`, target: 'https://api.example.com' } }),
  'POST /config/pass_through_endpoint/{endpoint_id}': async ({ relay, unique }) => ({
    params: { endpoint_id: await relay() },
    body: { path: `/${unique('relay')}`, target: 'https://api.example.com' },
  }),
  'DELETE /config/pass_through_endpoint': async ({ relay }) => ({ query: { endpoint_id: await relay() } }),
  'GET /config/pass_through_endpoint/team/{team_id}': async ({ team }) => ({ params: { team_id: await team() } }),
  'PATCH /config/cost_discount_config': () => ({ body: { openai: 0.05 } }),
  'PATCH /config/cost_margin_config': () => ({ body: { openai: 0.1 } }),
  'POST /fallback': () => ({ body: { model: 'gpt-4o', fallback_models: ['claude-sonnet'] } }),
  'GET /fallback/{model}': async ({ admin }) => {
    await admin.ok('POST /fallback', { model: 'gpt-4o', fallback_models: ['claude-sonnet'] });
    return { params: { model: 'gpt-4o' } };
  },
  'DELETE /fallback/{model}': async ({ admin }) => {
    await admin.ok('POST /fallback', { model: 'gpt-4o', fallback_models: ['claude-sonnet'] });
    return { params: { model: 'gpt-4o' } };
  },
  'POST /add/allowed_ip': () => ({ body: { ip: '127.0.0.1' } }),
  'POST /delete/allowed_ip': async ({ admin }) => {
    await admin.ok('POST /add/allowed_ip', { ip: '127.0.0.1' });
    return { body: { ip: '127.0.0.1' } };
  },
  'PATCH /update/internal_user_settings': () => ({ body: {} }),
  'PATCH /update/default_team_settings': () => ({ body: {} }),
  'PATCH /update/sso_settings': () => ({ body: {} }),

  'GET /audit/{id}': async ({ admin, key }) => {
    await key();
    const { audit_logs: logs } = await admin.ok<{ audit_logs: { id: string }[] }>('GET /audit');
    return { params: { id: logs[0]!.id } };
  },
  'POST /jwt/key/mapping/new': async ({ key, unique }) => ({
    body: { jwt_claim_name: 'sub', jwt_claim_value: unique('sub'), key: await key() },
  }),
  'POST /jwt/key/mapping/update': async ({ mapping }) => ({ body: { id: await mapping() } }),
  'POST /jwt/key/mapping/delete': async ({ mapping }) => ({ body: { id: await mapping() } }),
  'GET /jwt/key/mapping/info': async ({ mapping }) => ({ query: { id: await mapping() } }),

  ...bundles('/v1/access_group'),
  ...bundles('/v1/unified_access_group'),
};

function bundles(path: string): Readonly<Record<string, MakeScene>> {
  const one: MakeScene = async ({ bundle }) => ({ params: { access_group_id: await bundle() } });
  return {
    [`POST ${path}`]: ({ unique }) => ({ body: { access_group_name: unique('bundle') } }),
    [`GET ${path}/{access_group_id}`]: one,
    [`DELETE ${path}/{access_group_id}`]: one,
    [`PUT ${path}/{access_group_id}`]: async (world) => ({ ...(await one(world)), body: { description: 'b' } }),
  };
}

export const sceneOf = (operation: string, world: World): Promise<Scene> | Scene => (scenes[operation] ?? nothing)(world);
