import { describe, expect, test } from 'bun:test';
import type { JsonObject, Message, Part, ToolCallPart, ToolResultPart } from '../../types/index.ts';
import { toBase64 } from '../../lib/base64-text.ts';
import { assistant, claude, llama, nova2, request, thrown, toContext, user } from './fixtures/context.ts';
import { fromWire } from './request-from-wire.ts';
import { toWire } from './request-to-wire.ts';

const write = (messages: Message[], options: Parameters<typeof toContext>[0] = {}) => {
  const context = toContext(options);
  const { body } = toWire(request({ messages }), context);
  return {
    ...(body as { messages: { role: string; content: JsonObject[] }[]; system?: JsonObject[]; toolConfig?: JsonObject }),
    dropped: context.dropped,
  };
};
const blocksOf = (parts: (Part | string)[], options: Parameters<typeof toContext>[0] = {}) =>
  write([user(...parts)], options).messages[0]?.content ?? [];
const read = (content: JsonObject[], role = 'user') => fromWire({ messages: [{ role, content }] }, { model: claude }).messages;

const call = (id: string, name = 'f', text = '{}'): ToolCallPart => ({ type: 'tool-call', kind: 'function', id, name, arguments: text });
const result = (callId: string, text = 'ok', more: Partial<ToolResultPart> = {}): Message => ({
  role: 'tool',
  content: [{ type: 'tool-result', callId, content: text === '' ? [] : [{ type: 'text', text }], ...more }],
});

describe('what Bedrock demands of a conversation', () => {
  test('neighbours of one role are one turn, results first', () => {
    const { messages } = write([user('a'), user('b'), assistant(call('1')), result('1'), user('c')]);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(messages[0]!.content).toEqual([{ text: 'a' }, { text: 'b' }]);
    expect(messages[2]!.content).toEqual([{ toolResult: { toolUseId: '1', content: [{ text: 'ok' }] } }, { text: 'c' }]);
  });

  test('it begins with the user', () => {
    const { messages, dropped } = write([assistant('Hi'), user('a')]);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(dropped).toEqual(['messages']);
  });

  test('no blank text, anywhere; no trailing white space in what is to be gone on with', () => {
    const { messages } = write([{ role: 'system', content: [{ type: 'text', text: '  ' }] }, user('', '\n', 'a'), assistant('so \n')]);
    expect(messages).toEqual([
      { role: 'user', content: [{ text: 'a' }] },
      { role: 'assistant', content: [{ text: 'so' }] },
    ]);
  });

  test('system messages: at the start on their own, later as reminders; alone they are the user’s', () => {
    const system = (text: string): Message => ({ role: 'developer', content: [{ type: 'text', text }] });
    const { system: top, messages } = write([system('be brief'), user('a'), assistant('b'), system('now'), user('c')]);
    expect(top).toEqual([{ text: 'be brief' }]);
    expect(messages[2]!.content).toEqual([{ text: '<system-reminder>\nnow\n</system-reminder>' }, { text: 'c' }]);
    expect(write([system('only')]).messages).toEqual([{ role: 'user', content: [{ text: 'only' }] }]);
  });

  test('tools of earlier calls are declared, also where the client declares none any more', () => {
    const { toolConfig, dropped } = write([user('a'), assistant(call('1', 'find')), result('1')]);
    expect(toolConfig).toEqual({ tools: [{ toolSpec: { name: 'find', inputSchema: { json: { type: 'object', properties: {} } } } }] });
    expect(dropped).toEqual(['tools']);
  });

  test('ids and names in Bedrock’s characters and lengths, the same for call and result (FP-80)', () => {
    const id = `call/${'x'.repeat(80)}`;
    const { messages } = write([user('a'), assistant(call(id, 'my tool!')), result(id)]);
    const { toolUseId, name } = messages[1]!.content[0]!['toolUse'] as JsonObject;
    expect(toolUseId).toMatch(/^[a-zA-Z0-9_.:-]{1,64}$/);
    expect(name).toMatch(/^my_tool__[a-z0-9]{14}$/);
    expect((messages[2]!.content[0]!['toolResult'] as JsonObject)['toolUseId']).toBe(toolUseId);
    expect(write([user('a'), assistant(call('functions.f:0'))]).messages[1]!.content[0]).toMatchObject({
      toolUse: { toolUseId: 'functions.f:0' },
    });
  });

  test('input is an object, whatever the model wrote', () => {
    const { messages } = write([user('a'), assistant(call('1', 'f', '[1'), call('2', 'f', ''), call('3', 'f', '{"a":1}'))]);
    expect(messages[1]!.content.map((block) => (block['toolUse'] as JsonObject)['input'])).toEqual([{ raw_arguments: '[1' }, {}, { a: 1 }]);
  });

  test('a failed tool is told as one; an empty result is an empty list', () => {
    const { messages } = write([
      user('a'),
      assistant(call('1'), call('2')),
      result('1', '', { isError: true }),
      result('2', 'x', { isError: false }),
    ]);
    expect(messages[2]!.content).toEqual([
      { toolResult: { toolUseId: '1', content: [], status: 'error' } },
      { toolResult: { toolUseId: '2', content: [{ text: 'x' }] } },
    ]);
  });
});

describe('media', () => {
  test('images: base64 of four formats, or a place in S3', () => {
    const image = (data: string, mediaType: string): Part => ({ type: 'image', source: { kind: 'base64', data, mediaType } });
    expect(blocksOf([image('AA==', 'image/jpg')])).toEqual([{ image: { format: 'jpeg', source: { bytes: 'AA==' } } }]);
    expect(blocksOf([{ type: 'image', source: { kind: 'url', url: 'data:image/webp;base64,AA==' } }])).toEqual([
      { image: { format: 'webp', source: { bytes: 'AA==' } } },
    ]);
    expect(blocksOf([{ type: 'image', source: { kind: 'url', url: 's3://bucket/a.JPG' } }])).toEqual([
      { image: { format: 'jpeg', source: { s3Location: { uri: 's3://bucket/a.JPG' } } } },
    ]);
    // Google's clients write the URL's alphabet, without padding.
    expect(blocksOf([image('-_8', 'image/png')])).toEqual([{ image: { format: 'png', source: { bytes: '+/8=' } } }]);
  });

  test.each(['https://e.x/a.png', 'http://e.x/a'])('an URL is refused in words: %s', (url) => {
    const error = thrown(() => blocksOf([{ type: 'image', source: { kind: 'url', url } }]));
    expect(error.message).toContain('Bedrock fetches no URLs');
    expect(error.param).toBe('image_url');
    expect(write([user('a', { type: 'image', source: { kind: 'url', url } })], { dropParams: true }).dropped).toEqual(['image_url']);
  });

  test('an image of another format is refused by its type', () => {
    const error = thrown(() => blocksOf([{ type: 'image', source: { kind: 'base64', data: 'AA', mediaType: 'image/tiff' } }]));
    expect(error.message).toContain('not image/tiff');
  });

  test('documents have names in Bedrock’s characters, each only once, and words beside them', () => {
    const file = (filename: string): Part => ({
      type: 'file',
      filename,
      source: { kind: 'base64', data: 'JVBERi0x', mediaType: 'application/pdf' },
    });
    const content = blocksOf([file('my_report  2024.pdf'), file('my-report 2024.pdf')]);
    expect(content.map((block) => (block['document'] as JsonObject | undefined)?.['name'] ?? block['text'])).toEqual([
      'See the attached document.',
      'my-report 2024',
      'my-report 2024 (2)',
    ]);
  });

  test('texts of any type are documents', () => {
    const file = (mediaType: string, data = toBase64('grün')): JsonObject =>
      blocksOf(['x', { type: 'file', source: { kind: 'base64', data, mediaType } }])[1]!['document'] as JsonObject;
    expect(file('text/csv')['format']).toBe('csv');
    expect(file('application/json')['format']).toBe('txt');
    expect(blocksOf(['x', { type: 'file', source: { kind: 'text', text: 'grün' }, citationsEnabled: true }])[1]).toEqual({
      document: { format: 'txt', name: 'Document', source: { bytes: toBase64('grün') }, citations: { enabled: true } },
    });
    expect(file('application/octet-stream', 'JVBERi0xLjQK')['format']).toBe('pdf');
    expect(thrown(() => file('application/zip', 'UEsDBA==')).message).toContain('not application/zip');
  });

  test('video and sound by their formats', () => {
    expect(blocksOf([{ type: 'video', source: { kind: 'base64', data: 'AA==', mediaType: 'video/3gpp' } }])).toEqual([
      { video: { format: 'three_gp', source: { bytes: 'AA==' } } },
    ]);
    expect(blocksOf([{ type: 'audio', source: { kind: 'base64', data: 'AA==', mediaType: 'audio/mp3' } }])).toEqual([
      { audio: { format: 'mp3', source: { bytes: 'AA==' } } },
    ]);
  });
});

describe('cache points', () => {
  const cacheControl = { type: 'ephemeral', ttl: '1h' };

  test('stand behind what is marked', () => {
    expect(
      blocksOf([
        { type: 'text', text: 'a', cacheControl },
        { type: 'text', text: 'b', cacheControl: { type: 'ephemeral' } },
      ]),
    ).toEqual([{ text: 'a' }, { cachePoint: { type: 'default', ttl: '1h' } }, { text: 'b' }, { cachePoint: { type: 'default' } }]);
    const marked = result('1', 'x', { cacheControl });
    expect(write([user('a'), assistant(call('1')), marked, user('b')]).messages[2]!.content.map((block) => Object.keys(block)[0])).toEqual([
      'toolResult',
      'cachePoint',
      'text',
    ]);
    expect(write([{ role: 'user', content: [{ type: 'text', text: 'a' }], cacheControl }]).messages[0]!.content).toHaveLength(2);
  });

  test('are left out for models that take none, with a record', () => {
    const { messages, dropped } = write([user({ type: 'text', text: 'a', cacheControl })], { model: llama });
    expect(messages[0]!.content).toEqual([{ text: 'a' }]);
    expect(dropped).toEqual(['cache_control']);
  });

  test('are marks on the part before them', () => {
    const [message] = read([{ text: 'a' }, { cachePoint: { type: 'default', ttl: '1h' } }]);
    expect(message!.content).toEqual([{ type: 'text', text: 'a', cacheControl }]);
  });
});

describe('opaque values (FP-16)', () => {
  const signed: Part = { type: 'thinking', text: 'hm', signature: { origin: 'anthropic', value: 'EtkB' } };
  const redacted: Part = { type: 'thinking', text: '', redacted: { origin: 'anthropic', value: 'EtMFCkgICxABGAI+/=' } };
  const wire = [
    { reasoningContent: { reasoningText: { text: 'hm', signature: 'EtkB' } } },
    { reasoningContent: { redactedContent: toBase64('EtMFCkgICxABGAI+/=') } },
  ];

  test('Claude’s thoughts are the same here and in Anthropic’s own format', () => {
    expect(write([user('a'), assistant(signed, redacted, 'b')]).messages[1]!.content).toEqual([...wire, { text: 'b' }]);
    expect(read(wire, 'assistant')[0]!.content).toEqual([signed, redacted]);
  });

  test('bytes that are no text come back as they were', () => {
    const block = { reasoningContent: { redactedContent: '/+8=' } };
    const [part] = read([block], 'assistant')[0]!.content;
    expect(part).toMatchObject({ redacted: { origin: 'bedrock', value: '/+8=' } });
    expect(write([user('a'), assistant(part!)]).messages[1]!.content).toEqual([block]);
  });

  test('another family’s thoughts are left out, with a record; so are those that nobody signed', () => {
    const foreign: Part = { type: 'thinking', text: 'hm', signature: { origin: 'openai', value: 's' } };
    const { messages, dropped } = write([user('a'), assistant(foreign, { type: 'thinking', text: 'loose' }, 'b')]);
    expect(messages[1]!.content).toEqual([{ text: 'b' }]);
    expect(dropped).toEqual(['openai:thinking', 'thinking']);
    expect(write([user('a'), assistant(signed, 'b')], { model: nova2 }).dropped).toEqual(['anthropic:thinking']);
  });

  test('Bedrock’s own tools and their results go back as they came', () => {
    const blocks = [
      { toolUse: { toolUseId: 't', name: 'nova_grounding', input: { query: 'q' }, type: 'server_tool_use' } },
      { toolResult: { toolUseId: 't', type: 'nova_grounding_result', status: 'success', content: [{ text: '[HIDDEN]' }] } },
    ];
    const { content } = read(blocks, 'assistant')[0]!;
    expect(content.map(({ type }) => type)).toEqual(['opaque', 'opaque']);
    expect(write([user('a'), assistant(...content)], { model: nova2 }).messages[1]!.content).toEqual(blocks);
  });

  test('search results are Anthropic’s blocks in another spelling', () => {
    const block = { searchResult: { source: 'https://e.x', title: 'T', content: [{ text: 'x' }], citations: { enabled: true } } };
    const [part] = read([block])[0]!.content;
    expect(part).toMatchObject({
      type: 'opaque',
      origin: 'anthropic',
      value: { type: 'search_result', content: [{ type: 'text', text: 'x' }] },
    });
    expect(blocksOf([part!])).toEqual([block]);
  });

  test('Claude’s citations too', () => {
    const block = {
      citationsContent: {
        content: [{ text: 'It is so.' }],
        citations: [
          { title: 'facts', sourceContent: [{ text: 'so' }], location: { documentChar: { documentIndex: 0, start: 0, end: 2 } } },
        ],
      },
    };
    const [part] = read([block], 'assistant')[0]!.content;
    expect(part).toMatchObject({
      text: 'It is so.',
      citations: [
        {
          kind: 'document',
          raw: {
            origin: 'anthropic',
            value: {
              type: 'char_location',
              cited_text: 'so',
              document_index: 0,
              document_title: 'facts',
              start_char_index: 0,
              end_char_index: 2,
            },
          },
        },
      ],
    });
    expect(write([user('a'), assistant(part!)]).messages[1]!.content).toEqual([block]);
  });

  test('citations of another provider are left out, with a record', () => {
    const { messages, dropped } = write([
      user('a'),
      assistant({ type: 'text', text: 'b', citations: [{ kind: 'url', url: 'https://e.x' }] }),
    ]);
    expect(messages[1]!.content).toEqual([{ text: 'b' }]);
    expect(dropped).toEqual(['citations']);
  });
});

describe('from a client of Bedrock', () => {
  const roundTrip = (body: JsonObject) => toWire(fromWire(body, { model: 'alias' }), toContext({ from: 'bedrock-converse' })).body;

  test('every kind of block goes back as it came', () => {
    const body = {
      system: [{ text: 's' }, { guardContent: { text: { text: 'g', qualifiers: ['query'] } } }, { cachePoint: { type: 'default' } }],
      messages: [
        {
          role: 'user',
          content: [
            { text: 'a' },
            { image: { format: 'png', source: { bytes: 'AA==' } } },
            { image: { format: 'gif', source: { s3Location: { uri: 's3://bucket/a', bucketOwner: '123456789012' } } } },
            { document: { format: 'md', name: 'a_b', source: { bytes: 'AA==' }, context: 'c', citations: { enabled: true } } },
            { document: { name: 'b', source: { content: [{ text: 'x' }, { text: 'y' }] } } },
            { document: { format: 'txt', name: 'c', source: { text: 'x' } } },
            { video: { format: 'mkv', source: { s3Location: { uri: 's3://bucket/v' } } } },
            { audio: { format: 'mpga', source: { bytes: 'AA==' } } },
            { guardContent: { image: { format: 'png', source: { bytes: 'AA==' } } } },
            { searchResult: { source: 's', title: 't', content: [{ text: 'x' }] } },
            { toolAddition: { tool: { type: 'x', name: 'y' } } },
            { cachePoint: { type: 'default', ttl: '5m' } },
          ],
        },
        {
          role: 'assistant',
          content: [
            { reasoningContent: { reasoningText: { text: 'unsigned' } } },
            { reasoningContent: { redactedContent: '/+8=' } },
            { toolUse: { toolUseId: 't', name: 'f', input: { a: 1 } } },
          ],
        },
        {
          role: 'user',
          content: [
            {
              toolResult: {
                toolUseId: 't',
                content: [
                  { json: { a: [1] } },
                  { text: 'x' },
                  { image: { format: 'png', source: { bytes: 'AA==' } } },
                  { document: { format: 'pdf', name: 'd', source: { bytes: 'AA==' } } },
                  { video: { format: 'mp4', source: { bytes: 'AA==' } } },
                  { searchResult: { source: 's', title: 't', content: [{ text: 'x' }] } },
                ],
                status: 'success',
              },
            },
          ],
        },
      ],
      toolConfig: {
        tools: [
          { toolSpec: { name: 'f', description: 'd', inputSchema: { json: { type: 'object' } }, strict: true } },
          { cachePoint: { type: 'default' } },
          { systemTool: { name: 'nova_grounding' } },
        ],
        toolChoice: { any: {} },
      },
      inferenceConfig: { maxTokens: 5, temperature: 0.5, topP: 0.9, stopSequences: ['x'] },
      guardrailConfig: { guardrailIdentifier: 'g', guardrailVersion: '1', streamProcessingMode: 'async' },
      additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1024 }, anthropic_beta: ['b'], top_k: 5 },
      additionalModelResponseFieldPaths: ['/stop_sequence'],
      promptVariables: { a: { text: 'b' } },
      requestMetadata: { team: 'x' },
      performanceConfig: { latency: 'optimized' },
      serviceTier: { type: 'flex' },
      outputConfig: {
        effort: 'low',
        textFormat: { type: 'json_schema', structure: { jsonSchema: { schema: '{"type":"object"}', name: 'n' } } },
      },
      newerThanThis: { a: 1 },
    };
    expect(roundTrip(body)).toEqual(body);
  });

  test('tool results come before the rest of the turn; json is told to others as text', () => {
    const [tool, rest] = read([{ text: 'a' }, { toolResult: { toolUseId: 't', content: [{ json: { b: 1 } }], status: 'error' } }]);
    expect(tool).toMatchObject({ role: 'tool', content: [{ callId: 't', isError: true, content: [{ type: 'text', text: '{"b":1}' }] }] });
    expect(rest).toEqual(user('a'));
  });

  test('what is not of the format is named', () => {
    expect(thrown(() => fromWire({ messages: 'x' }, { model: 'm' })).param).toBe('messages');
    expect(thrown(() => fromWire({ messages: [{ role: 'tool', content: [] }] }, { model: 'm' })).param).toBe('messages.0.role');
    expect(thrown(() => fromWire({ messages: [{ role: 'user', content: 'x' }] }, { model: 'm' })).param).toBe('messages.0.content');
    expect(thrown(() => fromWire({ messages: [] })).param).toBe('modelId');
    expect(thrown(() => fromWire({ messages: [], inferenceConfig: { maxTokens: '5' } }, { model: 'm' })).param).toBe(
      'inferenceConfig.maxTokens',
    );
  });
});
