import { describe, expect, test } from 'bun:test';
import { anthropicMessages, bedrockConverse, gemini, openaiChat } from '../protocols/index.ts';
import { Secret, type ChatProtocol, type JsonObject, type Provider } from '../types/index.ts';
import { prepare } from './prepare.ts';

/** Claude as a cloud serves it: no model in the body, flags in it, a table of what is taken. */
const cloud: Provider = {
  id: 'cloud',
  label: 'Cloud',
  baseUrl: 'https://cloud.test',
  auth: { kind: 'bearer' },
  keyEnv: [],
  speaks: {
    messages: {
      protocol: 'anthropic-messages',
      path: '/model/{model}/invoke',
      framing: 'aws-event-stream',
      dialect: ({ headers }) => ({
        members: {
          model: undefined,
          stream: undefined,
          anthropic_version: 'cloud-1',
          anthropic_beta: headers['anthropic-beta']?.split(','),
        },
        withoutHeaders: ['anthropic-beta', 'anthropic-version'],
      }),
      takes: { betas: ['known-*'], members: { context_management: 'drop', container: 'refuse' }, tools: ['custom'] },
    },
  },
  source: 'a test',
};

const prepared = async (format: ChatProtocol, body: JsonObject, { dropParams = false, text = JSON.stringify(body), betas = '' } = {}) => {
  const headers = new Headers({ 'anthropic-version': '2023-06-01', ...(betas && { 'anthropic-beta': betas }) });
  const target = { provider: cloud, model: 'claude-x', apiKey: new Secret('k') };
  return await prepare({ format, body, text, headers, stream: body['stream'] === true, target }, { dropParams });
};
const question = { model: 'mine', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] };

describe('the dialect of an endpoint', () => {
  test('a request of the same format is passed on with just those members changed', async () => {
    const text = '{"model":"mine","odd" : 1.0,"stream":true,"max_tokens":10,"messages":[]}';
    const made = await prepared(anthropicMessages, JSON.parse(text) as JsonObject, { text, betas: 'known-1' });
    expect(made.text).toBe('{"odd" : 1.0,"max_tokens":10,"messages":[],"anthropic_version":"cloud-1","anthropic_beta":["known-1"]}');
    expect(made.headers).not.toHaveProperty('anthropic-beta');
    expect(made.headers).not.toHaveProperty('anthropic-version');
    expect(made.headers['accept']).toBe('application/vnd.amazon.eventstream');
    expect(made.framing).toBe('aws-event-stream');
    expect(made.url).toBe('https://cloud.test/model/claude-x/invoke');
  });

  test('it sees what the deployment sets by default, and sets headers', async () => {
    const speaks = {
      protocol: 'anthropic-messages',
      path: '/x',
      dialect: ({ body }: { body: JsonObject }) => ({ members: { guard: undefined }, headers: { 'x-guard': String(body['guard']) } }),
    } as const;
    const target = { provider: { ...cloud, speaks: { messages: speaks } }, model: 'c', apiKey: new Secret('k'), defaults: { guard: 'g1' } };
    for (const format of [anthropicMessages, openaiChat]) {
      const made = await prepare({ format, body: question, text: JSON.stringify(question), stream: false, target }, {});
      expect(made.headers['x-guard']).toBe('g1');
      expect(JSON.parse(made.text)).not.toHaveProperty('guard');
    }
  });

  test('a translated request ends up the same', async () => {
    const { text } = await prepared(openaiChat, { ...question, stream: true });
    const body = JSON.parse(text) as JsonObject;
    expect(body).toMatchObject({ anthropic_version: 'cloud-1', max_tokens: 10 });
    expect(body).not.toHaveProperty('model');
    expect(body).not.toHaveProperty('stream');
  });
});

describe('what an endpoint does not take', () => {
  test('advice and unknown flags are left out with a record', async () => {
    const made = await prepared(anthropicMessages, { ...question, context_management: {} }, { betas: 'known-1,odd-2' });
    expect(JSON.parse(made.text)).toEqual({
      max_tokens: 10,
      messages: question.messages,
      anthropic_version: 'cloud-1',
      anthropic_beta: ['known-1'],
    });
    expect(made.dropped.map(({ what }) => what)).toEqual(['anthropic-beta: odd-2', 'context_management']);
  });

  test('the rest is refused by name, or left out where parameters may be dropped', async () => {
    const body = { ...question, container: 'c', tools: [{ type: 'web_search_20250305', name: 'web_search' }] };
    await expect(prepared(anthropicMessages, body)).rejects.toMatchObject({ code: 'unsupported_parameter', param: 'container' });
    const made = await prepared(anthropicMessages, body, { dropParams: true });
    expect(JSON.parse(made.text)).not.toHaveProperty('tools');
    expect(made.dropped.map(({ what }) => what)).toEqual(['container', 'tools: web_search_20250305']);
  });
});

describe('what a deployment sets by default', () => {
  const made = async (defaults: JsonObject, format: ChatProtocol, body: JsonObject, provider: Provider = cloud) => {
    const target = { provider, model: 'claude-x', apiKey: new Secret('k'), defaults };
    const { text } = await prepare({ format, body, text: JSON.stringify(body), stream: false, target }, {});
    return JSON.parse(text) as JsonObject;
  };

  test.each([{ reasoning_effort: 'low' }, { thinking: { type: 'enabled', budget_tokens: 1024 } }])(
    '%j lets Anthropic’s clients think',
    async (defaults) => {
      const thinking = { type: 'enabled', budget_tokens: 1024 };
      expect(await made(defaults, anthropicMessages, { ...question, max_tokens: 4000 })).toMatchObject({ thinking, max_tokens: 4000 });
      // FP-20: with room for an answer.
      expect(await made(defaults, anthropicMessages, question)).toMatchObject({ thinking, max_tokens: 1034 });
      const off = { type: 'disabled' };
      expect(await made(defaults, anthropicMessages, { ...question, thinking: off })).toMatchObject({ thinking: off, max_tokens: 10 });
    },
  );

  test('what only the model’s own fields can hold gets there', async () => {
    const aws: Provider = {
      ...cloud,
      speaks: { chat: { protocol: 'bedrock-converse', path: '/x' } },
      traits: () => ({ reasoning: 'budget' }),
    };
    const body = { messages: [{ role: 'user', content: [{ text: 'Hi' }] }], additionalModelRequestFields: { mine: 1 } };
    const target = {
      provider: aws,
      model: 'anthropic.claude-sonnet-4-5-v1:0',
      apiKey: new Secret('k'),
      defaults: { reasoning_effort: 'low', seed: 1 },
    };
    const ready = await prepare({ format: bedrockConverse, body, text: JSON.stringify(body), stream: false, target }, {});
    expect(JSON.parse(ready.text)).toEqual({
      ...body,
      additionalModelRequestFields: { mine: 1, thinking: { type: 'enabled', budget_tokens: 1024 } },
    });
    expect(ready.dropped.map(({ what }) => what)).toEqual(['seed']);
  });

  test('joins what the client gives within the same member', async () => {
    const google: Provider = { ...cloud, speaks: { chat: { protocol: 'gemini', path: '/x' } } };
    const body = { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }], generationConfig: { maxOutputTokens: 9, topP: 0.5 } };
    expect(await made({ temperature: 0.2, top_p: 0.9 }, gemini, body, google)).toMatchObject({
      generationConfig: { temperature: 0.2, maxOutputTokens: 9, topP: 0.5 },
    });
  });
});
