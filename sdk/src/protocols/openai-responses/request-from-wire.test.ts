import { describe, expect, test } from 'bun:test';
import type { JsonObject, ToWireContext } from '../../types/index.ts';
import { sealCallId, sealThinking } from '../shared/seal.ts';
import { fromWire } from './request-from-wire.ts';
import { toWire } from './request-to-wire.ts';

const context: ToWireContext = {
  model: 'gpt-5.4',
  provider: 'openai',
  from: 'openai-responses',
  traits: {},
  quirks: {},
  dropParams: false,
  drop: (what, why) => {
    throw new Error(`dropped ${what}: ${why}`);
  },
  lacks: (parameter) => {
    throw new Error(`lacks ${parameter}`);
  },
};

const there = (body: JsonObject) => fromWire({ model: 'gpt-5.4', ...body });
const andBack = (body: JsonObject) => JSON.parse(JSON.stringify(toWire(there(body), context).body)) as JsonObject;

const message = { type: 'message', id: 'msg_1', status: 'completed', role: 'assistant', phase: 'commentary' };
const text = (value: string) => ({ type: 'output_text', text: value, annotations: [], logprobs: [] });

describe('what a client of this format sends reaches a provider of this format unchanged', () => {
  const cases: Record<string, JsonObject> = {
    'a string': { input: 'Hello' },
    'easy messages': {
      input: [
        { role: 'system', content: 'Be brief.' },
        { role: 'developer', content: [{ type: 'input_text', text: 'Really.' }] },
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'Hello!' },
        { role: 'user', content: [{ type: 'input_text', text: 'Bye' }] },
      ],
    },
    'an assistant turn of many items': {
      input: [
        { role: 'user', content: 'q' },
        { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA', status: 'completed' },
        { ...message, content: [text('one'), text('two')] },
        { ...message, id: 'msg_2', content: [text('three'), { type: 'refusal', refusal: 'No.' }] },
        { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'a', arguments: '{"x":1}', status: 'completed' },
        { type: 'function_call', call_id: 'call_2', name: 'b', arguments: '' },
        { type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_3', name: 'apply_patch', input: '*** Begin\nPatch' },
        { type: 'function_call_output', call_id: 'call_1', output: 'ok', status: 'completed' },
        {
          type: 'function_call_output',
          call_id: 'call_2',
          output: [{ type: 'input_image', image_url: 'data:image/png;base64,AA==', detail: 'high' }],
        },
        { type: 'custom_tool_call_output', call_id: 'call_3', output: '' },
        { ...message, content: [text('four')] },
        { role: 'assistant', content: 'five' },
      ],
    },
    'reasoning in all shapes': {
      input: [
        {
          type: 'reasoning',
          id: 'rs_1',
          summary: [
            { type: 'summary_text', text: 'a' },
            { type: 'summary_text', text: 'b' },
          ],
        },
        { type: 'reasoning', id: 'rs_2', summary: [], content: [{ type: 'reasoning_text', text: 'raw' }], encrypted_content: null },
        { type: 'reasoning', summary: [{ type: 'summary_text', text: 'c' }], encrypted_content: 'gBBB' },
        { type: 'item_reference', id: 'rs_9' },
        { id: 'msg_9' },
      ],
    },
    'items that only OpenAI reads': {
      input: [
        { type: 'additional_tools', role: 'developer', tools: [{ type: 'function', name: 'late' }] },
        { role: 'user', content: 'q' },
        { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'x' } },
        { ...message, content: [text('found')] },
        { type: 'mcp_list_tools', id: 'mcpl_1', server_label: 's', tools: [] },
        { type: 'mcp_call', id: 'mcp_1', server_label: 's', name: 'n', arguments: '{}', output: 'o', error: null },
        { type: 'computer_call', id: 'cu_1', call_id: 'call_9', action: { type: 'wait' }, pending_safety_checks: [], status: 'completed' },
        { type: 'computer_call_output', call_id: 'call_9', output: { type: 'computer_screenshot', file_id: 'f' } },
        { type: 'tool_search_output', call_id: null, execution: 'server', status: 'completed', tools: [] },
        { type: 'compaction', id: 'cmp_1', encrypted_content: 'gCCC' },
        { ...message, content: [] },
        { type: 'something_new', id: 'x', payload: { deep: [1, null] } },
      ],
    },
    'media and marks': {
      input: [
        {
          type: 'message',
          role: 'user',
          content: [
            { type: 'input_text', text: 'look', prompt_cache_breakpoint: { mode: 'explicit' } },
            { type: 'input_image', image_url: 'https://a.test/x.png' },
            { type: 'input_image', image_url: 'data:image/svg+xml;charset=utf-8;base64,AA==', detail: 'low' },
            { type: 'input_image', image_url: null, file_id: 'file_1', detail: 'auto' },
            { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBE' },
            { type: 'input_file', filename: 'a.txt', file_data: 'aGk=' },
            { type: 'input_file', file_url: 'https://a.test/a.pdf' },
            { type: 'input_file', file_id: 'file_2' },
            { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
            { type: 'input_hologram', beam: 1 },
          ],
        },
      ],
    },
    tools: {
      input: 'x',
      tools: [
        { type: 'function', name: 'a', description: 'd', parameters: { type: 'object', properties: {} }, strict: true },
        { type: 'function', name: 'b', description: null, parameters: null, strict: null, defer_loading: true },
        { type: 'custom', name: 'apply_patch', format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"' } },
        {
          type: 'namespace',
          name: 'ns',
          description: 'n',
          tools: [
            { type: 'function', name: 'a' },
            { type: 'custom', name: 'c' },
          ],
        },
        { type: 'namespace', name: 'ns2', description: 'n', tools: [{ type: 'function', name: 'a', parameters: {} }] },
        { type: 'web_search', search_context_size: 'low', filters: { allowed_domains: ['a.test'] } },
        { type: 'mcp', server_label: 's', server_url: 'https://mcp.test', require_approval: 'never' },
        { type: 'tool_search' },
        { type: 'code_interpreter', container: { type: 'auto' } },
      ],
      tool_choice: {
        type: 'allowed_tools',
        mode: 'required',
        tools: [
          { type: 'function', name: 'a' },
          { type: 'mcp', server_label: 's' },
        ],
      },
    },
    'every member': {
      input: 'x',
      instructions: 'Be kind.',
      tools: [],
      tool_choice: 'auto',
      parallel_tool_calls: false,
      max_output_tokens: 5,
      temperature: 0.2,
      top_p: 0.9,
      top_logprobs: 3,
      include: ['message.output_text.logprobs', 'reasoning.encrypted_content'],
      reasoning: { effort: 'high', generate_summary: 'concise', mode: 'pro', context: 'all_turns' },
      text: { format: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: null, extra_member: 1 }, verbosity: 'low' },
      metadata: { a: 'b' },
      user: 'u',
      safety_identifier: 's',
      prompt_cache_key: 'k'.repeat(90),
      prompt_cache_options: { mode: 'explicit' },
      service_tier: 'flex',
      store: true,
      truncation: 'auto',
      previous_response_id: 'resp_1',
      conversation: 'conv_1',
      background: true,
      max_tool_calls: 3,
      stream: true,
      stream_options: { include_obfuscation: false },
      context_management: [{ type: 'compaction', compact_threshold: 1000 }],
      client_metadata: { a: 'b' },
      brand_new: { from: 'tomorrow' },
    },
    'reasoning with nothing that is known': { input: 'x', reasoning: { effort: null, summary: null } },
    'an effort that is not known yet': { input: 'x', reasoning: { effort: 'ultra' } },
    'text alone': { input: 'x', text: { format: { type: 'text' } } },
    'a template without input': { prompt: { id: 'pmpt_1' } },
    'hosted tool choice': { input: 'x', tool_choice: { type: 'web_search_preview' } },
  };

  test.each(Object.entries(cases))('%s', (_name, body) => {
    expect(andBack(body)).toEqual({ model: 'gpt-5.4', ...body });
  });

  test('null members, `stream: false` and an empty tool choice are the same as none (FP-89)', () => {
    expect(andBack({ input: 'x', temperature: null, tools: null, instructions: null, stream: false, tool_choice: {} })).toEqual({
      model: 'gpt-5.4',
      input: 'x',
    });
  });

  test('the neutral request is plain JSON', () => {
    const request = there(cases['an assistant turn of many items']!);
    expect(JSON.parse(JSON.stringify(request))).toEqual(request);
  });
});

describe('the neutral request', () => {
  test('one assistant message a turn, results in a tool message', () => {
    const { messages } = there({
      instructions: 'Be kind.',
      input: [
        { role: 'user', content: 'q' },
        {
          type: 'reasoning',
          id: 'rs_1',
          summary: [
            { type: 'summary_text', text: 'a' },
            { type: 'summary_text', text: 'b' },
          ],
          encrypted_content: 'gAAA',
        },
        { ...message, content: [text('one')] },
        { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}' },
        { type: 'function_call', call_id: 'call_2', name: 'f', arguments: '{}' },
        { type: 'function_call_output', call_id: 'call_1', output: 'x' },
        { type: 'function_call_output', call_id: 'call_2', output: [{ type: 'input_text', text: 'y' }] },
      ],
    });
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool']);
    expect(messages[2]!.content).toMatchObject([
      { type: 'thinking', text: 'a\n\nb', summary: ['a', 'b'], id: 'rs_1', signature: { origin: 'openai', value: 'gAAA' } },
      { type: 'text', text: 'one' },
      { type: 'tool-call', kind: 'function', id: 'call_1' },
      { type: 'tool-call', kind: 'function', id: 'call_2' },
    ]);
    expect(messages[3]!.content).toMatchObject([
      { type: 'tool-result', callId: 'call_1', content: [{ type: 'text', text: 'x' }] },
      { type: 'tool-result', callId: 'call_2', content: [{ type: 'text', text: 'y' }] },
    ]);
  });

  test('media', () => {
    const { messages } = there({
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_image', image_url: 'data:image/png;base64,AA==', detail: 'high' },
            { type: 'input_file', filename: 'notes.txt', file_data: 'aGk=' },
            { type: 'input_image', file_id: 'file_1' },
          ],
        },
      ],
    });
    expect(messages[0]!.content).toMatchObject([
      { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AA==' }, detail: 'high' },
      { type: 'file', source: { kind: 'base64', mediaType: 'text/plain', data: 'aGk=' }, filename: 'notes.txt' },
      { type: 'image', source: { kind: 'file-id', id: 'file_1' } },
    ]);
  });

  test('parameters', () => {
    expect(
      there({
        input: 'x',
        max_output_tokens: 9,
        reasoning: { effort: 'none' },
        text: { format: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true }, verbosity: 'low' },
        safety_identifier: 's',
        tool_choice: { type: 'function', name: 'f' },
        brand_new: 1,
      }),
    ).toMatchObject({
      maxOutputTokens: 9,
      reasoning: { effort: 'none', mode: 'disabled' },
      responseFormat: { type: 'json-schema', name: 'n', strict: true },
      verbosity: 'low',
      user: 's',
      toolChoice: { type: 'tool', name: 'f', kind: 'function' },
      unknown: { brand_new: 1 },
      includeUsage: true,
    });
    // What only this format knows must not reach other vendors as an unknown parameter: Codex sends `client_metadata`.
    expect(there({ input: 'x', client_metadata: { a: '1' }, truncation: 'auto' }).unknown).toEqual({});
  });

  test('FP-21: tools of a namespace stand alone under a flat name', () => {
    const request = there({
      input: [
        {
          type: 'additional_tools',
          role: 'developer',
          tools: [
            { type: 'function', name: 'late' },
            { type: 'function', name: 'ns__a' },
          ],
        },
        { type: 'function_call', call_id: 'c', name: 'a', namespace: 'ns', arguments: '{}' },
        { type: 'function_call', call_id: 'd', name: 'late', namespace: 'late', arguments: '{}' },
      ],
      tools: [
        {
          type: 'namespace',
          name: 'ns',
          description: 'n',
          tools: [
            { type: 'function', name: 'a' },
            { type: 'custom', name: 'b' },
          ],
        },
        { type: 'namespace', name: 'x'.repeat(60), description: 'n', tools: [{ type: 'function', name: 'long_name' }] },
      ],
    });
    const names = request.tools!.map(({ name }) => name!);
    expect(names).toEqual(['ns__a', 'ns__b', expect.stringMatching(/^x{49}_[0-9a-z]{14}$/), 'late']);
    expect(request.messages.at(-1)!.content).toMatchObject([{ name: 'ns__a' }, { name: 'late' }]);
  });

  test('provider tools say what they are, unless they must stay with their vendor', () => {
    const { tools } = there({
      input: 'x',
      tools: [
        { type: 'web_search_preview_2025_03_11' },
        { type: 'web_search', external_web_access: false },
        { type: 'code_interpreter' },
        { type: 'mcp' },
      ],
    });
    expect(tools!.map((tool) => (tool.type === 'provider' ? tool.kind : ''))).toEqual([
      'web-search',
      undefined,
      'code-execution',
      undefined,
    ]);
  });

  test('FP-16, FP-17: sealed values are opened', () => {
    const anthropic = { type: 'thinking' as const, text: '', redacted: { origin: 'anthropic', value: 'EqQB' } };
    const { messages } = there({
      input: [
        { type: 'reasoning', id: 'rs_slc1-1', summary: [], encrypted_content: sealThinking(anthropic) },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'hi', annotations: [] }] },
        {
          type: 'reasoning',
          summary: [],
          encrypted_content: sealThinking({ type: 'thinking', text: '', id: 'text', signature: { origin: 'google', value: 'T' } }),
        },
        {
          type: 'function_call',
          call_id: sealCallId({ id: 'c1', signature: { origin: 'google', value: 'S' } }, 'openai'),
          name: 'f',
          arguments: '{}',
        },
        { type: 'function_call', call_id: 'c2', name: 'f', arguments: '{}' },
        {
          type: 'reasoning',
          summary: [],
          encrypted_content: sealThinking({ type: 'thinking', text: '', id: 'call:c2', signature: { origin: 'google', value: 'L' } }),
        },
        {
          type: 'function_call_output',
          call_id: sealCallId({ id: 'c1', signature: { origin: 'google', value: 'S' } }, 'openai'),
          output: '1',
        },
      ],
    });
    expect(messages[0]!.content).toMatchObject([
      { type: 'thinking', text: '', redacted: { origin: 'anthropic', value: 'EqQB' } },
      { type: 'text', text: 'hi', signature: { origin: 'google', value: 'T' } },
      { type: 'tool-call', id: 'c1', signature: { origin: 'google', value: 'S' } },
      { type: 'tool-call', id: 'c2', signature: { origin: 'google', value: 'L' } },
    ]);
    expect(messages[0]!.content).toHaveLength(4);
    expect(messages[1]!.content).toMatchObject([{ callId: 'c1' }]);
  });

  test("FP-18: chat's nesting of tools and pictures is understood", () => {
    const request = there({
      input: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'image_url', image_url: { url: 'https://a.test/i.png', detail: 'low' } },
          ],
        },
      ],
      tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }],
      tool_choice: { type: 'function', function: { name: 'f' } },
    });
    expect(request.messages[0]!.content).toMatchObject([
      { text: 'a' },
      { type: 'image', source: { url: 'https://a.test/i.png' }, detail: 'low' },
    ]);
    expect(request.tools).toMatchObject([{ name: 'f', parameters: { type: 'object' } }]);
    expect(request.toolChoice).toMatchObject({ type: 'tool', name: 'f' });
  });

  test.each([
    [{ input: 5 }, 'input'],
    [{ input: ['x'] }, 'input[0]'],
    [{ input: [{ role: 'critic', content: 'x' }] }, 'input[0].role'],
    [{ input: [{ role: 'user' }] }, 'input[0].content'],
    [{ input: [{ role: 'user', content: [{ type: 'input_text' }] }] }, 'input[0].content[0].text'],
    [{ input: [{ role: 'user', content: [{ type: 'input_file' }] }] }, 'input[0].content[0]'],
    [{ input: [{ type: 'function_call', name: 'f', arguments: '{}' }] }, 'input[0].call_id'],
    [{ input: [{ type: 'function_call', call_id: 'c', name: 'f', arguments: {} }] }, 'input[0].arguments'],
    [{ input: 'x', temperature: '1' }, 'temperature'],
    [{ input: 'x', tools: {} }, 'tools'],
    [{ input: 'x', tools: [{ type: 'function' }] }, 'tools[0].name'],
    [{ input: 'x', tool_choice: 'any' }, 'tool_choice'],
    [{ input: 'x', text: { format: { type: 'json_schema' } } }, 'text.format.schema'],
    [{ input: 'x', reasoning: 'high' }, 'reasoning'],
    [{ input: 'x', metadata: 'm' }, 'metadata'],
  ])('a wrong body is refused by the name of the member: %j', (body, param) => {
    expect(() => there(body)).toThrow(expect.objectContaining({ code: 'invalid_request', param }));
  });
});
