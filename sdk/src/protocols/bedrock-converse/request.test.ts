import { describe, expect, test } from 'bun:test';
import type { ChatRequest, FunctionTool, JsonObject } from '../../types/index.ts';
import { fromWire as countFromWire, respond, toWire as countToWire } from './count-tokens.ts';
import { parameterName } from '../shared/parameter-name.ts';
import { familyOf } from './family.ts';
import { assistant, claude, llama, nova2, request, thrown, toContext, user } from './fixtures/context.ts';
import { fromWire } from './request-from-wire.ts';
import { toWire } from './request-to-wire.ts';

type Options = Parameters<typeof toContext>[0];

const write = (members: Partial<ChatRequest>, options: Options = {}) => {
  const context = toContext(options);
  return { ...toWire(request(members), context), dropped: context.dropped };
};
const bodyOf = (members: Partial<ChatRequest>, options: Options = {}): JsonObject => write(members, options).body;
const fieldsOf = (members: Partial<ChatRequest>, options: Options = {}) => bodyOf(members, options)['additionalModelRequestFields'];
const refused = (members: Partial<ChatRequest>, options: Options = {}) => thrown(() => write(members, options)).param;

const f: FunctionTool = { type: 'function', name: 'f', parameters: { type: 'object', properties: { a: { type: 'string' } } } };
const g: FunctionTool = { type: 'function', name: 'g' };
const gptOss = 'openai.gpt-oss-120b-1:0';
const budget = { reasoning: 'budget' } as const;

test.each<[string, string | undefined]>([
  [claude, 'anthropic'],
  ['anthropic.claude-v2', 'anthropic'],
  ['global.anthropic.claude-opus-4-6-v1', 'anthropic'],
  ['us-gov.anthropic.claude-3-haiku-20240307-v1:0', 'anthropic'],
  ['arn:aws:bedrock:us-east-1:012345678901:inference-profile/us.anthropic.claude-3-7-sonnet-20250219-v1:0', 'anthropic'],
  ['arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/mi1dadi0g15f', undefined],
  [nova2, 'amazon'],
  [gptOss, 'openai'],
  ['us.openai.gpt-5.6-sol', 'openai'],
  ['meta.llama3-2-1b-instruct-v1:0', 'meta'],
  ['zai.glm-4.7-flash', 'zai'],
  ['qwen.qwen3-32b-v1:0', 'qwen'],
])('whose model it is: %s', (model, family) => {
  expect(familyOf(model)).toBe(family);
});

test('limits and sampling stand in inferenceConfig, the model in the path', () => {
  expect(bodyOf({ maxOutputTokens: 5, temperature: 0.5, topP: 0.9, stop: ['x', ' '] }, { dropParams: true, model: llama })).toEqual({
    messages: [{ role: 'user', content: [{ text: 'Hello' }] }],
    inferenceConfig: { maxTokens: 5, temperature: 0.5, topP: 0.9, stopSequences: ['x'] },
  });
  expect(bodyOf({ stream: true })).toEqual({ messages: [{ role: 'user', content: [{ text: 'Hello' }] }] });
});

test('which stop sequence it was is asked of Claude', () => {
  expect(bodyOf({ stop: ['x'] })['additionalModelResponseFieldPaths']).toEqual(['/stop_sequence', '/delta/stop_sequence']);
  expect(bodyOf({ stop: ['x'] }, { model: nova2 })['additionalModelResponseFieldPaths']).toBeUndefined();
});

describe('what the model’s vendor takes', () => {
  test('top_k', () => {
    expect(fieldsOf({ topK: 5 })).toEqual({ top_k: 5 });
    expect(fieldsOf({ topK: 5 }, { model: nova2 })).toEqual({ inferenceConfig: { topK: 5 } });
    expect(refused({ topK: 5 }, { model: llama })).toBe('top_k');
  });

  test('a temperature beyond 1 is refused, or the most that there is', () => {
    expect(refused({ temperature: 1.5 }, { model: nova2 })).toBe('temperature');
    expect(bodyOf({ temperature: 1.5 }, { model: nova2, dropParams: true })['inferenceConfig']).toEqual({ temperature: 1 });
    expect(refused({ temperature: 0.2 }, { model: 'us.openai.gpt-5.6-sol', traits: { fixedSampling: true } })).toBe('temperature');
  });

  test.each<[string, ChatRequest['reasoning'], Options, unknown]>([
    ['Claude, by budget', { budgetTokens: 2000 }, { traits: budget }, { thinking: { type: 'enabled', budget_tokens: 2000 } }],
    ['Claude, by word', { effort: 'high' }, { traits: budget }, { thinking: { type: 'enabled', budget_tokens: 4096 } }],
    [
      'newer Claude',
      { effort: 'high' },
      { traits: { reasoning: 'adaptive' } },
      { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
    ],
    [
      'Claude that is told not to',
      { effort: 'none' },
      { traits: { reasoning: 'adaptive', thinkingDefault: 'on' } },
      { thinking: { type: 'disabled' } },
    ],
    ['Nova 2', { effort: 'low' }, { model: nova2 }, { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'low' } }],
    ['gpt-oss', { effort: 'medium' }, { model: gptOss }, { reasoning_effort: 'medium' }],
    ['gpt-oss, a word it lacks', { effort: 'xhigh' }, { model: gptOss }, { reasoning_effort: 'high' }],
    ['Qwen', { budgetTokens: 10_000 }, { model: 'qwen.qwen3-32b-v1:0' }, { reasoning_config: 'high' }],
    [
      'a profile that does not say',
      { budgetTokens: 2000 },
      { model: 'arn:aws:bedrock:x:1:application-inference-profile/a', traits: budget },
      {
        thinking: { type: 'enabled', budget_tokens: 2000 },
      },
    ],
  ])('thinking: %s', (_name, reasoning, options, fields) => {
    expect(fieldsOf({ reasoning: reasoning! }, options)).toEqual(fields);
  });

  test('thinking is refused where there is none', () => {
    expect(refused({ reasoning: { effort: 'low' } }, { model: llama })).toBe('reasoning_effort');
    expect(refused({ reasoning: { effort: 'low' } }, { model: 'amazon.nova-lite-v1:0' })).toBe('reasoning_effort');
    expect(fieldsOf({ reasoning: { effort: 'none' } }, { model: llama })).toBeUndefined();
  });

  test('Claude takes no temperature while it thinks, and more than the budget to write in', () => {
    expect(refused({ reasoning: { budgetTokens: 2000 }, temperature: 0.2 }, { traits: budget })).toBe('temperature');
    const { body, dropped } = write({ reasoning: { budgetTokens: 2000 }, maxOutputTokens: 1000 }, { traits: budget });
    expect(body['inferenceConfig']).toEqual({ maxTokens: 3000 });
    expect(dropped).toEqual(['max_tokens']);
  });

  test('Nova at its highest effort takes neither a limit nor sampling parameters', () => {
    const { body, dropped } = write(
      { reasoning: { effort: 'high' }, maxOutputTokens: 5, temperature: 0.2 },
      { model: nova2, dropParams: true },
    );
    expect(body['inferenceConfig']).toBeUndefined();
    expect(dropped).toEqual(['max_tokens', 'temperature']);
  });

  test('no budget where the turn with the calls began without thoughts', () => {
    const messages = [
      user('a'),
      assistant({ type: 'tool-call', kind: 'function', id: '1', name: 'f', arguments: '{}' }),
      { role: 'tool' as const, content: [{ type: 'tool-result' as const, callId: '1', content: [] }] },
    ];
    const { body, dropped } = write({ messages, tools: [f], reasoning: { budgetTokens: 2000 } }, { traits: budget });
    expect(body['additionalModelRequestFields']).toBeUndefined();
    expect(dropped).toEqual(['reasoning_effort']);
  });
});

describe('parameters', () => {
  test.each<[Partial<ChatRequest>, string]>([
    [{ seed: 1 }, 'seed'],
    [{ candidateCount: 2 }, 'n'],
    [{ logprobs: true }, 'logprobs'],
    [{ presencePenalty: 1 }, 'presence_penalty'],
    [{ store: true }, 'store'],
    [{ webSearch: {} }, 'web_search_options'],
    [{ serviceTier: 'scale' }, 'service_tier'],
  ])('what Bedrock lacks is refused by name: %j', (members, name) => {
    expect(refused(members)).toBe(name);
    expect(write(members, { dropParams: true }).dropped).toEqual([name]);
  });

  test('tiers', () => {
    expect(bodyOf({ serviceTier: 'flex' })['serviceTier']).toEqual({ type: 'flex' });
    expect(bodyOf({ serviceTier: 'auto' })['serviceTier']).toBeUndefined();
  });

  test('metadata that fits is request metadata', () => {
    const { body, dropped } = write({ metadata: { team: 'a b', other: '{x}' }, user: 'u' });
    expect(body['requestMetadata']).toEqual({ team: 'a b' });
    expect(dropped).toEqual(['user', 'metadata']);
  });

  test('LiteLLM’s flat members go where they belong, and what nobody knows to the model', () => {
    const unknown = {
      guardrailConfig: { guardrailIdentifier: 'g', guardrailVersion: '1' },
      performanceConfig: { latency: 'optimized' },
      requestMetadata: { a: 'b' },
      serviceTier: { type: 'priority' },
      additionalModelRequestFields: { a: 1, anthropic_beta: ['x'] },
      thinking: { type: 'enabled', budget_tokens: 1024 },
      anthropic_beta: ['y'],
    };
    const { thinking, anthropic_beta: _beta, additionalModelRequestFields: _fields, ...members } = unknown;
    expect(bodyOf({ unknown })).toMatchObject({
      ...members,
      additionalModelRequestFields: { a: 1, anthropic_beta: ['y'], thinking },
    });
  });
});

describe('tools', () => {
  const choice = (members: Partial<ChatRequest>, options: Options = {}) =>
    (bodyOf(members, options)['toolConfig'] as JsonObject | undefined)?.['toolChoice'];

  test('are specs with an object for schema', () => {
    expect(bodyOf({ tools: [f, { ...g, description: 'd', cacheControl: { type: 'ephemeral' } }] })['toolConfig']).toEqual({
      tools: [
        { toolSpec: { name: 'f', inputSchema: { json: f.parameters } } },
        { toolSpec: { name: 'g', description: 'd', inputSchema: { json: { type: 'object', properties: {} } } } },
        { cachePoint: { type: 'default' } },
      ],
    });
  });

  test('the choice', () => {
    const tools = [f, g];
    expect(choice({ tools })).toBeUndefined();
    expect(choice({ tools, toolChoice: { type: 'auto' } })).toBeUndefined();
    expect(choice({ tools, toolChoice: { type: 'required' } })).toEqual({ any: {} });
    expect(choice({ tools, toolChoice: { type: 'tool', name: 'g' } })).toEqual({ tool: { name: 'g' } });
    expect(choice({ tools: [g], toolChoice: { type: 'tool', name: 'g' } }, { model: llama })).toEqual({ any: {} });
    expect(write({ tools, toolChoice: { type: 'tool', name: 'g' } }, { model: llama }).dropped).toEqual(['tool_choice']);
    expect(bodyOf({ tools, toolChoice: { type: 'allowed', names: ['g'], required: true } })['toolConfig']).toMatchObject({
      tools: [{ toolSpec: { name: 'g' } }],
      toolChoice: { any: {} },
    });
  });

  test('none: the tools are not declared, unless the conversation has calls', () => {
    expect(bodyOf({ tools: [f], toolChoice: { type: 'none' } })['toolConfig']).toBeUndefined();
    const messages = [user('a'), assistant({ type: 'tool-call', kind: 'function', id: '1', name: 'f', arguments: '{}' })];
    const { body, dropped } = write({ messages, tools: [f], toolChoice: { type: 'none' } });
    expect(body['toolConfig']).toMatchObject({ tools: [{ toolSpec: { name: 'f' } }] });
    expect(dropped).toEqual(['tool_choice']);
  });

  test('one at a time is Claude’s own word; of others it is refused', () => {
    const one = { tools: [f], parallelToolCalls: false, toolChoice: { type: 'required' } } as const;
    expect(fieldsOf({ ...one, tools: [f] })).toEqual({ tool_choice: { type: 'any', disable_parallel_tool_use: true } });
    expect(choice({ ...one, tools: [f] })).toBeUndefined();
    expect(refused({ ...one, tools: [f] }, { model: nova2 })).toBe('parallel_tool_calls');
  });

  test('strict where the model enforces schemas; else the promise is taken back', () => {
    const strict: FunctionTool = { ...f, strict: true, parameters: { ...f.parameters, required: ['a'], additionalProperties: false } };
    expect(bodyOf({ tools: [strict] }, { traits: { jsonSchema: true } })['toolConfig']).toMatchObject({
      tools: [{ toolSpec: { strict: true } }],
    });
    const { body, dropped } = write({ tools: [strict] });
    expect(JSON.stringify(body)).not.toContain('strict');
    expect(dropped).toEqual(['tools[].strict']);
  });

  test('free text for input is one string, and the hints say so', () => {
    const { body, hints } = write({ tools: [{ type: 'custom', name: 'run' }] });
    expect(body['toolConfig']).toMatchObject({ tools: [{ toolSpec: { name: 'run', inputSchema: { json: { required: ['input'] } } } }] });
    expect(hints).toEqual({ customTools: ['run'] });
  });

  test('the tools that providers run: Nova’s own counterparts, Anthropic’s that the client runs', () => {
    const search = { type: 'provider', origin: 'openai', kind: 'web-search', value: { type: 'web_search' } } as const;
    expect(bodyOf({ tools: [search] }, { model: nova2 })['toolConfig']).toEqual({ tools: [{ systemTool: { name: 'nova_grounding' } }] });
    expect(bodyOf({ webSearch: {} }, { model: nova2 })['toolConfig']).toEqual({ tools: [{ systemTool: { name: 'nova_grounding' } }] });
    expect(refused({ tools: [search] })).toBe('tools');
    const computer = { type: 'computer_20250124', name: 'computer', display_width_px: 1, display_height_px: 1 };
    expect(fieldsOf({ tools: [{ type: 'provider', origin: 'anthropic', value: computer }] })).toEqual({
      tools: [computer],
      anthropic_beta: ['computer-use-2025-01-24'],
    });
  });
});

describe('JSON answers (FP-32)', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false };
  const responseFormat = { type: 'json-schema', name: 'n', schema } as const;

  test('by the model itself where it takes schemas', () => {
    const { textFormat } = bodyOf({ responseFormat }, { traits: { jsonSchema: true } })['outputConfig'] as {
      textFormat: { type: string; structure: { jsonSchema: { schema: string; name: string } } };
    };
    expect([textFormat.type, textFormat.structure.jsonSchema.name]).toEqual(['json_schema', 'n']);
    expect(JSON.parse(textFormat.structure.jsonSchema.schema)).toEqual(schema);
  });

  test('else by a tool that it is made to call', () => {
    const { body, hints } = write({ responseFormat });
    expect(body['toolConfig']).toMatchObject({
      tools: [{ toolSpec: { name: 'json_tool_call', inputSchema: { json: schema } } }],
      toolChoice: { tool: { name: 'json_tool_call' } },
    });
    expect(hints).toEqual({ jsonToolName: 'json_tool_call' });
    expect(bodyOf({ responseFormat, tools: [f] })['toolConfig']).toMatchObject({ toolChoice: { any: {} } });
    expect(bodyOf({ responseFormat: { type: 'json' } }, { model: llama })['toolConfig']).toMatchObject({ toolChoice: { any: {} } });
  });

  test('refused where the model always thinks', () => {
    expect(refused({ responseFormat }, { traits: { thinkingDefault: 'always' } })).toBe('response_format');
  });
});

test('a parameter that another provider lacks is named as this format’s clients write it', () => {
  expect(parameterName('stop', 'bedrock-converse')).toBe('inferenceConfig.stopSequences');
  expect(parameterName('reasoning', 'bedrock-converse')).toBe('additionalModelRequestFields');
});

test('the hints say whose model it is, where it is not Claude', () => {
  expect(write({}).hints).toBeUndefined();
  expect(write({}, { model: nova2 }).hints).toEqual({ origin: 'amazon' });
});

describe('a client’s request in the neutral model', () => {
  const read = (body: JsonObject) => fromWire({ messages: [], ...body }, { model: 'm', stream: true });

  test('parameters', () => {
    expect(
      read({
        inferenceConfig: { maxTokens: 5, temperature: 0.5, topP: 0.9, stopSequences: ['x'] },
        serviceTier: { type: 'flex' },
        requestMetadata: { a: 'b' },
        more: 1,
      }),
    ).toMatchObject({
      model: 'm',
      stream: true,
      includeUsage: true,
      maxOutputTokens: 5,
      temperature: 0.5,
      topP: 0.9,
      stop: ['x'],
      serviceTier: 'flex',
      metadata: { a: 'b' },
      unknown: { more: 1 },
    });
  });

  test.each<[JsonObject, ChatRequest['reasoning']]>([
    [{ thinking: { type: 'enabled', budget_tokens: 1024 } }, { mode: 'enabled', budgetTokens: 1024 }],
    [
      { thinking: { type: 'adaptive' }, output_config: { effort: 'max' } },
      { mode: 'adaptive', effort: 'max' },
    ],
    [{ reasoning_config: { type: 'enabled', budget_tokens: 1024 } }, { mode: 'enabled', budgetTokens: 1024 }],
    [{ reasoning_config: 'high' }, { effort: 'high' }],
    [{ reasoningConfig: { type: 'enabled', maxReasoningEffort: 'low' } }, { mode: 'enabled', effort: 'low' }],
    [{ reasoning_effort: 'medium' }, { effort: 'medium' }],
  ])('thinking in any vendor’s words: %j', (additionalModelRequestFields, reasoning) => {
    expect(read({ additionalModelRequestFields }).reasoning).toEqual(reasoning!);
  });

  test('tools, choice and schema', () => {
    expect(
      read({
        toolConfig: {
          tools: [{ toolSpec: { name: 'f', inputSchema: { json: { type: 'object' } } } }, { cachePoint: { type: 'default' } }],
          toolChoice: { tool: { name: 'f' } },
        },
        outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema: { schema: '{"type":"object"}' } } } },
      }),
    ).toMatchObject({
      tools: [{ type: 'function', name: 'f', parameters: { type: 'object' }, cacheControl: { type: 'ephemeral' } }],
      toolChoice: { type: 'tool', name: 'f' },
      responseFormat: { type: 'json-schema', schema: { type: 'object' } },
    });
  });

  test('what CountTokens wraps is read too', () => {
    expect(fromWire({ input: { converse: { messages: [{ role: 'user', content: [{ text: 'a' }] }] } } }, { model: 'm' }).messages).toEqual([
      user('a'),
    ]);
  });
});

test('counting takes only some of a request', () => {
  const body = bodyOf({ tools: [f], maxOutputTokens: 5, topK: 1 });
  expect(countToWire(body)).toEqual({
    input: { converse: { messages: body['messages'], toolConfig: body['toolConfig'], additionalModelRequestFields: { top_k: 1 } } },
  });
  expect(respond(7)).toEqual({ inputTokens: 7 });
  expect(countFromWire({ inputTokens: 7 })).toBe(7);
  expect(thrown(() => countFromWire({})).code).toBe('invalid_response');
});

test("what only another format says is told: the servers of an Anthropic's client are refused, a hint is dropped", () => {
  const extra = { 'anthropic-messages': { mcp_servers: [{ type: 'url', url: 'https://mcp.test', name: 'm' }], speed: 'fast' } };
  expect(refused({ extra }, { from: 'anthropic-messages' })).toBe('mcp_servers');
  expect(write({ extra }, { from: 'anthropic-messages', dropParams: true }).dropped).toEqual(['mcp_servers', 'speed']);
});

test("the options of a search that Nova's cannot have are told, and sites refused", () => {
  const value = { type: 'web_search_20250305', name: 'web_search', allowed_domains: ['a.test'], max_uses: 3 };
  const tools: ChatRequest['tools'] = [{ type: 'provider', origin: 'anthropic', kind: 'web-search', name: 'web_search', value }];
  expect(refused({ tools }, { model: nova2, from: 'anthropic-messages' })).toBe('tools.allowed_domains');
  const { body, dropped } = write({ tools }, { model: nova2, from: 'anthropic-messages', dropParams: true });
  expect(body['toolConfig']).toEqual({ tools: [{ systemTool: { name: 'nova_grounding' } }] });
  expect(dropped).toEqual(['tools.allowed_domains', 'tools.max_uses']);
});
