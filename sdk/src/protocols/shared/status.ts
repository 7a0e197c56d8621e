import type { ErrorCode } from '../../types/index.ts';

const byStatus: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid_request',
  401: 'authentication',
  402: 'payment_required',
  403: 'permission_denied',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'timeout',
  409: 'conflict',
  413: 'request_too_large',
  415: 'unsupported_media_type',
  422: 'unprocessable',
  429: 'rate_limited',
  500: 'internal',
  502: 'bad_gateway',
  503: 'unavailable',
  504: 'upstream_timeout',
  529: 'overloaded',
};

// Vendors say these two only in prose (litellm's mapping rules, read 2026-11-21); everything else has a status or a type.
// "String too long" is about the prompt only where the limit is large: ids and names have small limits of their own.
const contextWindow =
  /maximum context length|context[ _]length[ _]exceeded|exceeds? the (?:model'?s )?(?:maximum )?context|maximum context limit|exceed context limit|exceeds the available context size|longer than the model'?s context length|maximum prompt length|input tokens exceed the configured limit|(?:prompt|input) is too long|exceeds the maximum number of tokens|input token count .* exceeds|current length is \d+ while limit is|`inputs` tokens \+ `max_new_tokens` must be|number of input tokens exceeds maximum length|string too long\. expected a string with maximum length \d{5,}/i;
const contentPolicy =
  /content_policy_violation|responsibleaipolicyviolation|content_filter|prompt triggering azure openai'?s content management|rejected as a result of our safety system|failed as a result of our safety system|the model produced invalid content/i;

/**
 * The error code of a failed answer.
 * @param text the vendor's message, type and code, joined: what tells a full context window from any other 400
 */
export const codeOf = (status: number, text: string): ErrorCode => {
  if (status === 400 || status === 413 || status === 422) {
    if (contextWindow.test(text)) return 'context_window_exceeded';
    if (contentPolicy.test(text)) return 'content_policy_violation';
  }
  return byStatus[status] ?? (status >= 500 ? 'internal' : 'invalid_request');
};
