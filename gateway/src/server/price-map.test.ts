import { expect, test } from 'bun:test';
import { builtInPrices } from '../pipeline/prices.ts';
import { loadConfig } from '../config/load.ts';
import { createLogger } from '../telemetry/log.ts';
import { keepPriceMap } from './price-map.ts';

const map = (dollars: number) =>
  JSON.stringify({ 'acme/m': { litellm_provider: 'acme', input_cost_per_token: dollars, output_cost_per_token: dollars } });

const setUp = async (yaml: string, env: Record<string, string> = {}) => {
  const fetched: string[] = [];
  const read: string[] = [];
  const lines: string[] = [];
  const source = builtInPrices();
  const builtIn = await source.ready;
  const keeper = keepPriceMap({
    source,
    transport: ({ url }) => {
      fetched.push(url);
      const status = url.includes('broken') ? 500 : 200;
      const bytes = new TextEncoder().encode(map(1e-6));
      return Promise.resolve({ status, headers: new Headers(), read: async () => undefined, bytes: async () => bytes, cancel: () => {} });
    },
    readText: async (path, from) => {
      read.push(`${from}: ${path}`);
      return map(2e-6);
    },
    logger: createLogger({ write: (line) => void lines.push(line), level: () => 'info', calls: () => true }),
    now: () => Date.parse('2026-11-22'),
  });
  const configure = (text: string) => {
    const loaded = loadConfig(`model_list: []\n${text}`, { file: 'conf/test.yaml', env });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    keeper.configure(loaded.snapshot, env);
  };
  configure(yaml);
  const settled = async () => {
    for (let tries = 0; tries < 50; tries++) await Bun.sleep(1);
    return source.book?.find('acme', 'm')?.prices[0]?.rates.inputTokens;
  };
  return { fetched, read, lines, source, builtIn, keeper, configure, settled };
};

test('nothing is fetched where nobody asks for it', async () => {
  const { fetched, settled, source, builtIn } = await setUp('');
  expect(await settled()).toBeUndefined();
  expect(fetched).toEqual([]);
  expect(source.book).toBe(builtIn);
});

test('a URL of the configuration, of LiteLLM or of its variable', async () => {
  const url = 'https://prices.test/map.json?version=2';
  for (const [yaml, env] of [
    [`sluice_settings: { price_map: { url: "${url}" } }`, {}],
    [`litellm_settings: { model_cost_map_url: "${url}" }`, {}],
    ['', { LITELLM_MODEL_COST_MAP_URL: url }],
  ] as const) {
    const { fetched, settled, keeper, source, lines } = await setUp(yaml, env);
    expect(await settled()).toBe(1_000_000);
    expect(fetched).toEqual([url]);
    // What is beneath stays, and neither rows nor log hold the whole address.
    expect(source.book?.find('openai', 'gpt-4o')).toBeDefined();
    expect(source.book?.find('acme', 'm')?.source).toBe('prices.test, 2026-11-22');
    expect(lines.join('\n')).not.toContain('version=2');
    keeper.stop();
  }
});

test('LITELLM_LOCAL_MODEL_COST_MAP: no network', async () => {
  const { fetched, settled } = await setUp('', {
    LITELLM_MODEL_COST_MAP_URL: 'https://prices.test/',
    LITELLM_LOCAL_MODEL_COST_MAP: 'True',
  });
  expect(await settled()).toBeUndefined();
  expect(fetched).toEqual([]);
});

test('a file, relative to the one that names it', async () => {
  const { read, settled, keeper } = await setUp('sluice_settings: { price_map: { file: prices.json } }');
  expect(await settled()).toBe(2_000_000);
  expect(read).toEqual(['conf/test.yaml: prices.json']);
  keeper.stop();
});

test('one that fails is told, and the prices from before hold; without one, the built-in ones are back', async () => {
  const { configure, settled, lines, source, builtIn, keeper } = await setUp('sluice_settings: { price_map: { file: prices.json } }');
  expect(await settled()).toBe(2_000_000);
  configure('sluice_settings: { price_map: { url: "https://broken.test/map.json" } }');
  expect(await settled()).toBe(2_000_000);
  expect(lines.some((line) => line.includes('price map not loaded') && line.includes('500'))).toBe(true);
  configure('');
  await settled();
  expect(source.book).toBe(builtIn);
  keeper.stop();
});

test('a variable that holds no URL is told, without its words', async () => {
  const failures: unknown[] = [];
  const note = (cause: unknown) => void failures.push(cause);
  process.on('unhandledRejection', note);
  const { lines, settled, keeper } = await setUp('', { LITELLM_MODEL_COST_MAP_URL: 'sk-canary no url' });
  await settled();
  keeper.stop();
  process.off('unhandledRejection', note);
  expect(failures).toEqual([]);
  expect(lines.join()).not.toContain('sk-canary');
});

test('a server that never ends its answer is given up, and asked again when it is time', async () => {
  const lines: string[] = [];
  let asked = 0;
  const source = builtInPrices();
  await source.ready;
  const keeper = keepPriceMap({
    source,
    transport: ({ signal }) => {
      asked++;
      const { promise, reject } = Promise.withResolvers<never>();
      signal?.addEventListener('abort', () => reject(signal.reason as Error));
      return promise;
    },
    logger: createLogger({ write: (line) => void lines.push(line), level: () => 'info', calls: () => true }),
    now: () => 0,
    timeoutMs: 5,
  });
  const loaded = loadConfig('model_list: []\nsluice_settings: { price_map: { url: "https://prices.test/m.json" } }', {
    file: 'test.yaml',
    env: {},
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { priceMap } = loaded.snapshot.costs;
  keeper.configure({ ...loaded.snapshot, costs: { ...loaded.snapshot.costs, priceMap: { ...priceMap, refreshMs: 1 } } }, {});
  for (let tries = 0; tries < 500 && asked < 2; tries++) await Bun.sleep(1);
  keeper.stop();
  expect(asked).toBeGreaterThan(1);
  expect(lines.join()).toContain('longer than 5 ms');
});

test('a wait that is longer than timers know is no wait of nothing', async () => {
  const { fetched, settled, keeper } = await setUp(
    'sluice_settings: { price_map: { url: "https://prices.test/m.json", refresh_minutes: 100000 } }',
  );
  await settled();
  keeper.stop();
  expect(fetched).toHaveLength(1);
});
