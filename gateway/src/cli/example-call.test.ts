import { expect, test } from 'bun:test';
import { createPriceBook, shelvesOfRows } from 'sluice/kit';
import type { ConfigSnapshot, Deployment } from '../config/snapshot.ts';
import { exampleCall } from './example-call.ts';
import { modeBy } from './mode-of.ts';

const source = 'test';
const catalog = createPriceBook(
  shelvesOfRows([
    { provider: 'openai', id: 'gpt-image-1', mode: 'image_generation', source },
    { provider: 'openai', id: 'text-embedding-3-small', mode: 'embedding', source },
    { provider: 'openai', id: 'gpt-4o', mode: 'chat', source },
  ] as never),
);

const example = (...models: readonly (readonly [modelName: string, provider: string, model: string, more?: Partial<Deployment>])[]) =>
  exampleCall(
    {
      deployments: models.map(([modelName, provider, model, more]) => ({ modelName, provider, model, unsetVariables: [], ...more })),
    } as unknown as ConfigSnapshot,
    modeBy(catalog),
  );

test('the first model that talks is talked to, also where no `mode` says which that is', () => {
  expect(
    example(['draw', 'openai', 'gpt-image-1'], ['embed', 'openai', 'text-embedding-3-small'], ['talk', 'openai', 'gpt-4o']),
  ).toMatchObject({ path: '/v1/chat/completions', body: { model: 'talk' } });
  expect(example(['voyage', 'voyage', 'voyage-9'], ['new', 'openai', 'gpt-99'])).toMatchObject({ body: { model: 'new' } });
  // What could not be called goes last.
  const unset = { unsetVariables: ['KEY'] };
  expect(example(['a', 'openai', 'gpt-4o', unset], ['b', 'openai', 'gpt-4o'])).toMatchObject({ body: { model: 'b' } });
  expect(example(['a', 'openai', 'gpt-4o', unset])).toMatchObject({ body: { model: 'a' } });
});

test.each<[string, string, string, Partial<Deployment>?]>([
  ['openai', 'gpt-image-1', '/v1/images/generations'],
  ['openai', 'text-embedding-3-small', '/v1/embeddings'],
  ['openai', 'private', '/v1/moderations', { mode: 'moderation' }],
  ['azure', 'my-deployment', '/v1/chat/completions'],
  ['voyage', 'voyage-9', '/v1/embeddings'],
  ['elevenlabs', 'eleven_v9', '/v1/audio/speech'],
  ['soniox', 'stt', '/v1/audio/transcriptions'],
  ['black_forest_labs', 'flux-9', '/v1/images/generations'],
])('alone, %s/%s is asked at its own route', (...[provider, model, path, more]) => {
  expect(example(['m', provider, model, more]).path).toBe(path);
});

test('names that no client uses are not suggested', () => {
  expect(example(['keeps/openai', 'openai', '-'], ['search_tool/web', 'tavily', 'search'])).toMatchObject({ path: '/v1/search/web' });
  expect(example(['openai/*', 'openai', '*'])).toMatchObject({ body: { model: 'openai/some-model' } });
});
