import { describe, expect, test } from 'bun:test';
import { readGatewayMembers } from './gateway-members.ts';

const read = (fallbacks: unknown) => readGatewayMembers({ model: 'a', fallbacks } as never, new Headers());

describe("a request's own fallbacks", () => {
  test('set what the request itself could have set', () =>
    expect(read(['b', { model: 'c', temperature: 1 }]).fallbacks?.targets).toEqual([
      { name: 'b' },
      { name: 'c', overrides: { temperature: 1 } },
    ]));

  test.each(['api_base', 'base_url', 'api_key', 'aws_secret_access_key', 'aws_bedrock_runtime_endpoint', 'vertex_credentials'])(
    'are no way to say %s',
    (name) => {
      expect(() => read([{ model: 'b', [name]: 'x' }])).toThrow(name);
      expect(() => read([{ a: [{ model: 'b', [name]: 'x' }] }])).toThrow(name);
      expect(read([{ model: 'b', [name]: null }]).fallbacks?.targets).toEqual([{ name: 'b' }]);
    },
  );

  test('send no member on that is the gateway’s, and say so', () => {
    const { fallbacks, ignored } = read([{ model: 'b', num_retries: 3, mock_response: 'x', stream: true, guardrails: ['g'], top_p: 1 }]);
    expect(fallbacks?.targets).toEqual([{ name: 'b', overrides: { top_p: 1 } }]);
    expect(ignored.map(({ what }) => what)).toEqual([
      'fallbacks: num_retries',
      'fallbacks: mock_response',
      'fallbacks: stream',
      'fallbacks: guardrails',
    ]);
  });

  test('are no more for being nested', () =>
    expect(() => read(Array.from({ length: 20 }, () => ({ '*': Array.from({ length: 20 }, () => 'b') })))).toThrow('at most 20'));
});
