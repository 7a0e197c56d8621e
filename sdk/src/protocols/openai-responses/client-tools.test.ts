import { describe, expect, test } from 'bun:test';
import type { ChatResult, FromResultContext, JsonObject, StreamPart, ToWireContext } from '../../types/index.ts';
import { explode } from '../shared/collect.ts';
import { sealCallId } from '../shared/seal.ts';
import { toWire as writeAnswer } from './answer.ts';
import { fromWire } from './request-from-wire.ts';
import { toWire } from './request-to-wire.ts';
import { createEncoder } from './stream-encoder.ts';

const context: ToWireContext = {
  model: 'm',
  provider: 'p',
  from: 'openai-responses',
  traits: {},
  quirks: {},
  dropParams: false,
  drop: () => {},
  lacks: (name) => {
    throw new Error(name);
  },
};

const shell = {
  type: 'shell_call',
  id: 'sh_1',
  call_id: 'call_2',
  status: 'completed',
  action: { commands: ['ls'], timeout_ms: 9, max_output_length: null },
};
const body: JsonObject = {
  model: 'm',
  tools: [
    { type: 'local_shell' },
    { type: 'shell', environment: { type: 'local' } },
    { type: 'apply_patch' },
    {
      type: 'tool_search',
      execution: 'client',
      description: 'Find.',
      parameters: { type: 'object', properties: { q: { type: 'string' } } },
    },
  ],
  input: [
    { type: 'message', role: 'user', content: 'go' },
    {
      type: 'local_shell_call',
      id: 'lsh_1',
      call_id: 'call_1',
      status: 'completed',
      action: { type: 'exec', command: ['ls', '-l'], env: {} },
    },
    { type: 'local_shell_call_output', call_id: 'call_1', output: 'a.txt' },
    shell,
    { type: 'shell_call_output', call_id: 'call_2', output: [{ stdout: 'a', stderr: '', outcome: { type: 'exit', exit_code: 0 } }] },
    { type: 'apply_patch_call', call_id: 'call_3', status: 'completed', operation: { type: 'update_file', path: 'a', diff: '@@\n-x\n+y' } },
    { type: 'apply_patch_call_output', call_id: 'call_3', status: 'failed', output: 'no such file' },
    { type: 'tool_search_call', execution: 'client', call_id: 'call_4', arguments: { q: 'mail' } },
    {
      type: 'tool_search_output',
      execution: 'client',
      call_id: 'call_4',
      tools: [{ type: 'function', name: 'send_mail', parameters: {} }],
    },
  ],
};

describe('tools that OpenAI defines and the client runs', () => {
  const request = fromWire(body);

  test('are functions to others', () => {
    expect(request.tools?.map(({ type, name }) => [type, name])).toEqual([
      ['function', 'local_shell'],
      ['function', 'shell'],
      ['function', 'apply_patch'],
      ['function', 'tool_search'],
      // What a search found is declared from then on.
      ['function', 'send_mail'],
    ]);
    expect(request.tools?.[3]).toMatchObject({ description: 'Find.', parameters: { properties: { q: {} } } });
  });

  test('their calls and results are those of functions', () => {
    const parts = request.messages.flatMap(({ content }) => content);
    const calls = parts.flatMap((part) => (part.type === 'tool-call' ? [[part.id, part.name, JSON.parse(part.arguments)]] : []));
    expect(calls).toEqual([
      ['call_1', 'local_shell', { command: ['ls', '-l'], env: {} }],
      ['call_2', 'shell', { commands: ['ls'], timeout_ms: 9, max_output_length: null }],
      ['call_3', 'apply_patch', { type: 'update_file', path: 'a', diff: '@@\n-x\n+y' }],
      ['call_4', 'tool_search', { q: 'mail' }],
    ]);
    const results = parts.flatMap((part) => (part.type === 'tool-result' ? [[part.callId, part.content, part.isError]] : []));
    expect(results).toEqual([
      ['call_1', [{ type: 'text', text: 'a.txt' }], undefined],
      ['call_2', [{ type: 'text', text: '[{"stdout":"a","stderr":"","outcome":{"type":"exit","exit_code":0}}]' }], undefined],
      ['call_3', [{ type: 'text', text: 'no such file' }], true],
      ['call_4', [{ type: 'text', text: 'These tools can be called now: send_mail' }], undefined],
    ]);
  });

  test('go back to this format as they were', () => expect(toWire(request, context).body).toEqual(body));

  test("those that OpenAI runs itself are OpenAI's alone", () => {
    const hosted = fromWire({
      model: 'm',
      tools: [{ type: 'shell', environment: { type: 'container_auto' } }, { type: 'tool_search' }],
      input: [
        { ...shell, environment: { type: 'container_reference', container_id: 'c' } },
        { type: 'tool_search_call', execution: 'server', arguments: {} },
      ],
    });
    expect(hosted.tools?.map(({ type }) => type)).toEqual(['provider', 'provider']);
    expect(hosted.messages.flatMap(({ content }) => content).map(({ type }) => type)).toEqual(['opaque', 'opaque']);
  });

  const writing: FromResultContext = { model: 'm', request, newId: (prefix) => `${prefix}new`, now: () => 0 };
  const answer = (name: string, args: string): ChatResult => ({
    id: 'a',
    model: 'm',
    candidates: [
      {
        index: 0,
        content: [{ type: 'tool-call', kind: 'function', id: 'c1', name, arguments: args, signature: { origin: 'google', value: 's' } }],
        finishReason: 'tool-calls',
      },
    ],
  });
  const callId = sealCallId({ id: 'c1', signature: { origin: 'google', value: 's' } }, 'openai');

  test.each<[string, JsonObject, JsonObject]>([
    [
      'local_shell',
      { command: 'ls' },
      { type: 'local_shell_call', id: 'lsh_new', action: { type: 'exec', command: ['bash', '-lc', 'ls'], env: {} } },
    ],
    [
      'shell',
      { commands: ['ls', 'pwd'] },
      {
        type: 'shell_call',
        id: 'sh_new',
        action: { commands: ['ls', 'pwd'], timeout_ms: null, max_output_length: null },
        environment: { type: 'local' },
      },
    ],
    [
      'apply_patch',
      { type: 'create_file', path: 'b', diff: '+x' },
      { type: 'apply_patch_call', id: 'apc_new', operation: { type: 'create_file', path: 'b', diff: '+x' } },
    ],
    [
      'apply_patch',
      { type: 'delete_file', path: 'b', diff: '' },
      { type: 'apply_patch_call', id: 'apc_new', operation: { type: 'delete_file', path: 'b' } },
    ],
    ['tool_search', { q: 'x' }, { type: 'tool_search_call', id: 'tsc_new', execution: 'client', arguments: { q: 'x' } }],
  ])("another vendor's call of %s comes back as its own item", (name, args, item) => {
    const whole = { call_id: callId, status: 'completed', ...item };
    expect(writeAnswer(answer(name, JSON.stringify(args)), writing)['output']).toEqual([whole]);

    const encoder = createEncoder(writing);
    const events: JsonObject[] = [];
    explode(answer(name, JSON.stringify(args)), (part: StreamPart) => {
      for (const { data } of encoder.push(part)) events.push(JSON.parse(data));
    });
    const items = events.filter(({ type }) => String(type).startsWith('response.output_item'));
    expect(items).toMatchObject([
      { type: 'response.output_item.added', item: { type: item['type'], status: 'in_progress' } },
      { type: 'response.output_item.done', item: whole },
    ]);
    // And the turn after it knows the signature again.
    const next = fromWire({ model: 'm', input: [whole] }).messages[0]!.content[0];
    expect(next).toMatchObject({ type: 'tool-call', id: 'c1', signature: { origin: 'google', value: 's' } });
  });
});
