import { describe, expect, test } from 'bun:test';
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

test('base64 is made of the numbers of a server of the same format that knows no base64', async () => {
  const fetch = async () =>
    Response.json({
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding: [2, 0.5] }],
      model: 'm',
      usage: { prompt_tokens: 1 },
    });
  const options = { apiKey: 'k', fetch: fetch as unknown as typeof globalThis.fetch, maxRetries: 0 };
  const asked = (encoding_format?: 'base64') =>
    embedding({
      model: 'infinity/bge',
      input: 'ab',
      baseUrl: 'http://127.0.0.1:1',
      ...(encoding_format && { encoding_format }),
      ...options,
    });
  expect((await asked('base64')).data[0]!.embedding as unknown).toBe('AAAAQAAAAD8=');
  expect((await asked()).data[0]!.embedding).toEqual([2, 0.5]);
});

test("Amazon's Titan takes one text: as many requests, in order, each signed, and the first failure is the call's", async () => {
  const signed: string[] = [];
  let broken = false;
  const fetch = async (url: string | URL | Request, init?: RequestInit) => {
    const { inputText } = JSON.parse(String(init?.body)) as { inputText: string };
    signed.push(`${new URL(String(url)).pathname} ${new Headers(init?.headers).get('authorization')?.split(',')[0]}`);
    await Bun.sleep(inputText.length % 3);
    if (broken && inputText.length === 3) return Response.json({ message: 'Too many requests' }, { status: 429 });
    return Response.json({ embedding: [inputText.length], inputTextTokenCount: 2 });
  };
  const env = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 's', AWS_REGION: 'us-east-1' };
  const options = { fetch: fetch as typeof globalThis.fetch, env, maxRetries: 0 };
  const input = Array.from({ length: 30 }, (_, index) => 'x'.repeat(index + 1));
  const answer = await embedding({ model: 'bedrock/amazon.titan-embed-text-v2:0', input, ...options });
  expect(answer.data.map(({ index, embedding: [length] }) => [index, length])).toEqual(input.map((text, index) => [index, text.length]));
  expect(answer.usage).toEqual({ prompt_tokens: 60, total_tokens: 60 });
  expect(new Set(signed).size).toBe(1);
  expect(signed[0]).toMatch(
    /^\/model\/amazon\.titan-embed-text-v2%3A0\/invoke AWS4-HMAC-SHA256 Credential=AKIA\/\d{8}\/us-east-1\/bedrock\/aws4_request$/,
  );

  broken = true;
  signed.length = 0;
  await expect(embedding({ model: 'bedrock/amazon.titan-embed-text-v2:0', input, ...options })).rejects.toMatchObject({
    code: 'rate_limited',
  });
  await Bun.sleep(60);
  expect(signed.length).toBeLessThan(30);
});

test('what a vendor of the same format calls otherwise is renamed, and what it lacks refused', async () => {
  const seen: unknown[] = [];
  const fetch = async (_url: string | URL | Request, init?: RequestInit) => {
    seen.push(JSON.parse(String(init?.body)));
    return Response.json({
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding: [1] }],
      model: 'm',
      usage: { prompt_tokens: 1 },
    });
  };
  const options = { fetch: fetch as typeof globalThis.fetch, env: { MISTRAL_API_KEY: 'key' }, maxRetries: 0 };
  await embedding({ model: 'mistral/codestral-embed', input: ['a'], dimensions: 8, ...options });
  expect(seen).toEqual([{ model: 'codestral-embed', input: 'a', output_dimension: 8 }]);
  await embedding({ model: 'mistral/codestral-embed', input: ['a'], user: 'u', ...options });
  expect(seen[1]).toEqual({ model: 'codestral-embed', input: 'a' });
});

describe('token ids, as clients send them that cut texts by OpenAI’s vocabulary', () => {
  // 'Hello world' and 'Hi' in cl100k_base.
  const ids = [[9906, 1917], [13347]];
  const vectors = (count: number) => ({
    object: 'list',
    data: Array.from({ length: count }, (_, index) => ({ object: 'embedding', index, embedding: [1] })),
    model: 'm',
    usage: { prompt_tokens: 3, total_tokens: 3 },
  });
  const inputOf = async (model: string, input: number[] | number[][], key: string, baseUrl?: string) => {
    let seen: unknown;
    const fetch = async (_url: string | URL | Request, init?: RequestInit) => {
      seen = (JSON.parse(String(init?.body)) as { input: unknown }).input;
      return Response.json(vectors(Array.isArray(input[0]) ? input.length : 1));
    };
    await embedding({
      model,
      input,
      ...(baseUrl !== undefined && { baseUrl }),
      fetch: fetch as typeof globalThis.fetch,
      env: { [key]: 'k' },
      maxRetries: 0,
    });
    return seen;
  };

  test('become texts for a vendor of another format, and for one of the same that takes texts alone', async () => {
    const { bodies, options } = cohere();
    await embedding({ model: 'cohere/embed-v4.0', input: ids, ...options });
    expect(bodies[0]!.texts).toEqual(['Hello world', 'Hi']);
    expect(await inputOf('voyage/voyage-4', ids, 'VOYAGE_API_KEY')).toEqual(['Hello world', 'Hi']);
    expect(await inputOf('mistral/mistral-embed', ids[0]!, 'MISTRAL_API_KEY')).toEqual(['Hello world']);
    expect(await inputOf('nvidia_nim/nvidia/nv-embedqa-e5-v5', ids, 'NVIDIA_NIM_API_KEY')).toEqual(['Hello world', 'Hi']);
    // Servers of OpenAI's format whose model has a vocabulary of its own: it would read other words.
    const local = 'http://127.0.0.1:1/v1';
    expect(await inputOf('infinity/bge', ids, 'INFINITY_API_KEY', local)).toEqual(['Hello world', 'Hi']);
    expect(await inputOf('custom_openai/bge', ids, 'UNUSED', local)).toEqual(['Hello world', 'Hi']);
    expect(await inputOf('together_ai/bge', ids[0]!, 'TOGETHER_API_KEY')).toEqual(['Hello world']);
  });

  test('stay what they are for those that are known to read them', async () => {
    expect(await inputOf('openai/text-embedding-3-small', ids, 'OPENAI_API_KEY')).toEqual(ids);
    expect(await inputOf('openai/text-embedding-3-small', ids[0]!, 'OPENAI_API_KEY')).toEqual(ids[0]);
    expect(await inputOf('hosted_vllm/bge', ids, 'HOSTED_VLLM_API_KEY', 'http://127.0.0.1:1/v1')).toEqual(ids);
    expect(await inputOf('nebius/bge', ids, 'NEBIUS_API_KEY')).toEqual(ids);
  });
});

describe('as many vectors as inputs', () => {
  const env = {
    CO_API_KEY: 'k',
    VOYAGE_API_KEY: 'k',
    AWS_ACCESS_KEY_ID: 'AKIA',
    AWS_SECRET_ACCESS_KEY: 's',
    AWS_REGION: 'us-east-1',
  };
  const asked = (model: string, answer: unknown) =>
    embedding({
      model,
      input: ['a', 'b'],
      env,
      maxRetries: 0,
      fetch: (async () => Response.json(answer)) as unknown as typeof globalThis.fetch,
    });

  test.each<[string, unknown]>([
    ['sagemaker/e', { embedding: [[1, 2]] }],
    ['sagemaker/e', { embedding: [1, 2] }],
    ['cohere/embed-v4.0', { embeddings: { float: [[1]] } }],
    ['cohere/embed-v4.0', { embeddings: { float: [[1], [2], [3]] } }],
  ])('%s answers with %j: whose it is cannot be told', async (model, answer) => {
    await expect(asked(model, answer)).rejects.toMatchObject({
      code: 'invalid_response',
      message: expect.stringContaining('for 2 inputs'),
    });
  });

  test('are an answer', async () => {
    expect((await asked('sagemaker/e', { embedding: [[1], [2]] })).data).toHaveLength(2);
  });
});
