import { expect, test } from 'bun:test';
import type { Quirks } from '../../types/index.ts';
import { openaiChat, openaiResponses } from '../index.ts';
import { noteForeignMembers } from './foreign-members.ts';

const noted = (from: string, own: string, members: Record<string, unknown>): string[] => {
  const found: string[] = [];
  noteForeignMembers({ extra: { [from]: members } }, own, {
    from,
    quirks: {},
    drop: (what) => void found.push(`drop ${what}`),
    lacks: (what) => void found.push(`refuse ${what}`),
  });
  return found;
};

test("what only a client's own format can say is not lost in silence", () => {
  expect(noted('anthropic-messages', 'gemini', { speed: 'fast', mcp_servers: [{ name: 'm' }], thinking: {} })).toEqual([
    'refuse mcp_servers',
    'drop speed',
  ]);
  expect(noted('gemini', 'openai-chat', { cachedContent: 'cachedContents/1', safetySettings: [{}], generationConfig: { a: 1 } })).toEqual([
    'refuse cachedContent',
    'drop safetySettings',
    'drop generationConfig.a',
  ]);
  expect(noted('openai-responses', 'anthropic-messages', { truncation: 'auto', max_tool_calls: 3 })).toEqual([
    'drop max_tool_calls',
    'drop truncation',
  ]);
});

test('a guardrail of Bedrock is not left out in silence', () => {
  const own = {
    guardrailConfig: { guardrailIdentifier: 'g', guardrailVersion: '1' },
    performanceConfig: { latency: 'optimized' },
    additionalModelRequestFields: { top_k: 3, foo: 1 },
  };
  expect(noted('bedrock-converse', 'anthropic-messages', own)).toEqual([
    'drop additionalModelRequestFields',
    'refuse guardrailConfig',
    'drop performanceConfig',
  ]);
  expect(noted('bedrock-converse', 'gemini', { additionalModelRequestFields: { top_k: 3, thinking: {} } })).toEqual([]);
});

test('settings inside an object: a type that could not be translated is refused, what changes answers is told', () => {
  const enumeration = { responseMimeType: 'text/x.enum', responseSchema: { type: 'STRING', enum: ['A'] }, mediaResolution: 'LOW' };
  expect(noted('gemini', 'openai-chat', { generationConfig: enumeration })).toEqual([
    'refuse generationConfig.responseMimeType',
    'drop generationConfig.mediaResolution',
  ]);
  expect(noted('gemini', 'openai-chat', { generationConfig: { responseSchema: { type: 'STRING' } } })).toEqual([]);
  expect(noted('ollama-chat', 'gemini', { options: { num_ctx: 8192, repeat_penalty: 1.2 }, keep_alive: '5m' })).toEqual([
    'drop options.repeat_penalty',
  ]);
});

test('what is empty, ordinary or of the very format is no loss', () => {
  expect(noted('anthropic-messages', 'gemini', { mcp_servers: [], speed: 'standard', container: null })).toEqual([]);
  expect(noted('openai-responses', 'anthropic-messages', { truncation: 'disabled' })).toEqual([]);
  expect(noted('gemini', 'gemini', { cachedContent: 'c' })).toEqual([]);
});

test("OpenAI's newer name of the user is no loss where the user goes along by the older", () => {
  const dropped = (user: string): string[] => {
    const found: string[] = [];
    const context = { from: 'openai-chat', quirks: {}, drop: (what: string) => void found.push(what), lacks: () => {} };
    noteForeignMembers({ user, extra: { 'openai-chat': { safety_identifier: 's' } } }, 'gemini', context);
    return found;
  };
  expect(dropped('s')).toEqual([]);
  expect(dropped('u')).toEqual(['safety_identifier']);
});

test('what Anthropic says of functions and others cannot', () => {
  const lost = (extra: Record<string, unknown>, own = 'openai-chat'): string[] => {
    const found: string[] = [];
    const tools = [{ type: 'function' as const, name: 'f', extra: { 'anthropic-messages': extra } }];
    noteForeignMembers({ tools: [...tools, ...tools] }, own, {
      from: 'anthropic-messages',
      quirks: {},
      drop: (what) => void found.push(what),
      lacks: (what) => void found.push(`refuse ${what}`),
    });
    return found;
  };
  const all = {
    allowed_callers: ['code_execution_20260120'],
    defer_loading: true,
    eager_input_streaming: true,
    input_examples: [{ a: 1 }],
  };
  expect(lost(all)).toEqual([
    'tools[].allowed_callers',
    'tools[].defer_loading',
    'tools[].eager_input_streaming',
    'tools[].input_examples',
  ]);
  expect(lost(all, 'anthropic-messages')).toEqual([]);
  expect(lost({ type: 'custom', allowed_callers: ['direct'], defer_loading: false, input_examples: [] })).toEqual([]);
});

test.each([
  [openaiChat, openaiResponses, 'openai-chat'],
  [openaiResponses, openaiChat, 'openai-responses'],
] as const)(
  '%#: how long a prompt is cached goes from one format of OpenAI to the other, where the vendor takes it',
  (client, vendor, from) => {
    const asked = client.request.fromWire({ model: 'm', messages: [], input: 'x', prompt_cache_retention: '24h' });
    const sent = (quirks: Quirks): unknown[] => {
      const dropped: string[] = [];
      const drop = (what: string) => void dropped.push(what);
      const { body } = vendor.request.toWire(asked, {
        model: 'm',
        provider: 'p',
        from,
        traits: {},
        quirks,
        dropParams: false,
        drop,
        lacks: drop,
      });
      return [body['prompt_cache_retention'], dropped.includes('prompt_cache_retention')];
    };
    expect(sent({ promptCacheRetention: true })).toEqual(['24h', false]);
    expect(sent({})).toEqual([undefined, true]);
  },
);
