import { describe, expect, test } from 'bun:test';
import type { ChatRequest, JsonObject, Message, ToWireContext } from '../../types/index.ts';
import { cohereChat } from './index.ts';

const { request } = cohereChat;
let noted: string[] = [];
const context = (more: Partial<ToWireContext> = {}): ToWireContext => {
  noted = [];
  return {
    model: 'command',
    provider: 'cohere',
    from: 'openai-chat',
    traits: {},
    quirks: {},
    dropParams: true,
    drop: (what) => void noted.push(what),
    lacks: (parameter) => void noted.push(`lacks ${parameter}`),
    ...more,
  };
};
const user: Message = { role: 'user', content: [{ type: 'text', text: 'q' }] };
const write = (more: Partial<ChatRequest>, traits: Partial<ToWireContext> = {}) =>
  request.toWire({ model: 'm', messages: [user], stream: false, unknown: {}, ...more }, context(traits));
const messagesOf = (messages: Message[], more: Partial<ToWireContext> = {}) => write({ messages }, more).body['messages'];

/** A body that says all that the format can, and is written back as it was read. */
const everything: JsonObject = {
  model: 'command',
  messages: [
    { role: 'system', content: 's' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'q' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AA', detail: 'low' } },
        { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
      ],
    },
    {
      role: 'assistant',
      tool_plan: 'I will call.',
      content: [
        { type: 'thinking', thinking: 'T' },
        { type: 'text', text: 'The answer' },
      ],
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'a-tool.x', arguments: '{"a":1}' } }],
      citations: [
        {
          start: 0,
          end: 3,
          text: 'The',
          sources: [
            { type: 'document', id: 'd', document: { id: 'd', title: 'D', text: 'x' } },
            { type: 'tool', id: 'c1:0', tool_output: { content: 'y' } },
          ],
          type: 'TEXT_CONTENT',
          content_index: 1,
        },
        { start: 0, end: 1, text: 'I', sources: [], type: 'PLAN' },
      ],
    },
    {
      role: 'tool',
      tool_call_id: 'c1',
      content: [
        { type: 'text', text: 'r' },
        { type: 'document', document: { id: 'https://e.com', data: { title: 'E', text: 'x' } } },
      ],
    },
    { role: 'user', content: 'more' },
  ],
  documents: ['plain', { id: 'd', data: { title: 'D', text: 'x', size: 3 } }],
  citation_options: { mode: 'FAST' },
  tools: [{ type: 'function', function: { name: 'a-tool.x', description: 'd', parameters: { type: 'object', properties: {} } } }],
  strict_tools: true,
  tool_choice: 'REQUIRED',
  response_format: { type: 'json_object', json_schema: { type: 'object' } },
  safety_mode: 'STRICT',
  max_tokens: 5,
  stop_sequences: ['x'],
  temperature: 1.5,
  p: 1,
  k: 600,
  seed: 3,
  frequency_penalty: 0.1,
  presence_penalty: 0.2,
  logprobs: true,
  thinking: { type: 'enabled', token_budget: 9 },
  raw_prompting: true,
  priority: 2,
  stream: true,
  new_thing: 1,
};

describe('requests of Cohere clients', () => {
  test('are written back as they were', () => {
    const read = request.fromWire(everything);
    expect(request.toWire(read, context({ from: 'cohere-chat' }))).toEqual({ body: everything });
    expect(noted).toEqual([]);
  });

  test('documents are files of the last user message, for whoever takes those', () => {
    const { messages } = request.fromWire(everything);
    expect(messages.at(-1)!.content).toMatchObject([
      { type: 'file', source: { kind: 'text', text: 'plain' }, citationsEnabled: true },
      { type: 'file', source: { kind: 'text', text: '{"title":"D","text":"x","size":3}' }, title: 'D' },
      { type: 'text', text: 'more' },
    ]);
    expect(request.fromWire({ model: 'm', messages: [], documents: ['a'] }).messages).toMatchObject([
      { role: 'user', content: [{ source: { text: 'a' } }] },
    ]);
  });

  test('a citation has one source, and where it applies', () => {
    const text = request.fromWire(everything).messages[2]!.content.find((part) => part.type === 'text');
    expect(text!.citations).toMatchObject([
      { kind: 'document', title: 'D', citedText: 'x', startIndex: 0, endIndex: 3 },
      { kind: 'document', citedText: 'y', startIndex: 0, endIndex: 3 },
    ]);
  });

  test.each<[string, JsonObject, string]>([
    ['no messages', { model: 'm' }, 'messages'],
    ['an unknown role', { model: 'm', messages: [{ role: 'bot', content: 'x' }] }, 'messages[0].role'],
    ['an unknown block', { model: 'm', messages: [{ role: 'user', content: [{ type: 'video' }] }] }, 'messages[0].content[0].type'],
    ['a result without its call', { model: 'm', messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].tool_call_id'],
    ['a wrong format', { model: 'm', messages: [], response_format: { type: 'xml' } }, 'response_format.type'],
    ['a document without data', { model: 'm', messages: [], documents: [{ id: 'x' }] }, 'documents[0].data'],
  ])('%s is refused by name', (_what, body, param) => {
    expect(() => request.fromWire(body)).toThrow(expect.objectContaining({ code: 'invalid_request', param }));
  });

  test('null is not given, an empty text says nothing', () => {
    const body = { model: 'm', messages: [{ role: 'user', content: '' }], temperature: null, tools: null, documents: null, priority: null };
    expect(request.fromWire(body)).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: [] }],
      stream: false,
      includeUsage: true,
      unknown: {},
    });
  });
});

describe('requests to Cohere', () => {
  test('parameters in its words', () => {
    expect(
      write({
        maxOutputTokens: 1,
        topP: 0.5,
        topK: 3,
        stop: ['a'],
        temperature: 0.5,
        seed: -7,
        logprobs: true,
        unknown: { safety_mode: 'OFF' },
      }).body,
    ).toEqual({
      model: 'command',
      messages: [{ role: 'user', content: 'q' }],
      max_tokens: 1,
      p: 0.5,
      k: 3,
      stop_sequences: ['a'],
      temperature: 0.5,
      seed: 7,
      logprobs: true,
      safety_mode: 'OFF',
    });
    expect(noted).toEqual(['seed']);
  });

  test('what it cannot take is refused by name, advice is dropped', () => {
    write({
      candidateCount: 2,
      logitBias: { 1: 2 },
      topLogprobs: 3,
      webSearch: {},
      modalities: ['audio'],
      verbosity: 'low',
      serviceTier: 'flex',
      user: 'u',
      store: false,
      metadata: {},
    });
    expect(noted.sort()).toEqual(
      [
        'lacks n',
        'lacks logit_bias',
        'lacks top_logprobs',
        'lacks web_search_options',
        'lacks modalities',
        'lacks verbosity',
        'lacks service_tier',
        'user',
        'store',
      ].sort(),
    );
  });

  test('members of another format that stay behind are told', () => {
    write({ extra: { gemini: { cachedContent: 'c', labels: { a: 'b' } } } }, { from: 'gemini' });
    expect(noted.sort()).toEqual(['labels', 'lacks cachedContent']);
  });

  test.each<[Partial<ChatRequest>, JsonObject, string[]]>([
    [{ temperature: 1.7 }, { temperature: 1 }, ['lacks temperature']],
    [{ presencePenalty: -1 }, { presence_penalty: 0 }, ['lacks presence_penalty']],
    [{ topP: 1 }, { p: 0.99 }, ['top_p']],
    [{ topP: 0 }, { p: 0.01 }, ['top_p']],
    [{ topK: 900 }, { k: 500 }, ['lacks top_k']],
  ])('%j is held to its range', (more, sent, notes) => {
    expect(write(more).body).toMatchObject(sent);
    expect(noted).toEqual(notes);
  });

  test('thinking: on, off, a budget', () => {
    const thinking = (reasoning: ChatRequest['reasoning'], traits = {}) => write({ reasoning: reasoning! }, { traits }).body['thinking'];
    expect(thinking({ effort: 'none' })).toEqual({ type: 'disabled' });
    expect(thinking({ effort: 'high' })).toEqual({ type: 'enabled' });
    expect(noted).toEqual([]);
    expect(thinking({ effort: 'low' })).toEqual({ type: 'enabled' });
    expect(noted).toEqual(['reasoning_effort']);
    expect(thinking({ mode: 'enabled', budgetTokens: 100 })).toEqual({ type: 'enabled', token_budget: 100 });
    expect(thinking({ summary: 'auto' })).toBeUndefined();
    expect(thinking({ effort: 'none' }, { reasoning: 'none' })).toBeUndefined();
    expect(noted).toEqual([]);
    expect(thinking({ effort: 'high' }, { reasoning: 'none' })).toBeUndefined();
    expect(noted).toEqual(['lacks reasoning_effort']);
  });

  test('tools: one by offering no other, strictness for all, names that it takes, free text as a function', () => {
    const tools: ChatRequest['tools'] = [
      { type: 'function', name: 'f', strict: true, parameters: { type: 'object' } },
      { type: 'function', name: 'mcp.get-x', strict: true },
      { type: 'custom', name: 'c' },
    ];
    expect(write({ tools, toolChoice: { type: 'tool', name: 'f' } }).body).toMatchObject({
      tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }],
      tool_choice: 'REQUIRED',
      strict_tools: true,
    });
    const { body, hints } = write({ tools, toolChoice: { type: 'none' } });
    const names = (body['tools'] as { function: { name: string } }[]).map((tool) => tool.function.name);
    expect(body['tool_choice']).toBe('NONE');
    expect(names[1]).toMatch(/^mcp_get_x_\w+$/);
    expect(hints).toEqual({ customTools: ['c'], toolNames: { [names[1]!]: 'mcp.get-x' } });
    expect(noted).toEqual(['strict']);
    expect(write({ toolChoice: { type: 'required' } }).body).not.toHaveProperty('tool_choice');
  });

  test('a schema is not taken together with tools', () => {
    const responseFormat = { type: 'json-schema' as const, schema: { type: 'object' } };
    expect(write({ responseFormat }).body['response_format']).toEqual({ type: 'json_object', json_schema: { type: 'object' } });
    expect(write({ responseFormat, tools: [{ type: 'function', name: 'f' }] }).body).not.toHaveProperty('response_format');
    expect(noted).toEqual(['lacks response_format']);
  });

  test('files to be cited are documents, other texts stand in the message, the rest is refused', () => {
    const { body } = write({
      messages: [
        {
          role: 'user',
          content: [
            { type: 'file', source: { kind: 'text', text: 'A' }, title: 'T', citationsEnabled: true },
            { type: 'file', source: { kind: 'text', text: 'B' }, filename: 'b.txt' },
            { type: 'file', source: { kind: 'base64', data: 'AA', mediaType: 'application/pdf' } },
            { type: 'text', text: 'q' },
          ],
        },
      ],
    });
    expect(body).toMatchObject({
      documents: [{ id: 'doc_0', data: { title: 'T', text: 'A' } }],
      messages: [
        {
          content: [
            { type: 'text', text: 'b.txt\nB' },
            { type: 'text', text: 'q' },
          ],
        },
      ],
    });
    expect(noted).toEqual(['lacks file']);
  });

  test('pictures in results follow in a message of the user', () => {
    const call = { type: 'tool-call' as const, kind: 'function' as const, id: 'c', name: 'f', arguments: '' };
    const image = { type: 'image' as const, source: { kind: 'url' as const, url: 'https://e.com/i' } };
    expect(
      messagesOf([
        { role: 'assistant', content: [call] },
        { role: 'tool', content: [{ type: 'tool-result', callId: 'c', content: [{ type: 'text', text: 'r' }, image] }] },
        user,
      ]),
    ).toEqual([
      { role: 'assistant', tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }] },
      { role: 'tool', tool_call_id: 'c', content: 'r' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Output of the tool call c:' },
          { type: 'image_url', image_url: { url: 'https://e.com/i' } },
        ],
      },
      { role: 'user', content: 'q' },
    ]);
  });

  test("thoughts: a plan is one again, a foreign vendor's are without their seal", () => {
    const call = { type: 'tool-call' as const, kind: 'function' as const, id: 'c', name: 'f', arguments: '{}' };
    const thought = (signature?: { origin: string; value: string }) => ({
      type: 'thinking' as const,
      text: 'T',
      ...(signature && { signature }),
    });
    const assistant = (content: Message['content'], traits = {}) =>
      (messagesOf([{ role: 'assistant', content }], { traits }) as JsonObject[])[0];
    expect(assistant([thought({ origin: 'cohere', value: 'tool_plan' }), call])).toMatchObject({ tool_plan: 'T' });
    expect(assistant([thought({ origin: 'anthropic', value: 's' }), call])).toMatchObject({
      content: [{ type: 'thinking', thinking: 'T' }],
    });
    expect(noted).toEqual(['anthropic:thinking signature']);
    expect(assistant([thought(), call], { reasoning: 'none' })).toMatchObject({ tool_plan: 'T' });
    expect(assistant([thought(), { type: 'text', text: 'x' }], { reasoning: 'none' })).toEqual({ role: 'assistant', content: 'x' });
    expect(noted).toEqual(['thinking']);
  });
});

test('a choice among what is not there is refused, and a grammar that cannot be kept to is told', () => {
  const tools: ChatRequest['tools'] = [{ type: 'function', name: 'f' }];
  expect(() => write({ tools, toolChoice: { type: 'tool', name: 'g' } })).toThrow("'g' is to be called, but it is not declared");
  const { body } = write({ tools, toolChoice: { type: 'tool', name: 'web_search', kind: 'provider' } });
  expect(noted).toEqual(['lacks tool_choice']);
  expect(body).toMatchObject({ tools: [{ function: { name: 'f' } }] });
  expect(body).not.toHaveProperty('tool_choice');
  write({ tools: [{ type: 'custom', name: 'c', format: { type: 'grammar', syntax: 'lark', definition: 'start: "a"' } }] });
  expect(noted).toEqual(['tools[0].format']);
});
