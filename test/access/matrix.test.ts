import { expect, test } from 'bun:test';
import { hashKey } from '../../gateway/src/access/keys/secret.ts';
import { permissions, type Action } from '../../gateway/src/access/permissions.ts';
import type { Relation } from '../../gateway/src/access/relations.ts';
import { adminRoutes } from '../../gateway/src/server/admin/index.ts';
import type { AdminRoute } from '../../gateway/src/server/admin/admin-route.ts';
import { describeAdmin, type TestAdmin } from '../kit/admin.ts';
import { callers, type MatrixCaller } from './matrix/callers.ts';
import { examples, openRoutes, type Asked, type Example } from './matrix/examples.ts';
import { mayCall, mayDo } from './matrix/expected.ts';
import { otherMark, places, type Place } from './matrix/places.ts';
import { spendSomething } from './matrix/spend.ts';
import { ask, changes, pathOf, restore } from './matrix/world.ts';

const nameOf = ({ method, paths }: AdminRoute): string => `${method} ${paths[0]}`;
const closed = adminRoutes.filter(({ open }) => !open);

test('each route is in the list of examples, and none is that is no more', () => {
  expect(closed.map(nameOf).filter((name) => !Object.hasOwn(examples, name))).toEqual([]);
  expect(Object.keys(examples).filter((name) => !closed.some((route) => nameOf(route) === name))).toEqual([]);
});

test('the routes that need no key are these, and no others', () => {
  expect(
    adminRoutes
      .filter(({ open }) => open)
      .map(nameOf)
      .toSorted(),
  ).toEqual(openRoutes.toSorted());
});

test('a route whose row names more than proxy admins says whose things it is about', () => {
  const ofProxy: ReadonlySet<Relation> = new Set(['proxy_admin', 'proxy_admin_viewer']);
  const forgetful = closed.filter(
    ({ action, about }) => about === undefined && (permissions[action] as readonly Relation[]).some((relation) => !ofProxy.has(relation)),
  );
  expect(forgetful.map(nameOf)).toEqual([]);
});

test('each row of the table is some route’s', () => {
  const used = new Set<Action>(adminRoutes.map(({ action }) => action));
  // Of routes beside the admin API, and what handlers ask for by themselves.
  for (const action of ['llm.call', 'models.see', 'model.test', 'model.health', 'master_key.rotate', 'team.join'] as const)
    used.add(action);
  expect((Object.keys(permissions) as Action[]).filter((action) => !used.has(action))).toEqual([]);
});

/** The other tenant is theirs. */
const insider = 'admin_of_the_other';

interface Case {
  readonly asked: Asked;
  readonly about: string;
  readonly place?: Place;
}

const casesOf = ({ at, own, once }: Example, caller: MatrixCaller): Case[] => {
  const { userId } = caller.principal;
  const cases: Case[] = [];
  if (once) cases.push({ asked: once, about: '' });
  if (at) for (const place of Object.values<Place>(places)) cases.push({ asked: at(place), about: place.name, place });
  if (own && userId !== undefined && caller.spareKey !== undefined)
    cases.push({
      asked: own({
        userId,
        organizationId: [...caller.principal.organizations.keys()][0],
        spareKey: caller.spareKey,
        spareKeyId: hashKey(caller.spareKey),
      }),
      about: 'themselves',
    });
  return cases;
};

const expectedOf = (route: AdminRoute, { principal }: MatrixCaller, { about, may }: Asked, path: string): boolean => {
  if (!mayCall(principal, path)) return false;
  if (may) return may(principal);
  return about === 'listed' ? true : mayDo(principal, route.action, about);
};

const seesAll = ({ principal: { role } }: MatrixCaller): boolean => role === 'proxy_admin' || role === 'proxy_admin_viewer';

describeAdmin('who may do what', (start) => {
  // Every pair on SQLite; on PostgreSQL, where the same code runs, one in so many.
  const stepOf = ({ store }: TestAdmin): number => (store.database.kind === 'postgres' ? 11 : 1);

  test('without a key, and with one that there is none of, nobody', async () => {
    const admin = await start();
    await restore(admin.store);
    const wrong: string[] = [];
    for (const route of closed) {
      const [asked] = casesOf(examples[nameOf(route)]!, callers[1]!);
      for (const key of ['', 'sk-master', 'null', 'Bearer', 'sk-own-key-of-the-placeX', hashKey('sk-caller-proxy_admin')]) {
        // `?key=` is where Gemini's clients have their key.
        if (key === '' && asked!.asked.query?.['key'] !== undefined) continue;
        const { status, json } = await ask(admin, route, asked!.asked, key);
        // One address may only guess so often.
        if (![401, 429].includes(status) || JSON.stringify(json).includes(otherMark))
          wrong.push(`${nameOf(route)} with '${key}': ${status}`);
      }
    }
    expect(wrong).toEqual([]);
    await admin.stop();
  }, 120_000);

  test('everybody on every route and thing, as the table says', async () => {
    const admin = await start();
    await restore(admin.store);
    await spendSomething(admin.store);
    const wrong: string[] = [];
    let asked = 0;
    let turn = 0;
    const step = stepOf(admin);
    for (const route of closed) {
      const example = examples[nameOf(route)]!;
      for (const caller of callers) {
        for (const { asked: request, about } of casesOf(example, caller)) {
          const path = pathOf(route.paths[0], request).split('?')[0]!;
          const allowed = expectedOf(route, caller, request, path);
          if (allowed && example.refusedOnly) continue;
          if (turn++ % step !== 0) continue;
          asked++;
          const before = allowed ? 0 : await changes(admin.store);
          const { status, json } = await ask(admin, route, request, caller.key);
          const text = JSON.stringify(json) ?? '';
          const told = `${caller.name}: ${nameOf(route)} ${about}: ${status} ${text.slice(0, 160)}`;
          if (allowed ? [401, 403, 429, 500, 503].includes(status) : status !== 403) wrong.push(`${allowed ? 'may' : 'may not'} ${told}`);
          else if (!allowed && (await changes(admin.store)) !== before) wrong.push(`changed something: ${told}`);
          if (request.about === 'listed' && !seesAll(caller) && caller.name !== insider && text.includes(otherMark))
            wrong.push(`tells of another tenant: ${told}`);
          if (allowed && route.method !== 'GET') await restore(admin.store);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(3000 / step);
    await admin.stop();
  }, 600_000);

  test('who may not see a thing cannot tell whether it is there', async () => {
    const admin = await start();
    await restore(admin.store);
    const wrong: string[] = [];
    let compared = 0;
    const step = stepOf(admin);
    for (const route of closed) {
      const { at } = examples[nameOf(route)]!;
      if (!at) continue;
      for (const caller of callers) {
        if (caller.name === insider) continue;
        const [there, nowhere] = [at(places.other), at(places.nowhere)];
        if (expectedOf(route, caller, there, route.paths[0]) || seesAll(caller) || compared++ % step !== 0) continue;
        const answers = [await ask(admin, route, there, caller.key), await ask(admin, route, nowhere, caller.key)].map(
          ({ status, json }) => `${status} ${JSON.stringify(json).replaceAll(otherMark, '…').replaceAll('nowhere', '…')}`,
        );
        if (answers[0] !== answers[1]) wrong.push(`${caller.name}: ${nameOf(route)}: ${answers.join(' / ')}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(200);
    await admin.stop();
  }, 120_000);
});
