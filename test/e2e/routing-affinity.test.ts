import { afterEach, describe, expect, test } from 'bun:test';
import type net from 'node:net';
import { chat, completion, createRig, jsonAnswer, piece, streamEnd, streamHead, type Gateway, type RawUpstream } from './harness.ts';

const rig = createRig();
const { upstreamOf, gatewayOf } = rig;
afterEach(rig.stopAll);

const deployments = (upstreams: readonly RawUpstream[], provider = 'custom_openai', more = ''): string =>
  `model_list:\n${upstreams
    .map(
      ({ base }, at) =>
        `  - model_name: m\n    litellm_params: { model: ${provider}/m, api_base: "${base}", api_key: sk-${at}${more} }\n    model_info: { id: d${at} }\n`,
    )
    .join('')}`;

const checks = (...names: string[]): string => `router_settings: { optional_pre_call_checks: [${names.join(', ')}], num_retries: 0 }\n`;

const several = (count: number, answer?: (socket: net.Socket, text: string) => void): Promise<RawUpstream[]> =>
  Promise.all(Array.from({ length: count }, () => upstreamOf(answer)));

const deploymentIn = async (pending: Promise<Response>): Promise<string | null> => {
  const response = await pending;
  await response.arrayBuffer();
  expect(response.status).toBe(200);
  return response.headers.get('x-litellm-model-id');
};

const metricsOf = async (gateway: Gateway): Promise<string> => (await fetch(`${gateway.url}/metrics`)).text();

describe('calls of one kind', () => {
  test('sessions stay where they are, on every instance; all deployments have some', async () => {
    const upstreams = await several(4);
    const yaml = deployments(upstreams) + checks('session_affinity');
    const [one, other] = [await gatewayOf(yaml), await gatewayOf(yaml)];
    const homes = new Set<string | null>();
    for (let session = 0; session < 16; session++) {
      const headers = { 'x-litellm-session-id': `session-${session}` };
      const first = await deploymentIn(chat(one, {}, headers));
      for (const gateway of [one, other, one]) expect(await deploymentIn(chat(gateway, {}, headers))).toBe(first);
      homes.add(first);
    }
    expect(homes.size).toBe(4);
    expect(await metricsOf(one)).toContain('sluice_affinity_total{affinity="session",result="hit"} 48\n');
    expect(await metricsOf(one)).toContain('sluice_affinity_total{affinity="session",result="miss"} 0\n');
  });

  test('FP-74: turns of a conversation find the prompt that is cached; without the switch they do not', async () => {
    const upstreams = await several(4);
    const gateway = await gatewayOf(deployments(upstreams) + checks('prompt_caching'));
    const talk = async (topic: string): Promise<Set<string | null>> => {
      const messages = [{ role: 'user', content: `${topic} ${'a long text '.repeat(500)}` }];
      const seen = new Set<string | null>();
      for (let turn = 0; turn < 8; turn++) {
        seen.add(await deploymentIn(chat(gateway, { messages })));
        messages.push({ role: 'assistant', content: 'x' }, { role: 'user', content: `And ${turn}?` });
      }
      return seen;
    };
    for (const topic of ['ships', 'trees', 'stones']) expect((await talk(topic)).size).toBe(1);
    expect(await metricsOf(gateway)).toContain('sluice_affinity_total{affinity="prompt-cache",result="hit"} 24\n');
    gateway.reload(deployments(upstreams) + checks());
    expect((await talk('ships')).size).toBeGreaterThan(1);
    // What was counted before stays counted.
    expect(await metricsOf(gateway)).toContain('sluice_affinity_total{affinity="prompt-cache",result="hit"} 24\n');
  });

  test('an end user, and only for the models that say so', async () => {
    const upstreams = await several(4);
    const gateway = await gatewayOf(
      deployments(upstreams) +
        'router_settings: { optional_pre_call_checks: [session_affinity], model_group_affinity_config: { m: [deployment_affinity] } }\n',
    );
    const first = await deploymentIn(chat(gateway, { user: 'ann' }));
    for (let at = 0; at < 6; at++)
      expect(await deploymentIn(chat(gateway, { user: 'ann' }, { 'x-litellm-session-id': `s-${at}` }))).toBe(first);
  });
});

/** A provider that keeps its responses by account, and encrypts its reasoning. */
const keeper = () => {
  const kept = new Set<string>();
  let down = false;
  const answer = (name: string) => (socket: net.Socket, text: string) => {
    if (down) return void socket.write(jsonAnswer({ error: { message: 'Down.', type: 'server_error' } }, 503));
    const body = JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as Record<string, unknown>;
    const previous = body['previous_response_id'];
    const refuse = (message: string, code: string) =>
      void socket.write(jsonAnswer({ error: { message, type: 'invalid_request_error', param: null, code } }, 400));
    if (typeof previous === 'string' && !kept.has(previous))
      return refuse(`Previous response with id '${previous}' not found.`, 'previous_response_not_found');
    const items = Array.isArray(body['input']) ? (body['input'] as Record<string, unknown>[]) : [];
    if (items.some((item) => typeof item['encrypted_content'] === 'string' && item['encrypted_content'] !== `by ${name}`))
      return refuse('The encrypted content could not be verified.', 'invalid_encrypted_content');
    const id = `resp_${name}_${kept.size}`;
    kept.add(id);
    const response = {
      id,
      object: 'response',
      created_at: 1,
      status: 'completed',
      model: 'm',
      output: [
        { type: 'reasoning', id: `rs_${id}`, summary: [], encrypted_content: `by ${name}` },
        {
          type: 'message',
          id: `msg_${id}`,
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text: 'x', annotations: [] }],
        },
      ],
      usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2, input_tokens_details: {}, output_tokens_details: {} },
    };
    if (body['stream'] !== true) return void socket.write(jsonAnswer(response));
    const event = (type: string, more: object) => piece(`event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`);
    socket.write(
      streamHead +
        event('response.created', { response: { ...response, status: 'in_progress', output: [] } }) +
        event('response.output_text.delta', { item_id: 'msg', output_index: 1, content_index: 0, delta: 'x' }) +
        event('response.completed', { response }) +
        streamEnd,
    );
  };
  return { answer, breakDown: () => void (down = true) };
};

interface Answered {
  id: string;
  status: string;
  output: Record<string, unknown>[];
  error?: { message: string; code: string };
}

const respondTo = (gateway: Gateway, body: object): Promise<Response> =>
  gateway.post('/v1/responses', { model: 'm', input: 'Hi', ...body });

const whole = async (pending: Promise<Response>): Promise<Answered> => {
  const response = await pending;
  const body = (await response.json()) as Answered;
  expect(body.error?.message ?? '').toBe('');
  return body;
};

const keepers = async (count: number) => {
  const all = Array.from({ length: count }, keeper);
  const upstreams = await Promise.all(all.map(({ answer }, at) => upstreamOf(answer(`d${at}`))));
  return { all, upstreams };
};

const asked = (upstreams: readonly RawUpstream[]): number => upstreams.reduce((sum, { requests }) => sum + requests.length, 0);

describe('FP-76: a conversation that its provider keeps', () => {
  test('goes on at its deployment, whole and streamed', async () => {
    const { upstreams } = await keepers(4);
    const gateway = await gatewayOf(deployments(upstreams, 'openai') + checks());
    for (let conversation = 0; conversation < 12; conversation++) {
      const first = await whole(respondTo(gateway, {}));
      const second = await respondTo(gateway, { previous_response_id: first.id, stream: true });
      const text = await second.text();
      expect(text).toContain('response.completed');
      const id = /"response":\{"id":"(resp_\w+)","object":"response","created_at":1,"status":"completed"/.exec(text)![1]!;
      await whole(respondTo(gateway, { previous_response_id: id }));
    }
    // Nobody was asked in vain.
    expect(asked(upstreams)).toBe(36);
  });

  test('is found by an instance that has not seen it', async () => {
    const { upstreams } = await keepers(4);
    const yaml = deployments(upstreams, 'openai') + 'router_settings: {}\n';
    const [one, other] = [await gatewayOf(yaml), await gatewayOf(yaml)];
    for (let conversation = 0; conversation < 8; conversation++) {
      const first = await whole(respondTo(one, {}));
      const second = await whole(respondTo(other, { previous_response_id: first.id }));
      const before = asked(upstreams);
      await whole(respondTo(other, { previous_response_id: second.id }));
      expect(asked(upstreams)).toBe(before + 1);
    }
    // What nobody has is told in the provider's words, after each was asked once.
    const before = asked(upstreams);
    const never = await respondTo(other, { previous_response_id: 'resp_never' });
    expect(never.status).toBe(400);
    expect(await never.text()).toContain('previous_response_not_found');
    expect(asked(upstreams)).toBe(before + 4);
  });

  test('whose home is down is not begun anew elsewhere', async () => {
    const { all, upstreams } = await keepers(3);
    const gateway = await gatewayOf(deployments(upstreams, 'openai') + checks());
    const first = await respondTo(gateway, {});
    const home = Number(first.headers.get('x-litellm-model-id')!.slice(1));
    const { id } = (await first.json()) as Answered;
    all[home]!.breakDown();
    const before = asked(upstreams.filter((_, at) => at !== home));
    expect((await respondTo(gateway, { previous_response_id: id })).status).toBe(503);
    expect(asked(upstreams.filter((_, at) => at !== home))).toBe(before);
  });

  test('whose home is gone is told so', async () => {
    const { upstreams } = await keepers(2);
    const gateway = await gatewayOf(deployments(upstreams, 'openai') + checks());
    const first = await respondTo(gateway, {});
    const home = Number(first.headers.get('x-litellm-model-id')!.slice(1));
    const { id } = (await first.json()) as Answered;
    gateway.reload(deployments([upstreams[1 - home]!], 'openai').replaceAll('d0', `d${1 - home}`) + checks());
    const before = asked(upstreams);
    const answer = await respondTo(gateway, { previous_response_id: id });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { message: expect.stringContaining('the deployment that keeps it is gone'), param: 'previous_response_id' },
    });
    expect(asked(upstreams)).toBe(before);
  });

  test('that the gateway keeps itself goes on anywhere', async () => {
    const upstreams = await several(3, (socket) => void socket.write(jsonAnswer(completion('x'))));
    const gateway = await gatewayOf(deployments(upstreams, 'openai', ', use_chat_completions_api: true') + checks());
    let last = await whole(respondTo(gateway, {}));
    const used = new Set<string | null>();
    for (let turn = 0; turn < 12; turn++) {
      const response = await respondTo(gateway, { previous_response_id: last.id });
      used.add(response.headers.get('x-litellm-model-id'));
      last = (await response.json()) as Answered;
    }
    expect(used.size).toBeGreaterThan(1);
  });
});

describe('FP-76: encrypted reasoning', () => {
  test('goes back to the account that can read it', async () => {
    const { upstreams } = await keepers(4);
    const gateway = await gatewayOf(deployments(upstreams, 'openai') + checks());
    for (let conversation = 0; conversation < 10; conversation++) {
      const first = await whole(respondTo(gateway, { store: false, include: ['reasoning.encrypted_content'] }));
      const next = await respondTo(gateway, {
        store: false,
        input: [{ role: 'user', content: 'Hi' }, ...first.output, { role: 'user', content: 'Go on' }],
      });
      expect(next.status).toBe(200);
      expect(next.headers.get('x-sluice-dropped-params')).toBeNull();
      await next.arrayBuffer();
    }
    expect(asked(upstreams)).toBe(20);
    expect(await metricsOf(gateway)).toContain('sluice_affinity_total{affinity="encrypted-content",result="hit"} 10\n');
  });

  test('is left out where nobody who can read it is to be had: the conversation goes on', async () => {
    const { upstreams } = await keepers(2);
    const gateway = await gatewayOf(deployments(upstreams, 'openai') + checks());
    const first = await respondTo(gateway, { store: false });
    const home = Number(first.headers.get('x-litellm-model-id')!.slice(1));
    const { output } = (await first.json()) as Answered;
    gateway.reload(deployments([upstreams[1 - home]!], 'openai') + checks());
    const next = await respondTo(gateway, {
      store: false,
      input: [{ role: 'user', content: 'Hi' }, ...output, { role: 'user', content: 'Go on' }],
    });
    expect(next.status).toBe(200);
    expect(next.headers.get('x-sluice-dropped-params')).toContain('thinking');
  });
});
