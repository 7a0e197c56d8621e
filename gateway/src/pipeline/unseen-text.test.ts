import { describe, expect, test } from 'bun:test';
import { estimateInput } from './estimate-input.ts';
import { unseenTokens } from './unseen-text.ts';

/* A prompt counts wherever it stands: a budget must not be passed by what an estimate does not look at (FP-5). */

const long = 'word '.repeat(4000);
const tokens = long.length / 4;
const file = Buffer.from(long).toString('base64');
const messages = [{ role: 'user', content: 'hi' }];
const turn = (part: object) => ({ messages: [{ role: 'user', content: [part] }] });
const contents = (part: object) => ({ contents: [{ role: 'user', parts: [part] }] });

describe('text that an estimate does not see is counted', () => {
  test.each<[string, object]>([
    ['schema of an answer', { messages, response_format: { type: 'json_schema', json_schema: { schema: { description: long } } } }],
    ['schema of a response', { input: 'x', text: { format: { type: 'json_schema', schema: { description: long } } } }],
    ['schema of Gemini', { generationConfig: { responseSchema: { description: long } } }],
    ['prediction', { messages, prediction: { type: 'content', content: long } }],
    ['suffix', { prompt: 'x', suffix: long }],
    ['message of Cohere', { message: long }],
    ['text of Titan', { inputText: long }],
    ['content of an embedding of Gemini', { content: { parts: [{ text: long }] } }],
    ['document of text', turn({ type: 'document', source: { type: 'text', media_type: 'text/plain', data: long } })],
    ['argument called data', turn({ type: 'tool_use', id: 't', name: 'x', input: { data: long } })],
    ['argument called url, deeper', turn({ type: 'tool_use', id: 't', name: 'x', input: { all: [{ url: long }] } })],
    ['argument like a picture', turn({ type: 'tool_use', id: 't', name: 'x', input: { type: 'image', data: long } })],
    ['name of an argument', turn({ type: 'tool_use', id: 't', name: 'x', input: { [long]: 1 } })],
    ['result of a function', contents({ functionResponse: { name: 'x', response: { data: long } } })],
    ['arguments of a function', contents({ functionCall: { name: 'x', args: { uri: long } } })],
    ['text like a file', { messages: [{ role: 'user', content: `data:;base64,${long}` }] }],
    ['part of text like a file', turn({ type: 'text', text: `data:image/png;base64,${'word'.repeat(5000)}` })],
    ['system prompt like a file', { messages, system: `data:;base64,${long}` }],
  ])('%s', (_, body) => {
    expect(estimateInput(body as never, 0)).toBeLessThan(tokens / 10);
    expect(unseenTokens(body as never)).toBeGreaterThanOrEqual(tokens);
  });
  test.each<[string, object]>([
    ['file of OpenAI', turn({ type: 'file', file: { filename: 'a.txt', file_data: `data:text/plain;base64,${file}` } })],
    ['file of Gemini', contents({ inlineData: { mimeType: 'text/markdown', data: file } })],
    ['document of Anthropic', turn({ type: 'document', source: { type: 'base64', media_type: 'text/plain', data: file } })],
  ])('%s, in base64', (_, body) => expect(unseenTokens(body as never)).toBeGreaterThanOrEqual(tokens * 0.99));
});

describe('what is no text, or is counted already, is not', () => {
  const picture = Buffer.alloc(30_000, 7).toString('base64');
  test.each<[string, object]>([
    ['plain call', { model: 'm', messages, temperature: 1, max_tokens: 5, stream: true, stop: ['a'], user: 'somebody' }],
    ['long prompt', { model: 'm', messages: [{ role: 'user', content: long }], system: long }],
    [
      'tools',
      {
        messages,
        tools: [{ type: 'function', function: { name: 'x', parameters: { type: 'object', properties: { y: { description: long } } } } }],
      },
    ],
    ['metadata', { messages, metadata: { note: long }, litellm_metadata: { note: long } }],
    ['picture', turn({ type: 'image_url', image_url: { url: `data:image/png;base64,${picture}` } })],
    [
      'picture of a response',
      { input: [{ role: 'user', content: [{ type: 'input_image', image_url: `data:image/png;base64,${picture}` }] }] },
    ],
    ['picture of Anthropic', turn({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: picture } })],
    ['picture of Gemini', contents({ inlineData: { mimeType: 'image/png', data: picture } })],
    ['pictures of Ollama', { messages: [{ role: 'user', content: 'x', images: [picture] }], images: [picture] }],
    ['picture of Bedrock', turn({ image: { format: 'png', source: { bytes: picture } } })],
    ['sound', turn({ type: 'input_audio', input_audio: { data: picture, format: 'wav' } })],
    ['document that is a file', turn({ type: 'document_url', document_url: `data:application/pdf;base64,${picture}` })],
    ['pictures to embed', { input: [`data:image/png;base64,${picture}`] }],
    [
      'result of a tool with a picture',
      turn({ type: 'tool_result', content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: picture } }] }),
    ],
  ])('%s', (_, body) => expect(unseenTokens(body as never)).toBe(0));
});
