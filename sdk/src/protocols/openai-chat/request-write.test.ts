import { describe, expect, test } from 'bun:test';
import {
  SluiceError,
  type ChatRequest,
  type JsonObject,
  type Message,
  type ModelTraits,
  type Part,
  type Quirks,
  type Reasoning,
} from '../../types/index.ts';
import { sealedMark, sealSignature } from '../shared/seal.ts';
import { request, rewritten, toWireContext, written } from './fixtures/context.ts';
import { openaiChat } from './index.ts';

const quirks = (given: Quirks) => ({ quirks: given });
const user = (...content: Part[]): Message => ({ role: 'user', content });
const assistant = (...content: Part[]): Message => ({ role: 'assistant', content });
const text = (value: string): Part => ({ type: 'text', text: value });
const messagesOf = (messages: Message[], context: Parameters<typeof written>[1] = {}) => written({ messages }, context)['messages'];

const refusal = (run: () => unknown): SluiceError => {
  try {
    run();
  } catch (error) {
    if (SluiceError.is(error)) return error;
  }
  throw new Error('was not refused');
};

const drops = (given: Partial<ChatRequest>, context: Parameters<typeof toWireContext>[0] = {}): string[] => {
  const writing = toWireContext(context);
  openaiChat.request.toWire(request(given), writing);
  return writing.dropped;
};

describe('quirks', () => {
  test('lacks: refused in the words of the client, or dropped', () => {
    const context = { ...quirks({ lacks: ['stop', 'seed'] }) };
    expect(refusal(() => written({ stop: ['a'] }, context))).toMatchObject({ code: 'unsupported_parameter', param: 'stop_sequences' });
    const dropping = toWireContext({ ...context, dropParams: true });
    expect(openaiChat.request.toWire(request({ stop: ['a'], seed: 1 }), dropping).body).not.toHaveProperty('stop');
    expect(dropping.dropped).toEqual(['stop_sequences', 'seed']);
  });

  test('lacks: what says the default, or null, is left out without a word', () => {
    const context = quirks({ lacks: ['n', 'parallel_tool_calls', 'logprobs', 'logit_bias', 'echo'] });
    expect(written({ candidateCount: 1, logprobs: false, unknown: { echo: null } }, context)).toEqual({
      model: 'up-model',
      messages: [{ role: 'user', content: 'hi' }],
    });
    expect(refusal(() => written({ candidateCount: 2 }, context)).param).toBe('n');
  });

  test('lacks tools: the choice goes with them', () => {
    const context = { ...quirks({ lacks: ['tools'] }), dropParams: true };
    const tools: ChatRequest['tools'] = [{ type: 'function', name: 'f' }];
    expect(Object.keys(written({ tools, toolChoice: { type: 'required' }, parallelToolCalls: false }, context))).toEqual([
      'model',
      'messages',
    ]);
  });

  test('lacks a kind of content', () => {
    const image: Part = { type: 'image', source: { kind: 'url', url: 'https://a.test/b.png' } };
    expect(refusal(() => messagesOf([user(image)], quirks({ lacks: ['image_url'] }))).param).toBe('image_url');
  });

  test('rename', () => {
    const body = written(
      { seed: 4, maxOutputTokens: 9 },
      { ...quirks({ rename: { seed: 'random_seed', max_completion_tokens: 'max_tokens' } }), traits: { maxCompletionTokens: true } },
    );
    expect(body).toMatchObject({ random_seed: 4, max_tokens: 9 });
    expect(body).not.toHaveProperty('seed');
  });

  test('developerRole, contentAsString, toolChoiceRequired, noStreamOptions', () => {
    const messages: Message[] = [{ role: 'developer', content: [text('a'), text('b')] }];
    const body = written(
      { messages, stream: true, tools: [{ type: 'function', name: 'f' }], toolChoice: { type: 'required' } },
      quirks({ developerRole: 'system', contentAsString: true, toolChoiceRequired: 'any', noStreamOptions: true }),
    );
    expect(body).toMatchObject({ messages: [{ role: 'system', content: 'a\n\nb' }], tool_choice: 'any', stream: true });
    expect(body).not.toHaveProperty('stream_options');
  });

  test("fileUrl: a vendor's own spelling replaces OpenAI's", () => {
    const messages = [
      { role: 'user', content: [{ type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA' } }] },
    ];
    expect(rewritten({ messages }, quirks({ fileUrl: 'document_url' }))['messages']).toEqual([
      { role: 'user', content: [{ type: 'document_url', document_url: 'data:application/pdf;base64,AA', document_name: 'a.pdf' }] },
    ]);
    expect(rewritten({ messages }, quirks({ fileUrl: 'file_data' }))['messages']).toEqual(messages);
  });

  test('contentAsString: an image is refused, not lost', () => {
    const image: Part = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AA' } };
    expect(refusal(() => messagesOf([user(text('a'), image)], quirks({ contentAsString: true }))).code).toBe('unsupported_parameter');
  });

  test('efforts: the nearest word, with a record', () => {
    const context = { ...quirks({ efforts: ['none', 'high'] }), from: 'openai-responses' };
    expect(written({ reasoning: { effort: 'low' } }, context)['reasoning_effort']).toBe('high');
    expect(written({ reasoning: { effort: 'max' } }, context)['reasoning_effort']).toBe('high');
    expect(written({ reasoning: { effort: 'none' } }, context)['reasoning_effort']).toBe('none');
    expect(drops({ reasoning: { effort: 'low' } }, context)).toEqual(['reasoning.effort']);
    expect(rewritten({ reasoning_effort: 'low' }, quirks({ efforts: ['high'] }))['reasoning_effort']).toBe('high');
  });
});

describe('limits and sampling', () => {
  test.each<[ModelTraits, string]>([
    [{}, 'max_tokens'],
    [{ maxCompletionTokens: true }, 'max_completion_tokens'],
  ])('FP-91: %j', (traits, member) => {
    expect(written({ maxOutputTokens: 5 }, { traits })).toMatchObject({ [member]: 5 });
  });

  test('what the model says goes before what the client spelled', () => {
    expect(rewritten({ max_completion_tokens: 5 }, { traits: { maxCompletionTokens: false } })).toMatchObject({ max_tokens: 5 });
    expect(rewritten({ max_tokens: 5 }, { traits: { maxCompletionTokens: true } })).toMatchObject({ max_completion_tokens: 5 });
  });

  test('fixed sampling: the one value may be named', () => {
    const traits = { fixedSampling: true };
    expect(written({ temperature: 1, topP: 1 }, { traits })).toMatchObject({ temperature: 1, top_p: 1 });
    expect(refusal(() => written({ temperature: 0.2 }, { traits, from: 'gemini' })).param).toBe('generationConfig.temperature');
  });

  test('a tier of another vendor is dropped with a record', () => {
    expect(written({ serviceTier: 'flex' })).toMatchObject({ service_tier: 'flex' });
    expect(drops({ serviceTier: 'standard_only' })).toEqual(['service_tier']);
  });
});

describe('reasoning', () => {
  test.each<[Reasoning, ModelTraits['reasoning'], object]>([
    [{ effort: 'high' }, undefined, { reasoning_effort: 'high' }],
    [{ budgetTokens: 1024 }, 'effort', { reasoning_effort: 'low' }],
    [{ budgetTokens: 2048 }, 'effort', { reasoning_effort: 'medium' }],
    [{ mode: 'enabled', budgetTokens: 10_000 }, 'effort', { reasoning_effort: 'high' }],
    [{ mode: 'adaptive' }, 'effort', {}],
    [{ mode: 'disabled' }, undefined, {}],
    [{ mode: 'enabled', budgetTokens: 5000 }, 'budget', { thinking: { type: 'enabled', budget_tokens: 5000 } }],
    [{ mode: 'disabled' }, 'budget', { thinking: { type: 'disabled' } }],
    [{ mode: 'adaptive', effort: 'low' }, 'adaptive', { thinking: { type: 'adaptive' }, reasoning_effort: 'low' }],
    [{ mode: 'disabled' }, 'none', {}],
  ])('%j for a model that thinks by %p', (reasoning, kind, members) => {
    const { model: _model, messages: _messages, ...rest } = written({ reasoning }, { traits: kind ? { reasoning: kind } : {} });
    expect(rest).toEqual(members as typeof rest);
  });

  test("FP-31: a model that cannot think refuses, by the name in the client's format", () => {
    expect(refusal(() => written({ reasoning: { effort: 'low' } }, { traits: { reasoning: 'none' } })).param).toBe('thinking');
  });

  test('a model that cannot be told not to think leaves a record', () => {
    expect(drops({ reasoning: { mode: 'disabled' } }, { traits: { reasoning: 'effort' } })).toEqual(['thinking']);
  });

  test.each<[Partial<ChatRequest>, JsonObject]>([
    [{ reasoning: { effort: 'high' } }, { temperature: 1, reasoning: { effort: 'high' } }],
    [{ reasoning: { effort: 'max' } }, { temperature: 1, reasoning: { effort: 'high' } }],
    [{ reasoning: { mode: 'enabled', budgetTokens: 2000 } }, { temperature: 1, reasoning: { max_tokens: 2000 } }],
    [
      { reasoning: { mode: 'adaptive' }, temperature: 0.5 },
      { temperature: 0.5, reasoning: { effort: 'medium' } },
    ],
    [{ reasoning: { mode: 'disabled' } }, {}],
    [{ reasoning: { effort: 'none' }, temperature: 0 }, { temperature: 0 }],
    [{}, {}],
  ])('%j for a vendor that takes the object alone', (given, members) => {
    const context = quirks({ efforts: ['low', 'medium', 'high'], reasoningObject: { beside: { temperature: 1 } } });
    const { model: _model, messages: _messages, ...rest } = written(given, context);
    expect(rest).toEqual(members);
  });

  test("a client's own spelling becomes that object too", () => {
    const context = quirks({ reasoningObject: {} });
    expect(rewritten({ reasoning_effort: 'low' }, context)).toMatchObject({ reasoning: { effort: 'low' } });
    expect(rewritten({ reasoning_effort: 'low' }, context)).not.toHaveProperty('reasoning_effort');
    expect(rewritten({ thinking: { type: 'enabled', budget_tokens: 9 } }, context)).toMatchObject({ reasoning: { max_tokens: 9 } });
    expect(rewritten({ reasoning: { effort: 'low' } }, context)).toMatchObject({ reasoning: { effort: 'low' } });
  });

  test("LiteLLM's thinking becomes an effort for a model that is known to want one", () => {
    const body = rewritten({ thinking: { type: 'enabled', budget_tokens: 1024 } }, { traits: { reasoning: 'effort' } });
    expect(body).toMatchObject({ reasoning_effort: 'low' });
    expect(body).not.toHaveProperty('thinking');
  });
});

describe('FP-32: structured output', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } } };
  const responseFormat: ChatRequest['responseFormat'] = { type: 'json-schema', schema };

  test('natively, with a name', () => {
    expect(written({ responseFormat })['response_format']).toEqual({ type: 'json_schema', json_schema: { name: 'response', schema } });
    expect(written({ responseFormat: { type: 'json' } }, quirks({ structuredOutput: 'json' }))['response_format']).toEqual({
      type: 'json_object',
    });
  });

  test('by a forced tool where there are no schemas; the answer is read back as text', () => {
    const { body, hints } = openaiChat.request.toWire(request({ responseFormat }), toWireContext(quirks({ structuredOutput: 'json' })));
    expect(body).toMatchObject({
      tools: [{ function: { name: 'json_tool_call', parameters: schema } }],
      tool_choice: { function: { name: 'json_tool_call' } },
    });
    expect(body).not.toHaveProperty('response_format');
    expect(hints).toEqual({ jsonToolName: 'json_tool_call' });
  });

  test("beside tools of the client's own the model may choose, but must answer in one of them", () => {
    const tools: ChatRequest['tools'] = [{ type: 'function', name: 'f' }];
    const { body } = openaiChat.request.toWire(request({ responseFormat, tools }), toWireContext({ traits: { jsonSchema: false } }));
    expect(body).toMatchObject({ tools: [{ function: { name: 'f' } }, { function: { name: 'json_tool_call' } }], tool_choice: 'required' });
  });

  test('refused where neither is possible', () => {
    expect(refusal(() => written({ responseFormat: { type: 'json' } }, quirks({ structuredOutput: 'none' }))).param).toBe('output_format');
    expect(refusal(() => written({ responseFormat }, quirks({ structuredOutput: 'none', lacks: ['tools'] }))).param).toBe('output_format');
  });
});

describe('tools', () => {
  test('a choice without tools is left out', () => {
    expect(written({ toolChoice: { type: 'auto' }, parallelToolCalls: true })).not.toHaveProperty('tool_choice');
  });

  test('FP-80: names that are too long or odd get the same alias everywhere', () => {
    const name = `mcp__server__${'x'.repeat(80)}`;
    const { body, hints } = openaiChat.request.toWire(
      request({
        tools: [
          { type: 'function', name },
          { type: 'function', name: 'a.b' },
        ],
        toolChoice: { type: 'tool', name },
        messages: [assistant({ type: 'tool-call', kind: 'function', id: 'c', name, arguments: '{}' })],
      }),
      toWireContext(),
    );
    const [long, dotted] = body['tools'] as { function: { name: string } }[];
    const alias = long!.function.name;
    expect(alias).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(dotted!.function.name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(body['tool_choice']).toEqual({ type: 'function', function: { name: alias } });
    expect(body['messages']).toMatchObject([{ tool_calls: [{ function: { name: alias } }] }]);
    expect(hints?.toolNames).toEqual({ [alias]: name, [dotted!.function.name]: 'a.b' });
  });

  test('FP-21: custom tools stay, or become functions with one input', () => {
    const given: Partial<ChatRequest> = {
      tools: [
        {
          type: 'custom',
          name: 'apply_patch',
          description: 'Patches.',
          format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"' },
        },
      ],
      toolChoice: { type: 'tool', name: 'apply_patch', kind: 'custom' },
      messages: [assistant({ type: 'tool-call', kind: 'custom', id: 'c', name: 'apply_patch', arguments: '*** Begin' })],
    };
    const native = written(given, { from: 'openai-responses' });
    expect(native).toMatchObject({
      tools: [
        {
          type: 'custom',
          custom: { name: 'apply_patch', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: "x"' } } },
        },
      ],
      tool_choice: { type: 'custom', custom: { name: 'apply_patch' } },
      messages: [{ tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'apply_patch', input: '*** Begin' } }] }],
    });
    const { body, hints } = openaiChat.request.toWire(request(given), toWireContext(quirks({ lacks: ['custom_tools'] })));
    expect(body).toMatchObject({
      tools: [{ type: 'function', function: { name: 'apply_patch', parameters: { required: ['input'] } } }],
      tool_choice: { type: 'function', function: { name: 'apply_patch' } },
      messages: [{ tool_calls: [{ type: 'function', function: { arguments: '{"input":"*** Begin"}' } }] }],
    });
    expect(JSON.stringify(body['tools'])).toContain('this lark grammar');
    expect(hints?.customTools).toEqual(['apply_patch']);
  });

  test('allowed tools: natively, or by offering no others', () => {
    const given: Partial<ChatRequest> = {
      tools: [
        { type: 'function', name: 'a' },
        { type: 'function', name: 'b' },
      ],
      toolChoice: { type: 'allowed', names: ['b'], required: true },
    };
    expect(written(given)['tool_choice']).toEqual({
      type: 'allowed_tools',
      allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'b' } }] },
    });
    expect(written(given, quirks({ lacks: ['allowed_tools'] }))).toMatchObject({
      tools: [{ function: { name: 'b' } }],
      tool_choice: 'required',
    });
  });

  test('a search tool of another family is an option here; any other is refused', () => {
    const search: ChatRequest['tools'] = [
      { type: 'provider', origin: 'anthropic', kind: 'web-search', value: { type: 'web_search_20250305' } },
    ];
    expect(written({ tools: search, webSearch: { contextSize: 'low', maxUses: 3 } })['web_search_options']).toEqual({
      search_context_size: 'low',
    });
    expect(drops({ tools: search, webSearch: { maxUses: 3 } })).toEqual(['tools.max_uses']);
    const value = { type: 'web_search', filters: { allowed_domains: ['a.test'] }, user_location: { type: 'approximate', city: 'Graz' } };
    const narrow: ChatRequest['tools'] = [{ type: 'provider', origin: 'openai', kind: 'web-search', value }];
    expect(refusal(() => written({ tools: narrow })).param).toBe('tools.allowed_domains');
    expect(written({ tools: narrow }, { dropParams: true })['web_search_options']).toEqual({
      user_location: { type: 'approximate', approximate: { city: 'Graz' } },
    });
    expect(refusal(() => written({ tools: search }, quirks({ lacks: ['web_search_options'] }))).param).toBe('tools');
    expect(
      refusal(() =>
        written({ tools: [{ type: 'provider', origin: 'anthropic', kind: 'computer-use', value: { type: 'computer_20250124' } }] }),
      ).message,
    ).toContain('computer_20250124');
  });
});

describe('messages', () => {
  const call: Part = { type: 'tool-call', kind: 'function', id: 'c', name: 'f', arguments: '' };

  test('a call without arguments has an empty object', () => {
    expect(messagesOf([assistant(call)])).toEqual([
      { role: 'assistant', content: null, tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }] },
    ]);
  });

  test('images in tool results follow in a user message behind the run', () => {
    const image: Part = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AA' } };
    const result = (callId: string, ...content: Part[]): Message => ({
      role: 'tool',
      content: [{ type: 'tool-result', callId, content: content as never, isError: callId === 'b' }],
    });
    const messages = [assistant(call), result('a', text('see'), image), result('b', text('failed')), user(text('and?'))];
    expect(messagesOf(messages)).toMatchObject([
      { role: 'assistant' },
      { role: 'tool', tool_call_id: 'a', content: 'see' },
      { role: 'tool', tool_call_id: 'b', content: 'failed' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Output of the tool call a:' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } },
        ],
      },
      { role: 'user', content: 'and?' },
    ]);
    expect(drops({ messages })).toEqual(['is_error', 'media in tool results']);
  });

  describe('FP-16: thoughts of earlier turns', () => {
    const thought: Part = { type: 'thinking', text: 'hm', signature: { origin: 'anthropic', value: 's' } };
    const details = [{ type: 'reasoning.text', text: 'hm', signature: 's', index: 0 }];
    const routed: Part = { type: 'thinking', text: 'hm', signature: { origin: 'openrouter', value: JSON.stringify(details) } };

    test("in the vendor's own field, its signature not", () => {
      expect(messagesOf([assistant(thought, text('a'))], quirks({ reasoningField: 'reasoning' }))).toEqual([
        { role: 'assistant', content: 'a', reasoning: 'hm' },
      ]);
      expect(drops({ messages: [assistant(thought)] }, quirks({ reasoningField: 'reasoning_content' }))).toEqual([
        'anthropic:thinking signature',
      ]);
    });

    test('as details to who made them', () => {
      const wire = [{ role: 'assistant', content: 'a', reasoning_details: details }];
      expect(messagesOf([assistant(routed, text('a'))], { provider: 'openrouter' })).toEqual(wire);
      expect(
        messagesOf([assistant(routed, text('a'))], { provider: 'snowflake', ...quirks({ reasoningField: 'reasoning_details' }) }),
      ).toEqual(wire);
    });

    test('among the content (Mistral)', () => {
      expect(messagesOf([assistant(thought, text('a'))], quirks({ reasoningField: 'content' }))).toEqual([
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
            { type: 'text', text: 'a' },
          ],
        },
      ]);
    });

    test('nowhere, with a record', () => {
      expect(messagesOf([assistant(thought, text('a'))])).toEqual([{ role: 'assistant', content: 'a' }]);
      expect(drops({ messages: [assistant(thought, text('a')), assistant(thought, text('b'))] })).toEqual(['thinking']);
    });

    test('a sealed block reaches no provider', () => {
      const blocks = [
        { type: 'thinking', thinking: 'a', signature: 'native' },
        { type: 'thinking', thinking: 'b', signature: sealSignature({ origin: 'google', value: 'g' }, 'anthropic') },
      ];
      const body = rewritten({ messages: [{ role: 'assistant', content: 'x', reasoning_content: 'ab', thinking_blocks: blocks }] });
      expect(body['messages']).toEqual([{ role: 'assistant', content: 'x', reasoning_content: 'ab', thinking_blocks: [blocks[0]] }]);
      expect(JSON.stringify(body)).not.toContain(sealedMark);
    });

    test('Groq gets no empty thoughts, and none at all for a model that does not think', () => {
      const [message] = messagesOf([assistant(call)], quirks({ reasoningField: 'reasoning' })) as JsonObject[];
      expect(message).not.toHaveProperty('reasoning');
      const plain = { ...quirks({ reasoningField: 'reasoning' }), traits: { reasoning: 'none' } as const };
      expect((messagesOf([assistant(thought, call)], plain) as JsonObject[])[0]).not.toHaveProperty('reasoning');
      expect(drops({ messages: [assistant(thought)] }, plain)).toEqual(['thinking']);
    });

    test('DeepSeek gets an empty text for calls of another vendor', () => {
      expect(messagesOf([assistant(call), assistant(text('a'))], quirks({ reasoningField: 'reasoning_content' }))).toMatchObject([
        { reasoning_content: '' },
        { content: 'a' },
      ]);
    });
  });

  test('FP-17: a signature of Gemini goes to Gemini alone', () => {
    const signed: Part = { ...call, signature: { origin: 'google', value: 'g' } };
    expect(messagesOf([assistant(signed)], { model: 'google/gemini-3-pro' })).toMatchObject([
      { tool_calls: [{ id: 'c', extra_content: { google: { thought_signature: 'g' } } }] },
    ]);
    expect(JSON.stringify(messagesOf([assistant(signed)]))).not.toContain('thought');
    expect(drops({ messages: [assistant(signed)] })).toEqual(['google:thought signature']);
  });

  test('FP-75: cache marks go to vendors that take them', () => {
    const messages: Message[] = [{ role: 'system', content: [{ type: 'text', text: 'a', cacheControl: { type: 'ephemeral' } }] }];
    expect(messagesOf(messages, quirks({ cacheMarks: true }))).toEqual([
      { role: 'system', content: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral' } }] },
    ]);
    expect(messagesOf(messages)).toEqual([{ role: 'system', content: 'a' }]);
    expect(drops({ messages })).toEqual(['cache_control']);
  });

  test('files: data with a name, a text as text, an id of another vendor refused', () => {
    const file = (source: Extract<Part, { type: 'file' }>['source']): Part => ({ type: 'file', source });
    expect(messagesOf([user(file({ kind: 'base64', mediaType: 'application/pdf', data: 'AA' }))])).toMatchObject([
      { content: [{ type: 'file', file: { filename: 'document.pdf', file_data: 'data:application/pdf;base64,AA' } }] },
    ]);
    expect(messagesOf([user({ type: 'file', source: { kind: 'text', text: 'words' }, title: 'T' })])).toEqual([
      { role: 'user', content: 'T\n\nwords' },
    ]);
    expect(refusal(() => messagesOf([user(file({ kind: 'file-id', id: 'file_1' }))])).message).toContain("file's id");
    expect(messagesOf([user(file({ kind: 'file-id', id: 'file_1' }))], { from: 'openai-responses' })).toMatchObject([
      { content: [{ file: { file_id: 'file_1' } }] },
    ]);
  });

  test('files by URL, where the vendor takes them', () => {
    const file: Part = { type: 'file', source: { kind: 'url', url: 'https://a.test/b.pdf' }, filename: 'b.pdf' };
    const as = (fileUrl: NonNullable<Quirks['fileUrl']>) => messagesOf([user(file)], quirks({ fileUrl }));
    expect(refusal(() => messagesOf([user(file)])).message).toContain('URL');
    expect(as('file_data')).toMatchObject([
      { content: [{ type: 'file', file: { filename: 'b.pdf', file_data: 'https://a.test/b.pdf' } }] },
    ]);
    expect(as('document_url')).toMatchObject([
      { content: [{ type: 'document_url', document_url: 'https://a.test/b.pdf', document_name: 'b.pdf' }] },
    ]);
    expect(as('file_url')).toMatchObject([{ content: [{ type: 'file_url', file_url: { url: 'https://a.test/b.pdf' } }] }]);
  });

  test("audio in the format's own words, media that has no place refused", () => {
    const audio: Part = { type: 'audio', source: { kind: 'base64', mediaType: 'audio/mpeg', data: 'AA' } };
    expect(messagesOf([user(audio)])).toMatchObject([{ content: [{ type: 'input_audio', input_audio: { data: 'AA', format: 'mp3' } }] }]);
    expect(refusal(() => messagesOf([user({ type: 'audio', source: { kind: 'url', url: 'https://a.test/b.mp3' } })])).code).toBe(
      'unsupported_parameter',
    );
    expect(messagesOf([assistant({ type: 'audio', id: 'audio_1', transcript: 'hey' })])).toEqual([
      { role: 'assistant', content: null, audio: { id: 'audio_1' } },
    ]);
    expect(messagesOf([assistant({ type: 'audio', transcript: 'hey' })])).toEqual([{ role: 'assistant', content: 'hey' }]);
  });

  test('blocks of another family are left out with a record', () => {
    const block: Part = { type: 'opaque', origin: 'anthropic', value: { type: 'server_tool_use' } };
    expect(messagesOf([assistant(text('a'), block)])).toEqual([{ role: 'assistant', content: 'a' }]);
    expect(drops({ messages: [assistant(block)] })).toEqual(['anthropic:server_tool_use']);
  });

  test("members that nobody knows pass through, whatever the client's format; those of a format do not", () => {
    expect(written({ unknown: { min_p: 0.1 }, extra: { 'openai-chat': { safety_identifier: 's' } } })).toMatchObject({ min_p: 0.1 });
    expect(written({ extra: { 'openai-chat': { safety_identifier: 's' } } })).not.toHaveProperty('safety_identifier');
  });

  test('nothing that was handed in is changed', () => {
    const given = Object.freeze(request({ messages: Object.freeze([Object.freeze(user(text('a')))]) as Message[] }));
    expect(() => openaiChat.request.toWire(given, toWireContext())).not.toThrow();
  });
});

test('words about a document have no place, which is told', () => {
  const file: Part = { type: 'file', source: { kind: 'base64', data: 'JVBERi0=', mediaType: 'application/pdf' }, context: 'a contract' };
  expect(drops({ messages: [user(file)] })).toEqual(['context']);
});
