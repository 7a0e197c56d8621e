import { describe, expect, test } from 'bun:test';
import type { ChatResult, FromResultContext, JsonObject, OpaquePart } from '../../types/index.ts';
import { sealOpaque, unsealCallId } from '../shared/seal.ts';
import { toWire } from './answer.ts';
import { fromWire as readRequest } from './request-from-wire.ts';
import { fromWire } from './response-from-wire.ts';

const whole = (more: JsonObject): JsonObject => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1_750_000_000,
  status: 'completed',
  model: 'gpt-5.4-2026-03-05',
  output: [],
  error: null,
  incomplete_details: null,
  usage: null,
  ...more,
});

const said = (text: string, more: JsonObject = {}): JsonObject => ({
  id: 'msg_1',
  type: 'message',
  status: 'completed',
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
  ...more,
});

describe('a whole answer is read', () => {
  test('reasoning, text with citations, calls, in order', () => {
    const annotation = { type: 'url_citation', url: 'https://a.test', title: 'A', start_index: 0, end_index: 2 };
    const result = fromWire(
      whole({
        service_tier: 'default',
        tool_usage: { web_search: { num_requests: 2 } },
        usage: {
          input_tokens: 100,
          input_tokens_details: { cached_tokens: 60, cache_write_tokens: 10 },
          output_tokens: 50,
          output_tokens_details: { reasoning_tokens: 20 },
          total_tokens: 150,
        },
        output: [
          {
            id: 'rs_1',
            type: 'reasoning',
            summary: [
              { type: 'summary_text', text: 'a' },
              { type: 'summary_text', text: 'b' },
            ],
            encrypted_content: 'gAAA',
          },
          { id: 'ws_1', type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'q' } },
          said('hi', {
            phase: 'final_answer',
            content: [{ type: 'output_text', text: 'hi', annotations: [annotation], logprobs: [{ token: 'hi', logprob: -1 }] }],
          }),
          { id: 'fc_1', type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{"x":1}', status: 'completed' },
          { id: 'fc_2', type: 'function_call', call_id: 'call_2', name: 'g', namespace: 'ns', arguments: '{}', status: 'completed' },
          { id: 'ctc_1', type: 'custom_tool_call', call_id: 'call_3', name: 'patch', input: '*** x' },
          { id: 'ig_1', type: 'image_generation_call', status: 'completed', result: 'iVBO', output_format: 'webp' },
        ],
      }),
    );
    expect(result).toMatchObject({
      id: 'resp_1',
      model: 'gpt-5.4-2026-03-05',
      createdAt: 1_750_000_000,
      serviceTier: 'default',
      usage: { inputTokens: 30, cacheReadTokens: 60, cacheWriteTokens: 10, outputTokens: 30, reasoningTokens: 20, webSearchRequests: 2 },
      candidates: [
        {
          finishReason: 'tool-calls',
          rawFinishReason: 'completed',
          logprobs: { content: [{ token: 'hi' }] },
          content: [
            { type: 'thinking', text: 'a\n\nb', summary: ['a', 'b'], id: 'rs_1', signature: { origin: 'openai', value: 'gAAA' } },
            { type: 'opaque', origin: 'openai', value: { type: 'web_search_call' } },
            {
              type: 'text',
              text: 'hi',
              citations: [{ kind: 'url', url: 'https://a.test', title: 'A', endIndex: 2, raw: { value: annotation } }],
            },
            { type: 'tool-call', kind: 'function', id: 'call_1', name: 'f', arguments: '{"x":1}', itemId: 'fc_1' },
            { type: 'tool-call', id: 'call_2', name: 'ns__g' },
            { type: 'tool-call', kind: 'custom', id: 'call_3', name: 'patch', arguments: '*** x' },
            { type: 'image', source: { kind: 'base64', mediaType: 'image/webp', data: 'iVBO' } },
          ],
        },
      ],
    });
  });

  test.each([
    [{ output: [said('x')] }, 'stop'],
    [{ output: [said('x')], status: 'complete' }, 'stop'],
    [{ output: [said('x')], status: undefined }, 'stop'],
    [{ output: [said('', { content: [{ type: 'refusal', refusal: 'no' }] })] }, 'refusal'],
    [{ output: [said('x')], status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }, 'length'],
    [{ status: 'incomplete', incomplete_details: { reason: 'content_filter' } }, 'content-filter'],
    [{ status: 'incomplete', incomplete_details: null }, 'other'],
    [{ status: 'queued' }, 'other'],
    [{ status: 'cancelled' }, 'other'],
  ] as const)('finish of %j is %s', (more, reason) => {
    expect(fromWire(whole(more as JsonObject)).candidates[0]!.finishReason).toBe(reason);
  });

  test('raw thoughts (gpt-oss, DeepSeek)', () => {
    const result = fromWire(
      whole({ output: [{ id: 'r', type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'hm' }] }] }),
    );
    expect(result.candidates[0]!.content).toEqual([{ type: 'thinking', text: 'hm', id: 'r' }]);
  });

  test("xAI's price", () => {
    const usage = {
      input_tokens: 1,
      output_tokens: 1,
      total_tokens: 2,
      cost_in_usd_ticks: 8_393_500,
      server_side_tool_usage_details: { web_search_calls: 1 },
    };
    expect(fromWire(whole({ usage })).usage).toMatchObject({ providerCostUsd: 0.000_839_35, webSearchRequests: 1, raw: usage });
  });

  test('aliases of tools are undone', () => {
    const output = [{ id: 'fc_1', type: 'function_call', call_id: 'c', name: 'short', arguments: '{}' }];
    expect(fromWire(whole({ output }), { toolNames: { short: 'a.very:long.name' } }).candidates[0]!.content).toMatchObject([
      { name: 'a.very:long.name' },
    ]);
  });

  test('a failed answer is its error; what is no answer is refused', () => {
    expect(() => fromWire(whole({ status: 'failed', error: { code: 'rate_limit_exceeded', message: 'Slow down.' } }))).toThrow(
      expect.objectContaining({ code: 'rate_limited', status: 429, message: 'Slow down.' }),
    );
    expect(() => fromWire({ choices: [] })).toThrow(expect.objectContaining({ code: 'invalid_response' }));
  });
});

const context = (body: JsonObject = {}): FromResultContext => {
  let ids = 0;
  return {
    model: 'my-model',
    request: readRequest({ model: 'my-model', input: 'hi', ...body }),
    newId: (prefix) => `${prefix}${++ids}`,
    now: () => 1_760_000_000_500,
  };
};

const result = (more: Partial<ChatResult['candidates'][0]>, rest: Partial<ChatResult> = {}): ChatResult => ({
  id: 'msg_anthropic',
  model: 'claude',
  candidates: [{ index: 0, content: [], finishReason: 'stop', ...more }],
  ...rest,
});

describe('a whole answer is written', () => {
  test('complete, with the parameters of the request', () => {
    const body = {
      instructions: 'Be kind.',
      temperature: 0.5,
      tools: [{ type: 'namespace', name: 'ns', description: 'd', tools: [{ type: 'function', name: 'f' }] }],
      tool_choice: { type: 'function', name: 'f', namespace: 'ns' },
      reasoning: { effort: 'low' },
      text: { verbosity: 'low' },
      metadata: { a: 'b' },
      max_output_tokens: 100,
      previous_response_id: 'resp_0',
    };
    const usage = { inputTokens: 10, cacheReadTokens: 5, cacheWriteTokens: 2, cacheWrite1hTokens: 1, outputTokens: 7, reasoningTokens: 3 };
    expect(toWire(result({ content: [{ type: 'text', text: 'hi' }] }, { usage }), context(body))).toEqual({
      id: 'resp_2',
      object: 'response',
      created_at: 1_760_000_000,
      completed_at: 1_760_000_000,
      status: 'completed',
      error: null,
      incomplete_details: null,
      model: 'my-model',
      output: [
        {
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text: 'hi', annotations: [], logprobs: [] }],
        },
      ],
      usage: {
        input_tokens: 18,
        input_tokens_details: { cached_tokens: 5, cache_write_tokens: 3 },
        output_tokens: 10,
        output_tokens_details: { reasoning_tokens: 3 },
        total_tokens: 28,
      },
      service_tier: 'default',
      background: false,
      max_tool_calls: null,
      parallel_tool_calls: true,
      prompt_cache_key: null,
      safety_identifier: null,
      store: true,
      top_logprobs: 0,
      top_p: 1,
      truncation: 'disabled',
      ...body,
      reasoning: { effort: 'low', summary: null },
      text: { format: { type: 'text' }, verbosity: 'low' },
    });
  });

  test("FP-21: a call by a flat name is the client's own name in its namespace", () => {
    const tools = [
      {
        type: 'namespace',
        name: 'ns',
        description: 'd',
        tools: [
          { type: 'function', name: 'f' },
          { type: 'custom', name: 'patch' },
        ],
      },
    ];
    const { output } = toWire(
      result({
        finishReason: 'tool-calls',
        content: [
          { type: 'tool-call', kind: 'function', id: 'c1', name: 'ns__f', arguments: '' },
          { type: 'tool-call', kind: 'custom', id: 'c2', name: 'ns__patch', arguments: '*** x' },
          { type: 'tool-call', kind: 'function', id: 'c1', name: 'other', arguments: '{"a":1}' },
        ],
      }),
      context({ tools }),
    );
    expect(output).toEqual([
      { type: 'function_call', id: 'fc_1', call_id: 'c1', name: 'f', namespace: 'ns', arguments: '{}', status: 'completed' },
      { type: 'custom_tool_call', id: 'ctc_2', call_id: 'c2', name: 'patch', namespace: 'ns', input: '*** x', status: 'completed' },
      // Two calls cannot share an id.
      { type: 'function_call', id: 'fc_3', call_id: 'call_4', name: 'other', arguments: '{"a":1}', status: 'completed' },
    ]);
  });

  test('FP-16, FP-17: opaque values of other families leave sealed and come back', () => {
    const content: ChatResult['candidates'][0]['content'] = [
      { type: 'thinking', text: 'hm', signature: { origin: 'anthropic', value: 'S==' } },
      { type: 'thinking', text: '', redacted: { origin: 'anthropic', value: 'R==' } },
      { type: 'text', text: 'hi', signature: { origin: 'google', value: 'T==' } },
      { type: 'text', text: ' there' },
      { type: 'tool-call', kind: 'function', id: 'c1', name: 'f', arguments: '{}', signature: { origin: 'google', value: 'G==' } },
    ];
    const { output } = toWire(result({ content }), context());
    const items = output as JsonObject[];
    expect(items.map(({ type }) => type)).toEqual(['reasoning', 'reasoning', 'message', 'reasoning', 'message', 'function_call']);
    expect(unsealCallId(items[5]!['call_id'] as string)).toEqual({ id: 'c1', signature: { origin: 'google', value: 'G==' } });
    const back = readRequest({ model: 'm', input: items }).messages[0]!.content;
    expect(back.map(({ extra: _extra, ...part }) => part)).toMatchObject(content);
  });

  test("this family's own values leave as they are", () => {
    const content: ChatResult['candidates'][0]['content'] = [
      { type: 'thinking', text: 'a', id: 'rs_9', signature: { origin: 'openai', value: 'gAAA' } },
    ];
    expect(toWire(result({ content }), context())['output']).toEqual([
      { type: 'reasoning', id: 'rs_9', summary: [{ type: 'summary_text', text: 'a' }], encrypted_content: 'gAAA' },
    ]);
  });

  test('citations are annotations where they can be', () => {
    const citations = [
      { kind: 'url' as const, url: 'https://a.test', citedText: 'x' },
      { kind: 'document' as const, title: 'doc' },
    ];
    const { output } = toWire(result({ content: [{ type: 'text', text: 'abc', citations }] }), context());
    expect((output as JsonObject[])[0]!['content']).toMatchObject([
      { annotations: [{ type: 'url_citation', url: 'https://a.test', title: 'https://a.test', start_index: 0, end_index: 3 }] },
    ]);
  });

  test('pictures and spoken words; blocks of other families are sealed', () => {
    const block: OpaquePart = { type: 'opaque', origin: 'anthropic', value: { type: 'server_tool_use' } };
    const { output } = toWire(
      result({
        content: [
          { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'iVBO' } },
          block,
          { type: 'audio', transcript: 'hello' },
        ],
      }),
      context(),
    );
    expect(output).toMatchObject([
      { type: 'image_generation_call', status: 'completed', output_format: 'png', result: 'iVBO' },
      { type: 'reasoning', summary: [], encrypted_content: sealOpaque(block) },
      { type: 'message', content: [{ type: 'output_text', text: 'hello' }] },
    ]);
  });

  test('log probabilities that came with the end', () => {
    const logprobs = { content: [{ token: 'é', logprob: -0.1, top_logprobs: [] }] };
    const { output } = toWire(result({ content: [{ type: 'text', text: 'é' }], logprobs }), context());
    expect((output as JsonObject[])[0]!['content']).toMatchObject([
      { logprobs: [{ token: 'é', logprob: -0.1, bytes: [0xc3, 0xa9], top_logprobs: [] }] },
    ]);
  });

  test.each([
    ['stop', 'completed', null],
    ['stop-sequence', 'completed', null],
    ['tool-calls', 'completed', null],
    ['refusal', 'completed', null],
    ['pause', 'completed', null],
    ['length', 'incomplete', { reason: 'max_output_tokens' }],
    ['context-window', 'incomplete', { reason: 'max_output_tokens' }],
    ['content-filter', 'incomplete', { reason: 'content_filter' }],
    ['malformed-tool-call', 'failed', null],
    ['error', 'failed', null],
  ] as const)('%s is %s', (finishReason, status, details) => {
    const written = toWire(result({ finishReason, content: [{ type: 'text', text: 'x' }] }), context());
    expect(written).toMatchObject({ status, incomplete_details: details });
    expect(written['error'] === null).toBe(status !== 'failed');
    expect((written['output'] as JsonObject[])[0]!['status']).toBe(status === 'incomplete' ? 'incomplete' : 'completed');
  });
});
