import { expect, test } from 'bun:test';
import { describeDatabases } from '../../../../test/kit/describe-databases.ts';
import { kinds, memberId } from '../../access/records/kinds.ts';
import { Store } from '../../access/store/store.ts';
import { systemActor } from '../../access/store/actor.ts';
import { load } from '../../config/testing.ts';
import { alertEmails } from './alert-emails.ts';
import { routingBudgets } from './routing-budgets.ts';
import { watchedBudgets } from './watched-budgets.ts';

const usd = 1_000_000_000;
const noon = Date.UTC(2026, 10, 18, 12);

describeDatabases('budgets that alerts watch', (open) => {
  const start = async (yaml = '{}') => {
    const store = new Store(await open(), () => noon);
    const snapshot = load(yaml);
    await store.write(systemActor('test'), async (writing) => {
      await writing.insert(kinds.budget, 'shared', { max_budget: 7, budget_duration: '1d' });
      await writing.insert(kinds.user, 'ann', { user_role: 'internal_user', user_email: 'ann@example.com', models: [], max_budget: 3 });
      await writing.insert(kinds.user, 'bob', { user_role: 'internal_user', user_email: 'bob@example.com', models: [] });
      await writing.insert(kinds.team, 't/1', {
        team_alias: 'engineering',
        models: [],
        max_budget: 10,
        budget_duration: '1mo',
        soft_budget: 5,
        team_member_budget: 2,
        organization_id: 'o',
        metadata: { soft_budget_alerting_emails: ['soft@example.com'], alert_emails: 'both@example.com, more@example.com' },
      });
      await writing.insert(kinds.teamMember, memberId('t/1', 'bob'), { team_id: 't/1', user_id: 'bob', role: 'admin' });
      await writing.insert(kinds.key, 'ab12', {
        key_name: 'sk-...abcd',
        key_alias: 'ci',
        models: [],
        user_id: 'ann',
        team_id: 't/1',
        max_budget: 1,
        temp_budget_increase: 4,
        budget_limits: [{ budget_duration: '1h', max_budget: 0.5 }],
        model_max_budget: { 'gpt/4': { max_budget: 0.25, budget_duration: '1d' } },
      });
      await writing.insert(kinds.organization, 'o', { organization_alias: 'Acme', models: [], budget_id: 'shared' });
      await writing.insert(kinds.project, 'p', { project_alias: 'site', team_id: 't/1', models: [], max_budget: 9 });
      await writing.insert(kinds.customer, 'c', { max_budget: 8 });
      await writing.insert(kinds.tag, 'x', { models: [], max_budget: 6 });
    });
    const of = async (...subjects: string[]) =>
      (await watchedBudgets(subjects, noon, { store, snapshot })).map(({ subject, label, maxNanodollars, soft, period }) =>
        [subject, label, maxNanodollars / usd, ...(soft ? ['soft'] : []), ...(period ? [new Date(period.start).toISOString()] : [])].join(
          ' | ',
        ),
      );
    return { store, snapshot, of };
  };

  test('are those that are enforced, of every kind', async () => {
    const { of } = await start();
    expect(await of('key:ab12')).toEqual([
      'key:ab12 | key "ci" | 5',
      'key:ab12 | key "ci" | 4.5 | 2026-11-18T12:00:00.000Z',
      'key:ab12/model:gpt/4 | key "ci", model "gpt/4" | 0.25 | 2026-11-18T00:00:00.000Z',
    ]);
    expect(await of('team:t/1')).toEqual([
      'team:t/1 | team "engineering" | 10 | 2026-11-01T00:00:00.000Z',
      'team:t/1 | team "engineering" | 5 | soft | 2026-11-01T00:00:00.000Z',
    ]);
    expect(await of('user:ann', 'organization:o', 'project:p', 'customer:c', 'tag:x', `team_member:${memberId('t/1', 'bob')}`)).toEqual([
      'user:ann | user "ann@example.com" | 3',
      `team_member:${memberId('t/1', 'bob')} | member "bob" of the team "engineering" | 2`,
      'organization:o | organisation "Acme" | 7 | 2026-11-18T00:00:00.000Z',
      'project:p | project "site" | 9',
      'customer:c | end user "c" | 8',
      'tag:x | tag "x" | 6',
    ]);
  });

  test('a project is told of whatever its metadata says: those who use it may write that', async () => {
    const { store, of } = await start();
    await store.write(systemActor('test'), (writing) =>
      writing.insert(kinds.project, 'quiet', { team_id: 't/1', models: [], max_budget: 9, metadata: { shadow_limits: true } }),
    );
    expect(await of('project:quiet')).toEqual(['project:quiet | project "quiet" | 9']);
  });

  test('of a key that took the place of others: the one that is there, by the counter that all of them have', async () => {
    const { store, of } = await start();
    await store.write(systemActor('test'), async (writing) => {
      await writing.insert(kinds.key, 'c3', { key_name: 'sk-3', key_alias: 'line', models: [], max_budget: 2, counts_as: 'c1' });
      await writing.insert(kinds.key, 'c2', { key_name: 'sk-2', models: [], max_budget: 9, counts_as: 'c1', replaced_by: 'c3' });
      const gone = { key_name: 'sk-1', models: [], max_budget: 9, counts_as: 'c1', replaced_by: 'c3', made_at: 0 };
      await writing.put(kinds.deletedKey, 'c1', () => gone);
    });
    for (const subject of ['key:c1', 'key:c2', 'key:c3']) expect(await of(subject)).toEqual(['key:c1 | key "line" | 2']);
    expect(await of('key:c1', 'key:c3')).toHaveLength(1);
  });

  test('nobody has none, and what is no subject is nobody', async () => {
    const { of } = await start();
    expect(await of('key:none', 'team:', 'gateway', 'user:bob', 'customer:unknown', 'constructor:x', ':', 'agent:a')).toEqual([]);
  });

  test("the gateway's own, those of the file's teams and those that the settings give to all", async () => {
    const { of } = await start(`
litellm_settings: { max_budget: 100, budget_duration: 1mo, max_end_user_budget: 0.5, max_user_budget: 20, default_soft_budget: 0.75, timezone: Europe/Berlin }
team_settings: [{ team_id: filed, max_budget: 4 }]
`);
    expect(await of('gateway', 'customer:anybody', 'team:filed', 'user:bob', 'key:ab12')).toEqual([
      'key:ab12 | key "ci" | 5',
      'key:ab12 | key "ci" | 0.75 | soft',
      'key:ab12 | key "ci" | 4.5 | 2026-11-18T12:00:00.000Z',
      'key:ab12/model:gpt/4 | key "ci", model "gpt/4" | 0.25 | 2026-11-17T23:00:00.000Z',
      'user:bob | user "bob@example.com" | 20',
      'team:filed | team "filed" | 4',
      'customer:anybody | end user "anybody" | 0.5',
      'gateway | gateway | 100 | 2026-10-31T23:00:00.000Z',
    ]);
  });

  test("a key's own thresholds of its budget, and who is told at each", async () => {
    const { store, snapshot } = await start();
    const given = {
      50: ['Own@example.com'],
      '75': 'own@example.com, finance@example.com',
      100: ['oncall@example.com', 7, 'nobody'],
      0: ['a@example.com'],
      101: ['a@example.com'],
      '7.5': ['a@example.com'],
      constructor: ['a@example.com'],
    };
    const write = (id: string, more: Record<string, unknown>) =>
      store.write(systemActor('test'), (writing) =>
        writing.insert(kinds.key, id, { key_name: 'sk-...abcd', models: [], metadata: { max_budget_alert_emails: given }, ...more }),
      );
    await write('cd34', { max_budget: 1, soft_budget: 0.5, budget_limits: [{ budget_duration: '1h', max_budget: 0.5 }] });
    await write('ef56', { budget_limits: [{ budget_duration: '1h', max_budget: 0.5 }] });
    await write('ab78', { max_budget: 1, metadata: { max_budget_alert_emails: { many: ['a@example.com'] } } });
    const of = async (id: string) => (await watchedBudgets([`key:${id}`], noon, { store, snapshot })).map(({ emailsAt }) => emailsAt);
    expect(await of('cd34')).toEqual([
      [
        { share: 0.5, emails: ['own@example.com'] },
        { share: 0.75, emails: ['own@example.com', 'finance@example.com'] },
        { share: 1, emails: ['oncall@example.com'] },
      ],
      undefined,
      undefined,
    ]);
    expect(await of('ef56')).toEqual([undefined]);
    expect(await of('ab78')).toEqual([undefined]);
  });

  test('who gets a mail: whose it is, the admins of a team, and whom its metadata names', async () => {
    const { store, snapshot } = await start();
    const emailsOf = async (subject: string) => {
      const budgets = await watchedBudgets([subject], noon, { store, snapshot });
      return Promise.all(budgets.map((budget) => alertEmails(budget, { store, snapshot })));
    };
    const [hard, soft] = await emailsOf('team:t/1');
    expect(hard).toEqual(['both@example.com', 'more@example.com', 'bob@example.com']);
    expect(soft).toEqual(['soft@example.com', 'both@example.com', 'more@example.com', 'bob@example.com']);
    expect((await emailsOf('key:ab12'))[2]).toEqual(['ann@example.com']);
    expect(await emailsOf('user:ann')).toEqual([['ann@example.com']]);
    expect(await emailsOf(`team_member:${memberId('t/1', 'bob')}`)).toEqual([['bob@example.com']]);
    expect(await emailsOf('customer:c')).toEqual([[]]);
  });
});

test('budgets that deployments are chosen by are watched in the windows of routing', () => {
  const snapshot = load(`
model_list: [{ model_name: a, litellm_params: { model: openai/a, max_budget: 2, budget_duration: 1d }, model_info: { id: d1 } }]
router_settings: { provider_budget_config: { openai: { budget_limit: 10, time_period: 7d } } }
litellm_settings: { tag_budget_config: { x: { max_budget: 1, budget_duration: 1h } } }
`);
  const subjects = [
    'provider:openai',
    'provider:azure',
    'deployment:d1',
    'deployment:none',
    'routing_tag:x',
    'toString:x',
    'gateway',
    'tag:x',
  ];
  const [day, week] = [Date.UTC(2026, 10, 18), Date.UTC(2026, 10, 16)];
  expect(routingBudgets(subjects, snapshot, noon)).toMatchObject([
    { subject: 'provider:openai', maxNanodollars: 10 * usd, period: { start: week, end: week + 7 * 86_400_000 } },
    { subject: 'deployment:d1', maxNanodollars: 2 * usd, period: { start: day, end: day + 86_400_000 } },
    { subject: 'routing_tag:x', maxNanodollars: usd, period: { start: noon, end: noon + 3_600_000 } },
  ]);
});
