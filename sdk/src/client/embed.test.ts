import { expect, test } from 'bun:test';
import { embedding } from '../index.ts';

/** Cohere, which answers each text with its length and bills a token a text. */
const cohere = () => {
  const bodies: { texts: string[] }[] = [];
  const fetch = async (_url: string | URL | Request, init?: RequestInit) => {
    const body = JSON.parse(String(init?.body)) as { texts: string[] };
    bodies.push(body);
    return Response.json({
      id: 'e',
      embeddings: { float: body.texts.map((text) => [text.length, 0.5]) },
      meta: { billed_units: { input_tokens: body.texts.length } },
    });
  };
  return { bodies, options: { fetch: fetch as typeof globalThis.fetch, env: { CO_API_KEY: 'key' }, maxRetries: 0 } };
};

test('more texts than Cohere takes at once are several requests and one answer', async () => {
  const { bodies, options } = cohere();
  const input = Array.from({ length: 200 }, (_, index) => 'x'.repeat(index));
  const answer = await embedding({ model: 'cohere/embed-v4.0', input, dimensions: 2, input_type: 'search_query', ...options });
  expect(bodies.map(({ texts }) => texts.length)).toEqual([96, 96, 8]);
  expect(bodies[2]).toEqual({
    model: 'embed-v4.0',
    texts: input.slice(192),
    input_type: 'search_query',
    embedding_types: ['float'],
    output_dimension: 2,
  } as never);
  expect(answer.data.map(({ index, embedding: [length] }) => [index, length])).toEqual(input.map((text, index) => [index, text.length]));
  expect(answer.usage).toEqual({ prompt_tokens: 200, total_tokens: 200 });
});

test('base64 is made of the numbers', async () => {
  const { options } = cohere();
  const answer = await embedding({ model: 'embed-v4.0', input: 'ab', encoding_format: 'base64', ...options });
  expect(answer.data[0]!.embedding as unknown).toBe('AAAAQAAAAD8=');
});
