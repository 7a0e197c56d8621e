import { describe, expect, test } from 'bun:test';
import { breaksStrictRules, fitMessages, fitTools } from './strict-messages.ts';

const call = (id: string, more: object = {}) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' }, ...more });

describe('messages for Mistral', () => {
  test('its own stay as they are, the same list', () => {
    const messages = [
      { role: 'system', content: 's' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'q' },
          { type: 'document_url', document_url: 'https://e.com', document_name: 'e' },
        ],
      },
      {
        role: 'assistant',
        content: [{ type: 'thinking', thinking: [{ type: 'text', text: 't' }] }],
        tool_calls: [call('abcDEF123', { index: 0 })],
      },
      { role: 'tool', tool_call_id: 'abcDEF123', name: 'f', content: 'r' },
      { role: 'assistant', content: 'so far', prefix: true },
    ];
    expect(fitMessages(messages)).toBe(messages);
    expect(breaksStrictRules({ messages })).toBe(false);
    expect(breaksStrictRules({ messages: 'no list', tools: null })).toBe(false);
  });

  test('a refusal among the content is text, and a file is named by its id as Mistral does', () => {
    const refused = {
      role: 'assistant',
      content: [
        { type: 'text', text: 'a' },
        { type: 'refusal', refusal: 'no' },
      ],
    };
    const asked = { role: 'user', content: [{ type: 'file', file: { file_id: 'f1' } }] };
    const fitted = fitMessages([refused, asked]);
    expect(fitted[0]!['content']).toEqual([
      { type: 'text', text: 'a' },
      { type: 'text', text: 'no' },
    ]);
    expect(fitted[1]!['content']).toEqual([{ type: 'file', file_id: 'f1' }]);
    expect(breaksStrictRules({ messages: [asked] })).toBe(true);
    expect(fitMessages(fitted)).toBe(fitted);
  });

  test("another vendor's ids are nine letters and digits, the same for the call and its result, others for others", () => {
    const ids = ['call_PTLP8xhu3uwZk4l3nlnrrJha', 'call_PTLP8xhu3uwZk4l3nlnrrJhb', 'toolu_01', 'x'];
    const fitted = fitMessages([
      { role: 'assistant', content: '', tool_calls: ids.map((id) => call(id)) },
      ...ids.map((id) => ({ role: 'tool', tool_call_id: id, content: 'r' })),
    ]);
    const called = (fitted[0]!['tool_calls'] as { id: string }[]).map(({ id }) => id);
    for (const id of called) expect(id).toMatch(/^[a-zA-Z0-9]{9}$/);
    expect(new Set(called).size).toBe(4);
    expect(fitted.slice(1).map((message) => message['tool_call_id'])).toEqual(called);
  });

  test.each([
    ['call_PTLP8xhu3uwZk4l3nlnrrJha', true],
    ['call_20260807060811017589_0', true],
    ['toolu_01A09q90qw90lq917835lq9', true],
    ['chatcmpl-tool-1', true],
    ['6f9619ff-8b86-d011-b42d-00cf4fc964ff', true],
    ['abcDEF123', false],
    ['turn1_0', false],
  ])('a conversation with the id %s was begun elsewhere: %p', (id, elsewhere) => {
    expect(breaksStrictRules({ messages: [{ role: 'assistant', content: '', tool_calls: [call(id)] }] })).toBe(elsewhere);
  });

  test('members that it does not know are left out; those that say something with a record', () => {
    const notes: string[] = [];
    const fitted = fitMessages(
      [
        { role: 'user', name: 'Ann', content: [{ type: 'text', text: 'q', cache_control: { type: 'ephemeral' } }] },
        { role: 'assistant', content: 'a', refusal: null, annotations: [], reasoning_content: 't', audio: null },
        { role: 'assistant', content: null, refusal: 'I will not.' },
        {
          role: 'user',
          content: [
            { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
            { type: 'image_url', image_url: { url: 'https://e.com', format: 'image/png' } },
          ],
        },
        { role: 'assistant', content: 'x', tool_calls: [call('abcDEF123', { provider_specific_fields: {} })] },
      ],
      (what) => void notes.push(what),
    );
    expect(fitted).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'q' }] },
      { role: 'assistant', content: 'a' },
      { role: 'assistant', content: 'I will not.' },
      {
        role: 'user',
        content: [
          { type: 'input_audio', input_audio: 'AAAA' },
          { type: 'image_url', image_url: { url: 'https://e.com' } },
        ],
      },
      { role: 'assistant', content: 'x', tool_calls: [call('abcDEF123')] },
    ]);
    expect(notes).toEqual(['messages.name', 'messages.reasoning_content']);
  });

  test('an assistant at the end says that it goes on; behind a tool anybody may speak', () => {
    const tool = { role: 'tool', tool_call_id: 'abcDEF123', content: 'r' };
    const behind = [tool, { role: 'user', content: 'q' }];
    expect(fitMessages(behind)).toBe(behind);
    expect(
      fitMessages([
        { role: 'user', content: 'q' },
        { role: 'assistant', content: 'Once' },
      ]).at(-1),
    ).toEqual({
      role: 'assistant',
      content: 'Once',
      prefix: true,
    });
    const calling = [{ role: 'assistant', content: '', tool_calls: [call('abcDEF123')] }];
    expect(fitMessages(calling)).toBe(calling);
  });

  test('tools say what they take, and nothing else', () => {
    const parameters = { type: 'object', properties: {} };
    const tools = [{ type: 'function', function: { name: 'f', strict: false, parameters } }];
    expect(fitTools(tools)).toBe(tools);
    const cached = [{ type: 'function', function: { name: 'f' }, cache_control: { type: 'ephemeral' } }];
    expect(fitTools(cached)).toEqual([{ type: 'function', function: { name: 'f', parameters } }]);
    expect(breaksStrictRules({ messages: [], tools: cached })).toBe(true);
  });
});
