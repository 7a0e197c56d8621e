import type { Dropped, JsonObject } from 'sluice/kit';

/** Members of a request's body that are meant for the gateway, not for a provider (LiteLLM's reference, section 2.1). */
const handled = [
  'num_retries',
  'timeout',
  'stream_timeout',
  'drop_params',
  'mock_response',
  'mock_tool_calls',
  'mock_timeout',
  'mock_delay',
  'litellm_metadata',
] as const;

/** Known to LiteLLM's clients and not built here yet: taken out, and said so, rather than sent to a provider that refuses them. */
const notBuilt = [
  'fallbacks',
  'context_window_fallback_dict',
  'disable_fallbacks',
  'guardrails',
  'policies',
  'tags',
  'caching',
  'cache',
  'priority',
  'user_config',
  'prompt_id',
  'prompt_variables',
  'prompt_version',
  'litellm_session_id',
  'litellm_trace_id',
  'mock_testing_fallbacks',
  'mock_testing_context_fallbacks',
  'mock_testing_content_policy_fallbacks',
  'mock_testing_rate_limit_error',
] as const;

/** What a request asks of the gateway itself. */
export interface GatewayMembers {
  maxRetries?: number;
  timeoutMs?: number;
  streamTimeoutMs?: number;
  dropParams?: boolean;
  /** In the mock provider's words; absent unless asked for. */
  mock?: Record<string, unknown>;
  ignored: Dropped[];
  /** Names to take out of the body. */
  taken: string[];
  clientHeaders: Headers;
}

/** Reads, from body and headers, what is the gateway's. The body itself is not changed. */
export const readGatewayMembers = (body: JsonObject, headers: Headers): GatewayMembers => {
  const found: GatewayMembers = { ignored: [], taken: [], clientHeaders: headers };
  for (const name of handled) if (name in body) found.taken.push(name);
  for (const name of notBuilt) {
    // `cache` and `tags` may be a vendor's own; what is theirs is never one of these two shapes for a gateway's purpose.
    if (!(name in body)) continue;
    found.taken.push(name);
    found.ignored.push({ what: name, why: 'the gateway knows it and does not do it yet' });
  }
  const retries = number(body['num_retries']) ?? number(headers.get('x-litellm-num-retries'));
  if (retries !== undefined) found.maxRetries = Math.min(10, Math.max(0, Math.floor(retries)));
  const timeout = number(body['timeout']) ?? number(headers.get('x-litellm-timeout'));
  if (timeout !== undefined) found.timeoutMs = timeout * 1000;
  const streamTimeout = number(body['stream_timeout']) ?? number(headers.get('x-litellm-stream-timeout'));
  if (streamTimeout !== undefined) found.streamTimeoutMs = streamTimeout * 1000;
  if (typeof body['drop_params'] === 'boolean') found.dropParams = body['drop_params'];
  for (const name of ['mock_response', 'mock_tool_calls', 'mock_timeout', 'mock_delay']) {
    if (body[name] !== undefined && body[name] !== null) (found.mock ??= {})[name] = body[name];
  }
  return found;
};

/** Seconds or counts, as numbers or as the texts that headers are. */
const number = (value: unknown): number | undefined => {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) && read >= 0 ? read : undefined;
};
