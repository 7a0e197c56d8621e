import { describe, expect, test } from 'bun:test';
import type { FunctionTool, JsonObject } from '../../types/index.ts';
import { sealCallId, sealThinking } from '../shared/seal.ts';
import { text, thrown, toContext } from './fixtures/context.ts';
import { fromWire } from './request-from-wire.ts';
import { toWire } from './request-to-wire.ts';

const body = (members: JsonObject = {}): JsonObject => ({
  model: 'claude-sonnet-5',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'Hi' }],
  ...members,
});

describe('members', () => {
  test('those that the neutral model knows', () => {
    const request = fromWire(
      body({
        temperature: 0.5,
        top_p: 0.9,
        top_k: 5,
        stop_sequences: ['END'],
        stream: true,
        metadata: { user_id: 'u1' },
        service_tier: 'standard_only',
        system: 'Be short.',
      }),
    );
    expect(request).toMatchObject({
      model: 'claude-sonnet-5',
      maxOutputTokens: 100,
      temperature: 0.5,
      topP: 0.9,
      topK: 5,
      stop: ['END'],
      stream: true,
      includeUsage: true,
      user: 'u1',
      serviceTier: 'default',
    });
    expect(request.messages).toEqual([
      { role: 'system', content: [{ type: 'text', text: 'Be short.' }] },
      { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
    ]);
    expect(request.unknown).toEqual({});
  });

  test('Anthropic’s own are kept for Anthropic; what nobody knows is passed on', () => {
    const request = fromWire(
      body({ context_management: { edits: [] }, mcp_servers: [], container: 'c', cache_control: { type: 'ephemeral' }, frobnicate: 1 }),
    );
    expect(request.extra).toEqual({
      'anthropic-messages': { context_management: { edits: [] }, mcp_servers: [], container: 'c', cache_control: { type: 'ephemeral' } },
    });
    expect(request.unknown).toEqual({ frobnicate: 1 });
  });

  test.each([
    [{ thinking: { type: 'enabled', budget_tokens: 2000 } }, { mode: 'enabled', budgetTokens: 2000 }],
    [{ thinking: { type: 'disabled' } }, { mode: 'disabled' }],
    [
      { thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort: 'xhigh' } },
      { mode: 'adaptive', effort: 'xhigh', summary: 'auto' },
    ],
    [{ thinking: { type: 'adaptive', display: 'omitted' } }, { mode: 'adaptive', summary: 'none' }],
    [{ thinking: { type: 'between_tools' } }, { mode: 'disabled' }],
    [{ output_config: { effort: 'low' } }, { effort: 'low' }],
    [{}, undefined],
  ])('thinking and effort: %j', (members, reasoning) =>
    expect(fromWire(body(members as JsonObject)).reasoning).toEqual(reasoning as never),
  );

  test.each([
    [{ output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } }],
    [{ output_format: { type: 'json_schema', schema: { type: 'object' } } }],
  ])('the answer’s schema in both spellings: %j', (members) =>
    expect(fromWire(body(members)).responseFormat).toEqual({ type: 'json-schema', schema: { type: 'object' } }),
  );

  test.each([
    [{ messages: 'x' }, 'messages'],
    [{ messages: [{ role: 'tool', content: 'x' }] }, 'messages.0.role'],
    [{ messages: [{ role: 'user' }] }, 'messages.0.content'],
    [{ messages: [{ role: 'user', content: [7] }] }, 'messages.0.content.0'],
    [{ model: 3 }, 'model'],
    [{ max_tokens: '100' }, 'max_tokens'],
    [{ tools: [{ input_schema: {} }] }, 'tools.0.name'],
    [{ tools: {} }, 'tools'],
    [{ system: 7 }, 'system'],
    [{ stop_sequences: [1] }, 'stop_sequences.0'],
  ])('a wrong %j is named', (members, param) => {
    const error = thrown(() => fromWire(body(members as JsonObject)));
    expect(error.code).toBe('invalid_request');
    expect(error.param).toBe(param);
  });
});

describe('tools', () => {
  test('functions, with what only Anthropic knows of them', () => {
    const tool = {
      type: 'custom',
      name: 'f',
      description: 'd',
      input_schema: { type: 'object' },
      strict: true,
      cache_control: { type: 'ephemeral', ttl: '1h' },
      defer_loading: true,
    };
    expect(fromWire(body({ tools: [tool] })).tools).toEqual([
      {
        type: 'function',
        name: 'f',
        description: 'd',
        parameters: { type: 'object' },
        strict: true,
        cacheControl: { type: 'ephemeral', ttl: '1h' },
        extra: { 'anthropic-messages': { type: 'custom', defer_loading: true } },
      },
    ]);
  });

  test.each([
    ['web_search_20250305', 'web-search'],
    ['web_fetch_20260309', 'url-context'],
    ['code_execution_20260120', 'code-execution'],
    ['tool_search_tool_bm25_20251119', undefined],
    ['mcp_toolset', undefined],
  ])('%s is a provider’s tool', (type, kind) => {
    const value = { type, name: 'n' };
    expect(fromWire(body({ tools: [value] })).tools).toEqual([
      { type: 'provider', origin: 'anthropic', ...(kind && { kind: kind as 'web-search' }), name: 'n', value },
    ]);
  });

  test.each([
    [{ type: 'bash_20250124', name: 'bash' }, ['command', 'restart']],
    [
      { type: 'text_editor_20250728', name: 'str_replace_based_edit_tool', max_characters: 10 },
      ['command', 'path', 'view_range', 'file_text', 'old_str', 'new_str', 'insert_line', 'insert_text'],
    ],
    [
      { type: 'text_editor_20250124', name: 'str_replace_editor' },
      ['command', 'path', 'view_range', 'file_text', 'old_str', 'new_str', 'insert_line'],
    ],
    [
      { type: 'memory_20250818', name: 'memory', cache_control: { type: 'ephemeral' } },
      ['command', 'path', 'view_range', 'file_text', 'old_str', 'new_str', 'insert_line', 'insert_text', 'old_path', 'new_path'],
    ],
    [
      { type: 'computer_20251124', name: 'computer', display_width_px: 800, display_height_px: 600 },
      ['action', 'coordinate', 'start_coordinate', 'text', 'scroll_direction', 'scroll_amount', 'duration'],
    ],
  ])('%j, which the client runs, is a function to others and itself to Anthropic', (tool, members) => {
    const request = fromWire(body({ tools: [tool] }));
    const [read] = request.tools ?? [];
    expect(read).toMatchObject({ type: 'function', name: tool.name });
    expect(Object.keys((read as FunctionTool).parameters?.['properties'] as JsonObject)).toEqual(members);
    expect(toWire(request, toContext({ from: 'anthropic-messages' })).body['tools']).toEqual([tool]);
  });

  test.each([
    [{ type: 'auto' }, { type: 'auto' }, undefined],
    [{ type: 'any', disable_parallel_tool_use: true }, { type: 'required' }, false],
    [{ type: 'tool', name: 'f' }, { type: 'tool', name: 'f' }, undefined],
    [{ type: 'none' }, { type: 'none' }, undefined],
    [{}, undefined, undefined],
  ])('tool_choice %j (FP-89)', (choice, toolChoice, parallelToolCalls) => {
    const request = fromWire(body({ tool_choice: choice }));
    expect(request.toolChoice).toEqual(toolChoice as never);
    expect(request.parallelToolCalls).toBe(parallelToolCalls as never);
  });
});

describe('messages', () => {
  test('a user’s turn with tool results is a tool message and what the user says after it', () => {
    const { messages } = fromWire(
      body({
        messages: [
          { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'f', input: { a: 1 } }] },
          {
            role: 'user',
            content: [
              { type: 'tool_result', tool_use_id: 't1', content: 'done', is_error: false, cache_control: { type: 'ephemeral' } },
              text('Thanks'),
              { type: 'tool_result', tool_use_id: 't2', content: [text('x'), { type: 'tool_reference', tool_name: 'g' }] },
            ],
          },
        ],
      }),
    );
    expect(messages).toEqual([
      { role: 'assistant', content: [{ type: 'tool-call', kind: 'function', id: 't1', name: 'f', arguments: '{"a":1}' }] },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            callId: 't1',
            content: [{ type: 'text', text: 'done' }],
            isError: false,
            cacheControl: { type: 'ephemeral' },
          },
          {
            type: 'tool-result',
            callId: 't2',
            content: [
              { type: 'text', text: 'x' },
              { type: 'opaque', origin: 'anthropic', value: { type: 'tool_reference', tool_name: 'g' } },
            ],
          },
        ],
      },
      { role: 'user', content: [{ type: 'text', text: 'Thanks' }] },
    ]);
  });

  test('a system role inside messages stays where it is (FP-89)', () => {
    const { messages } = fromWire(
      body({
        messages: [
          { role: 'user', content: 'a' },
          { role: 'system', content: 'From now on, rhyme.' },
        ],
      }),
    );
    expect(messages[1]).toEqual({ role: 'system', content: [{ type: 'text', text: 'From now on, rhyme.' }] });
  });

  test('media of every kind of source', () => {
    const content = [
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } },
      { type: 'image', source: { type: 'url', url: 'https://x/y.png' } },
      { type: 'image', source: { type: 'file', file_id: 'file_1' } },
      {
        type: 'document',
        source: { type: 'base64', media_type: 'application/pdf', data: 'AA==' },
        title: 'T',
        context: 'C',
        citations: { enabled: true },
      },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'words' } },
    ];
    expect(fromWire(body({ messages: [{ role: 'user', content }] })).messages[0]!.content).toEqual([
      { type: 'image', source: { kind: 'base64', data: 'AA==', mediaType: 'image/png' } },
      { type: 'image', source: { kind: 'url', url: 'https://x/y.png' } },
      { type: 'image', source: { kind: 'file-id', id: 'file_1' } },
      {
        type: 'file',
        source: { kind: 'base64', data: 'AA==', mediaType: 'application/pdf' },
        title: 'T',
        context: 'C',
        citationsEnabled: true,
      },
      { type: 'file', source: { kind: 'text', text: 'words', mediaType: 'text/plain' } },
    ]);
  });

  test('blocks without a word in the neutral model are carried verbatim, readable where they hold text', () => {
    const blocks = [
      { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'q' } },
      { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] },
      { type: 'compaction', content: 'So far: …' },
      { type: 'of_tomorrow', value: [1, { a: null }] },
    ];
    const { messages } = fromWire(body({ messages: [{ role: 'assistant', content: blocks }] }));
    expect(messages[0]!.content).toEqual([
      { type: 'opaque', origin: 'anthropic', value: blocks[0] as JsonObject },
      { type: 'opaque', origin: 'anthropic', value: blocks[1] as JsonObject },
      { type: 'opaque', origin: 'anthropic', value: blocks[2] as JsonObject, text: 'So far: …' },
      { type: 'opaque', origin: 'anthropic', value: blocks[3] as JsonObject },
    ]);
    const search = { type: 'search_result', source: 'https://s', title: 'S', content: [text('found')], citations: { enabled: true } };
    expect(fromWire(body({ messages: [{ role: 'user', content: [search] }] })).messages[0]!.content[0]).toMatchObject({
      text: 'S\nhttps://s\nfound',
    });
  });

  test('thinking with its signature, also with empty text, and redacted (FP-16)', () => {
    const content = [
      { type: 'thinking', thinking: 'Hm.', signature: 'sig==' },
      { type: 'thinking', thinking: '', signature: 'sig2' },
      { type: 'redacted_thinking', data: 'blob' },
      { type: 'thinking', thinking: 'unsigned', signature: '' },
    ];
    expect(fromWire(body({ messages: [{ role: 'assistant', content }] })).messages[0]!.content).toEqual([
      { type: 'thinking', text: 'Hm.', signature: { origin: 'anthropic', value: 'sig==' } },
      { type: 'thinking', text: '', signature: { origin: 'anthropic', value: 'sig2' } },
      { type: 'thinking', text: '', redacted: { origin: 'anthropic', value: 'blob' } },
      { type: 'thinking', text: 'unsigned' },
    ]);
  });

  test('what was sealed for the client is opened again (FP-16, FP-17)', () => {
    const thought = { type: 'thinking', text: 'Hm.', signature: { origin: 'openai', value: 'enc' }, id: 'rs_1' } as const;
    const call = { id: 'c1', signature: { origin: 'google', value: 'g' } };
    const id = sealCallId(call, 'anthropic');
    const { messages } = fromWire(
      body({
        messages: [
          {
            role: 'assistant',
            content: [
              { type: 'thinking', thinking: 'Hm.', signature: sealThinking(thought) },
              { type: 'tool_use', id, name: 'f', input: {} },
            ],
          },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: 'ok' }] },
        ],
      }),
    );
    expect(messages[0]!.content).toEqual([thought, { type: 'tool-call', kind: 'function', ...call, name: 'f', arguments: '{}' }]);
    expect(messages[1]!.content[0]).toMatchObject({ callId: 'c1' });
  });

  test('citations keep Anthropic’s own form', () => {
    const citation = { type: 'web_search_result_location', url: 'https://a', title: 'A', cited_text: 'x', encrypted_index: 'E' };
    const { messages } = fromWire(
      body({ messages: [{ role: 'assistant', content: [{ type: 'text', text: 't', citations: [citation] }] }] }),
    );
    expect(messages[0]!.content[0]).toEqual({
      type: 'text',
      text: 't',
      citations: [{ kind: 'url', url: 'https://a', title: 'A', citedText: 'x', raw: { origin: 'anthropic', value: citation } }],
    });
  });

  test('arguments given as text, and cache marks on any block', () => {
    const content = [
      { type: 'tool_use', id: 't', name: 'f', input: '{"a":1}', caller: { type: 'direct' }, cache_control: { type: 'ephemeral' } },
    ];
    expect(fromWire(body({ messages: [{ role: 'assistant', content }] })).messages[0]!.content[0]).toEqual({
      type: 'tool-call',
      kind: 'function',
      id: 't',
      name: 'f',
      arguments: '{"a":1}',
      cacheControl: { type: 'ephemeral' },
      extra: { 'anthropic-messages': { caller: { type: 'direct' } } },
    });
  });
});
