import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { SluiceError, type Provider, type StreamPart, type Transport } from '../../types/index.ts';
import { createCollector } from '../../protocols/shared/collect.ts';
import { completion, textCompletion } from '../completion.ts';
import { embedding, generateContent, messages, rerank, responses } from '../native.ts';
import { defineProvider, type ChatPiece, type FunctionChatRequest, type FunctionContext } from './index.ts';
import { PieceWriter } from './pieces.ts';

const seen: { request: FunctionChatRequest; context: FunctionContext }[] = [];

const acme = defineProvider({
  id: 'acme',
  label: 'Acme',
  keyEnv: 'ACME_KEY',
  async *chat(request, context) {
    seen.push({ request, context });
    yield { thinking: 'They greet.' };
    yield 'Hello ';
    yield { text: 'there.' };
    if (request.tools) yield { toolCalls: [{ id: 'call_1', name: 'weather', arguments: { city: 'Rome' } }] };
    yield { usage: { inputTokens: 3, outputTokens: 2, reasoningTokens: 4 } };
  },
  embeddings: ({ input }) => ({ embeddings: input.map((_, at) => [at, 0.5]), usage: { inputTokens: input.length, outputTokens: 0 } }),
  rerank: async ({ documents }) => ({ results: documents.map((_, index) => ({ index, relevanceScore: 1 - index / 10 })) }),
});
const options = { providers: [acme], env: { ACME_KEY: 'sk-canary' }, maxRetries: 0 };
const user = [{ role: 'user' as const, content: 'Hi' }];
const tools = [{ type: 'function' as const, function: { name: 'weather', parameters: { type: 'object', properties: {} } } }];

const all = async <T>(stream: AsyncIterable<T>): Promise<T[]> => {
  const events: T[] = [];
  for await (const event of stream) events.push(event);
  return events;
};

describe('a provider whose chat is a function answers clients of', () => {
  test('chat completions, whole and streamed', async () => {
    const whole = await completion({ model: 'acme/x', messages: user, tools, ...options });
    expect(whole.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { content: 'Hello there.', reasoning_content: 'They greet.', tool_calls: [{ id: 'call_1', function: { name: 'weather' } }] },
    });
    expect(JSON.stringify(whole.choices[0]!.message.tool_calls)).toContain('{\\"city\\":\\"Rome\\"}');
    expect(whole.usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 6, total_tokens: 9 });
    const chunks = await all(await completion({ model: 'acme/x', messages: user, stream: true, ...options }));
    expect(chunks.map(({ choices }) => choices[0]?.delta?.content ?? '').join('')).toBe('Hello there.');
    expect(chunks.findLast(({ choices }) => choices[0]?.finish_reason)?.choices[0]?.finish_reason).toBe('stop');
    const { request, context } = seen.at(-1)!;
    expect(request).toMatchObject({ model: 'x', stream: true, messages: [{ role: 'user', content: 'Hi' }] });
    expect(context.apiKey?.reveal()).toBe('sk-canary');
    expect(context.baseUrl).toBeUndefined();
  });

  test('Responses, Messages, Gemini and text completions', async () => {
    const responded = await responses({ model: 'acme/x', input: 'Hi', ...options });
    expect(JSON.stringify(responded)).toContain('Hello there.');
    const message = await messages({ model: 'acme/x', max_tokens: 50, messages: user, ...options });
    expect(message.content.map((block) => block.type)).toEqual(['thinking', 'text']);
    expect(message.usage).toMatchObject({ input_tokens: 3, output_tokens: 6 });
    const generated = await generateContent({ model: 'acme/x', contents: [{ role: 'user', parts: [{ text: 'Hi' }] }], ...options });
    expect(JSON.stringify(generated)).toContain('Hello there.');
    const text = await textCompletion({ model: 'acme/x', prompt: 'Hi', ...options });
    expect(text.choices[0]!.text).toBe('Hello there.');
    const events = await all(await messages({ model: 'acme/x', max_tokens: 50, messages: user, stream: true, ...options }));
    expect(events.at(-1)).toMatchObject({ type: 'message_stop' });
    expect(seen.at(-1)!.request).toMatchObject({ max_tokens: 50, messages: [{ role: 'user', content: 'Hi' }] });
  });

  test('embeddings and reranking', async () => {
    const embedded = await embedding({ model: 'acme/x', input: ['a', 'b'], ...options });
    expect(embedded.data.map((each) => each.embedding)).toEqual([
      [0, 0.5],
      [1, 0.5],
    ]);
    expect(embedded.usage).toMatchObject({ prompt_tokens: 2 });
    const ranked = await rerank({ model: 'acme/x', query: 'q', documents: ['a', 'b'], ...options });
    expect(ranked.results.map(({ index, relevance_score }) => [index, relevance_score])).toEqual([
      [0, 1],
      [1, 0.9],
    ]);
  });
});

const told = (call: Promise<unknown>): Promise<SluiceError> =>
  call.then(
    () => {
      throw new Error('it went through');
    },
    (error: unknown) => error as SluiceError,
  );

describe('a function', () => {
  const of = (chat: NonNullable<Parameters<typeof defineProvider>[0]['chat']>) => ({
    providers: [defineProvider({ id: 'mine', chat })],
    env: {},
    maxRetries: 0,
  });

  test('may answer at once', async () => {
    for (const chat of [() => 'Hi', async () => 'Hi', async () => ({ text: 'Hi' })]) {
      const { choices } = await completion({ model: 'mine/x', messages: user, ...of(chat) });
      expect(choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'Hi' } });
    }
  });

  test('that fails is a failure of its provider, before and within a stream', async () => {
    const fails = of(() => {
      throw new Error('no credit');
    });
    const before = await told(completion({ model: 'mine/x', messages: user, ...fails }));
    expect(before).toMatchObject({ code: 'bad_gateway', provider: 'mine', message: 'mine failed: no credit' });
    const named = of(() => {
      throw new SluiceError('rate_limited', 'Slow down.');
    });
    expect(await told(completion({ model: 'mine/x', messages: user, ...named }))).toMatchObject({ code: 'rate_limited' });
    const later = of(async function* () {
      yield 'Hel';
      throw new Error('gone');
    });
    const stream = await completion({ model: 'mine/x', messages: user, stream: true, ...later });
    expect(await told(all(stream))).toMatchObject({ message: 'mine failed: gone' });
  });

  test('ends when its reader leaves', async () => {
    let ended = false;
    let aborted = false;
    const endless = of(async function* (_, { signal }) {
      signal.addEventListener('abort', () => (aborted = true));
      try {
        for (;;) {
          yield 'word ';
          await Bun.sleep(1);
        }
      } finally {
        ended = true;
      }
    });
    const stream = await completion({ model: 'mine/x', messages: user, stream: true, ...endless });
    for await (const _ of stream) break;
    await Bun.sleep(10);
    expect([ended, aborted]).toEqual([true, true]);
  });
});

describe('a definition', () => {
  const calls: { url: string; headers: Record<string, string>; body: string }[] = [];
  const transport: Transport = async ({ url, headers, body }) => {
    calls.push({ url, headers, body: String(body) });
    const text = JSON.stringify({
      id: 'c',
      object: 'chat.completion',
      choices: [{ index: 0, message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' }],
    });
    let bytes: Uint8Array | undefined = new TextEncoder().encode(text);
    return {
      status: 200,
      headers: new Headers({ 'content-type': 'application/json' }),
      read: async () => {
        const now = bytes;
        bytes = undefined;
        return now;
      },
      bytes: async () => new TextEncoder().encode(text),
      cancel: () => {},
    };
  };

  test('of data is a vendor like a row of the table', async () => {
    const vendor = defineProvider({
      id: 'corp',
      baseUrl: 'https://llm.corp.test/v1/',
      keyEnv: ['CORP_KEY'],
      headers: { 'X-Team': 'blue' },
      quirks: { rename: { max_completion_tokens: 'max_tokens' } },
    });
    await completion({ model: 'corp/m', messages: user, max_completion_tokens: 5, providers: [vendor], env: { CORP_KEY: 'k' }, transport });
    const { url, headers, body } = calls.at(-1)!;
    expect(url).toBe('https://llm.corp.test/v1/chat/completions');
    expect(headers).toMatchObject({ authorization: 'Bearer k', 'x-team': 'blue' });
    expect(JSON.parse(body)).toMatchObject({ model: 'm', max_tokens: 5 });
  });

  test('of the same name as a built-in one takes its place for the call alone', async () => {
    const groq = defineProvider({ id: 'groq', baseUrl: 'https://groq.corp.test', endpoints: ['chat'] });
    await completion({ model: 'groq/m', messages: user, providers: [groq], env: {}, transport });
    expect(calls.at(-1)!.url).toBe('https://groq.corp.test/chat/completions');
    await completion({ model: 'groq/m', messages: user, env: { GROQ_API_KEY: 'k' }, transport });
    expect(calls.at(-1)!.url).toBe('https://api.groq.com/openai/v1/chat/completions');
  });

  test.each([
    [{ id: 'A b' }, 'id must be'],
    [{ id: 'a', chat: 'no' }, "'chat' of a must be a function"],
    [{ id: 'a', baseUrl: 'acme.test' }, 'base URL of a'],
  ])('%j is refused', (definition, why) => {
    expect(() => defineProvider(definition as Parameters<typeof defineProvider>[0])).toThrow(why);
  });

  test('has what it says and no more', () => {
    const has = ({ speaks, operations }: Provider) => [Object.keys(speaks), Object.keys(operations ?? {})];
    expect(has(defineProvider({ id: 'a' }))).toEqual([['chat'], []]);
    expect(has(defineProvider({ id: 'a', embeddings: () => ({ embeddings: [] }) }))).toEqual([['embeddings'], []]);
    expect(has(defineProvider({ id: 'a', endpoints: ['responses', 'speech', 'messages'] }))).toEqual([
      ['responses', 'messages'],
      ['speech'],
    ]);
  });
});

test('pieces in any order are parts as parts must be', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.record<ChatPiece>({ thinking: fc.string() }),
    fc.record<ChatPiece>({
      toolCalls: fc.array(fc.record({ name: fc.constantFrom('a', 'b'), arguments: fc.constant('{}') }), { maxLength: 3 }),
    }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const parts: StreamPart[] = [];
      const collector = createCollector();
      const writer = new PieceWriter((part) => {
        parts.push(part);
        collector.push(part);
      }, 'm');
      for (const each of pieces) writer.push(each);
      writer.end();
      const texts = pieces.map((each) => (typeof each === 'string' ? each : '')).join('');
      const [candidate] = collector.result().candidates;
      const said = (candidate?.content ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('');
      expect(said).toBe(texts);
      const count = (type: StreamPart['type']) => parts.filter((part) => part.type === type).length;
      expect(count('part-start')).toBe(count('part-end'));
      expect([count('start'), count('finish'), count('end')]).toEqual([1, 1, 1]);
    }),
  );
});
