import { describe, expect, test } from 'bun:test';
import { formatEventStream } from '../lib/aws-event-stream.ts';
import { concatBytes } from '../lib/event-boundary.ts';
import { anthropicMessages, gemini, openaiChat, openaiResponses } from '../protocols/index.ts';
import { providers, targetOf } from '../providers/index.ts';
import { SluiceError, type ChatProtocol, type TransportResponse } from '../types/index.ts';
import type { StreamAnswer } from './call.ts';
import { exchange } from './exchange.ts';

const encoder = new TextEncoder();
const broken = new SluiceError('connection', 'The connection broke.');

/** What the provider does after its pieces: closes, breaks, or stays silent until it is cancelled. */
type Then = 'close' | 'break' | 'hang';

const streamOf = async (
  model: string,
  format: ChatProtocol,
  body: object,
  pieces: readonly (string | Uint8Array)[],
  then: Then,
  baseUrl?: string,
) => {
  let cancelled = false;
  const left = pieces.map((piece) => (typeof piece === 'string' ? encoder.encode(piece) : piece));
  const response: TransportResponse = {
    status: 200,
    headers: new Headers({ 'content-type': 'text/event-stream' }),
    read() {
      const next = left.shift();
      if (next || then === 'close') return Promise.resolve(next);
      return then === 'break' ? Promise.reject(broken) : new Promise(() => {});
    },
    bytes: () => Promise.reject(broken),
    cancel: () => void (cancelled = true),
  };
  const target = targetOf(
    { model, apiKey: 'k', options: { aws_region_name: 'us-east-1' }, ...(baseUrl !== undefined && { baseUrl }) },
    { providers, env: {} },
  );
  const call = { format, body: { model: 'm', stream: true, ...body }, stream: true, target, path: { model: 'm', stream: true } };
  const answer = (await exchange(call, { transport: async () => response })) as StreamAnswer;
  let text = '';
  for (let chunk = await answer.read(); chunk !== undefined; chunk = await answer.read()) {
    text +=
      chunk instanceof Uint8Array ? new TextDecoder().decode(chunk) : chunk.map(({ event, data }) => `${event ?? ''} ${data}\n`).join('');
  }
  return { text, failure: answer.failure as SluiceError | undefined, cancelled: () => cancelled };
};

const delta = (content: string, finish: string | null = null) =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`;
const done = 'data: [DONE]\n\n';
const chat = { messages: [{ role: 'user', content: 'Hi' }] };
const candidate = (text: string, finishReason?: string) =>
  `data: ${JSON.stringify({ candidates: [{ index: 0, content: { role: 'model', parts: [{ text }] }, finishReason }] })}\n\n`;

describe('behind the end mark nothing is missed', () => {
  test.each([
    ['same format, broken', openaiChat, 'break'],
    ['translated, broken', anthropicMessages, 'break'],
    ['same format, not closed', openaiChat, 'hang'],
    ['translated, not closed', anthropicMessages, 'hang'],
  ] as const)('%s', async (_, format, then) => {
    const answer = await streamOf('openai/gpt-4.1', format, { ...chat, max_tokens: 9 }, [delta('Hi'), delta('', 'stop'), done], then);
    expect(answer.failure).toBeUndefined();
    expect(answer.text).toContain(format === openaiChat ? '[DONE]' : 'message_stop');
    expect(answer.text).not.toContain('error');
    expect(answer.cancelled()).toBe(true);
  });

  test('a format without an end mark: its finish reason, and then the end of the connection, however it ends', async () => {
    const pieces = [candidate('Hi'), candidate(' there', 'STOP')];
    for (const format of [gemini, openaiChat]) {
      const body = format === gemini ? { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] } : chat;
      const answer = await streamOf('gemini/gemini-2.5-flash', format, body, pieces, 'break');
      expect(answer.failure).toBeUndefined();
      expect(answer.text).not.toContain('error');
    }
  });
});

test('rubbish behind the end mark, in the same read, takes nothing away; before it, only what it is', async () => {
  const events = [
    { event: 'messageStart', data: '{"role":"assistant"}' },
    { event: 'contentBlockDelta', data: '{"contentBlockIndex":0,"delta":{"text":"Hi"}}' },
    { event: 'messageStop', data: '{"stopReason":"end_turn"}' },
    { event: 'metadata', data: '{"usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2}}' },
  ].map(formatEventStream);
  const rubbish = new TextEncoder().encode('rubbish in place of a message');
  const nova = 'bedrock/converse/amazon.nova-lite-v1:0';
  const whole = await streamOf(nova, openaiChat, chat, [concatBytes([...events, rubbish])], 'close');
  expect(whole.failure).toBeUndefined();
  expect(whole.text).toContain('[DONE]');
  // At an address of the user's own the first event is looked at to see which format it is.
  for (const baseUrl of [undefined, 'http://127.0.0.1:9']) {
    const cut = await streamOf(nova, openaiChat, chat, [concatBytes([...events.slice(0, 2), rubbish])], 'close', baseUrl);
    expect(cut.failure?.code).toBe('invalid_response');
    expect(cut.text).toContain('Hi');
  }
});

describe('a stream that breaks', () => {
  test('the events that tell it go on from what went out', async () => {
    const answer = await streamOf('cerebras/m', openaiResponses, { input: 'Hi' }, [delta('Hi')], 'break');
    const numbers = [...answer.text.matchAll(/"sequence_number":(\d+)/g)].map(([, number]) => Number(number));
    expect(numbers).toEqual(numbers.map((_, index) => index));
    expect(answer.text).toContain('response.failed');
    expect(answer.failure?.code).toBe('stream_interrupted');
  });

  test('what the provider says of itself is told once, and the log knows', async () => {
    const error = `data: ${JSON.stringify({ error: { message: 'gave up', type: 'server_error' } })}\n\n`;
    for (const pieces of [
      [delta('Hi'), error],
      [delta('Hi') + error, delta('more')],
    ]) {
      const answer = await streamOf('openai/gpt-4.1', anthropicMessages, { ...chat, max_tokens: 9 }, pieces, 'close');
      expect(answer.text.match(/gave up/g)).toHaveLength(1);
      expect(answer.text).not.toContain('more');
      expect(answer.failure).toMatchObject({ message: 'gave up', retry: false });
    }
  });

  test('an end mark that was cut off is none, and does not go out', async () => {
    const message = (type: string, more: object = {}) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
    const pieces = [
      message('message_start', { message: { id: 'm', type: 'message', role: 'assistant', content: [], usage: {} } }),
      message('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
      message('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Hi' } }),
      'event: message_stop\ndata: {"ty',
    ];
    const claude = await streamOf('anthropic/claude-sonnet-4-5', anthropicMessages, { ...chat, max_tokens: 9 }, pieces, 'close');
    expect(claude.failure?.code).toBe('stream_interrupted');
    expect(claude.text).not.toContain('message_stop');
    const gpt = await streamOf('openai/gpt-4.1', openaiChat, chat, [delta('Hi', 'stop'), 'data: [DO'], 'close');
    expect(gpt.failure).toBeUndefined();
    expect(gpt.text).not.toContain('[DO');
  });

  test('an event that was cut off is not taken for one', async () => {
    const answer = await streamOf(
      'openai/gpt-4.1',
      anthropicMessages,
      { ...chat, max_tokens: 9 },
      [delta('Hi'), 'data: {"id": "c'],
      'break',
    );
    expect(answer.failure?.code).toBe('stream_interrupted');
  });
});
