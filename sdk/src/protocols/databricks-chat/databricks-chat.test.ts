import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { createSseParser } from '../../lib/sse.ts';
import type { ChatRequest, Quirks, StreamPart, ToWireContext } from '../../types/index.ts';
import { createCollector } from '../shared/collect.ts';
import { databricksChat } from './index.ts';

const quirks: Quirks = { reasoningField: 'content_summary', cacheMarks: true, developerRole: 'system' };

const written = (request: Partial<ChatRequest>, given: Partial<ToWireContext> = {}) => {
  const dropped: string[] = [];
  const { body } = databricksChat.request.toWire(
    { model: 'm', stream: false, unknown: {}, messages: [], ...request },
    {
      model: 'databricks-claude-sonnet-4-5',
      provider: 'databricks',
      from: 'anthropic-messages',
      traits: { reasoning: 'budget' },
      quirks,
      dropParams: false,
      drop: (what) => void dropped.push(what),
      lacks: (what) => {
        throw new Error(what);
      },
      ...given,
    },
  );
  return { body, dropped };
};

const content = [
  { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Blue light scatters.', signature: 'EqkD' }] },
  { type: 'reasoning', summary: [{ type: 'summary_encrypted_text', data: 'hidden' }] },
  { type: 'text', text: 'Rayleigh.' },
];
const parts = [
  { type: 'thinking', text: 'Blue light scatters.', signature: { origin: 'anthropic', value: 'EqkD' } },
  { type: 'thinking', text: '', redacted: { origin: 'anthropic', value: 'hidden' } },
  { type: 'text', text: 'Rayleigh.' },
] as const;

const plain = (value: readonly { type: string }[]) => value.map(({ ...part }) => ({ ...part, extra: undefined }));

describe('answers', () => {
  test('FP-16: summaries of thoughts are thoughts, with what is opaque in them', () => {
    const result = databricksChat.response.fromWire({
      id: 'msg_1',
      object: 'chat.completion',
      created: 1,
      model: 'claude',
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
      usage: { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 },
    });
    expect(plain(result.candidates[0]!.content)).toEqual(plain(parts));
    expect(result.usage).toMatchObject({ inputTokens: 5, outputTokens: 7 });
  });

  test('FP-19: streams say the same, cut anywhere', () => {
    const delta = (value: unknown, finish: string | null = null) =>
      `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'c', choices: [{ index: 0, delta: value, finish_reason: finish }] })}\n\n`;
    const thought = (summary: object) => delta({ content: [{ type: 'reasoning', summary: [{ type: 'summary_text', ...summary }] }] });
    const text = [
      delta({ role: 'assistant', content: [] }),
      thought({ text: 'Blue light ', signature: '' }),
      thought({ text: 'scatters.', signature: '' }),
      thought({ text: '', signature: 'EqkD' }),
      delta({ content: [{ type: 'reasoning', summary: [{ type: 'summary_encrypted_text', data: 'hidden' }] }] }),
      delta({ content: [{ type: 'text', text: 'Ray' }] }),
      delta({ content: 'leigh.' }, 'stop'),
      'data: [DONE]\n\n',
    ].join('');
    const bytes = new TextEncoder().encode(text);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 12 }), (cuts) => {
        const collector = createCollector();
        const decoder = databricksChat.stream.decoder();
        const emit = (part: StreamPart) => collector.push(part);
        const parser = createSseParser((event) => decoder.push(event, emit));
        const at = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        for (let i = 1; i < at.length; i++) parser.push(bytes.subarray(at[i - 1], at[i]));
        decoder.close(emit);
        expect(plain(collector.result().candidates[0]!.content)).toEqual(plain(parts));
      }),
      { numRuns: 50 },
    );
  });
});

describe('requests', () => {
  test('FP-16: thoughts of earlier turns go back as they came', () => {
    const { body, dropped } = written({
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Why?' }] },
        { role: 'assistant', content: parts.map((part) => ({ ...part })) },
      ],
    });
    expect((body['messages'] as { content: unknown }[])[1]!.content).toEqual(content);
    expect(dropped).toEqual([]);
  });

  test("another family's signature stays behind, its words do not", () => {
    const { body, dropped } = written({
      messages: [
        { role: 'assistant', content: [{ type: 'thinking', text: 'Hm.', signature: { origin: 'openai', value: 'x' } }, parts[2]] },
      ],
    });
    expect((body['messages'] as { content: unknown }[])[0]!.content).toEqual([
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }] },
      { type: 'text', text: 'Rayleigh.' },
    ]);
    expect(dropped).toEqual(['openai:thinking signature']);
  });

  test('FP-20: a budget leaves room for the answer', () => {
    const reasoning = { mode: 'enabled', budgetTokens: 4096 } as const;
    const { body, dropped } = written({ reasoning, maxOutputTokens: 1000 });
    expect(body).toMatchObject({ thinking: { type: 'enabled', budget_tokens: 4096 }, max_tokens: 5096 });
    expect(dropped).toEqual(['max_tokens']);
    expect(written({ reasoning, maxOutputTokens: 8000 }).body['max_tokens']).toBe(8000);
  });

  test('cache marks stay; the name of a user is left out with a record', () => {
    const { body, dropped } = written({
      messages: [{ role: 'user', name: 'Ada', content: [{ type: 'text', text: 'Long.', cacheControl: { type: 'ephemeral' } }] }],
    });
    expect(body['messages']).toEqual([{ role: 'user', content: [{ type: 'text', text: 'Long.', cache_control: { type: 'ephemeral' } }] }]);
    expect(dropped).toEqual(['name']);
  });
});
