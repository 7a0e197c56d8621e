import type { WireFormat } from '../wire-formats.ts';

/* Made by hand after the vendors' documents: what the readers are tested with. */

export const sse = (...events: (string | object)[]) =>
  events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('');
const named = (...events: { type: string; [member: string]: unknown }[]) =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');

/** The same small answer in every format, whole and streamed: a thought, a text, a call, usage. */
export const call = { name: 'add', arguments: { a: 1 } };
export const told: Record<WireFormat, { whole: string; stream: string }> = {
  'openai-chat': {
    whole: JSON.stringify({
      id: 'c1',
      object: 'chat.completion',
      model: 'm',
      choices: [
        {
          index: 0,
          finish_reason: 'tool_calls',
          message: {
            role: 'assistant',
            content: 'Hi.',
            reasoning_content: 'Hm.',
            tool_calls: [{ id: 't1', type: 'function', function: { name: 'add', arguments: '{"a":1}' } }],
          },
        },
      ],
      usage: {
        prompt_tokens: 10,
        completion_tokens: 7,
        prompt_tokens_details: { cached_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 3 },
      },
    }),
    stream: sse(
      {
        id: 'c1',
        object: 'chat.completion.chunk',
        model: 'm',
        choices: [{ index: 0, delta: { role: 'assistant', reasoning_content: 'Hm.' } }],
      },
      { id: 'c1', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: 'Hi.' } }] },
      {
        id: 'c1',
        object: 'chat.completion.chunk',
        choices: [{ index: 0, delta: { tool_calls: [{ index: 0, id: 't1', function: { name: 'add', arguments: '{"a"' } }] } }],
      },
      {
        id: 'c1',
        object: 'chat.completion.chunk',
        choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: ':1}' } }] } }],
      },
      { id: 'c1', object: 'chat.completion.chunk', choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
      {
        id: 'c1',
        object: 'chat.completion.chunk',
        choices: [],
        usage: {
          prompt_tokens: 10,
          completion_tokens: 7,
          prompt_tokens_details: { cached_tokens: 4 },
          completion_tokens_details: { reasoning_tokens: 3 },
        },
      },
      '[DONE]',
    ),
  },
  'openai-completions': {
    whole: JSON.stringify({
      id: 'c1',
      model: 'm',
      choices: [{ index: 0, text: 'Hi.', finish_reason: 'stop' }],
      usage: { prompt_tokens: 10, completion_tokens: 7 },
    }),
    stream: sse(
      { id: 'c1', model: 'm', choices: [{ index: 0, text: 'H' }] },
      { id: 'c1', choices: [{ index: 0, text: 'i.', finish_reason: 'stop' }] },
      { id: 'c1', choices: [], usage: { prompt_tokens: 10, completion_tokens: 7 } },
      '[DONE]',
    ),
  },
  'openai-responses': {
    whole: JSON.stringify({
      id: 'c1',
      object: 'response',
      model: 'm',
      status: 'completed',
      output: [
        { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }], encrypted_content: 'sig' },
        { type: 'message', content: [{ type: 'output_text', text: 'Hi.', annotations: [] }] },
        { type: 'function_call', call_id: 't1', name: 'add', arguments: '{"a":1}' },
      ],
      usage: {
        input_tokens: 10,
        output_tokens: 7,
        input_tokens_details: { cached_tokens: 4 },
        output_tokens_details: { reasoning_tokens: 3 },
      },
    }),
    stream: named(
      ...[
        { type: 'response.created', response: { id: 'c1', model: 'm' } },
        { type: 'response.output_item.added', output_index: 0, item: { type: 'reasoning', summary: [] } },
        { type: 'response.reasoning_summary_text.delta', output_index: 0, summary_index: 0, delta: 'Hm.' },
        {
          type: 'response.output_item.done',
          output_index: 0,
          item: { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }], encrypted_content: 'sig' },
        },
        { type: 'response.output_item.added', output_index: 1, item: { type: 'message', content: [] } },
        { type: 'response.output_text.delta', output_index: 1, content_index: 0, delta: 'Hi.' },
        { type: 'response.output_item.done', output_index: 1, item: { type: 'message', content: [{ type: 'output_text', text: 'Hi.' }] } },
        { type: 'response.output_item.added', output_index: 2, item: { type: 'function_call', call_id: 't1', name: 'add', arguments: '' } },
        { type: 'response.function_call_arguments.delta', output_index: 2, delta: '{"a":1}' },
        {
          type: 'response.output_item.done',
          output_index: 2,
          item: { type: 'function_call', call_id: 't1', name: 'add', arguments: '{"a":1}' },
        },
        {
          type: 'response.completed',
          response: {
            id: 'c1',
            model: 'm',
            status: 'completed',
            output: [
              { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }], encrypted_content: 'sig' },
              { type: 'message', content: [{ type: 'output_text', text: 'Hi.' }] },
              { type: 'function_call', call_id: 't1', name: 'add', arguments: '{"a":1}' },
            ],
            usage: {
              input_tokens: 10,
              output_tokens: 7,
              input_tokens_details: { cached_tokens: 4 },
              output_tokens_details: { reasoning_tokens: 3 },
            },
          },
        },
      ].map((event, sequence_number) => ({ ...event, sequence_number })),
    ),
  },
  'anthropic-messages': {
    whole: JSON.stringify({
      id: 'c1',
      type: 'message',
      role: 'assistant',
      model: 'm',
      stop_reason: 'tool_use',
      content: [
        { type: 'thinking', thinking: 'Hm.', signature: 'sig' },
        { type: 'text', text: 'Hi.' },
        { type: 'tool_use', id: 't1', name: 'add', input: { a: 1 } },
      ],
      usage: { input_tokens: 5, cache_creation_input_tokens: 1, cache_read_input_tokens: 4, output_tokens: 7 },
    }),
    stream: named(
      {
        type: 'message_start',
        message: { id: 'c1', model: 'm', usage: { input_tokens: 5, cache_creation_input_tokens: 1, cache_read_input_tokens: 4 } },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm.' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'sig' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'ping' },
      { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'Hi.' } },
      { type: 'content_block_stop', index: 1 },
      { type: 'content_block_start', index: 2, content_block: { type: 'tool_use', id: 't1', name: 'add', input: {} } },
      { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '{"a":' } },
      { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '1}' } },
      { type: 'content_block_stop', index: 2 },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 7 } },
      { type: 'message_stop' },
    ),
  },
  gemini: {
    whole: JSON.stringify({
      responseId: 'c1',
      modelVersion: 'm',
      candidates: [
        {
          finishReason: 'STOP',
          content: {
            parts: [
              { text: 'Hm.', thought: true },
              { text: 'Hi.' },
              { functionCall: { name: 'add', args: { a: 1 } }, thoughtSignature: 'sig' },
            ],
          },
        },
      ],
      usageMetadata: {
        promptTokenCount: 9,
        toolUsePromptTokenCount: 1,
        cachedContentTokenCount: 4,
        candidatesTokenCount: 4,
        thoughtsTokenCount: 3,
      },
    }),
    stream: sse(
      { responseId: 'c1', modelVersion: 'm', candidates: [{ content: { parts: [{ text: 'Hm.', thought: true }, { text: 'H' }] } }] },
      {
        candidates: [
          {
            finishReason: 'STOP',
            content: { parts: [{ text: 'i.' }, { functionCall: { name: 'add', args: { a: 1 } }, thoughtSignature: 'sig' }] },
          },
        ],
        usageMetadata: {
          promptTokenCount: 9,
          toolUsePromptTokenCount: 1,
          cachedContentTokenCount: 4,
          candidatesTokenCount: 4,
          thoughtsTokenCount: 3,
        },
      },
    ),
  },
  'bedrock-converse': {
    whole: JSON.stringify({
      output: {
        message: {
          role: 'assistant',
          content: [
            { reasoningContent: { reasoningText: { text: 'Hm.', signature: 'sig' } } },
            { text: 'Hi.' },
            { toolUse: { toolUseId: 't1', name: 'add', input: { a: 1 } } },
          ],
        },
      },
      stopReason: 'tool_use',
      usage: { inputTokens: 6, cacheReadInputTokens: 4, outputTokens: 7, totalTokens: 17 },
    }),
    stream: [
      ['messageStart', { role: 'assistant' }],
      ['contentBlockDelta', { contentBlockIndex: 0, delta: { reasoningContent: { text: 'Hm.' } } }],
      ['contentBlockDelta', { contentBlockIndex: 0, delta: { reasoningContent: { signature: 'sig' } } }],
      ['contentBlockStop', { contentBlockIndex: 0 }],
      ['contentBlockDelta', { contentBlockIndex: 1, delta: { text: 'Hi.' } }],
      ['contentBlockStop', { contentBlockIndex: 1 }],
      ['contentBlockStart', { contentBlockIndex: 2, start: { toolUse: { toolUseId: 't1', name: 'add' } } }],
      ['contentBlockDelta', { contentBlockIndex: 2, delta: { toolUse: { input: '{"a":' } } }],
      ['contentBlockDelta', { contentBlockIndex: 2, delta: { toolUse: { input: '1}' } } }],
      ['contentBlockStop', { contentBlockIndex: 2 }],
      ['messageStop', { stopReason: 'tool_use' }],
      ['metadata', { usage: { inputTokens: 6, cacheReadInputTokens: 4, outputTokens: 7, totalTokens: 17 } }],
    ]
      .map(([event, data]) => `event: ${event as string}\ndata: ${JSON.stringify(data)}\n\n`)
      .join(''),
  },
  'cohere-chat': {
    whole: JSON.stringify({
      id: 'c1',
      finish_reason: 'TOOL_CALL',
      message: {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm.' },
          { type: 'text', text: 'Hi.' },
        ],
        tool_calls: [{ id: 't1', type: 'function', function: { name: 'add', arguments: '{"a":1}' } }],
      },
      usage: { tokens: { input_tokens: 10, output_tokens: 7 }, cached_tokens: 4 },
    }),
    stream: named(
      { type: 'message-start', id: 'c1', delta: { message: { role: 'assistant' } } },
      { type: 'tool-plan-delta', delta: { message: { tool_plan: 'Hm.' } } },
      { type: 'content-start', index: 0, delta: { message: { content: { type: 'text', text: 'H' } } } },
      { type: 'content-delta', index: 0, delta: { message: { content: { text: 'i.' } } } },
      { type: 'content-end', index: 0 },
      {
        type: 'tool-call-start',
        index: 0,
        delta: { message: { tool_calls: { id: 't1', type: 'function', function: { name: 'add', arguments: '' } } } },
      },
      { type: 'tool-call-delta', index: 0, delta: { message: { tool_calls: { function: { arguments: '{"a":1}' } } } } },
      { type: 'tool-call-end', index: 0 },
      {
        type: 'message-end',
        delta: { finish_reason: 'TOOL_CALL', usage: { tokens: { input_tokens: 10, output_tokens: 7 }, cached_tokens: 4 } },
      },
    ),
  },
  'ollama-chat': {
    whole: JSON.stringify({
      model: 'm',
      message: { content: 'Hi.', thinking: 'Hm.', tool_calls: [{ function: call }] },
      done: true,
      done_reason: 'stop',
      prompt_eval_count: 10,
      eval_count: 7,
    }),
    stream: [
      { model: 'm', message: { thinking: 'Hm.', content: '' }, done: false },
      { model: 'm', message: { content: 'Hi.', tool_calls: [{ function: call }] }, done: false },
      { model: 'm', message: { content: '' }, done: true, done_reason: 'stop', prompt_eval_count: 10, eval_count: 7 },
    ]
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(''),
  },
};
