import { describe, expect, test } from 'bun:test';
import { SluiceError } from 'sluice/kit';
import { errorResponse } from './error-response.ts';
import { faceOf } from './faces.ts';

const failed = (requestId?: string) => new SluiceError('rate_limited', 'slow', { upstream: requestId === undefined ? {} : { requestId } });

describe('the id of a request that failed', () => {
  const ours = { 'x-request-id': 'ours', 'x-amzn-requestid': 'ours' };

  test.each(['converse', 'invoke', 'invoke_stream'] as const)("%s: AWS clients get the provider's in their header", (route) => {
    const { headers } = errorResponse(failed('theirs'), faceOf(route, ''), ours);
    expect([headers.get('x-amzn-requestid'), headers.get('x-request-id')]).toEqual(['theirs', 'theirs']);
  });

  test('is ours where the provider gave none, or one that no header can hold', () => {
    for (const id of [undefined, 'a\nb'])
      expect(errorResponse(failed(id), faceOf('converse', ''), ours).headers.get('x-amzn-requestid')).toBe('ours');
  });

  test('other clients have no such header', () => {
    expect(errorResponse(failed('theirs'), faceOf(undefined, '/v1/x'), {}).headers.has('x-amzn-requestid')).toBe(false);
  });
});
