import { afterEach, describe, expect, test } from 'bun:test';
import { createEventStreamParser, formatEventStream, formatEventStreamChunk } from '../../sdk/src/lib/aws-event-stream.ts';
import { createRig, headOf, jsonAnswer } from './harness.ts';

/* Claude on Bedrock speaks Anthropic's format in AWS's framing: its bytes are nobody's who speaks the format elsewhere. */

const { upstreamOf, gatewayOf, stopAll } = createRig();
afterEach(stopAll);

const usage = { input_tokens: 1, output_tokens: 0 };
const events = [
  { type: 'message_start', message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'c', content: [], usage } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'héllo' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 2 } },
  { type: 'message_stop' },
];
const chunks = (count: number) => events.slice(0, count).map((event) => formatEventStreamChunk(JSON.stringify(event)));
const exception = formatEventStream({ event: 'throttlingException', data: '{"message":"Too many tokens"}' });
const cut = chunks(5).at(-1)!.subarray(0, 40);

/** @param end comes a little later, when the client has seen what came before */
const start = async (pieces: readonly Uint8Array[], end: Uint8Array = new Uint8Array()) => {
  const body = Buffer.concat(pieces);
  const upstream = await upstreamOf((socket) => {
    socket.write(
      `HTTP/1.1 200 OK\r\ncontent-type: application/vnd.amazon.eventstream\r\ncontent-length: ${body.length + end.length}\r\n\r\n`,
    );
    socket.write(body);
    setTimeout(() => socket.write(end), 50);
  });
  const base = upstream.base.replace(/\/v1$/, '');
  const params = `{ model: bedrock/anthropic.claude-sonnet-4-5-20250929-v1:0, api_base: "${base}", api_key: k, aws_region_name: us-east-1 }`;
  const gateway = await gatewayOf(`model_list: [{ model_name: m, litellm_params: ${params} }]\nrouter_settings: { num_retries: 0 }\n`);
  return { gateway, upstream };
};
const body = { max_tokens: 5, messages: [{ role: 'user', content: 'x' }] };
const anthropicEvents = (text: string) =>
  [...text.matchAll(/^event: (\S+)\ndata: (.*)$/gm)].map(([, event, data]) => ({ event, data: JSON.parse(data!) as unknown }));
const awsEvents = (bytes: Uint8Array) => {
  const found: { event?: string; data: unknown }[] = [];
  const parser = createEventStreamParser(
    ({ event, data }) => void found.push({ ...(event !== undefined && { event }), data: JSON.parse(data) as unknown }),
  );
  parser.push(bytes);
  parser.close();
  return found;
};
const named = events.map((data) => ({ event: data.type, data }));

describe('a whole stream', () => {
  test('for Anthropic’s clients', async () => {
    const { gateway, upstream } = await start(chunks(6));
    const response = await gateway.post('/v1/messages', { model: 'm', stream: true, ...body });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(anthropicEvents(await response.text())).toEqual(named);
    expect(gateway.calls()[0]).toMatchObject({ status: 200, same: true });
    expect(upstream.requests[0]!.text).toStartWith('POST /model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke-with-response-stream ');
  });

  test('for Bedrock’s', async () => {
    const { gateway, upstream } = await start(chunks(6));
    const response = await gateway.post('/model/m/invoke-with-response-stream', { anthropic_version: 'bedrock-2023-05-31', ...body });
    expect(awsEvents(new Uint8Array(await response.arrayBuffer())).map(({ data }) => data)).toEqual(events);
    const sent = JSON.parse(upstream.requests[0]!.text.split('\r\n\r\n')[1]!) as object;
    expect(sent).toEqual({ anthropic_version: 'bedrock-2023-05-31', ...body });
  });
});

describe('a guardrail', () => {
  const guard = { guardrailIdentifier: 'gr-1', guardrailVersion: '2' };
  const asked = {
    'X-Amzn-Bedrock-GuardrailIdentifier': 'gr-1',
    'X-Amzn-Bedrock-GuardrailVersion': '2',
    'X-Amzn-Bedrock-Service-Tier': 'flex',
  };
  const invoke = { anthropic_version: 'bedrock-2023-05-31', ...body };
  const setUp = async (model: string, more = '') => {
    const upstream = await upstreamOf((socket) => socket.write(jsonAnswer({ ...events[0]!.message, stop_reason: 'end_turn' })));
    const base = upstream.base.replace(/\/v1$/, '');
    const params = `{ model: ${model}, api_base: "${base}", api_key: k, aws_region_name: us-east-1, vertex_project: p${more} }`;
    const gateway = await gatewayOf(`model_list: [{ model_name: m, litellm_params: ${params} }]\n`);
    const sent = () => JSON.parse(upstream.requests[0]!.text.split('\r\n\r\n')[1]!) as object;
    return { gateway, sent, head: () => headOf(upstream) };
  };

  test('of the configuration guards Anthropic’s clients too', async () => {
    const config = ', guardrailConfig: { guardrailIdentifier: gr-1, guardrailVersion: "2", trace: enabled }';
    const { gateway, sent, head } = await setUp('bedrock/anthropic.claude-sonnet-4-5-20250929-v1:0', config);
    expect((await gateway.post('/v1/messages', { model: 'm', ...body })).status).toBe(200);
    expect(sent()).toEqual(invoke);
    expect(head()).toMatch(/x-amzn-bedrock-guardrailidentifier: gr-1/i);
    expect(head()).toMatch(/x-amzn-bedrock-guardrailversion: 2/i);
    expect(head()).toMatch(/x-amzn-bedrock-trace: ENABLED/i);
  });

  test('that Bedrock’s client asks for in a header gets to Invoke and Converse', async () => {
    const direct = await setUp('bedrock/anthropic.claude-sonnet-4-5-20250929-v1:0');
    await direct.gateway.post('/model/m/invoke', invoke, { headers: asked });
    expect(direct.sent()).toEqual(invoke);
    expect(direct.head()).toMatch(/x-amzn-bedrock-guardrailidentifier: gr-1/i);
    expect(direct.head()).toMatch(/x-amzn-bedrock-service-tier: flex/i);
    const translated = await setUp('bedrock/amazon.nova-pro-v1:0');
    await translated.gateway.post('/model/m/invoke', invoke, { headers: asked });
    expect(translated.sent()).toMatchObject({ guardrailConfig: guard, serviceTier: { type: 'flex' } });
  });

  test('that the provider does not have is refused by name', async () => {
    const { gateway } = await setUp('vertex_ai/claude-sonnet-4-5');
    for (const [path, given, headers] of [
      ['invoke', invoke, asked],
      ['converse', { messages: [{ role: 'user', content: [{ text: 'x' }] }], guardrailConfig: guard }, {}],
    ] as const) {
      const response = await gateway.post(`/model/m/${path}`, given, { headers });
      expect([response.status, await response.json()]).toMatchObject([
        400,
        { message: expect.stringContaining("'guardrailConfig'") as unknown },
      ]);
    }
  });
});

describe('one that breaks off', () => {
  test.each([
    ['with an exception', exception, /Too many tokens/],
    ['in the middle of a message', cut, /./],
  ])('%s', async (_, end, words) => {
    const { gateway } = await start(chunks(4), end);
    const told = anthropicEvents(await (await gateway.post('/v1/messages', { model: 'm', stream: true, ...body })).text());
    expect(told.slice(0, 4)).toEqual(named.slice(0, 4));
    expect(told).toHaveLength(5);
    expect(told[4]).toMatchObject({ event: 'error', data: { type: 'error', error: { message: expect.stringMatching(words) as unknown } } });
    const invoked = await gateway.post('/model/m/invoke-with-response-stream', { anthropic_version: 'bedrock-2023-05-31', ...body });
    const last = awsEvents(new Uint8Array(await invoked.arrayBuffer())).at(-1);
    expect(last).toMatchObject({
      event: expect.stringMatching(/Exception$/) as unknown,
      data: { message: expect.stringMatching(words) as unknown },
    });
    const chat = await (await gateway.post('/v1/chat/completions', { model: 'm', stream: true, ...body })).text();
    expect(chat).toMatch(/"error"/);
  });

  test('before its first output it is an error like any other', async () => {
    const { gateway } = await start(chunks(1), exception);
    const response = await gateway.post('/v1/messages', { model: 'm', stream: true, ...body });
    expect([response.status, await response.json()]).toMatchObject([
      429,
      { error: { type: 'rate_limit_error', message: expect.stringContaining('Too many tokens') as unknown } },
    ]);
  });
});
