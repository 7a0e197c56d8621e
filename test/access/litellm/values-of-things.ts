import type { World } from './world.ts';
import { values } from './values.ts';

type MakeValue = (world: World) => Promise<unknown> | unknown;

const things: Readonly<Record<string, MakeValue>> = {
  access_group_ids: async ({ bundle }) => [await bundle()],
  access_group_name: ({ unique }) => unique('bundle'),
  admins: async ({ user }) => [await user()],
  assigned_key_ids: async ({ key }) => [await key()],
  assigned_team_ids: async ({ team }) => [await team()],
  budget_id: ({ budget }) => budget(),
  id: ({ unique }) => unique('id'),
  key: ({ unique }) => `sk-of-my-own-choice-${unique('key').padEnd(32, '0')}`,
  key_alias: ({ unique }) => unique('alias'),
  members: async ({ user }) => [await user()],
  members_with_roles: async ({ user }) => [{ user_id: await user(), role: 'admin' }],
  model_id: ({ model }) => model(),
  model_ids: async ({ model }) => [await model()],
  new_key: ({ unique }) => `sk-of-my-own-choice-${unique('key').padEnd(32, '0')}`,
  organization_id: ({ organization }) => organization(),
  organizations: async ({ organization }) => [await organization()],
  project_alias: ({ unique }) => unique('alias'),
  project_id: ({ project }) => project(),
  saml_idp_metadata_xml: () => '<EntityDescriptor/>',
  sso_user_id: ({ unique }) => unique('subject'),
  team_alias: ({ unique }) => unique('alias'),
  team_id: ({ team }) => team(),
  team_ids: async ({ team }) => [await team()],
  teams: async ({ team }) => [await team()],
  user_email: ({ unique }) => `${unique('person')}@example.com`,
  user_id: ({ user }) => user(),
};

const inScene: MakeValue = () => undefined;

/** Where one name means another thing than elsewhere. */
const ofOperation: Readonly<Record<string, Readonly<Record<string, MakeValue>>>> = {
  'POST /team/new': { team_id: ({ unique }) => unique('team') },
  'POST /organization/new': { organization_id: ({ unique }) => unique('organization') },
  'POST /project/new': { project_id: ({ unique }) => unique('project') },
  'POST /budget/new': { budget_id: ({ unique }) => unique('budget') },
  'POST /key/delete': { key_aliases: async ({ key, unique }) => [await aliased(key, unique('alias'))] },
  'POST /team/bulk_member_add': { members: async ({ user }) => [{ user_id: await user(), role: 'user' }] },
  'PATCH /organization/member_update': { role: () => 'org_admin' },
  'POST /jwt/key/mapping/update': { key: ({ key }) => key() },
  'POST /config/pass_through_endpoint/{endpoint_id}': { id: inScene },
  'PATCH /team/{team_id}': { team_id: inScene },
  'POST /key/regenerate': { key: inScene },
  'POST /key/{key}/regenerate': { key: inScene },
};

const aliased = async (key: World['key'], alias: string): Promise<string> => {
  await key({ key_alias: alias });
  return alias;
};

/** What goes with a member, where it means nothing alone. */
const beside: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  temp_budget_increase: { temp_budget_expiry: '2030-01-01T00:00:00Z', max_budget: 1 },
  temp_budget_expiry: { temp_budget_increase: 1, max_budget: 1 },
  soft_budget: { max_budget: 100 },
};

/** A member with a plausible value, and what must go with it; undefined: the scene of the operation says it already. */
export const membersWith = async (
  operation: string,
  member: string,
  world: World,
): Promise<Readonly<Record<string, unknown>> | undefined> => {
  if (member === 'project_id' && operation.includes('/key/')) {
    const teamId = await world.team();
    return { team_id: teamId, project_id: await world.project(teamId) };
  }
  const own = ofOperation[operation];
  const make = own && Object.hasOwn(own, member) ? own[member] : things[member];
  const value = make ? await make(world) : values[member];
  return value === undefined ? undefined : { ...beside[member], [member]: value };
};
