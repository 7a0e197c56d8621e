import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { createCollector } from '../../sdk/src/protocols/shared/collect.ts';
import { protocolOf } from '../../sdk/src/protocols/index.ts';
import { parserOf } from '../../sdk/src/client/framing.ts';
import { clientRoutes, type ClientRoute } from '../kit/client-routes.ts';
import { fullText, providerAnswers, type Answers } from '../kit/faults/answers.ts';
import { chunk, chunked, good, lastChunk, piecesOf } from '../kit/faults/http.ts';
import { startFaultUpstream, type FaultUpstream, type Step } from '../kit/faults/upstream.ts';
import { startGateway, type Gateway } from './harness.ts';

/* `mid_stream_fallback`: streams that break off behind their first words go on at the next deployment, over real sockets. */

let upstream: FaultUpstream;
let gateway: Gateway | undefined;
beforeAll(async () => void (upstream = await startFaultUpstream()));
afterAll(() => upstream.stop());
afterEach(async () => {
  await gateway?.stop(0);
  gateway = undefined;
});

const answersOf = (format: string): Answers => providerAnswers.find((each) => each.format === format)!;
const openai = answersOf('openai-chat');

/** The same answer in other words: what the second deployment says. */
const saying = (text: string): Answers => ({
  ...openai,
  events: openai.events.map((event) =>
    Buffer.from(
      event
        .toString()
        .replace(' and whole', '')
        .replace('partial', text)
        .replace('"finish_reason":"stop"}]', '"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}'),
    ),
  ),
});

let served = 0;
interface Given {
  steps: readonly Step[];
  answers?: Answers;
  second?: Answers;
  on?: boolean;
}
const start = async ({ steps, answers = openai, second = saying(' and whole'), on = true }: Given) => {
  const [bad, fine] = [`bad${served}`, `good${served++}`];
  const requests: { body: string }[] = [];
  const first = upstream.serve(bad, () => ({ steps }));
  const other = upstream.serve(fine, (request) => {
    requests.push(request);
    return { steps: [good(piecesOf(second, true))] };
  });
  const entry = (from: Answers, base: string, order: number) => {
    const { params, mode } = from.entry(base);
    return {
      model_name: 'm',
      litellm_params: {
        api_key: 'sk-1',
        aws_access_key_id: 'a',
        aws_secret_access_key: 'b',
        ...params,
        order,
        input_cost_per_token: 0.001,
        output_cost_per_token: 0.01,
      },
      model_info: { id: order === 1 ? 'first' : 'second', ...(mode !== undefined && { mode }) },
    };
  };
  gateway = await startGateway(
    JSON.stringify({
      model_list: [entry(answers, first, 1), entry(second, other, 2)],
      sluice_settings: { idle_timeout_ms: 600, header_wait_ms: 20_000, routing: { mid_stream_fallback: on } },
    }),
  );
  return { bodies: () => requests.map(({ body }) => body), asked: () => [upstream.requests(bad), upstream.requests(fine)] };
};

const half = (answers: Answers, ...after: Step[]): Step[] => {
  const { head, before, begun } = piecesOf(answers, true);
  return [chunked(head), chunk(before), chunk(begun), { waitMs: 20 }, ...after];
};

/** A streamed call, read as a client of its format would. */
const call = async (client: ClientRoute) => {
  const response = await gateway!.post(client.path('m', true), client.body('m', true, 'Hello'), { signal: AbortSignal.timeout(25_000) });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const raw = new TextDecoder().decode(bytes);
  const format = protocolOf(client.format);
  const collector = createCollector();
  const decoder = format.stream.decoder();
  const onEvent = (event: { event?: string; data: string }) => decoder.push(event, collector.push);
  if (client.name === 'gemini-array') for (const value of JSON.parse(raw) as unknown[]) onEvent({ data: JSON.stringify(value) });
  else {
    const parser = parserOf(format.framing, onEvent);
    parser.push(bytes);
    parser.close();
  }
  decoder.close(collector.push);
  const { candidates, usage } = collector.result();
  const text = candidates.flatMap(({ content }) => content).map((part) => (part.type === 'text' ? part.text : `<${part.type}>`));
  return { status: response.status, raw, text: text.join(''), finish: candidates.map(({ finishReason }) => finishReason), usage };
};
const [chat] = clientRoutes;

describe.each(clientRoutes.map((client) => [client.name, client] as const))('a client of %s', (_, client) => {
  for (const answers of providerAnswers)
    test(`in front of ${answers.format}, which is reset`, async () => {
      const { asked, bodies } = await start({ answers, steps: half(answers, 'reset') });
      const got = await call(client);
      expect([got.status, got.text, got.finish]).toEqual([200, fullText, ['stop']]);
      expect(asked()).toEqual([1, 1]);
      expect(bodies()[0]).toContain('partial');
      // Only where the wire has a place for it.
      const comments = got.raw.match(/^: sluice resumed on second$/gm) ?? [];
      expect(comments).toHaveLength(/^(?:event|data): /m.test(got.raw) ? 1 : 0);
    });
});

describe('however it breaks', () => {
  test.each<[string, Step[]]>([
    ['closed', ['close']],
    ['ended without its end mark', [lastChunk]],
    ['silent', []],
    ["the provider's own error", [chunk(openai.errorEvent), lastChunk]],
    ['inside an event', [chunk('data: {"id":"c1","obj'), { waitMs: 20 }, 'reset']],
    ['rubbish', [chunk('data: {"id":\n\n')]],
  ])('%s', async (_, after) => {
    await start({ steps: half(openai, ...after) });
    const got = await call(chat!);
    expect([got.text, got.finish]).toEqual([fullText, ['stop']]);
    expect(got.raw.match(/\[DONE\]/g)).toHaveLength(1);
    expect(got.raw).not.toContain('"error"');
  });
});

test('both are billed, each at its own price, and each try is told', async () => {
  await start({ steps: half(openai, 'reset') });
  const got = await call(chat!);
  expect(got.text).toBe(fullText);
  for (let tries = 0; gateway!.calls().length === 0 && tries < 50; tries++) await Bun.sleep(5);
  const [line] = gateway!.calls() as [Record<string, unknown>];
  expect(line).toMatchObject({ status: 200, attempts: 2, deploymentId: 'first' });
  const { inputTokens, outputTokens } = line as { inputTokens: number; outputTokens: number };
  // Three and two of the second, and an estimate of what the first did not count.
  expect(inputTokens).toBeGreaterThan(3);
  expect(outputTokens).toBe(4);
  expect(JSON.stringify(line)).toContain('"resume"');
  expect(line).toMatchObject({ cost_nano_usd: Math.round((inputTokens * 0.001 + outputTokens * 0.01) * 1e9) });
  const metrics = await (await fetch(`${gateway!.url}/metrics`)).text();
  expect(metrics).toContain('sluice_open_calls 0');
});

test('the failure is told where nobody is left, and where it is not switched on', async () => {
  for (const on of [true, false]) {
    const { asked } = await start({
      steps: half(openai, 'reset'),
      on,
      second: { ...openai, streamType: 'text/html', events: [Buffer.from('<p>no')] },
    });
    const response = await gateway!.post('/v1/chat/completions', chat!.body('m', true, 'Hello'));
    const text = await response.text();
    expect(text).toContain('partial');
    expect(text).toMatch(/"error":\{"message":"The connection to the provider broke/);
    expect(text.match(/"error":/g)).toHaveLength(1);
    expect(asked()[0]).toBe(1);
    expect(asked()[1]! > 0).toBe(on);
    await gateway!.stop(0);
    gateway = undefined;
  }
});

test('not inside a tool call', async () => {
  const event = `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { role: 'assistant', tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"a"' } }] }, finish_reason: null }] })}\n\n`;
  const { asked } = await start({ steps: [chunked(piecesOf(openai, true).head), chunk(event), { waitMs: 20 }, 'reset'] });
  const text = await (await gateway!.post('/v1/chat/completions', chat!.body('m', true, 'Hello'))).text();
  expect(text).toContain('"error"');
  expect(asked()).toEqual([1, 0]);
});

test('FP-23: a client that leaves while another deployment is asked cancels that one', async () => {
  const [bad, slow] = [`bad${served}`, `slow${served++}`];
  const first = upstream.serve(bad, () => ({ steps: half(openai, 'reset') }));
  const second = upstream.serve(slow, () => ({ steps: [] }));
  const entry = (base: string, order: number) => ({
    model_name: 'm',
    litellm_params: { ...openai.entry(base).params, api_key: 'sk-1', order },
  });
  gateway = await startGateway(
    JSON.stringify({ model_list: [entry(first, 1), entry(second, 2)], sluice_settings: { routing: { mid_stream_fallback: true } } }),
  );
  const controller = new AbortController();
  const response = await gateway.post('/v1/chat/completions', chat!.body('m', true, 'Hello'), { signal: controller.signal });
  const reader = response.body!.getReader();
  await reader.read();
  for (let tries = 0; upstream.requests(slow) === 0 && tries < 100; tries++) await Bun.sleep(10);
  expect(upstream.requests(slow)).toBe(1);
  controller.abort();
  for (let tries = 0; gateway.calls().length === 0 && tries < 100; tries++) await Bun.sleep(10);
  expect(gateway.calls()[0]).toMatchObject({ status: 499 });
  expect(await (await fetch(`${gateway.url}/metrics`)).text()).toContain('sluice_open_calls 0');
});

test('a stream that has begun and said nothing, which is handed over after a second, is begun again elsewhere', async () => {
  const answers = answersOf('anthropic-messages');
  const { head, before } = piecesOf(answers, true);
  const { asked, bodies } = await start({
    answers,
    steps: [chunked(head), chunk(before), { waitMs: 1500 }, 'reset'],
    second: saying('all of it'),
  });
  const messages = clientRoutes.find(({ name }) => name === 'messages')!;
  const got = await call(messages);
  expect([got.status, got.text, got.finish]).toEqual([200, 'all of it', ['stop']]);
  expect(got.raw.match(/message_start/g)).toHaveLength(2);
  expect(asked()).toEqual([1, 1]);
  expect(bodies()[0]).not.toContain('cut off');
});
