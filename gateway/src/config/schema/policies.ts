import { z } from 'zod';
import { describe, number, texts } from './fields.ts';

const count = (about: string) => number({ min: 0, int: true, about });

const retryFields = {
  BadRequestErrorRetries: count('Tries after a 400, the first one not counted.'),
  AuthenticationErrorRetries: count('Tries after a 401 or 403.'),
  TimeoutErrorRetries: count('Tries after a deadline.'),
  RateLimitErrorRetries: count('Tries after a 429.'),
  ContentPolicyViolationErrorRetries: count("Tries after a refusal by the provider's content policy."),
  InternalServerErrorRetries: count('Tries after a failure of the server, or of the way to it.'),
  DefaultRetries: count('Tries after every kind that is not given here.'),
};

export const retryPolicy = describe(
  z
    .strictObject({
      ...retryFields,
      num_retries: number({ min: 0, int: true, about: 'The same as `num_retries` of the router, which wins.' }),
      fallbacks: texts({ about: 'Model names in order: one that fails falls to those behind it, never to itself.' }),
    })
    .optional(),
  { about: 'Tries after the first, by kind of failure; these win over every other count.' },
);

export const groupRetryPolicies = describe(z.record(z.string(), z.strictObject(retryFields)).optional(), {
  about: 'A `retry_policy` for some model names.',
});

export const allowedFailsPolicy = describe(
  z
    .strictObject({
      BadRequestErrorAllowedFails: count('As `allowed_fails`, for 400.'),
      AuthenticationErrorAllowedFails: count('As `allowed_fails`, for 401 and 403.'),
      TimeoutErrorAllowedFails: count('As `allowed_fails`, for deadlines.'),
      RateLimitErrorAllowedFails: count('As `allowed_fails`, for 429.'),
      ContentPolicyViolationErrorAllowedFails: count("As `allowed_fails`, for refusals by the provider's content policy."),
      InternalServerErrorAllowedFails: count('As `allowed_fails`, for failures of the server, or of the way to it.'),
    })
    .optional(),
  { about: 'Failures that are let pass, by kind.' },
);

export type RetryPolicyEntry = z.output<z.ZodObject<typeof retryFields>>;
export type AllowedFailsEntry = NonNullable<z.output<typeof allowedFailsPolicy>>;
