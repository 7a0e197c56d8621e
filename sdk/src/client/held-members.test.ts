import { describe, expect, test } from 'bun:test';
import { anthropicMessages, bedrockConverse, openaiChat } from '../protocols/index.ts';
import { createBedrock } from '../providers/bedrock/index.ts';
import { createProviders } from '../providers/registry.ts';
import { targetOf } from '../providers/target.ts';
import { type ChatProtocol, type JsonObject, type Target } from '../types/index.ts';
import { prepare } from './prepare.ts';

const providers = createProviders(createBedrock());
const target = (name: string, more: Partial<Target>): Target => ({
  ...targetOf({ model: `bedrock/us-east-1/${name}`, apiKey: 'k' }, { providers, env: {} }),
  ...more,
});
const guard = { guardrailIdentifier: 'gr-1', guardrailVersion: '1' };
const theirs = { guardrailIdentifier: 'gr-2', guardrailVersion: '2' };
const inHeaders = { 'x-amzn-bedrock-guardrailidentifier': 'gr-1', 'x-amzn-bedrock-guardrailversion': '1' };
const claude = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const nova = 'amazon.nova-pro-v1:0';
const text = [{ role: 'user', content: 'Hi' }];
const bodies: [ChatProtocol, JsonObject][] = [
  [openaiChat, { model: 'm', messages: text }],
  [anthropicMessages, { model: 'm', max_tokens: 5, messages: text }],
  [bedrockConverse, { messages: [{ role: 'user', content: [{ text: 'Hi' }] }] }],
];
const asked = bodies.flatMap(([format, body]) => ['defaults', 'extraBody'].map((place) => [format.id, place, format, body] as const));
const made = async (format: ChatProtocol, body: JsonObject, to: Target) =>
  await prepare({ format, body, text: JSON.stringify(body), path: { model: 'm' }, stream: false, target: to }, {});

describe('the guardrail of a deployment holds', () => {
  test.each(asked)('over what %s says, by Converse, in %s', async (_id, place, format, body) => {
    const to = target(nova, { [place]: { guardrailConfig: guard } });
    for (const given of [{}, null, theirs, undefined]) {
      const ready = await made(format, given === undefined ? body : { ...body, guardrailConfig: given }, to);
      expect(JSON.parse(ready.text)).toHaveProperty('guardrailConfig', guard);
      expect(ready.dropped.map(({ what }) => what).filter((what) => what === 'guardrailConfig')).toHaveLength(given === undefined ? 0 : 1);
    }
  });

  test.each(asked)('over what %s says, by InvokeModel, in %s', async (_id, place, format, body) => {
    const to = target(claude, { prefer: 'messages', [place]: { guardrailConfig: guard } });
    for (const given of [{}, null, theirs, undefined]) {
      const ready = await made(format, given === undefined ? body : { ...body, guardrailConfig: given }, to);
      expect(ready.headers).toMatchObject(inHeaders);
      expect(JSON.parse(ready.text)).not.toHaveProperty('guardrailConfig');
    }
  });

  test.each(bodies.map(([format, body]) => [format.id, format, body] as const))(
    'and %s sets one where there is none',
    async (_id, format, body) => {
      const byConverse = await made(format, { ...body, guardrailConfig: theirs }, target(nova, {}));
      expect(JSON.parse(byConverse.text)).toHaveProperty('guardrailConfig', theirs);
      const byInvoke = made(format, { ...body, guardrailConfig: theirs }, target(claude, { prefer: 'messages' }));
      // Converse's own body has no way into InvokeModel's headers, and a guardrail is not left out in silence.
      if (format.id === 'bedrock-converse') return expect(byInvoke).rejects.toThrow(/guardrailConfig/);
      expect((await byInvoke).headers['x-amzn-bedrock-guardrailidentifier']).toBe('gr-2');
    },
  );
});

test('what else Converse has in its body may be an extra one of InvokeModel', async () => {
  const extraBody = { performanceConfig: { latency: 'optimized' }, serviceTier: { type: 'flex' }, own: 1, anthropic_version: 'mine' };
  const [format, body] = bodies[1]!;
  const ready = await made(format, body, target(claude, { prefer: 'messages', extraBody }));
  expect(ready.headers).toMatchObject({ 'x-amzn-bedrock-performanceconfig-latency': 'optimized', 'x-amzn-bedrock-service-tier': 'flex' });
  expect(JSON.parse(ready.text)).toEqual({ max_tokens: 5, messages: text, own: 1, anthropic_version: 'mine' });
});
