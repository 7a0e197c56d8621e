import { describe, expect, test } from 'bun:test';
import { createCollector } from '../../protocols/shared/collect.ts';
import { chatProtocols, protocolOf } from '../../protocols/index.ts';
import { providers, targetOf } from '../../providers/index.ts';
import { SluiceError, type JsonObject, type Transport, type TransportRequest, type WireEvent } from '../../types/index.ts';
import { providerAnswers, fullText } from '../../../../test/kit/faults/answers.ts';
import type { CallContext, StreamAnswer } from '../call.ts';
import { exchange } from '../exchange.ts';
import { parserOf } from '../framing.ts';

type Ends = 'close' | 'break' | 'hang';
interface Upstream {
  pieces: readonly Uint8Array[];
  type?: string;
  ends?: Ends;
}

const connectionBroke = new SluiceError('connection', 'The connection broke.');
const bytes = (text: string) => new TextEncoder().encode(text);

/** Upstreams in the order of their calls, and what they were sent. */
const transportOf = (...upstreams: Upstream[]): { transport: Transport; sent: JsonObject[] } => {
  const sent: JsonObject[] = [];
  const transport = async ({ body, signal }: TransportRequest) => {
    sent.push(JSON.parse(String(body)) as JsonObject);
    const { pieces, type = 'text/event-stream', ends = 'close' } = upstreams.shift()!;
    const left = [...pieces];
    return {
      status: 200,
      headers: new Headers({ 'content-type': type }),
      read() {
        const next = left.shift();
        if (next || ends === 'close') return Promise.resolve(next);
        if (ends === 'break') return Promise.reject(connectionBroke);
        return new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
      },
      bytes: () => Promise.reject(connectionBroke),
      cancel: () => {},
    };
  };
  return { transport, sent };
};

const requests: Readonly<Record<string, JsonObject>> = {
  'openai-chat': { messages: [{ role: 'user', content: 'Hi' }], stream_options: { include_usage: true } },
  'openai-completions': { prompt: 'Hi', stream_options: { include_usage: true } },
  'openai-responses': { input: 'Hi', store: false },
  'anthropic-messages': { messages: [{ role: 'user', content: 'Hi' }], max_tokens: 500 },
  gemini: { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] },
  'ollama-chat': { messages: [{ role: 'user', content: 'Hi' }] },
  'ollama-generate': { prompt: 'Hi' },
  'cohere-chat': { messages: [{ role: 'user', content: 'Hi' }] },
  'bedrock-converse': { messages: [{ role: 'user', content: [{ text: 'Hi' }] }] },
};

/** Answers in OpenAI's chat format, whatever the client's. */
const chatOnly = 'openai/gpt-4.1';

interface Asked {
  format?: string;
  body?: JsonObject;
  from?: string;
  to?: string;
  upstreams: Upstream[];
  context?: Partial<CallContext>;
  where?: () => string;
}

/** One streamed call with a second deployment behind it. */
const stream = async ({ format: name = 'openai-chat', body = {}, from = chatOnly, to = from, upstreams, context, where }: Asked) => {
  const format = protocolOf(name);
  const { transport, sent } = transportOf(...upstreams);
  const at = (model: string) => {
    const prefer = model === chatOnly ? ({ prefer: 'chat' } as const) : {};
    return targetOf({ model, apiKey: 'k', options: { aws_region_name: 'us-east-1' }, ...prefer }, { providers, env: {} });
  };
  const why: SluiceError[] = [];
  const base: CallContext = { transport, ...context };
  const answer = (await exchange(
    {
      format,
      body: { model: 'm', stream: true, ...requests[name], ...body },
      path: { model: 'm', stream: true },
      stream: true,
      target: at(from),
    },
    {
      ...base,
      resume: async (make, error) => {
        why.push(error);
        return { answer: await make(at(to), base), where: where?.() ?? 'second' };
      },
    },
  )) as StreamAnswer;
  const events: WireEvent[] = [];
  for (let chunk = await answer.read(); chunk !== undefined; chunk = await answer.read()) {
    if (chunk instanceof Uint8Array) parserOf(format.framing, (event) => events.push(event)).push(chunk);
    else events.push(...chunk);
  }
  const collector = createCollector();
  const decoder = format.stream.decoder();
  for (const event of events) decoder.push(event, collector.push);
  decoder.close(collector.push);
  const text = () =>
    collector
      .result()
      .candidates.flatMap(({ content }) => content)
      .map((part) => (part.type === 'text' ? part.text : `<${part.type}>`))
      .join('');
  return { answer, events, sent, why, text, result: () => collector.result(), failure: answer.failure as SluiceError | undefined };
};

const answersOf = (format: string) => providerAnswers.find((each) => each.format === format)!;
const half = (format: string, ends: Ends = 'break'): Upstream => {
  const { events, firstText, streamType } = answersOf(format);
  return { pieces: events.slice(0, firstText + 1), type: streamType, ends };
};

const delta = (value: JsonObject, finish: string | null = null, usage?: JsonObject) =>
  bytes(
    `data: ${JSON.stringify({ id: 'c2', object: 'chat.completion.chunk', created: 2, model: 'other', choices: [{ index: 0, delta: value, finish_reason: finish }], ...(usage && { usage }) })}\n\n`,
  );
const done = bytes('data: [DONE]\n\n');
/** What the second deployment says. */
const rest = (...texts: string[]): Upstream => ({
  pieces: [
    delta({ role: 'assistant', content: '' }),
    ...texts.map((content) => delta({ content })),
    delta({}, 'stop', { prompt_tokens: 10, completion_tokens: 4, total_tokens: 14 }),
    done,
  ],
});
const chunks = (...texts: string[]): Upstream => ({ pieces: texts.map((content) => delta({ content })), ends: 'break' });

const models: Readonly<Record<string, string>> = {
  'openai-chat': chatOnly,
  'openai-responses': 'openai/responses/gpt-5',
  'anthropic-messages': 'anthropic/claude-sonnet-4-5',
  gemini: 'gemini/gemini-2.5-flash',
  'ollama-chat': 'ollama/m',
  'cohere-chat': 'cohere/command-a-03-2025',
  'bedrock-converse': 'bedrock/converse/amazon.nova-lite-v1:0',
};

/** What an event of the stream says, for counting. */
const count = (events: readonly WireEvent[], pattern: RegExp) =>
  events.filter(({ data, event }) => pattern.test(`${event ?? ''} ${data}`)).length;

describe('every client format, in front of every provider format that breaks off', () => {
  for (const { id: client } of chatProtocols)
    for (const { format: broken } of providerAnswers)
      test(`${client} <- ${broken}`, async () => {
        const from = models[broken]!;
        const { text, events, failure, answer, sent } = await stream({
          format: client,
          from,
          to: chatOnly,
          upstreams: [half(broken), rest(' and', ' whole')],
        });
        expect(failure).toBeUndefined();
        expect(text()).toBe(fullText);
        expect(sent).toHaveLength(2);
        expect(JSON.stringify(sent[1])).toContain('partial');
        expect(events.filter(({ comment }) => comment === 'sluice resumed on second')).toHaveLength(1);
        // Both calls are billed, and both are told of.
        expect(answer.facts.legs).toHaveLength(2);
        expect(answer.facts.usage!.inputTokens).toBeGreaterThan(10);
        expect(answer.facts.usage!.outputTokens).toBeGreaterThanOrEqual(5);
      });
});

describe('the stream stays one stream of its format', () => {
  test('openai-chat: one id, one role, one finish reason, one end mark', async () => {
    const { events } = await stream({ upstreams: [half('openai-chat'), rest(' and whole')] });
    const parsed = events.filter(({ data }) => data !== '[DONE]').map(({ data }) => JSON.parse(data) as { id: string; created: number });
    expect(new Set(parsed.map(({ id, created }) => `${id} ${created}`)).size).toBe(1);
    expect(count(events, /"role"/)).toBe(1);
    expect(count(events, /"finish_reason":"stop"/)).toBe(1);
    expect(count(events, /\[DONE\]/)).toBe(1);
    expect(events.at(-1)!.data).toBe('[DONE]');
  });

  test('anthropic-messages: one message, one block, in order', async () => {
    const { events } = await stream({
      format: 'anthropic-messages',
      from: 'anthropic/claude-sonnet-4-5',
      to: chatOnly,
      upstreams: [half('anthropic-messages'), rest(' and whole')],
    });
    expect(events.map(({ event }) => event).filter((each, index, all) => each !== all[index - 1])).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
  });

  test('openai-responses: one response, one item, sequence numbers without a gap', async () => {
    const { events } = await stream({
      format: 'openai-responses',
      from: 'openai/responses/gpt-5',
      to: chatOnly,
      upstreams: [half('openai-responses'), rest(' and whole')],
    });
    const parsed = events.map(({ data }) => JSON.parse(data) as { type: string; sequence_number: number; item_id?: string });
    expect(parsed.map(({ sequence_number: at }) => at)).toEqual(parsed.map((_, index) => index));
    expect(new Set(parsed.flatMap(({ item_id: id }) => id ?? [])).size).toBe(1);
    expect(parsed.filter(({ type }) => type === 'response.completed')).toHaveLength(1);
    expect(parsed.filter(({ type }) => type === 'response.output_item.added')).toHaveLength(1);
  });
});

describe('what is sent to go on', () => {
  const fact = 'The capital of France is';
  test('the text so far and a request to go on, within what is left of the limit', async () => {
    const { sent, text } = await stream({ body: { max_tokens: 1000 }, upstreams: [chunks(fact), rest(' Paris.')] });
    expect(text()).toBe('The capital of France is Paris.');
    const messages = sent[1]!['messages'] as { role: string; content: string }[];
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(messages[1]!.content).toBe(fact);
    expect(sent[1]!['max_tokens'] ?? sent[1]!['max_completion_tokens']).toBe(994);
  });

  test('only the text, where a model goes on from it; white space that it was not shown is not said twice', async () => {
    const claude = (text: string): Upstream => ({
      pieces: answersOf('anthropic-messages').events.map((each) =>
        bytes(each.toString().replace('partial', JSON.stringify(text).slice(1, -1)).replace(' and whole', ' It is.')),
      ),
    });
    const { sent, text } = await stream({ to: 'anthropic/claude-sonnet-4-5', upstreams: [chunks(`${fact}\n`), claude('\nParis.')] });
    expect(sent[1]!['messages']).toMatchObject([{ role: 'user' }, { role: 'assistant', content: [{ type: 'text', text: fact }] }]);
    expect(text()).toBe(`${fact}\nParis. It is.`);
  });

  test('not where Claude 4.6 and later refuse it, nor where it thinks', async () => {
    for (const [to, body] of [
      ['anthropic/claude-opus-4-6', {}],
      ['anthropic/claude-sonnet-4-5', { reasoning_effort: 'low' }],
    ] as const) {
      const { sent } = await stream({ to, body, upstreams: [chunks(fact), { pieces: answersOf('anthropic-messages').events }] });
      expect((sent[1]!['messages'] as { role: string }[]).at(-1)!.role).toBe('user');
    }
  });

  test('a prompt of the old kind goes on by nature', async () => {
    const said = (text: string, finish: string | null = null) =>
      bytes(
        `data: ${JSON.stringify({ id: 'p', object: 'text_completion', created: 1, model: 'm', choices: [{ index: 0, text, finish_reason: finish }] })}\n\n`,
      );
    const { sent, text } = await stream({
      format: 'openai-completions',
      body: { prompt: 'Once upon' },
      from: 'openai/gpt-3.5-turbo-instruct',
      upstreams: [{ pieces: [said(' a time')], ends: 'break' }, { pieces: [said(' there was', 'stop'), done] }],
    });
    expect(sent[1]!['prompt']).toBe('Once upon a time');
    expect(text()).toBe(' a time there was');
  });
});

describe('what the second one says again is said once', () => {
  test.each([
    [
      'the last words',
      ['The quick brown fox', ' jumps over'],
      ['quick brown', ' fox jumps over the', ' dog'],
      'The quick brown fox jumps over the dog',
    ],
    ['the whole', ['Once upon'], ['Once up', 'on a time'], 'Once upon a time'],
    ['a letter is chance', ['hel'], ['lo'], 'hello'],
    ['and so is a short word', ['ha '], ['ha '], 'ha ha '],
  ])('%s', async (_, before, after, whole) => {
    expect((await stream({ upstreams: [chunks(...before), rest(...after)] })).text()).toBe(whole);
  });
});

describe('where nothing may be joined, the failure is told', () => {
  const call = (args: string) =>
    delta({ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'f', arguments: args } }] });
  const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }];
  test.each<[string, JsonObject, Upstream]>([
    ['inside a tool call', { tools }, { pieces: [call('{"a":')], ends: 'break' }],
    ['behind text and a tool call', { tools }, { pieces: [delta({ content: 'x' }), call('{}')], ends: 'break' }],
    ['several answers', { n: 2 }, chunks('x')],
    ['probabilities', { logprobs: true }, chunks('x')],
    ['half of a JSON text', { response_format: { type: 'json_object' } }, chunks('{"a": ')],
    ['searches of the provider', { web_search_options: {} }, chunks('x')],
  ])('%s', async (_, body, upstream) => {
    const { failure, sent, why } = await stream({ body, upstreams: [upstream, rest('y')] });
    expect(failure?.code).toBe('stream_interrupted');
    expect(sent).toHaveLength(1);
    expect(why).toEqual([]);
  });

  test('what is wrong with the request, or refused for what it says', async () => {
    const refused = bytes('data: {"error":{"message":"no","type":"invalid_request_error","code":"content_policy_violation"}}\n\n');
    const { failure, sent } = await stream({ upstreams: [{ pieces: [delta({ content: 'x' }), refused] }, rest('y')] });
    expect(failure?.code).toBe('content_policy_violation');
    expect(sent).toHaveLength(1);
  });

  test('a conversation that the provider keeps', async () => {
    const { failure, sent } = await stream({
      format: 'openai-responses',
      body: { previous_response_id: 'resp_0' },
      from: 'openai/responses/gpt-5',
      upstreams: [half('openai-responses'), rest('y')],
    });
    expect(failure?.code).toBe('stream_interrupted');
    expect(sent).toHaveLength(1);
  });

  test('the first failure, where no other deployment answers', async () => {
    const nobody = new SluiceError('unavailable', 'none left');
    const { failure, events } = await stream({
      upstreams: [chunks('x')],
      where: () => {
        throw nobody;
      },
    });
    expect(failure?.code).toBe('stream_interrupted');
    expect(count(events, /"error"/)).toBe(1);
  });

  test('and after eight that broke off', async () => {
    const { failure, sent, text } = await stream({ upstreams: [...[...'abcdefghi'].map((each) => chunks(each)), rest('j')] });
    expect(failure?.code).toBe('stream_interrupted');
    expect(sent).toHaveLength(9);
    expect(text).toThrow();
  });
});

describe('thoughts', () => {
  const thought = (text: string) => delta({ reasoning_content: text });
  test('a stream that broke while it thought is begun again, whatever the format of the answer', async () => {
    for (const body of [{}, { response_format: { type: 'json_object' } }]) {
      const { text, sent } = await stream({
        from: 'deepseek/deepseek-reasoner',
        body,
        upstreams: [{ pieces: [thought('hm')], ends: 'break' }, rest('{"a":1}')],
      });
      expect(text()).toBe('<thinking>{"a":1}');
      expect(sent[1]!['messages']).toEqual(sent[0]!['messages']);
    }
  });

  test('what another thinks behind the first words is left out', async () => {
    const { result } = await stream({
      format: 'anthropic-messages',
      from: 'deepseek/deepseek-reasoner',
      upstreams: [
        { pieces: [thought('first'), delta({ content: 'The answer' })], ends: 'break' },
        { pieces: [thought('second'), delta({ content: ' is 4.' }), delta({}, 'stop'), done] },
      ],
    });
    expect(result().candidates[0]!.content).toMatchObject([
      { type: 'thinking', text: 'first' },
      { type: 'text', text: 'The answer is 4.' },
    ]);
  });

  test('a tool that the second one calls comes behind the text', async () => {
    const { result } = await stream({
      format: 'anthropic-messages',
      upstreams: [
        chunks('I shall look.'),
        {
          pieces: [
            delta({ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }] }),
            delta({}, 'tool_calls'),
            done,
          ],
        },
      ],
    });
    expect(result().candidates[0]!).toMatchObject({
      finishReason: 'tool-calls',
      content: [
        { type: 'text', text: 'I shall look.' },
        { type: 'tool-call', name: 'f', arguments: '{}' },
      ],
    });
  });
});

test('every way in which a stream breaks off', async () => {
  const error = bytes('data: {"error":{"message":"overloaded","type":"server_error","code":null}}\n\n');
  for (const [why, upstream] of [
    ['closed', { ...chunks('partial'), ends: 'close' }],
    ['reset', chunks('partial')],
    ['silent', { ...chunks('partial'), ends: 'hang' }],
    ['its own error', { pieces: [delta({ content: 'partial' }), error] }],
    ['no JSON', { pieces: [delta({ content: 'partial' }), bytes('data: {"id": \n\n')] }],
  ] as const) {
    const { text, failure, events } = await stream({
      upstreams: [upstream, rest(' and whole')],
      context: { deadlines: { idleTimeoutMs: 40 } },
    });
    expect([why, failure, text(), count(events, /"error"/)]).toEqual([why, undefined, fullText, 0]);
  }
});

test('a stream that goes well has no comment and its own usage', async () => {
  const { answer, events, text } = await stream({ upstreams: [rest('fine')] });
  expect(text()).toBe('fine');
  expect(answer.facts.legs).toBeUndefined();
  expect(answer.facts.usage).toMatchObject({ inputTokens: 10, outputTokens: 4 });
  expect(events.some(({ comment }) => comment !== undefined)).toBe(false);
});

test('a client that leaves while another deployment is asked', async () => {
  let cancelled = false;
  let begun = () => {};
  const asked = new Promise<void>((resolve) => (begun = resolve));
  let go = () => {};
  const format = protocolOf('openai-chat');
  const target = targetOf({ model: 'openai/gpt-4.1', apiKey: 'k' }, { providers, env: {} });
  const { transport } = transportOf(chunks('x'), rest('y'));
  const answer = (await exchange(
    { format, body: { model: 'm', stream: true, ...requests['openai-chat'] }, stream: true, target },
    {
      transport,
      resume: async (make) => {
        begun();
        await new Promise<void>((resolve) => (go = resolve));
        const next = await make(target, { transport });
        return { answer: { ...next, facts: next.facts, failure: undefined, cancel: () => void (cancelled = true) }, where: 'second' };
      },
    },
  )) as StreamAnswer;
  await answer.read();
  const reading = answer.read();
  await asked;
  answer.cancel();
  go();
  expect(await reading).toBeUndefined();
  expect(cancelled).toBe(true);
  expect((answer.failure as SluiceError).code).toBe('client_closed_request');
});
