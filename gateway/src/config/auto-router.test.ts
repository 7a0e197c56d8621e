import { describe, expect, test } from 'bun:test';
import { load, mistakes } from './testing.ts';

const models = `model_list:
  - { model_name: cheap, litellm_params: { model: openai/a } }
  - { model_name: good, litellm_params: { model: openai/b } }
  - { model_name: embed, litellm_params: { model: openai/e } }
`;
const auto = (...lines: string[]) =>
  `${models}  - model_name: auto\n    litellm_params:\n${lines.map((line) => `      ${line}`).join('\n')}\n`;
const semantic = (...lines: string[]) =>
  auto('model: auto_router/auto', 'auto_router_default_model: cheap', 'auto_router_embedding_model: embed', ...lines);
const complexity = (...lines: string[]) => auto('model: auto_router/complexity_router', ...lines);
const last = (text: string, given = {}) => load(text, given).deployments.at(-1)!;

const routes =
  '{"encoder_type":"openai","encoder_name":"e","routes":[{"name":"good","utterances":["how to code"],"description":"code","function_schemas":null,"llm":null,"score_threshold":0.5,"metadata":{}},{"name":"cheap","utterances":["hi"],"score_threshold":null}]}';
const built = {
  kind: 'semantic',
  routes: [
    { name: 'good', utterances: ['how to code'], description: 'code', scoreThreshold: 0.5 },
    { name: 'cheap', utterances: ['hi'] },
  ],
  defaultModel: 'cheap',
  embeddingModel: 'embed',
} as const;

describe('by examples', () => {
  test('JSON in a text', () => expect(last(semantic(`auto_router_config: '${routes}'`)).autoRouter).toEqual(built));
  test('a mapping', () => expect(last(semantic(`auto_router_config: ${routes}`)).autoRouter).toEqual(built));
  test('a file, relative to the one that names it, part of the version', () => {
    const text = semantic('auto_router_config_path: routes/router.json');
    const asked: string[][] = [];
    const reading = (content: string) => ({
      readInclude: (name: string, from: string) => (asked.push([name, from]), { file: `/x/${name}`, text: content }),
    });
    expect(last(text, reading(routes)).autoRouter).toEqual(built);
    expect(asked).toEqual([['routes/router.json', 'config.yaml']]);
    expect(load(text, reading(routes)).version).not.toBe(load(text, reading(`${routes} `)).version);
  });
  test('is no vendor: nothing is said of one, and nothing of what is built', () => {
    const { notes, warnings, deployments } = load(semantic(`auto_router_config: ${routes}`));
    expect([notes, warnings]).toEqual([[], []]);
    expect(deployments.at(-1)!.provider).toBeUndefined();
    expect(deployments.at(-1)!.defaults).toEqual({});
  });
  test('routes to models that there are none of', () => {
    const { warnings } = load(semantic('auto_router_config: { routes: [{ name: goood, utterances: [x] }] }'));
    expect(warnings.map(({ path, message }) => [path, message])).toEqual([
      ['model_list[3].litellm_params.model', 'may choose goood, a model name that is not in `model_list` (did you mean good?)'],
    ]);
  });
  test('mistakes', () => {
    const file = (text: string, given = {}) => mistakes(text, given).map((each) => each.replace('config.yaml:', ''));
    expect(file(auto('model: auto_router/auto'))).toEqual([
      '7:14: model_list[3].litellm_params.model: needs `auto_router_default_model`',
      '7:14: model_list[3].litellm_params.model: needs `auto_router_embedding_model`',
      '7:14: model_list[3].litellm_params.model: needs `auto_router_config` or `auto_router_config_path`',
    ]);
    expect(file(semantic("auto_router_config: '{'"))).toEqual(['10:27: model_list[3].litellm_params.auto_router_config: is not JSON']);
    expect(file(semantic('auto_router_config: { routes: [{ name: good, utterances: [], score_threshold: 2 }] }'))).toEqual([
      '10:64: model_list[3].litellm_params.auto_router_config.routes[0].utterances: must not be empty',
      '10:85: model_list[3].litellm_params.auto_router_config.routes[0].score_threshold: must be at most 1',
    ]);
    expect(file(semantic(`auto_router_config: '{"routes":[{"name":"good"}]}'`))).toEqual([
      '10:27: model_list[3].litellm_params.auto_router_config: routes.0.utterances: must be a list',
    ]);
    expect(file(semantic('auto_router_config_path: x.json'))).toEqual([
      '10:32: model_list[3].litellm_params.auto_router_config_path: cannot be read here: the configuration is not a file',
    ]);
    const readInclude = () => {
      throw Object.assign(new Error('secret path'), { code: 'ENOENT' });
    };
    expect(file(semantic('auto_router_config_path: x.json'), { readInclude })).toEqual([
      '10:32: model_list[3].litellm_params.auto_router_config_path: cannot be read (ENOENT)',
    ]);
  });
});

describe('by complexity', () => {
  test('everything that is built', () => {
    expect(
      last(
        complexity(
          'complexity_router_default_model: good',
          'complexity_router_config:',
          '  tiers: { SIMPLE: cheap, MEDIUM: [cheap, good], COMPLEX: good }',
          '  tier_boundaries: { simple_medium: 0.1, medium_complex: 0.2, complex_reasoning: 0.3 }',
          '  token_thresholds: { simple: 10, complex: 100 }',
          '  dimension_weights: { codePresence: 0.5 }',
          '  code_keywords: [fn]',
          '  reasoning_keywords: [why]',
          '  technical_keywords: [tcp]',
          '  custom_technical_keywords: [acme]',
          '  simple_keywords: [hi]',
        ),
      ).autoRouter,
    ).toEqual({
      kind: 'complexity',
      tiers: { SIMPLE: ['cheap'], MEDIUM: ['cheap', 'good'], COMPLEX: ['good'] },
      defaultModel: 'good',
      boundaries: { simpleMedium: 0.1, mediumComplex: 0.2, complexReasoning: 0.3 },
      tokenThresholds: { simple: 10, complex: 100 },
      weights: { codePresence: 0.5 },
      keywords: { code: ['fn'], reasoning: ['why'], technical: ['tcp'], moreTechnical: ['acme'], simple: ['hi'] },
    });
  });
  test('its default model may be in the document, and be all there is', () => {
    expect(last(complexity(`complexity_router_config: '{"default_model":"good"}'`)).autoRouter).toEqual({
      kind: 'complexity',
      tiers: {},
      defaultModel: 'good',
      boundaries: {},
      tokenThresholds: {},
      weights: {},
      keywords: {},
    });
  });
  test('what later versions know is said, and does not stop it', () => {
    const { notes } = load(
      complexity('complexity_router_default_model: good', 'complexity_router_config: { classifier_type: llm, session_affinity: true }'),
    );
    expect(notes.map(({ kind, key }) => [kind, key])).toEqual([
      ['not-built', 'complexity_router_config.classifier_type'],
      ['not-built', 'complexity_router_config.session_affinity'],
    ]);
  });
  test('mistakes', () => {
    expect(
      mistakes(
        complexity(
          'complexity_router_config: { tiers: { SIMPLE: cheap, HARD: good, MEDIUM: 3 }, tier_bounaries: {}, dimension_weights: { code: 1 } }',
        ),
      ).map((each) => each.replace(/^config\.yaml:8:/, '')),
    ).toEqual([
      expect.stringMatching(/complexity_router_config\.tiers: unknown key HARD$/),
      expect.stringMatching(/tiers\.MEDIUM: is of the wrong kind$/),
      expect.stringMatching(/dimension_weights: unknown key code$/),
    ]);
    expect(mistakes(complexity('complexity_router_default_model: good', 'complexity_router_config: { tier_bounaries: {} }'))).toEqual([
      'config.yaml:9:35: model_list[3].litellm_params.complexity_router_config.tier_bounaries: unknown key (did you mean tier_boundaries?)',
    ]);
    expect(mistakes(complexity('complexity_router_config: { tiers: { SIMPLE: cheap, MEDIUM: cheap, COMPLEX: good } }'))).toEqual([
      'config.yaml:7:14: model_list[3].litellm_params.model: has no model for REASONING, and no `complexity_router_default_model`',
    ]);
  });
});

test('kinds that are not built are still a provider that there is none of', () => {
  const { notes, deployments } = load(auto('model: auto_router/adaptive_router', 'adaptive_router_config: {}'));
  expect(deployments.at(-1)).not.toHaveProperty('autoRouter');
  expect(notes.map(({ key }) => key)).toContain('litellm_params.adaptive_router_config');
});
