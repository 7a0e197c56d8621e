import { describe, expect, test } from 'bun:test';
import { SluiceError, type ChatRequest, type JsonObject, type Part, type StreamPart } from '../../types/index.ts';
import { encode, streamed } from './fixtures/context.ts';
import { openaiChat } from './index.ts';

type Chunk = JsonObject & { choices: { index: number; delta: JsonObject; finish_reason: string | null }[] };

/** The chunks that a stream of parts becomes; the end mark is checked on the way. */
const chunks = (parts: StreamPart[], given?: Partial<ChatRequest>): Chunk[] => {
  const events = encode(parts, given);
  expect(events.filter(({ data }) => data === '[DONE]')).toHaveLength(1);
  expect(events.at(-1)).toEqual({ data: '[DONE]' });
  return events.slice(0, -1).map(({ data }) => JSON.parse(data) as Chunk);
};

const start: StreamPart = { type: 'start', id: 'msg_1', model: 'claude', createdAt: 7 };
const end: StreamPart = { type: 'end' };
const finish = (reason: Extract<StreamPart, { type: 'finish' }>['reason'] = 'stop', candidate = 0): StreamPart => ({
  type: 'finish',
  candidate,
  reason,
});
const open = (index: number, part: Part): StreamPart => ({ type: 'part-start', candidate: 0, index, part });
const close = (index: number): StreamPart => ({ type: 'part-end', candidate: 0, index });
const text = (index: number, value: string): StreamPart => ({ type: 'text-delta', candidate: 0, index, text: value });
const args = (index: number, value: string): StreamPart => ({ type: 'arguments-delta', candidate: 0, index, text: value });
const call = (id: string, more: Partial<Extract<Part, { type: 'tool-call' }>> = {}): Part => ({
  type: 'tool-call',
  kind: 'function',
  id,
  name: 'f',
  arguments: '',
  ...more,
});
const deltas = (list: Chunk[]): JsonObject[] => list.flatMap(({ choices }) => choices.map(({ delta }) => delta));

describe("FP-19, FP-71: the rules of OpenAI's SDKs", () => {
  test('a text', () => {
    const common = { id: 'msg_1', object: 'chat.completion.chunk', created: 7, model: 'claude' };
    const choice = (delta: JsonObject, reason: string | null = null) => ({
      ...common,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }],
    });
    expect(chunks([start, open(0, { type: 'text', text: '' }), text(0, 'Hel'), text(0, 'lo'), close(0), finish('length'), end])).toEqual([
      choice({ role: 'assistant', content: '' }),
      choice({ content: 'Hel' }),
      choice({ content: 'lo' }),
      choice({}, 'length'),
    ]);
  });

  test('parallel calls: an index each, id and name once, arguments that join', () => {
    const parts = [
      start,
      open(0, { type: 'text', text: '' }),
      text(0, 'hm'),
      close(0),
      open(1, call('a')),
      open(2, call('b')),
      args(2, '{"y"'),
      args(1, '{}'),
      args(2, ':1}'),
      close(1),
      close(2),
      finish('tool-calls'),
      end,
    ];
    expect(deltas(chunks(parts)).flatMap((delta) => (delta['tool_calls'] as JsonObject[] | undefined) ?? [])).toEqual([
      { index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '' } },
      { index: 1, id: 'b', type: 'function', function: { name: 'f', arguments: '' } },
      { index: 1, function: { arguments: '{"y"' } },
      { index: 0, function: { arguments: '{}' } },
      { index: 1, function: { arguments: ':1}' } },
    ]);
  });

  test('a call that got no arguments gets an empty object; a custom one does not', () => {
    const list = chunks([start, open(0, call('a')), close(0), open(1, call('b', { kind: 'custom' })), close(1), finish('tool-calls'), end]);
    expect(deltas(list)).toEqual([
      { role: 'assistant', content: null },
      { tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{}' } }] },
      { tool_calls: [{ index: 1, id: 'b', type: 'custom', custom: { name: 'f', input: '' } }] },
      {},
    ]);
  });

  test('usage in a chunk without choices, only where it was asked for, once', () => {
    const usage = (outputTokens: number): StreamPart => ({ type: 'usage', usage: { inputTokens: 1, outputTokens } });
    const parts = [start, usage(0), open(0, { type: 'text', text: '' }), text(0, 'a'), close(0), usage(2), finish(), end];
    const asked = chunks(parts, { includeUsage: true });
    expect(asked.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } });
    expect(asked.slice(0, -1).every((each) => each['usage'] === null && each.choices.length === 1)).toBe(true);
    expect(chunks(parts).some((each) => 'usage' in each || each.choices.length === 0)).toBe(false);
  });

  test('the role once a choice, also of an empty answer', () => {
    const other = (part: StreamPart): StreamPart => ({ ...part, candidate: 1 }) as StreamPart;
    const list = chunks([
      start,
      open(0, { type: 'text', text: '' }),
      other(open(0, { type: 'text', text: '' })),
      text(0, 'a'),
      close(0),
      other(close(0)),
      finish(),
      finish('stop', 1),
      finish('content-filter', 2),
      end,
    ]);
    const roles = list.flatMap(({ choices }) => choices.filter(({ delta }) => 'role' in delta).map(({ index }) => index));
    expect(roles).toEqual([0, 1, 2]);
    const reasons = list.flatMap(({ choices }) =>
      choices.filter((choice) => choice.finish_reason !== null).map((choice) => [choice.index, choice.finish_reason]),
    );
    expect(reasons).toEqual([
      [0, 'stop'],
      [1, 'stop'],
      [2, 'content_filter'],
    ]);
  });

  test('what the provider leaves out is filled in, the same in every chunk', () => {
    const list = chunks([{ type: 'start' }, open(0, { type: 'text', text: '' }), text(0, 'a'), close(0), finish(), end]);
    for (const each of list) expect(each).toMatchObject({ id: 'chatcmpl-new', created: 1_700_000_000, model: 'asked-model' });
  });

  test('an error is an event of its own, and no end mark follows', () => {
    const encoder = openaiChat.stream.encoder({
      model: 'm',
      request: { model: 'm', messages: [], stream: true, unknown: {} },
      newId: (prefix) => prefix,
      now: () => 0,
    });
    const error = new SluiceError('overloaded', 'Busy.', { upstream: { type: 'overloaded_error' } });
    expect(encoder.push({ type: 'error', error })).toEqual(openaiChat.errors.toEvents(error));
    expect(JSON.parse(openaiChat.errors.toEvents(error)[0]!.data)).toEqual({
      error: { message: 'Busy.', type: 'overloaded_error', param: null, code: 'overloaded' },
    });
  });
});

describe('what OpenAI has no word for', () => {
  test('FP-16: thoughts as text, and as a block once their signature is known', () => {
    const think = (index: number, value: string, newParagraph?: boolean): StreamPart => ({
      type: 'thinking-delta',
      candidate: 0,
      index,
      text: value,
      ...(newParagraph && { newParagraph }),
    });
    const sign = (index: number, origin: string, value: string): StreamPart => ({
      type: 'signature-delta',
      candidate: 0,
      index,
      signature: { origin, value },
    });
    const thinking: Part = { type: 'thinking', text: '' };
    const list = deltas(
      chunks([
        start,
        open(0, thinking),
        think(0, 'o'),
        think(0, 'ne'),
        sign(0, 'anthropic', 's'),
        sign(0, 'anthropic', 'ig'),
        close(0),
        open(1, { ...thinking, redacted: { origin: 'anthropic', value: 'r' } }),
        close(1),
        open(2, thinking),
        think(2, 'p1', true),
        think(2, 'p2', true),
        sign(2, 'openai', 'enc'),
        close(2),
        finish(),
        end,
      ]),
    );
    expect(list.slice(1, -1)).toEqual([
      { reasoning_content: 'o' },
      { reasoning_content: 'ne' },
      // In one delta: OpenAI's own helper puts the last one in the place of those before it.
      {
        thinking_blocks: [
          { type: 'thinking', thinking: 'one', signature: 'sig', index: 0 },
          { type: 'redacted_thinking', data: 'r', index: 1 },
        ],
      },
      { reasoning_content: 'p1' },
      { reasoning_content: '\n\np2' },
      { thinking_blocks: [{ type: 'thinking', thinking: 'p1\n\np2', signature: expect.stringMatching(/^slc1-/), index: 2 }] },
    ]);
  });

  test("OpenRouter's details as they were", () => {
    const details = [{ type: 'reasoning.encrypted', data: 'x' }];
    const list = chunks([
      start,
      open(0, { type: 'thinking', text: '' }),
      { type: 'signature-delta', candidate: 0, index: 0, signature: { origin: 'openrouter', value: JSON.stringify(details) } },
      close(0),
      finish(),
      end,
    ]);
    expect(deltas(list)[1]).toEqual({ reasoning_details: details });
  });

  test('FP-17: signatures of calls, in the id and beside it; late ones beside it', () => {
    const signature = { origin: 'google', value: 'g' };
    const list = deltas(
      chunks([
        start,
        open(0, call('a', { signature })),
        args(0, '{}'),
        close(0),
        open(1, call('b')),
        { type: 'signature-delta', candidate: 0, index: 1, signature },
        args(1, '{}'),
        close(1),
        finish('tool-calls'),
        end,
      ]),
    );
    const extra = { extra_content: { google: { thought_signature: 'g' } } };
    expect(list[1]).toEqual({
      tool_calls: [
        { index: 0, id: expect.stringMatching(/^a__thought__slc1-/), type: 'function', function: { name: 'f', arguments: '' }, ...extra },
      ],
    });
    expect(list).toContainEqual({ tool_calls: [{ index: 1, ...extra }] });
  });

  test('citations, images, audio, shown blocks, refusals', () => {
    const citation: StreamPart = { type: 'citation-delta', candidate: 0, index: 1, citation: { kind: 'url', url: 'https://a.test' } };
    const list = deltas(
      chunks([
        start,
        open(0, { type: 'opaque', origin: 'anthropic', value: {}, text: 'abc' }),
        close(0),
        open(1, { type: 'text', text: '' }),
        text(1, 'de'),
        citation,
        close(1),
        open(2, { type: 'image', source: { kind: 'url', url: 'https://a.test/b.png' } }),
        close(2),
        open(3, { type: 'audio', id: 'audio_1' }),
        { type: 'audio-delta', candidate: 0, index: 3, transcript: 'hey' },
        { type: 'part-end', candidate: 0, index: 3, patch: { expiresAt: 9 } },
        open(4, { type: 'refusal', text: '' }),
        text(4, 'no'),
        close(4),
        finish(),
        end,
      ]),
    );
    expect(list.slice(1, -1)).toEqual([
      { content: 'abc' },
      { content: 'de' },
      {
        annotations: [
          { type: 'url_citation', url_citation: { start_index: 3, end_index: 5, url: 'https://a.test', title: 'https://a.test' } },
        ],
      },
      { images: [{ type: 'image_url', image_url: { url: 'https://a.test/b.png' }, index: 0 }] },
      { audio: { id: 'audio_1', transcript: '' } },
      { audio: { transcript: 'hey' } },
      { audio: { expires_at: 9 } },
      { refusal: 'no' },
    ]);
  });

  test("a vendor's own members come with the finish reason", () => {
    const list = chunks([
      start,
      { type: 'extra', protocol: 'openai-chat', value: { citations: ['https://a.test'] }, serviceTier: 'flex' },
      { type: 'extra', protocol: 'gemini', value: { x: 1 } },
      finish(),
      end,
    ]);
    expect(list.at(-1)).toMatchObject({ citations: ['https://a.test'], service_tier: 'flex' });
    expect(JSON.stringify(list)).not.toContain('"x"');
  });

  test('log probabilities of a whole answer come with its end', () => {
    const events = streamed({
      id: 'a',
      model: 'm',
      candidates: [{ index: 0, content: [{ type: 'text', text: 'a' }], finishReason: 'stop', logprobs: { content: [1] } }],
    });
    expect(JSON.parse(events.at(-2)!.data)).toMatchObject({ choices: [{ logprobs: { content: [1] }, finish_reason: 'stop' }] });
  });
});
