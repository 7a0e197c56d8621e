import { expect, test } from 'bun:test';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';

/* What is made in the background is paid for once, however its client hears of it (FP-4, FP-47). */

const usage = { input_tokens: 100_000, output_tokens: 10_000, total_tokens: 110_000 };
/** At 1 and 10 dollars a million. */
const costUsd = 0.2;
const prices = 'input_cost_per_token: 1e-6, output_cost_per_token: 1e-5';

const response = (more: object) => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  model: 'gpt-4o',
  status: 'in_progress',
  background: true,
  output: [],
  usage: null,
  ...more,
});
const events = (...list: readonly { type?: string; event_type?: string }[]) =>
  list.map((each) => `event: ${each.type ?? each.event_type}\ndata: ${JSON.stringify(each)}\n\n`).join('');
const text = (delta: string) => ({ type: 'response.output_text.delta', item_id: 'msg_1', output_index: 0, content_index: 0, delta });
const over = response({ status: 'completed', usage });

const begun = events({ type: 'response.created', response: response({}) } as never, text('a'));
const ended = events(text('b'), { type: 'response.completed', response: over } as never);

/** Streams its first part, and its second when it is let. */
const startProvider = () => {
  const provider = {
    parts: [begun, ended],
    hold: Promise.resolve(),
    object: over as object,
    bodies: [] as { model?: string; background?: boolean }[],
    url: '',
    stop: () => server.stop(true),
  };
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 0,
    async fetch(request) {
      if (request.method !== 'POST') return Response.json(provider.object);
      const body = (await request.json()) as { model: string; background?: boolean; stream?: boolean };
      provider.bodies.push(body);
      if (body.model === 'broken') return Response.json({ error: { message: 'down' } }, { status: 500 });
      if (!body.stream) return Response.json(response({ status: 'queued' }));
      const pieces = async function* () {
        yield provider.parts[0]!;
        await provider.hold;
        yield provider.parts[1]!;
      };
      return new Response(pieces() as never, { headers: { 'content-type': 'text/event-stream' } });
    },
  });
  provider.url = server.url.href;
  return provider;
};
type Provider = ReturnType<typeof startProvider>;

const config = (url: string, more = '') => `
model_list:
  - { model_name: gpt, litellm_params: { model: openai/gpt-4o, api_base: "${url}v1", api_key: k, ${prices} } }
  - { model_name: broken, litellm_params: { model: openai/broken, api_base: "${url}v1", api_key: k, ${prices} } }
  - { model_name: gem, litellm_params: { model: gemini/gemini-2.5-pro, api_base: "${url}", api_key: k, ${prices} } }
router_settings: { num_retries: 0, disable_cooldowns: true }
${more}`;

describeAdmin('streamed jobs', (start, kind) => {
  if (kind !== 'sqlite') return;

  const withProvider = async (work: (admin: TestAdmin, key: string, provider: Provider) => Promise<void>, more = ''): Promise<void> => {
    const provider = startProvider();
    const admin = await start({ config: config(provider.url, more) });
    try {
      const { key } = await admin.ok<{ key: string }>('POST /key/generate', { max_budget: 10 });
      await work(admin, key, provider);
    } finally {
      await admin.stop();
      await provider.stop();
    }
  };
  const spent = async (admin: TestAdmin, key: string) =>
    (await admin.ok<{ info: { spend: number } }>(`GET /key/info?key=${key}`)).info.spend;
  const settled = async (admin: TestAdmin, key: string): Promise<number> => {
    for (let waited = 0; waited < 5000 && (await spent(admin, key)) === 0; waited += 10) await Bun.sleep(10);
    // What comes a second time would come now.
    await Bun.sleep(100);
    return spent(admin, key);
  };
  const ask = (admin: TestAdmin, key: string, body: object, path = '/v1/responses', signal?: AbortSignal) =>
    fetch(admin.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...(signal && { signal }),
    });
  const leave = async (admin: TestAdmin, key: string, body: object, path?: string): Promise<void> => {
    const left = new AbortController();
    const answer = await ask(admin, key, body, path, left.signal);
    expect(answer.status).toBe(200);
    await answer.body!.getReader().read();
    const before = admin.lines.filter(({ msg }) => msg === 'call').length;
    left.abort();
    for (let waited = 0; waited < 5000 && admin.lines.filter(({ msg }) => msg === 'call').length === before; waited += 5)
      await Bun.sleep(5);
  };
  const never = new Promise<void>(() => {});
  const inBackground = { model: 'gpt', input: 'x', max_output_tokens: 20_000, stream: true, background: true };

  test('a client that leaves and fetches the answer pays for all of it, once', () =>
    withProvider(async (admin, key, provider) => {
      provider.hold = never;
      await leave(admin, key, inBackground);
      expect(await spent(admin, key)).toBe(0);
      for (let looks = 0; looks < 3; looks++) expect((await admin.call('GET /v1/responses/resp_1', undefined, { key })).status).toBe(200);
      expect(await settled(admin, key)).toBeCloseTo(costUsd, 9);
    }));

  test('one that reads to the end pays by its call, and not again when it looks', () =>
    withProvider(async (admin, key) => {
      expect(await (await ask(admin, key, inBackground)).text()).toContain('response.completed');
      expect(await spent(admin, key)).toBeCloseTo(costUsd, 9);
      await admin.call('GET /v1/responses/resp_1', undefined, { key });
      expect(await settled(admin, key)).toBeCloseTo(costUsd, 9);
      expect(admin.lines.findLast(({ msg, route }) => msg === 'call' && route === 'responses')).toMatchObject({ inputTokens: 100_000 });
    }));

  test('one that looks while it reads, and then reads to the end, pays once', () =>
    withProvider(async (admin, key, provider) => {
      let go: () => void = () => {};
      provider.hold = new Promise((resolve) => (go = resolve));
      const answer = await ask(admin, key, inBackground);
      const reader = answer.body!.getReader();
      await reader.read();
      await admin.call('GET /v1/responses/resp_1', undefined, { key });
      expect(await settled(admin, key)).toBeCloseTo(costUsd, 9);
      go();
      while (!(await reader.read()).done);
      await Bun.sleep(100);
      expect(await spent(admin, key)).toBeCloseTo(costUsd, 9);
    }));

  test('where calls are read on for clients that leave, the call pays', () =>
    withProvider(async (admin, key, provider) => {
      let go: () => void = () => {};
      provider.hold = new Promise((resolve) => (go = resolve));
      const left = new AbortController();
      const answer = await ask(admin, key, inBackground, undefined, left.signal);
      await answer.body!.getReader().read();
      left.abort();
      await Bun.sleep(50);
      go();
      expect(await settled(admin, key)).toBeCloseTo(costUsd, 9);
      await admin.call('GET /v1/responses/resp_1', undefined, { key });
      expect(await settled(admin, key)).toBeCloseTo(costUsd, 9);
    }, 'sluice_settings: { on_client_disconnect: drain }'));

  test.each([true, false])('a fallback that asks for it by itself is a job, streamed %p', (stream) =>
    withProvider(async (admin, key, provider) => {
      provider.hold = never;
      const body = { model: 'broken', input: 'x', stream, fallbacks: [{ model: 'gpt', background: true }] };
      if (stream) await leave(admin, key, body);
      else expect((await ask(admin, key, body)).status).toBe(200);
      expect(provider.bodies.at(-1)).toMatchObject({ model: 'gpt-4o', background: true });
      expect(await spent(admin, key)).toBe(0);
      await admin.call('GET /v1/responses/resp_1', undefined, { key });
      expect(await settled(admin, key)).toBeCloseTo(costUsd, 9);
    }),
  );

  test('an answer that is not in the background is paid for by its call, wherever its client leaves', () =>
    withProvider(async (admin, key, provider) => {
      provider.parts = [begun.replace('"background":true', '"background":false'), ''];
      provider.hold = never;
      await leave(admin, key, { ...inBackground, background: false });
      const first = await settled(admin, key);
      expect(first).toBeGreaterThan(0);
      await admin.call('GET /v1/responses/resp_1', undefined, { key });
      await Bun.sleep(100);
      expect(await spent(admin, key)).toBe(first);
    }));

  const interaction = (more: object) => ({ id: 'int_1', object: 'interaction', status: 'in_progress', model: 'gemini-2.5-pro', ...more });
  const interactionUsage = { total_input_tokens: 100_000, total_output_tokens: 10_000, total_tokens: 110_000 };
  const interactionOver = interaction({ status: 'completed', usage: interactionUsage });
  const ofInteraction = [
    events({ event_type: 'interaction.start', interaction: interaction({}) } as never),
    events({ event_type: 'interaction.complete', interaction: interactionOver } as never),
  ];

  test.each([true, false])('a streamed interaction costs what it used, once; left: %p', (leaves) =>
    withProvider(async (admin, key, provider) => {
      Object.assign(provider, { parts: ofInteraction, object: interactionOver });
      const body = { model: 'gem', input: 'x', stream: true, background: true };
      if (leaves) {
        provider.hold = never;
        await leave(admin, key, body, '/v1beta/interactions');
        expect(await spent(admin, key)).toBe(0);
      } else {
        await (await ask(admin, key, body, '/v1beta/interactions')).text();
        expect(await spent(admin, key)).toBeCloseTo(costUsd, 9);
      }
      for (let looks = 0; looks < 2; looks++) await admin.call('GET /v1beta/interactions/int_1', undefined, { key });
      expect(await settled(admin, key)).toBeCloseTo(costUsd, 9);
    }),
  );
});
