import { expect, test } from 'bun:test';
import type { AdminContext, AdminRoute } from './admin-route.ts';
import { atOnce } from './at-once.ts';

const contextOf = (principal: object) => ({ principal }) as unknown as AdminContext;
const person = contextOf({ kind: 'key', userId: 'u', key: { id: 'k' } });
const other = contextOf({ kind: 'key', userId: 'v', key: { id: 'l' } });

test('one caller has so many under way, over all routes together; others and the master key do not wait for them', async () => {
  const held = Promise.withResolvers<string>();
  const route = (path: string): AdminRoute => ({
    method: 'GET',
    paths: [path],
    action: 'spend.team',
    summary: '',
    handle: () => held.promise,
  });
  const [first, second] = atOnce(2, [route('/a'), route('/b')]) as [AdminRoute, AdminRoute];
  const open = [first.handle(person), second.handle(person), first.handle(other)];
  expect(await first.handle(person).catch((cause: unknown) => cause)).toMatchObject({ code: 'rate_limited', status: 429 });
  open.push(...Array.from({ length: 5 }, () => first.handle(contextOf({ kind: 'master' }))));
  held.resolve('done');
  expect(await Promise.all(open)).toEqual(open.map(() => 'done'));
  expect(await second.handle(person)).toBe('done');
});

test('what fails is over as well', async () => {
  const [only] = atOnce(1, [
    { method: 'GET', paths: ['/a'], action: 'spend.team', summary: '', handle: () => Promise.reject(new TypeError('no')) },
  ]) as [AdminRoute];
  for (let each = 0; each < 3; each++) expect(await only.handle(person).catch((cause: unknown) => cause)).toBeInstanceOf(TypeError);
});
