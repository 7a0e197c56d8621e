import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeAdmin } from '../../../../test/kit/admin.ts';

/* What a client says of its fallbacks is governed as what it asks for at once (FP-5). */

let provider: Bun.Server<undefined>;
const asked: Record<string, unknown>[] = [];
beforeAll(() => {
  provider = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      const body = (await request.json()) as Record<string, unknown>;
      asked.push(body);
      const choices = [{ index: 0, message: { role: 'assistant', content: 'x' }, finish_reason: 'length' }];
      const usage = { prompt_tokens: 10, completion_tokens: body['max_tokens'], total_tokens: 10 };
      return Response.json({ id: 'x', object: 'chat.completion', model: 'gpt-4o', choices, usage });
    },
  });
});
afterAll(() => provider.stop(true));

describeAdmin('fallbacks with members of their own', (start, kind) => {
  if (kind !== 'sqlite') return;
  const started = () =>
    start({
      config: `
model_list:
  - { model_name: gpt, litellm_params: { model: openai/gpt-4o, api_base: "${provider.url.href}v1", api_key: k } }
  - { model_name: other, litellm_params: { model: openai/gpt-4o, api_base: "${provider.url.href}v1", api_key: k } }
router_settings: { num_retries: 0 }
`,
    });

  test('no budget is passed by one that asks for a longer answer', async () => {
    const admin = await started();
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', { max_budget: 0.01 });
    const ask = (tokens: number) =>
      admin.chat('gpt', key, { max_tokens: 1, fallbacks: [{ model: 'other', max_tokens: tokens }], mock_testing_fallbacks: true });
    const before = asked.length;
    expect((await ask(16_000)).status).toBe(400);
    expect(asked.length).toBe(before);
    expect((await ask(100)).status).toBe(200);
    expect(asked.at(-1)).toMatchObject({ max_tokens: 100 });
    await admin.stop();
  });

  test('no vector store is searched by one that the key may not use', async () => {
    const admin = await started();
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', { object_permission: { vector_stores: ['vs_own'] } });
    const ask = (id: string) =>
      admin.chat('gpt', key, {
        max_tokens: 1,
        fallbacks: [{ model: 'other', tools: [{ type: 'file_search', vector_store_ids: [id] }] }],
        mock_testing_fallbacks: true,
      });
    const before = asked.length;
    expect((await ask('vs_of_others')).status).toBe(403);
    expect(asked.length).toBe(before);
    expect((await ask('vs_own')).status).toBe(200);
    await admin.stop();
  });
});
