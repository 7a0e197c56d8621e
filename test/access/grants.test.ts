import { expect, test } from 'bun:test';
import { z } from 'zod';
import { readAuditHead } from '../../gateway/src/access/store/audit-chain.ts';
import { adminRoutes } from '../../gateway/src/server/admin/index.ts';
import { describeAdmin } from '../kit/admin.ts';
import { above, harmless } from './grants/above.ts';
import { fillWorld, keys } from './grants/world.ts';

interface Scenario {
  readonly route: string;
  readonly as: keyof typeof keys;
  readonly body: Readonly<Record<string, unknown>>;
  /** Members that it names the thing with. */
  readonly names?: readonly string[];
  /** Members that are the caller's to say here, since what is above holds as well at each call; numbers above those are not. */
  readonly theirs?: readonly string[];
  /** A new thing that says nothing of a limit has its owners’: what is empty asks for nothing. */
  readonly makes?: true;
}

const limits = [
  'max_budget',
  'budget_duration',
  'budget_limits',
  'budget_id',
  'tpm_limit',
  'rpm_limit',
  'max_parallel_requests',
  'model_max_budget',
  'model_rpm_limit',
  'model_tpm_limit',
  'rpm_limit_type',
  'tpm_limit_type',
  'models',
  'object_permission',
  'tags',
  'blocked',
];
const ofKeys = [...limits, 'tag_rpm_limit', 'duration', 'enforced_params', 'allowed_routes', 'allowed_ips', 'key_type'];
const ofTeams = [...limits, 'access_group_ids'];
// Nothing reads the priority of a project.
const ofProjects = [...limits, 'metadata'];

/** Whether a value is beyond what is above by itself: a number, or names that a list there does not have. */
const isBeyond = (member: string, value: unknown): boolean =>
  typeof value === 'number' || (member === 'models' && Array.isArray(value) && value.length > 0);

/** Who may call a route, and must not get more out of it than they have. */
const scenarios: Readonly<Record<string, Scenario>> = {
  'the owner changes their key': { route: 'POST /key/update', as: 'owner', body: { key: keys.target } },
  'the owner replaces their key': { route: 'POST /key/regenerate', as: 'owner', body: { key: keys.target } },
  'a member changes their key of the team': { route: 'POST /key/update', as: 'owner', body: { key: keys.inTeam } },
  'the owner makes a key': { route: 'POST /key/generate', as: 'owner', body: {}, makes: true },
  'a member makes a key of the team': {
    route: 'POST /key/generate',
    as: 'owner',
    body: { team_id: 'blue' },
    names: ['team_id'],
    makes: true,
  },
  'a member makes a service account': {
    route: 'POST /key/service-account/generate',
    as: 'owner',
    body: { team_id: 'blue' },
    names: ['team_id'],
    makes: true,
  },
  'a team admin makes a key of the team': {
    route: 'POST /key/generate',
    as: 'lead',
    body: { team_id: 'blue' },
    names: ['team_id'],
    makes: true,
    theirs: ofKeys,
  },
  'a team admin changes a key of the team': { route: 'POST /key/update', as: 'lead', body: { key: keys.inTeam }, theirs: ofKeys },
  'a team admin changes the team': { route: 'POST /team/update', as: 'lead', body: { team_id: 'blue' }, names: ['team_id'] },
  'an organization admin changes a team': {
    route: 'POST /team/update',
    as: 'boss',
    body: { team_id: 'blue' },
    names: ['team_id'],
    theirs: ofTeams,
  },
  'an organization admin makes a team': {
    route: 'POST /team/new',
    as: 'boss',
    body: { organization_id: 'acme' },
    names: ['organization_id', 'team_id'],
    makes: true,
    theirs: ofTeams,
  },
  'an organization admin changes the organization': {
    route: 'PATCH /organization/update',
    as: 'boss',
    body: { organization_id: 'acme' },
    names: ['organization_id'],
  },
  'an organization admin makes a user': {
    route: 'POST /user/new',
    as: 'boss',
    body: { organizations: ['acme'], auto_create_key: false },
    makes: true,
  },
  'a user changes themselves': { route: 'POST /user/update', as: 'owner', body: { user_id: 'owner' } },
  'a team admin makes a project': {
    route: 'POST /project/new',
    as: 'lead',
    body: { team_id: 'blue' },
    names: ['team_id', 'project_id'],
    makes: true,
    theirs: ofProjects,
  },
  'a team admin changes a project': {
    route: 'POST /project/update',
    as: 'lead',
    body: { project_id: 'p' },
    names: ['project_id'],
    theirs: ofProjects,
  },
};

const routeOf = (name: string) => adminRoutes.find(({ method, paths }) => `${method} ${paths[0]}` === name)!;

/** The members that a route takes. */
const membersOf = (name: string): readonly string[] => {
  const shape = z.toJSONSchema(routeOf(name).body!, { io: 'input', unrepresentable: 'any' }) as {
    properties?: object;
    anyOf?: { properties?: object }[];
  };
  return Object.keys(shape.properties ?? shape.anyOf?.find((each) => each.properties)?.properties ?? {});
};

test('FP-34: each member of these requests is one that gives nothing, or one that is tried', () => {
  const missing = new Set(
    Object.values(scenarios)
      .flatMap(({ route }) => membersOf(route))
      .filter((member) => !Object.hasOwn(above, member) && !Object.hasOwn(harmless, member)),
  );
  expect([...missing]).toEqual([]);
});

const saysNothing = (value: unknown): boolean =>
  value === null || value === false || (typeof value === 'object' && Object.keys(value).length === 0) || value === 0;

describeAdmin('FP-34: nobody gives what they do not have', (start) => {
  test('whoever may change a thing, and whatever they say of it', async () => {
    const admin = await start();
    await fillWorld(admin.store);
    const entries = async () => (await readAuditHead(admin.store.database))?.entries ?? 0;
    const wrong: string[] = [];
    let tried = 0;
    for (const [name, { route, as, body, names = [], theirs = [], makes }] of Object.entries(scenarios)) {
      for (const member of membersOf(route)) {
        if (names.includes(member)) continue;
        for (const value of above[member] ?? []) {
          if (makes && saysNothing(value)) continue;
          const mayBeTaken = theirs.includes(member) && !isBeyond(member, value);
          const before = await entries();
          const { status, json } = await admin.call(route, { ...body, [member]: value }, { key: keys[as] });
          tried++;
          const told = `${name}: ${member} = ${JSON.stringify(value)}: ${status} ${JSON.stringify(json).slice(0, 200)}`;
          // What is taken and changes nothing is an empty word.
          if (status >= 500 || status === 401 || (!mayBeTaken && (await entries()) !== before)) wrong.push(told);
          if (status < 400) await fillWorld(admin.store);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(tried).toBeGreaterThan(400);
    await admin.stop();
  }, 120_000);

  test('what an administrator says of their own place goes no further than what is above it', async () => {
    const admin = await start();
    await fillWorld(admin.store);
    await admin.ok('PATCH /organization/update', { organization_id: 'acme', budget_id: null });
    // All that they can take off, or widen.
    const wide = {
      models: [],
      max_budget: null,
      tpm_limit: null,
      rpm_limit: null,
      max_parallel_requests: null,
      model_max_budget: null,
      budget_limits: null,
      model_rpm_limit: null,
      model_tpm_limit: null,
      budget_id: null,
      access_group_ids: ['rich'],
      object_permission: { models: ['*'] },
      tags: [],
    };
    const boss = { key: keys.boss };
    await admin.ok('POST /team/update', { team_id: 'blue', ...wide }, boss);
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', { team_id: 'blue', allowed_routes: ['*'] }, boss);
    const statusOf = async (model: string) => (await admin.chat(model, key, { max_tokens: 1 })).status;
    expect([await statusOf('embedding-small'), await statusOf('claude-sonnet')]).toEqual([401, 401]);
    expect((await admin.call('GET /config/yaml', undefined, { key })).status).toBe(403);
    await admin.ok('POST /team/update', { team_id: 'blue', access_group_ids: [] }, boss);
    expect(await statusOf('gpt-4o')).toBe(200);
    await admin.ok('PATCH /organization/update', { organization_id: 'acme', rpm_limit: 0 });
    expect(await statusOf('gpt-4o')).toBe(429);
    await admin.ok('PATCH /organization/update', { organization_id: 'acme', rpm_limit: null, max_budget: 0 });
    expect(await statusOf('gpt-4o')).toBe(400);
    await admin.stop();
  });

  test('and what they do have, they may give', async () => {
    const admin = await start();
    await fillWorld(admin.store);
    const ok = async (route: string, body: object, as: keyof typeof keys) => (await admin.call(route, body, { key: keys[as] })).json;
    const small = { max_budget: 1, rpm_limit: 1, tpm_limit: 1, models: ['gpt-4o'] };
    expect(await ok('POST /key/update', { key: keys.target, ...small }, 'owner')).toMatchObject(small);
    expect(await ok('POST /key/generate', { ...small, team_id: 'blue' }, 'lead')).toMatchObject(small);
    expect(await ok('POST /team/update', { team_id: 'blue', max_budget: 100, rpm_limit: 100 }, 'boss')).toMatchObject({
      data: { max_budget: 100, rpm_limit: 100 },
    });
    expect(await ok('POST /project/update', { project_id: 'p', max_budget: 50, models: ['gpt-4o'] }, 'lead')).toMatchObject({
      project_id: 'p',
    });
    await admin.stop();
  });
});
