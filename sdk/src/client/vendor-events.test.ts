import { describe, expect, test } from 'bun:test';
import { formatEventStream, formatEventStreamChunk } from '../lib/aws-event-stream.ts';
import { anthropicMessages, openaiChat } from '../protocols/index.ts';
import { providers, targetOf } from '../providers/index.ts';
import { SluiceError, type ChatProtocol, type TransportResponse } from '../types/index.ts';
import type { StreamAnswer } from './call.ts';
import { exchange } from './exchange.ts';

const chunk = (value: object) => formatEventStreamChunk(JSON.stringify(value));
const start = chunk({
  type: 'message_start',
  message: {
    id: 'm',
    type: 'message',
    role: 'assistant',
    model: 'c',
    content: [],
    stop_reason: null,
    usage: { input_tokens: 3, output_tokens: 1 },
  },
});
const text = [
  chunk({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
  chunk({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } }),
];
const exception = formatEventStream({ event: 'throttlingException', data: '{"message":"Too many tokens."}' });

/** Claude on Bedrock, asked in a format of the client's, and answering with these pieces. */
const ask = async (format: ChatProtocol, pieces: readonly Uint8Array[]) => {
  const left = [...pieces];
  const response: TransportResponse = {
    status: 200,
    headers: new Headers({ 'content-type': 'application/vnd.amazon.eventstream' }),
    read: async () => left.shift(),
    bytes: () => Promise.reject(new Error('not read whole')),
    cancel: () => {},
  };
  const target = targetOf(
    { model: 'bedrock/invoke/anthropic.claude-sonnet-4-5-20250929-v1:0', apiKey: 'k', options: { aws_region_name: 'us-east-1' } },
    { providers, env: {} },
  );
  const body = { model: 'm', stream: true, max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] };
  const answer = (await exchange({ format, body, stream: true, target }, { transport: async () => response })) as StreamAnswer;
  const events: string[] = [];
  for (let part = await answer.read(); part !== undefined; part = await answer.read()) {
    if (part instanceof Uint8Array) throw new Error('the bytes of another framing');
    events.push(...part.map(({ event, data }) => `${event ?? ''} ${data}`));
  }
  return { events: events.join('\n'), failure: answer.failure as SluiceError | undefined };
};

describe.each([
  ['same format', anthropicMessages],
  ['translated', openaiChat],
] as const)("AWS's exceptions around Claude's events: %s", (_, format) => {
  test('before output it is an error like any other, in AWS’s words', async () => {
    const error: unknown = await ask(format, [start, exception]).catch((cause: unknown) => cause);
    expect(SluiceError.is(error) && [error.code, error.message, error.retry]).toEqual(['rate_limited', 'Too many tokens.', true]);
  });

  test('after output the client is told, once what came before has gone out', async () => {
    const together = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
    const more = chunk({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: ' there' } });
    for (const pieces of [
      [start, ...text, more, exception],
      [start, ...text, together(more, exception)],
    ]) {
      const answer = await ask(format, pieces);
      expect(answer.events).toContain('"Hi"');
      expect(answer.events).toContain('" there"');
      expect(answer.events).toContain('Too many tokens.');
      expect(answer.failure?.code).toBe('rate_limited');
    }
  });
});
