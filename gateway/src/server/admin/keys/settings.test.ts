import { expect, test } from 'bun:test';
import { kinds } from '../../../access/records/kinds.ts';
import { systemActor } from '../../../access/store/actor.ts';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';

const models = `model_list:\n  - { model_name: gpt-4o, litellm_params: { model: mock/hello } }\n`;
const withAdmin =
  (start: (options: { config: string }) => Promise<TestAdmin>, config: string, work: (admin: TestAdmin) => Promise<void>) => async () => {
    const admin = await start({ config: models + config });
    try {
      await work(admin);
    } finally {
      await admin.stop();
    }
  };
const actor = systemActor('test');

describeAdmin('what the file says of keys', (start) => {
  test(
    'defaults fill what a request leaves out',
    withAdmin(
      start,
      `
litellm_settings:
  default_key_generate_params:
    max_budget: 1.5
    models: [gpt-4o]
    duration: 30d
    team_id: core
    metadata: { setting: default, app: file }
team_settings:
  - { team_id: core, models: ['gpt-*'] }
`,
      async (admin) => {
        const made = await admin.ok('POST /key/generate', { metadata: { app: 'mine' } });
        expect(made).toMatchObject({
          max_budget: 1.5,
          models: ['gpt-4o'],
          duration: '30d',
          team_id: 'core',
          metadata: { setting: 'default', app: 'mine' },
        });
        expect(await admin.ok('POST /key/generate', { max_budget: 0, models: [], user_id: 'u' })).toMatchObject({
          max_budget: 0,
          models: [],
          team_id: null,
        });
      },
    ),
  );

  test(
    'nothing above an upper bound, and that much where nothing is said',
    withAdmin(
      start,
      `
litellm_settings:
  upperbound_key_generate_params: { max_budget: 10, budget_duration: 10d, rpm_limit: 100, duration: 30d }
`,
      async (admin) => {
        const made = await admin.ok<{ token: string }>('POST /key/generate', {});
        expect(made).toMatchObject({ max_budget: 10, budget_duration: '10d', rpm_limit: 100, duration: '30d' });
        for (const [name, value] of [
          ['max_budget', 10.01],
          ['budget_duration', '11d'],
          ['rpm_limit', 101],
          ['duration', '31d'],
          ['duration', '-1'],
        ] as const)
          expect((await admin.call('POST /key/generate', { [name]: value })).json.error?.param).toBe(name);
        for (const [name, value] of [
          ['max_budget', null],
          ['max_budget', 11],
          ['duration', null],
          ['rpm_limit', null],
        ] as const)
          expect((await admin.call('POST /key/update', { key: made.token, [name]: value })).json.error?.param).toBe(name);
        expect(await admin.ok('POST /key/update', { key: made.token, max_budget: 9 })).toMatchObject({ max_budget: 9 });
      },
    ),
  );

  test(
    'who may make keys, and what a request must say',
    withAdmin(
      start,
      `
litellm_settings:
  key_generation_settings:
    team_key_generation: { allowed_team_member_roles: [admin], required_params: [tags] }
    personal_key_generation: { allowed_user_roles: [proxy_admin] }
  enable_key_alias_format_validation: true
team_settings:
  - { team_id: core, team_member_permissions: [/key/generate] }
`,
      async (admin) => {
        await admin.store.write(actor, async (writing) => {
          await writing.insert(kinds.user, 'ann', { user_role: 'internal_user', models: [] });
          await writing.insert(kinds.teamMember, 'core:ann', { team_id: 'core', user_id: 'ann', role: 'user' });
        });
        const { key } = await admin.ok<{ key: string }>('POST /key/generate', { user_id: 'ann' });
        expect((await admin.call('POST /key/generate', { team_id: 'core', tags: ['x'] }, { key })).status).toBe(403);
        expect((await admin.call('POST /key/generate', {}, { key })).status).toBe(403);
        expect((await admin.call('POST /key/generate', { team_id: 'core' })).json.error.param).toBe('tags');
        expect((await admin.call('POST /key/generate', { team_id: 'core', tags: ['x'] })).status).toBe(200);
        for (const bad of ['-a', 'a b', 'a', 'a!b', 'ab-'])
          expect((await admin.call('POST /key/generate', { key_alias: bad })).json.error?.param).toBe('key_alias');
        expect((await admin.call('POST /key/generate', { key_alias: 'team/a.b@c_d-1' })).status).toBe(200);
      },
    ),
  );

  test(
    'a team of the file has keys (form D)',
    withAdmin(
      start,
      `
team_settings:
  - { team_id: engineering, max_budget: 100, budget_duration: 30d, models: [gpt-4o] }
`,
      async (admin) => {
        const made = await admin.ok<{ key: string }>('POST /key/generate', {
          team_id: 'engineering',
          key_alias: 'eng-ci',
          max_budget: 20,
          duration: '30d',
        });
        expect((await admin.chat('gpt-4o', made.key)).status).toBe(200);
      },
    ),
  );
});
