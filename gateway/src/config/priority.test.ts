import { describe, expect, test } from 'bun:test';
import { loadConfig } from './load.ts';

const load = (text: string, env: Record<string, string> = {}) => {
  const loaded = loadConfig(text, { file: 'test.yaml', env });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.snapshot;
};
const problems = (text: string): string[] => {
  const loaded = loadConfig(text, { file: 'test.yaml', env: {} });
  return loaded.ok ? [] : loaded.problems.map(({ message }) => message);
};

const model = (rest = '') => `model_list: [{ model_name: m, litellm_params: { model: mock/a${rest} } }]\n`;

describe('priorities in the configuration', () => {
  test("LiteLLM's own example", () => {
    const { priority, notes, warnings } = load(`${model(', rpm: 100, tpm: 1000')}
litellm_settings:
  callbacks: [dynamic_rate_limiter_v3]
  priority_reservation: { prod: 0.9, dev: { type: rpm, value: 10 }, batch: { type: percent, value: '0.05' }, bulk: { type: tpm, value: 100 } }
  priority_reservation_settings: { default_priority: 0, saturation_threshold: 0.8, saturation_check_cache_ttl: 0 }
`);
    expect(priority).toEqual({
      limiter: 'shares',
      reservations: {
        prod: { of: 'share', value: 0.9 },
        dev: { of: 'rpm', value: 10 },
        batch: { of: 'share', value: 0.05 },
        bulk: { of: 'tpm', value: 100 },
      },
      defaultShare: 0,
      saturationThreshold: 0.8,
      saturationTtlMs: 0,
      fairShare: false,
      failuresPerMinute: 1,
    });
    expect([notes, warnings]).toEqual([[], []]);
  });

  test('without a word of it', () => {
    expect(load(model()).priority).toEqual({
      reservations: {},
      defaultShare: 0.25,
      saturationThreshold: 0.5,
      saturationTtlMs: 60_000,
      fairShare: false,
      failuresPerMinute: 1,
    });
  });

  test('callbacks: the newer limiter wins, and every other name is told as not built, with its place', () => {
    const { priority, notes } = load(
      `${model()}litellm_settings: { callbacks: [langfuse, dynamic_rate_limiter, constructor, dynamic_rate_limiter_v3] }`,
    );
    expect(priority.limiter).toBe('shares');
    expect(notes.map(({ kind, key, path }) => [kind, key, path])).toEqual([
      ['not-built', 'litellm_settings.callbacks langfuse', 'litellm_settings.callbacks[0]'],
      ['not-built', 'litellm_settings.callbacks constructor', 'litellm_settings.callbacks[2]'],
    ]);
    expect(load(`${model()}litellm_settings: { callbacks: dynamic_rate_limiter }`).priority.limiter).toBe('equal');
    expect(load(`${model()}litellm_settings: { callbacks: prometheus }`).notes.map(({ key }) => key)).toEqual([
      'litellm_settings.callbacks prometheus',
    ]);
  });

  test('a reservation without the limiter, and a model of which nobody knows what it takes, are warned of', () => {
    const text = 'litellm_settings: { priority_reservation: { prod: 0.9 } }';
    expect(load(model() + text).warnings.map(({ key }) => key)).toEqual(['litellm_settings.priority_reservation']);
    const half = `
model_list:
  - { model_name: m, litellm_params: { model: mock/a, rpm: 1 } }
  - { model_name: m, litellm_params: { model: mock/b } }
sluice_settings: { fair_share: true }
`;
    expect(load(half).warnings.map(({ key }) => key)).toEqual(['model_list m rpm']);
    expect(load(half).priority.fairShare).toBe(true);
    expect(load(`${model()}sluice_settings: { fair_share: true }`).warnings.map(({ key }) => key)).toEqual(['sluice_settings.fair_share']);
    expect(load(`${model()}litellm_settings: { callbacks: dynamic_rate_limiter }`).warnings.map(({ key }) => key)).toEqual([
      'litellm_settings.callbacks',
    ]);
  });

  test.each([
    ['0', 1],
    ['many', 1],
    ['1001', 1],
    ['', 1],
    ['3', 3],
  ])('DYNAMIC_RATE_LIMIT_ERROR_THRESHOLD_PER_MINUTE=%p is %p', (text, failures) => {
    const { priority, warnings } = load(model(), { DYNAMIC_RATE_LIMIT_ERROR_THRESHOLD_PER_MINUTE: text });
    expect(priority.failuresPerMinute).toBe(failures);
    expect(warnings.length).toBe(text === '' || text === '3' ? 0 : 1);
  });

  test.each([
    'priority_reservation: { prod: -1 }',
    'priority_reservation: { prod: { type: tokens, value: 1 } }',
    'priority_reservation: { prod: { value: 1, of: rpm } }',
    'priority_reservation_settings: { saturation_threshold: 2 }',
    'priority_reservation_settings: { saturation: 1 }',
  ])('%s is refused', (line) => {
    expect(problems(`${model()}litellm_settings: { ${line} }`)).toHaveLength(1);
  });
});
