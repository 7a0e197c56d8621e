import { describe, expect, test } from 'bun:test';
import type { ChatRequest, FunctionTool, JsonObject, ModelTraits, Tool } from '../../types/index.ts';
import { request, thrown, toContext } from './fixtures/context.ts';
import { fromWire } from './request-from-wire.ts';
import { toWire } from './request-to-wire.ts';

type Options = Parameters<typeof toContext>[0];

const write = (members: Partial<ChatRequest> = {}, options: Options = {}) => {
  const context = toContext(options);
  return { ...toWire(request(members), context), dropped: context.dropped };
};
const bodyOf = (members: Partial<ChatRequest> = {}, options: Options = {}) => write(members, options).body;
const refused = (members: Partial<ChatRequest>, options: Options = {}) => thrown(() => write(members, options)).param;

const f: FunctionTool = { type: 'function', name: 'f', parameters: { type: 'object', properties: { a: { type: 'string' } } } };
const newer: ModelTraits = { reasoning: 'adaptive', jsonSchema: true, maxOutputTokens: 64_000 };
const older: ModelTraits = { reasoning: 'budget', maxOutputTokens: 8192 };

describe('members', () => {
  test('the least', () => {
    expect(write()).toEqual({
      body: { model: 'claude-test', max_tokens: 4096, messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }] },
      dropped: [],
    });
  });

  test('max_tokens: asked for, else the most that the model can write (FP-91)', () => {
    expect(bodyOf({ maxOutputTokens: 7 })['max_tokens']).toBe(7);
    expect(bodyOf({}, { traits: older })['max_tokens']).toBe(8192);
    expect(write({ maxOutputTokens: 100_000 }, { traits: older })).toMatchObject({ body: { max_tokens: 8192 }, dropped: ['max_tokens'] });
  });

  test('stream, stop, user, service tier, and what nobody knows', () => {
    expect(bodyOf({ stream: true, stop: ['a'], user: 'u', serviceTier: 'default', unknown: { top_secret: 1 } })).toMatchObject({
      stream: true,
      stop_sequences: ['a'],
      metadata: { user_id: 'u' },
      service_tier: 'standard_only',
      top_secret: 1,
    });
    expect(bodyOf({ metadata: { user_id: 'm' } })['metadata']).toEqual({ user_id: 'm' });
    expect(write({ serviceTier: 'priority' })).toMatchObject({ body: { service_tier: 'auto' }, dropped: ['service_tier'] });
    expect(refused({ serviceTier: 'flex' })).toBe('service_tier');
  });

  test.each<[Partial<ChatRequest>, string]>([
    [{ candidateCount: 2 }, 'n'],
    [{ seed: 0 }, 'seed'],
    [{ presencePenalty: 0.1 }, 'presence_penalty'],
    [{ frequencyPenalty: -1 }, 'frequency_penalty'],
    [{ logitBias: { 1: 2 } }, 'logit_bias'],
    [{ logprobs: true, topLogprobs: 3 }, 'logprobs'],
    [{ topLogprobs: 3 }, 'top_logprobs'],
    [{ verbosity: 'low' }, 'verbosity'],
    [{ modalities: ['text', 'audio'], audio: { voice: 'x' } }, 'modalities'],
    [{ store: true }, 'store'],
    [{ stop: ['\n'] }, 'stop'],
    [{ temperature: 1.5 }, 'temperature'],
  ])('%j is refused by name, or dropped (FP-31)', (members, parameter) => {
    expect(refused(members)).toBe(parameter);
    expect(write(members, { dropParams: true }).dropped).toEqual([parameter]);
  });

  test('by the name that the client knows', () => {
    expect(refused({ candidateCount: 2 }, { from: 'gemini' })).toBe('generationConfig.candidateCount');
    expect(refused({ stop: [' '] }, { from: 'gemini' })).toBe('generationConfig.stopSequences');
  });

  test('values that ask for nothing special are no reason to refuse', () => {
    const members: Partial<ChatRequest> = {
      candidateCount: 1,
      presencePenalty: 0,
      frequencyPenalty: 0,
      logitBias: {},
      logprobs: false,
      topLogprobs: 0,
      verbosity: 'medium',
      modalities: ['text'],
      store: false,
    };
    expect(write(members)).toEqual(write());
  });

  test('hints for speed and cost are noted, not refused: agents send them to everyone (FP-21)', () => {
    expect(write({ promptCacheKey: 'k', prediction: { type: 'content' }, metadata: { tag: 'x' } }).dropped).toEqual([
      'prediction',
      'prompt_cache_key',
      'metadata',
    ]);
  });

  test('a temperature beyond Anthropic’s is its most, where it may be changed', () =>
    expect(bodyOf({ temperature: 1.5 }, { dropParams: true })['temperature']).toBe(1));

  test('models with fixed sampling: the default is left out, another value refused', () => {
    const traits = { fixedSampling: true };
    expect(write({ temperature: 1, topP: 1 }, { traits })).toEqual(write({}, { traits }));
    for (const members of [{ temperature: 0 }, { topP: 0.5 }, { topK: 5 }]) expect(refused(members, { traits })).toBeString();
  });

  test('a vendor’s quirks', () => {
    expect(bodyOf({ stop: ['a'] }, { quirks: { rename: { stop_sequences: 'stop' } } })).toMatchObject({ stop: ['a'] });
    expect(refused({ topK: 1 }, { quirks: { lacks: ['top_k'] } })).toBe('top_k');
  });
});

describe('tools', () => {
  test('functions', () => {
    const tools: Tool[] = [
      { ...f, description: 'd', cacheControl: { type: 'ephemeral' } },
      { type: 'function', name: 'g' },
      { type: 'function', name: 'h', parameters: { properties: {} } },
    ];
    expect(bodyOf({ tools })['tools']).toEqual([
      { name: 'f', description: 'd', input_schema: f.parameters, cache_control: { type: 'ephemeral' } },
      { name: 'g', input_schema: { type: 'object', properties: {} } },
      { name: 'h', input_schema: { type: 'object', properties: {} } },
    ]);
  });

  test('names that Anthropic refuses are shortened everywhere, and given back by the hints (FP-80)', () => {
    const long = `mcp.server/${'x'.repeat(150)}`;
    const { body, hints } = write({
      tools: [{ type: 'function', name: long }],
      toolChoice: { type: 'tool', name: long },
      messages: [{ role: 'assistant', content: [{ type: 'tool-call', kind: 'function', id: 'a', name: long, arguments: '' }] }],
    });
    const alias = (body['tools'] as JsonObject[])[0]!['name'] as string;
    expect(alias).toMatch(/^[a-zA-Z0-9_-]{1,128}$/);
    expect(hints).toEqual({ toolNames: { [alias]: long } });
    expect(body['tool_choice']).toEqual({ type: 'tool', name: alias });
    expect(JSON.stringify(body['messages'])).toContain(alias);
  });

  test('custom tools are functions of one text, with their grammar told (FP-21)', () => {
    const tool: Tool = {
      type: 'custom',
      name: 'apply_patch',
      description: 'Patches.',
      format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"' },
    };
    const { body, hints, dropped } = write({ tools: [tool] });
    expect(body['tools']).toEqual([
      {
        name: 'apply_patch',
        description: 'Patches.\n\nThe input has to follow this grammar:\nstart: "x"',
        input_schema: { type: 'object', properties: { input: { type: 'string', description: expect.any(String) } }, required: ['input'] },
      },
    ]);
    expect(hints).toEqual({ customTools: ['apply_patch'] });
    expect(dropped).toEqual(['tools[].format']);
  });

  test.each<[Partial<ChatRequest>, unknown]>([
    [{ tools: [f], toolChoice: { type: 'auto' } }, { type: 'auto' }],
    [
      { tools: [f], toolChoice: { type: 'required' }, parallelToolCalls: false },
      { type: 'any', disable_parallel_tool_use: true },
    ],
    [
      { tools: [f], toolChoice: { type: 'tool', name: 'f' } },
      { type: 'tool', name: 'f' },
    ],
    [{ tools: [f], toolChoice: { type: 'none' }, parallelToolCalls: false }, { type: 'none' }],
    [
      { tools: [f], parallelToolCalls: false },
      { type: 'auto', disable_parallel_tool_use: true },
    ],
    [{ tools: [f], parallelToolCalls: true }, undefined],
    [{ parallelToolCalls: false, toolChoice: { type: 'auto' } }, undefined],
    [{ tools: [], parallelToolCalls: false }, undefined],
  ])('choice of %j (FP-18)', (members, choice) => expect(bodyOf(members)['tool_choice']).toEqual(choice));

  test('only the allowed tools are offered', () => {
    const tools: Tool[] = [f, { type: 'function', name: 'g' }];
    const { body, dropped } = write({ tools, toolChoice: { type: 'allowed', names: ['g'], required: true } });
    expect((body['tools'] as JsonObject[]).map(({ name }) => name)).toEqual(['g']);
    expect(body['tool_choice']).toEqual({ type: 'any' });
    expect(dropped).toEqual(['tool_choice.allowed_tools']);
  });

  test('web search options, and other vendors’ web search tools', () => {
    const search = {
      type: 'web_search_20250305',
      name: 'web_search',
      max_uses: 3,
      allowed_domains: ['a.com'],
      user_location: { type: 'approximate', city: 'Oslo', country: 'NO' },
    };
    expect(
      bodyOf({ webSearch: { maxUses: 3, allowedDomains: ['a.com'], userLocation: { city: 'Oslo', country: 'NO' } } })['tools'],
    ).toEqual([search]);
    const openai: Tool = {
      type: 'provider',
      origin: 'openai',
      kind: 'web-search',
      value: {
        type: 'web_search',
        filters: { allowed_domains: ['a.com'] },
        user_location: { type: 'approximate', city: 'Oslo', country: 'NO' },
        search_context_size: 'high',
      },
    };
    const { max_uses: _uses, ...same } = search;
    expect(write({ tools: [openai] })).toMatchObject({ body: { tools: [same] }, dropped: ['search_context_size'] });
    expect(
      bodyOf({ tools: [{ type: 'provider', origin: 'google', kind: 'web-search', value: { googleSearch: {} } }], webSearch: {} })['tools'],
    ).toEqual([{ type: 'web_search_20250305', name: 'web_search' }]);
  });

  test('other hosted tools: a counterpart with its beta, Anthropic’s own as it came, or refused', () => {
    const { body, headers } = write({
      tools: [
        { type: 'provider', origin: 'openai', kind: 'code-execution', value: { type: 'code_interpreter' } },
        { type: 'provider', origin: 'google', kind: 'url-context', value: { urlContext: {} } },
        { type: 'provider', origin: 'anthropic', value: { type: 'bash_20250124', name: 'bash' } },
      ],
    });
    expect(body['tools']).toEqual([
      { type: 'code_execution_20250825', name: 'code_execution' },
      { type: 'web_fetch_20250910', name: 'web_fetch' },
      { type: 'bash_20250124', name: 'bash' },
    ]);
    expect(headers).toEqual({ 'anthropic-beta': 'code-execution-2025-08-25,web-fetch-2025-09-10' });
    // Members of Anthropic's that another format's client passed through need theirs too; its own client sends them itself.
    const edits = { context_management: { edits: [{ type: 'compact_20260112' }] }, speed: 'fast', user_profile_id: 'u' };
    expect(toWire(request({ unknown: edits }), toContext()).headers).toEqual({
      'anthropic-beta': 'compact-2026-01-12,fast-mode-2026-02-01,user-profiles-2026-03-24',
    });
    const unknown = { mcp_servers: [], context_management: {}, container: { skills: [] } };
    expect(write({ unknown }).headers).toEqual({
      'anthropic-beta': 'mcp-client-2025-11-20,context-management-2025-06-27,skills-2025-10-02',
    });
    expect(write({ unknown }, { from: 'anthropic-messages' }).headers).toBeUndefined();
    expect(refused({ tools: [{ type: 'provider', origin: 'openai', kind: 'file-search', value: { type: 'file_search' } }] })).toBe('tools');
  });

  test('strict tools where the model enforces schemas, within the limits; else the loss is noted (FP-32)', () => {
    const strict: FunctionTool = { ...f, strict: true };
    expect(bodyOf({ tools: [strict] }, { traits: newer })['tools']).toEqual([
      { name: 'f', strict: true, input_schema: { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false } },
    ]);
    expect(write({ tools: [strict] }, { traits: older })).toMatchObject({
      body: { tools: [{ name: 'f', input_schema: f.parameters }] },
      dropped: ['tools[].strict'],
    });
    const many = Array.from({ length: 21 }, (_, index): Tool => ({ ...strict, name: `f${index}` }));
    expect(write({ tools: many }, { traits: newer }).dropped).toEqual(['tools[].strict']);
    const open: FunctionTool = {
      ...strict,
      parameters: { type: 'object', properties: { m: { type: 'object', additionalProperties: { type: 'string' } } } },
    };
    const { body, dropped } = write({ tools: [open] }, { traits: newer });
    expect(body['tools']).toEqual([{ name: 'f', input_schema: open.parameters }]);
    expect(dropped).toEqual(['tools[].strict']);
  });
});

describe('answers as JSON (FP-32)', () => {
  const schema = { type: 'object', properties: { n: { type: 'integer', minimum: 1 } }, required: ['n'], additionalProperties: false };
  const asked: Partial<ChatRequest> = { responseFormat: { type: 'json-schema', name: 'x', schema, strict: true } };

  test('natively where the model can, without what Anthropic refuses of the schema', () => {
    expect(write(asked, { traits: newer })).toMatchObject({
      body: {
        output_config: {
          format: { type: 'json_schema', schema: { ...schema, properties: { n: { type: 'integer', description: '(minimum: 1)' } } } },
        },
      },
      dropped: [],
    });
  });

  test('through a forced tool where it cannot', () => {
    const { body, hints } = write(asked, { traits: older });
    expect(body['tools']).toEqual([{ name: 'json_tool_call', description: expect.any(String), input_schema: schema }]);
    expect(body['tool_choice']).toEqual({ type: 'tool', name: 'json_tool_call' });
    expect(hints).toEqual({ jsonToolName: 'json_tool_call' });
    expect(body['output_config']).toBeUndefined();
  });

  test('through a forced tool where the schema has members of any name', () => {
    const open = { type: 'object', additionalProperties: { type: 'string' } };
    expect(write({ responseFormat: { type: 'json-schema', schema: open } }, { traits: newer }).hints).toEqual({
      jsonToolName: 'json_tool_call',
    });
  });

  test('beside tools of the client’s: one of them or the answer, not both at once', () => {
    const { body } = write({ ...asked, tools: [f] }, { traits: older });
    expect((body['tools'] as JsonObject[]).map(({ name }) => name)).toEqual(['f', 'json_tool_call']);
    expect(body['tool_choice']).toEqual({ type: 'any', disable_parallel_tool_use: true });
    expect(bodyOf({ ...asked, tools: [f], toolChoice: { type: 'none' } }, { traits: older })['tool_choice']).toEqual({
      type: 'tool',
      name: 'json_tool_call',
    });
  });

  test('a call that the client forces is no answer', () => {
    const { body, hints } = write({ ...asked, tools: [f], toolChoice: { type: 'required' } }, { traits: older });
    expect((body['tools'] as JsonObject[]).map(({ name }) => name)).toEqual(['f']);
    expect(hints).toBeUndefined();
  });

  test('a schema that is not an object’s is the one member of the tool’s input', () => {
    const { body, hints } = write(
      { responseFormat: { type: 'json-schema', schema: { type: 'array', items: { type: 'string' } } } },
      { traits: older },
    );
    expect(hints).toEqual({ jsonToolName: 'json_tool_call_value' });
    expect((body['tools'] as JsonObject[])[0]!['input_schema']).toEqual({
      type: 'object',
      properties: { value: { type: 'array', items: { type: 'string' } } },
      required: ['value'],
    });
  });

  test('JSON without a schema is any object', () => {
    const { body } = write({ responseFormat: { type: 'json' } }, { traits: newer });
    expect((body['tools'] as JsonObject[])[0]).toMatchObject({
      name: 'json_tool_call',
      input_schema: { type: 'object', additionalProperties: true },
    });
  });

  test('refused where a tool cannot be forced', () => {
    const traits: ModelTraits = { ...newer, thinkingDefault: 'always' };
    expect(refused({ responseFormat: { type: 'json' } }, { traits })).toBe('response_format');
    expect(refused({ responseFormat: { type: 'json-schema', schema: { type: 'object', additionalProperties: {} } } }, { traits })).toBe(
      'response_format',
    );
    expect(refused({ tools: [f], toolChoice: { type: 'required' } }, { traits })).toBe('tool_choice');
    expect(write({ tools: [f], toolChoice: { type: 'required' } }, { traits, dropParams: true })).toMatchObject({
      body: { tool_choice: { type: 'auto' } },
      dropped: ['tool_choice'],
    });
  });
});

describe('thinking', () => {
  const loop = (...thoughts: ChatRequest['messages'][number]['content']): ChatRequest['messages'] => [
    { role: 'user', content: [{ type: 'text', text: 'q' }] },
    { role: 'assistant', content: [...thoughts, { type: 'tool-call', kind: 'function', id: 'a', name: 'f', arguments: '{}' }] },
    { role: 'tool', content: [{ type: 'tool-result', callId: 'a', content: [{ type: 'text', text: 'r' }] }] },
  ];

  test.each([
    ['minimal', 1024],
    ['low', 1024],
    ['medium', 2048],
    ['high', 4096],
    ['xhigh', 8192],
    ['max', 16_384],
  ] as const)('effort %s is a budget of %d tokens', (effort, budget_tokens) => {
    const { body, dropped } = write({ reasoning: { effort }, maxOutputTokens: 20_000 }, { traits: { reasoning: 'budget' } });
    expect(body['thinking']).toEqual({ type: 'enabled', budget_tokens });
    expect(dropped).toEqual([]);
  });

  test('a budget has Anthropic’s least, and max_tokens room for it and for an answer (FP-20)', () => {
    expect(write({ reasoning: { budgetTokens: 100 }, maxOutputTokens: 500 }, { traits: older })).toMatchObject({
      body: { thinking: { type: 'enabled', budget_tokens: 1024 }, max_tokens: 1524 },
      dropped: ['reasoning_effort', 'max_tokens'],
    });
    expect(write({ reasoning: { budgetTokens: 50_000 }, maxOutputTokens: 500 }, { traits: older }).body).toMatchObject({
      thinking: { budget_tokens: 7168 },
      max_tokens: 7668,
    });
  });

  test('newer models decide themselves, guided by effort', () => {
    expect(bodyOf({ reasoning: { effort: 'xhigh', summary: 'auto' } }, { traits: newer })).toMatchObject({
      thinking: { type: 'adaptive', display: 'summarized' },
      output_config: { effort: 'xhigh' },
    });
    expect(bodyOf({ reasoning: { mode: 'adaptive', summary: 'none' } }, { traits: newer })).toMatchObject({
      thinking: { type: 'adaptive', display: 'omitted' },
    });
    expect(write({ reasoning: { effort: 'minimal' } }, { traits: newer })).toMatchObject({
      body: { output_config: { effort: 'low' } },
      dropped: ['reasoning_effort'],
    });
    expect(write({ reasoning: { mode: 'enabled', budgetTokens: 9000 } }, { traits: newer })).toMatchObject({
      body: { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
      dropped: ['reasoning_effort'],
    });
  });

  test('effort and a schema share output_config', () => {
    const schema = { type: 'object', properties: {}, additionalProperties: false };
    expect(
      bodyOf({ reasoning: { effort: 'low' }, responseFormat: { type: 'json-schema', schema } }, { traits: newer })['output_config'],
    ).toEqual({
      effort: 'low',
      format: { type: 'json_schema', schema },
    });
  });

  test('none: left out, told to models that think unasked, refused where it cannot be had', () => {
    const off: Partial<ChatRequest> = { reasoning: { effort: 'none' } };
    expect(write(off, { traits: newer })).toEqual(write({}, { traits: newer }));
    expect(bodyOf(off, { traits: { ...newer, thinkingDefault: 'on' } })['thinking']).toEqual({ type: 'disabled' });
    expect(refused(off, { traits: { ...newer, thinkingDefault: 'always' } })).toBe('reasoning_effort');
  });

  test('models that cannot think', () =>
    expect(refused({ reasoning: { effort: 'low' } }, { traits: { reasoning: 'none' } })).toBe('reasoning_effort'));

  test('no sampling beside it, and no forced tool', () => {
    const reasoning = { effort: 'low' } as const;
    expect(refused({ reasoning, temperature: 0.2 }, { traits: older })).toBe('temperature');
    expect(bodyOf({ reasoning, temperature: 1, topP: 0.97 }, { traits: older })).toMatchObject({ top_p: 0.97 });
    expect(refused({ reasoning, topP: 0.5 }, { traits: older })).toBe('top_p');
    expect(refused({ reasoning, topK: 5 }, { traits: older })).toBe('top_k');
    expect(refused({ reasoning, tools: [f], toolChoice: { type: 'required' } }, { traits: older })).toBe('reasoning_effort');
    expect(refused({ reasoning, responseFormat: { type: 'json' } }, { traits: older })).toBe('reasoning_effort');
    expect(write({ reasoning, tools: [f], toolChoice: { type: 'required' } }, { traits: older, dropParams: true })).toMatchObject({
      body: { tool_choice: { type: 'any' } },
      dropped: ['reasoning_effort'],
    });
    // Seen to be accepted by Claude 4.6.
    expect(bodyOf({ reasoning, tools: [f], toolChoice: { type: 'required' } }, { traits: newer })).toMatchObject({
      thinking: { type: 'adaptive' },
      tool_choice: { type: 'any' },
    });
  });

  test('a forced tool turns off thinking that nobody asked for', () =>
    expect(write({ tools: [f], toolChoice: { type: 'required' } }, { traits: { ...newer, thinkingDefault: 'on' } })).toMatchObject({
      body: { thinking: { type: 'disabled' } },
      dropped: ['thinking'],
    }));

  test('results of a call that came without thinking of Claude’s are answered without (FP-16)', () => {
    const reasoning = { effort: 'low' } as const;
    const foreign = loop({ type: 'thinking', text: 'x', signature: { origin: 'openai', value: 'y' } });
    expect(write({ reasoning, messages: foreign }, { traits: older })).toMatchObject({ dropped: ['openai:thinking', 'reasoning_effort'] });
    expect(bodyOf({ reasoning, messages: foreign }, { traits: older })['thinking']).toBeUndefined();
    const signed = loop({ type: 'thinking', text: 'x', signature: { origin: 'anthropic', value: 'y' } });
    expect(bodyOf({ reasoning, messages: signed }, { traits: older })['thinking']).toEqual({ type: 'enabled', budget_tokens: 1024 });
    // Adaptive thinking has no such rule, and a new question begins a new turn.
    expect(bodyOf({ reasoning, messages: foreign }, { traits: newer })['thinking']).toEqual({ type: 'adaptive' });
    const asked = [
      ...foreign,
      { role: 'assistant', content: [{ type: 'text', text: 'a' }] },
      { role: 'user', content: [{ type: 'text', text: 'q2' }] },
    ] as ChatRequest['messages'];
    expect(bodyOf({ reasoning, messages: asked }, { traits: older })['thinking']).toEqual({ type: 'enabled', budget_tokens: 1024 });
  });

  test('Anthropic’s own `thinking` in an OpenAI request goes through', () =>
    expect(bodyOf({ unknown: { thinking: { type: 'enabled', budget_tokens: 3000 } } })['thinking']).toEqual({
      type: 'enabled',
      budget_tokens: 3000,
    }));
});

describe('this format’s own client', () => {
  const own = (body: JsonObject) => {
    const context = toContext({ from: 'anthropic-messages' });
    return { ...toWire(fromWire(body), context), dropped: context.dropped };
  };
  const base = { model: 'claude-test', max_tokens: 10, messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }] };

  test('gets back what it said, word for word', () => {
    const body = {
      ...base,
      temperature: 2,
      top_p: 1,
      thinking: { type: 'adaptive', display: 'updates', block_binding: { prefix_mismatch_behavior: 'drop_block' } },
      output_config: {
        effort: 'max',
        task_budget: { type: 'tokens', total: 2000 },
        format: { type: 'json_schema', schema: { type: 'object', minProperties: 1 } },
      },
      metadata: { user_id: 'u', more: 1 },
      service_tier: 'standard_only',
      context_management: { edits: [] },
      tool_choice: { type: 'any' },
      tools: [{ type: 'custom', name: 'f', input_schema: { type: 'object' }, strict: true, eager_input_streaming: true }],
      stop_sequences: ['\n'],
    };
    expect(own(body)).toEqual({ body, dropped: [] });
  });

  test('but for thoughts of others in its history, which may cost it the thinking', () => {
    const messages = [
      { role: 'user', content: 'q' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'r' }] },
    ];
    expect(own({ ...base, messages, thinking: { type: 'enabled', budget_tokens: 2000 } })).toMatchObject({
      body: { thinking: { type: 'disabled' } },
      dropped: ['thinking'],
    });
  });
});

test("a file that was uploaded to Google is refused, one of Anthropic's is named by its id", () => {
  const file = (id: string): ChatRequest['messages'] => [{ role: 'user', content: [{ type: 'file', source: { kind: 'file-id', id } }] }];
  const uri = 'https://generativelanguage.googleapis.com/v1beta/files/abc';
  expect(refused({ messages: file(uri) }, { from: 'gemini' })).toBe('inlineData');
  expect(refused({ messages: [{ role: 'user', content: [{ type: 'image', source: { kind: 'file-id', id: uri } }] }] })).toBe('file');
  expect(JSON.stringify(write({ messages: file('file_011') }).body['messages'])).toContain('"file_id":"file_011"');
});
