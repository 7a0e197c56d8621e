import { describe, expect, test } from 'bun:test';
import { SluiceError, type ChatResult, type JsonObject, type Part } from '../../types/index.ts';
import { answer, answerContext } from './fixtures/context.ts';
import { openaiChat } from './index.ts';

const content = (message: JsonObject, more?: JsonObject): Part[] =>
  openaiChat.response.fromWire(answer(message, more)).candidates[0]!.content;
const finish = (message: JsonObject, reason: unknown) => {
  const { finishReason, rawFinishReason } = openaiChat.response.fromWire(answer(message, { finish_reason: reason })).candidates[0]!;
  return [finishReason, rawFinishReason];
};
const call = (more: JsonObject = {}): JsonObject => ({
  id: 'call_1',
  type: 'function',
  function: { name: 'f', arguments: '{"a":1}' },
  ...more,
});

describe('reading an answer', () => {
  test('what OpenAI sends', () => {
    const usage = { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 };
    const body = {
      ...answer({ content: 'hi', refusal: null, annotations: [] }, { logprobs: null }),
      usage,
      service_tier: 'default',
      system_fingerprint: 'fp',
    };
    expect(openaiChat.response.fromWire(body)).toEqual({
      id: 'chatcmpl-1',
      model: 'm-1',
      createdAt: 7,
      candidates: [{ index: 0, content: [{ type: 'text', text: 'hi' }], finishReason: 'stop', rawFinishReason: 'stop' }],
      usage: { inputTokens: 5, outputTokens: 3, serviceTier: 'default', raw: usage },
      serviceTier: 'default',
      systemFingerprint: 'fp',
    });
    expect(openaiChat.response.usage(body)).toEqual({ inputTokens: 5, outputTokens: 3, serviceTier: 'default', raw: usage });
  });

  test('a refusal is no text', () => {
    expect(content({ content: null, refusal: 'no' })).toEqual([{ type: 'refusal', text: 'no' }]);
  });

  test('thoughts, wherever the vendor has them', () => {
    const thought = [
      { type: 'thinking', text: 'hm' },
      { type: 'text', text: 'a' },
    ] as Part[];
    expect(content({ content: 'a', reasoning_content: 'hm' })).toEqual(thought);
    expect(content({ content: 'a', reasoning: 'hm', reasoning_content: null })).toEqual(thought);
    expect(
      content({
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }], closed: true },
          { type: 'text', text: 'a' },
        ],
      }),
    ).toEqual(thought);
    expect(
      content({ content: 'a', reasoning: 'hm', reasoning_details: [{ type: 'reasoning.text', text: 'hm', format: 'unknown' }] }),
    ).toEqual(thought);
  });

  test('FP-16: what is opaque in them', () => {
    const details = [
      { type: 'reasoning.text', text: 'hm', signature: 's', index: 0 },
      { type: 'reasoning.encrypted', data: 'x' },
    ];
    expect(content({ content: null, reasoning: 'hm', reasoning_details: details })).toEqual([
      { type: 'thinking', text: 'hm', signature: { origin: 'openrouter', value: JSON.stringify(details) } },
    ]);
    expect(
      content({
        content: 'a',
        reasoning_content: 'hm',
        thinking_blocks: [
          { type: 'thinking', thinking: 'hm', signature: 's' },
          { type: 'redacted_thinking', data: 'r' },
        ],
      }),
    ).toEqual([
      { type: 'thinking', text: 'hm', signature: { origin: 'anthropic', value: 's' } },
      { type: 'thinking', text: '', redacted: { origin: 'anthropic', value: 'r' } },
      { type: 'text', text: 'a' },
    ]);
  });

  test('calls: functions, custom tools, the old form', () => {
    expect(content({ content: null, tool_calls: [call(), { id: 'call_2', type: 'custom', custom: { name: 'c', input: 'x' } }] })).toEqual([
      { type: 'tool-call', kind: 'function', id: 'call_1', name: 'f', arguments: '{"a":1}' },
      { type: 'tool-call', kind: 'custom', id: 'call_2', name: 'c', arguments: 'x' },
    ]);
    expect(content({ content: null, function_call: { name: 'f', arguments: '{}' } })).toEqual([
      { type: 'tool-call', kind: 'function', id: 'call_chatcmpl1_0', name: 'f', arguments: '{}' },
    ]);
  });

  test('calls that share an id are told apart', () => {
    expect(content({ content: null, tool_calls: [call(), call()] })).toMatchObject([{ id: 'call_1' }, { id: 'call_1_2' }]);
  });

  test('calls without ids get ones that are stable and different', () => {
    const ids = (body: JsonObject) =>
      openaiChat.response
        .fromWire(body)
        .candidates.flatMap((each) => each.content.map((part) => (part.type === 'tool-call' ? part.id : '')));
    const message = { role: 'assistant', content: null, tool_calls: [call({ id: '' }), call({ id: undefined })] };
    const body = {
      ...answer({}),
      choices: [
        { index: 0, message },
        { index: 1, message },
      ],
    };
    expect(ids(body)).toEqual(['call_chatcmpl1_0', 'call_chatcmpl1_1', 'call_chatcmpl1_0_1', 'call_chatcmpl1_1_1']);
    expect(new Set([...ids({ ...body, id: '' }), ...ids({ ...body, id: '' })]).size).toBe(8);
  });

  test('FP-17: Gemini signs the call, or the message that has it, or its text', () => {
    const signed = { extra_content: { google: { thought_signature: 'g' } } };
    const signature = { origin: 'google', value: 'g' };
    expect(content({ content: null, tool_calls: [call(signed)] })).toMatchObject([{ signature }]);
    expect(content({ content: null, tool_calls: [call({ provider_specific_fields: { thought_signature: 'g' } })] })).toMatchObject([
      { signature },
    ]);
    expect(content({ content: null, tool_calls: [call(), call()], ...signed })).toMatchObject([{ signature }, {}]);
    expect(content({ content: 'a', ...signed })).toEqual([{ type: 'text', text: 'a', signature }]);
  });

  test('the empty members of Snowflake are nothing', () => {
    const empty = {
      annotations: null,
      audio: { data: '', expires_at: 0, id: '', transcript: '' },
      function_call: { arguments: '', name: '' },
      refusal: '',
      tool_calls: null,
    };
    expect(content({ content: 'a', ...empty })).toEqual([{ type: 'text', text: 'a' }]);
    expect(content({ content: null, ...empty, tool_calls: [call({ custom: { name: '', input: '' } })] })).toMatchObject([
      { kind: 'function', name: 'f' },
    ]);
  });

  test('audio and images', () => {
    expect(content({ content: null, audio: { id: 'audio_1', data: 'AA', expires_at: 9, transcript: 'hey' } })).toEqual([
      { type: 'audio', id: 'audio_1', source: { kind: 'base64', data: 'AA', mediaType: 'audio/wav' }, transcript: 'hey', expiresAt: 9 },
    ]);
    expect(content({ content: '', images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA' }, index: 0 }] })).toEqual([
      { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AA' } },
    ]);
  });

  test('citations: annotations, references, sources at the top', () => {
    const cited = (parts: Part[]) => (parts[0]?.type === 'text' ? parts[0].citations : undefined);
    const url = { type: 'url_citation', url_citation: { url: 'https://a.test', title: 'A', start_index: 1, end_index: 2 } };
    expect(cited(content({ content: 'a', annotations: [url] }))).toEqual([
      { kind: 'url', url: 'https://a.test', title: 'A', startIndex: 1, endIndex: 2 },
    ]);
    const file = { type: 'file', file: { hash: 'h', name: 'a.pdf' } };
    expect(cited(content({ content: 'a', annotations: [file] }))).toEqual([
      { kind: 'document', title: 'a.pdf', raw: { origin: 'openai-chat', value: file } },
    ]);
    const reference = { type: 'reference', reference_ids: [1] };
    expect(cited(content({ content: [{ type: 'text', text: 'a' }, reference] }))).toEqual([
      { kind: 'document', raw: { origin: 'mistral', value: reference } },
    ]);

    const top = { citations: ['https://a.test'], search_results: [{ title: 'A', url: 'https://a.test', snippet: 's', date: null }] };
    const result = openaiChat.response.fromWire({ ...answer({ content: 'a[1]' }), ...top });
    expect(cited(result.candidates[0]!.content)).toEqual([{ kind: 'url', url: 'https://a.test', title: 'A', citedText: 's' }]);
    expect(result.extra).toEqual({ 'openai-chat': top });
    expect(
      cited(openaiChat.response.fromWire({ ...answer({ content: 'a[1]' }), citations: top.citations }).candidates[0]!.content),
    ).toEqual([{ kind: 'url', url: 'https://a.test' }]);
  });

  test.each([
    ['stop', 'stop'],
    ['eos', 'stop'],
    ['COMPLETE', 'stop'],
    ['stop_sequence', 'stop-sequence'],
    ['max_tokens', 'length'],
    ['MAX_TOKENS', 'length'],
    ['model_length', 'context-window'],
    ['content_filter', 'content-filter'],
    ['SAFETY', 'content-filter'],
    ['MALFORMED_FUNCTION_CALL', 'malformed-tool-call'],
    ['insufficient_system_resource', 'error'],
    ['something new', 'other'],
  ])('finish reason %s', (word, reason) => {
    expect(finish({ content: 'a' }, word)).toEqual([reason, word]);
  });

  test('FP-19: an answer with calls ends for them, whatever the vendor says', () => {
    const calls = { content: null, tool_calls: [call()] };
    expect(finish(calls, 'stop')).toEqual(['tool-calls', 'stop']);
    expect(finish(calls, '')).toEqual(['tool-calls', undefined]);
    expect(finish(calls, 'length')).toEqual(['length', 'length']);
    expect(finish({ content: 'a' }, null)).toEqual(['stop', undefined]);
  });

  test('hints: the forced tool is the text, aliases and wrapped tools get their names back', () => {
    const body = answer(
      { content: null, tool_calls: [call({ function: { name: 'json_tool_call', arguments: '{"x":1}' } })] },
      { finish_reason: 'tool_calls' },
    );
    expect(openaiChat.response.fromWire(body, { jsonToolName: 'json_tool_call' }).candidates[0]).toMatchObject({
      content: [{ type: 'text', text: '{"x":1}' }],
      finishReason: 'stop',
    });
    const named = answer({ content: null, tool_calls: [call({ function: { name: 'short', arguments: '{"input":"free text"}' } })] });
    expect(openaiChat.response.fromWire(named, { toolNames: { short: 'long' }, customTools: ['long'] }).candidates[0]!.content).toEqual([
      { type: 'tool-call', kind: 'custom', id: 'call_1', name: 'long', arguments: 'free text' },
    ]);
  });

  test('Groq: usage has a place of its own, and is no extra', () => {
    const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
    const result = openaiChat.response.fromWire({ ...answer({ content: 'a' }), x_groq: { id: 'req', usage } });
    expect(result.usage).toMatchObject({ inputTokens: 1, outputTokens: 2 });
    expect(result.extra).toEqual({ 'openai-chat': { x_groq: { id: 'req' } } });
  });
});

describe('what is no answer', () => {
  const failure = (body: JsonObject): SluiceError => {
    try {
      openaiChat.response.fromWire(body);
    } catch (error) {
      if (SluiceError.is(error)) return error;
    }
    throw new Error('did not throw a SluiceError');
  };

  test('FP-33: an error inside a 200 is an error', () => {
    expect(failure({ error: { message: 'Filtered.', code: 'content_filter', status: 400, param: 'prompt' } })).toMatchObject({
      code: 'content_policy_violation',
      status: 400,
      message: 'Filtered.',
      param: 'prompt',
    });
    expect(failure({ error: { code: 429, message: 'Provider returned error', metadata: { raw: 'Slow down.' } } })).toMatchObject({
      code: 'rate_limited',
      status: 429,
      message: 'Provider returned error: Slow down.',
    });
    expect(failure({ choices: [{ error: { code: 502, message: 'Upstream died.' } }] })).toMatchObject({ code: 'bad_gateway', status: 502 });
    expect(failure({ error: 'plain' })).toMatchObject({ status: 502, message: 'plain' });
  });

  test('anything else is no answer', () => {
    expect(failure({ object: 'list' }).code).toBe('invalid_response');
  });
});

describe('writing an answer', () => {
  const result = (...parts: Part[]): ChatResult => ({
    id: '',
    model: '',
    candidates: [{ index: 0, content: parts, finishReason: 'stop' }],
  });
  const message = (...parts: Part[]): JsonObject => {
    const body = openaiChat.response.toWire(result(...parts), answerContext());
    return (body['choices'] as { message: JsonObject }[])[0]!.message;
  };

  test('what a foreign provider leaves out is filled in', () => {
    expect(
      openaiChat.response.toWire({ ...result({ type: 'text', text: 'hi' }), usage: { inputTokens: 1, outputTokens: 2 } }, answerContext()),
    ).toEqual({
      id: 'chatcmpl-new',
      object: 'chat.completion',
      created: 1_700_000_000,
      model: 'asked-model',
      choices: [{ index: 0, message: { role: 'assistant', content: 'hi', refusal: null }, logprobs: null, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    });
  });

  test('texts are joined; without any the content is null', () => {
    expect(message({ type: 'text', text: 'a' }, { type: 'text', text: 'b' })['content']).toBe('ab');
    expect(message()['content']).toBeNull();
    expect(
      message({ type: 'opaque', origin: 'anthropic', value: {}, text: 'shown' }, { type: 'opaque', origin: 'anthropic', value: {} })[
        'content'
      ],
    ).toBe('shown');
  });

  test('FP-16, FP-17: thoughts and calls with what belongs to their families', () => {
    const google = { origin: 'google', value: 'g' };
    const wire = message(
      { type: 'thinking', text: 'one', signature: { origin: 'anthropic', value: 's' } },
      { type: 'thinking', text: '', redacted: { origin: 'anthropic', value: 'r' } },
      { type: 'thinking', text: 'two', signature: { origin: 'openai', value: 'enc' }, id: 'rs_1' },
      { type: 'tool-call', kind: 'function', id: 'call_1', name: 'f', arguments: '', signature: google },
    );
    const sent = structuredClone(wire);
    expect(wire).toMatchObject({
      content: null,
      reasoning_content: 'onetwo',
      thinking_blocks: [
        { type: 'thinking', thinking: 'one', signature: 's' },
        { type: 'redacted_thinking', data: 'r' },
        { type: 'thinking', thinking: 'two', signature: expect.stringMatching(/^slc1-/) },
      ],
      tool_calls: [
        {
          id: expect.stringMatching(/^call_1__thought__slc1-/),
          type: 'function',
          function: { name: 'f', arguments: '{}' },
          extra_content: { google: { thought_signature: 'g' } },
        },
      ],
    });
    // A copy: matching against patterns puts them into what is matched.
    const { messages } = openaiChat.request.fromWire({ model: 'm', messages: [sent] });
    expect(messages[0]!.content.map(({ extra: _extra, ...part }) => part)).toEqual([
      { type: 'thinking', text: 'one', signature: { origin: 'anthropic', value: 's' } },
      { type: 'thinking', text: '', redacted: { origin: 'anthropic', value: 'r' } },
      { type: 'thinking', text: 'two', signature: { origin: 'openai', value: 'enc' }, id: 'rs_1' },
      { type: 'tool-call', kind: 'function', id: 'call_1', name: 'f', arguments: '{}', signature: google },
    ]);
  });

  test('plain thoughts need no blocks', () => {
    expect(message({ type: 'thinking', text: 'hm' }, { type: 'text', text: 'a' })).toEqual({
      role: 'assistant',
      content: 'a',
      refusal: null,
      reasoning_content: 'hm',
    });
  });

  test('citations become annotations over the text that they are of', () => {
    expect(
      message(
        { type: 'text', text: 'abc' },
        {
          type: 'text',
          text: 'de',
          citations: [
            { kind: 'url', url: 'https://a.test' },
            { kind: 'url', url: 'https://b.test', title: 'B', startIndex: 0, endIndex: 1 },
            { kind: 'document', title: 'x' },
          ],
        },
      )['annotations'],
    ).toEqual([
      { type: 'url_citation', url_citation: { start_index: 3, end_index: 5, url: 'https://a.test', title: 'https://a.test' } },
      { type: 'url_citation', url_citation: { start_index: 0, end_index: 1, url: 'https://b.test', title: 'B' } },
    ]);
    const raw = { type: 'char_location', cited_text: 'x' };
    expect(message({ type: 'text', text: 'a', citations: [{ kind: 'document', raw: { origin: 'anthropic', value: raw } }] })).toMatchObject(
      {
        provider_specific_fields: { citations: [raw] },
      },
    );
  });

  test('images, audio, a refusal, a signed text', () => {
    expect(message({ type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AA' } })['images']).toEqual([
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' }, index: 0 },
    ]);
    expect(message({ type: 'audio', source: { kind: 'base64', mediaType: 'audio/wav', data: 'AA' } })['audio']).toEqual({
      id: 'audio_new',
      data: 'AA',
      expires_at: 1_700_000_000,
      transcript: '',
    });
    expect(message({ type: 'refusal', text: 'no' })).toMatchObject({ content: null, refusal: 'no' });
    expect(message({ type: 'text', text: 'a', signature: { origin: 'google', value: 'g' } })).toMatchObject({
      extra_content: { google: { thought_signature: 'g' } },
    });
  });

  test("a vendor's own members come back to a client of this format", () => {
    const body = openaiChat.response.toWire(
      { ...result(), extra: { 'openai-chat': { provider: 'x', id: 'not this' }, gemini: { y: 1 } } },
      answerContext(),
    );
    expect(body).toMatchObject({ provider: 'x', id: 'chatcmpl-new' });
    expect(body).not.toHaveProperty('y');
  });
});
