import { afterEach, beforeEach, expect, test } from 'bun:test';
import { startDns, type FakeDns } from '../../../test/kit/discovery/dns.ts';
import { dnsSource, srvSource, type Names } from './dns.ts';
import { waitOf } from './poll.ts';
import { contextOf, shown, watch, type Watched } from './testing.ts';

let dns: FakeDns;
const open: Watched[] = [];
beforeEach(async () => void (dns = await startDns()));
afterEach(async () => {
  for (const each of open.splice(0)) each.stop();
  await dns.stop();
});
const keep = (watched: Watched): Watched => {
  open.push(watched);
  return watched;
};
const addresses = (context = contextOf()) =>
  keep(watch(dnsSource({ type: 'dns', host: 'vllm.test', port: 8000, servers: [dns.address], intervalMs: 1000 }, context)));
const services = () =>
  keep(watch(srvSource({ type: 'srv', host: '_vllm._tcp.test', servers: [dns.address], intervalMs: 1000 }, contextOf())));
const a = (address: string) => ({ type: 'A' as const, address });
const is =
  (...wanted: string[]) =>
  (list: Parameters<typeof shown>[0]) =>
    shown(list).join() === wanted.join();

test('addresses come and go', async () => {
  dns.set('vllm.test', [a('10.0.0.1'), a('10.0.0.2')]);
  const watched = addresses();
  await watched.until(is('10.0.0.1:8000', '10.0.0.2:8000'));
  dns.set('vllm.test', [a('10.0.0.2'), a('10.0.0.3')]);
  await watched.until(is('10.0.0.2:8000', '10.0.0.3:8000'));
  // A host with both kinds is one endpoint.
  expect(dns.questions.every((question) => question === 'vllm.test 1')).toBe(true);
});

test('IPv6 where there is no IPv4', async () => {
  dns.set('vllm.test', [{ type: 'AAAA', bytes: [0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7] }]);
  await addresses().until(is('fd00::7:8000'));
});

test('SRV: priority is the order, weight the weight', async () => {
  dns.set('_vllm._tcp.test', [
    { type: 'SRV', priority: 1, weight: 30, port: 8001, target: 'gpu-1.test' },
    { type: 'SRV', priority: 2, weight: 10, port: 8002, target: 'gpu-2.test' },
  ]);
  const watched = services();
  await watched.until((list) => list.length === 2);
  expect(watched.last()?.toSorted((x, y) => Number(x.port) - Number(y.port))).toEqual([
    { host: 'gpu-1.test', port: 8001, order: 1, weight: 30 },
    { host: 'gpu-2.test', port: 8002, order: 2, weight: 10 },
  ]);
});

test('SRV: the target "." says that there is none', async () => {
  dns.set('_vllm._tcp.test', [{ type: 'SRV', priority: 0, weight: 0, port: 0, target: '.' }]);
  await services().until((list) => list.length === 0);
});

test.each([
  ['no such name', 3, 'The name has no addresses.'],
  ['a server that fails', 2, 'The DNS server could not answer (ESERVFAIL).'],
] as const)('%s is a failure, never an empty list', async (_, code, message) => {
  dns.answerWith(code);
  const watched = addresses();
  expect(await watched.failure).toMatchObject({ message });
  expect(watched.lists).toEqual([]);
});

test('a server that is silent is a failure within the time', async () => {
  dns.answerWith('silent');
  const startedAt = performance.now();
  expect(await addresses(contextOf({ timeoutMs: 600 })).failure).toBeInstanceOf(Error);
  expect(performance.now() - startedAt).toBeLessThan(3000);
});

test('the names of the machine are asked where DNS knows none, unless servers are named', async () => {
  const asked: string[] = [];
  const missing = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
  const names: Names = {
    v4: missing,
    v6: missing,
    services: missing,
    system: async (host) => {
      asked.push(host);
      return [
        { address: '127.0.0.1', family: 4 },
        { address: '::1', family: 6 },
      ];
    },
  };
  const lookup = { type: 'dns' as const, host: 'gpu', port: 1, intervalMs: 1000 };
  await keep(watch(dnsSource({ ...lookup, servers: [] }, contextOf(), names))).until(is('127.0.0.1:1'));
  expect(await keep(watch(dnsSource({ ...lookup, servers: ['10.0.0.2'] }, contextOf(), names))).failure).toMatchObject({
    message: 'The name has no addresses.',
  });
  expect(asked).toEqual(['gpu']);
});

test('the next look is when a record says so, within bounds, and spread', () => {
  const wait = (holdsMs: number | undefined, random: number) =>
    waitOf({ list: [], ...(holdsMs !== undefined && { holdsMs }) }, 30_000, () => random);
  expect(wait(10_000, 0.5)).toBe(10_000);
  expect(wait(0, 0.5)).toBe(5000);
  expect(wait(600_000, 0.5)).toBe(30_000);
  expect(wait(undefined, 0)).toBe(27_000);
  expect(wait(undefined, 0.999)).toBeCloseTo(33_000, -2);
});
