import { expect, test } from 'bun:test';
import { connect } from 'node:net';
import { openRoutes } from './matrix/examples.ts';
import { adminRoutes } from '../../gateway/src/server/admin/index.ts';
import { fixedPaths } from '../../gateway/src/server/paths.ts';
import { routeRules, type RouteName } from '../../gateway/src/server/routes.ts';
import { describeAdmin, masterKey } from '../kit/admin.ts';

/** A request as it is written, since clients of HTTP put paths in order by themselves. @returns status and body */
const raw = (
  url: string,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; text: string }> => {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => {
      const lines = Object.entries({ host: `${hostname}:${port}`, connection: 'close', ...headers }).map(
        ([name, value]) => `${name}: ${value}`,
      );
      socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    });
    socket.on('data', (bytes) => void (text += bytes.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve({ status: Number(/^HTTP\/1.1 (\d+)/.exec(text)?.[1] ?? 0), text }));
    socket.setTimeout(5000, () => socket.destroy(new Error(`${method} ${path} was not answered`)));
  });
};

/** Ways to write a path so that one reader takes it for another one. */
const twisted = (path: string): string[] => [
  `/${path}`,
  `${path}/`,
  `${path}//`,
  path.replace('/', '//').replaceAll(/(?<=.)\//g, '//'),
  `/.${path}`,
  `/x/..${path}`,
  `/health/liveness/../..${path}`,
  `/health/liveness/%2e%2e/%2e%2e${path}`,
  `/metrics/..;${path}`,
  `${path}/.`,
  `${path}/x/..`,
  `${path}%2f`,
  `/%2f${path}`,
  path.replaceAll(/(?<=.)\//g, '%2f'),
  path.replaceAll('e', '%65'),
  path.toUpperCase(),
  `${path}%00`,
  `${path};x=1`,
  `${path}%20`,
  `${path}#/health/liveness`,
  `${path}?/health/liveness`,
  `${path}\\`,
  `http://127.0.0.1${path}`,
];

describeAdmin('FP-1: no path is a way around', (start) => {
  test('however the path of a closed route is written, nobody gets through without a key', async () => {
    const admin = await start();
    const wrong: string[] = [];
    const paths = [
      '/user/list',
      '/key/info',
      '/team/list',
      '/global/none',
      '/v1/models',
      '/health',
      '/model/info',
      '/config/yaml',
      '/audit',
      '/credentials',
    ];
    for (const path of paths)
      for (const written of twisted(path))
        for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'PROPFIND', 'get']) {
          const { status, text } = await raw(admin.url, method, written);
          // 0: hung up on without a word.
          const refused = [0, 400, 401, 404, 405, 501, 505].includes(status);
          // A preflight, and the root of what is not there, tell nothing.
          const nothing = text.split('\r\n\r\n')[1]?.replace(/^0\r?\n?\r?\n?$/, '') === '';
          if (!refused && !nothing) wrong.push(`${method} ${written}: ${status} ${text.slice(-80)}`);
        }
    expect(wrong).toEqual([]);
    await admin.stop();
  }, 60_000);

  test('nor may a key that is for calls alone, or for one route, more for how the path is written', async () => {
    const admin = await start();
    const { key: calls } = await admin.ok<{ key: string }>('POST /key/generate', { key_type: 'llm_api' });
    const { key: one } = await admin.ok<{ key: string }>('POST /key/generate', { allowed_routes: ['/v1/models', '/v1/models/*'] });
    const wrong: string[] = [];
    for (const [key, routes] of [
      [calls, ['/key/info', '/key/list', '/team/list']],
      [one, ['/key/info', '/key/list', '/v1/chat/completions']],
    ] as const)
      for (const path of routes)
        for (const prefix of ['', '/v1/models/..', '/v1/models/%2e%2e', '/v1/models/x/../../..', '/v1/chat/completions/../../..'])
          for (const written of twisted(path).map((each) => prefix + each)) {
            const { status, text } = await raw(admin.url, 'GET', written, { authorization: `Bearer ${key}` });
            if (status < 400) wrong.push(`${written}: ${status} ${text.slice(-120)}`);
          }
    // What they are for, they are for.
    expect((await raw(admin.url, 'GET', '/v1/models', { authorization: `Bearer ${one}` })).status).toBe(200);
    expect(wrong.filter((each) => !/\{"data":\[.*"object":"list"\}/.test(each))).toEqual([]);
    await admin.stop();
  }, 60_000);

  test('a public route of the configuration opens that path, and no admin action', async () => {
    const admin = await start({
      config: `
model_list: [{ model_name: gpt-4o, litellm_params: { model: mock/hello } }]
general_settings: { public_routes: ["/v1/models", "/key/*", "/user/*", "/team/list"] }
`,
    });
    expect((await raw(admin.url, 'GET', '/v1/models')).status).toBe(200);
    for (const path of ['/key/list', '/key/info?key=x', '/user/list', '/user/info', '/team/list', '/key/health'])
      expect([path, [401, 403, 404, 405].includes((await admin.call(`GET ${path}`, undefined, { key: '' })).status)]).toEqual([path, true]);
    expect((await admin.call('POST /key/generate', {}, { key: '' })).status).toBeOneOf([401, 403]);
    await admin.stop();
  });
});

describeAdmin('calls of models', (start) => {
  test('need a key, on every path there is, unless they are in this list', async () => {
    const admin = await start();
    const open: RouteName[] = ['liveness', 'readiness', 'metrics', 'providers', 'provider_fields', 'endpoints', 'root'];
    expect((Object.keys(routeRules) as RouteName[]).filter((name) => routeRules[name].public).toSorted()).toEqual(open.toSorted());
    const wrong: string[] = [];
    let looked = 0;
    for (const [path, route] of fixedPaths)
      for (const method of routeRules[route].methods) {
        const { status, json } = await admin.call(`${method} ${path}`, ['GET', 'HEAD'].includes(method) ? undefined : {}, { key: '' });
        looked++;
        if (open.includes(route) ? status === 401 : status !== 401) wrong.push(`${method} ${path}: ${status} ${JSON.stringify(json)}`);
      }
    expect([wrong, looked > 150]).toEqual([[], true]);
    await admin.stop();
  });

  test('open routes of the admin API take no key for who calls: nothing is done in its name', async () => {
    const admin = await start();
    for (const route of openRoutes.filter((each) => each.startsWith('GET'))) {
      const [withKey, without] = [await admin.call(route), await admin.call(route, undefined, { key: '' })];
      expect([route, withKey.status]).toEqual([route, without.status]);
    }
    expect(adminRoutes.length).toBeGreaterThan(100);
    await admin.stop();
  });

  test('keys that are for something else may not make them, and others may', async () => {
    const admin = await start();
    const chat = async (more: object) => {
      const { key } = await admin.ok<{ key: string }>('POST /key/generate', more);
      return (await admin.chat('gpt-4o', key)).status;
    };
    expect(await chat({})).toBe(200);
    expect(await chat({ key_type: 'llm_api' })).toBe(200);
    expect(await chat({ key_type: 'management' })).toBe(403);
    expect(await chat({ key_type: 'read_only' })).toBe(403);
    expect(await chat({ allowed_routes: ['/v1/embeddings'] })).toBe(403);
    expect(await chat({ allowed_routes: ['/v1/chat/completions'] })).toBe(200);
    expect((await admin.chat('gpt-4o', masterKey)).status).toBe(200);
    await admin.stop();
  });
});
