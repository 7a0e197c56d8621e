import { describe, expect, test } from 'bun:test';
import { defaultDeadlines } from 'sluice/kit';
import { afterTries, allTriesMs, deadlinesFor } from './deadlines.ts';
import { environmentOf } from './environment.ts';
import { load, withParams } from './testing.ts';

describe('settings', () => {
  test('defaults', () => {
    const snapshot = load(withParams('model: openai/a'));
    expect(snapshot).toMatchObject({
      file: 'config.yaml',
      router: { maxRetries: 2, retryAfterMs: 0 },
      deadlines: { connectTimeoutMs: 10_000, firstTokenTimeoutMs: 600_000, idleTimeoutMs: 300_000, timeoutMs: 3_600_000 },
      streaming: { headerWaitMs: 10_000, keepAliveMs: 15_000 },
      limits: { maxBodyBytes: 33_554_432 },
      logging: { level: 'info', requests: true },
      shutdown: { drainTimeoutMs: 25_000 },
      forwardClientHeaders: false,
      access: {},
    });
  });
  test("are the SDK's own, where it has some", () => {
    expect(load('{}').deadlines).toEqual(defaultDeadlines);
  });
  test('every setting', () => {
    const snapshot = load(`litellm_settings: { set_verbose: true, num_retries: 9 }
router_settings: { num_retries: 4, retry_after: 0.5, timeout: 30, stream_timeout: 5 }
general_settings: { litellm_key_header_name: X-My-Key, max_request_size_mb: 2, forward_client_headers_to_llm_api: true }
sluice_settings:
  connect_timeout_ms: 1
  first_token_timeout_ms: 2
  idle_timeout_ms: 0
  timeout_ms: 4
  header_wait_ms: 5
  keep_alive_ms: 6
  drain_timeout_ms: 7
  log_requests: false
`);
    expect(snapshot).toMatchObject({
      router: { maxRetries: 4, retryAfterMs: 500, timeoutMs: 30_000, streamTimeoutMs: 5000 },
      deadlines: { connectTimeoutMs: 1, firstTokenTimeoutMs: 2, idleTimeoutMs: 0, timeoutMs: 4 },
      streaming: { headerWaitMs: 5, keepAliveMs: 6 },
      access: { keyHeaderName: 'x-my-key' },
      limits: { maxBodyBytes: 2_097_152 },
      logging: { level: 'debug', requests: false },
      shutdown: { drainTimeoutMs: 7 },
      forwardClientHeaders: true,
    });
  });
  test('the stronger of two', () => {
    expect(load('litellm_settings: { num_retries: 9 }').router.maxRetries).toBe(9);
    expect(load('litellm_settings: { num_retries: 9 }\nrouter_settings: { retry_policy: { num_retries: 1 } }').router.maxRetries).toBe(1);
    expect(load('litellm_settings: { set_verbose: true }\nsluice_settings: { log_level: warn }').logging.level).toBe('warn');
    expect(load('sluice_settings: { log_level: warn }', { overrides: { logLevel: 'error' } }).logging.level).toBe('error');
    expect(load('router_settings: { timeout: 3 }', { overrides: { requestTimeoutMs: 1 } }).router.timeoutMs).toBe(1);
    expect(load('general_settings: { max_request_size_mb: 2 }\nsluice_settings: { max_body_bytes: 9 }').limits.maxBodyBytes).toBe(9);
  });
  test('aliases; one that leads nowhere is a warning with the nearest', () => {
    const snapshot = load(`${withParams('model: openai/a').replace('model_name: m', 'model_name: gpt-4o')}
router_settings: { model_group_alias: { a: gpt-4o, b: { model: gpt-4o, hidden: true }, c: gpt-4 } }`);
    expect(snapshot.aliases).toEqual({
      a: { model: 'gpt-4o', hidden: false },
      b: { model: 'gpt-4o', hidden: true },
      c: { model: 'gpt-4', hidden: false },
    });
    expect(snapshot.warnings.map(({ path, message }) => [path, message])).toEqual([
      ['router_settings.model_group_alias.c', 'stands for a model name that is not in `model_list` (did you mean gpt-4o?)'],
    ]);
  });
  test('a wildcard is a model name too', () => {
    const snapshot = load(`${withParams('model: openai/*').replace('model_name: m', 'model_name: openai/*')}
router_settings: { model_group_alias: { a: openai/gpt-4o } }`);
    expect(snapshot.warnings).toEqual([]);
  });
  test('frozen at every depth (FP-37)', () => {
    const snapshot = load(withParams('model: openai/a', 'tools: [{ a: 1 }]'));
    expect(Object.isFrozen(snapshot.deployments[0]!.defaults['tools'])).toBe(true);
    expect(() => Object.assign(snapshot.router, { maxRetries: 0 })).toThrow();
  });
});

describe('version (FP-36)', () => {
  const text = withParams('model: openai/a', 'api_key: os.environ/K');
  test('the same for the same, another for another text or variable', () => {
    const version = (of: string, env = { K: '1' }) => load(of, { env }).version;
    expect(version(text)).toMatch(/^[0-9a-f]{12}$/);
    expect(version(text)).toBe(version(text));
    expect(version(`${text}\n`)).not.toBe(version(text));
    expect(version(text, { K: '2' })).not.toBe(version(text));
  });
});

describe('variables of the file', () => {
  const text = `environment_variables: { OPENAI_API_KEY: sk-file, REGION: os.environ/OUTER, N: 5, EMPTY: "" }
${withParams('model: openai/a', 'api_key: os.environ/OPENAI_API_KEY', 'rpm: os.environ/N', 'api_version: os.environ/REGION')}`;
  test('win over those of the process, in references and for finding keys', () => {
    const env = { OPENAI_API_KEY: 'sk-process', OUTER: 'eu', OTHER: 'o', EMPTY: 'full' };
    const snapshot = load(text, { env });
    expect(snapshot.deployments[0]!.apiKey?.reveal()).toBe('sk-file');
    expect(snapshot.deployments[0]).toMatchObject({ rpm: 5, apiVersion: 'eu' });
    const find = environmentOf(snapshot, env);
    expect([find('OPENAI_API_KEY'), find('OTHER'), find('NONE'), find('EMPTY'), find('toString')]).toEqual([
      'sk-file',
      'o',
      undefined,
      'full',
      undefined,
    ]);
  });
});

describe('references that are not set', () => {
  test('empty counts as not set; required names keep the deployment; items of lists stay in their places', () => {
    const snapshot = load(
      `model_list:
  - model_name: os.environ/NAME
    litellm_params: { model: os.environ/MODEL, tags: [os.environ/TAG, b] }
`,
      { env: { NAME: '' } },
    );
    const [deployment] = snapshot.deployments;
    expect(deployment).toMatchObject({ modelName: 'os.environ/NAME', model: 'os.environ/MODEL' });
    expect(deployment!.unsetVariables.toSorted()).toEqual(['MODEL', 'NAME', 'TAG']);
    expect(deployment!.tags[1]).toBe('b');
  });
  test('of a setting that has no effect anyway: not told', () => {
    expect(
      load('router_settings: { cache_kwargs: { a: os.environ/A } }\nmcp_servers: { a: { url: os.environ/U } }').unsetVariables,
    ).toEqual([]);
  });
  test("the shell's form is no reference, and warned of", () => {
    const snapshot = load(withParams('model: openai/a', 'api_key: ${OPENAI_API_KEY}'));
    expect(snapshot.warnings.map(({ path, line, message }) => [path, line, message])).toEqual([
      ['model_list[0].litellm_params.api_key', 5, "is taken as it is; to have the variable's value, write os.environ/OPENAI_API_KEY"],
    ]);
  });
  test('of a setting', () => {
    const snapshot = load('general_settings: { master_key: os.environ/LITELLM_MASTER_KEY }\nrouter_settings: { timeout: os.environ/T }');
    expect(snapshot.access.masterKey).toBeUndefined();
    expect(snapshot.unsetVariables.map(({ name }) => name)).toEqual(['LITELLM_MASTER_KEY', 'T']);
  });
});

describe('deadlines of a call', () => {
  const of = (lines: string[], settings: string, stream: boolean, asked = {}) => {
    const snapshot = load(`${withParams('model: openai/a', ...lines)}\n${settings}`);
    const { connectTimeoutMs: _, ...rest } = deadlinesFor(snapshot, snapshot.deployments[0]!, stream, asked);
    return Object.values(rest);
  };
  const [first, idle, whole] = [600_000, 300_000, 3_600_000];
  test.each([
    ['nothing said', [], '{}', false, {}, [first, idle, whole]],
    ["LiteLLM's timeout bounds one try of a whole answer", ['timeout: 3'], '{}', false, {}, [3000, idle, whole]],
    ['and the silence of a stream', ['timeout: 3'], '{}', true, {}, [3000, 3000, whole]],
    ['longer than our first-token deadline, it holds', ['timeout: 1000'], '{}', false, {}, [1_000_000, idle, whole]],
    ['stream_timeout for streams', ['timeout: 3', 'stream_timeout: 1'], '{}', true, {}, [1000, 1000, whole]],
    ['and not for whole answers', ['timeout: 3', 'stream_timeout: 1'], '{}', false, {}, [3000, idle, whole]],
    ["the router's", [], 'router_settings: { timeout: 7 }', false, {}, [7000, idle, whole]],
    [
      "the router's stream_timeout before the deployment's timeout",
      ['timeout: 3'],
      'router_settings: { stream_timeout: 7 }',
      true,
      {},
      [7000, 7000, whole],
    ],
    ['what the request asks for wins, and is for all tries', ['timeout: 3'], '{}', false, { timeoutMs: 5 }, [5, idle, 5]],
    ['and its stream timeout', ['timeout: 3'], '{}', true, { timeoutMs: 5, streamTimeoutMs: 6 }, [6, 6, whole]],
    ['0 sets nothing', ['timeout: 0'], '{}', false, {}, [first, idle, whole]],
  ])('%s', (_, lines, settings, stream, asked, expected) => {
    expect(of(lines as string[], settings === '{}' ? '' : (settings as string), stream as boolean, asked as object)).toEqual(
      expected as number[],
    );
  });
  test("a deployment's exact ones", () => {
    expect(of(['timeout: 3'], '', false)).toEqual([3000, idle, whole]);
    const snapshot = load(
      'model_list: [{ model_name: a, litellm_params: { model: b, timeout: 3 }, sluice_params: { first_token_timeout_ms: 1, timeout_ms: 0 } }]',
    );
    expect(deadlinesFor(snapshot, snapshot.deployments[0]!, false)).toEqual({
      connectTimeoutMs: 10_000,
      firstTokenTimeoutMs: 1,
      idleTimeoutMs: idle,
      timeoutMs: 0,
    });
  });

  test('earlier tries use up the whole call, not the next try', () => {
    const deadlines = { connectTimeoutMs: 10, firstTokenTimeoutMs: 100, idleTimeoutMs: 50, timeoutMs: 300 };
    expect(allTriesMs(deadlines, false, {})).toBe(300);
    expect(allTriesMs({ ...deadlines, timeoutMs: 0 }, false, {})).toBe(Infinity);
    expect(allTriesMs(deadlines, true, { timeoutMs: 40 })).toBe(40);
    expect(afterTries(deadlines, 120, false, {})).toEqual({ ...deadlines, timeoutMs: 180 });
    expect(afterTries(deadlines, 120, true, { timeoutMs: 100 })).toEqual({ ...deadlines, timeoutMs: 180, firstTokenTimeoutMs: 1 });
    expect(afterTries({ ...deadlines, timeoutMs: 0 }, 120, false, {}).timeoutMs).toBe(0);
  });
});
