import { afterEach, expect, test } from 'bun:test';
import { jsonAnswer, startGateway, startRawUpstream, type Gateway, type RawUpstream } from './harness.ts';

let gateway: Gateway | undefined;
let upstream: RawUpstream | undefined;
afterEach(async () => {
  await gateway?.stop();
  await upstream?.stop();
});

const vertex = { predictions: [{ embeddings: { values: [1, 2], statistics: { token_count: 3, truncated: false } } }] };
const gemini = { embeddings: [{ values: [1, 2] }] };
const openai = {
  object: 'list',
  model: 'e',
  data: [{ object: 'embedding', index: 0, embedding: [1, 2] }],
  usage: { prompt_tokens: 3, total_tokens: 3 },
};

/** How Google's own clients ask for embeddings: google-genai at the Gemini API, and at Vertex AI for models before and after Gemini Embedding 2. */
const asked: readonly [path: string, body: unknown, vector: (answer: never) => unknown][] = [
  [
    '/v1beta1/projects/p/locations/us-central1/publishers/google/models/NAME:predict',
    { instances: [{ content: 'Hi', task_type: 'RETRIEVAL_QUERY' }], parameters: { outputDimensionality: 2 } },
    (a: typeof vertex) => a.predictions[0]!.embeddings.values,
  ],
  [
    '/v1beta1/projects/p/locations/global/publishers/google/models/NAME:embedContent',
    { content: { parts: [{ text: 'Hi' }] }, embedContentConfig: { taskType: 'RETRIEVAL_QUERY', outputDimensionality: 2 } },
    (a: { embedding: { values: number[] } }) => a.embedding.values,
  ],
  [
    '/v1beta/models/NAME:embedContent',
    { content: { parts: [{ text: 'Hi' }] }, taskType: 'RETRIEVAL_QUERY', outputDimensionality: 2 },
    (a: { embedding: { values: number[] } }) => a.embedding.values,
  ],
  [
    '/v1beta/models/NAME:batchEmbedContents',
    { requests: [{ model: 'models/NAME', content: { parts: [{ text: 'Hi' }] }, taskType: 'RETRIEVAL_QUERY', outputDimensionality: 2 }] },
    (a: typeof gemini) => a.embeddings[0]!.values,
  ],
];

const providers: readonly [name: string, params: string, line: RegExp, sent: unknown][] = [
  [
    'vertex',
    'model: vertex_ai/text-embedding-005, vertex_project: p, vertex_location: us-central1, vertex_access_token: t',
    /text-embedding-005:predict /,
    { instances: [{ content: 'Hi', task_type: 'RETRIEVAL_QUERY' }], parameters: { outputDimensionality: 2 } },
  ],
  [
    'gemini',
    'model: gemini/gemini-embedding-001, api_key: k',
    /gemini-embedding-001:batchEmbedContents /,
    {
      requests: [
        {
          model: 'models/gemini-embedding-001',
          content: { parts: [{ text: 'Hi' }] },
          taskType: 'RETRIEVAL_QUERY',
          outputDimensionality: 2,
        },
      ],
    },
  ],
  ['openai', 'model: openai/e, api_key: k', /\/embeddings /, { model: 'e', input: 'Hi', dimensions: 2 }],
];

test.each(providers)("Google's clients get embeddings of %s", async (name, params, line, wanted) => {
  const sent: string[] = [];
  upstream = await startRawUpstream((socket, text) => {
    sent.push(text);
    socket.write(jsonAnswer(/:predict /.test(text) ? vertex : /:batchEmbedContents /.test(text) ? gemini : openai));
  });
  gateway = await startGateway(`model_list:\n  - { model_name: ${name}, litellm_params: { ${params}, api_base: "${upstream.base}" } }\n`);
  for (const [path, body, vector] of asked) {
    const response = await gateway.post(path.replaceAll('NAME', name), JSON.stringify(body).replaceAll('NAME', name));
    const json = (await response.json()) as never;
    expect([response.status, json]).toEqual([200, expect.anything()]);
    expect(vector(json)).toEqual([1, 2]);
    const [head, made] = sent.at(-1)!.split('\r\n\r\n') as [string, string];
    expect(head).toMatch(line);
    expect(JSON.parse(made)).toMatchObject(wanted as object);
  }
  expect(sent).toHaveLength(asked.length);
});
