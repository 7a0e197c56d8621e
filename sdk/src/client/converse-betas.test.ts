import { describe, expect, test } from 'bun:test';
import { anthropicMessages, bedrockConverse, openaiChat } from '../protocols/index.ts';
import { createBedrock } from '../providers/bedrock/index.ts';
import { createProviders } from '../providers/registry.ts';
import { targetOf } from '../providers/target.ts';
import { type ChatProtocol, type JsonObject, type Target } from '../types/index.ts';
import { prepare } from './prepare.ts';

const providers = createProviders(createBedrock());
const target = (name: string, more: Partial<Target> = {}): Target => ({
  ...targetOf({ model: `bedrock/converse/${name}`, apiKey: 'k', options: { aws_region_name: 'us-east-1' } }, { providers, env: {} }),
  ...more,
});
const claude = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const question = { model: 'm', max_tokens: 5, messages: [{ role: 'user', content: 'Hi' }] };
const made = async (to: Target, betas: string | undefined, format: ChatProtocol = anthropicMessages, body: JsonObject = question) => {
  const headers = new Headers(betas === undefined ? {} : { 'anthropic-beta': betas });
  const ready = await prepare({ format, body, text: JSON.stringify(body), path: { model: 'm' }, headers, stream: false, target: to }, {});
  const { additionalModelRequestFields: fields } = JSON.parse(ready.text) as { additionalModelRequestFields?: JsonObject };
  expect(ready.headers).not.toHaveProperty('anthropic-beta');
  return { fields, dropped: ready.dropped.map(({ what }) => what) };
};

describe('flags of Claude by Converse', () => {
  test.each([
    ['anthropic-messages', anthropicMessages],
    ['openai-chat', openaiChat],
  ])('of a client of %s that Bedrock takes go into the fields of the model, the others are told', async (_id, format) => {
    const betas = 'context-1m-2025-08-07, interleaved-thinking-2025-05-14,claude-code-20250219,advanced-tool-use-2025-11-20';
    expect(await made(target(claude), betas, format)).toEqual({
      fields: { anthropic_beta: ['context-1m-2025-08-07', 'interleaved-thinking-2025-05-14', 'tool-search-tool-2025-10-19'] },
      dropped: ['anthropic-beta: claude-code-20250219'],
    });
    expect(await made(target(claude), 'claude-code-20250219', format)).toEqual({
      fields: undefined,
      dropped: ['anthropic-beta: claude-code-20250219'],
    });
    expect(await made(target(claude), undefined, format)).toEqual({ fields: undefined, dropped: [] });
  });

  test('are joined with those of the body, and leave the other fields', async () => {
    const body = { ...question, max_tokens: 4000, thinking: { type: 'enabled', budget_tokens: 2000 } };
    const { fields } = await made(target(claude), 'context-1m-2025-08-07', openaiChat, { ...body, anthropic_beta: ['a'] });
    expect(fields).toMatchObject({ thinking: body.thinking, anthropic_beta: ['a', 'context-1m-2025-08-07'] });
  });

  test('are none for another model', async () => {
    expect(await made(target('amazon.nova-pro-v1:0'), 'context-1m-2025-08-07,claude-code-20250219')).toEqual({
      fields: undefined,
      dropped: [],
    });
  });

  test("of the deployment's headers are beside its defaults, for Converse's own clients too", async () => {
    const to = target(claude, { headers: { 'anthropic-beta': 'context-1m-2025-08-07' }, defaults: { reasoning_effort: 'low' } });
    const body = {
      messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
      additionalModelRequestFields: { mine: 1, anthropic_beta: ['a'] },
    };
    expect((await made(to, undefined, bedrockConverse, body)).fields).toEqual({
      thinking: { type: 'enabled', budget_tokens: 1024 },
      mine: 1,
      anthropic_beta: ['a', 'context-1m-2025-08-07'],
    });
  });
});
