import { expect, test } from 'bun:test';
import type { CallState } from '../call-state.ts';
import { demandMeterable } from './relayed.ts';

const stateOf = (): CallState =>
  ({
    held: { limits: [{ metric: 'cost', label: 'key "ci"', max: 1, subject: 'key:k' }] },
    live: { snapshot: { budgets: { unpriced: { policy: 'refuse', usdPerCall: 0, usdPerMillionTokens: 0 } } } },
  }) as unknown as CallState;

const passes = (method: string, path: string, provider = 'openai'): boolean => {
  try {
    demandMeterable(stateOf(), { method, path, provider, model: undefined, costUsd: undefined });
    return true;
  } catch {
    return false;
  }
};

test.each<[string, string, string, boolean]>([
  ['POST', '/v1/files', 'openai', true],
  ['POST', '/v1/batches/batch_1/cancel', 'openai', true],
  ['GET', '/v1/containers', 'openai', true],
  ['POST', '/v1/containers/cntr_1/files', 'openai', true],
  ['DELETE', '/v1/containers/cntr_1', 'openai', true],
  // Each is a session of the code interpreter.
  ['POST', '/v1/containers', 'openai', false],
  ['POST', '/v1/vector_stores', 'openai', true],
  ['POST', '/v1/vector_stores/vs_1/search', 'openai', false],
  ['POST', '/v1/threads/t/runs', 'openai', false],
  ['POST', '/v1/moderations', 'openai', true],
  ['POST', '/v1/moderations', 'mistral', false],
])('%s %s at %s passes a budget: %p', (method, path, provider, may) => expect(passes(method, path, provider)).toBe(may));
