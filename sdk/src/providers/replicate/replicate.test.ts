import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { Canceller } from '../../transport/canceller.ts';
import { SluiceError, type Target, type TransportRequest, type TransportResponse } from '../../types/index.ts';
import { upstreamUrl } from '../url.ts';
import { createReplicate } from './index.ts';
import { createPredictions } from './predictions.ts';

const encoder = new TextEncoder();
const streamUrl = 'https://stream-b.svc.rno2.c.replicate.net/v1/streams/s1';
const base = 'https://api.replicate.com/v1';

const answer = (
  body: unknown,
  { status = 200, type = 'application/json' } = {},
  pieces?: Uint8Array[],
): TransportResponse & { cancelled?: boolean } => {
  const left = pieces ?? [encoder.encode(typeof body === 'string' ? body : JSON.stringify(body))];
  return {
    status,
    headers: new Headers({ 'content-type': type }),
    read: async () => left.shift(),
    bytes: async () => new Uint8Array(Buffer.concat(left.splice(0))),
    cancel() {
      this.cancelled = true;
      left.length = 0;
    },
  };
};

const prediction = (status: string, more: object = {}) => ({
  id: 'p1',
  status,
  input: { prompt: 'secret words' },
  urls: { get: 'https://evil.test/v1/predictions/p1', cancel: 'https://evil.test/cancel', stream: streamUrl },
  ...more,
});

/** A vendor that gives its answers in turn, by place. */
const vendor = (places: Readonly<Record<string, (TransportResponse | (() => Promise<TransportResponse>))[]>>) => {
  const seen: TransportRequest[] = [];
  const slept: number[] = [];
  const send = createPredictions(async (ms, signal) => {
    slept.push(ms);
    signal?.throwIfAborted();
  })(async (request) => {
    seen.push(request);
    const next = places[`${request.method} ${request.url}`]?.shift();
    if (!next) throw new SluiceError('connection', `nothing at ${request.method} ${request.url}`);
    return typeof next === 'function' ? next() : next;
  });
  return { send, seen, slept };
};

const request = (stream: boolean, signal?: Canceller): TransportRequest => ({
  method: 'POST',
  url: `${base}/models/meta/llama/predictions`,
  headers: {
    authorization: 'Bearer key',
    'content-type': 'application/json',
    accept: stream ? 'text/event-stream' : 'application/json',
    'x-team': 'a',
  },
  body: '{}',
  connectTimeoutMs: 5,
  ...(signal && { signal }),
});
const make = `POST ${base}/models/meta/llama/predictions`;
const look = `GET ${base}/predictions/p1`;
const cancel = `POST ${base}/predictions/p1/cancel`;
const textOf = async (response: TransportResponse): Promise<string> => new TextDecoder().decode(await response.bytes(1e6));
const drain = async (response: TransportResponse): Promise<unknown[]> => {
  let text = '';
  for (let piece = await response.read(); piece; piece = await response.read()) text += new TextDecoder().decode(piece);
  return text
    .split('\n\n')
    .filter((each) => each !== '')
    .map((each) => JSON.parse(each.replace(/^data: /, '')) as unknown);
};

describe('whole answers', () => {
  test('the vendor waits; what is done is the answer', async () => {
    const { send, seen } = vendor({ [make]: [answer(prediction('succeeded', { output: ['a'] }), { status: 201 })] });
    const response = await send(request(false));
    expect(JSON.parse(await textOf(response))).toMatchObject({ status: 'succeeded', output: ['a'] });
    expect(seen).toHaveLength(1);
    expect(seen[0]!.headers).toMatchObject({ prefer: 'wait', authorization: 'Bearer key' });
  });

  test('what goes on is looked at until it has ended, at the address that was asked and no other', async () => {
    const { send, seen, slept } = vendor({
      [make]: [answer(prediction('starting'), { status: 201 })],
      [look]: [answer(prediction('processing')), answer(prediction('processing')), answer(prediction('succeeded', { output: 'b' }))],
    });
    expect(await textOf(await send(request(false)))).toContain('"b"');
    expect(slept).toEqual([250, 375, 562.5]);
    for (const { url, headers, body, connectTimeoutMs } of seen.slice(1)) {
      expect(new URL(url).host).toBe('api.replicate.com');
      expect(headers).toEqual({ authorization: 'Bearer key', accept: 'application/json', 'x-team': 'a' });
      expect([body, connectTimeoutMs]).toEqual([undefined, 5]);
    }
  });

  test('a failed look is the answer, and its failure the call’s', async () => {
    const { send } = vendor({
      [make]: [answer(prediction('starting'), { status: 201 })],
      [look]: [answer({ detail: 'No.' }, { status: 403 })],
    });
    const response = await send(request(false));
    expect([response.status, await textOf(response)]).toEqual([403, '{"detail":"No."}']);
  });

  test.each([
    ['a failure', answer({ detail: 'no key' }, { status: 401 }), 401],
    ['what is no JSON', answer('<html>', { type: 'text/html' }), 200],
    ['a prediction without an id', answer({ status: 'starting' }), 200],
    ['an id that is a path', answer({ id: '../../account', status: 'starting' }), 200],
  ])('%s is handed over as it came', async (_name, made, status) => {
    const { send, seen } = vendor({ [make]: [made] });
    expect((await send(request(false))).status).toBe(status);
    expect(seen).toHaveLength(1);
  });

  test('who leaves cancels what is billed', async () => {
    const signal = new Canceller();
    const { send, seen } = vendor({
      [make]: [answer(prediction('starting'), { status: 201 })],
      [look]: [
        async () => {
          signal.abort(new SluiceError('client_closed_request', 'left'));
          return answer(prediction('processing'));
        },
      ],
      [cancel]: [answer({})],
    });
    await expect(send(request(false, signal))).rejects.toMatchObject({ code: 'client_closed_request' });
    expect(seen.at(-1)).toMatchObject({ method: 'POST', url: `${base}/predictions/p1/cancel`, headers: { authorization: 'Bearer key' } });
    expect(seen.at(-1)!.signal?.aborted).toBe(false);
  });

  test('behind a proxy, all goes to the proxy', async () => {
    const proxied = { ...request(false), url: 'https://proxy.test/replicate/v1/deployments/me/mine/predictions' };
    const { send, seen } = vendor({
      [`POST ${proxied.url}`]: [answer(prediction('starting'), { status: 201 })],
      'GET https://proxy.test/replicate/v1/predictions/p1': [answer(prediction('succeeded', { output: 'x' }))],
    });
    await send(proxied);
    expect(seen.map(({ url }) => new URL(url).host)).toEqual(['proxy.test', 'proxy.test']);
  });
});

describe('streams', () => {
  const events =
    'event: output\nid: 1:0\ndata: Hel\n\n: hi\n\nevent: logs\ndata: noise\n\nevent: output\ndata: lo\ndata: \ndata: wörld\n\nevent: done\ndata: {}\n\n:408: 408 Request Timeout\n\n';
  const told = [
    { output: 'Hel' },
    { output: 'lo\n\nwörld' },
    { status: 'succeeded', metrics: { input_token_count: 3, output_token_count: 2 } },
  ];
  const places = (pieces: Uint8Array[]) => ({
    [make]: [answer(prediction('starting'), { status: 201 })],
    [`GET ${streamUrl}`]: [answer('', { type: 'text/event-stream; charset=utf-8' }, pieces)],
    [look]: [answer(prediction('processing')), answer(prediction('succeeded', { metrics: told[2]!.metrics }))],
  });

  test('are opened where the prediction says, wherever they are cut', async () => {
    const bytes = encoder.encode(events);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: bytes.length }), { maxLength: 12 }), async (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const { send, seen } = vendor(places(at.slice(1).map((end, index) => bytes.subarray(at[index], end))));
        const response = await send(request(true));
        expect(await drain(response)).toEqual(told);
        expect(seen[0]!.headers['prefer']).toBeUndefined();
        expect(seen[1]!.headers).toEqual({ authorization: 'Bearer key', accept: 'text/event-stream', 'cache-control': 'no-store' });
      }),
    );
  });

  test('behind the end nothing is waited for', async () => {
    const pieces = [encoder.encode('event: output\ndata: a\n\nevent: done\ndata: {}\n\n')];
    const opened = {
      ...answer('', { type: 'text/event-stream' }, pieces),
      read: () => (pieces.length > 0 ? Promise.resolve(pieces.shift()) : new Promise<never>(() => {})),
    };
    const { send } = vendor({ ...places([]), [`GET ${streamUrl}`]: [opened] });
    expect(await drain(await send(request(true)))).toEqual([{ output: 'a' }, told[2]!]);
  });

  test('counts that cannot be had fail nothing', async () => {
    const { send } = vendor({
      ...places([encoder.encode(events)]),
      [look]: [answer({ detail: 'no' }, { status: 500, type: 'text/plain' })],
    });
    expect((await drain(await send(request(true)))).at(-1)).toEqual({ status: 'succeeded' });
  });

  test.each([
    [
      'event: error\ndata: CUDA out of memory\n\nevent: done\ndata: {"reason":"error"}\n\n',
      [{ error: 'CUDA out of memory' }, { status: 'failed' }],
    ],
    ['event: done\ndata: {"reason": "canceled"}\n\n', [{ status: 'canceled' }]],
    ['event: output\ndata: torn\n\n', [{ output: 'torn' }]],
  ])('%j ends as it ends', async (text, expected) => {
    const { send } = vendor({ ...places([encoder.encode(text)]), [look]: [] });
    expect(await drain(await send(request(true)))).toEqual(expected);
  });

  test('a model that does not stream answers whole', async () => {
    const { send } = vendor({
      [make]: [answer({ ...prediction('starting'), urls: {} }, { status: 201 })],
      [look]: [answer(prediction('succeeded', { output: 'b' }))],
    });
    expect(await textOf(await send(request(true)))).toContain('"b"');
  });

  test('Cog’s own server answers with the stream', async () => {
    const { send, seen } = vendor({ [make]: [answer('', { type: 'text/event-stream' }, [encoder.encode(events)])] });
    expect(await drain(await send(request(true)))).toEqual([...told.slice(0, 2), { status: 'succeeded' }]);
    expect(seen).toHaveLength(1);
  });

  test.each([
    'https://evil.test/v1/streams/s1',
    'https://replicate.com.evil.test/s1',
    'http://stream.replicate.com/s1',
    'https://stream.replicate.com:8443/s1',
    'https://user:pass@stream.replicate.com/s1',
    'https://169.254.169.254/latest',
    'not a url',
  ])('%s is no host of the vendor’s', async (stream) => {
    const { send, seen } = vendor({
      [make]: [answer({ ...prediction('starting'), urls: { stream } }, { status: 201 })],
      [cancel]: [answer({})],
    });
    await expect(send(request(true))).rejects.toMatchObject({ code: 'invalid_response' });
    expect(seen.map(({ url }) => new URL(url).host)).toEqual(['api.replicate.com', 'api.replicate.com']);
  });

  test('files of answers are at a host that gets no key', async () => {
    const stream = 'https://stream.replicate.delivery/s1';
    const { send, seen } = vendor({
      [make]: [answer({ ...prediction('starting'), urls: { stream } }, { status: 201 })],
      [`GET ${stream}`]: [answer('', { type: 'text/event-stream' }, [])],
    });
    await send(request(true));
    expect(seen[1]!.headers).toEqual({ accept: 'text/event-stream', 'cache-control': 'no-store' });
  });

  test('who leaves closes the stream and cancels the prediction, once', async () => {
    const opened = answer('', { type: 'text/event-stream' }, [encoder.encode('event: output\ndata: a\n\n')]);
    const { send, seen } = vendor({ ...places([]), [`GET ${streamUrl}`]: [opened], [cancel]: [answer({})] });
    const response = await send(request(true));
    await response.read();
    response.cancel();
    response.cancel();
    expect(opened.cancelled).toBe(true);
    expect(seen.filter(({ url }) => url.endsWith('/cancel'))).toHaveLength(1);
  });
});

describe('where a model is run', () => {
  const version = 'ab'.repeat(32);
  const provider = createReplicate();
  const urlOf = (model: string, baseUrl?: string): string => {
    const target: Target = { provider, model, ...(baseUrl !== undefined && { baseUrl }) };
    return upstreamUrl(target, provider.speaks.chat!, false);
  };
  test.each([
    ['meta/meta-llama-3-70b-instruct', '/models/meta/meta-llama-3-70b-instruct/predictions', undefined],
    [`meta/llama:${version}`, '/predictions', version],
    [version, '/predictions', version],
    ['deployments/me/mine', '/deployments/me/mine/predictions', undefined],
  ])('%s', (model, path, expected) => {
    expect(urlOf(model)).toBe(base + path);
    const { members } = provider.speaks.chat!.dialect!({ model, stream: false, headers: {}, body: {} });
    expect(members).toEqual({ version: expected });
  });

  test('a name cannot leave its place, an address is taken as it is pasted', () => {
    expect(() => urlOf('../account')).toThrow("cannot be a model's name");
    expect(urlOf('a/b?x=1')).toBe(`${base}/models/a/b%3Fx%3D1/predictions`);
    expect(urlOf('a/b', 'https://proxy.test')).toBe('https://proxy.test/v1/models/a/b/predictions');
  });
});
