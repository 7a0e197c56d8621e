import { afterEach, describe, expect, test } from 'bun:test';
import { completion, createRig, masterKey, type Gateway } from './harness.ts';
import { longestTurnMs } from '../kit/cpu.ts';

// Ids are clients' to make up: whatever they hold, a request asks for one thing of one collection, and nobody waits for it.

const { stopAll, later, gatewayOf } = createRig();
afterEach(stopAll);

const world = async () => {
  const seen: { method: string; path: string; body: string }[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      seen.push({ method: request.method, path: pathname + search, body: await request.text() });
      return Response.json(completion('x'));
    },
  });
  later(async () => server.stop(true));
  const gateway = await gatewayOf(`model_list:
  - model_name: m
    litellm_params: { model: openai/up, api_base: "http://127.0.0.1:${server.port}/v1", api_key: sk-canary }
    model_info: { id: dep-a }
  - model_name: n
    litellm_params: { model: openai/other, api_base: "http://127.0.0.1:${server.port}/other/v1", api_key: sk-canary }
    model_info: { id: dep-b }
`);
  return { gateway, seen };
};

const seal = (kind: string, id: string, deployment = 'dep-a'): string =>
  `${kind}-sl-${Buffer.from(deployment).toString('base64url')}.${Buffer.from(id).toString('base64url')}`;

const ask = (gateway: Gateway, method: string, path: string): Promise<Response> =>
  fetch(gateway.url + path, { method, headers: { authorization: `Bearer ${masterKey}` } });

describe('an id that leads elsewhere', () => {
  test.each<[string, string]>([
    ['GET', `/v1/files/${seal('file', '..')}/content`],
    ['DELETE', `/v1/vector_stores/${seal('vs', '..')}/files/file-1`],
    ['DELETE', `/v1/vector_stores/${seal('vs', '.')}/files/file-1`],
    ['GET', `/v1/files/${seal('file', '../../admin')}/content`],
    ['GET', '/v1/files/..%2f..%2fadmin/content'],
    ['GET', `/v1/files/${seal('file', 'a\r\nx-y: z')}`],
    ['GET', `/v1/videos/${seal('video', '..')}/content`],
    ['POST', `/v1/threads/${seal('thread', '..')}/runs/x/cancel`],
  ])('%s %s is refused', async (method, path) => {
    const { gateway, seen } = await world();
    expect((await ask(gateway, method, path)).status).toBe(400);
    expect(seen).toEqual([]);
  });

  test('a query within an id stays within it', async () => {
    const { gateway, seen } = await world();
    await ask(gateway, 'GET', `/v1/files/${seal('file', 'a?b=c#d&e')}`);
    expect(seen.map(({ path }) => path)).toEqual(['/v1/files/a%3Fb%3Dc%23d%26e']);
  });
});

describe('an id that somebody talks about', () => {
  const said = (content: unknown) => ({ model: 'm', messages: [{ role: 'user', content }] });

  test.each<[string, unknown]>([
    ['within a sentence', `What is ${seal('file', 'file-9')}?`],
    ['in quotes', `What is "${seal('file', 'file-9')}"?`],
    ['alone', seal('file', 'file-9')],
    ['alone in a part', [{ type: 'text', text: seal('file', 'file-9') }]],
    ['of two deployments', `${seal('file', 'a')} ${seal('file', 'b', 'dep-b')}`],
    ['damaged', 'x-sl-zz.ff and x-sl-a.b.c'],
  ])('%s, it stays', async (_, content) => {
    const { gateway, seen } = await world();
    const response = await gateway.post('/v1/chat/completions', said(content));
    expect(response.status).toBe(200);
    expect((JSON.parse(seen[0]!.body) as { messages: unknown }).messages).toEqual(said(content).messages);
  });

  test('where it is meant, it is the provider’s own, and says where the call goes', async () => {
    const { gateway, seen } = await world();
    const input = [{ role: 'user', content: [{ type: 'input_file', file_id: seal('file', 'file"9', 'dep-b') }] }];
    await gateway.post('/v1/responses', { model: 'n', input });
    expect(seen[0]).toMatchObject({ path: '/other/v1/responses' });
    expect(seen[0]!.body).toContain('"file_id":"file\\"9"');
  });
});

describe('nothing else waits', () => {
  // Quadratic in what they are given, these took seconds; the bound leaves room for slow machines.
  const maxStopMs = 250;

  test.each<[string, string]>([
    ['beginnings of ids without end', 'a-sl-'.repeat(200_000)],
    ['beginnings of ids in many texts', 'a-sl-a","'.repeat(100_000)],
    ['ids with very long ends', `file-sl-${'a'.repeat(1_000_000)}`],
    ['marks alone', '-sl-'.repeat(250_000)],
  ])('for %s', async (_, text) => {
    const { gateway } = await world();
    const body = JSON.stringify({ metadata: { text }, messages: [] });
    expect(await longestTurnMs(() => gateway.post('/v1/threads', body))).toBeLessThan(maxStopMs);
  });

  test('for paths of very many pieces', async () => {
    const { gateway } = await world();
    const path = `/v1/${'a/'.repeat(3500)}${':!'.repeat(3500)}`;
    expect(await longestTurnMs(() => gateway.post(path, '{}'))).toBeLessThan(60);
  });
});
