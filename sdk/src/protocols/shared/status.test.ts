import { describe, expect, test } from 'bun:test';
import { codeOf } from './status.ts';

describe('codeOf', () => {
  test('FP-33: the status says it where it can', () => {
    const statuses = {
      401: 'authentication',
      402: 'payment_required',
      403: 'permission_denied',
      404: 'not_found',
      408: 'timeout',
      429: 'rate_limited',
      500: 'internal',
      503: 'unavailable',
      504: 'upstream_timeout',
      529: 'overloaded',
    };
    for (const [status, code] of Object.entries(statuses)) expect(codeOf(Number(status), '')).toBe(code as ReturnType<typeof codeOf>);
    expect(codeOf(418, '')).toBe('invalid_request');
    expect(codeOf(520, '')).toBe('internal');
  });

  test.each([
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
    'context_length_exceeded',
    'prompt is too long: 210000 tokens > 200000 maximum',
    'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
    'request (2009 tokens) exceeds the available context size (512 tokens), try increasing it exceed_context_size_error',
    "This model's maximum prompt length is 131072 but the request contains 200000 tokens.",
    'Please reduce the length of the messages or completion. Current length is 9000 while limit is 8192',
    "Invalid 'messages[0].content': string too long. Expected a string with maximum length 10485760, but got a string with length 20000000 instead.",
    'Input is too long for requested model.',
    'Input Tokens Exceeded: Number of input tokens exceeds maximum length. Please update the input to try again.',
  ])('a full context window: %s', (text) => {
    expect(codeOf(400, text)).toBe('context_window_exceeded');
  });

  test.each([
    "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
    'Your request was rejected as a result of our safety system.',
    'content_policy_violation',
  ])('a content policy: %s', (text) => {
    expect(codeOf(400, text)).toBe('content_policy_violation');
  });

  test('a long id or user is no full context window', () => {
    expect(
      codeOf(400, "Invalid 'messages[1].tool_calls[0].id': string too long. Expected a string with maximum length 40, but got 53."),
    ).toBe('invalid_request');
  });

  test('the words count only where the request is at fault', () => {
    expect(codeOf(500, 'maximum context length')).toBe('internal');
  });
});
