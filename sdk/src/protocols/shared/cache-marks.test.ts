import { describe, expect, test } from 'bun:test';
import type { ChatRequest, Message, ProtocolId } from '../../types/index.ts';
import { cohereChat, gemini, ollamaChat, openaiCompletions, openaiResponses } from '../index.ts';
import { hasCacheMarks } from './cache-marks.ts';

const cacheControl = { type: 'ephemeral' };
const messages: Message[] = [{ role: 'user', content: [{ type: 'text', text: 'x', cacheControl }] }];
const request: ChatRequest = { model: 'm', messages, stream: false, unknown: {} };

test('marks are found on messages, parts, results and tools', () => {
  const text = { type: 'text' as const, text: 'x' };
  expect(hasCacheMarks({ messages: [{ role: 'user', content: [text] }], tools: [{ type: 'function', name: 'f' }] })).toBe(false);
  expect(hasCacheMarks({ messages: [{ role: 'user', content: [text], cacheControl }] })).toBe(true);
  expect(hasCacheMarks({ messages })).toBe(true);
  expect(hasCacheMarks({ messages: [], tools: [{ type: 'function', name: 'f', cacheControl }] })).toBe(true);
  const inside: Message = { role: 'tool', content: [{ type: 'tool-result', callId: 'a', content: [{ ...text, cacheControl }] }] };
  expect(hasCacheMarks({ messages: [inside] })).toBe(true);
});

describe('a target without them notes it', () => {
  const noted = (protocol: typeof gemini, from: ProtocolId): string[] => {
    const dropped: string[] = [];
    protocol.request.toWire(request, {
      model: 'm',
      provider: 'p',
      from,
      traits: {},
      quirks: {},
      dropParams: false,
      drop: (what) => void dropped.push(what),
      lacks: (what) => void dropped.push(`lacks ${what}`),
    });
    return dropped;
  };

  test.each([cohereChat, gemini, ollamaChat, openaiCompletions, openaiResponses].map((protocol) => [protocol.id, protocol] as const))(
    '%s',
    (_id, protocol) => {
      expect(noted(protocol, 'anthropic-messages')).toEqual(['cache_control']);
      expect(noted(protocol, 'bedrock-converse')).toEqual(['cachePoint']);
    },
  );
});
