import { afterEach, describe, expect, test } from 'bun:test';
import { createRig, headOf, jsonAnswer, masterKey, piece, streamEnd, type Gateway } from './harness.ts';

const { upstreamOf, gatewayOf, stopAll } = createRig();
afterEach(stopAll);

const acme = (base: string, more = '') =>
  `model_list: [{ model_name: m, litellm_params: { model: openai/m-1, api_base: "${base}", api_key: sk-upstream-canary-77e1, max_retries: 1 ${more} } }]`;

const postForm = (gateway: Gateway, path: string, fields: Record<string, string | File>): Promise<Response> => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return fetch(gateway.url + path, { method: 'POST', body: form, headers: { authorization: `Bearer ${masterKey}` } });
};

const audio = (bytes = 'RIFF-sound') => new File([bytes], 'a.mp3', { type: 'audio/mpeg' });

describe('a provider of the same format', () => {
  test('JSON goes on with the name of its model, and back as it came', async () => {
    const answer = '{"created":1, "data":[{"b64_json":"QUJD"}],"usage":{"input_tokens":5,"output_tokens":100,"total_tokens":105}}';
    const upstream = await upstreamOf((socket) => socket.write(jsonAnswer(answer)));
    const gateway = await gatewayOf(acme(upstream.base));
    const response = await gateway.post('/v1/images/generations', '{"model":"m", "prompt":"a cat","moderation":"low","timeout":9}');
    expect([response.status, await response.text()]).toEqual([200, answer]);
    expect(headOf(upstream)).toStartWith('POST /v1/images/generations ');
    expect(upstream.requests[0]!.text).toEndWith('{"model":"m-1", "prompt":"a cat","moderation":"low"}');
    expect(gateway.calls()[0]).toMatchObject({ model: 'm', status: 200, provider: 'openai' });
  });

  test('a form goes on with the name of its model; the key is the gateway’s', async () => {
    const upstream = await upstreamOf((socket) => socket.write(jsonAnswer({ text: 'Hello', usage: { type: 'duration', seconds: 3 } })));
    const gateway = await gatewayOf(acme(upstream.base));
    const response = await postForm(gateway, '/v1/audio/transcriptions', { file: audio(), model: 'm', language: 'de' });
    expect([response.status, await response.json()]).toEqual([200, { text: 'Hello', usage: { type: 'duration', seconds: 3 } }]);
    const { text } = upstream.requests[0]!;
    expect(text).toContain('authorization: Bearer sk-upstream-canary-77e1');
    expect(text).toContain('RIFF-sound');
    expect(text).toContain('name="model"\r\n\r\nm-1\r\n');
    expect(text).not.toContain(masterKey);
    expect(gateway.calls()[0]).toMatchObject({ model: 'm', route: 'audio_transcriptions', status: 200 });
    expect(gateway.lines.join('')).not.toContain('RIFF');
  });

  test('a form is sent again where the first try fails', async () => {
    let tries = 0;
    const upstream = await upstreamOf((socket) =>
      socket.write(tries++ === 0 ? jsonAnswer({ error: { message: 'busy' } }, 503) : jsonAnswer({ text: 'Hello' })),
    );
    const gateway = await gatewayOf(acme(upstream.base));
    const response = await postForm(gateway, '/v1/audio/transcriptions', { model: 'm', file: audio() });
    expect(response.status).toBe(200);
    expect(upstream.requests.map(({ text }) => text.includes('RIFF-sound'))).toEqual([true, true]);
  });

  test('what speech costs is told before it is made, since its text is what is billed', async () => {
    const upstream = await upstreamOf((socket) =>
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: audio/mpeg\r\ncontent-length: 3\r\n\r\nID3'),
    );
    const gateway = await gatewayOf(acme(upstream.base).replace('openai/m-1', 'openai/tts-1'));
    const response = await gateway.post('/v1/audio/speech', { model: 'm', input: 'Hello', voice: 'alloy' });
    expect(await response.text()).toBe('ID3');
    // 5 characters at 15 dollars for a million.
    expect(response.headers.get('x-litellm-response-cost')).toBe('0.000075');
    expect(gateway.calls()[0]).toMatchObject({ cost_nano_usd: 75_000 });
  });

  test('speech comes as it is made', async () => {
    let more = () => {};
    const upstream = await upstreamOf((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-type: audio/mpeg\r\ntransfer-encoding: chunked\r\n\r\n${piece('one')}`);
      more = () => socket.write(piece('two') + streamEnd);
    });
    const gateway = await gatewayOf(acme(upstream.base));
    const response = await gateway.post('/v1/audio/speech', { model: 'm', input: 'Hello', voice: 'alloy' });
    expect(response.headers.get('content-type')).toBe('audio/mpeg');
    const reader = response.body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('one');
    more();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('two');
    expect((await reader.read()).done).toBe(true);
    expect(gateway.calls()[0]).toMatchObject({ route: 'audio_speech', status: 200 });
  });

  test('a client that leaves stops the speech', async () => {
    const upstream = await upstreamOf((socket) =>
      socket.write(`HTTP/1.1 200 OK\r\ncontent-type: audio/mpeg\r\ntransfer-encoding: chunked\r\n\r\n${piece('one')}`),
    );
    const gateway = await gatewayOf(acme(upstream.base));
    const controller = new AbortController();
    const response = await gateway.post('/v1/audio/speech', { model: 'm', input: 'Hello' }, { signal: controller.signal });
    await response.body!.getReader().read();
    controller.abort();
    for (let at = 0; at < 100 && upstream.requests[0]!.closedAt === undefined; at++) await Bun.sleep(10);
    expect(upstream.requests[0]!.closedAt).toBeNumber();
    expect(gateway.calls()[0]).toMatchObject({ status: 499 });
  });

  test('failures are told as they are', async () => {
    const upstream = await upstreamOf((socket) =>
      socket.write(jsonAnswer({ error: { message: 'No such voice.', type: 'invalid_request_error' } }, 400)),
    );
    const gateway = await gatewayOf(acme(upstream.base));
    const response = await gateway.post('/v1/audio/speech', { model: 'm', input: 'Hello', voice: 'x' });
    expect([response.status, await response.json()]).toMatchObject([400, { error: { message: 'No such voice.' } }]);
  });
});

describe('what is wrong with a request is said', () => {
  const mock =
    'model_list: [{ model_name: m, litellm_params: { model: mock/m } }, { model_name: g, litellm_params: { model: groq/x, api_key: k } }]';

  test.each([
    ['/v1/images/generations', { model: 'm' }, 400, "'prompt' is missing."],
    ['/v1/audio/speech', { model: 'm' }, 400, "'input' is missing."],
    ['/v1/ocr', { model: 'm' }, 400, "'document' is missing."],
    ['/v1/images/generations', { prompt: 'x' }, 400, "'model' is missing: say which model is to answer."],
    ['/v1/images/generations', { model: 'nope', prompt: 'x' }, 404, "The model 'nope' does not exist."],
    ['/v1/images/generations', { model: 'g', prompt: 'x' }, 400, 'Groq does not offer image generation here.'],
    [
      '/v1/images/edits',
      { model: 'm', image: 'https://example.com/a.png', prompt: 'x' },
      400,
      "'image' must be a file: send a form, or a data URL in base64.",
    ],
    [
      '/v1/search',
      { query: 'x' },
      400,
      "Say who is to search: 'search_tool_name' is missing. The configuration has none: see 'search_tools'.",
    ],
    [
      '/v1/videos',
      { model: 'm', input_reference: 'nonsense', prompt: 'x' },
      400,
      "'input_reference' must be a file: send a form, or a data URL in base64.",
    ],
    ['/v1/search/nope', { query: 'x' }, 404, "There is no search tool 'nope'. The configuration has none: see 'search_tools'."],
  ])('%s %j', async (path, body, status, message) => {
    const gateway = await gatewayOf(mock);
    const response = await gateway.post(path, body);
    expect([response.status, ((await response.json()) as { error: { message: string } }).error.message]).toEqual([status, message]);
  });

  test('a form without its file, and one that is none', async () => {
    const gateway = await gatewayOf(mock);
    const missing = await postForm(gateway, '/v1/audio/transcriptions', { model: 'm' });
    expect([missing.status, await missing.json()]).toMatchObject([400, { error: { message: "'file' is missing." } }]);
    const text = await postForm(gateway, '/v1/audio/transcriptions', { model: 'm', file: 'a text' });
    expect([text.status, await text.json()]).toMatchObject([400, { error: { message: "'file' must be a file." } }]);
    const none = await gateway.post('/v1/audio/transcriptions', 'nonsense', {
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
    });
    expect(none.status).toBe(400);
  });
});

describe('the mock does it all without a key', () => {
  const yaml = `
model_list: [{ model_name: m, litellm_params: { model: mock/m } }]
search_tools:
  - { search_tool_name: web, litellm_params: { search_provider: mock }, search_tool_info: { description: The web } }
`;

  test('images, speech, transcripts, moderation, documents', async () => {
    const gateway = await gatewayOf(yaml);
    const image = (await (await gateway.post('/v1/images/generations', { model: 'm', prompt: 'x', n: 2 })).json()) as { data: unknown[] };
    expect(image.data).toHaveLength(2);
    const edited = await postForm(gateway, '/v1/images/edits', {
      model: 'm',
      image: new File(['png'], 'a.png', { type: 'image/png' }),
      prompt: 'x',
    });
    expect(await edited.json()).toMatchObject({ data: [{ b64_json: expect.any(String) }] });
    const data = await gateway.post('/v1/images/edits', { model: 'm', image: 'data:image/png;base64,QUJD', prompt: 'x' });
    expect(data.status).toBe(200);
    const speech = await gateway.post('/v1/audio/speech', { model: 'm', input: 'x' });
    expect(speech.headers.get('content-type')).toBe('audio/wav');
    expect((await speech.bytes()).length).toBe(844);
    const srt = await postForm(gateway, '/v1/audio/transcriptions', { file: audio(), model: 'm', response_format: 'srt' });
    expect(await srt.text()).toBe('1\n00:00:00,000 --> 00:00:01,000\nA recording of 10 bytes.\n\n');
    const moderated = await gateway.post('/v1/moderations', { model: 'm', input: ['a', 'b'] });
    expect(await moderated.json()).toMatchObject({ model: 'm', results: [{ flagged: false }, { flagged: false }] });
    const read = await gateway.post('/v1/ocr', {
      model: 'm',
      document: { type: 'document_url', document_url: 'https://example.com/a.pdf' },
    });
    expect(await read.json()).toMatchObject({ pages: [{ markdown: '# A page' }] });
    expect(gateway.calls().every(({ status }) => status === 200)).toBe(true);
  });

  test('searches with a tool of the configuration, which is no model', async () => {
    const gateway = await gatewayOf(yaml);
    for (const [path, body] of [
      ['/v1/search/web', { query: 'x' }],
      ['/search', { query: 'x', search_tool_name: 'web' }],
      ['/v1/search', { query: 'x' }],
    ] as const) {
      const response = await gateway.post(path, body);
      expect([response.status, await response.json()]).toMatchObject([200, { object: 'search', results: [{ title: 'Result 1' }, {}] }]);
      // The tool's name as it is configured, and not the router's.
      expect(response.headers.get('x-litellm-model-group')).toBe('web');
    }
    expect(gateway.calls().map(({ model }) => model)).toEqual(['web', 'web', 'web']);
    const get = async (path: string) => (await fetch(gateway.url + path, { headers: { authorization: `Bearer ${masterKey}` } })).json();
    expect(await get('/v1/search/tools')).toEqual({
      object: 'list',
      data: [{ search_tool_name: 'web', search_provider: 'mock', description: 'The web' }],
    });
    expect(await get('/v1/models')).toMatchObject({ data: [{ id: 'm' }] });
  });

  test('what a form asks for holds however the network cuts it, in front of its file and behind it', async () => {
    const gateway = await gatewayOf(yaml);
    const text = (name: string, value: string) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const file = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.mp3"\r\ncontent-type: audio/mpeg\r\n\r\nRIFF-sound\r\n';
    const send = async (...pieces: string[]) => {
      const body = new ReadableStream<Uint8Array>({
        async pull(controller) {
          const piece = pieces.shift();
          if (piece === undefined) return controller.close();
          controller.enqueue(Buffer.from(piece));
          await Bun.sleep(30);
        },
      });
      const headers = { authorization: `Bearer ${masterKey}`, 'content-type': 'multipart/form-data; boundary=b' };
      return fetch(`${gateway.url}/v1/audio/transcriptions`, { method: 'POST', body, headers });
    };
    const [model, verbose, stream] = [text('model', 'm'), text('response_format', 'verbose_json'), text('stream', 'true')];
    for (const pieces of [
      [model, verbose, file, '--b--\r\n'],
      [model, file, verbose, '--b--\r\n'],
      [file, model, verbose, '--b--\r\n'],
    ])
      expect(await (await send(...pieces)).json()).toMatchObject({ language: 'en', duration: 1 });
    for (const pieces of [
      [model, stream, file, '--b--\r\n'],
      [model, file, stream, '--b--\r\n'],
    ]) {
      const answer = await send(...pieces);
      expect([answer.headers.get('content-type'), await answer.text()]).toEqual([
        expect.stringContaining('text/event-stream'),
        expect.stringContaining('transcript.text.done'),
      ]);
    }
    expect(gateway.calls().map(({ stream: streamed }) => streamed)).toEqual([false, false, false, true, true]);
  });

  test('a vendor all of whose models are served is a tool by its name', async () => {
    const gateway = await gatewayOf(`
model_list: [{ model_name: "tavily/*", litellm_params: { model: "tavily/*", api_key: k } }]
search_tools: [{ search_tool_name: web, litellm_params: { search_provider: mock } }]
`);
    const response = await fetch(`${gateway.url}/v1/search/tools`, { headers: { authorization: `Bearer ${masterKey}` } });
    expect(((await response.json()) as { data: { search_tool_name: string }[] }).data.map(({ search_tool_name: name }) => name)).toEqual([
      'web',
      'tavily',
    ]);
    // The one that is configured is still the one that is meant.
    expect((await gateway.post('/v1/search', { query: 'x' })).status).toBe(200);
  });

  test('a moderation names no model where its client means the usual one', async () => {
    const named = 'model_list: [{ model_name: omni-moderation-latest, litellm_params: { model: mock/m } }]';
    const answered = await (await gatewayOf(named)).post('/v1/moderations', { input: 'x' });
    expect([answered.status, await answered.json()]).toMatchObject([200, { results: [{}] }]);
    const missing = await (await gatewayOf(yaml)).post('/moderations', { input: 'x' });
    expect([missing.status, await missing.json()]).toMatchObject([
      404,
      { error: { message: expect.stringContaining('omni-moderation-latest') } },
    ]);
  });

  test('as do those for pictures to change and for videos, whether JSON or a form', async () => {
    const upstream = await upstreamOf((socket) => socket.write(jsonAnswer({ created: 1, data: [], id: 'video_1' })));
    const gateway = await gatewayOf(acme(upstream.base).replaceAll('openai/m-1', 'openai/*').replace('model_name: m', 'model_name: "*"'));
    const image = () => new File(['png'], 'a.png', { type: 'image/png' });
    const asked = async (response: Response) => [response.status, upstream.requests.at(-1)!.text];
    expect(await asked(await postForm(gateway, '/v1/images/edits', { image: image(), prompt: 'x' }))).toEqual([
      200,
      expect.stringContaining('name="model"\r\n\r\ngpt-image-1.5\r\n'),
    ]);
    expect(await asked(await postForm(gateway, '/v1/images/variations', { image: image() }))).toEqual([
      200,
      expect.stringContaining('name="model"\r\n\r\ndall-e-2\r\n'),
    ]);
    expect(await asked(await gateway.post('/v1/videos', { prompt: 'x' }))).toEqual([200, expect.stringContaining('"model":"sora-2"')]);
  });

  test('a video from its beginning to its end, by the id that the gateway gave', async () => {
    const gateway = await gatewayOf(yaml);
    const made = (await (await gateway.post('/v1/videos', { model: 'm', prompt: 'x', seconds: '8' })).json()) as { id: string };
    expect(made).toMatchObject({ object: 'video', model: 'm', seconds: '8', status: 'completed' });
    expect(made.id).not.toContain('video_mock');
    const call = (path: string, method = 'GET') => fetch(gateway.url + path, { method, headers: { authorization: `Bearer ${masterKey}` } });
    expect(await (await call(`/v1/videos/${made.id}`)).json()).toMatchObject({ id: made.id, status: 'completed' });
    expect(await (await call(`/v1/videos/${made.id}/content`)).text()).toBe('mock video');
    const remixed = (await (await gateway.post(`/v1/videos/${made.id}/remix`, { prompt: 'y' })).json()) as { id: string };
    expect(remixed).toMatchObject({ remixed_from_video_id: made.id, status: 'queued' });
    expect(await (await call(`/v1/videos/${made.id}`, 'DELETE')).json()).toMatchObject({ deleted: true, id: made.id });
    expect((await call('/v1/videos/video_123')).status).toBe(404);
    expect((await call('/v1/videos/video-sl-x')).status).toBe(400);
  });
});
