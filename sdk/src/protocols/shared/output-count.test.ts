import { describe, expect, test } from 'bun:test';
import { estimateTokens } from '../../lib/estimate-tokens.ts';
import { anthropicMessages, bedrockConverse, cohereChat, gemini, ollamaChat, openaiChat, openaiResponses } from '../index.ts';
import { OutputCount } from './output-count.ts';

const words = 'The quick brown fox "jumps" over\nthe lazy dog, again and again. ';

describe('output is counted in place (FP-3, FP-14)', () => {
  test('texts by their length, whatever is escaped in them', () => {
    for (const text of [words, '你好，世界', 'a\\b"c"', '"content":"no"', '']) {
      const count = new OutputCount(['content']);
      count.see(JSON.stringify({ choices: [{ delta: { role: 'assistant', content: text } }] }));
      expect(count.tokens).toBe(estimateTokens(text));
    }
  });

  test('escaped characters count as what they are', () => {
    const count = new OutputCount(['content']);
    count.see('{"content" : "\\u4f60\\u597d\\u00e9\\u00e8"}');
    expect(count.tokens).toBe(3);
  });

  test('a name that is a value, or stands in a text, is none; an object counts as it is written', () => {
    const count = new OutputCount(['text', 'args']);
    count.see('{"type":"text","said":"\\"text\\":\\"nothing\\""}');
    expect(count.tokens).toBe(0);
    count.see('{"functionCall":{"name":"f","args":{"city":"Paris","of":{"x":1}}}}');
    expect(count.tokens).toBeGreaterThan(5);
    count.counted();
    expect(count.tokens).toBe(0);
  });

  test('an event that is cut off ends it, and throws nothing', () => {
    const count = new OutputCount(['text', 'args']);
    for (const data of ['{"text":"abcd', '{"text":"\\', '{"text":', '{"args":{"a":', '"text"', '']) count.see(data);
    expect(count.tokens).toBeGreaterThan(0);
  });
});

const said = {
  openai: openaiChat,
  responses: openaiResponses,
  anthropic: anthropicMessages,
  gemini,
  converse: bedrockConverse,
  cohere: cohereChat,
  ollama: ollamaChat,
};
type Format = keyof typeof said;

/** One event of text, one of thought, one of a call's arguments, and what says the usage of all. */
const events: Readonly<Record<Format, { text: object; thought?: object; call?: object; usage: object; names?: readonly string[] }>> = {
  openai: {
    text: { choices: [{ index: 0, delta: { content: words } }] },
    thought: { choices: [{ index: 0, delta: { content: null, reasoning_content: words } }] },
    call: { choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { name: 'f', arguments: words } }] } }] },
    usage: { choices: [], usage: { prompt_tokens: 9, completion_tokens: 48, total_tokens: 57 } },
  },
  responses: {
    text: { type: 'response.output_text.delta', delta: words },
    thought: { type: 'response.reasoning_summary_text.delta', delta: words },
    call: { type: 'response.function_call_arguments.delta', delta: words },
    usage: { type: 'response.completed', response: { usage: { input_tokens: 9, output_tokens: 48, total_tokens: 57 } } },
  },
  anthropic: {
    text: { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: words } },
    thought: { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: words } },
    call: { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: words } },
    usage: { type: 'message_delta', delta: {}, usage: { input_tokens: 9, output_tokens: 48 } },
  },
  gemini: {
    text: { candidates: [{ content: { parts: [{ text: words }] } }] },
    thought: { candidates: [{ content: { parts: [{ text: words, thought: true }] } }] },
    call: { candidates: [{ content: { parts: [{ functionCall: { name: 'f', args: { said: words } } }] } }] },
    usage: {
      candidates: [{ finishReason: 'STOP' }],
      usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 48, totalTokenCount: 57 },
    },
  },
  converse: {
    text: { contentBlockIndex: 0, delta: { text: words } },
    thought: { contentBlockIndex: 0, delta: { reasoningContent: { text: words } } },
    call: { contentBlockIndex: 0, delta: { toolUse: { input: words } } },
    usage: { usage: { inputTokens: 9, outputTokens: 48, totalTokens: 57 } },
    names: ['contentBlockDelta', 'metadata'],
  },
  cohere: {
    text: { type: 'content-delta', delta: { message: { content: { text: words } } } },
    thought: { type: 'content-delta', delta: { message: { content: { thinking: words } } } },
    call: { type: 'tool-call-delta', delta: { message: { tool_calls: { function: { arguments: words } } } } },
    usage: { type: 'message-end', delta: { usage: { tokens: { input_tokens: 9, output_tokens: 48 } } } },
  },
  ollama: {
    text: { model: 'm', message: { content: words }, done: false },
    thought: { model: 'm', message: { content: '', thinking: words }, done: false },
    call: { model: 'm', message: { content: '', tool_calls: [{ function: { name: 'f', arguments: { said: words } } }] }, done: false },
    usage: { model: 'm', message: { content: '' }, done: true, prompt_eval_count: 9, eval_count: 48 },
  },
};

describe.each(Object.keys(said) as Format[])('the tap of %s', (format) => {
  const { text, thought, call, usage, names = [] } = events[format];
  const named = (event: object, name = (event as { type?: string }).type) => ({
    data: JSON.stringify(event),
    ...(name !== undefined && { event: name }),
  });
  const tapped = (...list: object[]) => {
    const tap = said[format].stream.tap();
    for (const each of list) tap.push(named(each, each === usage ? (names[1] ?? undefined) : (names[0] ?? undefined)));
    return tap;
  };

  test('counts texts, thoughts and arguments until the provider does', () => {
    const one = estimateTokens(words);
    expect(tapped(text).uncounted).toBe(one);
    expect(tapped(text, text, text).uncounted).toBeGreaterThanOrEqual(3 * one - 2);
    for (const each of [thought, call]) if (each) expect(tapped(each).uncounted).toBeGreaterThanOrEqual(one);
    const tap = tapped(text, ...(thought ? [thought] : []), ...(call ? [call] : []), usage);
    expect(tap.uncounted).toBe(0);
    expect(tap.usage?.outputTokens).toBe(48);
    expect(tapped(usage, text).uncounted).toBe(one);
  });
});
