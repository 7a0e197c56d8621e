import { describe, expect, test } from 'bun:test';
import type { KeyRecord } from '../../access/records/records.ts';
import type { Principal } from '../../access/principal.ts';
import { refusalOf } from '../../limits/index.ts';
import type { CallState } from '../call-state.ts';
import { admitOr } from './admit-or.ts';
import type { Governed } from './governor.ts';
import { governing, liveOf, principalOf, stored } from './testing.ts';

const priced = (name: string, more = ''): string =>
  `  - { model_name: ${name}, litellm_params: { model: mock/hello, input_cost_per_token: 0.001, output_cost_per_token: 0.001${more} } }\n`;
const models = `model_list:\n${priced('big')}${priced('small')}${priced('other')}`;
const live = await liveOf(`${models}litellm_settings: { budget_exceeded_throttle_percentage: 0.1 }\n`);
const now = Date.UTC(2026, 10, 22, 12);

const at = (key: Partial<KeyRecord>, of = live, more: Parameters<typeof principalOf>[1] = {}) => {
  const clock = { at: now };
  const { governor, stateOf, asked } = governing(of, clock);
  const principal: Principal = principalOf(key, more);
  return {
    clock,
    governor,
    /** A call that costs so many thousandths of a dollar. */
    async call(model: string, tokens: number, extra: Partial<Governed> = {}): Promise<CallState> {
      const state = stateOf(principal);
      await admitOr(state, governor, { ...asked(model, { max_tokens: tokens }), ...extra });
      governor.settle(state, { inputTokens: 0, outputTokens: tokens, nanodollars: tokens * 1e6, made: true });
      return state;
    },
    hold: async (model: string, extra: Partial<Governed> = {}) => {
      const state = stateOf(principal);
      await admitOr(state, governor, { ...asked(model, { max_tokens: 1 }), ...extra });
      return state;
    },
  };
};

describe('budget_fallbacks', () => {
  const key: Partial<KeyRecord> = {
    model_max_budget: { big: { max_budget: 0.01, budget_duration: '1d' }, small: { max_budget: 0.02 } },
    budget_fallbacks: { big: ['small', 'other'] },
  };

  test('the first model of the chain that has room answers, and is what is charged', async () => {
    const { call, governor } = at(key);
    expect((await call('big', 10)).budgetModel).toBeUndefined();
    expect((await call('big', 10)).budgetModel).toBe('small');
    expect((await call('big', 10)).budgetModel).toBe('small');
    expect((await call('big', 10)).budgetModel).toBe('other');
    expect(governor.spentUsd({ subject: 'key:k/model:small' })).toBeCloseTo(0.02, 9);
  });

  test('a model that the caller may not use is passed over; with none left the first refusal holds', async () => {
    const { call } = at({ ...key, models: ['big', 'small'] });
    await call('big', 10);
    await call('big', 20);
    const error = await call('big', 10).catch((cause: unknown) => cause);
    expect(refusalOf(error)?.limit.subject).toBe('key:k/model:big');
    expect((error as Error).message).toContain('model "big"');
  });

  test("another limit's refusal is no reason to ask another model", async () => {
    const { call } = at({ ...key, max_budget: 0.005 });
    expect(refusalOf(await call('big', 10).catch((cause: unknown) => cause))?.limit.subject).toBe('key:k');
  });
});

describe('throttle_on_budget_exceeded', () => {
  test('a spent key goes on at a share of its rates, and what it costs is counted', async () => {
    const { call, clock, governor } = at({ max_budget: 0.01, rpm_limit: 20, throttle_on_budget_exceeded: true });
    await call('big', 10);
    // A tenth of 20 a minute, of which one is used.
    await call('big', 10);
    const error = await call('big', 10).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'rate_limited', status: 429, type: 'throttling_error' });
    expect((error as Error).message).toContain('slowed down as its budget is spent, is reached: 2 of 2 requests a minute');
    clock.at += 120_000;
    await call('big', 10);
    expect(governor.spentUsd({ subject: 'key:k' })).toBeCloseTo(0.03, 9);
  });

  test('never less than one; 0 stays 0; without rates, or without the setting, it is refused', async () => {
    const one = at({ max_budget: 0, rpm_limit: 3, throttle_on_budget_exceeded: true });
    await one.call('big', 1);
    expect(await one.call('big', 1).catch((cause: unknown) => cause)).toMatchObject({ code: 'rate_limited' });
    for (const [key, of] of [
      [{ max_budget: 0, throttle_on_budget_exceeded: true }, live],
      [{ max_budget: 0, rpm_limit: 3, throttle_on_budget_exceeded: true }, await liveOf(models)],
      [{ max_budget: 0, rpm_limit: 3 }, live],
    ] as const)
      expect(
        await at(key, of)
          .call('big', 1)
          .catch((cause: unknown) => cause),
      ).toMatchObject({ code: 'budget_exceeded' });
    expect(
      await at({ max_budget: 0, rpm_limit: 0, throttle_on_budget_exceeded: true })
        .call('big', 1)
        .catch((cause: unknown) => cause),
    ).toMatchObject({
      code: 'rate_limited',
    });
  });

  test("a team's spent budget refuses all the same", async () => {
    const { call } = at({ max_budget: 0, rpm_limit: 30, throttle_on_budget_exceeded: true }, live, { ofTeam: { max_budget: 0 } });
    expect(refusalOf(await call('big', 1).catch((cause: unknown) => cause))?.limit.subject).toBe('team:t');
  });
});

describe('sessions', () => {
  const inSession = (id: string | undefined): Partial<Governed> => ({ sessionOf: () => id });

  test('each has so many calls and so much money; the least of key and team holds', async () => {
    const { call } = at({ metadata: { max_iterations: 2, max_budget_per_session: 1 } }, live, {
      ofTeam: { metadata: { max_budget_per_session: 0.015, max_iterations: 100 } },
    });
    await call('big', 1, inSession('a'));
    await call('big', 1, inSession('a'));
    expect((await call('big', 1, inSession('a')).catch((cause: unknown) => cause)) as Error).toMatchObject({
      code: 'rate_limited',
      message: expect.stringContaining('session "a" of key "ci"'),
    });
    await call('big', 15, inSession('b'));
    const spent = await call('big', 1, inSession('b')).catch((cause: unknown) => cause);
    expect(refusalOf(spent)?.limit).toMatchObject({ subject: 'session:k/b', metric: 'cost', max: 15e6 });
    // Who says no session has none.
    for (let more = 0; more < 5; more++) await call('big', 100, inSession(undefined));
  });

  test('or must say one', async () => {
    const { call } = at({ metadata: { require_trace_id_on_calls_by_agent: true } });
    expect(await call('big', 1, inSession(undefined)).catch((cause: unknown) => cause)).toMatchObject({
      code: 'invalid_request',
      status: 400,
    });
    await call('big', 1, inSession('a'));
  });
});

describe('agents', () => {
  const failureOf = (call: Promise<unknown>) => call.catch((cause: unknown) => cause);
  const agents = (rules: string) => liveOf(`${models}sluice_settings: { budgets: { agents: { ${rules} } } }\n`);

  test('what all keys of one use together is limited, each agent by itself (FP-99)', async () => {
    const live = await agents('writer: { max_budget: 0.03, budget_duration: 1d, rpm_limit: 3 }');
    const clock = { at: now };
    const { governor, stateOf, asked } = governing(live, clock);
    const call = async (key: string, agentId: string | undefined, tokens: number) => {
      const principal = principalOf({}, { agentId });
      const state = stateOf({ ...principal, key: { ...principal.key!, id: key } });
      await admitOr(state, governor, asked('big', { max_tokens: tokens }));
      governor.settle(state, { inputTokens: 0, outputTokens: tokens, nanodollars: tokens * 1e6, made: true });
      return state;
    };
    expect((await call('k1', 'writer', 10)).held?.spenders.map(({ subject }) => subject)).toEqual(['key:k1', 'agent:writer']);
    await call('k2', 'writer', 10);
    expect(refusalOf(await failureOf(call('k2', 'writer', 20)))?.limit).toMatchObject({
      subject: 'agent:writer',
      metric: 'cost',
      max: 30e6,
    });
    await call('k1', 'writer', 1);
    const refused = await failureOf(call('k1', 'writer', 1));
    expect(refusalOf(refused)?.limit).toMatchObject({ subject: 'agent:writer', metric: 'requests', max: 3 });
    expect((refused as Error).message).toContain('agent "writer"');
    await call('k1', 'reader', 100);
    await call('k1', undefined, 100);
    clock.at = now + 86_400_000;
    await call('k2', 'writer', 20);
  });

  test('`*` is for each that is not named', async () => {
    const { call } = at({}, await agents('known: { max_budget: 1 }, "*": { max_parallel_requests: 0 }'), { agentId: 'other' });
    expect(refusalOf(await failureOf(call('big', 1)))?.limit).toMatchObject({ subject: 'agent:other', metric: 'parallel' });
    await at({}, await agents('known: { max_budget: 1 }, "*": { max_parallel_requests: 0 }'), { agentId: 'known' }).call('big', 1);
    await at({}, await agents('"*": { max_parallel_requests: 0 }')).call('big', 1);
    // No name of an object's own members is an agent that is named.
    await at({}, await agents('known: { max_budget: 0 }'), { agentId: 'constructor' }).call('big', 1);
  });

  test("sessions have rates: the least of the agent's, the key's and the team's", async () => {
    const of = await agents('a: { session_rpm_limit: 3, session_tpm_limit: 100, max_iterations: 4 }');
    const { call, clock } = at({ metadata: { session_rpm_limit: 2 } }, of, {
      agentId: 'a',
      ofTeam: { metadata: { session_rpm_limit: 9, session_tpm_limit: 1000 } },
    });
    const inSession = (id: string): Partial<Governed> => ({ sessionOf: () => id });
    await call('big', 10, inSession('x'));
    expect(refusalOf(await failureOf(call('big', 200, inSession('x'))))?.limit).toMatchObject({ metric: 'tokens', max: 100 });
    await call('big', 10, inSession('x'));
    expect(refusalOf(await failureOf(call('big', 1, inSession('x'))))?.limit).toMatchObject({
      metric: 'requests',
      max: 2,
      windowMs: 60_000,
    });
    await call('big', 10, inSession('y'));
    clock.at += 120_000;
    await call('big', 10, inSession('x'));
    await call('big', 10, inSession('x'));
    clock.at += 120_000;
    expect(refusalOf(await failureOf(call('big', 1, inSession('x'))))?.limit).toMatchObject({
      metric: 'requests',
      max: 4,
      windowMs: 86_400_000,
    });
  });
});

describe('limits that are only tried out', () => {
  test('of one thing (metadata.shadow_limits): told, counted, and nothing is refused', async () => {
    const { call } = at({ rpm_limit: 1, max_budget: 0.001, metadata: { shadow_limits: true } });
    expect((await call('big', 1)).wouldRefuse).toBeUndefined();
    expect((await call('big', 1)).wouldRefuse).toEqual([
      { kind: 'requests', label: 'key "ci"' },
      { kind: 'cost', label: 'key "ci"' },
    ]);
  });

  test("the team's own hold on", async () => {
    const { call } = at({ rpm_limit: 0, metadata: { shadow_limits: true } }, live, { ofTeam: { rpm_limit: 1 } });
    await call('big', 1);
    expect(refusalOf(await call('big', 1).catch((cause: unknown) => cause))?.limit.subject).toBe('team:t');
  });

  test('of a kind, everywhere', async () => {
    const shadow = await liveOf(`${models}litellm_settings: { max_budget: 0 }\nsluice_settings: { budgets: { shadow: [cost, tokens] } }\n`);
    const { call } = at({ rpm_limit: 2, tpm_limit: 0, tag_rpm_limit: { x: 1 } }, shadow);
    expect((await call('big', 1)).wouldRefuse).toEqual([
      { kind: 'cost', label: 'gateway' },
      { kind: 'tokens', label: 'key "ci"' },
    ]);
    await call('big', 1, { tags: ['x'] });
    expect(await call('big', 1).catch((cause: unknown) => cause)).toMatchObject({ code: 'rate_limited' });
  });
});

describe('several budgets at once', () => {
  test('budget_limits: each window has its own room, and its own end', async () => {
    const { call, clock } = at({
      budget_limits: [
        { budget_duration: '1h', max_budget: 0.01 },
        { budget_duration: '1d', max_budget: 0.015 },
      ],
    });
    await call('big', 10);
    expect(refusalOf(await call('big', 5).catch((cause: unknown) => cause))?.limit.max).toBe(10e6);
    clock.at += 3_600_000;
    await call('big', 5);
    const error = await call('big', 5).catch((cause: unknown) => cause);
    expect(refusalOf(error)).toMatchObject({ limit: { max: 15e6 }, resetsAt: Date.UTC(2026, 10, 23) });
  });

  test('budget_reset_time: a day begins when the settings say', async () => {
    const of = await liveOf(`${models}litellm_settings: { timezone: Europe/Berlin, budget_reset_time: "09:30:15" }\n`);
    const { call } = at({ max_budget: 0, budget_duration: '1d' }, of);
    const error = (await call('big', 5).catch((cause: unknown) => cause)) as Error;
    // Nothing is ever let through of nothing, so the end is looked at where there is something.
    expect(error.message).toContain('lets nothing through');
    const some = at({ max_budget: 0.005, budget_duration: '1d' }, of);
    await some.call('big', 5);
    const spent = await some.call('big', 5).catch((cause: unknown) => cause);
    expect(refusalOf(spent)?.resetsAt).toBe(Date.UTC(2026, 10, 23, 8, 30, 15));
  });

  test('a budget raised for a time, and not behind it', async () => {
    const { call, clock } = at({ max_budget: 0.01, temp_budget_increase: 0.01, temp_budget_expiry: now + 60_000 });
    await call('big', 15);
    clock.at += 60_000;
    expect(await call('big', 1).catch((cause: unknown) => cause)).toMatchObject({ code: 'budget_exceeded' });
  });

  test('soft budgets refuse nothing and are told; the usual one of keys (default_soft_budget)', async () => {
    const of = await liveOf(`${models}litellm_settings: { default_soft_budget: 0.001 }\n`);
    const { call } = at({}, of);
    const state = await call('big', 10);
    expect(state.held?.limits).toMatchObject([{ metric: 'cost', max: 1e6, soft: true }]);
    await call('big', 10);
    expect((await at({ soft_budget: 5 }, of).call('big', 1)).held?.limits).toMatchObject([{ max: 5e9 }]);
  });

  test('max_user_budget: of people who have none of their own', async () => {
    const of = await liveOf(`${models}litellm_settings: { max_user_budget: 0.005 }\n`);
    const user = (more: object) => stored('u', { user_role: 'internal_user' as const, models: [], ...more });
    expect(
      await at({}, of, { user: user({}) })
        .call('big', 6)
        .catch((cause: unknown) => cause),
    ).toMatchObject({ code: 'budget_exceeded' });
    await at({}, of, { user: user({ max_budget: 1 }) }).call('big', 6);
  });
});

describe('a file of calls', () => {
  test('uses up rates by all of them when it is handed in, and needs money for all of them', async () => {
    const batch = { requests: 60, inputTokens: 500, outputTokens: 400, costNanodollars: 5e6 };
    const { call } = at({ rpm_limit: 100, tpm_limit: 1000, max_budget: 1 });
    const state = await call('big', 0, { batch });
    expect(state.held?.worst).toEqual(batch);
    expect(refusalOf(await call('big', 0, { batch }).catch((cause: unknown) => cause))?.limit.metric).toBe('requests');
    for (let one = 0; one < 40; one++) await call('small', 1, { needs: undefined });
    expect(await call('big', 1).catch((cause: unknown) => cause)).toMatchObject({ code: 'rate_limited' });
    expect(
      await at({ max_budget: 0.004 })
        .call('big', 0, { batch })
        .catch((cause: unknown) => cause),
    ).toMatchObject({ code: 'budget_exceeded' });
  });
});

describe('limits of the whole gateway and of models', () => {
  test('global_max_parallel_requests', async () => {
    const of = await liveOf(`${models}general_settings: { global_max_parallel_requests: 2 }\n`);
    const { hold, governor } = at({}, of);
    const held = [await hold('big'), await hold('small')];
    expect((await hold('big').catch((cause: unknown) => cause)) as Error).toMatchObject({
      code: 'rate_limited',
      message: expect.stringContaining('gateway'),
    });
    governor.settle(held[0]!, { inputTokens: 1, outputTokens: 1, nanodollars: 0, made: true });
    await hold('big');
  });

  test('token_rate_limit_type: which tokens are counted', async () => {
    const of = await liveOf(`${models}general_settings: { token_rate_limit_type: input }\n`);
    const { call } = at({ tpm_limit: 10 }, of);
    await call('big', 1000);
    await call('big', 1000);
  });

  test('default_api_key_rpm_limit: the least of the deployments, where neither key nor team says', async () => {
    const of = await liveOf(
      `model_list:\n${priced('big', ', default_api_key_rpm_limit: 5')}${priced('big', ', default_api_key_rpm_limit: 2, default_api_key_tpm_limit: 500')}`,
    );
    const { call } = at({}, of);
    await call('big', 1);
    await call('big', 1);
    expect(refusalOf(await call('big', 1).catch((cause: unknown) => cause))?.limit).toMatchObject({ subject: 'key:k/model:big', max: 2 });
    expect((await at({ model_rpm_limit: { big: 9 } }, of).call('big', 1)).held?.limits).toMatchObject([{ max: 9 }, { max: 500 }]);
    expect((await at({}, of, { ofTeam: { model_rpm_limit: { big: 7 } } }).call('big', 1)).held?.limits).toMatchObject([
      { subject: 'key:k/model:big', max: 500 },
      { subject: 'team:t/model:big', max: 7 },
    ]);
  });
});
