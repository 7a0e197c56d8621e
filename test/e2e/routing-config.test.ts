import { describe, expect, test } from 'bun:test';
import { startGateway } from './harness.ts';

// What a file says of routing, in the forms that people paste, is what calls do.

const model = (name: string, upstream: string, more = '') =>
  `  - { model_name: ${name}, litellm_params: { model: mock/${upstream}${more} } }\n`;
const fails = (name: string, code = '500', more = '') => model(name, `error-${code}`, more);
const answers = (name: string, more = '') => model(name, name, `, mock_response: I am ${name}.${more}`);

/** What is answered to a call of a name: the text, or the status. */
const asked = async (yaml: string, name: string, body: object = {}, env: Record<string, string> = {}): Promise<string> => {
  const gateway = await startGateway(yaml, env);
  try {
    const response = await gateway.post('/v1/chat/completions', { model: name, messages: [{ role: 'user', content: 'Hi' }], ...body });
    const answer = (await response.json()) as { choices?: { message: { content: string } }[] };
    return answer.choices?.[0]?.message.content ?? String(response.status);
  } finally {
    await gateway.stop();
  }
};

describe('fallbacks', () => {
  const models = `model_list:\n${fails('a')}${answers('b')}${answers('c')}`;
  const once = 'num_retries: 0';
  test.each([
    ['none: the failure', '', '500'],
    ['a list of mappings', 'fallbacks: [{ a: [b] }]', 'I am b.'],
    ['one mapping with one name', 'fallbacks: { a: c }', 'I am c.'],
    ['a flat list', 'fallbacks: [a, c]', 'I am c.'],
    ['in the retry policy, as tutorials have it', 'retry_policy: { num_retries: 0, fallbacks: [a, c] }', 'I am c.'],
    ['the default', 'default_fallbacks: [b]', 'I am b.'],
    ['of a name before the default', 'default_fallbacks: [b], fallbacks: [{ a: [c] }]', 'I am c.'],
    ['none are allowed', 'default_fallbacks: [b], max_fallbacks: 0', '500'],
    ['a cycle ends', 'fallbacks: [{ a: [a2] }, { a2: [a] }]', '500'],
  ])('%s', async (_, settings, expected) => {
    const all = settings.includes('retry_policy') ? settings : [once, settings].filter(Boolean).join(', ');
    expect(await asked(`${models}${fails('a2')}router_settings: { ${all} }`, 'a')).toBe(expected);
  });

  test('of litellm_settings, of a deployment, and by the kind of failure', async () => {
    expect(await asked(`${models}litellm_settings: { num_retries: 0, fallbacks: [{ a: [c] }] }`, 'a')).toBe('I am c.');
    expect(await asked(`model_list:\n${fails('a', '500', ', num_retries: 0, fallbacks: [b]')}${answers('b')}`, 'a')).toBe('I am b.');
    const long = `model_list:\n${fails('a', 'context_window_exceeded')}${answers('b')}${answers('c')}router_settings: { fallbacks: [{ a: [b] }], context_window_fallbacks: [{ a: [c] }] }`;
    expect(await asked(long, 'a')).toBe('I am c.');
    const refused = `model_list:\n${fails('a', 'content_policy_violation')}${answers('b')}${answers('c')}router_settings: { fallbacks: [{ a: [b] }], content_policy_fallbacks: [{ a: [c] }] }`;
    expect(await asked(refused, 'a')).toBe('I am c.');
  });

  test('what a fallback sets in the request is set', async () => {
    const echo = `model_list:\n${fails('a')}${model('e', 'gpt-4o')}`;
    const yaml = `${echo}router_settings: { num_retries: 0, fallbacks: [{ a: [{ model: e, messages: [{ role: user, content: Set by the file. }] }] }] }`;
    expect(await asked(yaml, 'a')).toBe('This is the mock model. You said: Set by the file.');
  });
});

describe('which deployments answer', () => {
  test('the alias map, blocked entries, environments, hours', async () => {
    expect(await asked(`model_list:\n${answers('b')}litellm_settings: { model_alias_map: { old: b } }`, 'old')).toBe('I am b.');
    const two = (rest: string) =>
      `model_list:\n  - { model_name: m, litellm_params: { model: mock/x, mock_response: First., order: 1 }${rest} }\n  - { model_name: m, litellm_params: { model: mock/y, mock_response: Second., order: 9 } }\n`;
    expect(await asked(two(', model_info: { blocked: true }'), 'm')).toBe('Second.');
    expect(await asked(two(''), 'm')).toBe('First.');
    const only = ', model_info: { supported_environments: [production] }';
    expect(await asked(two(only), 'm', {}, { LITELLM_ENVIRONMENT: 'staging' })).toBe('Second.');
    expect(await asked(two(only), 'm', {}, { LITELLM_ENVIRONMENT: 'production' })).toBe('First.');
    const hour = (later: number) => new Date(Date.now() + later * 3_600_000).toISOString().slice(11, 16);
    expect(await asked(two(`, sluice_params: { active: { from: "${hour(10)}", to: "${hour(11)}" } }`), 'm')).toBe('Second.');
    expect(await asked(two(`, sluice_params: { active: { from: "${hour(-1)}", to: "${hour(1)}" } }`), 'm')).toBe('First.');
  });
  test('tags, as LiteLLM has them', async () => {
    const yaml = `model_list:
  - { model_name: m, litellm_params: { model: mock/x, mock_response: Free., tags: [free] } }
  - { model_name: m, litellm_params: { model: mock/y, mock_response: Paid., tags: [paid] } }
router_settings: { enable_tag_filtering: true }`;
    expect(await asked(yaml, 'm', { metadata: { tags: ['paid'] } })).toBe('Paid.');
    expect(await asked(yaml, 'm', { metadata: { tags: ['free'] } })).toBe('Free.');
  });
});
