import { describe, expect, test } from 'bun:test';
import { refusalOf } from '../../limits/index.ts';
import { admitOr } from './admit-or.ts';
import { otherNamesOf } from './model-names.ts';
import { governing, liveOf, principalOf } from './testing.ts';

const live = await liveOf(`
model_list:
  - { model_name: big, litellm_params: { model: openai/gpt-4o, api_key: k }, model_info: { id: the-id-of-it } }
  - { model_name: small, litellm_params: { model: openai/gpt-4o-mini, api_key: k, default_api_key_rpm_limit: 1 }, model_info: { id: id-of-small } }
  - { model_name: "openai/*", litellm_params: { model: "openai/*", api_key: k } }
router_settings: { model_group_alias: { large: big, larger: { model: big, hidden: true } } }
`);

test('what a model may be called beside its name', () => {
  expect(otherNamesOf(live, 'big', undefined)).toEqual([]);
  expect(otherNamesOf(live, 'large', undefined)).toEqual(['big']);
  expect(otherNamesOf(live, 'the-id-of-it', undefined)).toEqual(['big']);
  expect(otherNamesOf(live, 'openai/gpt-5', undefined)).toEqual(['openai/*']);
  expect(otherNamesOf(live, 'gpt-5', 'openai')).toEqual(['openai/gpt-5', 'openai/*']);
  for (const name of ['openai/GPT-5', 'openai/gpt-5 ', 'openai//gpt-5'])
    expect(otherNamesOf(live, name, undefined)).toEqual(['openai/*', 'openai/gpt-5']);
  expect(otherNamesOf(live, 'unknown', undefined)).toEqual([]);
  expect(otherNamesOf(live, '', undefined)).toEqual([]);
});

describe('FP-67: no limit of a model is passed by another name of it', () => {
  const at = (key: Parameters<typeof principalOf>[0]) => {
    const { governor, stateOf, asked } = governing(live, { at: Date.UTC(2026, 10, 22, 12) });
    const principal = principalOf(key);
    return async (model: string, pathProvider?: string) => {
      const state = { ...stateOf(principal), ...(pathProvider !== undefined && { pathProvider }) };
      try {
        await admitOr(state, governor, asked(model, { max_tokens: 10 }));
        governor.settle(state, { inputTokens: 0, outputTokens: 10, nanodollars: 1e9, made: true });
        return state.budgetModel ?? 'served';
      } catch (cause) {
        return refusalOf(cause)?.limit.subject;
      }
    };
  };

  test.each(['large', 'larger', 'the-id-of-it', 'big'])('%s has the budget of its model', async (name) => {
    const call = at({ model_max_budget: { big: { max_budget: 1 } } });
    expect(await call('big')).toBe('served');
    expect(await call(name)).toBe('key:k/model:big');
    expect(await call('small')).toBe('served');
  });

  test('and its rates, also on the path of a provider; what is said of the other name holds as well', async () => {
    const call = at({ model_rpm_limit: { 'openai/gpt-5': 1, large: 0 } });
    expect(await call('gpt-5', 'openai')).toBe('served');
    expect(await call('gpt-5', 'openai')).toBe('key:k/model:openai/gpt-5');
    expect(await call('openai/gpt-5')).toBe('key:k/model:openai/gpt-5');
    expect(await call('large')).toBe('key:k/model:large');
    expect(await call('big')).toBe('served');
  });

  test.each(['openai/GPT-5', 'openai/gpt-5 ', 'openai//gpt-5'])('nor by how it is written behind a pattern: %p', async (name) => {
    const call = at({ model_max_budget: { 'openai/gpt-5': { max_budget: 1 } } });
    expect(await call('openai/gpt-5')).toBe('served');
    expect(await call(name)).toBe('key:k/model:openai/gpt-5');
  });

  test('what its deployment gives each key is counted once, however it is called', async () => {
    const call = at({});
    expect(await call('small')).toBe('served');
    for (const name of ['id-of-small', 'small']) expect(await call(name)).toBe('key:k/model:small');
  });

  test('falls back as its model does', async () => {
    const call = at({ model_max_budget: { big: { max_budget: 0 } }, budget_fallbacks: { big: ['large', 'small'] } });
    expect(await call('large')).toBe('small');
  });
});
