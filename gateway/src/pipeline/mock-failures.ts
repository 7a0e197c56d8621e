import { SluiceError, type Try } from 'sluice/kit';

/** LiteLLM's switches that make a model fail, so that its fallbacks and retries can be seen at work. */
export interface MockFailures {
  fallbacks?: boolean;
  contextFallbacks?: boolean;
  contentPolicyFallbacks?: boolean;
  rateLimit?: boolean;
}

/** @throws SluiceError as was asked for, of the model's own deployments alone: what is asked instead answers. Says nothing of the deployment */
export const mockFailure = (asked: MockFailures, one: Try<unknown>, model: string): void => {
  if (one.reason === 'fallback') return;
  const fail = (code: SluiceError['code'], name: string, retry = false): never => {
    throw new SluiceError(code, `The request asked for this failure of '${model}' (${name}).`, { retry });
  };
  if (asked.contextFallbacks) fail('context_window_exceeded', 'mock_testing_context_fallbacks');
  if (asked.contentPolicyFallbacks) fail('content_policy_violation', 'mock_testing_content_policy_fallbacks');
  // This one is for retries: the first try alone fails.
  if (asked.rateLimit && one.index === 0) fail('rate_limited', 'mock_testing_rate_limit_error', true);
  if (asked.fallbacks) fail('internal', 'mock_testing_fallbacks');
};
