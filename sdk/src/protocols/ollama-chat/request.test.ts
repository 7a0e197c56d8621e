import { describe, expect, test } from 'bun:test';
import {
  SluiceError,
  type ChatRequest,
  type JsonObject,
  type Message,
  type ModelTraits,
  type Part,
  type Reasoning,
  type ToWireContext,
} from '../../types/index.ts';
import { fromWire, toWire } from './request.ts';

interface Options {
  from?: string;
  traits?: ModelTraits;
  dropParams?: boolean;
}

const write = (members: Partial<ChatRequest>, { from = 'openai-chat', traits = {}, dropParams = false }: Options = {}) => {
  const dropped: string[] = [];
  const context: ToWireContext = {
    model: 'qwen3',
    provider: 'ollama',
    from,
    traits,
    quirks: {},
    dropParams,
    drop: (what) => void dropped.push(what),
    lacks(parameter) {
      if (!dropParams) throw new SluiceError('unsupported_parameter', parameter, { param: parameter });
      dropped.push(parameter);
    },
  };
  const { body, hints } = toWire({ model: 'm', messages: [], stream: false, unknown: {}, ...members }, context);
  return { body, hints, dropped };
};
const bodyOf = (members: Partial<ChatRequest>, options: Options = {}): JsonObject => write(members, options).body;
const refused = (members: Partial<ChatRequest>, options: Options = {}): string | undefined => {
  try {
    write(members, options);
  } catch (error) {
    if (SluiceError.is(error)) return error.param;
    throw error;
  }
  return undefined;
};

const text = (value: string): Part => ({ type: 'text', text: value });
const image: Part = { type: 'image', source: { kind: 'base64', data: 'iVBORw0KGgoAA', mediaType: 'image/png' } };
const f = { type: 'function' as const, name: 'f', parameters: { type: 'object' } };

describe('toWire', () => {
  test('messages', () => {
    const messages: Message[] = [
      { role: 'developer', content: [text('S')] },
      { role: 'user', content: [text('a'), image, text('b')] },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', text: 'T' },
          text('x'),
          text('y'),
          { type: 'tool-call', kind: 'function', id: 'call_1', name: 'f', arguments: '{"q":1}' },
        ],
      },
      {
        role: 'tool',
        content: [
          { type: 'tool-result', callId: 'call_1', content: [{ type: 'text', text: 'r' }, image as Extract<Part, { type: 'image' }>] },
        ],
      },
    ];
    expect(bodyOf({ messages })).toEqual({
      model: 'qwen3',
      stream: false,
      messages: [
        { role: 'system', content: 'S' },
        { role: 'user', content: 'a\nb', images: ['iVBORw0KGgoAA'] },
        {
          role: 'assistant',
          content: 'xy',
          thinking: 'T',
          tool_calls: [{ type: 'function', function: { index: 0, name: 'f', arguments: { q: 1 } } }],
        },
        { role: 'tool', content: 'r', tool_name: 'f', images: ['iVBORw0KGgoAA'] },
      ],
    });
  });

  test('options', () => {
    expect(
      bodyOf({
        maxOutputTokens: 1,
        temperature: 0,
        topP: 0.2,
        topK: 3,
        stop: ['s'],
        seed: 4,
        presencePenalty: 0.5,
        frequencyPenalty: 0.6,
        unknown: { num_ctx: 7, keep_alive: '5m', min_p: null },
      }),
    ).toMatchObject({
      options: {
        num_predict: 1,
        temperature: 0,
        top_p: 0.2,
        top_k: 3,
        stop: ['s'],
        seed: 4,
        presence_penalty: 0.5,
        frequency_penalty: 0.6,
        num_ctx: 7,
      },
      keep_alive: '5m',
    });
    expect(bodyOf({ logprobs: true, topLogprobs: 2 })).toMatchObject({ logprobs: true, top_logprobs: 2 });
  });

  test('the form of the answer', () => {
    expect(bodyOf({ responseFormat: { type: 'json' } })['format']).toBe('json');
    expect(bodyOf({ responseFormat: { type: 'json-schema', schema: { type: 'object' } } })['format']).toEqual({ type: 'object' });
    expect(bodyOf({ responseFormat: { type: 'text' } })).not.toHaveProperty('format');
    expect(refused({ responseFormat: { type: 'json-schema', schema: {} } }, { traits: { jsonSchema: false } })).toBe('response_format');
  });

  test.each<[Reasoning, unknown]>([
    [{ mode: 'disabled' }, false],
    [{ effort: 'none' }, false],
    [{ effort: 'minimal' }, 'low'],
    [{ effort: 'medium' }, 'medium'],
    [{ effort: 'xhigh' }, 'high'],
    [{ effort: 'max' }, 'max'],
    [{ mode: 'adaptive' }, true],
    [{ mode: 'enabled', budgetTokens: 9 }, true],
    [{ summary: 'auto' }, undefined],
  ])('think: %j', (reasoning, think) => {
    const { body, dropped } = write({ reasoning });
    expect(body['think']).toEqual(think);
    expect(dropped).toEqual(reasoning.budgetTokens === undefined ? [] : ['reasoning_effort']);
  });

  test('a model that does not think', () => {
    expect(refused({ reasoning: { effort: 'high' } }, { traits: { reasoning: 'none' } })).toBe('reasoning_effort');
    expect(bodyOf({ reasoning: { effort: 'none' } }, { traits: { reasoning: 'none' } })).not.toHaveProperty('think');
  });

  test('tools, and the choice as far as there is one', () => {
    expect(bodyOf({ tools: [f, { type: 'custom', name: 'c' }], toolChoice: { type: 'auto' } })['tools']).toMatchObject([
      { type: 'function', function: { name: 'f', description: '', parameters: { type: 'object' } } },
      { type: 'function', function: { name: 'c', parameters: { required: ['input'] } } },
    ]);
    expect(write({ tools: [{ type: 'custom', name: 'c' }] }).hints).toEqual({ customTools: ['c'] });
    expect(bodyOf({ tools: [{ type: 'function', name: 'g' }] })['tools']).toMatchObject([
      { function: { parameters: { type: 'object', properties: {} } } },
    ]);
    expect(bodyOf({ tools: [f], toolChoice: { type: 'none' } })).not.toHaveProperty('tools');
    expect(
      bodyOf({ tools: [f, { ...f, name: 'g' }], toolChoice: { type: 'allowed', names: ['g'], required: false } })['tools'],
    ).toMatchObject([{ function: { name: 'g' } }]);
    expect(refused({ tools: [f], toolChoice: { type: 'required' } })).toBe('tool_choice');
    expect(refused({ tools: [f], toolChoice: { type: 'tool', name: 'f' } })).toBe('tool_choice');
    expect(refused({ tools: [f], parallelToolCalls: false })).toBe('parallel_tool_calls');
    expect(refused({ tools: [f, { type: 'provider', origin: 'openai', value: { type: 'web_search' } }] })).toBe('tools[1]');
  });

  test.each<[Partial<ChatRequest>, string]>([
    [{ messages: [{ role: 'user', content: [{ type: 'image', source: { kind: 'url', url: 'https://x/y.png' } }] }] }, 'image_url'],
    [
      { messages: [{ role: 'user', content: [{ type: 'file', source: { kind: 'base64', data: 'AA', mediaType: 'application/pdf' } }] }] },
      'file',
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'audio', source: { kind: 'base64', data: 'AA', mediaType: 'audio/wav' } }] }] },
      'input_audio',
    ],
    [{ candidateCount: 2 }, 'n'],
    [{ logitBias: { 1: 1 } }, 'logit_bias'],
    [{ modalities: ['text', 'audio'] }, 'modalities'],
    [{ webSearch: {} }, 'web_search_options'],
    [{ serviceTier: 'flex' }, 'service_tier'],
  ])('refused: %j', (members, parameter) => {
    expect(refused(members)).toBe(parameter);
    expect(write(members, { dropParams: true }).dropped).toEqual([parameter]);
  });

  test("other vendors' opaque values are left out with a record", () => {
    const { body, dropped } = write({
      messages: [
        {
          role: 'assistant',
          content: [
            { type: 'thinking', text: 'T', signature: { origin: 'anthropic', value: 's' } },
            { type: 'opaque', origin: 'openai', value: { type: 'web_search_call' }, text: 'shown' },
          ],
        },
      ],
    });
    expect(body['messages']).toEqual([{ role: 'assistant', content: 'shown', thinking: 'T' }]);
    expect(dropped).toEqual(['anthropic:signature', 'openai:web_search_call']);
  });

  test('what does not change the answer is recorded', () => {
    expect(
      write({ user: 'u', metadata: { a: 1 }, store: true, promptCacheKey: 'k', candidateCount: 1, verbosity: 'medium' }).dropped.sort(),
    ).toEqual(['metadata', 'prompt_cache_key', 'store', 'user']);
  });
});

describe('fromWire', () => {
  test('comes out as it went in', () => {
    const body = {
      model: 'qwen3',
      messages: [
        { role: 'system', content: 'S' },
        { role: 'user', content: 'q', images: ['/9j/AAA'] },
        {
          role: 'assistant',
          content: '',
          thinking: 'T',
          tool_calls: [{ type: 'function', function: { index: 0, name: 'f', arguments: { a: 1 } } }],
        },
        { role: 'tool', content: 'r', tool_name: 'f' },
      ],
      stream: true,
      tools: [{ type: 'function', function: { name: 'f', description: 'F', parameters: { type: 'object' } } }],
      format: { type: 'object' },
      options: { num_predict: 5, temperature: 0.5, num_ctx: 4096 },
      think: 'high',
      keep_alive: 0,
    };
    const { stream: _stream, ...silent } = body;
    expect(write(fromWire(body), { from: 'ollama-chat' })).toEqual({ body, hints: undefined, dropped: [] });
    expect(write(fromWire(silent), { from: 'ollama-chat' }).body).toEqual(body);
  });

  test('calls and results pair up by id, else by name and order', () => {
    const call = (name: string, id?: string) => ({ ...(id && { id }), function: { name, arguments: {} } });
    const { messages } = fromWire({
      model: 'm',
      messages: [
        { role: 'assistant', content: '', tool_calls: [call('a'), call('b'), call('a', 'own')] },
        { role: 'tool', content: '1', tool_name: 'b' },
        { role: 'tool', content: '2', tool_call_id: 'own' },
        { role: 'tool', content: '3', tool_name: 'a' },
        { role: 'tool', content: '4', tool_name: 'nobody' },
      ],
    });
    const ids = messages.flatMap(({ content }) =>
      content.flatMap((part) => (part.type === 'tool-call' ? [part.id] : part.type === 'tool-result' ? [part.callId] : [])),
    );
    expect(ids).toEqual(['call_0', 'call_1', 'own', 'call_1', 'own', 'call_0', 'call_3']);
  });

  test('odd and wrong members', () => {
    expect(fromWire({ model: 'm', messages: [], format: '', tools: [], options: null, think: true, stream: false })).toEqual({
      model: 'm',
      messages: [],
      reasoning: { mode: 'adaptive' },
      stream: false,
      includeUsage: true,
      unknown: {},
    });
    expect(fromWire({ model: 'm', messages: [], options: { num_predict: -1, stop: 's' } })).toMatchObject({
      stop: ['s'],
      extra: { 'ollama-chat': { options: { num_predict: -1 } } },
    });
    const param = (body: JsonObject) => {
      try {
        fromWire(body);
      } catch (error) {
        return SluiceError.is(error) ? error.param : undefined;
      }
      return undefined;
    };
    expect(param({ messages: [] })).toBe('model');
    expect(param({ model: 'm' })).toBe('messages');
    expect(param({ model: 'm', messages: [{ role: 'robot' }] })).toBe('messages[0].role');
    expect(param({ model: 'm', messages: [], format: 'xml' })).toBe('format');
    expect(param({ model: 'm', messages: [], options: { temperature: 'hot' } })).toBe('options.temperature');
  });
});

test('what only another format says is told', () => {
  const extra = { gemini: { cachedContent: 'cachedContents/1', labels: { a: 'b' } } };
  expect(refused({ extra }, { from: 'gemini' })).toBe('cachedContent');
  expect(write({ extra }, { from: 'gemini', dropParams: true }).dropped).toEqual(['cachedContent', 'labels']);
});

test('a grammar that cannot be kept to is told', () => {
  const format = { type: 'grammar', syntax: 'lark', definition: 'start: "a"' };
  expect(write({ tools: [{ type: 'custom', name: 'c', format }] }).dropped).toEqual(['tools[0].format']);
  expect(write({ tools: [{ type: 'custom', name: 'c', format: { type: 'text' } }] }).dropped).toEqual([]);
});

test('a seed of -1 is none, but for Ollama itself', () => {
  const read = (seed: number) => fromWire({ model: 'm', messages: [], options: { seed } });
  expect(read(-1)).toMatchObject({ extra: { 'ollama-chat': { options: { seed: -1 } } } });
  expect(read(-1).seed).toBeUndefined();
  expect(read(7)).toMatchObject({ seed: 7 });
});
