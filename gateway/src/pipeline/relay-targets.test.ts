import { expect, test } from 'bun:test';
import { providers } from 'sluice/kit';
import { createRelayTargets } from './relay-targets.ts';

const targets = (env: Record<string, string>) =>
  createRelayTargets({ snapshot: { deployments: [] }, env, loops: { mark: (target: object) => target }, providers } as never);

test('relays to Vertex AI have LiteLLM’s variables of their own, which go before those of all calls', () => {
  const vertex = providers.get('vertex_ai');
  const usual = { VERTEXAI_PROJECT: 'usual', VERTEXAI_LOCATION: 'us-east5' };
  expect(targets(usual).fromEnv(vertex).options).toMatchObject({ vertex_project: 'usual', vertex_location: 'us-east5' });
  const own = {
    ...usual,
    DEFAULT_VERTEXAI_PROJECT: 'relays',
    DEFAULT_VERTEXAI_LOCATION: '',
    DEFAULT_GOOGLE_APPLICATION_CREDENTIALS: '/keys/relays.json',
  };
  const { options } = targets(own).fromEnv(vertex);
  expect(options).toMatchObject({ vertex_project: 'relays', vertex_location: 'us-east5' });
  expect(JSON.stringify(options)).not.toContain('/keys');
  expect((options!['vertex_credentials'] as { reveal(): string }).reveal()).toBe('/keys/relays.json');
  expect(targets(own).fromEnv(providers.get('openai')).options).toBeUndefined();
});
