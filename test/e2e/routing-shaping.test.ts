import { afterEach, describe, expect, test } from 'bun:test';
import type net from 'node:net';
import { chat, completion, createRig, delta, done, jsonAnswer, piece, streamEnd, streamHead, type Gateway } from './harness.ts';

const rig = createRig();
const { upstreamOf, gatewayOf } = rig;
afterEach(rig.stopAll);

const deploymentOf = (name: string, base: string, more = '', outside = ''): string =>
  `  - model_name: ${name}\n    litellm_params: { model: custom_openai/${name}, api_base: "${base}", api_key: sk-${name}${more} }\n${outside}`;

const metricsOf = async (gateway: Gateway): Promise<string> => (await fetch(`${gateway.url}/metrics`)).text();

/** Waits for what nobody tells of. */
const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (let at = 0; at < 400 && !(await holds()); at++) await Bun.sleep(25);
  expect(await holds()).toBe(true);
};

const saying = (content: string) => (socket: net.Socket) => void socket.write(jsonAnswer(completion(content)));

describe('an experiment', () => {
  const yamlOf = (base: string, percent: number) =>
    `model_list:\n${deploymentOf('chat', base)}${deploymentOf('next', base)}` +
    `router_settings: { model_group_alias: { talk: chat } }\n` +
    `sluice_settings: { routing: { experiments: [{ name: try-next, model: chat, sticky_by: user, arms: [{ name: new, model: next, percent: ${percent} }] }] } }\n`;
  const armsOf = (gateway: Gateway, users: readonly string[], model = 'chat') =>
    Promise.all(
      users.map(async (user) => {
        const response = await chat(gateway, { model, user });
        await response.arrayBuffer();
        return [response.headers.get('x-sluice-experiment'), response.headers.get('x-litellm-model-name')].join(' ');
      }),
    );

  test('deals each user the same arm, on every instance, and says which', async () => {
    const upstream = await upstreamOf();
    const [one, other] = [await gatewayOf(yamlOf(upstream.base, 50)), await gatewayOf(yamlOf(upstream.base, 50))];
    const users = Array.from({ length: 40 }, (_, at) => `user-${at}`);
    const first = await armsOf(one, users);
    expect(new Set(first)).toEqual(new Set(['try-next=new next', 'try-next=control chat']));
    expect(await armsOf(one, users)).toEqual(first);
    // Of another name for it, too.
    expect(await armsOf(other, users, 'talk')).toEqual(first);

    const fresh = first.filter((arm) => arm.startsWith('try-next=new')).length;
    expect(await metricsOf(one)).toContain(`sluice_experiment_calls_total{experiment="try-next",arm="new",status="200"} ${2 * fresh}\n`);
    expect(one.calls().filter(({ experiment }) => experiment === 'try-next=new')).toHaveLength(2 * fresh);

    // Nobody who has the new one loses it when it grows.
    one.reload(yamlOf(upstream.base, 80));
    const later = await armsOf(one, users);
    for (let at = 0; at < users.length; at++) if (first[at]!.includes('new')) expect(later[at]).toBe(first[at]!);
  });
});

test('an experiment may lead to a choice by content', async () => {
  const upstream = await upstreamOf();
  const gateway = await gatewayOf(
    `model_list:\n${deploymentOf('chat', upstream.base)}${deploymentOf('easy', upstream.base)}${deploymentOf('hard', upstream.base)}` +
      `  - model_name: clever\n    litellm_params: { model: auto_router/complexity_router, complexity_router_default_model: easy, ` +
      `complexity_router_config: { tiers: { SIMPLE: easy, MEDIUM: easy, COMPLEX: hard, REASONING: hard } } }\n` +
      `sluice_settings: { routing: { experiments: [{ name: try-clever, model: chat, arms: [{ model: clever, percent: 100 }] }] } }\n`,
  );
  const answer = await chat(gateway, { model: 'chat' });
  await answer.arrayBuffer();
  expect(answer.headers.get('x-sluice-experiment')).toBe('try-clever=clever');
  expect(answer.headers.get('x-litellm-model-name')).toBe('easy');
  expect(gateway.calls()[0]).toMatchObject({ model: 'chat', servedModel: 'easy', experiment: 'try-clever=clever' });
});

test('a ladder: calls go a step down while too many are open, and say so', async () => {
  const sockets: net.Socket[] = [];
  const slow = await upstreamOf((socket) => void sockets.push(socket));
  const quick = await upstreamOf(saying('quick'));
  const gateway = await gatewayOf(
    `model_list:\n${deploymentOf('big', slow.base)}${deploymentOf('small', quick.base)}` +
      `sluice_settings: { routing: { ladders: [{ model: big, steps: [{ model: small, when: { open_calls: 2 } }] }] } }\n`,
  );
  const open = [1, 2, 3].map(() => chat(gateway, { model: 'big' }));
  await until(() => sockets.length === 3);
  // Ladders are looked at once a second.
  await Bun.sleep(1100);
  const answer = await chat(gateway, { model: 'big' });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-sluice-degraded-to')).toBe('small');
  expect(await answer.json()).toMatchObject({ choices: [{ message: { content: 'quick' } }] });
  for (const socket of sockets) socket.write(jsonAnswer(completion('slow')));
  for (const response of await Promise.all(open)) {
    expect(response.headers.get('x-sluice-degraded-to')).toBeNull();
    await response.arrayBuffer();
  }
  expect(await metricsOf(gateway)).toContain('sluice_degraded_calls_total{model="big",step="1"} 1\n');
});

test('hours: a deployment is asked in its own alone', async () => {
  const [now, later] = [await upstreamOf(saying('now')), await upstreamOf(saying('later'))];
  const hour = (shift: number) => `${String((new Date().getUTCHours() + 24 + shift) % 24).padStart(2, '0')}:00`;
  const active = (from: number, to: number) => `    sluice_params: { active: { from: "${hour(from)}", to: "${hour(to)}" } }\n`;
  const gateway = await gatewayOf(
    `model_list:\n${deploymentOf('m', now.base, '', active(-2, 3))}${deploymentOf('m', later.base, '', active(5, 9))}`,
  );
  for (let at = 0; at < 8; at++) expect((await chat(gateway)).status).toBe(200);
  expect([now.requests.length, later.requests.length]).toEqual([8, 0]);
});

describe('a shadow', () => {
  const yamlOf = (base: string, shadow: string, more = '') =>
    `model_list:\n${deploymentOf('m', base, ', silent_model: shadow')}${deploymentOf('shadow', shadow, more)}${deploymentOf('third', base)}`;

  test('gets a copy, and is seen apart', async () => {
    const [real, shadow] = [await upstreamOf(), await upstreamOf()];
    const gateway = await gatewayOf(yamlOf(real.base, shadow.base, ', silent_model: third'));
    const response = await chat(gateway, { temperature: 0.3 });
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: 'x' } }] });
    await until(() => gateway.calls().length === 2);
    const [call, copy] = gateway.calls();
    expect(call).toMatchObject({ route: 'chat', model: 'm' });
    expect(copy).toMatchObject({ route: 'mirror', model: 'shadow', mirrorOf: call!['callId'], status: 200, inputTokens: 3 });
    expect(copy!['callId']).not.toBe(call!['callId']);
    expect(shadow.requests[0]!.text).toContain('"temperature":0.3');
    expect(shadow.requests[0]!.text).toContain('"model":"shadow"');
    expect(await metricsOf(gateway)).toContain(
      'sluice_requests_total{route="mirror",model="shadow",provider="custom_openai",status="200"} 1\n',
    );
    // Never a copy of a copy.
    await Bun.sleep(100);
    expect([real.requests.length, shadow.requests.length]).toEqual([1, 1]);
  });

  test('that hangs delays nothing, streams neither, and is cut off at the end', async () => {
    const real = await upstreamOf((socket, text) => {
      if (text.includes('"stream":true'))
        socket.write(streamHead + piece(delta('Hello')) + piece(delta('', 'stop')) + piece(done) + streamEnd);
      else socket.write(jsonAnswer(completion('x')));
    });
    const shadow = await upstreamOf((socket, text) => {
      // A stream that begins and does not end.
      if (text.includes('"stream":true')) socket.write(streamHead + piece(delta('Hello')));
    });
    const gateway = await gatewayOf(yamlOf(real.base, shadow.base));
    expect((await chat(gateway)).status).toBe(200);
    expect(await (await chat(gateway, { stream: true })).text()).toContain('[DONE]');
    await until(() => shadow.requests.length === 2);
    expect(gateway.calls().map(({ route }) => route)).toEqual(['chat', 'chat']);
    const started = performance.now();
    await gateway.stop(5000);
    expect(performance.now() - started).toBeLessThan(4000);
    await until(() => gateway.calls().length === 4);
    expect(gateway.calls().filter(({ route }) => route === 'mirror')).toEqual([
      expect.objectContaining({ errorCode: 'unavailable' }),
      expect.objectContaining({ errorCode: 'unavailable' }),
    ]);
    await until(() => shadow.requests.every(({ closedAt }) => closedAt !== undefined));
  });

  test('that fails, with the very key of the model itself, makes nothing rest, and is tried once', async () => {
    const upstream = await upstreamOf((socket, text) => {
      if (text.includes('"model":"shadow"')) socket.write(jsonAnswer({ error: { message: 'No.', type: 'x' } }, 401));
      else socket.write(jsonAnswer(completion('x')));
    });
    const yaml =
      `model_list:\n  - model_name: m\n    litellm_params: { model: custom_openai/m, api_base: "${upstream.base}", api_key: sk-one, silent_model: shadow }\n` +
      `  - model_name: shadow\n    litellm_params: { model: custom_openai/shadow, api_base: "${upstream.base}", api_key: sk-one }\n` +
      `router_settings: { fallbacks: [{ shadow: [m] }], num_retries: 3 }\n`;
    const gateway = await gatewayOf(yaml);
    for (let at = 0; at < 12; at++) {
      expect((await chat(gateway)).status).toBe(200);
      await until(() => gateway.calls().length === 2 * (at + 1));
    }
    expect(upstream.requests.length).toBe(24);
    expect(gateway.calls().filter(({ route, status }) => route === 'mirror' && status !== 200)).toHaveLength(12);
    expect(await metricsOf(gateway)).not.toContain('sluice_deployment_cooldowns_total{');
  });

  test('that is slow for long holds no more than a hundred copies', async () => {
    const [real, shadow] = [await upstreamOf(), await upstreamOf(() => {})];
    const gateway = await gatewayOf(yamlOf(real.base, shadow.base));
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all(Array.from({ length: 25 }, () => chat(gateway)));
      for (const each of answers) expect(each.status).toBe(200);
    }
    await until(() => shadow.requests.length === 100);
    expect(await metricsOf(gateway)).toContain('sluice_mirror_dropped_total 25\n');
    expect(shadow.requests.length).toBe(100);
  });
});
