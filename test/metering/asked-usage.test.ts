import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeAdmin } from '../kit/admin.ts';
import { answerTokens, promptTokens, startTeller, type Teller } from './teller.ts';

/* A stream that is passed on untouched is asked what it used, and its client sees no more than it asked for (FP-14). */

let upstream: Teller;
beforeAll(() => {
  upstream = startTeller();
  upstream.pieces = 3;
});
afterAll(() => upstream.stop());

const config = (more = '') => `
model_list:
  - { model_name: gpt, litellm_params: { model: openai/gpt-4o, api_base: "${upstream.url}v1", api_key: k, input_cost_per_token: 1e-6, output_cost_per_token: 1e-5 } }
${more}
`;

describeAdmin('the usage of streams', (start, kind) => {
  if (kind !== 'sqlite') return;
  const stream = async (yaml: string, more: object) => {
    const admin = await start({ config: yaml });
    const response = await fetch(`${admin.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin.masterKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt', stream: true, messages: [{ role: 'user', content: 'Hi.' }], ...more }),
    });
    const text = await response.text();
    const line = admin.lines.find(({ msg }) => msg === 'call')!;
    await admin.stop();
    return { text, line, asked: upstream.asked };
  };

  test('is asked for where what calls cost is in the books, and kept from who did not ask', async () => {
    const { text, line, asked } = await stream(config(), {});
    expect(asked).toMatchObject({ stream_options: { include_usage: true } });
    expect(text).not.toContain('"usage"');
    expect(text).toContain('piece 2');
    expect(text).toEndWith('data: [DONE]\n\n');
    expect(line).toMatchObject({ inputTokens: promptTokens, outputTokens: answerTokens });
    expect(line).not.toHaveProperty('usageEstimated');
  });

  test('goes to who asked for it', async () => {
    const { text, asked } = await stream(config(), { stream_options: { include_usage: true, include_obfuscation: false } });
    expect(text).toContain('"usage"');
    expect(asked).toMatchObject({ stream_options: { include_usage: true, include_obfuscation: false } });
  });

  test('is not asked for where the settings say so', async () => {
    const { asked } = await stream(config('sluice_settings: { ask_for_stream_usage: false }'), {});
    expect(asked).not.toHaveProperty('stream_options');
  });
});
