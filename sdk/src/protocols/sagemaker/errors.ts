import { SluiceError, type HttpFailure } from '../../types/index.ts';
import { fromWire as ofAws } from '../bedrock-converse/errors.ts';
import { asNumber, asString, parseObject } from '../shared/read.ts';
import { codeOf } from '../shared/status.ts';

/**
 * A failure of SageMaker: AWS's own, or 424 with what the container answered in it
 * (docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html, read 2026-11-22).
 */
export const readError = (failure: HttpFailure): SluiceError => {
  const body = parseObject(failure.body);
  const status = asNumber(body?.['OriginalStatusCode']);
  if (status === undefined || status < 400 || status > 599) return ofAws(failure);
  const original = asString(body?.['OriginalMessage']) ?? '';
  const message = messageIn(original) ?? asString(body?.['Message']) ?? `The model answered with status ${status}.`;
  const requestId = failure.headers.get('x-amzn-requestid');
  return new SluiceError(codeOf(status, message), message, {
    status,
    upstream: { type: 'ModelError', ...(requestId !== null && { requestId }), ...(body && { body }) },
  });
};

/** What the container said: an error of its own in JSON, or words. */
const messageIn = (text: string): string | undefined => {
  const body = parseObject(text);
  const error = body?.['error'] ?? body?.['message'] ?? body?.['detail'];
  const inner = typeof error === 'object' && error !== null ? (error as { message?: unknown }).message : error;
  return asString(inner) ?? (text || undefined);
};
