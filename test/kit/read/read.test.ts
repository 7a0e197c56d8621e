import { describe, expect, test } from 'bun:test';
import type { WireFormat } from '../wire-formats.ts';
import { readAnyError, readError } from './errors.ts';
import { readers } from './index.ts';
import type { Reading } from './reading.ts';
import { call, sse, told } from './samples.ts';

const says = (reading: Reading) => {
  const [choice] = reading.choices;
  return {
    text: choice?.text,
    thinking: choice?.thinking,
    calls: choice?.toolCalls.map(({ id: _id, ...rest }) => rest),
    finish: choice?.finish,
  };
};

/** Their answers do not say which model it was. */
const unnamed = new Set<WireFormat>(['bedrock-converse', 'cohere-chat']);

describe('readers', () => {
  for (const [format, texts] of Object.entries(told) as [WireFormat, { whole: string; stream: string }][]) {
    const plain = format === 'openai-completions';
    const expected = plain
      ? { text: 'Hi.', thinking: '', calls: [], finish: 'stop' as const }
      : { text: 'Hi.', thinking: 'Hm.', calls: [call], finish: 'tool-calls' as const };
    for (const kind of ['whole', 'stream'] as const) {
      test(`${format}, ${kind}: text, thoughts, calls, finish and usage, without faults`, () => {
        const reading = readers[format][kind](texts[kind]);
        expect(says(reading)).toEqual(expected);
        expect(reading.usage).toMatchObject({ inputTotal: 10, outputTotal: 7 });
        if (!plain && format !== 'ollama-chat') expect(reading.usage?.cached).toBe(4);
        if (!unnamed.has(format)) expect(reading.model).toBe('m');
        expect(reading.ended).toBe(true);
        expect(reading.faults).toEqual([]);
      });
    }
  }

  test('a stream without its end mark is not ended', () => {
    for (const format of ['openai-chat', 'openai-responses', 'anthropic-messages'] as const) {
      const events = told[format].stream.trimEnd().split('\n\n');
      const reading = readers[format].stream(`${events.slice(0, -1).join('\n\n')}\n\n`);
      expect([format, reading.ended]).toEqual([format, false]);
    }
  });
});

describe('rules of streams that are broken', () => {
  const faults = (format: WireFormat, text: string) => readers[format].stream(text).faults.join('; ');
  const chunk = (delta: object, rest: object = {}) => ({
    id: 'c',
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, ...rest }],
  });

  test('chat: role twice, two finish reasons, a changed id, events after the end, arguments that are no JSON', () => {
    expect(faults('openai-chat', sse(chunk({ role: 'assistant' }), chunk({ role: 'assistant' }, { finish_reason: 'stop' })))).toContain(
      'role 2 times',
    );
    expect(faults('openai-chat', sse(chunk({}, { finish_reason: 'stop' }), chunk({}, { finish_reason: 'stop' })))).toContain(
      'finishes twice',
    );
    expect(faults('openai-chat', sse(chunk({}), { ...chunk({}, { finish_reason: 'stop' }), id: 'd' }))).toContain('id changes');
    expect(faults('openai-chat', sse(chunk({}, { finish_reason: 'stop' }), '[DONE]', chunk({})))).toContain('after [DONE]');
    const torn = { tool_calls: [{ index: 0, id: 't', function: { name: 'f', arguments: '{"a' } }] };
    expect(faults('openai-chat', sse(chunk(torn, { finish_reason: 'tool_calls' })))).toContain('no JSON');
  });

  test('anthropic: a block that stays open, blocks out of order, events before the start', () => {
    const events = told['anthropic-messages'].stream.split('\n\n');
    const without = (text: string) => events.filter((event) => !event.includes(text)).join('\n\n');
    expect(faults('anthropic-messages', without('"content_block_stop","index":2'))).toContain('message_delta while a block is open');
    expect(faults('anthropic-messages', without('"content_block_start","index":1'))).toContain('a delta of a block that is not open');
    expect(faults('anthropic-messages', without('message_start'))).toContain('before message_start');
  });

  test('responses: a done event or a last event that tells another story', () => {
    const { stream } = told['openai-responses'];
    expect(faults('openai-responses', stream.replace('"delta":"Hi."', '"delta":"Ho."'))).toContain(
      'deltas and done event of item 1 differ',
    );
    expect(faults('openai-responses', stream.replace('"sequence_number":4', '"sequence_number":1'))).toContain('sequence_number 1 after 3');
    const last = stream.lastIndexOf('Hi.');
    expect(faults('openai-responses', `${stream.slice(0, last)}Ho.${stream.slice(last + 3)}`)).toContain('another output');
  });
});

describe('errors', () => {
  test('of any vendor', () => {
    const bodies = [
      { error: { message: 'No.', type: 't', code: 'c' } },
      { error: 'No.', code: 'c' },
      { message: 'No.', type: 't', code: 3051 },
      [{ error: { message: 'No.', status: 'INVALID_ARGUMENT', code: 400 } }],
      { detail: 'No.' },
    ];
    for (const body of bodies) expect(readAnyError(JSON.stringify(body)).message).toBe('No.');
    expect(readAnyError('{"message":"No.","code":3051}').code).toBe('3051');
  });

  test('of a client format, with what its SDKs would trip over', () => {
    const openai = { error: { message: 'No.', type: 'x', param: null, code: null } };
    expect(readError('openai-chat', 400, JSON.stringify(openai))).toMatchObject({ message: 'No.', type: 'x', faults: [] });
    expect(readError('openai-chat', 400, '{"error":{"message":"No."}}').faults).not.toEqual([]);
    expect(
      readError('anthropic-messages', 400, '{"type":"error","error":{"type":"invalid_request_error","message":"No."}}').faults,
    ).toEqual([]);
    expect(readError('anthropic-messages', 400, '{"error":{"type":"BadRequest","message":"No."}}').faults).toHaveLength(2);
    expect(readError('gemini', 400, '{"error":{"code":400,"status":"INVALID_ARGUMENT","message":"No."}}').faults).toEqual([]);
    expect(readError('gemini', 400, '{"error":{"code":500,"status":"Bad","message":"No."}}').faults).toHaveLength(2);
  });
});
