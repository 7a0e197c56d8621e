import { SluiceError, type ErrorCode, type UpstreamError, type Wire } from '../../types/index.ts';

/** An answer that is not the one that was asked for. */
export const noAnswer = ({ target: { provider } }: Wire, lacking: string, body?: unknown): SluiceError =>
  new SluiceError('invalid_response', `${provider.label} answered without ${lacking}.`, {
    provider: provider.id,
    ...(body !== undefined && { upstream: { body } }),
  });

/**
 * A job that was taken and then failed. It is not sent again by itself: it was paid for, and most fail for what they were
 * given.
 * @param why the vendor's words
 */
export const jobFailed = (
  { target: { provider } }: Wire,
  why: string | undefined,
  upstream: UpstreamError = {},
  code: ErrorCode = 'unprocessable',
): SluiceError =>
  new SluiceError(code, why === undefined || why === '' ? `${provider.label} says that the job failed.` : why, {
    provider: provider.id,
    retry: false,
    upstream,
  });
