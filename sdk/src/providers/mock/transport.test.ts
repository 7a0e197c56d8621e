import { describe, expect, test } from 'bun:test';
import { cohereRerank, openaiChat, openaiEmbeddings } from '../../protocols/index.ts';
import { createSseParser } from '../../lib/sse.ts';
import type { Clock } from '../../lib/clock.ts';
import { SluiceError, type JsonObject, type Target, type TransportResponse } from '../../types/index.ts';
import { openai } from '../openai/index.ts';
import { mock, mocked } from './index.ts';
import { createMockTransport } from './transport.ts';

const slept: number[] = [];
const clock: Clock = {
  now: () => 1_700_000_000_000,
  sleep: (ms, signal) => {
    slept.push(ms);
    return signal?.aborted || ms > 1e8 ? Promise.reject(signal?.reason as Error) : Promise.resolve();
  },
};
const transport = createMockTransport({ chat: openaiChat, embeddings: openaiEmbeddings, reranking: cohereRerank, clock });
const send = (
  body: JsonObject,
  options?: Record<string, unknown>,
  path = '/chat/completions',
  signal?: AbortSignal,
): Promise<TransportResponse> =>
  transport({
    method: 'POST',
    url: `https://mock.invalid/v1${path}`,
    headers: {},
    body: JSON.stringify(body),
    ...(options && { options }),
    ...(signal && { signal }),
  });
const json = async (response: TransportResponse) =>
  JSON.parse(new TextDecoder().decode(await response.bytes(1e7))) as JsonObject & {
    choices: { message: JsonObject; finish_reason: string }[];
  };
const chat = (model: string, more: JsonObject = {}): JsonObject => ({
  model,
  messages: [{ role: 'user', content: 'Hello there' }],
  ...more,
});

const events = async (response: TransportResponse): Promise<string[]> => {
  const found: string[] = [];
  const parser = createSseParser(({ data }) => found.push(data));
  for (let bytes = await response.read(); bytes; bytes = await response.read()) parser.push(bytes);
  parser.close();
  return found;
};

describe('the mock provider', () => {
  test("answers in OpenAI's format", async () => {
    const response = await send(chat('echo'));
    expect(response.status).toBe(200);
    const body = await json(response);
    expect(body).toMatchObject({
      object: 'chat.completion',
      model: 'echo',
      usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 },
    });
    expect(body.choices[0]).toMatchObject({ message: { role: 'assistant', content: 'Hello there' }, finish_reason: 'stop' });
  });

  test('streams word by word, with waits between', async () => {
    slept.length = 0;
    const response = await send(chat('slow', { stream: true, stream_options: { include_usage: true } }));
    const found = await events(response);
    expect(found.at(-1)).toBe('[DONE]');
    const chunks = found.slice(0, -1).map((each) => JSON.parse(each) as { choices: { delta: { content?: string } }[]; usage?: JsonObject });
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('This is the mock model. You said: Hello there');
    expect(chunks.filter(({ choices }) => choices[0]?.delta.content).length).toBe(9);
    expect(chunks.some(({ usage }) => usage?.['completion_tokens'] === 9)).toBe(true);
    expect(slept[0]).toBe(1000);
    expect(slept.filter((ms) => ms === 50).length).toBeGreaterThan(8);
  });

  test('streams tool calls in pieces that join to JSON', async () => {
    const tool = {
      type: 'function',
      function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' }, days: { type: 'integer' } } } },
    };
    const found = await events(await send(chat('tools', { stream: true, tools: [tool] })));
    const pieces = found
      .slice(0, -1)
      .flatMap(
        (each) =>
          (JSON.parse(each) as { choices: { delta: { tool_calls?: { function: { arguments?: string } }[] } }[] }).choices[0]?.delta
            .tool_calls ?? [],
      );
    expect(pieces.length).toBeGreaterThan(2);
    expect(JSON.parse(pieces.map((piece) => piece.function.arguments ?? '').join(''))).toEqual({ city: 'mock', days: 1 });
  });

  test.each([
    [chat('error-429'), undefined, 429],
    [chat('error-503'), undefined, 503],
    [chat('gpt-4o'), { mock_response: 'litellm.RateLimitError' }, 429],
    [chat('gpt-4o'), { mock_response: 'litellm.ContextWindowExceededError' }, 400],
    [chat('gpt-4o'), { mock_response: 'Exception: mock_streaming_error' }, 529],
    [chat('error-nothing'), undefined, 404],
    [{ model: 'echo' }, undefined, 400],
  ])('failures are HTTP answers: case %#', async (body, options, status) => {
    const response = await send(body, options);
    expect(response.status).toBe(status);
    expect(typeof (await json(response))['error']).toBe('object');
  });

  test('a stream breaks with an error event after its first output', async () => {
    const found = await events(await send(chat('stream-error', { stream: true })));
    expect(found.some((each) => each.includes('"content":"This '))).toBe(true);
    expect(found.at(-1)).toContain('"error"');
    expect(found).not.toContain('[DONE]');
  });

  test("an answer in OpenAI's own shape is given as it is", async () => {
    const body = { id: 'mine', choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }], custom: 1 };
    expect(await json(await send(chat('gpt-4o'), { mock_response: body }))).toMatchObject(body);
    expect((await events(await send(chat('gpt-4o', { stream: true }), { mock_response: body }))).join('')).toContain('"content":"Hi"');
  });

  test('embeds', async () => {
    const body = await json(await send({ model: 'embed', input: ['a', 'b'], dimensions: 4 }, undefined, '/embeddings'));
    expect(body['data']).toMatchObject([{ index: 0 }, { index: 1 }]);
  });

  test('who leaves is not kept waiting', async () => {
    const reason = new SluiceError('client_closed_request', 'left');
    const controller = new AbortController();
    const real = createMockTransport({ chat: openaiChat, embeddings: openaiEmbeddings, reranking: cohereRerank });
    const pending = real({
      method: 'POST',
      url: 'https://mock.invalid/v1/chat/completions',
      headers: {},
      body: JSON.stringify(chat('timeout')),
      signal: controller.signal,
    }).catch((error: unknown) => error);
    controller.abort(reason);
    expect(await pending).toBe(reason);
  });

  test('is cancelled between two pieces', async () => {
    const response = await send(chat('echo', { stream: true }));
    await response.read();
    response.cancel();
    expect(await response.read()).toBeUndefined();
  });
});

describe('mocked', () => {
  const target: Target = { provider: openai, model: 'gpt-4o', baseUrl: 'https://proxy.test/v1' };

  test('takes the place of the provider where an answer is given', async () => {
    const taken = mocked({ ...target, options: { mock_response: 'Hi' } });
    expect(taken.provider).toMatchObject({ id: 'openai', label: 'OpenAI', auth: { kind: 'none' } });
    expect(taken.provider.transport).toBe(mock.transport!);
    expect(taken.baseUrl).toBeUndefined();
    const response = await taken.provider.transport!({
      method: 'POST',
      url: 'https://mock.invalid/v1/chat/completions',
      headers: {},
      body: JSON.stringify(chat('gpt-4o')),
      options: taken.options,
    });
    expect((await json(response)).choices[0]!.message['content']).toBe('Hi');
  });

  test('and leaves every other target alone', () => {
    expect(mocked(target)).toBe(target);
    const off = { ...target, options: { mock_timeout: false } };
    expect(mocked(off)).toBe(off);
    const own: Target = { provider: mock, model: 'echo', options: { mock_response: 'x' } };
    expect(mocked(own)).toBe(own);
  });
});
