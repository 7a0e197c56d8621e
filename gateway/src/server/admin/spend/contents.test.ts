import { expect, test } from 'bun:test';
import { describeAdmin } from '../../../../../test/kit/admin.ts';

const model = `
model_list:
  - { model_name: gpt-4o, litellm_params: { model: mock/hello } }
`;

describeAdmin('what is said in calls', (start) => {
  const shown = async (config: string, body: Record<string, unknown> = {}) => {
    const admin = await start({ config: `${model}${config}` });
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', {});
    const answered = await admin.chat('gpt-4o', key, body);
    const id = answered.headers.get('x-litellm-call-id')!;
    for (let left = 50; left > 0; left--) {
      const found = await admin.call(`GET /spend/logs/ui/${id}`);
      if (found.status === 200 && (config === '' || left === 1 || Object.keys(found.json.proxy_server_request).length > 0)) {
        const others = await admin.ok<{ key: string }>('POST /key/generate', { user_id: 'somebody-else' });
        expect((await admin.call(`GET /spend/logs/ui/${id}`, undefined, { key: others.key })).status).not.toBe(200);
        await admin.stop();
        return found.json;
      }
      await Bun.sleep(100);
    }
    throw new Error('The call is not in the log.');
  };

  test('is not kept', async () => {
    expect(await shown('')).toMatchObject({ messages: {}, response: {}, proxy_server_request: {} });
  });

  test('is kept where that is wanted, and shown with its call', async () => {
    const { messages, response } = await shown('general_settings: { store_prompts_in_spend_logs: true }');
    expect(messages).toEqual([expect.objectContaining({ role: 'user' })]);
    expect(response).toMatchObject({ object: 'chat.completion', choices: [{ message: { role: 'assistant' } }] });
  });

  test('is kept of streams as it went out', async () => {
    const { response } = await shown('general_settings: { store_prompts_in_spend_logs: true }', { stream: true });
    expect(response).toContain('data: [DONE]');
  });
});
