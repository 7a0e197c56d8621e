import { describe, expect, test } from 'bun:test';
import { sealThinking } from '../shared/seal.ts';
import { thrown } from './fixtures/context.ts';
import { fromWire } from './request.ts';

const read = (body: object, path = { model: 'gemini-x', stream: false }) => fromWire({ contents: 'hi', ...body }, path);
const parts = (...list: object[]) => read({ contents: [{ role: 'user', parts: list }] }).messages[0]!.content;

describe('the whole', () => {
  test('model and streaming stand in the path', () => {
    expect(read({}, { model: 'models/gemini-x', stream: true })).toMatchObject({ model: 'gemini-x', stream: true, includeUsage: true });
    expect(fromWire({ model: 'models/y', contents: 'hi' })).toMatchObject({ model: 'y', stream: false });
    expect(thrown(() => fromWire({ contents: 'hi' })).param).toBe('model');
    expect(thrown(() => fromWire({}, { model: 'm' })).param).toBe('contents');
  });

  test('both spellings of members, nulls are absent, unknown members keep theirs', () => {
    const request = read({
      system_instruction: { parts: [{ text: 'S' }] },
      generation_config: { max_output_tokens: 5, stop_sequences: ['a'], thinking_config: { thinking_budget: 0 } },
      safety_settings: null,
      cached_content: 'cachedContents/1',
      new_thing: { a_b: 1 },
    });
    expect(request.messages[0]).toEqual({ role: 'system', content: [{ type: 'text', text: 'S' }] });
    expect(request).toMatchObject({ maxOutputTokens: 5, stop: ['a'], reasoning: { mode: 'disabled' }, unknown: { new_thing: { a_b: 1 } } });
    expect(request.extra).toEqual({ gemini: { cachedContent: 'cachedContents/1' } });
  });

  test('a wrapped request, as countTokens takes it', () => {
    expect(fromWire({ generateContentRequest: { model: 'models/y', contents: 'hi' } })).toMatchObject({ model: 'y' });
  });

  test('shorthands of contents', () => {
    const text = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'hi' }] }];
    for (const contents of [
      'hi',
      ['hi'],
      { parts: [{ text: 'hi' }] },
      { text: 'hi' },
      [{ parts: 'hi' }],
      [{ role: 'user', parts: { text: 'hi' } }],
    ]) {
      expect(read({ contents }).messages).toEqual(text);
    }
  });

  test('a role that Google does not know', () => {
    expect(thrown(() => read({ contents: [{ role: 'assistant', parts: [] }] }))).toMatchObject({
      code: 'invalid_request',
      param: 'contents[0].role',
    });
    expect(thrown(() => read({ contents: [{ role: 'user', parts: 7 }] })).param).toBe('contents[0].parts');
    expect(thrown(() => read({ contents: [{ role: 'user', parts: [7] }] })).param).toBe('contents[0].parts[0]');
  });
});

describe('parts', () => {
  test('media by its type', () => {
    expect(parts({ inlineData: { mimeType: 'image/png', data: 'AA' } }, { inline_data: { mime_type: 'audio/mp3', data: 'BB' } })).toEqual([
      { type: 'image', source: { kind: 'base64', data: 'AA', mediaType: 'image/png' } },
      { type: 'audio', source: { kind: 'base64', data: 'BB', mediaType: 'audio/mp3' }, format: 'mp3' },
    ]);
    expect(parts({ inlineData: { mimeType: 'application/pdf', data: 'CC', displayName: 'a.pdf' } })).toEqual([
      { type: 'file', source: { kind: 'base64', data: 'CC', mediaType: 'application/pdf' }, filename: 'a.pdf' },
    ]);
    expect(parts({ fileData: { fileUri: 'https://youtu.be/x' }, videoMetadata: { fps: 1 } })).toEqual([
      { type: 'video', source: { kind: 'url', url: 'https://youtu.be/x' }, extra: { gemini: { videoMetadata: { fps: 1 } } } },
    ]);
  });

  test("a file of Google's own is an id to others", () => {
    const fileUri = 'https://generativelanguage.googleapis.com/v1beta/files/a';
    expect(parts({ fileData: { fileUri, mimeType: 'image/jpeg' } })).toEqual([
      { type: 'image', source: { kind: 'file-id', id: fileUri, mediaType: 'image/jpeg' } },
    ]);
  });

  test('what only Google knows is opaque, verbatim', () => {
    const code = { executableCode: { language: 'PYTHON', code: 'x' }, thoughtSignature: 's' };
    expect(parts(code, { toolCall: { toolType: 'FILE_SEARCH' } }, { not_known_yet: 1 })).toEqual([
      { type: 'opaque', origin: 'google', value: code },
      { type: 'opaque', origin: 'google', value: { toolCall: { toolType: 'FILE_SEARCH' } } },
      { type: 'opaque', origin: 'google', value: { not_known_yet: 1 } },
    ]);
  });

  test('signatures on text, thoughts and calls (FP-17)', () => {
    const { messages } = read({
      contents: [
        {
          role: 'model',
          parts: [
            { text: 'T', thought: true, thoughtSignature: 'a' },
            { text: 'x', thoughtSignature: 'b' },
            { functionCall: { name: 'f', args: { q: 1 } }, thought_signature: 'c' },
            { thoughtSignature: 'd' },
          ],
        },
      ],
    });
    expect(messages).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'thinking', text: 'T', signature: { origin: 'google', value: 'a' } },
          { type: 'text', text: 'x', signature: { origin: 'google', value: 'b' } },
          {
            type: 'tool-call',
            kind: 'function',
            id: 'gcall_0',
            name: 'f',
            arguments: '{"q":1}',
            signature: { origin: 'google', value: 'c' },
          },
          { type: 'text', text: '', signature: { origin: 'google', value: 'd' } },
        ],
      },
    ]);
  });
});

describe('calls and responses', () => {
  const call = (name: string, id?: string) => ({ functionCall: { name, args: {}, ...(id && { id }) } });
  const response = (name: string, value: object = { output: name }, id?: string) => ({
    functionResponse: { name, response: value, ...(id && { id }) },
  });
  const idsOf = (contents: object[]) =>
    read({ contents }).messages.flatMap(({ content }) =>
      content.flatMap((part) => (part.type === 'tool-call' ? [part.id] : part.type === 'tool-result' ? [part.callId] : [])),
    );

  test('pair up by name and order where there are no ids', () => {
    const contents = [
      { role: 'model', parts: [call('a'), call('b'), call('a')] },
      { role: 'function', parts: [response('b'), response('a'), response('a')] },
      { role: 'model', parts: [call('a')] },
      { role: 'user', parts: [response('a')] },
    ];
    expect(idsOf(contents)).toEqual(['gcall_0', 'gcall_1', 'gcall_2', 'gcall_1', 'gcall_0', 'gcall_2', 'gcall_3', 'gcall_3']);
    // The same conversation gets the same ids, so that prompt caches keep hitting.
    expect(idsOf(contents)).toEqual(idsOf(structuredClone(contents)));
  });

  test('by id where there are some', () => {
    expect(
      idsOf([
        { role: 'model', parts: [call('a', 'x'), call('a', 'y')] },
        { role: 'user', parts: [response('a', {}, 'y'), response('a', {}, 'x')] },
      ]),
    ).toEqual(['x', 'y', 'y', 'x']);
    expect(
      idsOf([
        { role: 'model', parts: [call('a')] },
        { role: 'user', parts: [response('a', {}, 'lost')] },
      ]),
    ).toEqual(['gcall_0', 'gcall_0']);
  });

  test('results are apart from text, and first', () => {
    const { messages } = read({
      contents: [
        { role: 'model', parts: [call('a')] },
        { role: 'user', parts: [{ text: 'and' }, response('a')] },
      ],
    });
    expect(messages.map(({ role }) => role)).toEqual(['assistant', 'tool', 'user']);
  });

  test('what a function answered, as others read it', () => {
    const content = (value: object, more: object = {}) => {
      const { messages } = read({ contents: [{ role: 'user', parts: [{ functionResponse: { name: 'f', response: value, ...more } }] }] });
      const result = messages[0]!.content[0]!;
      if (result.type !== 'tool-result') throw new Error('no result');
      const { type: _type, callId: _id, name: _name, ...rest } = result;
      return rest;
    };
    expect(content({ result: 'ok' })).toEqual({ content: [{ type: 'text', text: 'ok' }], extra: { gemini: { responseKey: 'result' } } });
    expect(content({ result: 4 })).toEqual({ content: [{ type: 'text', text: '{"result":4}' }] });
    expect(content({ error: 'no' })).toEqual({ content: [{ type: 'text', text: 'no' }], isError: true });
    expect(content({}, { scheduling: 'SILENT', parts: [{ inlineData: { mimeType: 'image/png', data: 'AA' } }] })).toEqual({
      content: [
        { type: 'text', text: '{}' },
        { type: 'image', source: { kind: 'base64', data: 'AA', mediaType: 'image/png' } },
      ],
      extra: { gemini: { scheduling: 'SILENT' } },
    });
  });
});

describe('the history of a chat of @google/genai', () => {
  test('chunks are one turn again', () => {
    const model = (...list: object[]) => ({ role: 'model', parts: list });
    const { messages } = read({
      contents: [
        { role: 'user', parts: [{ text: 'q' }] },
        model({ text: 'Let ', thought: true }),
        model({ text: 'me', thought: true }),
        model({
          text: '',
          thought: true,
          thoughtSignature: sealThinking({ type: 'thinking', text: 'Let me', signature: { origin: 'anthropic', value: 's' } }),
        }),
        model({ text: 'Hel' }),
        model({ text: 'lo' }),
        model({ functionCall: { id: 'a', name: 'f', args: {} } }),
        model({ functionCall: { id: 'b', name: 'g', args: {} } }),
        model({ text: '' }),
        { role: 'user', parts: [{ functionResponse: { id: 'a', name: 'f', response: { output: '1' } } }] },
      ],
    });
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
    expect(messages[1]!.content).toEqual([
      { type: 'thinking', text: 'Let me', signature: { origin: 'anthropic', value: 's' } },
      { type: 'text', text: 'Hello' },
      { type: 'tool-call', kind: 'function', id: 'a', name: 'f', arguments: '{}' },
      { type: 'tool-call', kind: 'function', id: 'b', name: 'g', arguments: '{}' },
    ]);
  });

  test('what has a signature is not joined with what follows, and an empty answer is no turn', () => {
    const signed = { text: 'a', thoughtSignature: 's' };
    const contents = [
      { role: 'user', parts: [{ text: 'q' }] },
      { role: 'model', parts: [signed] },
      { role: 'model', parts: [{ text: 'b' }] },
    ];
    expect(read({ contents }).messages[1]!.content).toEqual([
      { type: 'text', text: 'a', signature: { origin: 'google', value: 's' } },
      { type: 'text', text: 'b' },
    ]);
    expect(read({ contents: ['q', { role: 'model', parts: [] }, 'r'] }).messages.map(({ role }) => role)).toEqual(['user', 'user']);
    // Errors still name the content as the client counts it.
    expect(thrown(() => read({ contents: [...contents, { role: 'user', parts: [1] }] })).param).toBe('contents[3].parts[0]');
  });
});

describe('tools', () => {
  test("functions in JSON Schema and in Google's dialect, and Google's own tools", () => {
    const { tools } = read({
      tools: [
        {
          functionDeclarations: [
            {
              name: 'a',
              description: 'A',
              parameters: { type: 'OBJECT', properties: { n: { type: 'STRING', nullable: true, minLength: '2' } } },
            },
            { name: 'b', parametersJsonSchema: { type: 'object' } },
          ],
        },
        { google_search: {}, codeExecution: {} },
        { googleMaps: { x: 1 } },
      ],
    });
    expect(tools).toEqual([
      {
        type: 'function',
        name: 'a',
        description: 'A',
        parameters: { type: 'object', properties: { n: { type: ['string', 'null'], minLength: 2 } } },
        extra: { gemini: { parameters: { type: 'OBJECT', properties: { n: { type: 'STRING', nullable: true, minLength: '2' } } } } },
      },
      { type: 'function', name: 'b', parameters: { type: 'object' }, extra: { gemini: { parametersJsonSchema: { type: 'object' } } } },
      { type: 'provider', origin: 'google', kind: 'web-search', name: 'googleSearch', value: { googleSearch: {} } },
      { type: 'provider', origin: 'google', kind: 'code-execution', name: 'codeExecution', value: { codeExecution: {} } },
      { type: 'provider', origin: 'google', name: 'googleMaps', value: { googleMaps: { x: 1 } } },
    ]);
  });

  test.each<[object, object | undefined]>([
    [{ mode: 'AUTO' }, { type: 'auto' }],
    [{ mode: 'none' }, { type: 'none' }],
    [{ mode: 'ANY' }, { type: 'required' }],
    [
      { mode: 'ANY', allowedFunctionNames: ['f'] },
      { type: 'tool', name: 'f' },
    ],
    [
      { mode: 'ANY', allowed_function_names: ['f', 'g'] },
      { type: 'allowed', names: ['f', 'g'], required: true },
    ],
    [
      { mode: 'VALIDATED', allowedFunctionNames: ['f'] },
      { type: 'allowed', names: ['f'], required: false },
    ],
    [{ mode: 'MODE_UNSPECIFIED' }, undefined],
  ])('the choice %j', (functionCallingConfig, choice) => {
    expect(read({ toolConfig: { functionCallingConfig } }).toolChoice as object | undefined).toEqual(choice);
  });
});

describe('generationConfig', () => {
  test('every member', () => {
    const request = read({
      generationConfig: {
        temperature: 0,
        topP: 0.5,
        topK: 4,
        candidateCount: 2,
        maxOutputTokens: 9,
        stopSequences: ['x'],
        seed: 0,
        presencePenalty: 0.1,
        frequencyPenalty: 0.2,
        responseLogprobs: true,
        logprobs: 3,
        responseModalities: ['TEXT', 'IMAGE'],
        speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
        imageConfig: { aspectRatio: '1:1' },
        mediaResolution: 'MEDIA_RESOLUTION_LOW',
      },
      serviceTier: 'standard',
      store: false,
    });
    expect(request).toMatchObject({
      temperature: 0,
      topP: 0.5,
      topK: 4,
      candidateCount: 2,
      maxOutputTokens: 9,
      stop: ['x'],
      seed: 0,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      logprobs: true,
      topLogprobs: 3,
      modalities: ['text', 'image'],
      audio: { voice: 'Kore', format: 'pcm16' },
      serviceTier: 'default',
      store: false,
      extra: { gemini: { generationConfig: { imageConfig: { aspectRatio: '1:1' }, mediaResolution: 'MEDIA_RESOLUTION_LOW' } } },
    });
    expect(thrown(() => read({ generationConfig: { temperature: 'hot' } })).param).toBe('generationConfig.temperature');
  });

  test('the form of the answer', () => {
    const format = (generationConfig: object) => read({ generationConfig }).responseFormat;
    expect(format({ responseMimeType: 'application/json' })).toEqual({ type: 'json' });
    expect(format({ responseMimeType: 'application/json', responseJsonSchema: { type: 'object' } })).toEqual({
      type: 'json-schema',
      schema: { type: 'object' },
    });
    expect(format({ responseMimeType: 'application/json', responseSchema: { type: 'ARRAY', items: { type: 'STRING' } } })).toEqual({
      type: 'json-schema',
      schema: { type: 'array', items: { type: 'string' } },
    });
    expect(format({ responseMimeType: 'text/x.enum', responseSchema: { type: 'STRING', enum: ['a'] } })).toBeUndefined();
  });
});
