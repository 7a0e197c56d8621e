import { expect, test } from 'bun:test';
import { anthropicMessages, ollamaChat, openaiChat } from '../protocols/index.ts';
import { providers, targetOf } from '../providers/index.ts';
import { SluiceError, type ChatProtocol, type TransportResponse } from '../types/index.ts';
import type { StreamAnswer, WholeAnswer } from './call.ts';
import { exchange } from './exchange.ts';

/** Cohere, which answers with these texts: a whole body, or events of a stream. */
const cohere = async (format: ChatProtocol, pieces: readonly string[], stream: boolean, asked = stream) => {
  const left = pieces.map((piece) => new TextEncoder().encode(piece));
  const response: TransportResponse = {
    status: 200,
    headers: new Headers({ 'content-type': stream ? 'text/event-stream' : 'application/json' }),
    read: () => Promise.resolve(left.shift()),
    bytes: () => Promise.resolve(left.shift()!),
    cancel: () => {},
  };
  const target = targetOf({ model: 'cohere/command-a-03-2025', apiKey: 'k' }, { providers, env: {} });
  const body = { model: 'm', max_tokens: 9, stream: asked, messages: [{ role: 'user', content: 'Hi' }] };
  const answer = await exchange({ format, body, stream: asked, target }, { transport: async () => response });
  if (!asked) return String((answer as WholeAnswer).body);
  let text = '';
  for (let chunk = await (answer as StreamAnswer).read(); chunk !== undefined; chunk = await (answer as StreamAnswer).read())
    text += (chunk as { data: string }[]).map(({ data }) => data).join('\n');
  return text;
};

const event = (type: string, more: object = {}) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
const end = event('message-end', { delta: { finish_reason: 'ERROR' } });
const start = event('message-start', { id: 'i', delta: { message: { role: 'assistant' } } });
const words = event('content-delta', { index: 0, delta: { message: { content: { text: 'Hi' } } } });
const whole = (content: object[]) => JSON.stringify({ id: 'i', finish_reason: 'ERROR', message: { role: 'assistant', content } });

const codeOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    (answer) => answer,
    (error: unknown) => SluiceError.is(error) && [error.code, error.status, error.provider],
  );

test.each([openaiChat, anthropicMessages, ollamaChat].map((format) => [format.id, format] as const))(
  '%s: a failure that the provider tells as the end of an empty answer is an error',
  async (_id, format) => {
    const failed = ['bad_gateway', 502, 'cohere'];
    expect(await codeOf(cohere(format, [whole([])], false))).toEqual(failed);
    expect(await codeOf(cohere(format, [start, end], true))).toEqual(failed);
    // A provider that does not stream though it is asked to, and one that does though it is not.
    expect(await codeOf(cohere(format, [whole([])], false, true))).toEqual(failed);
    expect(await codeOf(cohere(format, [start + end], true, false))).toEqual(failed);
  },
);

test.each([
  [openaiChat, '"finish_reason":"length"'],
  [anthropicMessages, '"stop_reason":"max_tokens"'],
  [ollamaChat, '"done_reason":"length"'],
] as const)('behind output the answer is told as cut short', async (format, word) => {
  expect(await cohere(format, [whole([{ type: 'text', text: 'Hi' }])], false)).toContain(word);
  expect(await cohere(format, [start, words, end], true)).toContain(word);
});

test('an answer without choices is an error, also to a client of the same format', async () => {
  for (const format of [openaiChat, anthropicMessages, ollamaChat]) {
    const bytes = new TextEncoder().encode('{"id":"c","object":"chat.completion","choices":[]}');
    const response: TransportResponse = {
      status: 200,
      headers: new Headers({ 'content-type': 'application/json' }),
      read: () => Promise.resolve(undefined),
      bytes: () => Promise.resolve(bytes),
      cancel: () => {},
    };
    const target = targetOf({ model: 'openai/gpt-4.1', apiKey: 'k' }, { providers, env: {} });
    const body = { model: 'm', max_tokens: 9, stream: false, messages: [{ role: 'user', content: 'Hi' }] };
    expect(await codeOf(exchange({ format, body, stream: false, target }, { transport: async () => response }))).toEqual([
      'invalid_response',
      502,
      'openai',
    ]);
  }
});
