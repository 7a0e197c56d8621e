import { afterEach, describe, expect, test } from 'bun:test';
import {
  completion,
  delta,
  done,
  jsonAnswer,
  masterKey,
  piece,
  readUntil,
  startGateway,
  startRawUpstream,
  streamEnd,
  streamHead,
  type Gateway,
  type RawUpstream,
} from './harness.ts';

/* `coalesce`: identical calls at the same time are one call to the provider. */

let gateway: Gateway | undefined;
let upstream: RawUpstream | undefined;
afterEach(async () => {
  await gateway?.stop(0);
  await upstream?.stop();
  gateway = upstream = undefined;
});

const start = async (answer: Parameters<typeof startRawUpstream>[0], on = true) => {
  upstream = await startRawUpstream(answer);
  gateway = await startGateway(
    JSON.stringify({
      model_list: [
        {
          model_name: 'm',
          litellm_params: {
            model: 'openai/m',
            api_base: upstream.base,
            api_key: 'sk-1',
            input_cost_per_token: 0.001,
            output_cost_per_token: 0.01,
          },
          model_info: { id: 'one' },
        },
      ],
      sluice_settings: { routing: { coalesce: on } },
    }),
  );
  return gateway;
};
const body = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] };
const streamed = { ...body, stream: true };
const lines = async (count: number) => {
  for (let tries = 0; gateway!.calls().length < count && tries < 200; tries++) await Bun.sleep(5);
  return gateway!.calls() as {
    callId: string;
    sharedWith?: string;
    cost_nano_usd?: number;
    inputTokens?: number;
    status: number;
    attempts: number;
  }[];
};
const metrics = async () => (await fetch(`${gateway!.url}/metrics`)).text();

test('whole answers: one call, the same bytes, billed once', async () => {
  const { post } = await start((socket) => void setTimeout(() => socket.write(jsonAnswer(completion('once'))), 500));
  const answers = await Promise.all(Array.from({ length: 5 }, () => post('/v1/chat/completions', body)));
  const texts = await Promise.all(answers.map((each) => each.text()));
  expect(upstream!.requests).toHaveLength(1);
  expect(new Set(texts).size).toBe(1);
  expect(texts[0]).toContain('once');
  expect(new Set(answers.map(({ headers }) => headers.get('x-litellm-call-id'))).size).toBe(5);
  expect(answers.map(({ headers }) => headers.get('x-litellm-model-id'))).toEqual(Array.from({ length: 5 }, () => 'one'));
  const told = await lines(5);
  const [payer, ...others] = told.filter(({ sharedWith }) => sharedWith === undefined);
  expect(others).toEqual([]);
  expect(payer!.cost_nano_usd).toBeGreaterThan(0);
  for (const each of told.filter(({ callId }) => callId !== payer!.callId))
    expect([each.sharedWith, each.cost_nano_usd, each.inputTokens, each.attempts]).toEqual([payer!.callId, 0, undefined, 0]);
  expect(await metrics()).toContain('sluice_open_calls 0');
});

test('streams: one call, and each reads all of it', async () => {
  const { post } = await start((socket) => {
    socket.write(streamHead + piece(delta('one ')));
    setTimeout(() => socket.write(piece(delta('two', 'stop') + done) + streamEnd), 500);
  });
  const first = await post('/v1/chat/completions', streamed);
  const late = await Promise.all([post('/v1/chat/completions', streamed), post('/v1/chat/completions', streamed)]);
  const texts = await Promise.all([first, ...late].map((each) => each.text()));
  expect(upstream!.requests).toHaveLength(1);
  expect(new Set(texts).size).toBe(1);
  expect(texts[0]).toEndWith('data: [DONE]\n\n');
  expect((await lines(3)).filter(({ sharedWith }) => sharedWith === undefined)).toHaveLength(1);
});

describe('who leaves', () => {
  test('the first: the others read on, and one of them pays', async () => {
    let finish = () => {};
    const { post } = await start((socket) => {
      socket.write(streamHead + piece(delta('one ')));
      finish = () => socket.write(piece(delta('two', 'stop') + done) + streamEnd);
    });
    const controller = new AbortController();
    const first = await post('/v1/chat/completions', streamed, { signal: controller.signal });
    await readUntil(first.body!.getReader(), (text) => text.includes('one'));
    const other = await post('/v1/chat/completions', streamed);
    controller.abort();
    await lines(1);
    finish();
    expect(await other.text()).toContain('two');
    expect(upstream!.requests).toHaveLength(1);
    const [left, stayed] = await lines(2);
    expect([left!.status, left!.sharedWith, left!.cost_nano_usd]).toEqual([499, stayed!.callId, 0]);
    expect([stayed!.status, stayed!.sharedWith]).toEqual([200, undefined]);
  });

  test('all of them: the upstream is cancelled', async () => {
    const { post } = await start((socket) => void socket.write(streamHead + piece(delta('one '))));
    const clients = [new AbortController(), new AbortController()];
    const answers = await Promise.all(clients.map(({ signal }) => post('/v1/chat/completions', streamed, { signal })));
    await Promise.all(answers.map(({ body: text }) => readUntil(text!.getReader(), (read) => read.includes('one'))));
    for (const each of clients) each.abort();
    for (let tries = 0; upstream!.requests[0]!.closedAt === undefined && tries < 200; tries++) await Bun.sleep(5);
    expect(upstream!.requests).toHaveLength(1);
    expect(upstream!.requests[0]!.closedAt).toBeDefined();
    expect((await lines(2)).map(({ status }) => status)).toEqual([499, 499]);
    expect(await metrics()).toContain('sluice_open_calls 0');
  });
});

test('a failure is told to each', async () => {
  const { post } = await start((socket) => void setTimeout(() => socket.write(jsonAnswer({ error: { message: 'not so' } }, 400)), 500));
  const answers = await Promise.all([post('/v1/chat/completions', body), post('/v1/chat/completions', body)]);
  expect(answers.map(({ status }) => status)).toEqual([400, 400]);
  expect(upstream!.requests).toHaveLength(1);
});

describe('what is not the same, or does more than answer, is a call of its own', () => {
  const pair = async (one: RequestInit & { body?: string }, other: RequestInit & { body?: string }, path = '/v1/chat/completions') => {
    const answers = await Promise.all(
      [one, other].map(({ body: text = JSON.stringify(body), ...init }) => gateway!.post(path, text, init)),
    );
    await Promise.all(answers.map((each) => each.text()));
    return upstream!.requests.length;
  };
  const slowly: Parameters<typeof startRawUpstream>[0] = (socket) => void setTimeout(() => socket.write(jsonAnswer(completion('x'))), 100);

  test('another body, header or format', async () => {
    await start(slowly);
    expect(await pair({ body: JSON.stringify({ ...body, user: 'a' }) }, { body: JSON.stringify({ ...body, user: 'b' }) })).toBe(2);
    expect(await pair({ headers: { 'x-litellm-tags': 'a' } }, { headers: { 'x-litellm-tags': 'b' } })).toBe(4);
  });

  test("another caller's key, also where both are valid", async () => {
    await start(slowly);
    expect(await pair({}, { headers: { authorization: '', 'x-api-key': masterKey } })).toBe(2);
  });

  test('tools of the provider that act', async () => {
    await start(slowly);
    const tools = [{ type: 'mcp', server_label: 's', server_url: 'https://mcp.test' }];
    const acting = { body: JSON.stringify({ model: 'm', input: 'Hello', tools }) };
    expect(await pair(acting, acting, '/v1/responses')).toBe(2);
  });

  test('unless it is switched on, everything', async () => {
    await start(slowly, false);
    expect(await pair({}, {})).toBe(2);
  });
});
