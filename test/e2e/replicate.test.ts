import type net from 'node:net';
import { afterEach, expect, test } from 'bun:test';
import { chat, createRig, jsonAnswer, piece, readUntil, streamEnd, streamHead, type RawUpstream } from './harness.ts';

const { upstreamOf, gatewayOf, stopAll } = createRig();
afterEach(stopAll);

const config = (base: string, more = ''): string =>
  `model_list: [{ model_name: m, litellm_params: { model: replicate/meta/meta-llama-3-8b-instruct, api_base: "${base}", api_key: r8-of-nobody, num_retries: 0${more} } }]`;
const linesOf = ({ requests }: RawUpstream): string[] => requests.map(({ text }) => text.slice(0, text.indexOf(' HTTP/1.1')));
const metrics = { input_token_count: 5, output_token_count: 2 };

/** A vendor that needs so many looks until it is done. @param stream writes what stands behind the head of its stream */
const vendor = async (looks: number, stream: (socket: net.Socket) => void = () => {}) => {
  let left = looks;
  let base = '';
  const upstream = await upstreamOf((socket, text) => {
    const prediction = (status: string, more: object = {}) => ({ id: 'p1', status, urls: { stream: `${base}/streams/s1` }, ...more });
    if (text.startsWith('POST /v1/models/')) return void socket.write(jsonAnswer(prediction('starting'), 201));
    if (text.startsWith('POST /v1/predictions/p1/cancel')) return void socket.write(jsonAnswer(prediction('canceled')));
    if (text.startsWith('GET /v1/predictions/p1'))
      return void socket.write(
        jsonAnswer(left-- > 0 ? prediction('processing') : prediction('succeeded', { output: ['Hi', ' you'], metrics })),
      );
    socket.write(streamHead);
    stream(socket);
  });
  base = upstream.base;
  return upstream;
};

test('a job is looked at until it is done', async () => {
  const upstream = await vendor(1);
  const gateway = await gatewayOf(config(upstream.base));
  const response = await chat(gateway);
  expect([response.status, await response.json()]).toMatchObject([
    200,
    { choices: [{ message: { content: 'Hi you' }, finish_reason: 'stop' }], usage: { prompt_tokens: 5, completion_tokens: 2 } },
  ]);
  expect(linesOf(upstream)).toEqual([
    'POST /v1/models/meta/meta-llama-3-8b-instruct/predictions',
    'GET /v1/predictions/p1',
    'GET /v1/predictions/p1',
  ]);
  for (const { text } of upstream.requests) expect(text.toLowerCase()).toContain('authorization: bearer r8-of-nobody');
  expect(gateway.calls()[0]).toMatchObject({ model: 'm', status: 200 });
});

test('a stream is opened where the job says, and its tokens are counted', async () => {
  const upstream = await vendor(0, (socket) => {
    socket.write(piece('event: output\ndata: Hi\n\nevent: out'));
    socket.write(piece('put\ndata:  you\n\nevent: done\ndata: {}\n\n') + streamEnd);
  });
  const gateway = await gatewayOf(config(upstream.base));
  const response = await chat(gateway, { stream: true, stream_options: { include_usage: true } });
  const text = await response.text();
  expect(text).toContain('"content":"Hi"');
  expect(text).toContain('"content":" you"');
  expect(text).toContain('"prompt_tokens":5');
  expect(text).toEndWith('data: [DONE]\n\n');
  expect(linesOf(upstream).slice(1)).toEqual(['GET /v1/streams/s1', 'GET /v1/predictions/p1']);
});

test('deadlines hold across the looks, and the job that nobody waits for is cancelled', async () => {
  const upstream = await vendor(1000);
  const gateway = await gatewayOf(config(upstream.base, ', timeout: 1'));
  const startedAt = performance.now();
  const response = await chat(gateway);
  await response.body?.cancel();
  expect([408, 504]).toContain(response.status);
  expect(performance.now() - startedAt).toBeLessThan(4000);
  await Bun.sleep(50);
  expect(linesOf(upstream).at(-1)).toBe('POST /v1/predictions/p1/cancel');
});

test('a client that leaves in the midst of a stream cancels the job', async () => {
  const upstream = await vendor(0, (socket) => void socket.write(piece('event: output\ndata: Hi\n\n')));
  const gateway = await gatewayOf(config(upstream.base));
  const response = await chat(gateway, { stream: true });
  const reader = response.body!.getReader();
  await readUntil(reader, (text) => text.includes('"Hi"'));
  await reader.cancel();
  for (let waited = 0; waited < 2000 && !linesOf(upstream).some((line) => line.endsWith('/cancel')); waited += 20) await Bun.sleep(20);
  expect(linesOf(upstream).filter((line) => line.endsWith('/cancel'))).toHaveLength(1);
});
