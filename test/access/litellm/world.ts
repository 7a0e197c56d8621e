import type { TestAdmin } from '../../kit/admin.ts';

/** A gateway with things of each kind in it, and new ones at need. */
export interface World {
  readonly admin: TestAdmin;
  /** A name that nothing has yet. */
  unique(what: string): string;
  /** The whole key. */
  key(more?: object): Promise<string>;
  team(more?: object): Promise<string>;
  user(more?: object): Promise<string>;
  organization(): Promise<string>;
  project(teamId?: string): Promise<string>;
  customer(): Promise<string>;
  budget(): Promise<string>;
  tag(): Promise<string>;
  /** Its id. */
  model(): Promise<string>;
  credential(): Promise<string>;
  bundle(): Promise<string>;
  /** Of a team: somebody in it. */
  member(teamId: string): Promise<string>;
  memberOfOrganization(organizationId: string): Promise<string>;
  relay(): Promise<string>;
  group(): Promise<string>;
  mapping(): Promise<string>;
}

export const createWorld = (admin: TestAdmin): World => {
  let made = 0;
  const unique = (what: string): string => `${what}-${++made}`;
  const post = <T>(path: string, body: object): Promise<T> => admin.ok<T>(`POST ${path}`, body);
  const named = async (path: string, member: string, what: string, more: object = {}): Promise<string> => {
    const name = unique(what);
    await post(path, { [member]: name, ...more });
    return name;
  };
  const user = async (more: object = {}): Promise<string> => named('/user/new', 'user_id', 'user', { auto_create_key: false, ...more });
  const key = async (more: object = {}): Promise<string> => (await post<{ key: string }>('/key/generate', more)).key;
  const team = (more: object = {}): Promise<string> => named('/team/new', 'team_id', 'team', more);
  const model = async (): Promise<string> => {
    const id = unique('model');
    await post('/model/new', {
      model_name: id,
      litellm_params: { model: 'openai/gpt-4o', api_key: 'sk-upstream' },
      model_info: { id },
    });
    return id;
  };
  return {
    admin,
    unique,
    key,
    team,
    user,
    model,
    organization: () => named('/organization/new', 'organization_id', 'organization', { organization_alias: unique('alias') }),
    project: async (teamId) => named('/project/new', 'project_id', 'project', { team_id: teamId ?? (await team()) }),
    customer: () => named('/customer/new', 'user_id', 'customer'),
    budget: () => named('/budget/new', 'budget_id', 'budget', { max_budget: 100 }),
    tag: () => named('/tag/new', 'name', 'tag'),
    credential: () =>
      named('/credentials', 'credential_name', 'credential', { credential_info: {}, credential_values: { api_key: 'sk-upstream' } }),
    bundle: async () =>
      (await post<{ access_group_id: string }>('/v1/access_group', { access_group_name: unique('bundle') })).access_group_id,
    async member(teamId) {
      const id = await user();
      await post('/team/member_add', { team_id: teamId, member: { user_id: id, role: 'user' } });
      return id;
    },
    async memberOfOrganization(organizationId) {
      const id = await user();
      await post('/organization/member_add', { organization_id: organizationId, member: { user_id: id, role: 'internal_user' } });
      return id;
    },
    async relay() {
      const { endpoints } = await post<{ endpoints: { id: string }[] }>('/config/pass_through_endpoint', {
        path: `/${unique('relay')}`,
        target: 'https://api.example.com',
        headers: {},
      });
      return endpoints[0]!.id;
    },
    group: async () => named('/access_group/new', 'access_group', 'group', { model_ids: [await model()] }),
    mapping: async () =>
      (
        await post<{ id: string }>('/jwt/key/mapping/new', {
          jwt_claim_name: 'sub',
          jwt_claim_value: unique('sub'),
          key: await key(),
        })
      ).id,
  };
};
