import type { ChatRequest, ChatResult } from 'sluice/kit';

/** What a client asks, in the neutral model, and what the provider answers; each is checked on both sides. */
export interface Scenario {
  name: string;
  request: Partial<ChatRequest> & Pick<ChatRequest, 'messages'>;
  answer: ChatResult;
}

const text = (value: string) => ({ type: 'text' as const, text: value });
const user = (value: string) => ({ role: 'user' as const, content: [text(value)] });

const weather = {
  type: 'function' as const,
  name: 'get_weather',
  description: 'The weather in a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const clock = {
  type: 'function' as const,
  name: 'get_time',
  description: 'The time.',
  parameters: { type: 'object', properties: { zone: { type: 'string' } } },
};

const usage = { inputTokens: 11, outputTokens: 7 };
const answering = (
  content: ChatResult['candidates'][number]['content'],
  finishReason: ChatResult['candidates'][number]['finishReason'] = 'stop',
): ChatResult => ({
  id: 'answer-1',
  model: 'some-model',
  createdAt: 1_700_000_000,
  candidates: [{ index: 0, content, finishReason }],
  usage,
});

const call = (id: string, name: string, args: object) => ({
  type: 'tool-call' as const,
  kind: 'function' as const,
  id,
  name,
  arguments: JSON.stringify(args),
});

/** A pixel. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

export const scenarios: readonly Scenario[] = [
  { name: 'text', request: { messages: [user('Hello')] }, answer: answering([text('Hi there, wörld 👋')]) },
  {
    name: 'system message and several turns',
    request: {
      messages: [
        { role: 'system', content: [text('Be brief.')] },
        user('One'),
        { role: 'assistant', content: [text('Two')] },
        user('Three'),
      ],
    },
    answer: answering([text('Four')]),
  },
  {
    name: 'sampling and length',
    request: { messages: [user('Hello')], maxOutputTokens: 50, temperature: 0.5 },
    answer: answering([text('Hel')], 'length'),
  },
  { name: 'stop sequences', request: { messages: [user('Count')], stop: ['5'] }, answer: answering([text('1234')]) },
  {
    name: 'a tool call',
    request: { messages: [user('Weather in Oslo?')], tools: [weather], toolChoice: { type: 'auto' } },
    answer: answering([call('call_1', 'get_weather', { city: 'Oslo' })], 'tool-calls'),
  },
  {
    name: 'parallel tool calls',
    request: { messages: [user('Weather and time?')], tools: [weather, clock] },
    answer: answering([call('call_1', 'get_weather', { city: 'Oslo' }), call('call_2', 'get_time', { zone: 'CET' })], 'tool-calls'),
  },
  {
    name: 'a tool that must be called',
    request: { messages: [user('Go')], tools: [weather], toolChoice: { type: 'required' } },
    answer: answering([call('call_1', 'get_weather', { city: 'Rome' })], 'tool-calls'),
  },
  {
    name: 'one certain tool',
    request: { messages: [user('Go')], tools: [weather, clock], toolChoice: { type: 'tool', name: 'get_time' } },
    answer: answering([call('call_1', 'get_time', {})], 'tool-calls'),
  },
  {
    name: 'tool results',
    request: {
      messages: [
        user('Weather and time?'),
        {
          role: 'assistant',
          content: [text('Let me see.'), call('call_1', 'get_weather', { city: 'Oslo' }), call('call_2', 'get_time', { zone: 'CET' })],
        },
        {
          role: 'tool',
          content: [
            { type: 'tool-result', callId: 'call_1', name: 'get_weather', content: [text('Sunny')] },
            { type: 'tool-result', callId: 'call_2', name: 'get_time', content: [text('Noon')] },
          ],
        },
      ],
      tools: [weather, clock],
    },
    answer: answering([text('Sunny at noon.')]),
  },
  {
    name: 'an image',
    request: {
      messages: [
        { role: 'user', content: [text('What is it?'), { type: 'image', source: { kind: 'base64', data: png, mediaType: 'image/png' } }] },
      ],
    },
    answer: answering([text('A pixel.')]),
  },
  {
    name: 'a JSON schema',
    request: {
      messages: [user('A city')],
      responseFormat: {
        type: 'json-schema',
        name: 'city',
        schema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'], additionalProperties: false },
      },
    },
    answer: answering([text('{"name":"Oslo"}')]),
  },
];
