import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { describeAdmin } from '../../../../../test/kit/admin.ts';
import { generateBody, updateBody } from './schemas.ts';

const hostile: readonly unknown[] = [
  '',
  '\0',
  'a\0b',
  '\ud800',
  "'; drop table keys; --",
  '${7*7}',
  '../../etc/passwd',
  'x'.repeat(100_000),
  '__proto__',
  '999999y',
  '1y',
  -1,
  0,
  1.5,
  1e15,
  1e308,
  Number.MAX_SAFE_INTEGER,
  true,
  [],
  {},
  [null],
  ['\0'],
  ['a'.repeat(200)],
  { a: '\0' },
  { 'a\0': 1 },
  { a: '\ud800' },
  { a: { b: { c: [1, 'x', null, { d: 1e308 }] } } },
  { __proto__: 1, constructor: 2, hasOwnProperty: 3 },
  { 'gpt-4o': 1 },
  { 'gpt-4o': { max_budget: 1e308 } },
  { tags: ['\0'] },
  [{ budget_duration: '999999y', max_budget: 1 }],
  '2099-01-01T00:00:00Z',
  '9999-99-99T99:99:99Z',
];

describeAdmin('hostile values of keys', (start) => {
  test('no value of any member is a failure of the gateway, and what is taken can be read', async () => {
    const admin = await start();
    try {
      const { token } = await admin.ok<{ token: string }>('POST /key/generate', {});
      const broken: string[] = [];
      const ask = async (route: string, body: unknown) => {
        const { status, json } = await admin.call(route, body);
        if (status >= 500) broken.push(`${status} ${route} ${JSON.stringify(body ?? null).slice(0, 100)}`);
        return { status, json };
      };
      for (const name of Object.keys(generateBody.shape))
        for (const value of hostile) {
          const { status, json } = await ask('POST /key/generate', { [name]: value });
          if (status === 200) await ask(`GET /key/info?key=${json.token}`, undefined);
        }
      for (const name of Object.keys(updateBody.shape).filter((each) => each !== 'key'))
        for (const value of hostile) await ask('POST /key/update', { key: token, [name]: value });
      for (const value of hostile) {
        await ask(`POST /key/${token}/reset_spend`, { reset_to: value });
        await ask('POST /key/regenerate', { key: value, new_key: value, grace_period: value });
        await ask('POST /key/delete', { keys: value, key_aliases: value });
        for (const name of ['key_alias', 'user_id', 'page', 'size', 'sort_by', 'expand', 'key_hash'])
          await ask(`GET /key/list?return_full_object=true&${name}=${encodeURIComponent(String(value).toWellFormed())}`, undefined);
      }
      expect(broken).toEqual([]);
    } finally {
      await admin.stop();
    }
  }, 120_000);

  test('nor is depth', async () => {
    const admin = await start();
    try {
      for (const depth of [50, 90]) expect((await admin.call('POST /key/generate', nested(depth))).status).toBe(200);
      for (const depth of [200, 5000, 30_000, 300_000]) expect((await admin.call('POST /key/generate', nested(depth))).status).toBe(400);
    } finally {
      await admin.stop();
    }
  });

  test('nor is any JSON', async () => {
    const admin = await start();
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom('generate', 'update', 'delete', 'regenerate', 'bulk_update', 'block'),
          fc.jsonValue(),
          async (route, body) => {
            const { status } = await admin.call(`POST /key/${route}`, JSON.stringify(body));
            expect(status).toBeLessThan(500);
          },
        ),
        { numRuns: 100 },
      );
    } finally {
      await admin.stop();
    }
  }, 60_000);
});

const nested = (depth: number): string => `{"metadata":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`;
