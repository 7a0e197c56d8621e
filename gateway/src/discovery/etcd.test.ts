import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { Secret } from 'sluice/kit';
import { findEtcd, startEtcd, type Etcd } from '../../../test/kit/discovery/etcd.ts';
import type { EtcdLookup } from '../config/discovery-settings.ts';
import { etcdSource } from './etcd.ts';
import { contextOf, shown, watch, type Watched } from './testing.ts';

const program = findEtcd();
if ('missing' in program) console.warn(`SKIPPED, the tests with a real etcd: ${program.missing}`);

const open: Watched[] = [];
afterEach(() => open.splice(0).forEach((each) => each.stop()));
const start = (given: Partial<EtcdLookup> & { address: string }, context = contextOf()): Watched => {
  const watched = watch(etcdSource({ type: 'etcd', prefix: '/sluice/', ...given }, context));
  open.push(watched);
  return watched;
};
const is =
  (...wanted: string[]) =>
  (list: Parameters<typeof shown>[0]) =>
    shown(list).join() === wanted.join();

describe.skipIf('missing' in program)('a real etcd', () => {
  let etcd: Etcd;
  beforeAll(async () => {
    if ('path' in program) etcd = await startEtcd(program.path);
  }, 30_000);
  afterAll(() => etcd?.stop());

  test('keys come, change and go', async () => {
    await etcd.put('/sluice/a', '{"host":"10.0.0.1","port":8000,"weight":2,"order":1,"tags":["x"],"model":"m"}');
    await etcd.put('/sluicf', 'http://10.9.9.9:1');
    const watched = start({ address: etcd.url });
    await watched.until((list) => list.length === 1);
    expect(watched.last()).toEqual([{ host: '10.0.0.1', port: 8000, weight: 2, order: 1, tags: ['x'], model: 'm' }]);
    await etcd.put('/sluice/b', 'http://10.0.0.2:8001');
    await watched.until(is('10.0.0.1:8000/m', '10.0.0.2:8001'));
    await etcd.put('/sluice/b', '10.0.0.3:8002');
    await watched.until(is('10.0.0.1:8000/m', '10.0.0.3:8002'));
    await etcd.remove('/sluice/a');
    await watched.until(is('10.0.0.3:8002'));
    await etcd.remove('/sluice/b');
    await watched.until((list) => list.length === 0);
  }, 20_000);

  test('values that are no endpoints are claims that nobody believes', async () => {
    await etcd.put('/odd/a', '{no json');
    await etcd.put('/odd/b', '');
    await etcd.put('/odd/c', '{"host":{},"port":[]}');
    await etcd.put('/odd/d', '10.0.0.1:9');
    const watched = start({ address: etcd.url, prefix: '/odd/' });
    await watched.until((list) => list.length === 4);
    expect(shown(watched.last())).toContain('10.0.0.1:9');
  }, 20_000);

  test('no more is read than is of use', async () => {
    for (const at of [1, 2, 3, 4, 5]) await etcd.put(`/many/${at}`, `10.0.0.${at}:80`);
    const watched = start({ address: etcd.url, prefix: '/many/' }, contextOf({ maxEndpoints: 2 }));
    await watched.until((list) => list.length === 3);
  }, 20_000);

  test('one that dies ends the watch with a failure; once it is back all is read anew', async () => {
    await etcd.put('/dies/a', '10.0.0.1:80');
    const watched = start({ address: etcd.url, prefix: '/dies/' });
    await watched.until((list) => list.length === 1);
    await etcd.kill();
    expect(await watched.failure).toBeInstanceOf(Error);
    expect(await start({ address: etcd.url, prefix: '/dies/' }).failure).toBeInstanceOf(Error);
    await etcd.start();
    await start({ address: etcd.url, prefix: '/dies/' }).until(is('10.0.0.1:80'));
  }, 40_000);

  // The last one: from here on etcd demands a sign-in.
  test('with a user and a password', async () => {
    await etcd.put('/auth/a', '10.0.0.1:80');
    await etcd.demandSignIn('sluice', 'a-password');
    const as = (password: string) => start({ address: etcd.url, prefix: '/auth/', username: 'sluice', password: new Secret(password) });
    const watched = as('a-password');
    await watched.until(is('10.0.0.1:80'));
    await etcd.put('/auth/b', '10.0.0.2:80');
    await watched.until(is('10.0.0.1:80', '10.0.0.2:80'));
    const refused = (await as('wrong').failure) as Error;
    expect(refused.message).toMatch(/^It answered \d+\.$/);
  }, 20_000);
});

test('what is no answer of etcd is a failure with its reason', async () => {
  const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => Response.json({ kvs: [] }) });
  expect(await start({ address: `http://127.0.0.1:${server.port}` }).failure).toMatchObject({ message: 'Its answer has no revision.' });
  await server.stop(true);
});
