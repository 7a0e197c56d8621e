import { expect, test } from 'bun:test';
import type { ChatProtocol, JsonObject } from '../types/index.ts';
import { anthropicMessages, bedrockConverse, cohereChat, gemini, ollamaChat, openaiChat, openaiResponses } from './index.ts';

const fn = (name: string) => ({ id: '', type: 'function', function: { name, arguments: '{}' } });
const ollamaCall = { id: '', function: { name: 'f', arguments: {} } };

const histories: [ChatProtocol, JsonObject][] = [
  [
    openaiChat,
    {
      messages: [
        { role: 'assistant', content: null, tool_calls: [fn('f')] },
        { role: 'tool', tool_call_id: '', content: 'r' },
      ],
    },
  ],
  [
    openaiResponses,
    {
      input: [
        { type: 'function_call', call_id: '', name: 'f', arguments: '{}' },
        { type: 'function_call_output', call_id: '', output: 'r' },
      ],
    },
  ],
  [
    anthropicMessages,
    {
      max_tokens: 9,
      messages: [
        { role: 'assistant', content: [{ type: 'tool_use', id: '', name: 'f', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: '', content: 'r' }] },
      ],
    },
  ],
  [
    bedrockConverse,
    {
      messages: [
        { role: 'assistant', content: [{ toolUse: { toolUseId: '', name: 'f', input: {} } }] },
        { role: 'user', content: [{ toolResult: { toolUseId: '', content: [{ text: 'r' }] } }] },
      ],
    },
  ],
  [
    cohereChat,
    {
      messages: [
        { role: 'assistant', tool_calls: [fn('f')] },
        { role: 'tool', tool_call_id: '', content: 'r' },
      ],
    },
  ],
  [
    ollamaChat,
    {
      messages: [
        { role: 'assistant', content: '', tool_calls: [ollamaCall] },
        { role: 'tool', tool_call_id: '', content: 'r' },
      ],
    },
  ],
  [
    gemini,
    {
      contents: [
        { role: 'model', parts: [{ functionCall: { id: '', name: 'f', args: {} } }] },
        { role: 'user', parts: [{ functionResponse: { id: '', name: 'f', response: { output: 'r' } } }] },
      ],
    },
  ],
];

test.each(histories.map(([protocol, body]) => [protocol.id, protocol, body] as const))(
  '%s: a result without an id answers the call without one',
  (_id, protocol, body) => {
    const { messages } = protocol.request.fromWire({ model: 'm', ...body }, { model: 'm' });
    const parts = messages.flatMap(({ content }) => content);
    const call = parts.find((part) => part.type === 'tool-call')!;
    expect(call.id).not.toBe('');
    expect(parts).toContainEqual(expect.objectContaining({ type: 'tool-result', callId: call.id }));
  },
);
