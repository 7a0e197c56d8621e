import { describe, expect, test } from 'bun:test';
import { load, mistakes } from './testing.ts';

const models = `model_list:
  - { model_name: big, litellm_params: { model: openai/a } }
  - { model_name: small, litellm_params: { model: openai/b }, model_info: { id: small-1 } }
`;
const routing = (...lines: string[]): string =>
  [`${models}sluice_settings:`, '  routing:', ...lines.map((line) => `    ${line}`)].join('\n');

describe('experiments', () => {
  test('as they are written, with what is not said', () => {
    const { router, warnings } = load(
      routing(
        'experiments:',
        '  - { name: try-small, model: big, arms: [{ model: small, percent: 10 }, { name: later, model: small-1, percent: 0 }] }',
        '  - { name: ab, model: small, sticky_by: caller, arms: [{ name: a, model: big, percent: 33.3 }, { name: b, model: small, percent: "66.7" }] }',
      ),
    );
    expect(router.experiments).toEqual([
      { name: 'try-small', model: 'big', stickyBy: 'session', arms: [{ name: 'small', model: 'small', percent: 10 }] },
      {
        name: 'ab',
        model: 'small',
        stickyBy: 'caller',
        arms: [
          { name: 'a', model: 'big', percent: 33.3 },
          { name: 'b', model: 'small', percent: 66.7 },
        ],
      },
    ]);
    expect(warnings).toEqual([]);
  });
  test('mistakes', () => {
    const found = mistakes(
      routing(
        'experiments:',
        '  - { name: a, model: big, arms: [{ model: small, percent: 60 }, { name: x, model: small, percent: 50 }] }',
        '  - { name: b, model: small, arms: [{ model: big, percent: 10 }, { model: big, percent: 10 }] }',
        '  - { name: c, model: c, arms: [{ name: control, model: big, percent: 10 }] }',
        '  - { name: d, model: d, sticky_by: sesion, arms: [{ model: big, percent: 110 }] }',
      ),
    ).join('\n');
    expect(found).toContain('has arms of more than 100 % together');
    expect(found).toContain('has two arms of one name');
    expect(found).toContain('named `control`');
    expect(found).toContain('did you mean session?');
    expect(found).toContain('must be at most 100');
  });
  test('names that nothing serves, and a second one for a model, are warned of; the first holds', () => {
    const { router, warnings } = load(
      routing(
        'experiments:',
        '  - { name: a, model: big, arms: [{ model: smal, percent: 10 }] }',
        '  - { name: b, model: big, arms: [{ model: small, percent: 10 }] }',
      ),
    );
    expect(router.experiments.map(({ name }) => name)).toEqual(['a']);
    expect(warnings.map(({ path, message }) => `${path} ${message}`)).toEqual([
      'sluice_settings.routing.experiments[0].arms[0].model sends calls to a model name that is not in `model_list` (did you mean small?)',
      'sluice_settings.routing.experiments[1].model is the model of an entry above, which holds',
    ]);
  });
});

describe('ladders', () => {
  test('as they are written', () => {
    const { router, warnings } = load(
      routing(
        'ladders:',
        '  - model: big',
        '    steps:',
        '      - { model: small, when: { open_calls: 100, failure_share: 0.3, first_output_p95_ms: 5000, queue_length: 10, budget_share: 0.9 } }',
        '      - { model: small-1, when: { queue_length: 5 } }',
      ),
    );
    expect(warnings).toEqual([]);
    expect(router.ladders).toEqual([
      {
        model: 'big',
        steps: [
          { model: 'small', when: { openCalls: 100, failureShare: 0.3, firstOutputP95Ms: 5000, queueLength: 10, budgetShare: 0.9 } },
          { model: 'small-1', when: { queueLength: 5 } },
        ],
      },
    ]);
  });
  test('mistakes, and names that nothing serves', () => {
    const found = mistakes(
      routing(
        'ladders:',
        '  - { model: big, steps: [{ model: small, when: {} }] }',
        '  - { model: x, steps: [{ model: small, when: { failure_share: 2 } }] }',
      ),
    ).join('\n');
    expect(found).toContain('needs at least one limit');
    expect(found).toContain('must be at most 1');
    const { warnings } = load(routing('ladders:', '  - { model: bigg, steps: [{ model: small, when: { queue_length: 1 } }] }'));
    expect(warnings.map(({ message }) => message)).toEqual(['shapes a model name that is not in `model_list` (did you mean big?)']);
  });
});

test('nothing is shaped unless it is said', () => {
  expect(load(models).router).toMatchObject({ experiments: [], ladders: [] });
});
