import { describe, expect, test } from 'bun:test';
import { refusedFlags } from './flags.ts';
import { Refusal } from './io.ts';
import { parse } from './parse.ts';
import { fakeIo } from './testing.ts';

const asked = (argv: string[], env: Record<string, string> = {}) => {
  const io = fakeIo(argv, { env });
  return { result: parse(io, '1.2.3'), ...io.printed() };
};
const flags = (argv: string[], env: Record<string, string> = {}) => {
  const { result } = asked(argv, env);
  if (result.kind !== 'start') throw new Error(result.kind);
  return result.flags;
};

describe('flags', () => {
  test('both spellings, with and without =', () => {
    expect(flags(['--api_base', 'http://a', '--model', 'ollama/x'])).toMatchObject({ apiBase: 'http://a', model: 'ollama/x' });
    expect(flags(['--api-base=http://a_b', '-m', 'x'])).toMatchObject({ apiBase: 'http://a_b' });
    expect(flags(['--drop_params', '--request_timeout', '1.5', '--max_tokens=7'])).toMatchObject({
      dropParams: true,
      requestTimeout: 1.5,
      maxTokens: 7,
    });
  });
  test("the command line's win over the environment's", () => {
    const env = { HOST: '0.0.0.0', PORT: '8080', CONFIG_FILE_PATH: '/c.yaml', NUM_WORKERS: '4' };
    expect(flags([], env)).toEqual({ host: '0.0.0.0', port: 8080, config: '/c.yaml', numWorkers: 4, migrate: true });
    expect(flags(['--port', '1', '-c', 'x'], env)).toMatchObject({ port: 1, config: 'x' });
    expect(flags([], { PORT: '' })).toEqual({ migrate: true });
  });
  test('--test with and without an address', () => {
    expect(flags(['--test']).test).toBe(true);
    expect(flags(['--test', 'http://x']).test).toBe('http://x');
  });
  test('headers as JSON', () => {
    expect(flags(['--headers', '{"x-a":"b"}']).headers).toEqual({ 'x-a': 'b' });
  });
  test.each([
    [['--port', 'x'], '--port must be a whole number from 0 to 65535'],
    [['--port', '70000'], '--port must be'],
    [['--temperature', ''], '--temperature must be a number of at least 0'],
    [['--headers', '{"secret-canary": 1}'], '--headers must be a JSON object'],
    [['--headers', 'secret-canary'], '--headers must be a JSON object'],
  ])('%j', (argv, sentence) => {
    const refusal = (() => {
      try {
        return asked(argv as string[]);
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toBeInstanceOf(Refusal);
    expect((refusal as Refusal).message).toStartWith(sentence as string);
    expect((refusal as Refusal).message).not.toContain('canary');
    expect((refusal as Refusal).exitCode).toBe(2);
  });
});

describe("LiteLLM's flags that make no sense here", () => {
  test.each(refusedFlags.map(({ flag }) => flag))('%s is refused with a sentence', (flag) => {
    for (const spelt of [flag, `--${flag.slice(2).replaceAll('-', '_')}`, `${flag}=x`])
      expect(() => asked([spelt])).toThrow(`${flag} has no meaning here: `);
  });
});

describe('help and mistakes', () => {
  test('--help names the commands and every flag', () => {
    const { result, out } = asked(['--help']);
    expect(result).toEqual({ kind: 'said', exitCode: 0 });
    for (const word of ['--config', '--allow-weak-key', 'config', 'sluice config check config.yaml', '--api-base'])
      expect(out).toContain(word);
  });
  test('--version', () => {
    expect(asked(['--version'])).toMatchObject({ result: { kind: 'said', exitCode: 0 }, out: '1.2.3\n' });
  });
  test('an unknown flag names the nearest and ends with 2', () => {
    const { result, told } = asked(['--confg', 'x']);
    expect(result).toEqual({ kind: 'said', exitCode: 2 });
    expect(told).toContain('--config');
  });
  test('an unknown command', () => {
    expect(asked(['serve']).result).toEqual({ kind: 'said', exitCode: 2 });
  });
});

describe('sluice config', () => {
  test.each([
    [['config', 'check', 'a.yaml'], { kind: 'config-check', file: 'a.yaml', json: false }],
    [['config', 'check', '--json', 'a.yaml'], { kind: 'config-check', file: 'a.yaml', json: true }],
    [['config', 'explain', 'a.yaml'], { kind: 'config-explain', file: 'a.yaml' }],
    [['config', 'schema'], { kind: 'config-schema' }],
  ])('%j', (argv, expected) => {
    expect(asked(argv as string[], { PORT: '1' }).result).toEqual(expected as never);
  });
  test('without a file', () => {
    expect(asked(['config', 'check']).result).toEqual({ kind: 'said', exitCode: 2 });
  });
});

describe('run', () => {
  test('what stands behind the agent is the agent’s, in its own spelling', () => {
    const args = ['-p', 'x', '--output_format', 'json', '--local', '--model', 'own', '--', '--help'];
    expect(asked(['run', '--model', 'm', 'claude', ...args]).result).toEqual({ kind: 'run', agent: 'claude', args, flags: { model: 'm' } });
  });
  test('the environment’s flags are those of a start', () => {
    const env = { HOST: 'build-7', PORT: '80', CONFIG_FILE_PATH: 'x' };
    expect(asked(['run', 'codex'], env).result).toEqual({ kind: 'run', agent: 'codex', args: [], flags: {} });
  });
  test('without an agent', () => expect(asked(['run']).result).toEqual({ kind: 'said', exitCode: 2 }));
});
