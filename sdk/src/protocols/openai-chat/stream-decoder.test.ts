import { describe, expect, test } from 'bun:test';
import type { JsonObject, Part, StreamPart } from '../../types/index.ts';
import { chunk, collected, decode, ending } from './fixtures/context.ts';
import { openaiChat } from './index.ts';

const content = (...events: (JsonObject | string)[]): Part[] => collected(decode([...events, '[DONE]'])).candidates[0]!.content;
const fragment = (members: JsonObject, args: unknown, name?: string): JsonObject =>
  chunk({ tool_calls: [{ type: 'function', ...members, function: { ...(name !== undefined && { name }), arguments: args } }] });
const calls = (...events: JsonObject[]) =>
  content(...events, ending('tool_calls')).map((part) => (part.type === 'tool-call' ? [part.id, part.name, part.arguments] : [part.type]));

describe('a stream of OpenAI', () => {
  test('as parts, in order', () => {
    const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
    const parts = decode([
      {
        ...chunk({ role: 'assistant', content: '', refusal: null }),
        service_tier: 'default',
        system_fingerprint: 'fp',
        obfuscation: 'xyz',
      },
      chunk({ content: 'Hel' }),
      chunk({ content: 'lo' }),
      ending('stop'),
      { ...chunk({}), choices: [], usage },
      '[DONE]',
    ]);
    expect(parts).toEqual([
      { type: 'start', id: 'chatcmpl-1', model: 'm-1', createdAt: 7, serviceTier: 'default', systemFingerprint: 'fp' },
      { type: 'part-start', candidate: 0, index: 0, part: { type: 'text', text: '' } },
      { type: 'text-delta', candidate: 0, index: 0, text: 'Hel' },
      { type: 'text-delta', candidate: 0, index: 0, text: 'lo' },
      { type: 'usage', usage: { inputTokens: 1, outputTokens: 2, raw: usage } },
      { type: 'part-end', candidate: 0, index: 0 },
      { type: 'finish', candidate: 0, reason: 'stop', rawReason: 'stop' },
      { type: 'end' },
    ]);
  });

  test('a last event that counts nothing does not take back what was counted', () => {
    const of = (prompt_tokens: number, completion_tokens: number) => ({
      ...chunk({}),
      choices: [],
      usage: { prompt_tokens, completion_tokens },
    });
    const told = (...events: JsonObject[]) =>
      decode([chunk({ content: 'a' }), ...events, ending('stop'), '[DONE]']).flatMap((part) =>
        part.type === 'usage' ? [[part.usage.inputTokens, part.usage.outputTokens]] : [],
      );
    expect(told(of(9, 500), of(0, 0))).toEqual([[9, 500]]);
    expect(told(of(0, 0), of(9, 1))).toEqual([
      [0, 0],
      [9, 1],
    ]);
  });

  test('choices beside each other', () => {
    const at = (index: number, text: string) => ({ ...chunk({}), choices: [{ index, delta: { content: text } }] });
    const result = collected(
      decode([
        at(1, 'b'),
        at(0, 'a'),
        at(1, 'B'),
        {
          ...chunk({}),
          choices: [
            { index: 0, delta: {}, finish_reason: 'stop' },
            { index: 1, delta: {}, finish_reason: 'length' },
          ],
        },
        '[DONE]',
      ]),
    );
    expect(result.candidates).toMatchObject([
      { index: 0, content: [{ text: 'a' }], finishReason: 'stop' },
      { index: 1, content: [{ text: 'bB' }], finishReason: 'length' },
    ]);
  });

  test('log probabilities stay with their tokens', () => {
    const logprobs = (key: string, value: number) => ({ logprobs: { [key]: [{ token: 'x', logprob: value }] } });
    const result = collected(
      decode([
        chunk({ reasoning_content: 'h' }, logprobs('reasoning_content', 1)),
        chunk({ content: 'a' }, logprobs('content', 2)),
        chunk({ content: '' }, logprobs('content', 3)),
        chunk({ tool_calls: [] }, logprobs('content', 4)),
        ending('stop'),
        '[DONE]',
      ]),
    );
    expect(result.candidates[0]!.logprobs).toMatchObject({
      content: [{ logprob: 2 }, { logprob: 3 }, { logprob: 4 }],
      reasoning_content: [{ logprob: 1 }],
    });
  });

  test('audio as it is spoken', () => {
    const parts = decode([
      chunk({ audio: { id: 'audio_1', transcript: 'he' } }),
      chunk({ audio: { data: 'AA' } }),
      chunk({ audio: { expires_at: 9 } }),
      ending('stop'),
      '[DONE]',
    ]);
    expect(parts.filter(({ type }) => type === 'audio-delta')).toHaveLength(2);
    expect(collected(parts).candidates[0]!.content).toEqual([
      { type: 'audio', id: 'audio_1', transcript: 'he', source: { kind: 'base64', data: 'AA', mediaType: 'audio/wav' }, expiresAt: 9 },
    ]);
  });
});

describe('FP-19: tool calls', () => {
  const two = [
    ['a', 'f', '{"x":1}'],
    ['b', 'g', '{"y":2}'],
  ];

  test('in fragments, side by side', () => {
    expect(
      calls(
        fragment({ index: 0, id: 'a' }, '', 'f'),
        fragment({ index: 1, id: 'b' }, '', 'g'),
        fragment({ index: 0 }, '{"x"'),
        fragment({ index: 1 }, '{"y":2}'),
        fragment({ index: 0 }, ':1}'),
      ),
    ).toEqual(two);
  });

  test('all at index 0', () => {
    expect(calls(fragment({ index: 0, id: 'a' }, '{"x":1}', 'f'), fragment({ index: 0, id: 'b' }, '{"y":2}', 'g'))).toEqual(two);
  });

  test('a new id with every fragment', () => {
    expect(
      calls(
        fragment({ index: 0, id: 'a' }, '{"x"', 'f'),
        fragment({ index: 0, id: 'a2' }, ':1}'),
        fragment({ index: 1, id: 'b' }, '{"y"', 'g'),
        fragment({ index: 1, id: 'b2' }, ':2}'),
      ),
    ).toEqual(two);
  });

  test('neither id nor index: what stands beside each other in one chunk is several calls', () => {
    const both = chunk({ tool_calls: [{ function: { name: 'f', arguments: '' } }, { function: { name: 'f', arguments: '{"a":2}' } }] });
    expect(calls(both).map(([, name, args]) => [name, args])).toEqual([
      ['f', ''],
      ['f', '{"a":2}'],
    ]);
  });

  test('one id for several calls: each has its own', () => {
    const named = [
      ['x', 'f', '{"x":1}'],
      ['x_2', 'g', '{"y":2}'],
    ];
    const both = [fragment({ id: 'x' }, '{"x":1}', 'f'), fragment({ id: 'x' }, '{"y":2}', 'g')];
    expect(calls(...both)).toEqual(named);
    expect(
      calls(...[0, 1].map((index) => fragment({ index, id: 'x' }, index === 0 ? '{"x":1}' : '{"y":2}', index === 0 ? 'f' : 'g'))),
    ).toEqual(named);
    // The name and the id with every fragment are still one call.
    expect(calls(fragment({ id: 'x' }, '{"x"', 'f'), fragment({ id: 'x' }, ':1}', 'f'))).toEqual([['x', 'f', '{"x":1}']]);
  });

  test('no index', () => {
    expect(calls(fragment({ id: 'a' }, '{"x"', 'f'), fragment({}, ':1}'), fragment({ id: 'b' }, '{"y":2}', 'g'))).toEqual(two);
  });

  test('no ids: a name behind complete arguments is another call, one with the rest of them is not', () => {
    const made = calls(
      fragment({ index: 0 }, '{"x":', 'f'),
      fragment({ index: 0 }, '1}', 'f'),
      fragment({ index: 0, id: '' }, '{"y":2}', 'g'),
    );
    expect(made).toEqual([
      ['call_chatcmpl1_0', 'f', '{"x":1}'],
      ['call_chatcmpl1_1', 'g', '{"y":2}'],
    ]);
  });

  test('the name late, and null where nothing is new (Venice)', () => {
    expect(
      calls(
        fragment({ index: 0, id: 'a' }, '{"x"'),
        fragment({ index: 0, id: null }, ':', 'f'),
        chunk({ tool_calls: [{ index: 0, id: null, function: { name: null, arguments: '1}' } }] }),
      ),
    ).toEqual([['a', 'f', '{"x":1}']]);
  });

  test('arguments as an object, as a Python dict, as null', () => {
    expect(calls(fragment({ index: 0, id: 'a' }, { x: 1 }, 'f'))).toEqual([['a', 'f', '{"x":1}']]);
    expect(calls(fragment({ index: 0, id: 'a' }, '{', 'f'), fragment({ index: 0 }, "'x': "), fragment({ index: 0 }, 'True}'))).toEqual([
      ['a', 'f', '{"x": true}'],
    ]);
    expect(calls(fragment({ index: 0, id: 'a' }, 'nu', 'f'), fragment({ index: 0 }, 'll'))).toEqual([['a', 'f', '']]);
  });

  test('arguments go on as they come', () => {
    const parts = decode([
      fragment({ index: 0, id: 'a' }, '', 'f'),
      fragment({ index: 0 }, '{"x"'),
      fragment({ index: 0 }, ':1}'),
      ending('stop'),
      '[DONE]',
    ]);
    expect(parts.flatMap((part) => (part.type === 'arguments-delta' ? [part.text] : []))).toEqual(['{"x"', ':1}']);
    expect(parts.at(-2)).toMatchObject({ type: 'finish', reason: 'tool-calls', rawReason: 'stop' });
  });

  test('custom tools, the old form, whole messages of vendors that only pretend to stream', () => {
    const custom = (members: JsonObject) => chunk({ tool_calls: [{ index: 0, ...members }] });
    expect(
      content(
        custom({ id: 'a', type: 'custom', custom: { name: 'c', input: '' } }),
        custom({ custom: { input: "{'x" } }),
        ending('tool_calls'),
      ),
    ).toEqual([{ type: 'tool-call', kind: 'custom', id: 'a', name: 'c', arguments: "{'x" }]);
    expect(
      content(
        chunk({ function_call: { name: 'f', arguments: '' } }),
        chunk({ function_call: { arguments: '{}' } }),
        ending('function_call'),
      ),
    ).toEqual([{ type: 'tool-call', kind: 'function', id: 'call_chatcmpl1_0', name: 'f', arguments: '{}' }]);
    const whole = { ...chunk({}), choices: [{ index: 0, message: { role: 'assistant', content: 'a' }, finish_reason: 'stop' }] };
    expect(content(whole)).toEqual([{ type: 'text', text: 'a' }]);
  });

  test('FP-17: signatures of a call, of a message, late ones', () => {
    const google = { extra_content: { google: { thought_signature: 'g' } } };
    const signature = { origin: 'google', value: 'g' };
    expect(
      content(chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{}' }, ...google }] }), ending('stop')),
    ).toMatchObject([{ signature }]);
    expect(
      content(chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }], ...google }), ending('stop')),
    ).toMatchObject([{ signature }]);
    expect(
      content(fragment({ index: 0, id: 'a' }, '{}', 'f'), chunk({ tool_calls: [{ index: 0, ...google }] }), ending('stop')),
    ).toMatchObject([{ signature }]);
    expect(content(chunk({ content: 'a', ...google }), ending('stop'))).toEqual([{ type: 'text', text: 'a', signature }]);
  });

  test('hints: the forced tool is the text, names come back, wrapped tools are opened', () => {
    const events = (name: string, args: string) => [
      fragment({ index: 0, id: 'a' }, args.slice(0, 4), name),
      fragment({ index: 0 }, args.slice(4)),
      ending('tool_calls'),
      '[DONE]',
    ];
    const json = collected(decode(events('json_tool_call', '{"x":1}'), { jsonToolName: 'json_tool_call' })).candidates[0]!;
    expect(json).toMatchObject({ content: [{ type: 'text', text: '{"x":1}' }], finishReason: 'stop' });
    const custom = collected(decode(events('short', '{"input":"free"}'), { toolNames: { short: 'long' }, customTools: ['long'] }))
      .candidates[0]!;
    expect(custom.content).toEqual([{ type: 'tool-call', kind: 'custom', id: 'a', name: 'long', arguments: 'free' }]);
  });
});

describe('FP-16: thoughts', () => {
  const opaque = (part: Part | undefined) => (part?.type === 'thinking' ? part.signature : undefined);

  test("plain, in either member, and Mistral's chunks", () => {
    const expected = [
      { type: 'thinking', text: 'hm.' },
      { type: 'text', text: 'a' },
    ] as Part[];
    const twice = (member: string) => [
      chunk({ content: '', [member]: 'h' }),
      chunk({ [member]: 'm.' }),
      chunk({ content: 'a', [member]: null }),
      ending('stop'),
    ];
    expect(content(...twice('reasoning'))).toEqual(expected);
    expect(content(...twice('reasoning_content'))).toEqual(expected);
    const mistral = (text: string) => chunk({ content: [{ type: 'thinking', thinking: [{ type: 'text', text }], closed: true }] });
    expect(content(mistral('h'), mistral('m.'), chunk({ content: [{ type: 'text', text: 'a' }] }), ending('stop'))).toEqual(expected);
  });

  test("OpenRouter's details are joined, once, before what follows", () => {
    const detail = (members: JsonObject) => ({ type: 'reasoning.text', index: 0, format: 'anthropic-claude-v1', ...members });
    const made = content(
      chunk({ content: '', reasoning: 'h', reasoning_details: [detail({ text: 'h' })] }),
      chunk({ content: '', reasoning: 'm', reasoning_details: [detail({ text: 'm' })] }),
      chunk({ content: '', reasoning_details: [detail({ signature: 's' })] }),
      chunk({ content: 'a' }),
      ending('stop'),
    );
    expect(made.map(({ type }) => type)).toEqual(['thinking', 'text']);
    expect(made[0]).toMatchObject({ text: 'hm' });
    expect(JSON.parse(opaque(made[0])!.value)).toEqual([detail({ text: 'hm', signature: 's' })]);
  });

  test('details without words, before the answer and behind it', () => {
    const encrypted = chunk({ content: '', reasoning: null, reasoning_details: [{ type: 'reasoning.encrypted', data: 'x' }] });
    expect(content(encrypted, chunk({ content: 'a' }), ending('stop')).map(({ type }) => type)).toEqual(['thinking', 'text']);
    expect(content(chunk({ content: 'a' }), encrypted, chunk({ content: 'b' }), ending('stop'))).toMatchObject([
      { type: 'text', text: 'ab' },
      { type: 'thinking', signature: { origin: 'openrouter' } },
    ]);
  });

  test('details that say nothing but the words leave no signature; alone they are the words', () => {
    const only = content(
      chunk({ reasoning_details: [{ type: 'reasoning.text', text: 'hm', format: 'unknown' }] }),
      chunk({ content: 'a' }),
      ending('stop'),
    );
    expect(only).toEqual([
      { type: 'thinking', text: 'hm' },
      { type: 'text', text: 'a' },
    ]);
  });

  test("LiteLLM's blocks, in fragments", () => {
    const block = (thinking: string, signature: string | null = null) => [{ type: 'thinking', thinking, signature }];
    const made = content(
      chunk({ reasoning_content: 'on', thinking_blocks: block('on') }),
      chunk({ reasoning_content: 'e', thinking_blocks: block('e') }),
      chunk({ reasoning_content: '', thinking_blocks: block('', 's1') }),
      chunk({ thinking_blocks: [{ type: 'redacted_thinking', data: 'r' }] }),
      chunk({ reasoning_content: 'two', thinking_blocks: block('two') }),
      chunk({ thinking_blocks: block('', 's2') }),
      chunk({ content: 'a' }),
      ending('stop'),
    );
    expect(made).toEqual([
      { type: 'thinking', text: 'one', signature: { origin: 'anthropic', value: 's1' } },
      { type: 'thinking', text: '', redacted: { origin: 'anthropic', value: 'r' } },
      { type: 'thinking', text: 'two', signature: { origin: 'anthropic', value: 's2' } },
      { type: 'text', text: 'a' },
    ]);
  });
});

describe('oddities', () => {
  test('Azure: a first chunk without id or choice begins nothing, and stays known', () => {
    const parts = decode([
      { choices: [], created: 0, id: '', model: '', object: '', prompt_filter_results: [] },
      chunk({ content: 'a' }),
      ending('stop'),
      '[DONE]',
    ]);
    expect(parts[0]).toMatchObject({ type: 'start', id: 'chatcmpl-1', model: 'm-1' });
    expect(collected(parts).extra).toEqual({ 'openai-chat': { prompt_filter_results: [] } });
  });

  test('OpenRouter: a finish reason twice, with more between', () => {
    const parts = decode([
      chunk({ content: 'a' }, { finish_reason: 'length' }),
      chunk({ content: 'b' }, { finish_reason: 'length' }),
      '[DONE]',
    ]);
    expect(parts.filter(({ type }) => type === 'finish')).toHaveLength(1);
    expect(collected(parts).candidates[0]).toMatchObject({ content: [{ text: 'ab' }], finishReason: 'length' });
  });

  test('Perplexity: no end mark, message beside delta, sources in every chunk', () => {
    const sources = { citations: ['https://a.test'] };
    const both = (text: string, all: string, more: JsonObject = {}) => ({
      ...chunk({}),
      choices: [{ index: 0, delta: { content: text }, message: { content: all }, ...more }],
      ...sources,
    });
    const result = collected(decode([both('a', 'a'), both('b', 'ab', { finish_reason: 'stop' })]));
    expect(result.candidates[0]!.content).toEqual([{ type: 'text', text: 'ab', citations: [{ kind: 'url', url: 'https://a.test' }] }]);
    expect(result.extra).toEqual({ 'openai-chat': sources });
  });

  test('Snowflake: no finish reason at all', () => {
    expect(collected(decode([chunk({ content: 'a' }), '[DONE]'])).candidates[0]).toMatchObject({ finishReason: 'stop' });
  });

  test('annotations before and after their text', () => {
    const note = (url: string) =>
      chunk({ annotations: [{ type: 'url_citation', url_citation: { url, title: 'T', start_index: 0, end_index: 1 } }] });
    const urls = (parts: Part[]) => parts.flatMap((part) => (part.type === 'text' ? (part.citations ?? []).map(({ url }) => url) : []));
    expect(
      urls(content(chunk({ content: 'a' }), note('https://a.test'), fragment({ index: 0, id: 'x' }, '{}', 'f'), ending('stop'))),
    ).toEqual(['https://a.test']);
    expect(urls(content(note('https://a.test'), chunk({ content: 'a' }), ending('stop')))).toEqual(['https://a.test']);
  });

  test('a tier that is known late', () => {
    expect(collected(decode([chunk({ content: 'a' }), { ...ending('stop'), service_tier: 'flex' }, '[DONE]'])).serviceTier).toBe('flex');
  });
});

describe('failures', () => {
  const last = (parts: StreamPart[]): StreamPart | undefined => parts.at(-1);

  test('FP-30: an error inside the stream ends it, with the usage before it', () => {
    const parts = decode([
      chunk({ content: 'a' }),
      {
        ...chunk({ content: '' }),
        error: { code: 400, message: 'Token limit reached' },
        usage: { prompt_tokens: 1, completion_tokens: 2 },
      },
      '[DONE]',
    ]);
    expect(parts.map(({ type }) => type)).toEqual(['start', 'part-start', 'text-delta', 'usage', 'error']);
    expect(last(parts)).toMatchObject({ error: { status: 400, message: 'Token limit reached' } });
  });

  test('a named error event, and one that is text', () => {
    const parts: StreamPart[] = [];
    openaiChat.stream.decoder().push({ event: 'error', data: '{"message":"busy","code":503}' }, (part) => void parts.push(part));
    expect(parts).toMatchObject([{ type: 'error', error: { message: 'busy', code: 'unavailable' } }]);
    expect(last(decode([{ error: 'plain' }]))).toMatchObject({ type: 'error', error: { message: 'plain' } });
  });

  test('a stream without its end is interrupted, not complete', () => {
    expect(last(decode([chunk({ content: 'a' })]))).toMatchObject({ type: 'error', error: { code: 'stream_interrupted' } });
    expect(last(decode([]))).toMatchObject({ type: 'error', error: { code: 'stream_interrupted' } });
  });

  test('an end without an answer is none', () => {
    expect(last(decode(['[DONE]']))).toMatchObject({ type: 'error', error: { code: 'invalid_response' } });
  });

  test('what is no JSON is an error, and nothing comes after it', () => {
    const parts = decode([chunk({ content: 'a' }), '{"id":', chunk({ content: 'b' }), '[DONE]']);
    expect(last(parts)).toMatchObject({ type: 'error', error: { code: 'invalid_response' } });
  });
});
