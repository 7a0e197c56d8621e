import { afterEach, beforeEach, expect, test } from 'bun:test';
import { Secret } from 'sluice/kit';
import { startModelServer, type ModelServer } from '../../../test/kit/discovery/model-server.ts';
import type { ModelsLookup } from '../config/discovery-settings.ts';
import { modelsSource } from './models.ts';
import { contextOf, shown, watch, type Watched } from './testing.ts';

let server: ModelServer;
const open: Watched[] = [];
beforeEach(() => void (server = startModelServer('hello')));
afterEach(async () => {
  for (const each of open.splice(0)) each.stop();
  await server.stop();
});
const start = (given: Partial<ModelsLookup> = {}): Watched => {
  const watched = watch(modelsSource({ type: 'openai_models', address: server.url, models: [], intervalMs: 1000, ...given }, contextOf()));
  open.push(watched);
  return watched;
};

test.each(['openai_models', 'ollama'] as const)('%s: models come and go', async (type) => {
  server.setModels(['llama-3.1-8b', 'qwen3:8b']);
  const watched = start({ type });
  const at = `127.0.0.1:${server.port}`;
  await watched.until((list) => shown(list).join() === `${at}/llama-3.1-8b,${at}/qwen3:8b`);
  server.setModels(['qwen3:8b']);
  await watched.until((list) => shown(list).join() === `${at}/qwen3:8b`);
});

test('an address with /v1 is the same server; a key goes along; patterns choose', async () => {
  server.setModels(['llama-3.1-8b', 'qwen3', 'embed']);
  const watched = start({ address: `${server.url}/v1`, token: new Secret('k'), models: ['llama*', 'qwen3'] });
  await watched.until((list) => list.length === 2);
  expect(server.listKeys).toContain('Bearer k');
});

test('what is no list is a failure; what is no model is a claim that nobody believes', async () => {
  server.answerListWith(() => Response.json({ data: [{ id: 'm' }, { id: 7 }, 'x', null] }));
  await start().until((list) => list.length === 4);
  server.answerListWith(() => Response.json({ error: 'no' }));
  expect(await start().failure).toMatchObject({ message: 'Its answer is no list of models.' });
  server.answerListWith(() => new Response('', { status: 302, headers: { location: 'http://169.254.169.254/' } }));
  expect(await start().failure).toMatchObject({ message: 'It answered 302.' });
});
