import { describe, expect, test } from 'bun:test';
import type { ChatResult, FinishReason, JsonObject, Part } from '../../types/index.ts';
import { toBase64 } from '../../lib/base64-text.ts';
import { fromContext, thrown } from './fixtures/context.ts';
import { readMessages } from './messages-from-wire.ts';
import { fromWire, toWire, usage } from './response.ts';
import * as usageOf from './usage.ts';

const answer = (content: JsonObject[], more: JsonObject = {}): JsonObject => ({
  metrics: { latencyMs: 5 },
  output: { message: { role: 'assistant', content } },
  stopReason: 'end_turn',
  usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 },
  ...more,
});
const result = (content: Part[], more: Partial<ChatResult['candidates'][number]> = {}): ChatResult => ({
  id: '',
  model: '',
  candidates: [{ index: 0, content, finishReason: 'stop', ...more }],
});
const contentOf = (parts: Part[]) =>
  ((toWire(result(parts), fromContext())['output'] as JsonObject)['message'] as JsonObject)['content'] as JsonObject[];

describe('from Bedrock', () => {
  test('text, thoughts, calls, and what is beside them', () => {
    const body = answer(
      [
        { text: '' },
        { reasoningContent: { reasoningText: { text: 'hm', signature: 's' } } },
        { text: 'a' },
        { toolUse: { toolUseId: 't', name: 'f', input: { b: 1 }, type: 'tool_use' } },
      ],
      { stopReason: 'tool_use', serviceTier: { type: 'flex' }, trace: { promptRouter: { invokedModelId: 'm' } } },
    );
    expect(fromWire(body)).toEqual({
      id: '',
      model: '',
      candidates: [
        {
          index: 0,
          content: [
            { type: 'thinking', text: 'hm', signature: { origin: 'anthropic', value: 's' } },
            { type: 'text', text: 'a' },
            { type: 'tool-call', kind: 'function', id: 't', name: 'f', arguments: '{"b":1}' },
          ],
          finishReason: 'tool-calls',
          rawFinishReason: 'tool_use',
        },
      ],
      usage: { inputTokens: 1, outputTokens: 2, raw: body['usage'] },
      serviceTier: 'flex',
      extra: { 'bedrock-converse': { metrics: { latencyMs: 5 }, trace: { promptRouter: { invokedModelId: 'm' } } } },
    });
  });

  test('a signature is of the family that the hints name', () => {
    const body = answer([{ reasoningContent: { reasoningText: { text: 'hm', signature: 's' } } }]);
    expect(fromWire(body, { origin: 'amazon' }).candidates[0]!.content[0]).toMatchObject({ signature: { origin: 'amazon', value: 's' } });
  });

  test('hints: JSON that was forced is text, names and free text are the client’s', () => {
    const call = (name: string, input: JsonObject) => answer([{ toolUse: { toolUseId: 't', name, input } }], { stopReason: 'tool_use' });
    expect(fromWire(call('json_tool_call', { a: 1 }), { jsonToolName: 'json_tool_call' }).candidates[0]).toMatchObject({
      content: [{ type: 'text', text: '{"a":1}' }],
      finishReason: 'stop',
    });
    expect(
      fromWire(call('x_1', { input: 'ls' }), { toolNames: { x_1: 'x!' }, customTools: ['x!'] }).candidates[0]!.content[0],
    ).toMatchObject({
      kind: 'custom',
      name: 'x!',
      arguments: 'ls',
    });
  });

  test('citations are about their block, at its place in the answer', () => {
    const body = answer([
      { text: 'ab' },
      {
        citationsContent: {
          content: [{ text: 'cde' }],
          citations: [{ location: { web: { url: 'https://e.x', domain: 'e.x' } }, title: 'T' }],
        },
      },
    ]);
    expect(fromWire(body).candidates[0]!.content[1]).toMatchObject({
      text: 'cde',
      citations: [{ kind: 'url', url: 'https://e.x', title: 'T', startIndex: 2, endIndex: 5 }],
    });
  });

  test.each<[string, FinishReason]>([
    ['end_turn', 'stop'],
    ['tool_use', 'tool-calls'],
    ['max_tokens', 'length'],
    ['stop_sequence', 'stop-sequence'],
    ['guardrail_intervened', 'content-filter'],
    ['content_filtered', 'content-filter'],
    ['malformed_model_output', 'error'],
    ['malformed_tool_use', 'malformed-tool-call'],
    ['model_context_window_exceeded', 'context-window'],
    ['new_one', 'other'],
  ])('why it stopped: %s', (stopReason, reason) => {
    const read = fromWire(answer([{ text: 'a' }], { stopReason }));
    expect(read.candidates[0]).toMatchObject({ finishReason: reason, rawFinishReason: stopReason });
    if (reason !== 'other') expect(toWire(read, fromContext())['stopReason']).toBe(stopReason);
  });

  test.each([{ stop_sequence: 'x' }, { delta: { stop_sequence: 'x' } }])('which stop sequence: %j', (additionalModelResponseFields) => {
    expect(fromWire(answer([], { additionalModelResponseFields })).candidates[0]!.stopSequence).toBe('x');
  });

  test('what is no message is told', () => {
    expect(thrown(() => fromWire({ output: {} })).code).toBe('invalid_response');
  });
});

describe('to a client', () => {
  test('an answer of Bedrock’s goes back as it came', () => {
    const body = answer(
      [
        { reasoningContent: { reasoningText: { text: 'hm', signature: 's' } } },
        { reasoningContent: { redactedContent: '/+8=' } },
        { reasoningContent: { redactedContent: toBase64('Et') } },
        { citationsContent: { content: [{ text: 'cde' }], citations: [{ location: { web: { url: 'https://e.x' } } }] } },
        { toolUse: { toolUseId: 't', name: 'nova_grounding', input: {}, type: 'server_tool_use' } },
        { toolResult: { toolUseId: 't', content: [{ text: 'x' }], type: 'nova_grounding_result' } },
        { image: { format: 'png', source: { bytes: 'AA==' } } },
        { toolUse: { toolUseId: 'u', name: 'f', input: { a: [1] } } },
      ],
      { serviceTier: { type: 'flex' }, trace: { guardrail: {} }, additionalModelResponseFields: { stop_sequence: 'x' } },
    );
    expect(toWire(fromWire(body), fromContext())).toEqual(body);
  });

  test('what the format demands is there, whatever the provider said', () => {
    expect(toWire(result([{ type: 'text', text: 'a' }]), fromContext())).toEqual({
      metrics: { latencyMs: 0 },
      output: { message: { role: 'assistant', content: [{ text: 'a' }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0 },
    });
  });

  test('a call is what the answer stopped for, whatever the provider said', () => {
    const call: Part = { type: 'tool-call', kind: 'function', id: 't', name: 'f', arguments: '' };
    expect(toWire(result([call]), fromContext())['stopReason']).toBe('tool_use');
  });

  test('FP-16, FP-17: foreign opaque values ride along, and come back', () => {
    const parts: Part[] = [
      { type: 'thinking', text: 'hm', id: 'rs_1', signature: { origin: 'openai', value: 'gAAA' } },
      { type: 'thinking', text: '', redacted: { origin: 'openai', value: 'gBBB' } },
      { type: 'text', text: 'a', signature: { origin: 'google', value: 'gsig' } },
      { type: 'opaque', origin: 'anthropic', value: { type: 'server_tool_use', id: 'x', name: 'web_search', input: {} } },
      { type: 'tool-call', kind: 'function', id: 't', name: 'f', arguments: '{}', signature: { origin: 'google', value: 'call' } },
    ];
    expect(readMessages([{ role: 'assistant', content: contentOf(parts) }], undefined)[0]!.content).toEqual(parts);
  });

  test('no empty text; media are at least told of', () => {
    expect(
      contentOf([
        { type: 'text', text: '' },
        { type: 'image', source: { kind: 'url', url: 'https://i' } },
        { type: 'audio', transcript: 'said', source: { kind: 'base64', data: 'AA', mediaType: 'audio/wav' } },
        { type: 'opaque', origin: 'openai', value: {}, text: 'shown' },
      ]),
    ).toEqual([{ text: '![image](https://i)' }, { text: 'said' }, { text: 'shown' }]);
  });
});

describe('counts are disjoint (FP-24)', () => {
  test('what was written to the cache, by its time to live', () => {
    const raw = {
      inputTokens: 22,
      outputTokens: 13,
      totalTokens: 2627,
      cacheReadInputTokens: 100,
      cacheWriteInputTokens: 2492,
      cacheDetails: [
        { ttl: '1h', inputTokens: 2000 },
        { ttl: '5m', inputTokens: 492 },
      ],
    };
    const read = usage({ usage: raw })!;
    expect(read).toEqual({ inputTokens: 22, cacheReadTokens: 100, cacheWriteTokens: 492, cacheWrite1hTokens: 2000, outputTokens: 13, raw });
    const { raw: _raw, ...neutral } = read;
    expect(usageOf.toWire(neutral)).toEqual(raw);
    expect(usageOf.toWire(read)).toBe(raw);
  });

  test('others’ counts add up', () => {
    expect(
      usageOf.toWire({
        inputTokens: 5,
        inputAudioTokens: 1,
        cacheReadTokens: 10,
        outputTokens: 3,
        reasoningTokens: 4,
        raw: { input_tokens: 1 },
      }),
    ).toEqual({ inputTokens: 6, outputTokens: 7, totalTokens: 23, cacheReadInputTokens: 10 });
  });
});
