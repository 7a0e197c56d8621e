import type { ByFailureClass } from 'sluice/kit';
import { defined } from './defined.ts';
import type { AllowedFailsEntry, RetryPolicyEntry } from './schema/policies.ts';

/** LiteLLM's names of the kinds of failures. */
export const retriesByClass = (given: RetryPolicyEntry | undefined): ByFailureClass =>
  defined<ByFailureClass>({
    badRequest: given?.BadRequestErrorRetries ?? given?.DefaultRetries,
    authentication: given?.AuthenticationErrorRetries ?? given?.DefaultRetries,
    timeout: given?.TimeoutErrorRetries ?? given?.DefaultRetries,
    rateLimit: given?.RateLimitErrorRetries ?? given?.DefaultRetries,
    contentPolicy: given?.ContentPolicyViolationErrorRetries ?? given?.DefaultRetries,
    internalServer: given?.InternalServerErrorRetries ?? given?.DefaultRetries,
  });

export const allowedFailsByClass = (given: AllowedFailsEntry | undefined): ByFailureClass =>
  defined<ByFailureClass>({
    badRequest: given?.BadRequestErrorAllowedFails,
    authentication: given?.AuthenticationErrorAllowedFails,
    timeout: given?.TimeoutErrorAllowedFails,
    rateLimit: given?.RateLimitErrorAllowedFails,
    contentPolicy: given?.ContentPolicyViolationErrorAllowedFails,
    internalServer: given?.InternalServerErrorAllowedFails,
  });
