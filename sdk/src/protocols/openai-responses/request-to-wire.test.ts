import { describe, expect, test } from 'bun:test';
import { SluiceError, type ChatRequest, type JsonObject, type Message, type Part, type ToWireContext } from '../../types/index.ts';
import { fromWire } from './request-from-wire.ts';
import { toWire } from './request-to-wire.ts';

const drops: string[] = [];

const context = (more: Partial<ToWireContext> = {}): ToWireContext => {
  drops.length = 0;
  return {
    model: 'gpt-5.4',
    provider: 'openai',
    from: 'anthropic-messages',
    traits: {},
    quirks: {},
    dropParams: false,
    drop: (what) => void drops.push(what),
    lacks: (parameter) => {
      throw new SluiceError('unsupported_parameter', parameter, { param: parameter });
    },
    ...more,
  };
};

const request = (more: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'm',
  messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
  stream: false,
  unknown: {},
  ...more,
});

const wire = (more: Partial<ChatRequest>, given: Partial<ToWireContext> = {}) => toWire(request(more), context(given));
const body = (more: Partial<ChatRequest>, given: Partial<ToWireContext> = {}) =>
  JSON.parse(JSON.stringify(wire(more, given).body)) as JsonObject;
const input = (messages: Message[], given: Partial<ToWireContext> = {}) => body({ messages }, given)['input'];

describe('messages of other formats', () => {
  test('roles, and text as the string that every vendor takes', () => {
    expect(
      input([
        { role: 'system', content: [{ type: 'text', text: 's' }] },
        { role: 'developer', content: [{ type: 'text', text: 'd' }] },
        { role: 'user', content: [{ type: 'text', text: 'u' }] },
        { role: 'assistant', content: [{ type: 'text', text: 'a' }] },
      ]),
    ).toEqual([
      { type: 'message', role: 'system', content: 's' },
      { type: 'message', role: 'developer', content: 'd' },
      { type: 'message', role: 'user', content: 'u' },
      { type: 'message', role: 'assistant', content: 'a' },
    ]);
    expect(input([{ role: 'developer', content: [{ type: 'text', text: 'd' }] }], { quirks: { developerRole: 'system' } })).toMatchObject([
      { role: 'system' },
    ]);
  });

  test('several texts and refusals of an assistant as the item that OpenAI writes', () => {
    const items = input([
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'a' },
          { type: 'refusal', text: 'no' },
        ],
      },
    ]) as JsonObject[];
    expect(items).toMatchObject([
      {
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content: [
          { type: 'output_text', text: 'a', annotations: [], logprobs: [] },
          { type: 'refusal', refusal: 'no' },
        ],
      },
    ]);
    expect(items[0]!['id']).toMatch(/^msg_[0-9a-z]+$/);
  });

  test('media', () => {
    expect(
      input([
        {
          role: 'user',
          content: [
            { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AA==' } },
            { type: 'image', source: { kind: 'url', url: 'https://a.test/i.png' }, detail: 'low' },
            { type: 'file', source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBE' } },
            { type: 'file', source: { kind: 'text', text: 'body' }, title: 'Title' },
            { type: 'text', text: 'see' },
          ],
        },
      ]),
    ).toEqual([
      {
        type: 'message',
        role: 'user',
        content: [
          { type: 'input_image', detail: 'auto', image_url: 'data:image/png;base64,AA==' },
          { type: 'input_image', detail: 'low', image_url: 'https://a.test/i.png' },
          { type: 'input_file', filename: 'file.pdf', file_data: 'data:application/pdf;base64,JVBE' },
          { type: 'input_text', text: 'Title\n\nbody' },
          { type: 'input_text', text: 'see' },
        ],
      },
    ]);
  });

  test.each([
    [{ type: 'video', source: { kind: 'url', url: 'v' } }, 'video'],
    [{ type: 'audio', source: { kind: 'base64', data: 'A', mediaType: 'audio/wav' } }, 'input_audio'],
    [{ type: 'file', source: { kind: 'file-id', id: 'file_anthropic' } }, 'file_id'],
  ] as const)('content that cannot be said is refused by name: %j', (part, name) => {
    expect(() => input([{ role: 'user', content: [part] }])).toThrow(expect.objectContaining({ param: name }));
  });

  test('tool calls and results, with pictures', () => {
    expect(
      input([
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'let me see' },
            { type: 'tool-call', kind: 'function', id: 'c1', name: 'f', arguments: '' },
            { type: 'tool-call', kind: 'custom', id: 'c2', name: 'patch', arguments: '*** x' },
          ],
        },
        {
          role: 'tool',
          content: [
            { type: 'tool-result', callId: 'c1', content: [{ type: 'text', text: 'bad' }], isError: true },
            {
              type: 'tool-result',
              callId: 'c2',
              kind: 'custom',
              content: [
                { type: 'text', text: 't' },
                { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AA==' } },
              ],
            },
            { type: 'tool-result', callId: 'c3', content: [] },
          ],
        },
      ]),
    ).toEqual([
      { type: 'message', role: 'assistant', content: 'let me see' },
      { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' },
      { type: 'custom_tool_call', call_id: 'c2', name: 'patch', input: '*** x' },
      { type: 'function_call_output', call_id: 'c1', output: 'bad' },
      {
        type: 'custom_tool_call_output',
        call_id: 'c2',
        output: [
          { type: 'input_text', text: 't' },
          { type: 'input_image', detail: 'auto', image_url: 'data:image/png;base64,AA==' },
        ],
      },
      { type: 'function_call_output', call_id: 'c3', output: '' },
    ]);
    expect(drops).toEqual(['tool_result.is_error']);
  });

  test('long ids of calls are shortened, the same for a call and its result', () => {
    const long = `toolu_${'x'.repeat(80)}`;
    const items = input([
      { role: 'assistant', content: [{ type: 'tool-call', kind: 'function', id: long, name: 'f', arguments: '{}' }] },
      { role: 'tool', content: [{ type: 'tool-result', callId: long, content: [] }] },
    ]) as JsonObject[];
    expect(items[0]!['call_id']).toMatch(/^call_[0-9a-z]{28}$/);
    expect(items[1]!['call_id']).toBe(items[0]!['call_id'] as string);
  });

  test('FP-16: thoughts go back to the family that had them, and to no other', () => {
    expect(
      input([
        {
          role: 'assistant',
          content: [
            { type: 'thinking', text: 'a\n\nb', summary: ['a', 'b'], id: 'rs_1', signature: { origin: 'openai', value: 'gAAA' } },
            { type: 'thinking', text: 'mine', signature: { origin: 'anthropic', value: 'S' } },
            { type: 'thinking', text: '', redacted: { origin: 'anthropic', value: 'R' } },
            { type: 'thinking', text: 'unsigned' },
            { type: 'tool-call', kind: 'function', id: 'c', name: 'f', arguments: '{}', signature: { origin: 'google', value: 'G' } },
            { type: 'opaque', origin: 'anthropic', value: { type: 'server_tool_use' } },
            { type: 'opaque', origin: 'google', value: { executableCode: {} } },
          ],
        },
      ]),
    ).toEqual([
      {
        type: 'reasoning',
        id: 'rs_1',
        summary: [
          { type: 'summary_text', text: 'a' },
          { type: 'summary_text', text: 'b' },
        ],
        encrypted_content: 'gAAA',
      },
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
    ]);
    expect(drops).toEqual(['thinking', 'signature', 'anthropic:server_tool_use', 'google:executableCode']);
  });

  test('lists of tools that a stream told last go back to where they stood: the beginning', () => {
    const list = (id: string) => ({ type: 'mcp_list_tools', id, server_label: 's', tools: [] });
    const told = (id: string): Part => ({ type: 'opaque', origin: 'openai', value: list(id) });
    const text: Part = { type: 'text', text: 'hi' };
    const said = { type: 'message', role: 'assistant', content: 'hi' };
    const turn = (...content: Part[]) => input([{ role: 'assistant', content }]);
    expect(turn(told('c'), text, told('a'), told('b'))).toEqual([list('a'), list('b'), list('c'), said]);
    expect(turn(text, told('a'), { type: 'text', text: '' })).toEqual([list('a'), said]);
    expect(turn(told('a'), text)).toEqual([list('a'), said]);
    expect(turn(told('a'), told('b'))).toEqual([list('a'), list('b')]);
    expect(input([{ role: 'assistant', content: [text, told('a')] }], { from: 'openai-responses' })).toEqual([said, list('a')]);
  });

  test('FP-16: reasoning items that were made here for a client are not sent to a provider that never saw them', () => {
    const native = fromWire({
      model: 'm',
      input: [
        { type: 'reasoning', id: 'rs_slc1-abc', summary: [{ type: 'summary_text', text: 'x' }] },
        { type: 'reasoning', id: 'rs_real', summary: [] },
      ],
    });
    expect(toWire(native, context({ from: 'openai-responses' })).body['input']).toEqual([
      { type: 'reasoning', id: 'rs_real', summary: [] },
    ]);
    expect(drops).toEqual(['thinking']);
  });
});

describe('tools of other formats', () => {
  test('functions are not strict unless told so; custom grammars are flat here', () => {
    expect(
      body({
        tools: [
          { type: 'function', name: 'f', description: 'd', parameters: { type: 'object' } },
          { type: 'function', name: 'g', strict: true },
          { type: 'custom', name: 'c', format: { type: 'grammar', grammar: { syntax: 'regex', definition: 'a' } } },
        ],
      })['tools'],
    ).toEqual([
      { type: 'function', name: 'f', description: 'd', parameters: { type: 'object' }, strict: false },
      { type: 'function', name: 'g', parameters: { type: 'object', properties: {} }, strict: true },
      { type: 'custom', name: 'c', format: { type: 'grammar', syntax: 'regex', definition: 'a' } },
    ]);
  });

  test("another family's own tools: their like, or a record", () => {
    expect(
      body({
        tools: [
          {
            type: 'provider',
            origin: 'anthropic',
            kind: 'web-search',
            name: 'web_search',
            value: {
              type: 'web_search_20250305',
              name: 'web_search',
              allowed_domains: ['a.test'],
              max_uses: 3,
              user_location: { type: 'approximate', city: 'Bern' },
            },
          },
          { type: 'provider', origin: 'google', kind: 'code-execution', value: { codeExecution: {} } },
          { type: 'provider', origin: 'anthropic', name: 'bash', value: { type: 'bash_20250124', name: 'bash' } },
        ],
        toolChoice: { type: 'tool', name: 'web_search' },
      }),
    ).toMatchObject({
      tools: [
        { type: 'web_search', filters: { allowed_domains: ['a.test'] }, user_location: { type: 'approximate', city: 'Bern' } },
        { type: 'code_interpreter', container: { type: 'auto' } },
      ],
      tool_choice: { type: 'web_search' },
    });
    expect(drops).toEqual(['web_search.max_uses', 'tools.bash']);
  });

  test("chat's web search options are a tool here, once", () => {
    const webSearch = { contextSize: 'high', userLocation: { country: 'CH' }, allowedDomains: ['a.test'] };
    expect(body({ webSearch })['tools']).toEqual([
      {
        type: 'web_search',
        search_context_size: 'high',
        user_location: { type: 'approximate', country: 'CH' },
        filters: { allowed_domains: ['a.test'] },
      },
    ]);
    const tool = { type: 'provider', origin: 'google', kind: 'web-search', value: { googleSearch: {} } } as const;
    expect(body({ webSearch, tools: [tool] })['tools']).toHaveLength(1);
  });

  test.each([
    [{ type: 'auto' }, 'auto'],
    [{ type: 'none' }, 'none'],
    [{ type: 'required' }, 'required'],
    [
      { type: 'tool', name: 'f' },
      { type: 'function', name: 'f' },
    ],
    [
      { type: 'tool', name: 'c' },
      { type: 'custom', name: 'c' },
    ],
    [
      { type: 'allowed', names: ['f', 'c'], required: true },
      {
        type: 'allowed_tools',
        mode: 'required',
        tools: [
          { type: 'function', name: 'f' },
          { type: 'custom', name: 'c' },
        ],
      },
    ],
  ] as const)('tool choice %j', (toolChoice, wanted) => {
    const tools: ChatRequest['tools'] = [
      { type: 'function', name: 'f' },
      { type: 'custom', name: 'c' },
    ];
    expect(body({ tools, toolChoice: toolChoice as ChatRequest['toolChoice'] })['tool_choice']).toEqual(wanted);
  });

  test('a tool that must be called and is not there is refused', () => {
    const tools: ChatRequest['tools'] = [
      { type: 'function', name: 'f' },
      { type: 'provider', origin: 'anthropic', name: 'bash', value: { type: 'bash' } },
    ];
    expect(() => body({ tools, toolChoice: { type: 'tool', name: 'bash' } })).toThrow(expect.objectContaining({ param: 'tool_choice' }));
  });

  test('FP-18: without tools, nothing is said about calling them', () => {
    expect(body({ parallelToolCalls: true, toolChoice: { type: 'auto' } })).not.toContainAnyKeys([
      'parallel_tool_calls',
      'tool_choice',
      'tools',
    ]);
  });

  test('FP-80: names that OpenAI refuses get an alias, everywhere, and the hint to undo it', () => {
    const name = 'mcp.server:do';
    const { body: sent, hints } = wire({
      tools: [{ type: 'function', name }],
      toolChoice: { type: 'tool', name },
      messages: [{ role: 'assistant', content: [{ type: 'tool-call', kind: 'function', id: 'c', name, arguments: '{}' }] }],
    });
    const alias = (sent['tools'] as JsonObject[])[0]!['name'] as string;
    expect(alias).toMatch(/^mcp_server_do_[0-9a-z]{14}$/);
    expect(sent).toMatchObject({ tool_choice: { name: alias }, input: [{ name: alias }] });
    expect(hints).toEqual({ toolNames: { [alias]: name } });
  });
});

describe('parameters of other formats', () => {
  test('no memory at the provider, and reasoning that can be sent back, unless the client says otherwise', () => {
    expect(body({}, { traits: { reasoning: 'effort' } })).toMatchObject({ store: false, include: ['reasoning.encrypted_content'] });
    expect(body({ reasoning: { effort: 'low' } })).toMatchObject({ store: false, include: ['reasoning.encrypted_content'] });
    // Models that do not reason refuse it.
    expect(body({}, { traits: { reasoning: 'none' } })).not.toHaveProperty('include');
    expect(body({ store: true }, { traits: { reasoning: 'effort' } })).toMatchObject({ store: true });
    expect(body({ store: true }, { traits: { reasoning: 'effort' } })).not.toHaveProperty('include');
    const native = fromWire({ model: 'm', input: 'x' });
    expect(toWire(native, context({ from: 'openai-responses' })).body).toEqual({ model: 'gpt-5.4', input: 'x' });
  });

  test.each([
    [{ effort: 'xhigh' }, { effort: 'xhigh' }],
    [{ effort: 'none', mode: 'disabled' }, { effort: 'none' }],
    [{ mode: 'disabled' }, undefined],
    [{ mode: 'enabled', budgetTokens: 1024 }, { effort: 'low' }],
    [{ mode: 'enabled', budgetTokens: 2048 }, { effort: 'medium' }],
    [
      { mode: 'enabled', budgetTokens: 32_000, summary: 'auto' },
      { effort: 'high', summary: 'auto' },
    ],
    [{ mode: 'enabled', budgetTokens: -1 }, undefined],
    [{ mode: 'adaptive' }, undefined],
    [{ summary: 'none' }, undefined],
  ] as const)('reasoning %j', (reasoning, wanted) => {
    expect(body({ reasoning })['reasoning']).toEqual(wanted!);
  });

  test('an effort that the vendor has no word for becomes the nearest, on record', () => {
    const quirks = { efforts: ['none', 'low', 'high'] } as const;
    expect(body({ reasoning: { effort: 'medium' } }, { quirks })['reasoning']).toEqual({ effort: 'high' });
    expect(drops).toEqual(['thinking']);
    expect(body({ reasoning: { effort: 'max' } }, { quirks })['reasoning']).toEqual({ effort: 'high' });
    expect(body({ reasoning: { mode: 'disabled' } }, { quirks })['reasoning']).toEqual({ effort: 'none' });
    expect(body({ reasoning: { effort: 'none' } }, { quirks: { efforts: ['low'] } })).not.toHaveProperty('reasoning');
  });

  test('a tier of another vendor is left out, on record', () => {
    expect(body({ serviceTier: 'standard_only' })).not.toHaveProperty('service_tier');
    expect(drops).toEqual(['service_tier']);
  });

  test('a model that cannot think is not asked to', () => {
    const traits = { reasoning: 'none' } as const;
    expect(() => body({ reasoning: { mode: 'enabled', budgetTokens: 1024 } }, { traits })).toThrow(
      expect.objectContaining({ param: 'thinking' }),
    );
    expect(body({ reasoning: { mode: 'disabled' } }, { traits })).not.toHaveProperty('reasoning');
  });

  test.each([
    [{ stop: ['x'] }, 'anthropic-messages', 'stop_sequences'],
    [{ stop: ['x'] }, 'openai-chat', 'stop'],
    [{ stop: ['x'] }, 'gemini', 'generationConfig.stopSequences'],
    [{ seed: 1 }, 'openai-chat', 'seed'],
    [{ presencePenalty: 1 }, 'openai-chat', 'presence_penalty'],
    [{ frequencyPenalty: 1 }, 'openai-chat', 'frequency_penalty'],
    [{ logitBias: { 5: 1 } }, 'openai-chat', 'logit_bias'],
    [{ candidateCount: 2 }, 'openai-chat', 'n'],
    [{ topK: 5 }, 'anthropic-messages', 'top_k'],
    [{ modalities: ['text', 'audio'] }, 'openai-chat', 'modalities'],
    [{ audio: { voice: 'alloy' } }, 'openai-chat', 'audio'],
    [{ prediction: { type: 'content' } }, 'openai-chat', 'prediction'],
  ] as const)('FP-31: %j of %s is refused as %s', (more, from, name) => {
    expect(() => body(more as Partial<ChatRequest>, { from })).toThrow(
      expect.objectContaining({ code: 'unsupported_parameter', param: name }),
    );
  });

  test('what says no more than the default is no reason to refuse', () => {
    expect(() => body({ stop: [], presencePenalty: 0, candidateCount: 1, modalities: ['text'], logitBias: {} })).not.toThrow();
  });

  test('FP-32: structured output', () => {
    const schema = { type: 'object' };
    expect(body({ responseFormat: { type: 'json-schema', name: 'my schema', schema, strict: true } })['text']).toEqual({
      format: { type: 'json_schema', name: 'my_schema', schema, strict: true },
    });
    expect(body({ responseFormat: { type: 'json-schema', schema } })['text']).toEqual({
      format: { type: 'json_schema', name: 'response', schema },
    });
    expect(body({ responseFormat: { type: 'json' }, verbosity: 'low' })['text']).toEqual({
      format: { type: 'json_object' },
      verbosity: 'low',
    });
    expect(body({ responseFormat: { type: 'text' } })).not.toHaveProperty('text');
    expect(() =>
      body({ responseFormat: { type: 'json-schema', schema } }, { quirks: { structuredOutput: 'json' }, from: 'openai-chat' }),
    ).toThrow(expect.objectContaining({ param: 'response_format' }));
  });

  test('sampling that a reasoning model fixes is refused, but for what it is anyway', () => {
    const traits = { reasoning: 'effort', fixedSampling: true } as const;
    expect(() => body({ temperature: 0.5 }, { traits })).toThrow(expect.objectContaining({ param: 'temperature' }));
    expect(body({ temperature: 1 }, { traits })).not.toHaveProperty('temperature');
  });

  test('a model that may be told not to reason samples freely then', () => {
    const traits = { reasoning: 'effort', fixedSampling: 'reasoning', thinkingDefault: 'on' } as const;
    expect(body({ temperature: 0.5, reasoning: { effort: 'none' } }, { traits })).toMatchObject({ temperature: 0.5 });
    expect(body({ temperature: 0.5, reasoning: { mode: 'disabled' } }, { traits })).toMatchObject({
      temperature: 0.5,
      reasoning: { effort: 'none' },
    });
    expect(() => body({ temperature: 0.5 }, { traits })).toThrow(expect.objectContaining({ param: 'temperature' }));
    expect(body({ temperature: 0.5 }, { traits: { ...traits, thinkingDefault: 'off' } })).toMatchObject({ temperature: 0.5 });
  });

  test('the rest by name, and unknown ones as they are', () => {
    expect(
      body({
        maxOutputTokens: 100,
        topP: 0.5,
        topLogprobs: 2,
        logprobs: true,
        metadata: { a: 'b' },
        serviceTier: 'flex',
        user: `u${'x'.repeat(100)}`,
        stream: true,
        includeUsage: true,
        unknown: { brand_new: 1 },
      }),
    ).toMatchObject({
      max_output_tokens: 100,
      top_p: 0.5,
      top_logprobs: 2,
      include: ['message.output_text.logprobs'],
      metadata: { a: 'b' },
      service_tier: 'flex',
      user: expect.stringMatching(/^ux{48}_[0-9a-z]{14}$/),
      stream: true,
      brand_new: 1,
    });
  });

  test('a limit below the least is raised, on record', () => {
    expect(body({ maxOutputTokens: 1 })).toMatchObject({ max_output_tokens: 16 });
    expect(drops).toEqual(['max_tokens']);
  });

  test('cache marks are noted once', () => {
    const part = { type: 'text', text: 'x', cacheControl: { type: 'ephemeral' } } as const;
    body({ messages: [{ role: 'user', content: [part, part] }] });
    expect(drops).toEqual(['cache_control']);
  });

  test("a vendor's gaps and spellings", () => {
    const quirks = { lacks: ['metadata'], rename: { max_output_tokens: 'max_tokens' } };
    expect(() => body({ metadata: { a: 'b' } }, { quirks })).toThrow(expect.objectContaining({ param: 'metadata' }));
    expect(body({ maxOutputTokens: 50 }, { quirks })).toMatchObject({ max_tokens: 50 });
  });
});

test("what a block of another vendor says in words stays, with a record: Anthropic's search results", () => {
  const value = { type: 'search_result', source: 'https://a.test', title: 'A', content: [{ type: 'text', text: 'found' }] };
  const block: Part = { type: 'opaque', origin: 'anthropic', value, text: 'A\nfound' };
  expect(input([{ role: 'user', content: [block] }])).toEqual([{ type: 'message', role: 'user', content: 'A\nfound' }]);
});

test('words about a document have no place, which is told', () => {
  const file: Part = { type: 'file', source: { kind: 'base64', data: 'JVBERi0=', mediaType: 'application/pdf' }, context: 'a contract' };
  input([{ role: 'user', content: [file] }]);
  expect(drops).toEqual(['context']);
});
