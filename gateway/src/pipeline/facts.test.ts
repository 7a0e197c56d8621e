import { describe, expect, test } from 'bun:test';
import { loadCatalog } from 'sluice/kit';
import { loadConfig } from '../config/load.ts';
import { createFacts } from './facts.ts';
import { createPrices, type PriceSource } from './prices.ts';

const book = await loadCatalog();

const of = (yaml: string, source: PriceSource = { book }, now = () => Date.parse('2026-11-22')) => {
  const loaded = loadConfig(`model_list:\n  - model_name: m\n    ${yaml}\n`, { file: 'test.yaml', env: {} });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { snapshot } = loaded;
  const deployment = snapshot.deployments[0]!;
  const prices = createPrices(snapshot, source);
  return createFacts({ prices, source, providerOf: ({ provider }) => provider, now })(deployment, deployment.model);
};

const gpt = 'litellm_params: { model: openai/gpt-4o-mini, api_key: k }';

describe('createFacts', () => {
  test('says what the catalog knows', () => {
    const facts = of(gpt);
    expect(facts.maxInputTokens ?? facts.contextWindow).toBe(128_000);
    expect(facts.abilities!.has('vision')).toBe(true);
    expect(facts.inputUsdPerToken).toBeCloseTo(0.15e-6, 12);
    expect(facts.outputUsdPerToken).toBeCloseTo(0.6e-6, 12);
  });

  test('what the configuration says goes before', () => {
    const facts = of(`${gpt}\n    model_info: { max_input_tokens: 500000, supports_vision: false, input_cost_per_token: 0 }`);
    expect([facts.maxInputTokens, facts.contextWindow, facts.inputUsdPerToken]).toEqual([500_000, undefined, 0]);
    expect([facts.lacks!.has('vision'), facts.abilities!.has('vision')]).toEqual([true, false]);
  });

  test('a model that nobody knows has what is said of it, with or without a book', () => {
    const yaml = 'litellm_params: { model: custom_openai/mine, api_base: "http://127.0.0.1:1/v1" }';
    for (const source of [{ book }, { book: undefined }]) {
      const facts = of(`${yaml}\n    model_info: { max_input_tokens: 100, supports_vision: false }`, source);
      expect(facts.maxInputTokens).toBe(100);
      expect([...facts.lacks!]).toEqual(['vision']);
      expect(facts.inputUsdPerToken).toBeUndefined();
    }
    expect(of(yaml).maxInputTokens).toBeUndefined();
  });

  test('prices that come later are there when they have come', () => {
    const source: { book: PriceSource['book'] } = { book: undefined };
    const facts = of(gpt, source);
    expect(facts.abilities).toBeUndefined();
    source.book = book;
    expect(facts.abilities!.has('vision')).toBe(true);
  });

  test('is looked up once a minute, not once a question', () => {
    let now = 0;
    let looks = 0;
    const prices = { rowOf: () => (looks++, undefined) };
    const facts = createFacts({ prices, source: { book }, providerOf: () => 'openai', now: () => now })(
      { modelInfo: {} } as Parameters<ReturnType<typeof createFacts>>[0],
      'm',
    );
    expect([facts.lacks, facts.abilities, facts.maxInputTokens, looks]).toEqual([undefined, undefined, undefined, 1]);
    now = 60_000;
    expect([facts.lacks, looks]).toEqual([undefined, 2]);
  });
});
