import { afterEach, describe, expect, test } from 'bun:test';
import type { Socket } from 'node:net';
import {
  completion,
  delta,
  done,
  jsonAnswer,
  oneModel,
  piece,
  readUntil,
  smallest,
  startGateway,
  startRawUpstream,
  streamEnd,
  streamHead,
  type Gateway,
  type RawUpstream,
} from './harness.ts';

const fast = `
router_settings: { num_retries: 0 }
sluice_settings: { first_token_timeout_ms: 400, idle_timeout_ms: 400, header_wait_ms: 5000 }
`;

let gateway: Gateway | undefined;
let upstream: RawUpstream | undefined;
afterEach(async () => {
  await gateway?.stop();
  await upstream?.stop();
  gateway = upstream = undefined;
});

const start = async (answer: Parameters<typeof startRawUpstream>[0], extra = fast) => {
  upstream = await startRawUpstream(answer);
  gateway = await startGateway(oneModel(upstream.base, extra));
  return gateway;
};

const chat = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] };
const streamed = { ...chat, stream: true };
type ErrorBody = { error: { message: string; type?: string; code?: string } };
const errorOf = async (response: Response): Promise<ErrorBody['error']> => ((await response.json()) as ErrorBody).error;

describe('before the first token: a real HTTP error, in every format, whole and streamed', () => {
  const faults: readonly { name: string; answer: Parameters<typeof startRawUpstream>[0]; status: number; words: RegExp }[] = [
    { name: 'reset', answer: (socket) => socket.destroy(), status: 502, words: /./ },
    { name: 'a hang', answer: () => {}, status: 504, words: /400 ms/ },
    {
      name: 'a head that never ends',
      answer: (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-ty'),
      status: 504,
      words: /400 ms/,
    },
    { name: 'no HTTP at all', answer: (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n\r\n'), status: 502, words: /./ },
    {
      name: 'HTML with 200',
      answer: (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>'),
      status: 502,
      words: /not JSON/,
    },
    {
      name: 'HTML with 503',
      answer: (socket) => void socket.write('HTTP/1.1 503 X\r\ncontent-type: text/html\r\ncontent-length: 20\r\n\r\n<h1>Maintenance</h1>'),
      status: 503,
      words: /Maintenance/,
    },
    {
      name: 'JSON that is cut short',
      answer: (socket) => void socket.write(jsonAnswer('{"id": "c1", "choi')),
      status: 502,
      words: /not JSON/,
    },
    {
      name: 'a redirect',
      answer: (socket) => void socket.write('HTTP/1.1 302 X\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n'),
      status: 502,
      words: /redirect/,
    },
    {
      name: 'an error of the provider',
      answer: (socket) => void socket.write(jsonAnswer({ error: { message: 'no such thing', type: 'invalid_request_error' } }, 400)),
      status: 400,
      words: /no such thing/,
    },
  ];
  for (const { name, answer, status, words } of faults) {
    test(name, async () => {
      const { post } = await start(answer);
      for (const stream of [false, true]) {
        for (const { name: format, path, body } of smallest(stream)) {
          const response = await post(path, body);
          expect({ format, stream, status: response.status }).toEqual({ format, stream, status });
          expect((await errorOf(response)).message).toMatch(words);
        }
      }
    });
  }

  test.each([
    ['a status that is none', jsonAnswer({ error: { message: 'away' } }, 999), 502],
    ['an error in a 200', jsonAnswer({ error: { message: 'away', type: 'server_error' } }), 502],
  ])('%s', async (_, answer, status) => {
    const { url, post } = await start((socket) => void socket.write(answer));
    const response = await post('/v1/chat/completions', chat);
    expect([response.status, (await errorOf(response)).message]).toEqual([status, 'away']);
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('sluice_open_calls 0');
  });

  test('a connection that is refused', async () => {
    const { post } = await start(() => {});
    await upstream!.stop();
    const response = await post('/v1/chat/completions', chat);
    expect(response.status).toBe(502);
    expect((await errorOf(response)).message).toMatch(/127\.0\.0\.1/);
  });

  test('FP-72: an error as the first event of a 200', async () => {
    const { post } = await start(
      (socket) =>
        void socket.write(
          streamHead + piece('data: {"error": {"message": "overloaded", "type": "server_error", "code": 529}}\n\n') + streamEnd,
        ),
    );
    for (const { name, path, body } of smallest(true)) {
      const response = await post(path, body);
      expect({ name, ok: response.ok }).toEqual({ name, ok: false });
      expect((await errorOf(response)).message).toMatch(/overloaded/);
    }
  });

  test('an empty stream', async () => {
    const { post } = await start((socket) => void socket.write(streamHead + streamEnd));
    expect((await post('/v1/chat/completions', streamed)).status).toBe(502);
  });

  test('a whole answer where a stream was asked for is streamed', async () => {
    const { post } = await start((socket) => void socket.write(jsonAnswer(completion('whole'))));
    const response = await post('/v1/chat/completions', streamed);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const text = await response.text();
    expect(text).toContain('whole');
    expect(text).toEndWith('data: [DONE]\n\n');
  });

  test('a stream where a whole answer was asked for is put together', async () => {
    const { post } = await start(
      (socket) => void socket.write(streamHead + piece(delta('in ') + delta('pieces', 'stop') + done) + streamEnd),
    );
    expect(await (await post('/v1/chat/completions', chat)).json()).toMatchObject({
      choices: [{ message: { content: 'in pieces' }, finish_reason: 'stop' }],
    });
  });
});

describe('after the first token: a typed error event, never a clean end', () => {
  const endings: readonly { name: string; end: (socket: Socket) => void }[] = [
    { name: 'a reset', end: (socket) => socket.resetAndDestroy() },
    { name: 'a truncated stream', end: (socket) => void socket.write(streamEnd) },
    { name: 'a stream cut inside an event', end: (socket) => void socket.write(piece('data: {"id": "c1", "cho') + streamEnd) },
    {
      name: 'invalid UTF-8',
      end: (socket) => void (socket.write('8\r\ndata: '), socket.write(Buffer.from([0xff, 0xfe])), socket.write(`\r\n${streamEnd}`)),
    },
    { name: 'silence', end: () => {} },
    {
      name: 'an error event',
      end: (socket) =>
        void socket.write(piece('data: {"error": {"message": "the provider gave up", "type": "server_error"}}\n\n') + streamEnd),
    },
  ];
  for (const { name, end } of endings) {
    test(name, async () => {
      const { post, calls } = await start((socket) => {
        socket.write(streamHead + piece(delta('partial')));
        setTimeout(() => end(socket), 50);
      });
      for (const { name: format, path, body } of smallest(true)) {
        const response = await post(path, body);
        expect(response.status).toBe(200);
        const text = await response.text();
        expect(text).toContain('partial');
        expect({ format, error: /error/i.test(text) }).toEqual({ format, error: true });
        expect({ format, clean: /\[DONE\]|message_stop|response\.completed|"finishReason":"STOP"/.test(text) }).toEqual({
          format,
          clean: false,
        });
        // Every event can be read: nothing was written into the middle of one.
        for (const [, data] of text.matchAll(/^data: (.*)$/gm))
          if (data !== '[DONE]') expect(() => JSON.parse(data!) as unknown).not.toThrow();
      }
      expect(calls().every(({ errorCode }) => typeof errorCode === 'string')).toBe(true);
    });
  }
});

describe('retries', () => {
  test('another deployment first, and the client sees nothing of it', async () => {
    const bad = await startRawUpstream((socket) => void socket.write(jsonAnswer({ error: { message: 'down' } }, 500)));
    const good = await startRawUpstream((socket) => void socket.write(jsonAnswer(completion('from the other'))));
    const entry = (base: string, order: number) =>
      `  - { model_name: m, litellm_params: { model: openai/m, api_base: "${base}", api_key: k, order: ${order} } }\n`;
    gateway = await startGateway(`model_list:\n${entry(bad.base, 1)}${entry(good.base, 2)}`);
    const response = await gateway.post('/v1/chat/completions', chat);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-litellm-attempted-retries')).toBe('1');
    expect(await response.text()).toContain('from the other');
    await Promise.all([bad.stop(), good.stop()]);
  });

  test('FP-85: retry-after is obeyed, and passed on when tries are used up', async () => {
    const times: number[] = [];
    const { post } = await start((socket) => {
      times.push(performance.now());
      socket.write(jsonAnswer({ error: { message: 'slow down' } }, 429, 'retry-after: 1\r\n'));
    }, 'router_settings: { num_retries: 1 }');
    const response = await post('/v1/chat/completions', chat);
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(times).toHaveLength(2);
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(990);
  });

  test("what is the client's fault is not tried again", async () => {
    const { post } = await start(
      (socket) => void socket.write(jsonAnswer({ error: { message: 'bad' } }, 400)),
      'router_settings: { num_retries: 3 }',
    );
    await post('/v1/chat/completions', chat);
    expect(upstream!.requests).toHaveLength(1);
  });

  test('a pooled connection that died is replaced, unseen', async () => {
    const { post } = await start((socket) => {
      socket.write(jsonAnswer(completion('ok')));
      setTimeout(() => socket.destroy(), 5);
    });
    for (let at = 0; at < 5; at++) {
      expect((await post('/v1/chat/completions', chat)).status).toBe(200);
      await Bun.sleep(at === 2 ? 0 : 10);
    }
  });
});

describe('FP-23: a client that leaves cancels the upstream within 100 ms', () => {
  const cases: readonly {
    name: string;
    body: object;
    answer: (socket: Socket) => void;
    wait: (response: Promise<Response>) => Promise<unknown>;
  }[] = [
    { name: 'before the answer', body: chat, answer: () => {}, wait: () => Bun.sleep(100) },
    { name: 'before the first token', body: streamed, answer: (socket) => void socket.write(streamHead), wait: () => Bun.sleep(100) },
    {
      name: 'in the stream',
      body: streamed,
      answer: (socket) => {
        socket.write(streamHead);
        const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write(piece(delta('more ')))), 10);
      },
      wait: async (response) => readUntil((await response).body!.getReader(), (text) => text.includes('more')),
    },
  ];
  for (const { name, body, answer, wait } of cases) {
    test(name, async () => {
      const { post, calls } = await start((socket) => answer(socket), 'router_settings: { num_retries: 2 }');
      for (const path of ['/v1/chat/completions', '/v1/messages']) {
        const before = upstream!.requests.length;
        const controller = new AbortController();
        const response = post(path, { ...body, max_tokens: 10 }, { signal: controller.signal });
        response.catch(() => {});
        await wait(response);
        const left = performance.now();
        controller.abort();
        while (upstream!.requests[before]!.closedAt === undefined && performance.now() - left < 1000) await Bun.sleep(5);
        expect(upstream!.requests[before]!.closedAt! - left).toBeLessThan(100);
        // Nobody is there to retry for.
        expect(upstream!.requests.length).toBe(before + 1);
      }
      await Bun.sleep(20);
      expect(calls().map(({ status }) => status)).toEqual([499, 499]);
    });
  }
});

test('a slow client slows the upstream: no unbounded buffer', async () => {
  const block = piece(delta('x'.repeat(64 * 1024)));
  let written = 0;
  const { post } = await start((socket) => {
    socket.write(streamHead);
    const pump = () => {
      while (!socket.destroyed && written < 400_000_000) {
        written += block.length;
        if (!socket.write(block)) {
          socket.once('drain', pump);
          return;
        }
      }
    };
    pump();
  }, 'router_settings: { num_retries: 0 }');
  for (const path of ['/v1/chat/completions', '/v1/messages']) {
    written = 0;
    const response = await post(path, { ...streamed, max_tokens: 10 });
    const reader = response.body!.getReader();
    await reader.read();
    // It stops, well before everything was read: what the sockets and one read of the gateway hold.
    let stalled = -1;
    for (const until = performance.now() + 8000; stalled !== written && performance.now() < until;) {
      stalled = written;
      await Bun.sleep(500);
    }
    expect(written).toBe(stalled);
    expect(stalled).toBeLessThan(100_000_000);
    await reader.cancel();
  }
}, 30_000);

test('FP-22: headers and comments go out while the model thinks, and then the answer', async () => {
  const { post } = await start((socket, text) => {
    if (text.includes('"fail"'))
      setTimeout(() => socket.write(jsonAnswer({ error: { message: 'late refusal', type: 'server_error' } }, 500)), 500);
    else setTimeout(() => socket.write(streamHead + piece(delta('at last', 'stop') + done) + streamEnd), 500);
  }, 'router_settings: { num_retries: 0 }\nsluice_settings: { header_wait_ms: 100, keep_alive_ms: 100 }');
  for (const { path, body } of smallest(true)) {
    const asked = performance.now();
    const response = await post(path, body);
    expect(performance.now() - asked).toBeLessThan(400);
    const text = await response.text();
    expect(text.match(/^: keep-alive$/gm)?.length).toBeGreaterThanOrEqual(2);
    expect(text).toContain('at last');
  }
  // A failure after the headers is an event of the format.
  const late = await post('/v1/messages', { model: 'm', stream: true, max_tokens: 5, messages: [{ role: 'user', content: 'fail' }] });
  expect(late.status).toBe(200);
  expect(await late.text()).toMatch(/event: error\ndata: \{.*late refusal/);
});

test('FP-26, FP-27: no key, prompt or client credential where it does not belong', async () => {
  const { post, lines, url } = await start((socket, text) => {
    const key = /authorization: Bearer (\S+)/i.exec(text)?.[1];
    // A provider that echoes the key that it refuses.
    socket.write(
      text.includes('refuse')
        ? jsonAnswer(
            { error: { message: `Incorrect API key provided: ${key}`, type: 'invalid_request_error', code: 'invalid_api_key' } },
            401,
          )
        : jsonAnswer(completion('ok')),
    );
  });
  const outputs: string[] = [];
  for (const { path, body } of smallest(false)) {
    for (const word of ['Hello', 'refuse']) {
      const response = await post(path, JSON.stringify(body).replace('Hello', `${word} prompt-canary-4f1d`), {
        headers: { cookie: 'client-cookie-canary', 'x-api-key': 'client-key-canary' },
      });
      outputs.push(JSON.stringify([...response.headers]), await response.text());
    }
  }
  outputs.push(await (await fetch(`${url}/metrics`)).text(), ...lines);
  const all = outputs.join('\n');
  expect(all).not.toContain('sk-upstream-canary-77e1');
  expect(all).not.toContain('sk-e2e-9c1185a5c5e9fc54612808977ee8f548');
  expect(lines.join('\n')).not.toContain('prompt-canary');
  for (const { text } of upstream!.requests) {
    expect(text).not.toContain('client-cookie-canary');
    expect(text).not.toContain('client-key-canary');
    expect(text).not.toContain('sk-e2e-9c1185a5c5e9fc54612808977ee8f548');
  }
});

test('the same format goes through untouched, both ways', async () => {
  const answer =
    '{ "id":"c1",  "object":"chat.completion","created":1,"model":"m","choices":[ {"index":0,"message":{"role":"assistant","content":"ü"},"finish_reason":"stop"}],"vendor":1.0 }';
  const { post } = await start((socket) => void socket.write(jsonAnswer(answer)));
  const sent =
    '{"messages" : [{"role":"user","content":"\\u00fc"}], "model":"m", "seed": 12345678901234567890, "vendor_novelty": {"a": 1.0}}';
  const response = await post('/v1/chat/completions', sent);
  expect(await response.text()).toBe(answer);
  expect(upstream!.requests[0]!.text.split('\r\n\r\n')[1]).toBe(sent);
});

test('FP-31: what was dropped is reported, and refused where it may not be', async () => {
  const anthropic = (base: string, drop: boolean) =>
    `model_list:\n  - { model_name: m, litellm_params: { model: anthropic/claude-sonnet-4-5, api_base: "${base.replace('/v1', '')}", api_key: k, drop_params: ${drop} } }\nrouter_settings: { num_retries: 0 }`;
  const reply = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude',
    content: [{ type: 'text', text: 'ok' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: 1 },
  };
  upstream = await startRawUpstream((socket) => void socket.write(jsonAnswer(reply)));
  gateway = await startGateway(anthropic(upstream.base, false));
  const refused = await gateway.post('/v1/chat/completions', { ...chat, logprobs: true });
  expect(refused.status).toBe(400);
  expect((await errorOf(refused)).message).toContain("'logprobs'");
  const asked = await gateway.post('/v1/chat/completions', { ...chat, logprobs: true, drop_params: true });
  expect(asked.status).toBe(200);
  gateway.reload(anthropic(upstream.base, true));
  const kept = await gateway.post('/v1/chat/completions', { ...chat, logprobs: true, drop_params: false });
  expect(kept.status).toBe(400);
  const dropped = await gateway.post('/v1/chat/completions', { ...chat, logprobs: true });
  expect(dropped.status).toBe(200);
  expect(dropped.headers.get('x-sluice-dropped-params')).toContain('logprobs');
  expect(gateway.calls().at(-1)!['dropped']).toContain('logprobs');
});
