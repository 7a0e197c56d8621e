import { afterAll, describe, expect, test } from 'bun:test';
import { completion, jsonAnswer, startGateway, startRawUpstream, type Gateway, type RawUpstream } from './harness.ts';

// Each strategy by its name in a configuration, through the whole gateway. What they promise in numbers is proven in
// test/routing/simulation; here is shown that the gateway asks them, tells them, and gives them what they go by.

const upstream: RawUpstream = await startRawUpstream((socket, text) => {
  const model = modelOf(text);
  if (model === 'failing') socket.write(jsonAnswer({ error: { message: 'broken' } }, 500));
  else setTimeout(() => socket.write(jsonAnswer(completion('good'))), model === 'slow' ? 60 : 0);
});
const modelOf = (text: string): string => /"model": ?"([\w-]+)"/.exec(text)![1]!;
const gateways: Gateway[] = [];
afterAll(async () => {
  for (const gateway of gateways) await gateway.stop();
  await upstream.stop();
});

/** Deployments of `m`: a model of the upstream, and its parameters. */
const start = async (deployments: Readonly<Record<string, string>>, settings: string): Promise<Gateway> => {
  const entries = Object.entries(deployments).map(
    ([model, params]) =>
      `  - { model_name: m, litellm_params: { model: custom_openai/${model}, api_base: "${upstream.base}", api_key: k, ${params} } }\n`,
  );
  const gateway = await startGateway(`model_list:\n${entries.join('')}router_settings: { ${settings} }\n`);
  gateways.push(gateway);
  return gateway;
};

const call = async (gateway: Gateway): Promise<void> => {
  const response = await gateway.post('/v1/chat/completions', { model: 'm', messages: [{ role: 'user', content: 'Hi' }] });
  expect(response.status, await response.text()).toBe(200);
};

/** How often each was asked by calls one after the other. */
const askedBy = async (gateway: Gateway, calls: number): Promise<Record<string, number>> => {
  upstream.requests.splice(0);
  for (let at = 0; at < calls; at++) await call(gateway);
  const counts: Record<string, number> = {};
  for (const { text } of upstream.requests.splice(0)) counts[modelOf(text)] = (counts[modelOf(text)] ?? 0) + 1;
  return counts;
};

/**
 * The most that the fast one was asked in so many calls, of three gateways. On a busy machine the fast one may be slow by
 * chance when it is asked first, and be left out with good reason.
 */
const mostFast = async (settings: string, calls: number, enough: number): Promise<number> => {
  let most = 0;
  for (let tries = 0; tries < 3 && most < enough; tries++) {
    const { fast = 0, slow = 0 } = await askedBy(await start({ fast: '', slow: '' }, settings), calls);
    expect(fast + slow).toBe(calls);
    if (slow > 0) most = Math.max(most, fast);
  }
  return most;
};

test('simple-shuffle: shares', async () => {
  const gateway = await start({ large: 'weight: 9', small: 'weight: 1', none: 'weight: 0' }, 'routing_strategy: simple-shuffle');
  const { large = 0, small = 0, none } = await askedBy(gateway, 200);
  expect(none).toBeUndefined();
  expect(large + small).toBe(200);
  // Five standard deviations from 20.
  expect(small).toBeGreaterThan(0);
  expect(small).toBeLessThan(42);
});

test('least-busy: calls at the same time go to different ones', async () => {
  const gateway = await start({ slow: '', 'slow-2': '' }, 'routing_strategy: least-busy');
  upstream.requests.splice(0);
  // The second call begins while the first is on its way, each time.
  for (let pair = 0; pair < 5; pair++) await Promise.all([call(gateway), call(gateway)]);
  const models = upstream.requests.splice(0).map(({ text }) => modelOf(text));
  expect(models.filter((model) => model === 'slow').length).toBeGreaterThanOrEqual(4);
  expect(models).toHaveLength(10);
});

test.each(['latency-based-routing', 'latency-based'])('%s: the faster one, after both were asked', async (name) => {
  expect(await mostFast(`routing_strategy: ${name}, routing_strategy_args: { ttl: 600 }`, 40, 34)).toBeGreaterThanOrEqual(34);
});

test('usage-based-routing-v2: what a minute allows, then the other one', async () => {
  const gateway = await start({ limited: 'rpm: 3', free: '' }, 'routing_strategy: usage-based-routing-v2');
  const { limited = 0, free = 0 } = await askedBy(gateway, 20);
  expect(limited).toBeGreaterThan(0);
  // The end of a minute may come in between.
  expect(limited).toBeLessThanOrEqual(6);
  expect(limited + free).toBe(20);
});

test.each(['cost-based-routing', 'cost-based'])('%s: the cheap one until it is full', async (name) => {
  const price = (usd: number) => `input_cost_per_token: ${usd}, output_cost_per_token: ${usd}`;
  const gateway = await start({ cheap: `${price(0.000001)}, rpm: 1000`, dear: price(0.000002), unknown: '' }, `routing_strategy: ${name}`);
  expect(await askedBy(gateway, 20)).toEqual({ cheap: 20 });
});

describe('adaptive', () => {
  test.each(['routing_strategy: adaptive', 'num_retries: 2'])('%s: the faster one', async (settings) => {
    expect(await mostFast(settings, 60, 40)).toBeGreaterThanOrEqual(40);
  });

  test('one that fails is hardly asked, also without rests, and no client sees it', async () => {
    const gateway = await start({ fast: '', failing: '' }, 'routing_strategy: adaptive, disable_cooldowns: true');
    const { fast = 0, failing = 0 } = await askedBy(gateway, 100);
    expect(fast).toBe(100);
    expect(failing).toBeLessThanOrEqual(25);
  });
});

test('routing_groups: a strategy for some names', async () => {
  const gateway = await start(
    {
      cheap: 'weight: 1, input_cost_per_token: 0.000001, output_cost_per_token: 0',
      dear: 'weight: 99, input_cost_per_token: 1, output_cost_per_token: 0',
    },
    'routing_strategy: simple-shuffle, routing_groups: [{ group_name: g, models: [m], routing_strategy: cost-based-routing }]',
  );
  expect(await askedBy(gateway, 10)).toEqual({ cheap: 10 });
});
