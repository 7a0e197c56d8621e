import { expect, test } from 'bun:test';
import { formatEventStreamChunk } from '../lib/aws-event-stream.ts';
import { concatBytes } from '../lib/event-boundary.ts';
import { anthropicMessages } from '../protocols/index.ts';
import { providers, targetOf } from '../providers/index.ts';
import type { Framing, TransportResponse, WireEvent } from '../types/index.ts';
import type { StreamAnswer } from './call.ts';
import { exchange } from './exchange.ts';

const events = [
  '{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"usage":{"input_tokens":3,"output_tokens":1}}}',
  '{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}',
  '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Grüße"}}',
  '{"type":"content_block_stop","index":0}',
  '{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":2}}',
  '{"type":"message_stop"}',
];
const bytes = concatBytes(events.map(formatEventStreamChunk));

/** Claude on Bedrock, asked in Anthropic's format, its answer cut into pieces of so many bytes. */
const answerOf = async (size: number, framing?: Framing) => {
  let at = 0;
  const response: TransportResponse = {
    status: 200,
    headers: new Headers({ 'content-type': 'application/vnd.amazon.eventstream' }),
    async read() {
      const piece = bytes.subarray(at, (at += size));
      return piece.length > 0 ? piece : undefined;
    },
    bytes: () => Promise.reject(new Error('it is a stream')),
    cancel: () => {},
  };
  const target = targetOf(
    { model: 'bedrock/invoke/anthropic.claude-sonnet-4-5-20250929-v1:0', apiKey: 'k', options: { aws_region_name: 'us-east-1' } },
    { providers, env: {} },
  );
  const body = { model: 'm', max_tokens: 9, stream: true, messages: [{ role: 'user', content: 'Hi' }] };
  const call = { format: anthropicMessages, body, stream: true, target, ...(framing && { framing }) };
  const answer = (await exchange(call, { transport: async () => response })) as StreamAnswer;
  const chunks = [];
  for (let chunk = await answer.read(); chunk !== undefined; chunk = await answer.read()) chunks.push(chunk);
  return { chunks, facts: answer.facts, failure: answer.failure };
};

test.each([1, 7, 100_000])('events of the same format in another framing are the same events, pieces of %d bytes', async (size) => {
  const { chunks, facts, failure } = await answerOf(size);
  const told = chunks.flat() as WireEvent[];
  expect(told.map(({ data }) => data)).toEqual(events);
  expect(told.map(({ event }) => event)).toEqual(events.map((each) => (JSON.parse(each) as { type: string }).type));
  expect(facts).toMatchObject({ same: true, usage: { inputTokens: 3, outputTokens: 2 } });
  expect(failure).toBeUndefined();
});

test.each([1, 7, 100_000])('a client of that framing gets the bytes as they came, pieces of %d bytes', async (size) => {
  const { chunks } = await answerOf(size, 'aws-event-stream');
  expect(concatBytes(chunks as Uint8Array[])).toEqual(bytes);
});
