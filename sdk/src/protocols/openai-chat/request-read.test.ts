import { describe, expect, test } from 'bun:test';
import { SluiceError, type ChatRequest, type JsonObject } from '../../types/index.ts';
import { sealSignature } from '../shared/seal.ts';
import { rewritten } from './fixtures/context.ts';
import { openaiChat } from './index.ts';

const read = (body: JsonObject): ChatRequest => openaiChat.request.fromWire({ model: 'm', messages: [], ...body });
const readMessage = (...messages: JsonObject[]) => read({ messages }).messages;

const failure = (body: JsonObject): SluiceError => {
  try {
    openaiChat.request.fromWire(body);
  } catch (error) {
    if (SluiceError.is(error)) return error;
  }
  throw new Error('did not throw a SluiceError');
};

describe('what a body says is written back', () => {
  const image = 'data:image/png;base64,iVBORw0KGgo=';
  test.each<[string, JsonObject]>([
    [
      'sampling',
      { temperature: 0.5, top_p: 0.9, top_k: 40, seed: 1, presence_penalty: 0.1, frequency_penalty: 0.2, n: 2, stop: ['a', 'b'] },
    ],
    ['limits', { max_tokens: 10 }],
    ['the newer limit', { max_completion_tokens: 10 }],
    ['log probabilities', { logprobs: true, top_logprobs: 3, logit_bias: { '50256': -100 } }],
    ['Together: log probabilities by number', { logprobs: 1 }],
    ['audio out', { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' } }],
    [
      'other members',
      {
        verbosity: 'low',
        service_tier: 'flex',
        metadata: { a: 'b' },
        user: 'u',
        store: true,
        prompt_cache_key: 'k',
        prediction: { type: 'content', content: 'x' },
      },
    ],
    ["OpenAI's own", { safety_identifier: 's', prompt_cache_retention: '24h', moderation: { model: 'omni' } }],
    ['members that nobody knows', { provider: { order: ['x'] }, random_seed: 3, safe_prompt: true, transforms: [] }],
    ['effort', { reasoning_effort: 'high' }],
    ['an effort that nobody knows', { reasoning_effort: 'default' }],
    ["OpenRouter's reasoning", { reasoning: { effort: 'high', exclude: true } }],
    ["DeepSeek's and LiteLLM's thinking", { thinking: { type: 'enabled', budget_tokens: 1024 }, reasoning_effort: 'low' }],
    ['formats', { response_format: { type: 'json_schema', json_schema: { name: 'x', strict: true, schema: { type: 'object' } } } }],
    ['a schema beside json_object', { response_format: { type: 'json_object', schema: { type: 'object' } } }],
    ['a format of one vendor', { response_format: { type: 'regex', pattern: 'a+' } }],
    [
      'web search',
      { web_search_options: { search_context_size: 'low', user_location: { type: 'approximate', approximate: { country: 'DE' } } } },
    ],
    ['other options of web search', { web_search_options: { filters: { allowed_domains: ['a.test'] } } }],
    [
      'tools of all kinds',
      {
        tools: [
          {
            type: 'function',
            function: { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true, extra: 1 },
            cache_control: { type: 'ephemeral' },
          },
          { type: 'custom', custom: { name: 'c', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: "a"' } } } },
          { type: 'openrouter:web_search', parameters: { max_results: 3 } },
        ],
        parallel_tool_calls: false,
        tool_choice: {
          type: 'allowed_tools',
          allowed_tools: {
            mode: 'required',
            tools: [
              { type: 'function', function: { name: 'f' } },
              { type: 'custom', custom: { name: 'c' } },
            ],
          },
        },
      },
    ],
    [
      'content of all kinds',
      {
        messages: [
          {
            role: 'system',
            content: [
              { type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '1h' } },
              { type: 'text', text: 'b' },
            ],
          },
          { role: 'developer', content: 'c', name: 'dev' },
          {
            role: 'user',
            name: 'ann',
            content: [
              { type: 'text', text: 'hi', prompt_cache_breakpoint: { mode: 'explicit' } },
              { type: 'image_url', image_url: { url: 'https://a.test/b.png', detail: 'low' } },
              { type: 'image_url', image_url: { url: image } },
              { type: 'image_url', image_url: 'https://a.test/plain.png' },
              { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } },
              { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' } },
              { type: 'file', file: { filename: 'a.pdf', file_data: 'JVBERi0=' } },
              { type: 'file', file: { file_id: 'file-1' } },
              { type: 'file', file: { filename: 'b.pdf', file_data: 'https://a.test/b.pdf' } },
              { type: 'document_url', document_url: 'https://a.test/c.pdf', document_name: 'c.pdf' },
              { type: 'file_url', file_url: { url: 'https://a.test/d.pdf' } },
              { type: 'video_url', video_url: { url: 'https://a.test/e.mp4' } },
              { type: 'of_some_vendor', payload: { deep: [1] } },
            ],
          },
        ],
      },
    ],
    [
      'a turn with tools',
      {
        messages: [
          { role: 'user', content: 'hi' },
          {
            role: 'assistant',
            content: null,
            tool_calls: [
              { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"a": 1}' }, index: 0 },
              { id: 'call_2', type: 'custom', custom: { name: 'c', input: 'text' } },
            ],
          },
          {
            role: 'tool',
            tool_call_id: 'call_1',
            content: [
              { type: 'text', text: 'a' },
              { type: 'image_url', image_url: { url: image } },
            ],
          },
          { role: 'tool', tool_call_id: 'call_2', content: 'done', name: 'c' },
        ],
      },
    ],
    [
      'thoughts of earlier turns, wherever they stood',
      {
        messages: [
          { role: 'assistant', content: 'a', reasoning_content: 'hm' },
          { role: 'assistant', content: 'a', reasoning: 'hm', reasoning_content: 'hm' },
          {
            role: 'assistant',
            content: 'a',
            reasoning_details: [{ type: 'reasoning.text', text: 'hm', signature: 's', format: null, index: 0 }],
          },
          {
            role: 'assistant',
            content: 'a',
            reasoning_content: 'hm',
            thinking_blocks: [
              { type: 'thinking', thinking: 'hm', signature: 's' },
              { type: 'redacted_thinking', data: 'r' },
            ],
          },
          {
            role: 'assistant',
            content: [
              { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
              { type: 'text', text: 'a' },
            ],
          },
          {
            role: 'assistant',
            content: null,
            reasoning_content: '',
            tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
          },
        ],
      },
    ],
    [
      'what else a turn of the assistant can hold',
      {
        messages: [
          { role: 'assistant', content: 'a', prefix: true },
          { role: 'assistant', content: null, refusal: 'no' },
          { role: 'assistant', content: null, audio: { id: 'audio_1' } },
        ],
      },
    ],
  ])('%s', (_, body) => {
    expect(rewritten(body)).toEqual({ model: 'm', messages: [], ...body });
  });

  test('a stream always asks for its usage, and keeps its other options', () => {
    expect(rewritten({ stream: true })).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    expect(rewritten({ stream: true, stream_options: { include_usage: false, include_obfuscation: false } })).toMatchObject({
      stream_options: { include_usage: true, include_obfuscation: false },
    });
  });

  test('null is not given; a single stop is a list; one text is a string', () => {
    const messages = [{ role: 'user', content: [{ type: 'text', text: 'hi' }], tool_calls: null }];
    expect(rewritten({ temperature: null, tools: null, tool_choice: null, stop: 'a', stream: false, messages })).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'hi' }],
      stop: ['a'],
    });
  });
});

describe('the neutral request', () => {
  test('who wants usage, and what nobody knows', () => {
    expect(read({ stream: true, stream_options: { include_usage: true }, foo: 1 })).toMatchObject({
      stream: true,
      includeUsage: true,
      unknown: { foo: 1 },
    });
  });

  test('max_completion_tokens goes before max_tokens', () => {
    expect(read({ max_tokens: 1, max_completion_tokens: 2 }).maxOutputTokens).toBe(2);
  });

  test.each<[JsonObject, ChatRequest['reasoning']]>([
    [{ reasoning_effort: 'xhigh' }, { effort: 'xhigh' }],
    [{ reasoning_effort: 'disable' }, { mode: 'disabled' }],
    [{ reasoning_effort: { effort: 'low', summary: 'auto' } }, { effort: 'low', summary: 'auto' }],
    [{ reasoning: { effort: 'high', exclude: true } }, { effort: 'high', summary: 'none' }],
    [{ reasoning: { max_tokens: 2000 } }, { budgetTokens: 2000 }],
    [{ reasoning: { enabled: false } }, { mode: 'disabled' }],
    [{ thinking: { type: 'enabled', budget_tokens: 1024 } }, { mode: 'enabled', budgetTokens: 1024 }],
    [
      { thinking: { type: 'adaptive' }, reasoning_effort: 'low' },
      { mode: 'adaptive', effort: 'low' },
    ],
    [{ reasoning_effort: 'default' }, undefined],
  ])('reasoning: %j', (body, reasoning) => {
    expect(read(body).reasoning).toEqual(reasoning);
  });

  test.each<[unknown, ChatRequest['toolChoice']]>([
    ['auto', { type: 'auto' }],
    ['any', { type: 'required' }],
    [{}, undefined],
    [null, undefined],
    [{ type: 'none' }, { type: 'none' }],
    [{ type: 'any' }, { type: 'required' }],
    [{ function: { name: 'f' } }, { type: 'tool', name: 'f', kind: 'function' }],
    [
      { type: 'function', name: 'f' },
      { type: 'tool', name: 'f', kind: 'function' },
    ],
    [
      { type: 'tool', name: 'f' },
      { type: 'tool', name: 'f', kind: 'function' },
    ],
    [
      { type: 'custom', custom: { name: 'c' } },
      { type: 'tool', name: 'c', kind: 'custom' },
    ],
  ])('FP-89: tool_choice %j', (value, choice) => {
    expect(read({ tool_choice: value }).toolChoice).toEqual(choice);
  });

  test('the old functions are tools, with ids for their calls', () => {
    const body = read({
      functions: [{ name: 'f', parameters: { type: 'object' } }],
      function_call: { name: 'f' },
      messages: [
        { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{"a":1}' } },
        { role: 'function', name: 'f', content: 'one' },
        { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{"a":2}' } },
        { role: 'function', name: 'f', content: 'two' },
      ],
    });
    expect(body.tools).toEqual([{ type: 'function', name: 'f', parameters: { type: 'object' } }]);
    expect(body.toolChoice).toEqual({ type: 'tool', name: 'f', kind: 'function' });
    const ids = body.messages
      .map(({ content }) => content[0])
      .map((part) => (part?.type === 'tool-call' ? part.id : part?.type === 'tool-result' ? part.callId : ''));
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).toBe(ids[3]);
    expect(ids[0]).not.toBe(ids[2]);
  });

  test('FP-18: tools, calls and results in the spelling of other formats', () => {
    expect(
      read({
        tools: [
          { type: 'function', name: 'a', parameters: {} },
          { name: 'b', input_schema: { type: 'object' } },
          { type: 'web_search_20250305', name: 'web_search' },
          { googleSearch: {} },
        ],
      }).tools,
    ).toEqual([
      { type: 'function', name: 'a', parameters: {} },
      { type: 'function', name: 'b', parameters: { type: 'object' } },
      {
        type: 'provider',
        origin: 'anthropic',
        kind: 'web-search',
        name: 'web_search',
        value: { type: 'web_search_20250305', name: 'web_search' },
      },
      { type: 'provider', origin: 'google', kind: 'web-search', value: { googleSearch: {} } },
    ]);
    expect(
      readMessage(
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'let me see' },
            { type: 'tool_use', id: 't1', name: 'f', input: { a: 1 } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 't1', content: 'bad', is_error: true },
            { type: 'text', text: 'go on' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA' } },
          ],
        },
      ),
    ).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'let me see' },
          { type: 'tool-call', kind: 'function', id: 't1', name: 'f', arguments: '{"a":1}' },
        ],
      },
      { role: 'tool', content: [{ type: 'tool-result', callId: 't1', content: [{ type: 'text', text: 'bad' }], isError: true }] },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'go on' },
          { type: 'image', source: { kind: 'base64', data: 'AA', mediaType: 'image/png' } },
        ],
      },
    ]);
  });

  test('FP-17: a sealed id gives its signature back, to the result too; what stands beside the call goes before it', () => {
    const sealed = `call_1__thought__${sealSignature({ origin: 'google', value: 'old' }, 'openai')}`;
    const call = { id: sealed, type: 'function', function: { name: 'f', arguments: '{}' } };
    const [first] = readMessage({ role: 'assistant', content: null, tool_calls: [call] });
    expect(first!.content[0]).toMatchObject({ id: 'call_1', signature: { origin: 'google', value: 'old' } });
    const [second] = readMessage({
      role: 'assistant',
      content: null,
      tool_calls: [{ ...call, extra_content: { google: { thought_signature: 'new' } } }],
    });
    expect(second!.content[0]).toMatchObject({ id: 'call_1', signature: { origin: 'google', value: 'new' } });
    expect(readMessage({ role: 'tool', tool_call_id: sealed, content: 'x' })[0]!.content[0]).toMatchObject({ callId: 'call_1' });
  });

  test('FP-16: blocks with thoughts of any family', () => {
    const sealed = sealSignature({ origin: 'openai', value: 'enc' }, 'anthropic');
    const [message] = readMessage({
      role: 'assistant',
      content: 'a',
      reasoning_content: 'one two',
      thinking_blocks: [
        { type: 'thinking', thinking: 'one ', signature: 'native' },
        { type: 'thinking', thinking: 'two', signature: sealed },
        { type: 'redacted_thinking', data: 'hidden' },
      ],
    });
    expect(message!.content.map(({ extra: _extra, ...part }) => part)).toEqual([
      { type: 'thinking', text: 'one ', signature: { origin: 'anthropic', value: 'native' } },
      { type: 'thinking', text: 'two', signature: { origin: 'openai', value: 'enc' } },
      { type: 'thinking', text: '', redacted: { origin: 'anthropic', value: 'hidden' } },
      { type: 'text', text: 'a' },
    ]);
  });

  test.each([
    [{ a: 1 }, '{"a":1}'],
    ['"{\\"a\\":1}"', '{"a":1}'],
    ["{'a': True, 'b': \"it's\", 'c': 'say \"x\"'}", '{"a": true, "b": "it\'s", "c": "say \\"x\\""}'],
    ['null', ''],
    [null, ''],
    ['{"a":', '{"a":'],
    ['"just a text"', '"just a text"'],
  ])('FP-19: arguments %j', (args, text) => {
    const [message] = readMessage({
      role: 'assistant',
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: args } }],
    });
    expect(message!.content[0]).toMatchObject({ type: 'tool-call', arguments: text });
  });

  test('the path says the model where it is in the URL', () => {
    expect(openaiChat.request.fromWire({ messages: [] }, { model: 'in-path' }).model).toBe('in-path');
  });
});

describe('what is wrong is named', () => {
  const messages: unknown[] = [];
  test.each<[JsonObject, string]>([
    [{ messages }, 'model'],
    [{ model: 'm' }, 'messages'],
    [{ model: 'm', messages: [{ role: 'robot', content: '' }] }, 'messages[0].role'],
    [{ model: 'm', messages: ['hi'] }, 'messages[0]'],
    [{ model: 'm', messages: [{ role: 'user', content: 7 }] }, 'messages[0].content'],
    [{ model: 'm', messages: [{ role: 'user', content: [{ type: 'text' }] }] }, 'messages[0].content[0].text'],
    [{ model: 'm', messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] }, 'messages[0].content[0].image_url.url'],
    [{ model: 'm', messages: [{ role: 'user', content: [{ type: 'file', file: {} }] }] }, 'messages[0].content[0].file'],
    [{ model: 'm', messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].tool_call_id'],
    [{ model: 'm', messages, temperature: '1' }, 'temperature'],
    [{ model: 'm', messages, stream: 'false' }, 'stream'],
    [{ model: 'm', messages, stop: [1] }, 'stop[0]'],
    [{ model: 'm', messages, tools: [{ type: 'function', function: {} }] }, 'tools[0].function.name'],
    [{ model: 'm', messages, tool_choice: 'sometimes' }, 'tool_choice'],
    [{ model: 'm', messages, response_format: 'json' }, 'response_format'],
  ])('%j', (body, param) => {
    expect(failure(body)).toMatchObject({ code: 'invalid_request', status: 400, param });
  });
});

test("the user by OpenAI's newer name alone is the user for others too", () => {
  const from = (members: JsonObject) => openaiChat.request.fromWire({ model: 'm', messages: [], ...members }).user;
  expect(from({ safety_identifier: 's' })).toBe('s');
  expect(from({ safety_identifier: 's', user: 'u' })).toBe('u');
});

test('empty ids of calls: the result answers the call that stands open', () => {
  const call = (name: string) => ({ id: '', type: 'function', function: { name, arguments: '{}' } });
  const { messages } = openaiChat.request.fromWire({
    model: 'm',
    messages: [
      { role: 'assistant', content: null, tool_calls: [call('f'), call('g')] },
      { role: 'tool', tool_call_id: '', name: 'g', content: 'G' },
      { role: 'tool', tool_call_id: '', content: 'F' },
    ],
  });
  const [f, g] = messages[0]!.content.map((part) => part.type === 'tool-call' && part.id);
  expect([f, f === g]).toEqual(['call_unnamed_0', false]);
  expect(messages.slice(1).map(({ content }) => content[0])).toMatchObject([{ callId: g }, { callId: f }]);
});
