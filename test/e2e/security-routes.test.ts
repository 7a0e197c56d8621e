import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import net from 'node:net';
import { providers } from 'sluice/kit';
import { fixedPaths } from '../../gateway/src/server/paths.ts';
import { isPublic, matchRoute, routeRules, type RouteName } from '../../gateway/src/server/routes.ts';
import { createRig, masterKey, type Gateway } from './harness.ts';

// Every path, whoever serves it, is closed to who has no key, but for the few that are named here (FP-1).

const { stopAll, later, gatewayOf } = createRig();
let gateway: Gateway;
let asked = 0;

beforeAll(async () => {
  const upstream = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: () => {
      asked++;
      return Response.json({});
    },
  });
  later(async () => upstream.stop(true));
  const base = `http://127.0.0.1:${upstream.port}`;
  gateway = await gatewayOf(
    `model_list:
  - model_name: m
    litellm_params: { model: openai/up, api_base: "${base}/v1", api_key: sk-canary, use_in_pass_through: true }
general_settings:
  pass_through_endpoints:
    - { path: /closed, target: "${base}/x", include_subpath: true, headers: { authorization: Bearer sk-canary } }
`,
    { OPENAI_API_KEY: 'sk-canary', OPENAI_BASE_URL: `${base}/v1` },
  );
});
afterAll(stopAll);

const open: ReadonlySet<string> = new Set([
  '/',
  '/health/liveliness',
  '/health/liveness',
  '/livez',
  '/health/readiness',
  '/readyz',
  '/metrics',
  '/public/providers',
  '/public/providers/fields',
  '/public/endpoints',
]);

/** Paths with something of the client's in them, by their routes. */
const samples: Readonly<Record<string, string>> = {
  '/v1/videos/v1': 'video',
  '/v1/videos/v1/content': 'video_content',
  '/v1/videos/v1/remix': 'video_remix',
  '/v1/models/m': 'model',
  '/v1beta/models/m': 'gemini_model',
  '/v1beta/models/m:generateContent': 'generate_content',
  '/v1beta/models/m:streamGenerateContent': 'stream_generate_content',
  '/v1beta/models/m:countTokens': 'gemini_count_tokens',
  '/v1beta/models/m:embedContent': 'gemini_embed',
  '/v1/projects/p/locations/l/publishers/google/models/m:predict': 'vertex_predict',
  '/v1/projects/p/locations/l/publishers/anthropic/models/m:rawPredict': 'raw_predict',
  '/v1/projects/p/locations/l/publishers/anthropic/models/m:streamRawPredict': 'stream_raw_predict',
  '/model/m/converse': 'converse',
  '/model/m/converse-stream': 'converse_stream',
  '/model/m/invoke': 'invoke',
  '/model/m/invoke-with-response-stream': 'invoke_stream',
  '/model/m/count-tokens': 'bedrock_count_tokens',
  '/v1/files': 'resource',
  '/v1/files/f': 'resource',
  '/v1/files/f/content': 'resource',
  '/v1/batches': 'resource',
  '/v1/vector_stores/v/search': 'resource',
  '/v1/threads/t/runs/r/steps': 'resource',
  '/v1/responses/r': 'resource',
  '/v1/messages/batches/b/results': 'message_batches',
  '/v1/skills/s': 'skills',
  '/v1beta/interactions/i/cancel': 'interactions',
  '/v1/videos/edits': 'resource',
};

/** Those that no table of paths knows. */
const elsewhere = [
  '/v1/realtime',
  '/realtime',
  '/openai/v1/realtime',
  '/azure/openai/realtime',
  '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent',
  '/vertex_ai/live',
  '/v1/realtime/client_secrets',
  '/v1/realtime/calls/c/hangup',
  '/closed',
  '/closed/below',
  '/openai_passthrough/v1/x',
  '/langfuse/api/public/traces',
  '/cursor/x',
  '/milvus/x',
  ...[...providers.list].map(({ id }) => `/${id}/v1/anything`),
];

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'];

/** What may be said to who has no key: that there is no such thing, that it takes other methods, or that a key is wanted. */
const closed = new Set([401, 404, 405]);

const statusesOf = async (path: string, headers: Record<string, string> = {}): Promise<number[]> =>
  Promise.all(
    methods.map(async (method) => {
      const response = await fetch(gateway.url + path, { method, headers });
      await response.body?.cancel();
      return response.status;
    }),
  );

describe('without a key', () => {
  test('the routes that anybody may call are those few', () => {
    const found = [...fixedPaths].filter(([, route]) => isPublic(route)).map(([path]) => path);
    expect(new Set(found)).toEqual(open as Set<string>);
  });

  test('every route has a path here', () => {
    const tried = new Set<string>(fixedPaths.values());
    for (const [path, route] of Object.entries(samples)) {
      expect(matchRoute(path)?.route).toBe(route as RouteName);
      tried.add(route);
    }
    expect(Object.keys(routeRules).filter((route) => !tried.has(route))).toEqual(['realtime', 'pass_through']);
  });

  test('all others are refused, with every method, whatever key is no key', async () => {
    const paths = [...[...fixedPaths.keys()].filter((path) => !open.has(path)), ...Object.keys(samples), ...elsewhere];
    const wrong: string[] = [];
    for (const path of paths) {
      for (const headers of [{}, { authorization: `Bearer ${masterKey.slice(0, -1)}` }] as Record<string, string>[]) {
        const statuses = await statusesOf(path, headers);
        if (!statuses.every((status) => closed.has(status)) || !statuses.includes(401)) wrong.push(`${path}: ${statuses.join(' ')}`);
      }
    }
    // What is a provider itself has nothing behind it.
    expect(wrong.filter((line) => !line.startsWith('/mock/'))).toEqual([]);
    expect(asked).toBe(0);
  }, 60_000);

  test.each(['/v1/realtime?model=m', '/openai/v1/realtime?model=m', '/vertex_ai/live', '/closed', '/openai/v1/x', '/v1/chat/completions'])(
    'a WebSocket at %s is refused as well',
    async (path) => {
      for (const protocols of ['', 'sec-websocket-protocol: realtime, openai-insecure-api-key.sk-wrong\r\n']) {
        const socket = net.connect(Number(new URL(gateway.url).port), '127.0.0.1');
        const answer = new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(bytes.toString('latin1'))));
        socket.write(
          `GET ${path} HTTP/1.1\r\nhost: h\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n${protocols}\r\n`,
        );
        expect(await answer).toMatch(/^HTTP\/1\.1 40[15] /);
        socket.destroy();
      }
      expect(asked).toBe(0);
    },
  );
});

describe('a request that is written by hand', () => {
  const raw = async (text: string): Promise<string> => {
    const socket = net.connect(Number(new URL(gateway.url).port), '127.0.0.1');
    let answer = '';
    const over = new Promise<void>((resolve) => {
      socket.on('close', () => resolve());
      socket.on('error', () => resolve());
      socket.on('data', (bytes) => {
        answer += bytes.toString('latin1');
        resolve();
      });
    });
    socket.write(text);
    await over;
    socket.destroy();
    return answer.split('\r\n')[0]!;
  };
  const head = `host: h\r\nauthorization: Bearer ${masterKey}\r\n`;

  test.each<[string, string, RegExp]>([
    [
      'with two kinds of length',
      `POST /openai/v1/x HTTP/1.1\r\n${head}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      /40\d/,
    ],
    ['with two lengths', `POST /openai/v1/x HTTP/1.1\r\n${head}content-length: 5\r\ncontent-length: 3\r\n\r\nabcde`, /40\d/],
    ['in an unknown encoding', `POST /openai/v1/x HTTP/1.1\r\n${head}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n`, /40\d/],
    ['that asks for a tunnel', `CONNECT evil.test:443 HTTP/1.1\r\n${head}\r\n`, /405/],
    ['that asks for an echo', `TRACE /openai/v1/x HTTP/1.1\r\n${head}\r\n`, /405/],
    ['whose path leads out', `GET /openai/v1/..;/admin HTTP/1.1\r\n${head}\r\n`, /400/],
    ['whose path leads to another host', `GET /openai//evil.test/x HTTP/1.1\r\n${head}\r\n`, /400/],
    ['whose path has a backslash', `GET /openai/\\evil.test/x HTTP/1.1\r\n${head}\r\n`, /400/],
  ])('%s is refused', async (_, text, status) => {
    const before = asked;
    expect(await raw(text)).toMatch(status);
    expect(asked).toBe(before);
  });
});
