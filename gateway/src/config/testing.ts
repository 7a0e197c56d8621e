import { loadConfig, type LoadOptions } from './load.ts';
import { formatProblem } from './problem.ts';
import type { ConfigSnapshot, Deployment } from './snapshot.ts';

/** For the tests of this folder. */
const providers = ['anthropic', 'azure', 'gemini', 'groq', 'mock', 'ollama', 'openai'];

const optionsOf = (given: Partial<LoadOptions>): LoadOptions => ({ file: 'config.yaml', env: {}, providers, ...given });

/** The snapshot of a text that must load. */
export const load = (text: string, given: Partial<LoadOptions> = {}): ConfigSnapshot => {
  const loaded = loadConfig(text, optionsOf(given));
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  return loaded.snapshot;
};

/** Its only deployment. */
export const loadOne = (text: string, given: Partial<LoadOptions> = {}): Deployment => {
  const { deployments } = load(text, given);
  if (deployments.length !== 1) throw new Error(`${deployments.length} deployments`);
  return deployments[0]!;
};

/** The mistakes of a text, one line each; empty: it loads. */
export const mistakes = (text: string, given: Partial<LoadOptions> = {}): string[] => {
  const loaded = loadConfig(text, optionsOf(given));
  return loaded.ok ? [] : loaded.problems.map(formatProblem);
};

/** A file with one model whose `litellm_params` are these lines. */
export const withParams = (...lines: string[]): string =>
  ['model_list:', '  - model_name: m', '    litellm_params:', ...lines.map((line) => `      ${line}`)].join('\n');
