import { describe, expect, test } from 'bun:test';
import { presentedKey } from './presented-key.ts';

describe('presentedKey', () => {
  test.each([
    [{ authorization: 'Bearer sk-1' }, ''],
    [{ authorization: 'bearer  sk-1 ' }, ''],
    [{ authorization: 'sk-1' }, ''],
    [{ authorization: `Basic ${btoa('sk-1:anything')}` }, ''],
    [{ authorization: `Basic ${btoa(':sk-1')}` }, ''],
    [{ 'x-api-key': 'sk-1' }, ''],
    [{ 'api-key': 'sk-1' }, ''],
    [{ 'x-goog-api-key': 'sk-1' }, ''],
    [{ 'xi-api-key': 'sk-1' }, ''],
    [{ 'x-gladia-key': 'sk-1' }, ''],
    [{ authorization: 'Token sk-1' }, ''],
    [{ authorization: 'Key sk-1' }, ''],
    [{ 'x-litellm-api-key': 'Bearer sk-1' }, ''],
    [{ 'ocp-apim-subscription-key': 'sk-1' }, ''],
    [{}, 'alt=sse&key=sk-1'],
  ])('%j %s', (headers, query) => expect(presentedKey(new Headers(headers), query)).toBe('sk-1'));

  test('the configured header comes first', () =>
    expect(presentedKey(new Headers({ authorization: 'Bearer other', 'x-my-key': 'sk-1' }), '', 'x-my-key')).toBe('sk-1'));
  test('and the one that is for the gateway alone', () =>
    expect(presentedKey(new Headers({ authorization: 'Bearer sk-ant-oat', 'x-litellm-api-key': 'sk-1' }), '')).toBe('sk-1'));
  test('an AWS signature is no key, and is told what to do', () => {
    const authorization = 'AWS4-HMAC-SHA256 Credential=AKIA/20261122/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=00';
    expect(() => presentedKey(new Headers({ authorization }), '')).toThrow('AWS_BEARER_TOKEN_BEDROCK');
    expect(presentedKey(new Headers({ authorization, 'x-api-key': 'sk-1' }), '')).toBe('sk-1');
  });
  test('nothing presented', () => expect(presentedKey(new Headers(), 'monkey=1')).toBeUndefined());
});
