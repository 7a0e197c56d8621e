import { expect, test } from 'bun:test';
import type { CallState } from '../call-state.ts';
import { liveOf } from '../governance/testing.ts';
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
  // However it is written: the provider reads it as a run.
  ['POST', '/v1/threads/t/run%73', 'openai', false],
  ['POST', '/v1/threads/t//runs', 'openai', false],
  ['POST', '/v1/threads/t/runs/', 'openai', false],
  ['POST', '/v1/vector_stores/vs_1/searc%68', 'openai', false],
  ['POST', '/v1/files/%', 'openai', false],
  // Somebody's deployment has the name of what is free.
  ['POST', '/openai/deployments/assistants/chat/completions', 'azure', false],
  ['POST', '/v1/projects/files/locations/us/publishers/google/models/gemini-2.5-pro:generateContent', 'vertex_ai', false],
  ['POST', '/v1beta/models/gemini-2.5-pro:countTokens', 'gemini', true],
  ['POST', '/v1/projects/p/locations/us/cachedContents', 'vertex_ai', true],
  ['POST', '/v1/moderations', 'openai', true],
  ['POST', '/v1/moderations', 'mistral', false],
])('%s %s at %s passes a budget: %p', (method, path, provider, may) => expect(passes(method, path, provider)).toBe(may));

/* A price of tokens is of no use where no answer will say how many there were (FP-4). */
test.each<[string, string, boolean]>([
  ['/v1/chat/completions', 'gpt-4o', true],
  ['/v1/responses', 'gpt-4o', true],
  ['/v1/embeddings', 'text-embedding-3-small', true],
  ['/v1/images/generations', 'gpt-image-1', true],
  ['/v1/images/generations', 'dall-e-3', false],
  ['/v1/audio/speech', 'tts-1', false],
  ['/v1/videos', 'sora-2', false],
  ['/v1/fine_tuning/jobs', 'gpt-4o', false],
  ['/v1/fine_tunin%67/jobs', 'gpt-4o', false],
  ['/v1/evals/e/runs', 'gpt-4o', false],
  ['/v1/threads/t/runs', 'gpt-4o', false],
  ['/v1/realtime/client_secrets', 'gpt-4o-realtime-preview', false],
])('POST %s of %s passes a budget: %p', async (path, model, may) => {
  const live = await liveOf('model_list: [{ model_name: any, litellm_params: { model: openai/*, api_key: k } }]');
  for (const deployment of [undefined, live.snapshot.deployments[0]]) {
    const state = { ...stateOf(), live, clock: Date.now, ...(deployment && { deployment }) } as unknown as CallState;
    const ask = () => demandMeterable(state, { method: 'POST', path, provider: 'openai', model, costUsd: undefined });
    if (may) expect(ask).not.toThrow();
    else expect(ask).toThrow(/must not be passed/);
  }
});

/* What goes on in the background is read by another call (FP-4). */
test('what goes on behind its answer passes no budget, whatever its price', async () => {
  const live = await liveOf('model_list: [{ model_name: any, litellm_params: { model: openai/*, api_key: k } }]');
  const state = { ...stateOf(), live, clock: Date.now } as unknown as CallState;
  const ask = (mayGoOn: boolean) => () =>
    demandMeterable(state, { method: 'POST', path: '/v1/responses', provider: 'openai', model: 'gpt-4o', mayGoOn, costUsd: undefined });
  expect(ask(false)).not.toThrow();
  expect(ask(true)).toThrow(/must not be passed/);
});
