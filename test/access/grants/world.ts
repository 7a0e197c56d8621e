import { hashKey } from '../../../gateway/src/access/keys/secret.ts';
import { kinds, memberId } from '../../../gateway/src/access/records/kinds.ts';
import { teamMemberPermissions } from '../../../gateway/src/access/permissions.ts';
import type { Store } from '../../../gateway/src/access/store/store.ts';

const limits = (of: number) => ({
  max_budget: of,
  budget_duration: '30d',
  tpm_limit: of,
  rpm_limit: of,
  max_parallel_requests: of,
  model_max_budget: { 'gpt-4o': { max_budget: of, budget_duration: '30d' } },
  budget_limits: [{ budget_duration: '1d', max_budget: of }],
  model_rpm_limit: { 'gpt-4o': of },
  model_tpm_limit: { 'gpt-4o': of },
});
const things = { object_permission: { models: ['gpt-4o'], vector_stores: ['vs1'], search_tools: ['st1'] } };

/** What an administrator has said of a key. */
const boundKey = {
  key_name: 'sk-...here',
  models: ['gpt-4o'],
  ...limits(5),
  ...things,
  budget_id: 'poor',
  tag_rpm_limit: { fixed: 1 },
  tags: ['fixed'],
  enforced_params: ['user'],
  allowed_routes: ['llm_api_routes'],
  key_type: 'llm_api' as const,
  allowed_ips: ['127.0.0.1'],
  expires_at: Date.now() + 3_600_000,
  duration: '1d',
  blocked: true,
};

export const keys = {
  owner: 'sk-of-the-owner',
  lead: 'sk-of-the-lead',
  boss: 'sk-of-the-boss',
  target: 'sk-the-target',
  inTeam: 'sk-in-the-team',
};

/** One organization with a team, who is in them, what they have, and others whose things are not theirs. */
export const fillWorld = (store: Store): Promise<void> =>
  store.write({ by: 'root' }, async (writing) => {
    const put = async <T>(kind: Parameters<typeof writing.put<T>>[0], id: string, data: T) =>
      void (await writing.put(kind, id, () => data));
    await put(kinds.budget, 'poor', { max_budget: 5 });
    await put(kinds.budget, 'rich', { max_budget: 10_000 });
    await put(kinds.accessGroup, 'rich', { access_group_name: 'Rich', access_model_names: ['embedding-small'] });
    await put(kinds.organization, 'acme', { organization_alias: 'Acme', models: ['gpt-4o'], ...limits(100), ...things, budget_id: 'poor' });
    await put(kinds.organization, 'rival', { organization_alias: 'Rival', models: [] });
    await put(kinds.team, 'blue', {
      organization_id: 'acme',
      models: ['gpt-4o'],
      ...limits(50),
      ...things,
      budget_id: 'poor',
      tags: ['fixed'],
      team_member_permissions: Object.keys(teamMemberPermissions).filter((each) => !/block|spend/.test(each)),
      blocked: false,
    });
    await put(kinds.team, 'rival-team', { organization_id: 'rival', models: [] });
    await put(kinds.project, 'p', { team_id: 'blue', models: ['gpt-4o'], ...limits(20), ...things, budget_id: 'poor', tags: ['fixed'] });
    await put(kinds.project, 'rival-project', { team_id: 'rival-team', models: [] });
    await put(kinds.user, 'root', { user_role: 'proxy_admin', models: [], user_email: 'root@people.test' });
    await put(kinds.user, 'rival-user', { user_role: 'internal_user', models: [] });
    await put(kinds.user, 'owner-of-nothing', { user_role: 'internal_user', models: [] });
    await put(kinds.user, 'owner', { user_role: 'internal_user', models: ['gpt-4o'], ...limits(10), ...things, budget_id: 'poor' });
    await put(kinds.user, 'lead', { user_role: 'internal_user', models: [] });
    await put(kinds.user, 'boss', { user_role: 'internal_user', models: ['gpt-4o'], ...limits(100) });
    for (const [user_id, role] of [
      ['owner', 'user'],
      ['lead', 'admin'],
    ] as const)
      await put(kinds.teamMember, memberId('blue', user_id), { team_id: 'blue', user_id, role });
    for (const [user_id, role] of [
      ['boss', 'org_admin'],
      ['owner', 'internal_user'],
      ['lead', 'internal_user'],
    ] as const)
      await put(kinds.organizationMember, memberId('acme', user_id), { organization_id: 'acme', user_id, role });
    const { blocked: _b, allowed_routes: _r, key_type: _t, ...own } = boundKey;
    await put(kinds.key, hashKey(keys.owner), { ...own, user_id: 'owner' });
    await put(kinds.key, hashKey(keys.lead), { key_name: 'sk-...lead', models: [], user_id: 'lead' });
    await put(kinds.key, hashKey(keys.boss), { key_name: 'sk-...boss', models: [], user_id: 'boss' });
    await put(kinds.key, hashKey(keys.target), { ...boundKey, user_id: 'owner' });
    await put(kinds.key, hashKey(keys.inTeam), { ...boundKey, user_id: 'owner', team_id: 'blue' });
  });
