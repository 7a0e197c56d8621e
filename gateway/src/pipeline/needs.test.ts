import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import type { JsonObject } from 'sluice/kit';
import { BodyNeeds } from './needs.ts';

const needs = (body: JsonObject) => new BodyNeeds(body, JSON.stringify(body).length);
const abilities = (body: JsonObject) => [...needs(body).abilities].sort().join(' ');
const user = (...content: unknown[]) => ({ messages: [{ role: 'user', content }] });
const pixel = 'iVBORw0KGgo=';

describe('media', () => {
  test.each<[string, JsonObject, string]>([
    ['nothing but text', user({ type: 'text', text: 'an image_url' }), ''],
    ['chat: a picture', user({ type: 'image_url', image_url: { url: 'https://a.test/x.png' } }), 'vision'],
    ['chat: sound', user({ type: 'input_audio', input_audio: { data: pixel, format: 'wav' } }), 'audio_input'],
    ['chat: a film', user({ type: 'video_url', video_url: { url: 'https://a.test/x.mp4' } }), 'video_input'],
    ['chat: a PDF by name', user({ type: 'file', file: { filename: 'a.PDF', file_data: pixel } }), 'pdf_input'],
    ['chat: a PDF by its data', user({ type: 'file', file: { file_data: 'data:application/pdf;base64,AA' } }), 'pdf_input'],
    ['chat: a file by its id, of which nothing is known', user({ type: 'file', file: { file_id: 'file-1' } }), ''],
    [
      'Responses: a picture',
      { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'data:image/png;base64,AA' }] }] },
      'vision',
    ],
    [
      'Responses: a PDF by its URL',
      { input: [{ role: 'user', content: [{ type: 'input_file', file_url: 'https://a.test/a.pdf' }] }] },
      'pdf_input',
    ],
    [
      "Responses: a tool's picture",
      { input: [{ type: 'function_call_output', call_id: 'c', output: [{ type: 'input_image', image_url: 'x' }] }] },
      'vision',
    ],
    [
      'Responses: a screenshot',
      { input: [{ type: 'computer_call_output', output: { type: 'computer_screenshot', image_url: 'x' } }] },
      'vision',
    ],
    ['Responses: a plain text', { input: 'an image' }, ''],
    ['Anthropic: a picture', user({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: pixel } }), 'vision'],
    ['Anthropic: a PDF', user({ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: pixel } }), 'pdf_input'],
    ['Anthropic: a document of text', user({ type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'x' } }), ''],
    ["Anthropic: a tool's picture", user({ type: 'tool_result', tool_use_id: 't', content: [{ type: 'image', source: {} }] }), 'vision'],
    [
      'Anthropic: what a tool is called with is no picture',
      user({ type: 'tool_use', id: 't', name: 'f', input: { content: [{ type: 'image' }] } }),
      '',
    ],
    ['Gemini: a picture', { contents: [{ parts: [{ inlineData: { mimeType: 'image/png', data: pixel } }] }] }, 'vision'],
    ['Gemini: in its other spelling', { contents: [{ parts: [{ inline_data: { mime_type: 'image/png', data: pixel } }] }] }, 'vision'],
    [
      'Gemini: files',
      {
        contents: [
          { parts: [{ fileData: { mimeType: 'video/mp4', fileUri: 'x' } }, { fileData: { mimeType: 'application/pdf', fileUri: 'x' } }] },
        ],
      },
      'pdf_input video_input',
    ],
    ['Gemini: sound', { contents: [{ parts: [{ inlineData: { mimeType: 'audio/wav', data: pixel } }] }] }, 'audio_input'],
    ['Bedrock: a picture', user({ image: { format: 'png', source: { bytes: pixel } } }), 'vision'],
    [
      'Bedrock: a PDF and a table',
      user({ document: { format: 'pdf', source: {} } }, { document: { format: 'csv', source: {} } }),
      'pdf_input',
    ],
    ['Bedrock: a film', user({ video: { format: 'mp4', source: {} } }), 'video_input'],
    ["Bedrock: a tool's picture", user({ toolResult: { toolUseId: 't', content: [{ image: { format: 'png', source: {} } }] } }), 'vision'],
    ['Ollama: a picture', { messages: [{ role: 'user', content: 'x', images: [pixel] }] }, 'vision'],
    ['Ollama: a picture to generate from', { prompt: 'x', images: [pixel] }, 'vision'],
    ['Cohere: a picture', user({ type: 'image_url', image_url: { url: 'https://a.test/x.png' } }), 'vision'],
  ])('%s', (_, body, wanted) => {
    expect(abilities(body)).toBe(wanted);
  });

  test('whatever stands there, nothing breaks', () => {
    for (const odd of [null, 1, 'x', [], {}, [null], [[{}]], { parts: 3 }, [{ content: null }], [{ type: 7 }], [{ type: 'constructor' }]])
      for (const name of [
        'messages',
        'contents',
        'input',
        'tools',
        'toolConfig',
        'system',
        'images',
        'text',
        'generationConfig',
        'response_format',
      ])
        expect(abilities({ [name]: odd })).toMatch(/^(|vision|function_calling)$/);
  });

  test('tools within tools end', () => {
    let deep: unknown = [{ type: 'image' }];
    for (let level = 0; level < 100; level++) deep = [{ type: 'tool_result', content: deep }];
    expect(abilities({ messages: [{ role: 'user', content: deep }] })).toBe('');
  });
});

describe('tools', () => {
  test.each<[string, JsonObject, string]>([
    ['a function', { tools: [{ type: 'function', function: { name: 'f' } }] }, 'function_calling'],
    ['none', { tools: [], toolConfig: { tools: [] }, functions: [] }, ''],
    ['of old', { functions: [{ name: 'f' }] }, 'function_calling'],
    ["Anthropic's", { tools: [{ name: 'f', input_schema: {} }] }, 'function_calling'],
    ["Anthropic's search", { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }, 'web_search'],
    ["OpenAI's search", { tools: [{ type: 'web_search_preview' }, { type: 'function', name: 'f' }] }, 'function_calling web_search'],
    ['search in chat', { web_search_options: {} }, 'web_search'],
    ['what OpenAI runs itself', { tools: [{ type: 'file_search' }, { type: 'code_interpreter' }, { type: 'mcp' }] }, ''],
    ["Gemini's", { tools: [{ functionDeclarations: [{ name: 'f' }] }] }, 'function_calling'],
    ["Gemini's search and pages", { tools: [{ googleSearch: {} }, { url_context: {} }] }, 'url_context web_search'],
    ["Bedrock's", { toolConfig: { tools: [{ toolSpec: { name: 'f' } }, { cachePoint: { type: 'default' } }] } }, 'function_calling'],
  ])('%s', (_, body, wanted) => {
    expect(abilities(body)).toBe(wanted);
  });
});

describe('a schema for the answer', () => {
  const schema = { type: 'object' };
  test.each<[string, JsonObject, string]>([
    ['chat', { response_format: { type: 'json_schema', json_schema: { schema } } }, 'response_schema'],
    ['any JSON is no schema', { response_format: { type: 'json_object' } }, ''],
    ['Responses', { text: { format: { type: 'json_schema', schema } } }, 'response_schema'],
    ['Anthropic', { output_format: { type: 'json_schema', schema } }, 'response_schema'],
    ["Anthropic's other name", { output_config: { format: { type: 'json_schema', schema } } }, 'response_schema'],
    ['Gemini', { generationConfig: { responseSchema: schema } }, 'response_schema'],
    ["Gemini's other name", { generation_config: { responseJsonSchema: schema } }, 'response_schema'],
    ['Bedrock', { outputConfig: { textFormat: { structure: { jsonSchema: { schema: '{}' } } } } }, 'response_schema'],
    ['Ollama', { format: schema }, 'response_schema'],
    ['Ollama: any JSON', { format: 'json' }, ''],
    ['Cohere', { response_format: { type: 'json_object', json_schema: schema } }, 'response_schema'],
  ])('%s', (_, body, wanted) => {
    expect(abilities(body)).toBe(wanted);
  });
});

describe('output', () => {
  test.each<[JsonObject, number | undefined]>([
    [{ max_tokens: 5 }, 5],
    [{ max_completion_tokens: 6, max_tokens: 5 }, 6],
    [{ max_output_tokens: 7 }, 7],
    [{ generationConfig: { maxOutputTokens: 8 } }, 8],
    [{ inferenceConfig: { maxTokens: 9 } }, 9],
    [{ options: { num_predict: 10 } }, 10],
    [{ options: { num_predict: -1 } }, undefined],
    [{ max_tokens: '5' }, undefined],
    [{}, undefined],
  ])('%p: %p', (body, wanted) => {
    expect(needs(body).maxOutputTokens).toBe(wanted);
  });
});

describe('input', () => {
  test('is estimated once, and never more than it is at most', () => {
    const bodies: JsonObject[] = [
      {},
      { input: 'x' },
      { input: ['a', 'b', 'c'] },
      { input: [1, 2, 3] },
      { messages: [{ role: 'user', content: '' }] },
      { messages: [{ role: 'user', content: '\u6f22\u5b57'.repeat(50) }] },
      user({ type: 'image_url', image_url: { url: 'x' } }),
      { contents: [{ parts: [{ text: 'Hello' }] }], tools: [{ functionDeclarations: [{ name: 'f', parameters: { a: 1 } }] }] },
    ];
    for (const body of bodies) {
      const found = needs(body);
      expect(found.inputTokens).toBeLessThanOrEqual(found.inputTokensAtMost);
      expect(found.inputTokens).toBe(found.inputTokens);
    }
  });

  test('whatever the body is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (messages, tools) => {
        const found = needs({ messages, tools, input: messages });
        expect(found.inputTokens).toBeLessThanOrEqual(found.inputTokensAtMost);
      }),
    );
    const many = needs({ messages: Array.from({ length: 1000 }, () => ({})) });
    expect(many.inputTokens).toBeLessThanOrEqual(many.inputTokensAtMost);
  });

  test('text counts wherever it stands: who leaves pays for it, and limits of tokens count it (FP-5, FP-24)', () => {
    const long = 'word '.repeat(4000);
    for (const body of [
      { messages: [{ role: 'user', content: `data:;base64,${long}` }] },
      { messages: [], response_format: { type: 'json_schema', json_schema: { schema: { description: long } } } },
    ]) {
      expect(needs(body).inputTokens).toBeGreaterThan(4000);
      expect(needs(body).inputTokens).toBeLessThanOrEqual(needs(body).inputTokensAtMost);
    }
  });

  test('without a length it is the estimate', () => {
    const found = new BodyNeeds({ input: 'four' }, 0);
    expect(found.inputTokensAtMost).toBe(found.inputTokens);
  });
});
