import { expect, test } from 'bun:test';
import { describeAdmin, type TestAdmin } from '../kit/admin.ts';
import { everyMs, untilStatus } from './live/load.ts';

/** A change on one gateway holds on the others within so long (issue 6). */
const soonMs = 1000;
/** Spend is written every two seconds. */
const afterFlushesMs = 2600;

describeAdmin('two gateways on one database', (start) => {
  const both = async (): Promise<[TestAdmin, TestAdmin]> => {
    const here = await start();
    return [here, await start({ beside: here })];
  };
  const stop = (gateways: readonly TestAdmin[]) => Promise.all(gateways.map((each) => each.stop()));
  const status = async (there: TestAdmin, key: string): Promise<number> => (await there.chat('gpt-4o', key)).status;

  test('FP-15: a key that is deleted here is refused there, under 50 calls a second, and no write of its spend revives it', async () => {
    const [here, there] = await both();
    const { key, token } = await here.ok<{ key: string; token: string }>('POST /key/generate', { max_budget: 10 });
    const load = everyMs(20, () => status(there, key));
    await Bun.sleep(700);
    const deletedAt = performance.now();
    await here.ok('POST /key/delete', { keys: [key] });
    const toldAt = performance.now();
    await Bun.sleep(afterFlushesMs);
    const calls = await load.stop();
    const last = calls.findLast((call) => call.status === 200)!;
    console.info(
      `${here.store.database.kind}: deleted in ${Math.round(toldAt - deletedAt)} ms, the last call there that was let in began ${Math.round(last.startedAt - toldAt)} ms after that (${calls.length} calls)`,
    );
    expect(calls.length).toBeGreaterThan(60);
    expect(last.startedAt - toldAt).toBeLessThan(soonMs);
    // Nothing else in between, and nothing comes back.
    expect(new Set(calls.filter((call) => call.startedAt > last.startedAt).map((call) => call.status))).toEqual(new Set([401]));
    expect([await status(here, key), await status(there, key)]).toEqual([401, 401]);
    for (const gateway of [here, there]) expect((await gateway.call(`GET /key/info?key=${token}`)).status).toBe(404);
    await stop([here, there]);
  }, 30_000);

  test('a key that is made here is good there, though it was tried there before', async () => {
    const [here, there] = await both();
    for (let each = 0; each < 3; each++) expect(await status(there, 'sk-of-my-own-choice-1')).toBe(401);
    // Also while it is being made.
    const load = everyMs(5, () => status(there, 'sk-of-my-own-choice-1'));
    await Bun.sleep(50);
    await here.ok('POST /key/generate', { key: 'sk-of-my-own-choice-1' });
    const ms = await untilStatus(200, () => status(there, 'sk-of-my-own-choice-1'));
    console.info(`${here.store.database.kind}: good there after ${Math.round(ms)} ms`);
    expect(ms).toBeLessThan(soonMs);
    await Bun.sleep(200);
    const calls = await load.stop();
    const first = calls.findIndex((call) => call.status === 200);
    expect(new Set(calls.slice(first + 5).map((call) => call.status))).toEqual(new Set([200]));
    await stop([here, there]);
  }, 30_000);

  test('whatever is changed of its line here holds there: key, team, user, project, member, budget', async () => {
    const [here, there] = await both();
    await here.ok('POST /team/new', { team_id: 'blue', models: ['gpt-4o'] });
    await here.ok('POST /user/new', { user_id: 'ada', auto_create_key: false });
    await here.ok('POST /team/member_add', { team_id: 'blue', member: { user_id: 'ada', role: 'user' } });
    await here.ok('POST /project/new', { project_id: 'p', team_id: 'blue' });
    const { key } = await here.ok<{ key: string }>('POST /key/generate', { team_id: 'blue', user_id: 'ada', project_id: 'p' });
    const now = () => status(there, key);
    const slowest: Record<string, number> = {};
    const thereIs = async (what: string, wanted: number, route: string, body: object) => {
      await here.ok(route, body);
      slowest[what] = Math.round(await untilStatus(wanted, now));
    };
    await untilStatus(200, now);
    await thereIs('key blocked', 401, 'POST /key/block', { key });
    await thereIs('key unblocked', 200, 'POST /key/unblock', { key });
    await thereIs('team blocked', 401, 'POST /team/block', { team_id: 'blue' });
    await thereIs('team unblocked', 200, 'POST /team/unblock', { team_id: 'blue' });
    await thereIs('models of the team', 401, 'POST /team/update', { team_id: 'blue', models: ['claude-sonnet'] });
    await thereIs('models of the team again', 200, 'POST /team/update', { team_id: 'blue', models: ['gpt-4o'] });
    await thereIs('project blocked', 401, 'POST /project/update', { project_id: 'p', blocked: true });
    await thereIs('project unblocked', 200, 'POST /project/update', { project_id: 'p', blocked: false });
    await thereIs('budget of nothing', 400, 'POST /key/update', { key, max_budget: 0 });
    await thereIs('no budget', 200, 'POST /key/update', { key, max_budget: null });
    await thereIs('limit of no requests', 429, 'POST /team/member_update', { team_id: 'blue', user_id: 'ada', rpm_limit: 0 });
    await thereIs('no limit', 200, 'POST /team/member_update', { team_id: 'blue', user_id: 'ada', rpm_limit: null });
    await thereIs('user deleted', 401, 'POST /user/delete', { user_ids: ['ada'] });
    console.info(`${here.store.database.kind}: milliseconds until it held there: ${JSON.stringify(slowest)}`);
    for (const [what, ms] of Object.entries(slowest)) expect([what, ms < soonMs]).toEqual([what, true]);
    await stop([here, there]);
  }, 60_000);

  test('many keys made, used and deleted at both at the same time: none is left, and none comes back', async () => {
    const gateways = await both();
    const use = async (number: number) => {
      const [maker, user] = number % 2 ? gateways : (gateways.toReversed() as [TestAdmin, TestAdmin]);
      const { key } = await maker.ok<{ key: string }>('POST /key/generate', {});
      await untilStatus(200, () => status(user, key));
      await user.ok('POST /key/delete', { keys: [key] });
      return { key, ms: await untilStatus(401, () => status(maker, key)) };
    };
    const used = await Promise.all(Array.from({ length: 20 }, (_, number) => use(number)));
    expect(Math.max(...used.map(({ ms }) => ms))).toBeLessThan(2 * soonMs);
    await Bun.sleep(afterFlushesMs);
    for (const gateway of gateways) {
      for (const { key } of used) expect(await status(gateway, key)).toBe(401);
      expect((await gateway.ok<{ total_count: number }>('GET /key/list')).total_count).toBe(0);
    }
    await stop(gateways);
  }, 60_000);
});
