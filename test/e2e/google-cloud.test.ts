import { afterEach, expect, test } from 'bun:test';
import { completion, jsonAnswer, masterKey, startGateway, startRawUpstream, type Gateway, type RawUpstream } from './harness.ts';

let gateway: Gateway | undefined;
let upstream: RawUpstream | undefined;
const before = { ...process.env };
afterEach(async () => {
  await gateway?.stop();
  await upstream?.stop();
  for (const name of ['GCE_METADATA_HOST', 'CLOUDSDK_CONFIG']) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
});

const google = 'metadata-flavor: Google\r\n';
const claude = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude',
  content: [{ type: 'text', text: 'by Claude' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 3, output_tokens: 2 },
};
const gemini = { candidates: [{ content: { parts: [{ text: 'by Gemini' }] }, finishReason: 'STOP' }], modelVersion: 'gemini-2.5-flash' };
const vector = { predictions: [{ embeddings: { values: [1, 2], statistics: { token_count: 2, truncated: false } } }] };

const answers: readonly [RegExp, string][] = [
  [/\/project\/project-id /, jsonAnswer('p-here', 200, google)],
  [/\/default\/token /, jsonAnswer({ access_token: 'machine-token', expires_in: 3600 }, 200, google)],
  [/publishers\/anthropic/, jsonAnswer(claude)],
  [/:predict /, jsonAnswer(vector)],
  [/endpoints\/openapi/, jsonAnswer(completion('by Llama'))],
  [/:generateContent /, jsonAnswer(gemini)],
];

test('on a machine of Google Cloud nothing is configured but the models: one token, one look at the project', async () => {
  upstream = await startRawUpstream((socket, text) => {
    const line = text.slice(0, text.indexOf('\r\n'));
    socket.write(answers.find(([pattern]) => pattern.test(line))?.[1] ?? jsonAnswer({ error: { message: line } }, 404));
  });
  const base = new URL(upstream.base).origin;
  process.env['GCE_METADATA_HOST'] = new URL(base).host;
  process.env['CLOUDSDK_CONFIG'] = '/nowhere';
  const entry = (name: string, model: string, more = '') =>
    `  - { model_name: ${name}, litellm_params: { model: "vertex_ai/${model}", api_base: "${base}"${more} } }`;
  gateway = await startGateway(
    [
      'model_list:',
      entry('gemini', 'gemini-2.5-flash', ', vertex_location: europe-west4'),
      entry('claude', 'claude-sonnet-4-5@20250929', ', vertex_project: other, vertex_location: us-east5'),
      entry('llama', 'meta/llama-4-scout-17b-16e-instruct-maas'),
      entry('vectors', 'text-embedding-005'),
    ].join('\n'),
  );
  const { post } = gateway;
  const messages = [{ role: 'user', content: 'Hi' }];
  const said = async (model: string) => JSON.stringify(await (await post('/v1/chat/completions', { model, messages })).json());
  const [first, second, third] = await Promise.all([said('gemini'), said('claude'), said('llama')]);
  expect([first, second, third].map((text) => /by \w+/.exec(text)?.[0])).toEqual(['by Gemini', 'by Claude', 'by Llama']);
  expect(await (await post('/v1/embeddings', { model: 'vectors', input: 'Hi' })).json()).toMatchObject({
    data: [{ embedding: [1, 2] }],
    usage: { prompt_tokens: 2 },
  });

  const lines = upstream.requests.map(({ text }) => text.slice(0, text.indexOf(' HTTP/')));
  expect(lines.filter((line) => line.startsWith('GET')).sort()).toEqual([
    'GET /computeMetadata/v1/instance/service-accounts/default/token',
    'GET /computeMetadata/v1/project/project-id',
  ]);
  expect(lines.filter((line) => line.startsWith('POST')).sort()).toEqual([
    'POST /v1/projects/other/locations/us-east5/publishers/anthropic/models/claude-sonnet-4-5@20250929:rawPredict',
    'POST /v1/projects/p-here/locations/us-east5/endpoints/openapi/chat/completions',
    'POST /v1beta1/projects/p-here/locations/europe-west4/publishers/google/models/gemini-2.5-flash:generateContent',
    'POST /v1beta1/projects/p-here/locations/us-central1/publishers/google/models/text-embedding-005:predict',
  ]);
  for (const { text } of upstream.requests.filter(({ text: each }) => each.startsWith('POST')))
    expect(text.toLowerCase()).toContain('authorization: bearer machine-token');
  // FP-26
  expect(gateway.lines.join('\n')).not.toContain('machine-token');
});

test('relays go out with what `default_vertex_config` says, which is no model and keeps nothing', async () => {
  upstream = await startRawUpstream((socket) => socket.write(jsonAnswer(gemini)));
  const base = new URL(upstream.base).origin;
  const defaults = `{ vertex_project: ours, vertex_location: europe-west4, vertex_access_token: of-relays, api_base: "${base}" }`;
  const own = `{ vertex_project: p, vertex_location: us-east5, vertex_access_token: of-model, api_base: "${base}"`;
  const yaml = (more: string) => `
model_list: [{ model_name: g, litellm_params: { model: vertex_ai/gemini-2.5-flash, ${own.slice(1)}${more} } } ]
default_vertex_config: ${defaults}
`;
  gateway = await startGateway(yaml(''));
  const path = '/publishers/google/models/gemini-9:generateContent';
  const relayed = async () => {
    const response = await gateway!.post(`/vertex_ai/v1/tuned${path}`, { contents: [] });
    expect([response.status, response.headers.get('x-litellm-model-group')]).toEqual([200, null]);
    const { text } = upstream!.requests.at(-1)!;
    return [text.split(' ')[1], /authorization: (.*)\r/i.exec(text)?.[1]];
  };
  expect(await relayed()).toEqual(['/v1/projects/ours/locations/europe-west4/tuned' + path, 'Bearer of-relays']);
  const get = async (at: string) => (await fetch(gateway!.url + at, { headers: { authorization: `Bearer ${masterKey}` } })).json();
  expect(await get('/v1/models')).toMatchObject({ data: [{ id: 'g' }] });
  expect(((await get('/model/info')) as { data: unknown[] }).data).toHaveLength(1);
  await gateway.stop();
  // A model's own deployment that is for relays goes before.
  gateway = await startGateway(yaml(', use_in_pass_through: true'));
  const response = await gateway.post(`/vertex_ai/v1/tuned${path}`, { contents: [] });
  expect(response.headers.get('x-litellm-model-group')).toBe('g');
  expect(upstream.requests.at(-1)!.text).toContain('Bearer of-model');
});
