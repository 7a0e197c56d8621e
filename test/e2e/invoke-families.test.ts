import { afterEach, describe, expect, test } from 'bun:test';
import {
  createEventStreamParser,
  formatEventStream,
  formatEventStreamChunk,
  formatPayloadPart,
} from '../../sdk/src/lib/aws-event-stream.ts';
import { createRig, headOf, jsonAnswer } from './harness.ts';

/* What InvokeModel takes of models that are not Claude goes on to Bedrock as it came, and nowhere else. */

const { upstreamOf, gatewayOf, stopAll } = createRig();
afterEach(stopAll);

const start = async (model: string, answer: string | readonly Uint8Array[], more = '') => {
  const upstream = await upstreamOf((socket) => {
    if (typeof answer === 'string') return void socket.write(answer);
    const body = Buffer.concat(answer);
    socket.write(`HTTP/1.1 200 OK\r\ncontent-type: application/vnd.amazon.eventstream\r\ncontent-length: ${body.length}\r\n\r\n`);
    // In two pieces, cut within a message.
    socket.write(body.subarray(0, 70));
    setTimeout(() => socket.write(body.subarray(70)), 10);
  });
  const base = upstream.base.replace(/\/v1$/, '');
  const params = `{ model: ${model}, api_base: "${base}", api_key: k, aws_region_name: us-east-1${more} }`;
  const gateway = await gatewayOf(`model_list: [{ model_name: m, litellm_params: ${params} }]\nrouter_settings: { num_retries: 0 }\n`);
  const sent = () => JSON.parse(upstream.requests.at(-1)!.text.split('\r\n\r\n')[1]!) as Record<string, unknown>;
  return { gateway, upstream, sent, head: () => headOf(upstream) };
};

const prompt = { prompt: 'Hi', max_gen_len: 9, unheard_of: [1] };
const counted = {
  'amazon-bedrock-invocationMetrics': { inputTokenCount: 5, outputTokenCount: 3, invocationLatency: 9, firstByteLatency: 4 },
};
const chunks = [
  { generation: 'Hé', prompt_token_count: 5, generation_token_count: 1, stop_reason: null },
  { generation: '', prompt_token_count: null, generation_token_count: 3, stop_reason: 'stop', ...counted },
];
const framed = chunks.map((chunk) => formatEventStreamChunk(JSON.stringify(chunk)));

describe('a body of another family at InvokeModel', () => {
  test('goes on as it came, and its answer comes back; the headers count', async () => {
    const answer = { outputs: [{ text: 'Hé', stop_reason: 'stop' }] };
    const counts = 'x-amzn-bedrock-input-token-count: 5\r\nx-amzn-bedrock-output-token-count: 3\r\n';
    // The route in the deployment's name makes no difference to who says the body.
    for (const model of [
      'bedrock/meta.llama3-8b-instruct-v1:0',
      'bedrock/invoke/meta.llama3-8b-instruct-v1:0',
      'bedrock/converse/meta.llama3-8b-instruct-v1:0',
    ]) {
      const { gateway, sent, head } = await start(model, jsonAnswer(answer, 200, counts));
      const response = await gateway.post('/model/m/invoke', prompt, {
        headers: { 'X-Amzn-Bedrock-GuardrailIdentifier': 'gr-1', 'X-Amzn-Bedrock-GuardrailVersion': '2' },
      });
      expect([response.status, await response.text()]).toEqual([200, JSON.stringify(answer)]);
      expect(sent()).toEqual(prompt);
      expect(head()).toStartWith('POST /model/meta.llama3-8b-instruct-v1%3A0/invoke ');
      expect(head()).toMatch(/x-amzn-bedrock-guardrailidentifier: gr-1/i);
      expect(gateway.calls()[0]).toMatchObject({ status: 200, same: true, inputTokens: 5, outputTokens: 3 });
    }
  });

  test("is guarded by the deployment's guardrail, whatever the request says", async () => {
    const guard = ', guardrailConfig: { guardrailIdentifier: gr-held, guardrailVersion: "1" }';
    const { gateway, sent, head } = await start('bedrock/meta.llama3-8b-instruct-v1:0', jsonAnswer({ generation: 'x' }), guard);
    const asked: Record<string, string>[] = [{}, { 'X-Amzn-Bedrock-GuardrailIdentifier': 'gr-1', 'X-Amzn-Bedrock-GuardrailVersion': '2' }];
    for (const headers of asked) {
      expect((await gateway.post('/model/m/invoke', prompt, { headers })).status).toBe(200);
      expect(sent()).toEqual(prompt);
      expect(head()).toMatch(/x-amzn-bedrock-guardrailidentifier: gr-held/i);
    }
  });

  test('streams, byte for byte', async () => {
    const { gateway, sent, head } = await start('bedrock/meta.llama3-8b-instruct-v1:0', framed);
    const response = await gateway.post('/model/m/invoke-with-response-stream', prompt);
    expect(response.headers.get('content-type')).toBe('application/vnd.amazon.eventstream');
    expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.concat(framed))).toBe(true);
    expect(sent()).toEqual(prompt);
    expect(head()).toStartWith('POST /model/meta.llama3-8b-instruct-v1%3A0/invoke-with-response-stream ');
    expect(gateway.calls()[0]).toMatchObject({ status: 200, same: true, inputTokens: 5, outputTokens: 3 });
  });

  test('ends with an exception where the stream breaks off', async () => {
    const { gateway } = await start('bedrock/meta.llama3-8b-instruct-v1:0', framed.slice(0, 1));
    const found: (string | undefined)[] = [];
    const parser = createEventStreamParser(({ event }) => void found.push(event));
    parser.push(new Uint8Array(await (await gateway.post('/model/m/invoke-with-response-stream', prompt)).arrayBuffer()));
    parser.close();
    expect(found).toEqual([undefined, 'modelStreamErrorException']);
  });

  test('is refused in words where the model is no model of Bedrock', async () => {
    const { gateway, upstream } = await start('openai/gpt-4o', jsonAnswer({}));
    for (const path of ['invoke', 'invoke-with-response-stream']) {
      const response = await gateway.post(`/model/m/${path}`, prompt);
      expect([response.status, await response.json()]).toMatchObject([
        400,
        { __type: 'ValidationException', message: expect.stringMatching(/anthropic_version.*Amazon Bedrock alone/) as unknown },
      ]);
    }
    expect(upstream.requests).toHaveLength(0);
  });

  test("what the provider refuses is told in AWS's words", async () => {
    const refusal = jsonAnswer({ message: 'Malformed input request' }, 400, 'x-amzn-errortype: ValidationException\r\n');
    const { gateway } = await start('bedrock/meta.llama3-8b-instruct-v1:0', refusal);
    const response = await gateway.post('/model/m/invoke', prompt);
    expect([response.status, await response.json()]).toMatchObject([400, { message: 'Malformed input request' }]);
  });
});

describe('a client of OpenAI', () => {
  const hello = { model: 'm', messages: [{ role: 'user', content: 'Hi' }], stream: true, stream_options: { include_usage: true } };
  const textIn = (body: string): string =>
    [...body.matchAll(/^data: (\{.*)$/gm)]
      .map(([, data]) => (JSON.parse(data!) as { choices: { delta?: { content?: string } }[] }).choices[0]?.delta?.content ?? '')
      .join('');

  test('reaches a family by InvokeModel', async () => {
    const { gateway, sent } = await start('bedrock/invoke/meta.llama3-8b-instruct-v1:0', framed);
    const told = await (await gateway.post('/v1/chat/completions', hello)).text();
    expect([textIn(told), told.includes('"total_tokens":8'), told.endsWith('data: [DONE]\n\n')]).toEqual(['Hé', true, true]);
    expect(String(sent()['prompt'])).toContain('<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>');
  });

  test('an imported model, by the word in front of its ARN', async () => {
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:imported-model/abc';
    const { gateway, head } = await start(
      `"bedrock/deepseek_r1/${arn}"`,
      jsonAnswer({ generation: 'Hm</think>Hé', prompt_token_count: 5, generation_token_count: 3, stop_reason: 'stop' }),
    );
    const { choices } = (await (
      await gateway.post('/v1/chat/completions', { ...hello, stream: false, stream_options: undefined })
    ).json()) as {
      choices: { message: unknown }[];
    };
    expect(choices[0]!.message).toMatchObject({ content: 'Hé', reasoning_content: 'Hm' });
    expect(head()).toStartWith(`POST /model/${encodeURIComponent(arn)}/invoke `);
  });

  test("reaches SageMaker's endpoints, whose events are cut at will", async () => {
    const events = [
      {
        id: 'c',
        object: 'chat.completion.chunk',
        choices: [{ index: 0, delta: { role: 'assistant', content: 'H' }, finish_reason: null }],
      },
      { id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: 'é' }, finish_reason: 'stop' }] },
      { id: 'c', object: 'chat.completion.chunk', choices: [], usage: { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 } },
    ];
    const bytes = Buffer.from(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('') + 'data: [DONE]\n\n');
    const parts = Array.from({ length: Math.ceil(bytes.length / 13) }, (_, at) => formatPayloadPart(bytes.subarray(at * 13, at * 13 + 13)));
    const { gateway, head } = await start('sagemaker_chat/my-endpoint', parts, ', model_id: my-component');
    const told = await (await gateway.post('/v1/chat/completions', hello)).text();
    expect([textIn(told), told.endsWith('data: [DONE]\n\n')]).toEqual(['Hé', true]);
    expect(head()).toStartWith('POST /endpoints/my-endpoint/invocations-response-stream ');
    expect(head()).toMatch(/x-amzn-sagemaker-inference-component: my-component/i);
    expect(gateway.calls()[0]).toMatchObject({ status: 200, inputTokens: 5, outputTokens: 3 });
  });

  test("a failure of SageMaker's stream before any output is one with a status", async () => {
    const failed = formatEventStream({ event: 'InternalStreamFailureException', data: '{"Message":"The stream failed"}' });
    const { gateway } = await start('sagemaker_chat/my-endpoint', [failed]);
    const response = await gateway.post('/v1/chat/completions', hello);
    expect([response.status, await response.json()]).toMatchObject([
      500,
      { error: { message: expect.stringContaining('The stream failed') as unknown } },
    ]);
  });
});
