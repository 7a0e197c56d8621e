import { describe, expect, test } from 'bun:test';
import { fromLine } from './recordings.ts';
import { placeOf } from './wire-formats.ts';
import { clientRequest, declaredTools } from './wire-requests.ts';

const schema = { type: 'object', properties: { a: { type: 'number' } } };

describe('declared tools', () => {
  test('are found in every format', () => {
    const name = 'add';
    const bodies = [
      { tools: [{ type: 'function', function: { name, parameters: schema } }] },
      { functions: [{ name, parameters: schema }] },
      { tools: [{ type: 'function', name, parameters: schema }, { type: 'web_search' }] },
      {
        tools: [
          { name, input_schema: schema },
          { type: 'bash_20250124', name: 'bash' },
        ],
      },
      { tools: [{ functionDeclarations: [{ name, parameters: schema }] }, { googleSearch: {} }] },
    ];
    for (const body of bodies) expect(declaredTools(body)).toEqual([{ name, description: 'A tool.', parameters: schema, custom: false }]);
    expect(declaredTools({ tools: [{ type: 'custom', custom: { name } }] })).toMatchObject([{ name, custom: true }]);
  });
});

test('a request carries the tools, the model and the stream flag of its format', () => {
  const recording = fromLine(
    {
      source: 's',
      file: 'f',
      n: 0,
      provider: 'anthropic',
      endpoint: '/v1/messages',
      model: 'claude',
      stream: true,
      method: 'POST',
      url: 'https://api.anthropic.com/v1/messages?beta=true',
      req_headers: {},
      req_body: JSON.stringify({ tools: [{ name: 'add', input_schema: schema }] }),
      status: 200,
      resp_headers: {},
      resp_body: '',
    },
    0,
  );
  expect(placeOf(recording)).toEqual({ format: 'anthropic-messages', base: '', query: '?beta=true' });
  expect(clientRequest('openai-chat', recording, 'm')).toMatchObject({ model: 'm', stream: true, tools: [{ function: { name: 'add' } }] });
  expect(clientRequest('gemini', recording, 'm')).toMatchObject({
    tools: [{ functionDeclarations: [{ name: 'add', parametersJsonSchema: schema }] }],
  });
});

test('places of other URLs', () => {
  const place = (url: string) => placeOf({ method: 'POST', url });
  expect(place('/openai/v1/chat/completions')).toMatchObject({ format: 'openai-chat', base: '/openai/v1' });
  expect(place('<OLLAMA_API_BASE>/chat/completions')).toMatchObject({ format: 'openai-chat', base: '' });
  expect(place('https://host/v1beta/models/gemini-2.0-flash:streamGenerateContent?alt=sse')).toEqual({
    format: 'gemini',
    base: '/v1beta',
    query: '?alt=sse',
  });
  expect(place('https://host/v1/embeddings')).toBeUndefined();
});
