import { expect, test } from 'bun:test';
import { answerHeaders, relayedHeaders } from './relay-headers.ts';

test.each([
  'x-original-url',
  'x-rewrite-url',
  'x-original-uri',
  'x-http-method-override',
  'x-http-method',
  'x-method-override',
  'x-forwarded-for',
  'x-forwarded-host',
  'forwarded',
  'x-real-ip',
  'x-client-ip',
  'cookie',
  'authorization',
  'x-api-key',
  'x-goog-api-key',
  'ocp-apim-subscription-key',
  'x-litellm-api-key',
  'x-amz-security-token',
  'x-goog-user-project',
  'transfer-encoding',
  'upgrade',
  'host',
])('%s is no header that a provider is told', (name) => expect(relayedHeaders(new Headers({ [name]: 'canary' }), undefined)).toEqual({}));

test.each([
  'x-original-url',
  'x-http-method-override',
  'x-forwarded-for',
  'x-goog-user-project',
  'authorization',
  'x-corp-key',
  'host',
  'cookie',
])('%s is not by the name that passes others either', (name) =>
  expect(relayedHeaders(new Headers({ [`x-pass-${name}`]: 'canary' }), 'x-corp-key')).toEqual({}),
);

test.each([
  'set-cookie',
  'service-worker-allowed',
  'strict-transport-security',
  'clear-site-data',
  'access-control-allow-origin',
  'alt-svc',
  'x-litellm-call-id',
  'refresh',
])('%s of an answer is not the provider’s to say for our host', (name) =>
  expect([...answerHeaders(new Headers({ [name]: 'canary' }), {}, undefined)]).toEqual([['x-content-type-options', 'nosniff']]),
);

test.each<[string, string | null]>([
  ['text/html; charset=utf-8', 'sandbox'],
  ['image/svg+xml', 'sandbox'],
  ['application/xhtml+xml', 'sandbox'],
  ['text/javascript', 'sandbox'],
  ['application/json', null],
  ['image/png', null],
  ['text/event-stream', null],
])('%s runs nothing in our name', (type, policy) => {
  const headers = answerHeaders(new Headers({ 'content-type': type, 'content-security-policy': 'x' }), {}, undefined);
  expect([headers.get('content-security-policy'), headers.get('x-content-type-options')]).toEqual([policy ?? 'x', 'nosniff']);
});
