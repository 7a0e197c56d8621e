import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningServer, ServerOptions } from '../server/server-options.ts';
import type { Io } from './io.ts';
import type { RunParts } from './run-agent.ts';
import type { StartParts } from './start.ts';

/** A world without a process, for the tests of this folder. */
export interface FakeIo extends Io {
  /** What was printed. */
  printed(): { out: string; told: string };
}

export const fakeIo = (argv: readonly string[], given: Partial<Io> = {}): FakeIo => {
  let out = '';
  let told = '';
  return {
    argv,
    env: {},
    cwd: tmpdir(),
    home: undefined,
    platform: 'linux',
    out: (text) => void (out += text),
    tell: (text) => void (told += text),
    fetch: Object.assign(() => Promise.reject(new Error('no network here')), { preconnect: () => {} }),
    printed: () => ({ out, told }),
    ...given,
  };
};

export interface FakeParts extends StartParts, RunParts {
  /** What the server was started with. */
  started: ServerOptions[];
  reloads: Parameters<RunningServer['reload']>[0][];
  /** The programs that were run. */
  children: Parameters<RunParts['runChild']>[0][];
}

/** A server that listens nowhere, and a few providers. */
export const fakeParts = (fail?: { code: string }): FakeParts => {
  const started: ServerOptions[] = [];
  const reloads: FakeParts['reloads'] = [];
  const children: FakeParts['children'] = [];
  return {
    started,
    reloads,
    children,
    runChild: (child) => {
      children.push(child);
      return Promise.resolve(7);
    },
    version: '1.2.3',
    log: () => {},
    loadProviders: () =>
      Promise.resolve({
        list: [
          { id: 'anthropic', label: 'Anthropic', keyEnv: ['ANTHROPIC_API_KEY'], baseUrl: 'https://a' },
          { id: 'mock', label: 'mock', keyEnv: [], baseUrl: 'https://mock.invalid' },
          { id: 'openai', label: 'OpenAI', keyEnv: ['OPENAI_API_KEY'], baseUrl: 'https://o' },
        ],
        prefixes: ['anthropic', 'azure', 'mock', 'ollama', 'openai'],
      }),
    loadModes: () => Promise.resolve(({ mode }) => mode),
    loadServer: () =>
      Promise.resolve({
        startServer: (options: ServerOptions) => {
          if (fail) return Promise.reject(Object.assign(new Error('cannot listen'), fail));
          started.push(options);
          return Promise.resolve({
            url: `${options.tls ? 'https' : 'http'}://${options.host}:${options.port || 54_321}`,
            reload: (next) => void reloads.push(next),
            stop: () => Promise.resolve(),
          });
        },
      }),
  };
};

/** A folder of its own, gone when the test is over. */
export const temporaryFolder = (): { path: string; file: (name: string) => string; [Symbol.dispose](): void } => {
  const path = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  return { path, file: (name) => join(path, name), [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
};

/** Waits until something holds, at most `timeoutMs`. */
export const until = async (holds: () => boolean, timeoutMs = 3000): Promise<void> => {
  const end = performance.now() + timeoutMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`not within ${timeoutMs} ms`);
    await Bun.sleep(10);
  }
};
