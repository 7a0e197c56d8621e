import { afterAll, beforeAll, expect, test } from 'bun:test';
import { eventDays } from '../../gateway/src/spend/ledger/event-days.ts';
import { describeAdmin, type TestAdmin } from '../kit/admin.ts';

/* Each turn of a conversation is in the books as soon as it is counted, and counts against budgets while it goes on (FP-3, FP-4). */

let provider: Bun.Server<undefined>;
beforeAll(() => {
  // It says again whatever it hears.
  provider = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: (request, self) => (self.upgrade(request) ? undefined : new Response('no', { status: 400 })),
    websocket: { message: (socket, frame) => void socket.send(frame) },
  });
});
afterAll(() => provider.stop(true));

const config = () => `
model_list:
  - { model_name: voice, litellm_params: { model: openai/gpt-realtime, api_base: "http://127.0.0.1:${provider.port}/v1", api_key: k, input_cost_per_token: 2e-6, output_cost_per_token: 2e-5 } }
`;
const turn = JSON.stringify({ type: 'response.done', response: { usage: { input_tokens: 1000, output_tokens: 100, total_tokens: 1100 } } });
/** 1000 x 2 + 100 x 20 microdollars. */
const turnNanodollars = 4_000_000;
const said = JSON.stringify({ type: 'response.output_text.delta', delta: 'x'.repeat(400) });

interface EventRow {
  route: string;
  key_id: string;
  status: number;
  nanodollars: number;
  cost_known: number;
  usage_estimated?: number;
  input_tokens: number;
  output_tokens: number;
}

const rowsOf = async ({ store: { database } }: TestAdmin): Promise<EventRow[]> => {
  const days = eventDays(database);
  const list = await days.list(database);
  return list.length === 0 ? [] : (await database.all<EventRow>(days.rowsOf(list))).filter(({ route }) => route === 'realtime');
};

const rows = async (admin: TestAdmin, count: number): Promise<EventRow[]> => {
  for (let waited = 0; waited < 8000; waited += 25) {
    const found = await rowsOf(admin);
    if (found.length >= count) return found;
    await Bun.sleep(25);
  }
  throw new Error(`there are not ${count} rows`);
};

const spendOf = async (admin: TestAdmin, key: string): Promise<number> =>
  (await admin.ok<{ info: { spend: number } }>(`GET /key/info?key=${key}`)).info.spend;

const Socket = WebSocket as unknown as new (url: string, options: { headers: Record<string, string> }) => WebSocket;

const connect = async (admin: TestAdmin, key: string) => {
  const socket = new Socket(`${admin.url.replace('http', 'ws')}/v1/realtime?model=voice`, { headers: { authorization: `Bearer ${key}` } });
  const frames: string[] = [];
  const closed = Promise.withResolvers<number>();
  socket.addEventListener('message', ({ data }) => void frames.push(String(data)));
  socket.addEventListener('close', ({ code }) => closed.resolve(code));
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  const heard = async (count: number) => {
    for (let waited = 0; waited < 5000 && frames.length < count; waited += 5) await Bun.sleep(5);
    expect(frames.length).toBeGreaterThanOrEqual(count);
  };
  return { socket, frames, closed: closed.promise, heard };
};

describeAdmin('conversations', (start) => {
  test('each turn has a row while the conversation goes on; its end adds nothing', async () => {
    const admin = await start({ config: config() });
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', {});
    const { socket, heard, closed } = await connect(admin, key);
    for (const frame of [turn, turn]) socket.send(frame);
    await heard(2);
    const open = await rows(admin, 2);
    expect(open.map(({ nanodollars, cost_known }) => [nanodollars, cost_known])).toEqual([
      [turnNanodollars, 1],
      [turnNanodollars, 1],
    ]);
    socket.close(1000);
    await closed;
    const all = await rows(admin, 3);
    expect(all.map(({ nanodollars }) => nanodollars).toSorted()).toEqual([0, turnNanodollars, turnNanodollars]);
    expect(all.reduce((sum, each) => sum + each.input_tokens, 0)).toBe(2000);
    expect(await spendOf(admin, key)).toBeCloseTo((2 * turnNanodollars) / 1e9, 12);
    await admin.stop();
  }, 30_000);

  test('a response that its client leaves in the middle is counted', async () => {
    const admin = await start({ config: config() });
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', {});
    const { socket, heard } = await connect(admin, key);
    for (const frame of [turn, said, said]) socket.send(frame);
    await heard(3);
    socket.close(1000);
    const all = await rows(admin, 3);
    // As much read as by the turn before, and 800 characters said.
    expect(all.map(({ nanodollars }) => nanodollars).toSorted()).toEqual([0, turnNanodollars, 1000 * 2000 + 200 * 20_000].toSorted());
    expect(await spendOf(admin, key)).toBeCloseTo((turnNanodollars + 6_000_000) / 1e9, 12);
    await admin.stop();
  }, 30_000);

  test('one that has spent the budget is told so, and ends', async () => {
    const admin = await start({ config: config() });
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', { max_budget: 0.1 });
    const { socket, frames, closed } = await connect(admin, key);
    for (let turns = 0; turns < 40; turns++) {
      socket.send(turn);
      await Bun.sleep(5);
    }
    expect(await closed).toBe(1008);
    expect(JSON.parse(frames.at(-1)!)).toMatchObject({ type: 'error', error: { code: 'budget_exceeded' } });
    expect(frames).toHaveLength(26);
    expect((await rows(admin, 26)).reduce((sum, { nanodollars }) => sum + nanodollars, 0)).toBe(25 * turnNanodollars);
    const again = await connect(admin, key).then(
      () => 'let in',
      () => 'refused',
    );
    expect(again).toBe('refused');
    await admin.stop();
  }, 30_000);

  test('what one of several conversations spends, the others hear of', async () => {
    const admin = await start({ config: config() });
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', { max_budget: 0.1 });
    const first = await connect(admin, key);
    const second = await connect(admin, key);
    for (let turns = 0; turns < 12; turns++) {
      first.socket.send(turn);
      second.socket.send(turn);
      await Bun.sleep(10);
    }
    for (let turns = 0; turns < 4; turns++) {
      second.socket.send(turn);
      await Bun.sleep(10);
    }
    expect(await second.closed).toBe(1008);
    first.socket.close();
    // No more than one turn past it.
    const sum = (await rows(admin, 24)).reduce((all, { nanodollars }) => all + nanodollars, 0);
    expect(sum).toBeLessThanOrEqual(100_000_000 + turnNanodollars);
    await admin.stop();
  }, 30_000);
});
