import { afterEach, beforeEach, expect, test } from 'bun:test';
import { Secret } from 'sluice/kit';
import { startConsul, type FakeConsul } from '../../../test/kit/discovery/consul.ts';
import type { ConsulLookup } from '../config/discovery-settings.ts';
import { consulSource } from './consul.ts';
import { contextOf, shown, watch, type Watched } from './testing.ts';

let consul: FakeConsul;
const open: Watched[] = [];
beforeEach(() => void (consul = startConsul('t0ken')));
afterEach(async () => {
  for (const each of open.splice(0)) each.stop();
  await consul.stop();
});

const start = (given: Partial<ConsulLookup> = {}, context = contextOf()): Watched => {
  const lookup: ConsulLookup = { type: 'consul', address: consul.url, service: 'vllm', tags: [], token: new Secret('t0ken'), ...given };
  const watched = watch(consulSource(lookup, context));
  open.push(watched);
  return watched;
};

test('instances come and go by blocking queries, only the passing ones', async () => {
  consul.set('vllm', [{ address: '10.0.0.1', port: 8000 }]);
  const watched = start();
  await watched.until((list) => shown(list).join() === '10.0.0.1:8000');
  consul.set('vllm', [
    { address: '10.0.0.1', port: 8000 },
    { address: '10.0.0.2', port: 8000 },
    { address: '10.0.0.3', port: 8000, failing: true },
  ]);
  await watched.until((list) => shown(list).join() === '10.0.0.1:8000,10.0.0.2:8000');
  consul.set('vllm', []);
  await watched.until((list) => list.length === 0);
  const [first, second] = consul.requests;
  expect(first?.path).toBe('/v1/health/service/vllm');
  expect(Object.fromEntries(first!.query)).toEqual({ passing: '1' });
  expect(first?.token).toBe('t0ken');
  expect(Object.fromEntries(second!.query)).toEqual({ passing: '1', index: '11', wait: '60s' });
});

test('an instance without an address is at its node; its metadata says more of it', async () => {
  consul.set('vllm', [{ port: 1, nodeAddress: '10.9.9.9', weight: 7, meta: { model: 'm', order: '2', tags: 'a, b' } }]);
  const watched = start();
  await watched.until((list) => list.length === 1);
  expect(watched.last()).toEqual([{ host: '10.9.9.9', port: 1, weight: 7, order: 2, tags: ['a', 'b'], model: 'm' }]);
});

test('tags, datacenter and namespace narrow the question', async () => {
  const watched = start({ tags: ['a', 'b'], datacenter: 'dc2', namespace: 'ns1', service: 'v/l' });
  await watched.until(() => true);
  expect(consul.requests[0]?.path).toBe('/v1/health/service/v%2Fl');
  expect([...consul.requests[0]!.query]).toEqual([
    ['passing', '1'],
    ['tag', 'a'],
    ['tag', 'b'],
    ['dc', 'dc2'],
    ['ns', 'ns1'],
  ]);
});

test('an index that goes back starts over, and does not wait for what is behind', async () => {
  consul.set('vllm', [{ address: '10.0.0.1', port: 1 }]);
  const watched = start();
  await watched.until((list) => list.length === 1);
  consul.resetIndex();
  while (consul.requests.length < 4) await Bun.sleep(5);
  const indexes = consul.requests.map(({ query }) => query.get('index'));
  expect(indexes.slice(0, 4)).toEqual([null, '11', null, '3']);
});

test.each([
  ['a refusal', () => new Response('no', { status: 403 }), 'It answered 403.'],
  ['no JSON', () => new Response('<html>', { headers: { 'x-consul-index': '5' } }), 'Its answer is not JSON.'],
  ['no list', () => Response.json({ a: 1 }), 'Its answer is no list of instances.'],
  ['a huge body', () => new Response('['.padEnd(2_000_000, ' ')), 'Its answer is larger than 884736 bytes.'],
])('%s is a failure with its reason', async (_, answer, message) => {
  consul.answerWith(answer);
  expect(await start().failure).toMatchObject({ message });
});

test('a server that does not answer in time is a failure', async () => {
  consul.answerWith(() => new Response(new ReadableStream({ start() {} })));
  expect(await start({}, contextOf({ timeoutMs: 200 })).failure).toMatchObject({ message: 'It took longer than 200 ms.' });
});

test('one that says no index is asked again after a while, without one', async () => {
  let count = 0;
  consul.answerWith(() => {
    count++;
    return Response.json([]);
  });
  const watched = start();
  await watched.until(() => count >= 2);
  expect(consul.requests.every(({ query }) => !query.has('index'))).toBe(true);
});

test('entries that are none are claims that nobody believes, and no failure', async () => {
  consul.answerWith(() => Response.json([7, null, {}, { Service: { Address: '10.0.0.1', Port: 1 } }]));
  const watched = start();
  await watched.until((list) => list.length === 4);
  expect(shown(watched.last())).toContain('10.0.0.1:1');
});
