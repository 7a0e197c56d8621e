import { afterEach, beforeEach, expect, test } from 'bun:test';
import { startKubernetes, type FakeKubernetes } from '../../../test/kit/discovery/kubernetes.ts';
import { kubernetesSource } from './kubernetes.ts';
import type { SourceContext } from './source.ts';
import { contextOf, shown, watch, type Watched } from './testing.ts';

let cluster: FakeKubernetes;
const open: Watched[] = [];
beforeEach(() => void (cluster = startKubernetes({ token: 't0ken', pageSize: 2 })));
afterEach(async () => {
  for (const each of open.splice(0)) each.stop();
  await cluster.stop();
});

const start = (port?: string, token = () => 't0ken', given: Partial<SourceContext> = {}): Watched => {
  const lookup = { type: 'kubernetes' as const, service: 'vllm', ...(port !== undefined && { port }) };
  const watched = watch(
    kubernetesSource(lookup, contextOf(given), async () => ({ address: cluster.url, namespace: 'default', token: async () => token() })),
  );
  open.push(watched);
  return watched;
};
const slice = (name: string, ...addresses: string[]) => ({
  name,
  service: 'vllm',
  ports: [{ name: 'http', port: 8000 }],
  endpoints: addresses.map((address) => ({ addresses: [address], ready: true })),
});
const is =
  (...wanted: string[]) =>
  (list: Parameters<typeof shown>[0]) =>
    shown(list).join() === wanted.join();

test('slices are listed by pages and then watched', async () => {
  for (const at of [1, 2, 3]) cluster.apply(slice(`s${at}`, `10.0.0.${at}`));
  cluster.apply({ ...slice('other', '10.9.9.9'), service: 'other' });
  const watched = start();
  await watched.until(is('10.0.0.1:8000', '10.0.0.2:8000', '10.0.0.3:8000'));
  while (cluster.watches() === 0) await Bun.sleep(5);
  cluster.apply(slice('s1', '10.0.0.1', '10.0.1.1'));
  await watched.until(is('10.0.0.1:8000', '10.0.0.2:8000', '10.0.0.3:8000', '10.0.1.1:8000'));
  cluster.remove('s2');
  await watched.until(is('10.0.0.1:8000', '10.0.0.3:8000', '10.0.1.1:8000'));
  cluster.remove('s1');
  cluster.remove('s3');
  await watched.until((list) => list.length === 0);
  const [list, page, watching] = cluster.requests;
  expect(list?.path).toBe('/apis/discovery.k8s.io/v1/namespaces/default/endpointslices');
  expect(list?.authorization).toBe('Bearer t0ken');
  expect(Object.fromEntries(page!.query)).toEqual({ labelSelector: 'kubernetes.io/service-name=vllm', limit: '500', continue: '2' });
  expect(Object.fromEntries(watching!.query)).toMatchObject({
    watch: '1',
    resourceVersion: '104',
    allowWatchBookmarks: 'true',
    timeoutSeconds: '300',
  });
});

test('only what is ready is called; unknown counts as ready', async () => {
  cluster.apply({
    ...slice('s1'),
    endpoints: [{ addresses: ['10.0.0.1'], ready: false }, { addresses: ['10.0.0.2'] }, { addresses: ['10.0.0.3'], ready: true }],
  });
  await start().until(is('10.0.0.2:8000', '10.0.0.3:8000'));
});

test('the port is a number, a name, or the first', async () => {
  cluster.apply({
    ...slice('s1', '10.0.0.1'),
    ports: [
      { name: 'metrics', port: 9 },
      { name: 'http', port: 8000 },
    ],
  });
  await start('http').until(is('10.0.0.1:8000'));
  await start('8443').until(is('10.0.0.1:8443'));
  await start().until(is('10.0.0.1:9'));
  await start('grpc').until((list) => list.length === 0);
});

test('a version that has expired (410) and a connection that broke: all is listed anew', async () => {
  cluster.apply(slice('s1', '10.0.0.1'));
  for (const end of [() => cluster.expire(), () => cluster.cut(), () => cluster.say('{"type":"ADDED"}'), () => cluster.say('no json')]) {
    const watched = start();
    await watched.until(is('10.0.0.1:8000'));
    while (cluster.watches() === 0) await Bun.sleep(5);
    end();
    expect(await watched.failure).toBeInstanceOf(Error);
    await Bun.sleep(20);
    cluster.cut();
  }
});

test('the token is asked for each time: the kubelet replaces it', async () => {
  let asked = 0;
  const watched = start(undefined, () => {
    asked++;
    return 't0ken';
  });
  await watched.until(() => true);
  while (cluster.watches() === 0) await Bun.sleep(5);
  expect(asked).toBe(2);
});

test.each([
  ['a wrong token', () => start(undefined, () => 'old'), 'It answered 401.'],
  ['no list', () => start(), 'Its answer is no list of EndpointSlices.'],
])('%s is a failure with its reason', async (name, begin, message) => {
  if (name === 'no list') cluster.answerWith(() => Response.json({ kind: 'Status' }));
  expect(await begin().failure).toMatchObject({ message });
});

test('a list that never ends is not read for ever', async () => {
  let pages = 0;
  cluster.answerWith(() => {
    pages++;
    return Response.json({
      metadata: { resourceVersion: '1', continue: 'more' },
      items: [{ metadata: { name: 's' }, ports: [{ port: 1 }], endpoints: [{ addresses: ['10.0.0.1'] }] }],
    });
  });
  const watched = start();
  await watched.until(is('10.0.0.1:1'));
  expect(pages).toBeLessThanOrEqual(21);
});

test('a line without an end is a failure, not memory', async () => {
  cluster.apply(slice('s1', '10.0.0.1'));
  const watched = start(undefined, undefined, { maxBytes: 10_000 });
  await watched.until(is('10.0.0.1:8000'));
  while (cluster.watches() === 0) await Bun.sleep(5);
  cluster.say(`{"type":"ADDED","object":"${'x'.repeat(50_000)}"}`);
  expect(await watched.failure).toBeInstanceOf(Error);
});
