import { expect, test } from 'bun:test';
import { describeAdmin } from '../../../../test/kit/admin.ts';

/* What goes on behind its relayed answer is paid for by nobody, so that no budget lets it through (FP-4). */

describeAdmin('relayed answers in the background', (start, kind) => {
  if (kind !== 'sqlite') return;

  test('are refused to a budget before they are sent, and so is what cannot be read', async () => {
    let sent = 0;
    const provider = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: () => {
        sent++;
        return Response.json({ id: 'resp_1', object: 'response', status: 'queued', usage: null });
      },
    });
    const admin = await start({
      config: `
model_list:
  - { model_name: gpt, litellm_params: { model: openai/gpt-4o, api_base: "${provider.url.href}v1", api_key: k, use_in_pass_through: true } }`,
    });
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', { max_budget: 10 });
    const { key: free } = await admin.ok<{ key: string }>('POST /key/generate', {});
    const send = async (body: object, { by = key, path = '/v1/responses', type = 'application/json' } = {}): Promise<number> => {
      const answer = await fetch(`${admin.url}/openai_passthrough${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${by}`, 'content-type': type, 'x-litellm-model': 'gpt' },
        body: JSON.stringify(body),
      });
      await answer.text();
      return answer.status;
    };
    const said = { model: 'gpt-4o', input: 'x' };
    expect(await send({ ...said, background: true })).toBe(400);
    expect(await send({ ...said, background: 'true' })).toBe(400);
    expect(await send({ ...said, background: true }, { type: 'text/plain' })).toBe(400);
    expect(await send({ ...said, background: true }, { type: 'text/plain', path: '/v1/response%73/' })).toBe(400);
    expect(sent).toBe(0);
    expect(await send(said)).toBe(200);
    expect(await send({ ...said, background: false })).toBe(200);
    expect(await send({ ...said, background: true }, { by: free })).toBe(200);
    expect(sent).toBe(3);
    await admin.stop();
    await provider.stop(true);
  });
});
