import { afterEach, describe, expect, test } from 'bun:test';
import { createRig } from './harness.ts';

// What an answer names is somebody else's word: it must not make the gateway ask its own network, nor carry a key away.

const { stopAll, later, gatewayOf } = createRig();
afterEach(stopAll);

const server = (answer: (path: string) => Response) => {
  const seen: { path: string; authorization: string | null }[] = [];
  const made = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch(request) {
      const { pathname } = new URL(request.url);
      seen.push({ path: pathname, authorization: request.headers.get('authorization') });
      return answer(pathname);
    },
  });
  later(async () => made.stop(true));
  return { port: made.port, seen };
};

/** A vendor whose finished image lies at a link. */
const vendor = (link: () => string) =>
  server((path) =>
    path.startsWith('/v1/tasks/') ? Response.json({ id: 't', status: 'SUCCEEDED', output: [link()] }) : Response.json({ id: 't' }),
  );

const configuration = (port: number | undefined, more = '') => `model_list:
  - model_name: m
    litellm_params: { model: runwayml/gen4_image, api_base: "http://127.0.0.1:${port}/v1", api_key: sk-canary, num_retries: 0 }
${more}`;

const image = { model: 'm', prompt: 'x', response_format: 'b64_json' };

describe('a finished image’s address', () => {
  test.each<[string, (port: number | undefined) => string]>([
    ['the gateway’s own machine', (port) => `http://localhost:${port}/secret`],
    ['it by another spelling', (port) => `http://[::ffff:127.0.0.1]:${port}/secret`],
    ['it by its number', (port) => `http://0x7f000002:${port}/secret`],
    ['a private network', () => 'http://10.255.255.1/secret'],
    ['what tells a machine’s credentials', () => 'http://169.254.169.254/latest/meta-data'],
    ['that with other digits', () => 'http://0xa9fea9fe/latest/meta-data'],
  ])('that leads to %s is not asked', async (_, link) => {
    const inside = server(() => new Response('INSIDE'));
    const { port } = vendor(() => link(inside.port));
    const gateway = await gatewayOf(configuration(port));
    const response = await gateway.post('/v1/images/generations', image);
    const text = await response.text();
    expect([response.status, inside.seen]).toEqual([502, []]);
    expect(text).toContain('names an address that is not asked');
    expect(text + gateway.lines.join()).not.toMatch(/sk-canary|INSIDE/);
  });

  test('that the operator allows is, without the key', async () => {
    const inside = server(() => new Response('IMAGE'));
    const { port } = vendor(() => `http://localhost:${inside.port}/a.png`);
    const gateway = await gatewayOf(configuration(port, 'litellm_settings: { user_url_allowed_hosts: [localhost] }\n'));
    const response = await gateway.post('/v1/images/generations', image);
    expect(await response.json()).toMatchObject({ data: [{ b64_json: btoa('IMAGE') }] });
    expect(inside.seen).toEqual([{ path: '/a.png', authorization: null }]);
  });

  test('that is at the vendor’s machine is, whatever the port, and without the key', async () => {
    const beside = server(() => new Response('IMAGE'));
    const { port, seen } = vendor(() => `http://127.0.0.1:${beside.port}/a.png`);
    const gateway = await gatewayOf(configuration(port));
    const response = await gateway.post('/v1/images/generations', image);
    expect(response.status).toBe(200);
    expect(beside.seen).toEqual([{ path: '/a.png', authorization: null }]);
    expect(seen.every(({ authorization }) => authorization === 'Bearer sk-canary')).toBe(true);
  });
});
