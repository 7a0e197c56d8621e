import { describe, expect, test } from 'bun:test';
import type { ChatRequest, JsonObject, Message, Part, Tool, ToolResultPart } from '../../types/index.ts';
import { chat, thrown, toContext } from './fixtures/context.ts';
import { fromWire, toWire } from './request.ts';

type Options = Parameters<typeof toContext>[0];

const write = (members: Partial<ChatRequest>, options: Options = {}) => {
  const context = toContext(options);
  const { body, hints } = toWire(chat(members), context);
  return { body, hints, dropped: context.dropped };
};
const bodyOf = (members: Partial<ChatRequest>, options: Options = {}): JsonObject => write(members, options).body;
const contentsOf = (messages: Message[], options: Options = {}) => bodyOf({ messages }, options)['contents'] as JsonObject[];
const refused = (members: Partial<ChatRequest>, options: Options = {}) => thrown(() => write(members, options)).param;

const text = (value: string): Part => ({ type: 'text', text: value });
const user = (...content: Part[]): Message => ({ role: 'user', content });
const assistant = (...content: Part[]): Message => ({ role: 'assistant', content });
const call = (id: string, name = 'f', args = '{}'): Part => ({ type: 'tool-call', kind: 'function', id, name, arguments: args });
const tool = (callId: string, ...content: ToolResultPart['content']): Message => ({
  role: 'tool',
  content: [{ type: 'tool-result', callId, content }],
});
const third: Options = { model: 'gemini-3-pro', traits: { reasoning: 'level' } };

describe('system and developer messages', () => {
  test('before the first turn they are the instruction', () => {
    const messages: Message[] = [{ role: 'system', content: [text('A')] }, { role: 'developer', content: [text('B')] }, user(text('hi'))];
    expect(bodyOf({ messages })).toEqual({
      systemInstruction: { parts: [{ text: 'A' }, { text: 'B' }] },
      contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
    });
  });

  test('later they stay where they stand', () => {
    expect(contentsOf([user(text('hi')), { role: 'system', content: [text('Now in French.')] }, user(text('go on'))])).toEqual([
      { role: 'user', parts: [{ text: 'hi' }, { text: '<system>\nNow in French.\n</system>' }, { text: 'go on' }] },
    ]);
  });

  test('alone, or with the model first, the user still begins', () => {
    expect(contentsOf([{ role: 'system', content: [text('A')] }])).toEqual([{ role: 'user', parts: [{ text: ' ' }] }]);
    expect(contentsOf([assistant(text('x'))])).toEqual([
      { role: 'user', parts: [{ text: ' ' }] },
      { role: 'model', parts: [{ text: 'x' }] },
    ]);
  });
});

describe('turns', () => {
  test('of one side are one, and empty ones are none', () => {
    expect(contentsOf([user(text('a')), assistant(text('')), user(text('b')), assistant(text('c')), assistant(text('d'))])).toEqual([
      { role: 'user', parts: [{ text: 'a' }, { text: 'b' }] },
      { role: 'model', parts: [{ text: 'c' }, { text: 'd' }] },
    ]);
  });

  test('media', () => {
    const parts = contentsOf([
      user(
        { type: 'image', source: { kind: 'base64', data: 'AA', mediaType: 'image/png' } },
        { type: 'image', source: { kind: 'url', url: 'https://x/y.webp?z=1' } },
        { type: 'image', source: { kind: 'url', url: 'https://x/y' } },
        { type: 'file', source: { kind: 'base64', data: 'BB', mediaType: 'application/pdf' }, filename: 'a.pdf' },
        { type: 'file', source: { kind: 'text', text: 'plain' } },
        { type: 'audio', source: { kind: 'base64', data: 'CC', mediaType: 'audio/wav' }, format: 'wav' },
        { type: 'video', source: { kind: 'url', url: 'https://www.youtube.com/watch?v=1' } },
        { type: 'file', source: { kind: 'file-id', id: 'files/abc', mediaType: 'application/pdf' } },
      ),
    ])[0]!['parts'] as JsonObject[];
    expect(parts).toEqual([
      { inlineData: { mimeType: 'image/png', data: 'AA' } },
      { fileData: { fileUri: 'https://x/y.webp?z=1', mimeType: 'image/webp' } },
      { fileData: { fileUri: 'https://x/y', mimeType: 'image/jpeg' } },
      { inlineData: { mimeType: 'application/pdf', data: 'BB' } },
      { text: 'plain' },
      { inlineData: { mimeType: 'audio/wav', data: 'CC' } },
      { fileData: { fileUri: 'https://www.youtube.com/watch?v=1', mimeType: 'video/mp4' } },
      { fileData: { fileUri: 'https://generativelanguage.googleapis.com/v1beta/files/abc', mimeType: 'application/pdf' } },
    ]);
    expect(refused({ messages: [user({ type: 'file', source: { kind: 'file-id', id: 'file-1' } })] })).toBe('file_id');
  });
});

describe('calls and results', () => {
  test("foreign ids are left out, Google's own go back", () => {
    expect(
      contentsOf([
        user(text('q')),
        assistant(call('call_1'), call('hq1dul8c', 'g')),
        tool('call_1', { type: 'text', text: '{"a":1}' }),
        tool('hq1dul8c', { type: 'text', text: 'b' }),
      ]),
    ).toEqual([
      { role: 'user', parts: [{ text: 'q' }] },
      { role: 'model', parts: [{ functionCall: { name: 'f', args: {} } }, { functionCall: { id: 'hq1dul8c', name: 'g', args: {} } }] },
      {
        role: 'user',
        parts: [
          { functionResponse: { name: 'f', response: { a: 1 } } },
          { functionResponse: { id: 'hq1dul8c', name: 'g', response: { output: 'b' } } },
        ],
      },
    ]);
  });

  test('results stand in the order of the calls, before anything else the user says', () => {
    const messages = [
      user(text('q')),
      assistant(call('a', 'f'), call('b', 'g')),
      tool('b', { type: 'text', text: 'B' }),
      user(text('and')),
      tool('a', { type: 'text', text: 'A' }),
    ];
    expect(
      (contentsOf(messages)[2]!['parts'] as JsonObject[]).map(
        (part) => (part['functionResponse'] as JsonObject | undefined)?.['name'] ?? part['text'],
      ),
    ).toEqual(['f', 'g', 'and']);
  });

  test('a result with an id that nobody gave answers the oldest open call; without any call it is refused', () => {
    expect(
      (contentsOf([assistant(call('a', 'f')), tool('other', { type: 'text', text: 'x' })])[2]!['parts'] as JsonObject[])[0],
    ).toMatchObject({ functionResponse: { name: 'f' } });
    expect(refused({ messages: [user(text('q')), tool('x', { type: 'text', text: 'y' })] })).toBe('messages[1]');
  });

  test('errors, and arguments that are no object', () => {
    const failed: Message = {
      role: 'tool',
      content: [{ type: 'tool-result', callId: 'a', content: [{ type: 'text', text: 'boom' }], isError: true }],
    };
    const { body, dropped } = write({ messages: [assistant(call('a', 'f', '[1]'), call('b', 'f', 'null'), call('c', 'f', '')), failed] });
    const [, model, answer] = body['contents'] as JsonObject[];
    expect(model!['parts']).toEqual([{ input: '[1]' }, {}, {}].map((args) => ({ functionCall: { name: 'f', args } })));
    expect(answer!['parts']).toEqual([{ functionResponse: { name: 'f', response: { error: 'boom' } } }]);
    expect(dropped).toEqual(['arguments of f']);
  });

  test('media in a result: inside for Gemini 3, behind for older models', () => {
    const messages = [
      assistant(call('a', 'shot')),
      tool('a', { type: 'image', source: { kind: 'base64', data: 'AA', mediaType: 'image/png' } }),
    ];
    const inlineData = { mimeType: 'image/png', data: 'AA' };
    expect((contentsOf(messages, third)[2]!['parts'] as JsonObject[])[0]).toEqual({
      functionResponse: { name: 'shot', response: { output: '' }, parts: [{ inlineData }] },
    });
    expect(contentsOf(messages)[2]!['parts']).toEqual([
      { functionResponse: { name: 'shot', response: { output: 'The output follows below.' } } },
      { text: 'Output of shot:' },
      { inlineData },
    ]);
  });

  test('Gemini 3 wants a signature on the first call of each turn; a foreign one gets the documented stand-in (FP-17)', () => {
    const messages = [
      user(text('q')),
      assistant(call('a'), call('b')),
      tool('a', { type: 'text', text: '1' }),
      tool('b', { type: 'text', text: '2' }),
    ];
    const stand = { thoughtSignature: 'skip_thought_signature_validator' };
    expect(contentsOf(messages, third)[1]!['parts']).toEqual([
      { functionCall: { name: 'f', args: {} }, ...stand },
      { functionCall: { name: 'f', args: {} } },
    ]);
    expect(JSON.stringify(contentsOf(messages))).not.toContain('skip_thought');
  });
});

describe('opaque values', () => {
  test("Google's own are byte-exact", () => {
    const google = { origin: 'google', value: 'EpYSCpMS/+==' };
    const parts = contentsOf([
      assistant(
        { type: 'thinking', text: 'T', signature: google },
        { type: 'text', text: '', signature: google },
        { ...call('a'), signature: google } as Part,
        { type: 'opaque', origin: 'google', value: { executableCode: { code: 'x' }, thoughtSignature: 's' } },
      ),
    ])[1]!['parts'];
    expect(parts).toEqual([
      { text: 'T', thought: true, thoughtSignature: google.value },
      { text: '', thoughtSignature: google.value },
      { functionCall: { name: 'f', args: {} }, thoughtSignature: google.value },
      { executableCode: { code: 'x' }, thoughtSignature: 's' },
    ]);
  });

  test('of other vendors are left out with a record; readable thoughts stay (FP-16)', () => {
    const foreign = { origin: 'anthropic', value: 's' };
    const { body, dropped } = write({
      messages: [
        user(text('q')),
        assistant(
          { type: 'thinking', text: 'T', signature: foreign },
          { type: 'thinking', text: '', redacted: foreign },
          { type: 'opaque', origin: 'anthropic', value: { type: 'server_tool_use' } },
          { ...call('a'), signature: foreign } as Part,
        ),
      ],
    });
    expect((body['contents'] as JsonObject[])[1]!['parts']).toEqual([
      { text: 'T', thought: true },
      { functionCall: { name: 'f', args: {} } },
    ]);
    expect(dropped).toEqual(['anthropic:signature', 'anthropic:redacted_thinking', 'anthropic:server_tool_use', 'anthropic:signature']);
  });
});

describe('tools', () => {
  const f: Tool = { type: 'function', name: 'f', description: 'F', parameters: { type: 'object', properties: { a: { const: 1 } } } };

  test('functions in one declaration, with full JSON Schema, and names that Google takes (FP-80)', () => {
    const long = `mcp__${'server'.repeat(12)}__do`;
    const { body, hints } = write({
      tools: [f, { type: 'function', name: long }],
      messages: [assistant(call('a', long))],
      toolChoice: { type: 'tool', name: long },
    });
    const [{ functionDeclarations }] = body['tools'] as [{ functionDeclarations: { name: string }[] }];
    const alias = functionDeclarations[1]!.name;
    expect(functionDeclarations[0]).toEqual({
      name: 'f',
      description: 'F',
      parametersJsonSchema: { type: 'object', properties: { a: { enum: [1], type: 'integer' } } },
    } as object as { name: string });
    expect(alias.length).toBeLessThanOrEqual(64);
    expect(hints).toEqual({ toolNames: { [alias]: long } });
    expect(body['toolConfig']).toEqual({ functionCallingConfig: { mode: 'ANY', allowedFunctionNames: [alias] } });
    expect(JSON.stringify(body['contents'])).toContain(alias);
  });

  test('a bad schema is refused with the tool and the path (FP-79)', () => {
    const bad: Tool = { type: 'function', name: 'bad', parameters: { type: 'object', properties: { a: { $ref: '#/nowhere' } } } };
    const error = thrown(() => write({ tools: [f, bad] }));
    expect(error).toMatchObject({ code: 'invalid_request', param: 'tools[1].function.parameters.properties.a' });
    expect(error.message).toContain("tool 'bad'");
    expect(refused({ tools: [bad] }, { from: 'anthropic-messages' })).toBe('tools[0].input_schema.properties.a');
  });

  test('custom tools become functions of one text', () => {
    const { body, hints } = write({
      tools: [{ type: 'custom', name: 'patch', format: { type: 'grammar' } }],
      messages: [assistant({ ...call('a', 'patch', 'diff'), kind: 'custom' } as Part)],
    });
    expect(hints).toEqual({ customTools: ['patch'] });
    expect(body['tools']).toMatchObject([{ functionDeclarations: [{ name: 'patch', parametersJsonSchema: { required: ['input'] } }] }]);
    expect((body['contents'] as JsonObject[])[1]!['parts']).toEqual([{ functionCall: { name: 'patch', args: { input: 'diff' } } }]);
  });

  test("Google's own tool for what other vendors have too", () => {
    expect(
      bodyOf({
        webSearch: {},
        tools: [{ type: 'provider', origin: 'anthropic', kind: 'web-search', value: { type: 'web_search_20250305', name: 'web_search' } }],
      })['tools'],
    ).toEqual([{ googleSearch: {} }]);
    expect(
      bodyOf({ tools: [{ type: 'provider', origin: 'openai', kind: 'code-execution', value: { type: 'code_interpreter' } }] })['tools'],
    ).toEqual([{ codeExecution: {} }]);
    expect(refused({ tools: [f, { type: 'provider', origin: 'anthropic', value: { type: 'bash_20250124' } }] })).toBe('tools[1]');
    expect(refused({ webSearch: { allowedDomains: ['x.org'] } })).toBe('web_search_options.allowed_domains');
    expect(refused({ tools: [{ type: 'provider', origin: 'anthropic', kind: 'web-search', value: { blocked_domains: ['x.org'] } }] })).toBe(
      'tools[0].blocked_domains',
    );
    expect(write({ webSearch: { contextSize: 'low' } }).dropped).toEqual(['web_search_options.search_context_size']);
  });

  test('functions beside them must be allowed on Gemini 3', () => {
    expect(bodyOf({ tools: [f], webSearch: {} }, third)['toolConfig']).toEqual({ includeServerSideToolInvocations: true });
    expect(bodyOf({ tools: [f], webSearch: {} })['toolConfig']).toBeUndefined();
  });

  test.each<[ChatRequest['toolChoice'], object | undefined]>([
    [{ type: 'auto' }, { mode: 'AUTO' }],
    [{ type: 'none' }, { mode: 'NONE' }],
    [{ type: 'required' }, { mode: 'ANY' }],
    [
      { type: 'tool', name: 'f' },
      { mode: 'ANY', allowedFunctionNames: ['f'] },
    ],
    [
      { type: 'allowed', names: ['f', 'g'], required: true },
      { mode: 'ANY', allowedFunctionNames: ['f', 'g'] },
    ],
    [
      { type: 'allowed', names: ['f'], required: false },
      { mode: 'VALIDATED', allowedFunctionNames: ['f'] },
    ],
  ])('the choice %j', (toolChoice, functionCallingConfig) => {
    expect(bodyOf({ tools: [f], toolChoice })['toolConfig'] as object).toEqual({ functionCallingConfig });
  });

  test('a choice without functions, and one call at a time', () => {
    expect(write({ toolChoice: { type: 'required' } })).toMatchObject({ dropped: ['tool_choice'] });
    expect(bodyOf({ toolChoice: { type: 'auto' } })['toolConfig']).toBeUndefined();
    expect(refused({ tools: [f], parallelToolCalls: false })).toBe('parallel_tool_calls');
    expect(refused({ tools: [f], parallelToolCalls: false }, { from: 'anthropic-messages' })).toBe('tool_choice.disable_parallel_tool_use');
    const forced: Partial<ChatRequest> = { tools: [f], toolChoice: { type: 'tool', name: 'f' }, parallelToolCalls: false };
    expect(write(forced)).toMatchObject({ dropped: ['parallel_tool_calls'] });
    expect(write({ ...forced, toolChoice: { type: 'required' } })).toMatchObject({ dropped: ['parallel_tool_calls'] });
    expect(refused({ ...forced, tools: [f, { ...f, name: 'g' }], toolChoice: { type: 'required' } })).toBe('parallel_tool_calls');
    // Without tools there is nothing to refuse (FP-18).
    expect(write({ parallelToolCalls: false }).dropped).toEqual([]);
  });
});

describe('generationConfig', () => {
  const configOf = (members: Partial<ChatRequest>, options: Options = {}) => bodyOf(members, options)['generationConfig'];

  test('every member', () => {
    expect(
      configOf({
        temperature: 0,
        topP: 0.1,
        topK: 2,
        candidateCount: 3,
        maxOutputTokens: 4,
        stop: ['s'],
        seed: 5,
        presencePenalty: 0.6,
        frequencyPenalty: 0.7,
        logprobs: true,
        topLogprobs: 8,
        reasoning: { effort: 'low' },
      }),
    ).toEqual({
      temperature: 0,
      topP: 0.1,
      topK: 2,
      candidateCount: 3,
      maxOutputTokens: 4,
      stopSequences: ['s'],
      seed: 5,
      presencePenalty: 0.6,
      frequencyPenalty: 0.7,
      responseLogprobs: true,
      logprobs: 8,
      thinkingConfig: { thinkingBudget: 1024, includeThoughts: true },
    });
  });

  test('the form of the answer', () => {
    expect(configOf({ responseFormat: { type: 'json' } })).toEqual({ responseMimeType: 'application/json' });
    expect(configOf({ responseFormat: { type: 'text' } })).toBeUndefined();
    expect(
      configOf({
        responseFormat: {
          type: 'json-schema',
          name: 'n',
          description: 'D',
          schema: { type: 'object', properties: { a: { const: 'x' } } },
          strict: true,
        },
      }),
    ).toEqual({
      responseMimeType: 'application/json',
      responseJsonSchema: { type: 'object', properties: { a: { enum: ['x'], type: 'string' } }, description: 'D' },
    });
    expect(refused({ responseFormat: { type: 'json-schema', schema: {} } }, { traits: { jsonSchema: false } })).toBe('response_format');
  });

  test('speech', () => {
    const { body, dropped } = write({ modalities: ['text', 'audio'], audio: { voice: 'Kore', format: 'pcm16' } });
    expect(body['generationConfig']).toEqual({
      responseModalities: ['AUDIO'],
      speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
    });
    expect(dropped).toEqual(['modalities.text']);
    expect(refused({ modalities: ['audio'], audio: { voice: 'Kore', format: 'mp3' } })).toBe('audio.format');
    expect(configOf({ modalities: ['image', 'text'] })).toEqual({ responseModalities: ['IMAGE', 'TEXT'] });
  });

  test('members of it that a foreign client gave beside its own go there', () => {
    expect(
      bodyOf({
        temperature: 1,
        unknown: { top_k: 3, imageConfig: { aspectRatio: '1:1' }, safety_settings: [], new_thing: 1, generationConfig: { seed: 7 } },
      }),
    ).toMatchObject({
      generationConfig: { temperature: 1, topK: 3, imageConfig: { aspectRatio: '1:1' }, seed: 7 },
      safetySettings: [],
      new_thing: 1,
    });
  });
});

describe('what Gemini lacks', () => {
  test.each<[Partial<ChatRequest>, string]>([
    [{ logitBias: { 1: 2 } }, 'logit_bias'],
    [{ verbosity: 'low' }, 'verbosity'],
    [{ serviceTier: 'scale' }, 'service_tier'],
  ])('refused: %j', (members, parameter) => {
    expect(refused(members)).toBe(parameter);
    expect(write(members, { dropParams: true }).dropped).toEqual([parameter]);
  });

  test('recorded: what does not change the answer', () => {
    expect(
      write({
        user: 'u',
        metadata: { a: 1 },
        promptCacheKey: 'k',
        prediction: {},
        messages: [{ role: 'user', content: [{ type: 'text', text: 'x', cacheControl: { type: 'ephemeral' } }] }],
      }).dropped.sort(),
    ).toEqual(['cache_control', 'metadata', 'prediction', 'prompt_cache_key', 'user']);
  });

  test('service tier and store, and what this vendor lacks of the format', () => {
    expect(bodyOf({ serviceTier: 'default', store: false })).toMatchObject({ serviceTier: 'standard', store: false });
    expect(bodyOf({ serviceTier: 'auto' })).not.toHaveProperty('serviceTier');
    expect(write({ store: true }, { quirks: { lacks: ['store'] }, dropParams: true })).toMatchObject({ dropped: ['store'] });
  });
});

test("a Gemini client's request comes out as it went in", () => {
  const body = {
    contents: [
      { role: 'user', parts: [{ text: 'q' }, { fileData: { fileUri: 'gs://b/o.pdf', mimeType: 'application/pdf' } }] },
      { role: 'model', parts: [{ functionCall: { id: 'mine', name: 'f', args: { a: 1 } }, thoughtSignature: 's' }] },
      { role: 'user', parts: [{ functionResponse: { id: 'mine', name: 'f', response: { result: '{"x":1}' } } }] },
    ],
    systemInstruction: { role: 'user', parts: [{ text: 'S' }] },
    tools: [
      {
        functionDeclarations: [
          { name: 'f', description: 'F', parameters: { type: 'OBJECT', properties: { a: { type: 'INTEGER', nullable: true } } } },
        ],
      },
      { urlContext: {} },
    ],
    toolConfig: { functionCallingConfig: { mode: 'VALIDATED' }, retrievalConfig: { languageCode: 'de' } },
    generationConfig: {
      responseMimeType: 'application/json',
      responseSchema: { type: 'OBJECT', properties: { a: { type: 'STRING' } } },
      speechConfig: { multiSpeakerVoiceConfig: { speakerVoiceConfigs: [] } },
      thinkingConfig: { thinkingBudget: 512 },
      mediaResolution: 'MEDIA_RESOLUTION_LOW',
    },
    safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' }],
    cachedContent: 'cachedContents/x',
    labels: { team: 'a_b' },
    serviceTier: 'flex',
  };
  const context = toContext({ from: 'gemini' });
  expect(toWire(fromWire(body, { model: 'm' }), context).body).toEqual(body);
  expect(context.dropped).toEqual([]);
});

test('the name of a document is not lost in silence', () => {
  const file = (more: object): Part => ({ type: 'file', source: { kind: 'base64', data: 'BB', mediaType: 'application/pdf' }, ...more });
  expect(write({ messages: [user(file({ filename: 'a.pdf' }))] }).dropped).toEqual(['filename']);
  expect(write({ messages: [user(file({}))] }).dropped).toEqual([]);
});
