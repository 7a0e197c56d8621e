import { expect, test } from 'bun:test';
import { forwardedHeaders } from './forward-headers.ts';

test('x-* and anthropic-beta, but no keys, and nothing that is the gateway’s own', () => {
  const headers = new Headers({
    'X-Team': 'a',
    'anthropic-beta': 'b',
    'anthropic-version': '2023-06-01',
    accept: '*/*',
    authorization: 'Bearer k',
    'x-api-key': 'k',
    'x-goog-api-key': 'k',
    'x-litellm-api-key': 'k',
    'x-my-key': 'k',
    'x-litellm-timeout': '3',
    'x-stainless-os': 'Linux',
    'x-forwarded-for': '10.0.0.1',
    'x-request-id': 'r',
    // Part of a signature, or of who it is that calls.
    'x-amz-security-token': 't',
    'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
    'x-amzn-bedrock-guardrailidentifier': 'g',
    'x-goog-user-project': 'p',
  });
  expect(forwardedHeaders(headers, 'x-my-key')).toEqual({ 'x-team': 'a', 'anthropic-beta': 'b', 'x-request-id': 'r' });
});
