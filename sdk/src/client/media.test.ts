import { expect, test } from 'bun:test';
import { moderation, videoContent, videoRemix, videoStatus } from '../index.ts';

const upstream = () => {
  const seen: { url: string; body: unknown }[] = [];
  const fetch = async (url: string | URL | Request, init?: RequestInit) => {
    seen.push({ url: String(url), body: init?.body === undefined || init.body === null ? undefined : JSON.parse(String(init.body)) });
    if (String(url).endsWith('/content')) return new Response('film', { headers: { 'content-type': 'video/mp4' } });
    return Response.json({ id: 'video_1', object: 'video', status: 'queued', results: [] });
  };
  return { seen, options: { env: { OPENAI_API_KEY: 'k' }, maxRetries: 0, fetch: fetch as unknown as typeof globalThis.fetch } };
};

test.each([{ provider: 'openai' }, { model: 'openai/sora-2' }] as const)('whose a video is, is said by %j', async (whose) => {
  const { seen, options } = upstream();
  expect(await videoStatus({ ...whose, id: 'video_1', ...options })).toMatchObject({ id: 'video_1', status: 'queued' });
  expect(new TextDecoder().decode(await (await videoContent({ ...whose, id: 'video_1', ...options })).bytes())).toBe('film');
  await videoRemix({ ...whose, id: 'video_1', prompt: 'again', ...options });
  const videos = 'https://api.openai.com/v1/videos/video_1';
  expect(seen).toEqual([
    { url: videos, body: undefined },
    { url: `${videos}/content`, body: undefined },
    { url: `${videos}/remix`, body: { prompt: 'again' } },
  ]);
});

test('a provider that is none is named', async () => {
  await expect(videoStatus({ provider: 'nobody', id: 'video_1', ...upstream().options })).rejects.toThrow('nobody');
});

test('without a model OpenAI’s latest judges, and else the one that is named', async () => {
  const { seen, options } = upstream();
  await moderation({ input: 'a', ...options });
  await moderation({ model: 'openai/text-moderation-stable', input: 'a', ...options });
  expect(seen.map(({ url }) => url)).toEqual(Array(2).fill('https://api.openai.com/v1/moderations'));
  expect(seen.map(({ body }) => (body as { model: string }).model)).toEqual(['omni-moderation-latest', 'text-moderation-stable']);
});
