import { describe, expect, test } from 'bun:test';
import { load, mistakes } from './testing.ts';

const models = `model_list:
  - { model_name: a, litellm_params: { model: openai/a } }
  - { model_name: b, litellm_params: { model: openai/b }, model_info: { id: b-1 } }
  - { model_name: "w/*", litellm_params: { model: "openai/*" } }
`;
const of = (text: string) => load(models + text).router.fallbacks;
const warningsOf = (text: string) =>
  load(models + text).warnings.map(({ line, column, path, message }) => `${line}:${column}: ${path}: ${message}`);
const [a, b] = [{ name: 'a' }, { name: 'b' }];

describe("LiteLLM's forms", () => {
  test.each([
    ['a list of mappings', '[{ a: [b, w/x] }, { b: [a] }]', { a: [b, { name: 'w/x' }], b: [a] }],
    ['one name instead of a list', '[{ a: b }]', { a: [b] }],
    ['one mapping', '{ a: [b], b: a }', { a: [b], b: [a] }],
    ['several names in one mapping', '[{ a: [b], b: [a] }]', { a: [b], b: [a] }],
    ['a star', '[{ "*": [b] }]', { '*': [b] }],
    [
      'parameters',
      '[{ a: [{ model: b, temperature: 0, messages: [{ role: user, content: hi }] }] }]',
      {
        a: [{ name: 'b', overrides: { temperature: 0, messages: [{ role: 'user', content: 'hi' }] } }],
      },
    ],
    ['an id, a name of a pattern', '[{ a: [b-1, w/x] }]', { a: [{ name: 'b-1' }, { name: 'w/x' }] }],
    ['a flat list: a chain', '[a, b]', { '*': [a, b], a: [b], b: [] }],
  ])('%s', (_, written, expected) => {
    expect(of(`router_settings: { fallbacks: ${written} }`).general as unknown).toEqual(expected);
    expect(warningsOf(`router_settings: { fallbacks: ${written} }`)).toEqual([]);
  });

  test('every kind, and of each the router’s before that of litellm_settings', () => {
    const litellm =
      'litellm_settings: { fallbacks: [{ a: [b] }], default_fallbacks: [b], context_window_fallbacks: [{ a: [b] }], content_policy_fallbacks: [{ b: [a] }] }';
    expect(of(litellm)).toEqual({ general: { '*': [b], a: [b] }, contextWindow: { a: [b] }, contentPolicy: { b: [a] } });
    expect(
      of(`${litellm}\nrouter_settings: { fallbacks: [{ b: [a] }], default_fallbacks: a, context_window_fallbacks: [{ b: [a] }] }`),
    ).toEqual({
      general: { '*': [a], b: [a] },
      contextWindow: { b: [a] },
      contentPolicy: { b: [a] },
    });
  });

  test('a list of a name goes before a chain', () => {
    expect(of('router_settings: { retry_policy: { fallbacks: [a, b] }, fallbacks: [{ b: [a] }] }').general).toEqual({
      '*': [a, b],
      a: [b],
      b: [a],
    });
  });

  test('cycles are fine', () => expect(warningsOf('router_settings: { fallbacks: [{ a: [b] }, { b: [a] }] }')).toEqual([]));

  test('of deployments: before what the settings say of their name', () => {
    const text = `model_list:
  - { model_name: a, litellm_params: { model: openai/a, fallbacks: [c, { model: b, n: 1 }] } }
  - { model_name: a, litellm_params: { model: openai/a2, fallbacks: c } }
  - { model_name: b, litellm_params: { model: openai/b } }
  - { model_name: c, litellm_params: { model: openai/c, fallbacks: [cc] } }
router_settings: { default_fallbacks: [b], fallbacks: [{ b: [a] }] }`;
    const { router, warnings } = load(text);
    expect(router.fallbacks.general).toEqual({
      '*': [b],
      a: [{ name: 'c' }, { name: 'b', overrides: { n: 1 } }, b],
      b: [a],
      c: [{ name: 'cc' }, b],
    });
    expect(warnings.map(({ line, column, message }) => `${line}:${column}: ${message}`)).toEqual([
      '5:69: names a model name that is not in `model_list` (did you mean c?)',
    ]);
  });
  test('a pattern has no list', () => {
    expect(warningsOf('router_settings: { fallbacks: [{ "w/*": [a] }] }')).toEqual([
      '5:34: router_settings.fallbacks[0]["w/*"]: is a pattern, which no call asks for: lists are found by the name that is asked for, else under `*`',
    ]);
  });
});

test('what leads nowhere, or to itself, is a warning with its place', () => {
  expect(warningsOf('router_settings: { fallbacks: [{ a: [a, bb] }, { gone: [b] }, { a: [b] }], default_fallbacks: [cc] }')).toEqual([
    '5:96: router_settings.default_fallbacks[0]: names a model name that is not in `model_list`',
    '5:38: router_settings.fallbacks[0].a[0]: falls to itself, which is left out: retries do that',
    '5:41: router_settings.fallbacks[0].a[1]: names a model name that is not in `model_list` (did you mean b?)',
    '5:50: router_settings.fallbacks[1].gone: is a model name that is not in `model_list`',
    '5:65: router_settings.fallbacks[2].a: has a list above already, which holds',
  ]);
  expect(of('router_settings: { fallbacks: [{ a: [a, b] }] }').general).toEqual({ a: [b] });
});

test('another prompt for the same name is no fallback to itself', () => {
  expect(of('router_settings: { fallbacks: [{ a: [{ model: a, max_tokens: 5 }] }] }').general).toEqual({
    a: [{ name: 'a', overrides: { max_tokens: 5 } }],
  });
});

test('silent models that are not there, or are the model itself', () => {
  const { warnings, deployments } = load(`model_list:
  - { model_name: a, litellm_params: { model: openai/a, silent_model: b1 } }
  - { model_name: b, litellm_params: { model: openai/b, silent_model: b } }`);
  expect(warnings.map(({ line, column, message }) => `${line}:${column}: ${message}`)).toEqual([
    '2:57: names a model name that is not in `model_list` (did you mean b?)',
    '3:57: is the model itself, which gets no copies',
  ]);
  expect(deployments.map(({ silentModel }) => silentModel)).toEqual(['b1', undefined]);
});

test('what belongs to a deployment has no place in a fallback: a key would go out in a body', () => {
  expect(
    mistakes(`${models}router_settings: { fallbacks: [{ a: [{ model: b, api_key: sk-1, api_base: "https://x.test", timeout: 3 }] }] }`),
  ).toEqual([
    'config.yaml:5:50: router_settings.fallbacks[0].a[0].api_key: belongs to a deployment, not to a request: give it a `model_name` of its own in `model_list`, and name that here',
    'config.yaml:5:65: router_settings.fallbacks[0].a[0].api_base: belongs to a deployment, not to a request: give it a `model_name` of its own in `model_list`, and name that here',
  ]);
});

test('nor has what the environment holds', () => {
  const env = { TOKEN: 'hidden', MODEL: 'b' };
  const written = (target: string) => `${models}router_settings: { fallbacks: [{ a: [${target}] }] }`;
  expect(mistakes(written('{ model: b, metadata: { x: [os.environ/TOKEN] } }'), { env })).toEqual([
    'config.yaml:5:50: router_settings.fallbacks[0].a[0].metadata: takes no value from the environment, as it goes into requests',
  ]);
  expect(load(written('os.environ/MODEL, { model: os.environ/MODEL, n: 1 }'), { env }).router.fallbacks.general).toEqual({
    a: [b, { name: 'b', overrides: { n: 1 } }],
  });
});

test('of the wrong kind', () => {
  expect(mistakes('router_settings: { fallbacks: 3 }')).toEqual(['config.yaml:1:31: router_settings.fallbacks: is of the wrong kind']);
  expect(mistakes('router_settings: { fallbacks: [{ a: [{ name: b }] }] }').length).toBe(1);
});
