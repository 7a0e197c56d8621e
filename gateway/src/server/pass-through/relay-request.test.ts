import { expect, test } from 'bun:test';
import { providers } from 'sluice/kit';
import { namedModel, type RelayBody } from './relay-request.ts';

const relayOf = (path: string) => ({ prefix: '/x', path, to: { kind: 'provider', provider: providers.find('openai')! } }) as const;
const bodyOf = (text: string): RelayBody => ({ kind: 'text', text, json: JSON.parse(text) as Record<string, unknown> });

test.each<[string, string, string, string, string]>([
  ['the path alone', '/v1beta/models/a:generateContent', '{"x":1}', 'a', '/v1beta/models/b:generateContent {"x":1}'],
  ['the body alone', '/v1/threads', '{"model":"a"}', 'a', '/v1/threads {"model":"b"}'],
  [
    'the path before the body',
    '/v1beta/models/dear:generateContent',
    '{"model":"cheap"}',
    'dear',
    '/v1beta/models/b:generateContent {"model":"b"}',
  ],
  ['the path before the body, escaped', '/model/de%61r/invoke', '{"model":"cheap"}', 'dear', '/model/b/invoke {"model":"b"}'],
  [
    'the last of two in the body, and both are set',
    '/v1/threads',
    '{"model":"dear","mod\\u0065l":"cheap"}',
    'cheap',
    '/v1/threads {"model":"b","mod\\u0065l":"b"}',
  ],
  ['a session', '/v1/realtime/calls', '{"session":{"model":"a","x":1}}', 'a', '/v1/realtime/calls {"session":{"model":"b","x":1}}'],
])('a request’s model is that of %s', (_, path, text, name, sent) => {
  const named = namedModel(relayOf(path), bodyOf(text), null)!;
  const renamed = named.renamed('b');
  expect([named.name, `${renamed.path} ${renamed.body.kind === 'text' ? renamed.body.text : ''}`]).toEqual([name, sent]);
});

test('a header names another one for all of them', () => {
  const named = namedModel(relayOf('/v1beta/models/a:predict'), bodyOf('{"model":"c"}'), 'd')!;
  expect(named.name).toBe('d');
  expect(named.renamed('b')).toMatchObject({ path: '/v1beta/models/b:predict', body: { text: '{"model":"b"}' } });
});

test('what names none names none', () => {
  expect(namedModel(relayOf('/v1/files'), bodyOf('{"model":5}'), null)).toBeUndefined();
  expect(namedModel(relayOf('/v1/files'), { kind: 'none' }, null)).toBeUndefined();
});
