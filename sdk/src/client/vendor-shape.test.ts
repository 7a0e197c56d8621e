import { expect, test } from 'bun:test';
import { openaiChat } from '../protocols/index.ts';
import { providers } from '../providers/index.ts';
import { targetOf } from '../providers/target.ts';
import type { JsonObject, Transport } from '../types/index.ts';
import { exchange } from './exchange.ts';

const reasoning = { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.', signature: 'sig' }] };
const answer = {
  id: 'x',
  object: 'chat.completion',
  created: 1,
  model: 'claude',
  choices: [{ index: 0, message: { role: 'assistant', content: [reasoning, { type: 'text', text: 'Hi' }] }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};

const answering =
  (body: string, type: string): Transport =>
  async () => {
    let left: Uint8Array | undefined = new TextEncoder().encode(body);
    const take = () => {
      const taken = left;
      left = undefined;
      return taken;
    };
    return {
      status: 200,
      headers: new Headers({ 'content-type': type }),
      read: async () => take(),
      bytes: async () => (take() ?? new Uint8Array()) as Uint8Array<ArrayBuffer>,
      cancel: () => {},
    };
  };

const target = targetOf(
  { model: 'databricks/databricks-claude-sonnet-4-5', baseUrl: 'https://w.cloud.databricks.com', apiKey: 'dapi' },
  { providers, env: {} },
);
const body = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] };

test("an answer that looks like OpenAI's but is a vendor's form of it is written anew", async () => {
  const whole = await exchange(
    { format: openaiChat, body, stream: false, target },
    { transport: answering(JSON.stringify(answer), 'application/json') },
  );
  const json = (whole as { json(): JsonObject }).json();
  expect((json['choices'] as { message: unknown }[])[0]!.message).toMatchObject({
    content: 'Hi',
    reasoning_content: 'Hm.',
    thinking_blocks: [{ type: 'thinking', thinking: 'Hm.', signature: 'sig' }],
  });
});

test('as a stream too', async () => {
  const chunk = (content: unknown, finish: string | null = null) =>
    `data: ${JSON.stringify({ ...answer, object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`;
  const text = `${chunk([reasoning])}${chunk([{ type: 'text', text: 'Hi' }], 'stop')}data: [DONE]\n\n`;
  const streamed = await exchange({ format: openaiChat, body, stream: true, target }, { transport: answering(text, 'text/event-stream') });
  if (streamed.kind !== 'stream') throw new Error('no stream');
  const events: string[] = [];
  for (let part = await streamed.read(); part !== undefined; part = await streamed.read())
    events.push(part instanceof Uint8Array ? new TextDecoder().decode(part) : part.map(({ data }) => data).join('\n'));
  const all = events.join('\n');
  expect(all).toContain('"reasoning_content":"Hm."');
  expect(all).toContain('"content":"Hi"');
  expect(all).not.toContain('summary_text');
});
