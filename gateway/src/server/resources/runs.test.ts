import { expect, test } from 'bun:test';
import { describeAdmin, type TestAdmin } from '../../../../test/kit/admin.ts';

/* A run of a thread costs what its answer or a look at it says, once, whoever looks (FP-4, FP-47). */

const usage = { prompt_tokens: 100_000, completion_tokens: 1000, total_tokens: 101_000 };
/** At 1 and 10 dollars a million. */
const costUsd = 0.11;
const runOf = (more: object) => ({ id: 'run_1', object: 'thread.run', thread_id: 'thread_1', status: 'queued', model: 'gpt-4o', ...more });
const over = runOf({ status: 'completed', usage });
const event = (name: string, data: object) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
const begun = event('thread.run.created', runOf({ usage: null }));
const step = event('thread.run.step.completed', {
  id: 'step_1',
  object: 'thread.run.step',
  thread_id: 'thread_1',
  status: 'completed',
  usage,
});

describeAdmin('runs of threads', (start, kind) => {
  if (kind !== 'sqlite') return;

  interface Rig {
    readonly admin: TestAdmin;
    readonly key: string;
    readonly spent: () => Promise<number>;
    readonly settled: () => Promise<number>;
    /** What the provider says. */
    readonly says: { made: object; looked: object; last: string; held: Promise<unknown>; gone: boolean; headers: Headers | undefined };
  }
  const withRig = async (work: (rig: Rig) => Promise<void>): Promise<void> => {
    const says: Rig['says'] = {
      made: runOf({ usage: null }),
      looked: over,
      last: event('thread.run.completed', over),
      held: Promise.resolve(),
      gone: false,
      headers: undefined,
    };
    const provider = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      idleTimeout: 0,
      async fetch(request) {
        const { pathname } = new URL(request.url);
        if (request.method === 'DELETE') return Response.json({ id: 'thread_1', object: 'thread.deleted', deleted: true });
        says.headers = request.headers;
        if (says.gone) return Response.json({ error: { message: 'gone' } }, { status: 404 });
        if (request.method === 'GET')
          return Response.json(pathname.endsWith('/runs') ? { object: 'list', data: [says.looked] } : says.looked);
        const body = (await request.json()) as { stream?: boolean };
        if (!body.stream) return Response.json(says.made);
        const pieces = async function* () {
          yield begun + step;
          await says.held;
          yield says.last;
        };
        return new Response(pieces() as never, { headers: { 'content-type': 'text/event-stream' } });
      },
    });
    const admin = await start({
      config: `
model_list:
  - { model_name: gpt, litellm_params: { model: openai/gpt-4o, api_base: "${provider.url.href}v1", api_key: k, input_cost_per_token: 1e-6, output_cost_per_token: 1e-5 } }
  - { model_name: plain, litellm_params: { model: openai/gpt-4o-mini, api_base: "${provider.url.href}v1", api_key: k } }`,
    });
    try {
      const { key } = await admin.ok<{ key: string }>('POST /key/generate', { max_budget: 100 });
      const spent = async () => (await admin.ok<{ info: { spend: number } }>(`GET /key/info?key=${key}`)).info.spend;
      const settled = async (): Promise<number> => {
        for (let waited = 0; waited < 5000 && (await spent()) === 0; waited += 10) await Bun.sleep(10);
        // What comes a second time would come now.
        await Bun.sleep(100);
        return spent();
      };
      await work({ admin, key, spent, settled, says });
    } finally {
      await admin.stop();
      await provider.stop(true);
    }
  };
  const ask = { assistant_id: 'a', model: 'gpt' };

  test.each(['/v1/threads/thread_1/runs', '/v1/threads/runs'])('POST %s is paid for when it is seen to be over, once', (path) =>
    withRig(async ({ admin, key, spent, settled }) => {
      const { id, thread_id } = (await admin.call(`POST ${path}`, ask, { key })).json;
      expect(await spent()).toBe(0);
      for (const look of [`/${id}`, '', `/${id}`])
        expect((await admin.call(`GET /v1/threads/${thread_id}/runs${look}?model=gpt`, undefined, { key })).status).toBe(200);
      expect(await settled()).toBeCloseTo(costUsd, 9);
    }),
  );

  test('one of another model than its deployment costs what that one does', () =>
    withRig(async ({ admin, key, settled, says }) => {
      const more = { model: 'gpt-4o-2024-08-06' };
      Object.assign(says, { made: { ...says.made, ...more }, looked: { ...over, ...more } });
      await admin.call('POST /v1/threads/thread_1/runs?model=plain', { assistant_id: 'a' }, { key });
      await admin.call('GET /v1/threads/thread_1/runs/run_1?model=plain', undefined, { key });
      // 2.50 and 10 dollars a million, and not 0.15 and 0.60.
      expect(await settled()).toBeCloseTo(0.26, 9);
    }));

  test('one that is over at once is paid for by its call', () =>
    withRig(async ({ admin, key, settled, says }) => {
      says.made = over;
      await admin.call('POST /v1/threads/thread_1/runs', ask, { key });
      await admin.call('GET /v1/threads/thread_1/runs/run_1?model=gpt', undefined, { key });
      expect(await settled()).toBeCloseTo(costUsd, 9);
    }));

  test.each([true, false])('a streamed one is paid for once; left: %p', (leaves) =>
    withRig(async ({ admin, key, spent, settled, says }) => {
      if (leaves) says.held = new Promise(() => {});
      const left = new AbortController();
      const answer = await fetch(`${admin.url}/v1/threads/thread_1/runs`, {
        method: 'POST',
        signal: left.signal,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ...ask, stream: true }),
      });
      if (leaves) {
        await answer.body!.getReader().read();
        left.abort();
        await Bun.sleep(100);
        // Neither its step, nor the run.
        expect(await spent()).toBe(0);
      } else {
        await answer.text();
        expect(await spent()).toBeCloseTo(costUsd, 9);
      }
      await admin.call('GET /v1/threads/thread_1/runs/run_1?model=gpt', undefined, { key });
      expect(await settled()).toBeCloseTo(costUsd, 9);
    }),
  );

  test('one whose thread is deleted is paid for first', () =>
    withRig(async ({ admin, key, spent, says }) => {
      await admin.call('POST /v1/threads/thread_1/runs', ask, { key });
      expect((await admin.call('DELETE /v1/threads/thread_1?model=gpt', undefined, { key })).status).toBe(200);
      expect(await spent()).toBeCloseTo(costUsd, 9);
      expect(says.headers?.get('openai-beta')).toBe('assistants=v2');
    }));
});
