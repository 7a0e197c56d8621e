import { describe, expect, test } from 'bun:test';
import type { JsonObject } from 'sluice/kit';
import { wholeToolCallsFraming } from './framing/whole-tool-calls.ts';
import { fromMistral, toMistral, withId } from './mistral-dialect.ts';

const opened = (body: JsonObject) => {
  const { body: read, text } = fromMistral({ body, text: JSON.stringify(body), headers: new Headers() });
  expect(JSON.parse(text)).toEqual(read);
  return read;
};

describe('requests', () => {
  test('its words become OpenAI’s', () => {
    const call = { id: 'abcdefghi', type: 'function', function: { name: 'f', arguments: '{}' } };
    expect(
      opened({
        model: 'm',
        random_seed: 3,
        safe_prompt: false,
        tool_choice: 'any',
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'x' },
              { type: 'image_url', image_url: 'data:image/png;base64,AA' },
            ],
          },
          { role: 'assistant', content: '', tool_calls: [{ ...call, index: 0 }], prefix: false },
          { role: 'tool', content: 'r', tool_call_id: 'abcdefghi', name: 'f' },
        ],
      }),
    ).toEqual({
      model: 'm',
      seed: 3,
      tool_choice: 'required',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'x' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } },
          ],
        },
        { role: 'assistant', content: '', tool_calls: [call] },
        { role: 'tool', content: 'r', tool_call_id: 'abcdefghi', name: 'f' },
      ],
    });
  });

  test('what means something stays, and what needs nothing is not touched', () => {
    const body = { model: 'm', safe_prompt: true, messages: [{ role: 'assistant', content: 'x', prefix: true }] };
    const request = { body, text: '{ "as": "sent" }', headers: new Headers() };
    expect(fromMistral(request)).toBe(request);
  });
});

describe('a stream’s tool calls are in one piece', () => {
  const chunk = (choice: object) => ({ data: JSON.stringify({ id: 'c', choices: [{ index: 0, finish_reason: null, ...choice }] }) });
  const piece = (index: number, more: object) => chunk({ delta: { tool_calls: [{ index, ...more }] } });
  const events = [
    chunk({ delta: { role: 'assistant', content: 'Let me see' } }),
    piece(0, { id: 'a', type: 'function', function: { name: 'f', arguments: '' } }),
    piece(0, { function: { arguments: '{"x"' } }),
    piece(1, { id: 'b', type: 'function', function: { name: 'g', arguments: '{}' } }),
    piece(0, { function: { arguments: ':1}' } }),
    chunk({ delta: {}, finish_reason: 'tool_calls' }),
    { data: JSON.stringify({ id: 'c', choices: [], usage: { total_tokens: 3 } }) },
    { data: '[DONE]' },
  ];
  const expected = [
    JSON.parse(events[0]!.data) as unknown,
    {
      id: 'c',
      choices: [
        {
          index: 0,
          finish_reason: 'tool_calls',
          delta: {
            tool_calls: [
              { index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
              { index: 1, id: 'b', type: 'function', function: { name: 'g', arguments: '{}' } },
            ],
          },
        },
      ],
    },
    { id: 'c', choices: [], usage: { total_tokens: 3 } },
    '[DONE]',
  ];
  const read = (text: string) =>
    [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => (data === '[DONE]' ? data : (JSON.parse(data!) as unknown)));

  test('of events', () => {
    const framing = wholeToolCallsFraming();
    expect(read(events.map((event) => framing.frame([event])).join(''))).toEqual(expected);
  });

  test('and of bytes that are passed through', () => {
    const framing = wholeToolCallsFraming();
    const bytes = new TextEncoder().encode(events.map(({ data }) => `data: ${data}\n\n`).join(''));
    expect(read(String(framing.frame(bytes)))).toEqual(expected);
  });
});

test('embeddings have an id', () => {
  const answer = (json: JsonObject) => ({ body: new TextEncoder().encode(JSON.stringify(json)), json: () => json });
  expect(JSON.parse(String(withId(answer({ data: [] }), 'i').body))).toEqual({ data: [], id: 'i' });
  const own = answer({ id: 'own', data: [] });
  expect(withId(own, 'i')).toBe(own);
});

describe('whole answers', () => {
  const left = (json: JsonObject, text = JSON.stringify(json)) => toMistral({ body: new TextEncoder().encode(text), json: () => json });
  const zeros = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
  const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };

  test.each([{}, { usage: null }])('have a usage, also where nobody counted: %j', (more) => {
    const json = { id: 'c', choices: [], ...more };
    expect(JSON.parse(String(left(json).body))).toEqual({ ...json, usage: zeros });
  });

  test('have calls of functions alone', () => {
    const fn = { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } };
    const custom = { id: 'b', type: 'custom', custom: { name: 'sh', input: 'ls "x"' } };
    const json = { choices: [{ index: 0, message: { role: 'assistant', content: null, tool_calls: [fn, custom] } }], usage };
    expect(JSON.parse(String(left(json).body))).toMatchObject({
      choices: [
        { message: { tool_calls: [fn, { id: 'b', type: 'function', function: { name: 'sh', arguments: '{"input":"ls \\"x\\""}' } }] } },
      ],
      usage,
    });
  });

  test('that are as they should be stay to the byte', () => {
    const json = { choices: [{ index: 0, message: { role: 'assistant', content: 'x', tool_calls: [] } }], usage };
    const answer = { body: new TextEncoder().encode(JSON.stringify(json, null, 1)), json: () => json };
    expect(toMistral(answer)).toBe(answer);
  });
});
