import { expect, test } from 'bun:test';
import { completion } from '../../index.ts';
import { providers } from '../index.ts';
import { targetOf } from '../target.ts';
import { upstreamUrl } from '../url.ts';

const urls = (baseUrl: string): string[] => {
  const target = targetOf({ model: 'triton/m', baseUrl }, { providers, env: {} });
  const { chat, embeddings } = target.provider.speaks;
  return [chat!.protocol, upstreamUrl(target, chat!, false), upstreamUrl(target, chat!, true), upstreamUrl(target, embeddings!, false)];
};
const at = 'http://h:8000';

test.each([
  [at, 'triton-generate', '/v2/models/m/generate', '/v2/models/m/generate_stream', '/v2/models/m/infer'],
  [`${at}/v2`, 'triton-generate', '/v2/models/m/generate', '/v2/models/m/generate_stream', '/v2/models/m/infer'],
  [`${at}/v2/models/o/generate`, 'triton-generate', '/v2/models/o/generate', '/v2/models/o/generate_stream', '/v2/models/o/infer'],
  [`${at}/generate`, 'triton-generate', '/generate', '/generate_stream', '/infer'],
  [`${at}/my/infer/`, 'triton-infer', '/my/infer', '/my/infer', '/my/infer'],
  [`${at}/triton/embeddings`, 'triton-generate', '/triton/generate', '/triton/generate_stream', '/triton/embeddings'],
])('%s', (baseUrl, protocol, ...paths) => {
  expect(urls(baseUrl)).toEqual([protocol!, ...paths.map((path) => at + path)]);
});

test('tensors come whole, also to who asked for a stream', async () => {
  const fetch = async () =>
    Response.json({ model_name: 'm', outputs: [{ name: 'text_output', shape: [1], datatype: 'BYTES', data: ['Hi'] }] });
  const stream = await completion({
    model: 'triton/m',
    baseUrl: `${at}/infer`,
    messages: [{ role: 'user', content: 'x' }],
    stream: true,
    fetch: fetch as unknown as typeof globalThis.fetch,
    env: {},
  });
  let text = '';
  for await (const { choices } of stream) text += choices[0]?.delta.content ?? '';
  expect(text).toBe('Hi');
});
