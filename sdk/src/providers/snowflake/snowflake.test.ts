import { describe, expect, test } from 'bun:test';
import type { Env } from '../../lib/env.ts';
import { chooseSpeaks } from '../choose.ts';
import { credentialHeaders } from '../credentials.ts';
import { createProviders } from '../registry.ts';
import { mustRewrite } from '../same-format.ts';
import { targetOf, type TargetOptions } from '../target.ts';
import { upstreamUrl } from '../url.ts';
import { snowflake } from './index.ts';

const target = (given: Partial<TargetOptions> = {}, env: Env = {}) =>
  targetOf({ model: 'snowflake/llama3.1-8b', ...given }, { providers: createProviders([snowflake]), env });
const url = (given: Partial<TargetOptions>, env: Env = {}): string => {
  const made = target(given, env);
  return upstreamUrl(made, chooseSpeaks(made.provider, made.model, 'openai-chat').speaks, false);
};
const chat = 'https://org-acc.snowflakecomputing.com/api/v2/cortex/v1/chat/completions';

describe('the address of an account', () => {
  test.each([
    'https://org-acc.snowflakecomputing.com',
    'https://org-acc.snowflakecomputing.com/api/v2',
    'https://org-acc.snowflakecomputing.com/api/v2/cortex/v1/',
    'https://org-acc.snowflakecomputing.com/api/v2/cortex/v1/chat/completions',
    'https://org-acc.snowflakecomputing.com/api/v2/cortex/inference:complete',
  ])('%s', (baseUrl) => {
    expect(url({ baseUrl })).toBe(chat);
    expect(url({}, { SNOWFLAKE_API_BASE: baseUrl })).toBe(chat);
  });

  test.each(['org-acc', 'org_acc', 'org-acc.snowflakecomputing.com', 'https://org-acc.snowflakecomputing.com/'])(
    'by account: %s',
    (account) => {
      expect(url({ options: { account_id: account } })).toBe(chat);
      expect(url({}, { SNOWFLAKE_ACCOUNT_ID: account })).toBe(chat);
    },
  );

  test.each(['evil.test/x', 'evil.test#', 'a@evil.test', 'acc?x', '', '..'])(
    'an account that could lead elsewhere is refused: %p',
    (account) => {
      expect(() => url({ options: { account_id: account } })).toThrow(/account/);
    },
  );

  test('neither: said before any network', () => {
    expect(() => url({})).toThrow('SNOWFLAKE_ACCOUNT_ID');
  });
});

describe('tokens', () => {
  const headers = (apiKey: string) => credentialHeaders(target({ apiKey }), { method: 'POST', url: chat, body: '' });

  test('of any kind are sent as they are; a marked one is told', () => {
    expect(headers('eyJ.a.b')).toEqual({ authorization: 'Bearer eyJ.a.b' });
    expect(headers('pat/secret')).toEqual({
      authorization: 'Bearer secret',
      'x-snowflake-authorization-token-type': 'PROGRAMMATIC_ACCESS_TOKEN',
    });
    expect(() => credentialHeaders(target(), { method: 'POST', url: chat, body: '' })).toThrow('SNOWFLAKE_JWT');
  });
});

describe('models', () => {
  test('Claude has its thoughts back, and is told how much to think in another way', () => {
    const claude = target({ model: 'snowflake/claude-sonnet-4-6' }).provider;
    expect(claude.quirks?.reasoningField).toBe('reasoning_details');
    expect(mustRewrite({ reasoning_effort: 'low' }, claude.quirks!)).toBe(true);
    expect(mustRewrite({ reasoning: { effort: 'low' } }, claude.quirks!)).toBe(false);
    expect(target({ model: 'snowflake/claude-opus-4-8' }).provider).toBe(claude);
    expect(target().provider).toBe(snowflake);
  });

  test('GPT is known behind its prefix', () => {
    expect(snowflake.traits?.('openai-gpt-5')).toMatchObject({ maxCompletionTokens: true });
    expect(snowflake.traits?.('llama3.1-8b')).toEqual({});
  });
});
