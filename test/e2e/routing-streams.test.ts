import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { formatEventStream } from '../../sdk/src/lib/aws-event-stream.ts';
import { clientRoutes, type ClientRoute } from '../kit/client-routes.ts';
import { fullText, providerAnswers, type Answers } from '../kit/faults/answers.ts';
import { chunk, chunked, good, lastChunk, piecesOf, sized, statusHead } from '../kit/faults/http.ts';
import { startFaultUpstream, type FaultUpstream, type Step } from '../kit/faults/upstream.ts';
import { asServerSentEvents, isEventStream } from '../kit/read/event-stream.ts';
import { startGateway, type Gateway } from './harness.ts';

/*
 * Streams that fail before they say anything go on at the next deployment, and the client sees nothing of it; over real
 * sockets, for each format that providers speak.
 */

let upstream: FaultUpstream;
let gateway: Gateway | undefined;
beforeAll(async () => void (upstream = await startFaultUpstream()));
afterAll(() => upstream.stop());
afterEach(async () => {
  await gateway?.stop(0);
  gateway = undefined;
});

let served = 0;
const settings = { first_token_timeout_ms: 1500, idle_timeout_ms: 600, timeout_ms: 20_000, header_wait_ms: 20_000 };

/** One name with two deployments: the first does what the steps say, the second answers. */
const start = async (answers: Answers, steps: readonly Step[], more: object = {}, second = answers) => {
  const [bad, fine] = [`bad${served}`, `good${served++}`];
  const first = upstream.serve(bad, () => ({ steps }));
  const other = upstream.serve(fine, ({ body }) => ({ steps: [good(piecesOf(second, /"stream":\s*true/.test(String(body)) || streams))] }));
  const entry = (from: Answers, base: string, order: number) => {
    const { params, mode } = from.entry(base);
    return {
      model_name: 'm',
      litellm_params: { api_key: 'sk-1', aws_access_key_id: 'a', aws_secret_access_key: 'b', ...params, order },
      model_info: { id: order === 1 ? 'first' : 'second', ...(mode !== undefined && { mode }) },
    };
  };
  const streams = true;
  gateway = await startGateway(
    JSON.stringify({ model_list: [entry(answers, first, 1), entry(second, other, 2)], sluice_settings: settings, ...more }),
  );
  return { gateway, asked: () => [upstream.requests(bad), upstream.requests(fine)] };
};

const call = async (client: ClientRoute) => {
  const at = performance.now();
  const response = await gateway!.post(client.path('m', true), client.body('m', true, 'Hello'), { signal: AbortSignal.timeout(25_000) });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const text = isEventStream(bytes) ? asServerSentEvents(bytes) : new TextDecoder().decode(bytes);
  return { status: response.status, text, ms: performance.now() - at };
};

const [chat, messages] = ['chat', 'messages'].map((wanted) => clientRoutes.find(({ name }) => name === wanted)!) as [
  ClientRoute,
  ClientRoute,
];
const whole = ({ text }: { text: string }) => text.includes('partial') && text.includes(' and whole');
const open = (answers: Answers, ...pieces: (Uint8Array | string)[]): Step[] => [
  chunked(piecesOf(answers, true).head),
  ...pieces.map((each) => chunk(each)),
];
const before = (answers: Answers) => piecesOf(answers, true).before;

/** What else stands for a failure inside a stream, besides the kit's. */
const moreErrors: Readonly<Record<string, readonly string[]>> = {
  'anthropic-messages': ['event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n'],
  'openai-responses': [
    'event: response.failed\ndata: {"type":"response.failed","response":{"id":"r","object":"response","created_at":1,"status":"failed","error":{"code":"server_error","message":"no"},"output":[]}}\n\n',
  ],
  'openai-chat': ['data: {"error":{"message":"overloaded","type":"overloaded_error","code":529}}\n\n'],
  gemini: ['data: {"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}\n\n'],
};

describe('an error inside a 200, before output, is answered by the next deployment', () => {
  for (const answers of providerAnswers) {
    const errors = [answers.errorEvent, ...(moreErrors[answers.format] ?? []).map((text) => Buffer.from(text))];
    for (const [index, error] of errors.entries())
      for (const place of ['at once', 'behind the first events'] as const)
        test(`${answers.format}, ${place}, error ${index + 1}`, async () => {
          const { asked } = await start(answers, [
            ...open(answers, ...(place === 'at once' ? [] : [before(answers)])),
            { waitMs: 20 },
            chunk(error),
            lastChunk,
          ]);
          for (const client of [chat, messages]) {
            const got = await call(client);
            expect([got.status, whole(got), /gave up|verloaded/.test(got.text)]).toEqual([200, true, false]);
          }
          expect(asked()).toEqual([expect.any(Number), 2]);
          expect(asked()[0]).toBeGreaterThan(0);
        });
  }
});

const roleOnly =
  'data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}\n\n';
const noChoices = 'data: {"id":"","object":"","created":0,"model":"","choices":[],"prompt_filter_results":[]}\n\n';
const ping = 'event: ping\ndata: {"type":"ping"}\n\n';
const answersOf = (format: string) => providerAnswers.find((each) => each.format === format)!;

describe('what says nothing is no output', () => {
  const failure = 'data: {"error":{"message":"overloaded","type":"server_error","code":null}}\n\n';
  test.each([
    ['a role alone', 'openai-chat', [roleOnly], failure],
    ['chunks without a choice', 'openai-chat', [noChoices, noChoices], failure],
    ['comments', 'openai-chat', [': PROCESSING\n\n', ': PROCESSING\n\n'], failure],
  ])('%s', async (_, format, pieces, error) => {
    const answers = answersOf(format);
    await start(answers, [...open(answers, ...pieces), { waitMs: 50 }, chunk(error), lastChunk]);
    const got = await call(chat);
    expect([got.status, whole(got)]).toEqual([200, true]);
  });

  test('litellm#5512: pings for longer than is waited for output, then overloaded', async () => {
    const answers = answersOf('anthropic-messages');
    const waiting: Step[] = Array.from({ length: 6 }).flatMap(() => [chunk(ping), { waitMs: 220 }]);
    await start(answers, [...open(answers), ...waiting, chunk(moreErrors['anthropic-messages']![0]!), lastChunk], {
      sluice_settings: { ...settings, first_token_timeout_ms: 10_000 },
    });
    for (const client of [messages, chat]) {
      const got = await call(client);
      expect([got.status, whole(got)]).toEqual([200, true]);
    }
  });
});

describe('a stream that does not get going is abandoned', () => {
  test.each<[string, Step[]]>([
    ['silence behind the headers', []],
    ['silence behind the first events', [chunk(before(answersOf('anthropic-messages')))]],
    ['a drip of comments', [{ drip: Buffer.from(chunk(': still here\n\n'.repeat(40))), everyMs: 60 }]],
    ['a drip of pings', Array.from({ length: 60 }).flatMap((): Step[] => [chunk(ping), { waitMs: 100 }])],
  ])('%s: by its first-token deadline, and the next deployment answers', async (_, steps) => {
    const answers = answersOf('anthropic-messages');
    await start(answers, [...open(answers), ...steps]);
    const got = await call(messages);
    expect([got.status, whole(got)]).toEqual([200, true]);
    expect(got.ms).toBeGreaterThan(1400);
    expect(got.ms).toBeLessThan(8000);
  });

  test('one that stalls in the middle fails by its idle deadline, typed', async () => {
    const answers = answersOf('openai-chat');
    await start(answers, open(answers, piecesOf(answers, true).begun));
    const got = await call(chat);
    expect(got.text).toContain('partial');
    expect(got.text).toMatch(/"error".*idleTimeoutMs/);
    expect(got.ms).toBeLessThan(6000);
    expect(gateway!.calls().at(-1)).toMatchObject({ errorCode: 'upstream_timeout' });
  });
});

describe('what is no stream is no answer', () => {
  const page = '<!doctype html><html><body>Bad gateway</body></html>';
  const cases: readonly [string, Step[]][] = [
    ['HTML', [sized(statusHead(200, 'text/html'), page)]],
    ['HTML that is called plain text', [sized(statusHead(200, 'text/plain'), page)]],
    ['HTML that is called a stream', [sized(statusHead(200, 'text/event-stream'), page)]],
    ['nothing', [sized(statusHead(200, 'text/event-stream'), '')]],
    ['an error in JSON', [sized(statusHead(200), '{"error":{"message":"down","type":"server_error"}}')]],
    ['an error of a proxy', [sized(statusHead(200), '{"message":"no healthy upstream"}')]],
    ['JSON that is called a stream', [sized(statusHead(200, 'text/event-stream'), '{"error":{"message":"down","type":"server_error"}}')]],
  ];
  for (const answers of [answersOf('openai-chat'), answersOf('anthropic-messages'), answersOf('gemini')])
    test.each(cases)(`${answers.format}: %s`, async (_, steps) => {
      await start(answers, steps);
      for (const client of [chat, messages]) {
        const got = await call(client);
        expect([got.status, whole(got), /doctype|healthy/.test(got.text)]).toEqual([200, true, false]);
      }
    });
});

describe('a connection that ends before output', () => {
  for (const answers of providerAnswers)
    test.each<[string, Step[]]>([
      ['reset', [{ waitMs: 20 }, 'reset']],
      ['closed', ['close']],
      ['ended', [lastChunk]],
    ])(`${answers.format}: %s`, async (_, steps) => {
      await start(answers, [...open(answers, before(answers)), ...steps]);
      const got = await call(chat);
      expect([got.status, whole(got)]).toEqual([200, true]);
    });
});

test('the exceptions of AWS, each', async () => {
  const answers = answersOf('bedrock-converse');
  for (const type of ['throttlingException', 'modelStreamErrorException', 'serviceUnavailableException', 'internalServerException']) {
    const { exceptionMessage } = await import('../kit/event-stream.ts');
    const exception = Buffer.from(exceptionMessage(type, { message: 'the provider gave up' }));
    const begun = Buffer.from(formatEventStream({ event: 'messageStart', data: '{"role":"assistant"}' }));
    await start(answers, [...open(answers, begun), { waitMs: 20 }, chunk(exception), lastChunk]);
    const got = await call(messages);
    expect([type, got.status, whole(got)]).toEqual([type, 200, true]);
    await gateway!.stop(0);
    gateway = undefined;
  }
  expect(fullText).toBe('partial and whole');
});
