import { describe, expect, test } from 'bun:test';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';

/** A field of reference 2.6, a value, what is shown of it, another value, and what is shown where there is none. */
interface Field {
  readonly name: string;
  readonly value: unknown;
  readonly shown?: unknown;
  readonly other: unknown;
  readonly otherShown?: unknown;
  readonly none?: unknown;
}

const fields: readonly Field[] = [
  { name: 'key_alias', value: 'ci/eu-1', other: 'ci/eu-2' },
  { name: 'models', value: ['gpt-4o', 'claude-*'], other: [], none: [] },
  { name: 'aliases', value: { fast: 'gpt-4o' }, other: { slow: 'claude-sonnet' }, none: {} },
  { name: 'user_id', value: 'ada', other: 'bob' },
  { name: 'agent_id', value: 'agent-1', other: 'agent-2' },
  { name: 'max_budget', value: 10.5, other: 0 },
  { name: 'soft_budget', value: 5, other: 0 },
  { name: 'budget_duration', value: '30d', other: 'monthly' },
  { name: 'budget_limits', value: [{ budget_duration: '1d', max_budget: 2 }], other: [{ budget_duration: '7d', max_budget: 0 }] },
  {
    name: 'model_max_budget',
    value: { 'gpt-4o': { budget_limit: 1, time_period: '1d' } },
    shown: { 'gpt-4o': { max_budget: 1, budget_duration: '1d' } },
    other: { 'gpt-4o': { max_budget: 0, rpm_limit: 1 } },
    none: {},
  },
  { name: 'max_parallel_requests', value: 3, other: 0 },
  { name: 'tpm_limit', value: 1000, other: 0 },
  { name: 'rpm_limit', value: 10, other: 0 },
  { name: 'model_rpm_limit', value: { 'gpt-4o': 1 }, other: { 'gpt-4o': 0 } },
  { name: 'model_tpm_limit', value: { 'gpt-4o': 100 }, other: { 'gpt-4o': 0 } },
  { name: 'tag_rpm_limit', value: { batch: 1 }, other: { batch: 0 } },
  { name: 'rpm_limit_type', value: 'dynamic', other: 'guaranteed_throughput' },
  { name: 'tpm_limit_type', value: 'best_effort_throughput', other: 'dynamic' },
  { name: 'metadata', value: { app: 'ci', priority: 'high' }, other: {}, none: {} },
  { name: 'tags', value: ['a'], other: ['b', 'c'] },
  { name: 'enforced_params', value: ['user'], other: ['metadata.job'] },
  { name: 'allowed_routes', value: ['llm_api_routes'], other: ['/v1/chat/completions', '/key/*'], none: [] },
  { name: 'allowed_passthrough_routes', value: ['/mine'], other: ['/mine/*'] },
  { name: 'allowed_ips', value: ['10.0.0.0/8'], other: ['::1', '127.0.0.1'] },
  { name: 'router_settings', value: { num_retries: 1 }, other: { fallbacks: [{ 'gpt-4o': ['claude-sonnet'] }] } },
  { name: 'blocked', value: true, other: false },
  { name: 'budget_fallbacks', value: { 'gpt-4o': ['claude-sonnet'] }, other: {}, none: {} },
  { name: 'throttle_on_budget_exceeded', value: true, other: false },
  { name: 'permissions', value: { pii_masking: false }, other: {}, none: {} },
];

const refused: Readonly<Record<string, unknown>> = {
  guardrails: ['pii'],
  policies: ['p'],
  prompts: ['p'],
  disable_global_guardrails: true,
  mcp_rpm_limit: { github: 1 },
  allowed_cache_controls: ['no-cache'],
  allowed_vector_store_indexes: [{ index_name: 'i', index_permissions: ['read'] }],
  send_invite_email: true,
  config: { cache: {} },
  permissions: { allow_pii_controls: true },
  'metadata.logging': [{ callback_name: 'langfuse' }],
  'object_permission.mcp_servers': ['github'],
  'object_permission.agents': ['a'],
  auto_rotate: true,
};

const nested = (name: string, value: unknown): Record<string, unknown> => {
  const [first = '', second] = name.split('.');
  return { [first]: second === undefined ? value : { [second]: value } };
};

const generate = async (admin: TestAdmin, body: Record<string, unknown> = {}): Promise<string> =>
  (await admin.ok<{ token: string }>('POST /key/generate', body)).token;
const infoOf = async (admin: TestAdmin, token: string): Promise<Record<string, unknown>> =>
  (await admin.ok<{ info: Record<string, unknown> }>(`GET /key/info?key=${token}`)).info;

describeAdmin('the fields of a key (reference 2.6)', (start) => {
  test('each is kept, changed, left alone by a change of another, and taken away by null; 0 is not null (FP-68, FP-69)', async () => {
    const admin = await start();
    try {
      for (const { name, value, shown = value, other, otherShown = other, none = null } of fields) {
        const token = await generate(admin, { [name]: value });
        const made = await infoOf(admin, token);
        expect({ [name]: made[name] }).toEqual({ [name]: shown });
        const change = name === 'tags' ? { key: token, soft_budget: 99 } : { key: token, tags: ['other'] };
        await admin.ok('POST /key/update', name === 'metadata' || name === 'soft_budget' ? { key: token, rpm_limit: 7 } : change);
        expect({ [name]: (await infoOf(admin, token))[name] }).toEqual({ [name]: shown });
        await admin.ok('POST /key/update', { key: token, [name]: other });
        expect({ [name]: (await infoOf(admin, token))[name] }).toEqual({ [name]: otherShown });
        await admin.ok('POST /key/update', { key: token, [name]: null });
        expect({ [name]: (await infoOf(admin, token))[name] }).toEqual({ [name]: none });
        await admin.ok('POST /key/delete', { keys: [token] });
      }
    } finally {
      await admin.stop();
    }
  }, 60_000);

  test('null is not given when a key is made', async () => {
    const admin = await start();
    try {
      const token = await generate(admin, Object.fromEntries(fields.map(({ name }) => [name, null])));
      const info = await infoOf(admin, token);
      for (const { name, none = null } of fields) expect({ [name]: info[name] }).toEqual({ [name]: none });
    } finally {
      await admin.stop();
    }
  });

  test('what is not built is refused by its name when it asks for something, and taken when it does not', async () => {
    const admin = await start();
    try {
      const token = await generate(admin);
      for (const [name, value] of Object.entries(refused))
        for (const [route, body] of [
          ['POST /key/generate', nested(name, value)],
          ['POST /key/update', { key: token, ...nested(name, value) }],
        ] as const) {
          const { status, json } = await admin.call(route, body);
          expect({ name, status, param: json.error?.param }).toEqual({
            name,
            status: 400,
            param: expect.stringContaining(name.split('.')[0]!),
          });
        }
      const empty = {
        guardrails: [],
        policies: [],
        prompts: null,
        disable_global_guardrails: false,
        config: {},
        allowed_cache_controls: [],
        send_invite_email: false,
      };
      expect((await admin.call('POST /key/generate', empty)).status).toBe(200);
    } finally {
      await admin.stop();
    }
  });

  test('unknown members, wrong kinds and odd values are 400, with the member', async () => {
    const admin = await start();
    const bad: readonly (readonly [Record<string, unknown>, string])[] = [
      [{ max_budgett: 1 }, 'max_budgett'],
      [{ max_budget: '10' }, 'max_budget'],
      [{ max_budget: -1 }, 'max_budget'],
      [{ rpm_limit: 1.5 }, 'rpm_limit'],
      [{ duration: '30 days' }, 'duration'],
      [{ budget_duration: '0d' }, 'budget_duration'],
      [{ models: 'gpt-4o' }, 'models'],
      [{ models: [1] }, 'models.0'],
      [{ key: 'sk-short' }, 'key'],
      [{ key: 'pk-0123456789abcdef0123' }, 'key'],
      [{ key_alias: 'a\nb' }, 'key_alias'],
      [{ key_alias: 'a'.repeat(257) }, 'key_alias'],
      [{ allowed_routes: ['llm_routes'] }, 'allowed_routes'],
      [{ allowed_ips: ['10.0.0.0/64'] }, 'allowed_ips'],
      [{ team_id: 'nobody' }, 'team_id'],
      [{ organization_id: 'nobody' }, 'organization_id'],
      [{ project_id: 'nobody' }, 'project_id'],
      [{ budget_id: 'nobody' }, 'budget_id'],
      [{ access_group_ids: ['nobody'] }, 'access_group_ids'],
      [{ key_type: 'read_only', allowed_routes: ['llm_api_routes'] }, 'allowed_routes'],
      [{ router_settings: { num_retry: 1 } }, 'router_settings.num_retry'],
      [{ metadata: { tags: 'a' } }, 'metadata'],
      [{ user_id: "'; drop table keys; --\0" }, 'user_id'],
    ];
    try {
      for (const [body, param] of bad) {
        const { status, json } = await admin.call('POST /key/generate', body);
        expect({ body, status, param: json.error?.param }).toEqual({ body, status: 400, param: expect.stringContaining(param) });
      }
      expect((await admin.call('POST /key/generate', { max_budgett: 1 })).json.error.message).toContain("'max_budget'");
      expect((await admin.call('POST /key/generate', { key: admin.masterKey })).status).toBe(400);
    } finally {
      await admin.stop();
    }
  });
});

describe('metadata', () => {
  describeAdmin('holds what LiteLLM keeps there', (start) => {
    test('tags and limits of models in it are those of the key', async () => {
      const admin = await start();
      try {
        const token = await generate(admin, { metadata: { app: 'ci', tags: ['a'], model_rpm_limit: { 'gpt-4o': 5 } } });
        const info = await infoOf(admin, token);
        expect(info).toMatchObject({
          tags: ['a'],
          model_rpm_limit: { 'gpt-4o': 5 },
          metadata: { app: 'ci', tags: ['a'], model_rpm_limit: { 'gpt-4o': 5 } },
        });
        // What was read can be written back.
        await admin.ok('POST /key/update', { key: token, metadata: info['metadata'] });
        expect(await infoOf(admin, token)).toMatchObject({ tags: ['a'], metadata: { app: 'ci' } });
        expect((await admin.call('POST /key/generate', { metadata: { tags: [1] } })).status).toBe(400);
      } finally {
        await admin.stop();
      }
    });
  });
});
