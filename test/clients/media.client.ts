import { createOpenAI } from '@ai-sdk/openai';
import { generateImage, generateSpeech, transcribe } from 'ai';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import Groq from 'groq-sdk';
import { Mistral } from '@mistralai/mistralai';
import OpenAI, { AzureOpenAI, toFile } from 'openai';
import Anthropic from '@anthropic-ai/sdk';
import { key, startGateway, type Gateway } from './gateway.ts';
import { startKeeper } from './keeper.ts';

/* Images, sound, documents, videos, files and batches, as real clients ask for them. */

const keeper = startKeeper();
let gateway: Gateway;
let openai: OpenAI;
beforeAll(async () => {
  gateway = await startGateway(
    keeper.url,
    `
  - model_name: keeper
    litellm_params: { model: openai/gpt-4o, api_base: "${keeper.url}/v1", api_key: sk-keeper }
  - model_name: claude-keeper
    litellm_params: { model: anthropic/claude-opus-4-5, api_base: "${keeper.url}", api_key: sk-keeper }
`,
  );
  openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: key, maxRetries: 0 });
});
afterAll(async () => {
  await gateway.stop();
  await keeper.stop();
});

const sound = () => toFile(new TextEncoder().encode('RIFF-sound'), 'a.wav', { type: 'audio/wav' });
const picture = () => toFile(new TextEncoder().encode('png'), 'a.png', { type: 'image/png' });

test('openai: images are made, changed and varied', async () => {
  const made = await openai.images.generate({ model: 'mock/images', prompt: 'A white cat', n: 2 });
  expect(made.data).toHaveLength(2);
  const changed = await openai.images.edit({
    model: 'mock/images',
    image: [await picture(), await picture()],
    mask: await picture(),
    prompt: 'A hat',
  });
  expect(changed.data![0]!.b64_json).toBeString();
  const varied = await openai.images.createVariation({ model: 'mock/images', image: await picture() });
  expect(varied.data).toHaveLength(1);
  const events = await openai.images.generate({ model: 'mock/images', prompt: 'A white cat', stream: true });
  const types: string[] = [];
  for await (const event of events) types.push(event.type);
  expect(types).toEqual(['image_generation.completed']);
});

test('openai: speech and transcripts, whole and streamed', async () => {
  const speech = await openai.audio.speech.create({ model: 'mock/speech', input: 'Hello', voice: 'alloy' });
  expect((await speech.arrayBuffer()).byteLength).toBe(844);
  const plain = await openai.audio.transcriptions.create({ model: 'mock/t', file: await sound() });
  expect(plain.text).toBe('A recording of 10 bytes.');
  const full = await openai.audio.transcriptions.create({
    model: 'mock/t',
    file: await sound(),
    response_format: 'verbose_json',
    timestamp_granularities: ['word', 'segment'],
  });
  expect(full).toMatchObject({ language: 'en', duration: 1, text: 'A recording of 10 bytes.' });
  expect(await openai.audio.transcriptions.create({ model: 'mock/t', file: await sound(), response_format: 'vtt' })).toStartWith('WEBVTT');
  const types: string[] = [];
  for await (const event of await openai.audio.transcriptions.create({ model: 'mock/t', file: await sound(), stream: true }))
    types.push(event.type);
  expect(types).toEqual(['transcript.text.delta', 'transcript.text.done']);
  expect((await openai.audio.translations.create({ model: 'mock/t', file: await sound() })).text).toBeString();
});

test('groq-sdk: transcripts', async () => {
  const groq = new Groq({ baseURL: `${gateway.url}/groq`, apiKey: key, maxRetries: 0 });
  const { text } = await groq.audio.transcriptions.create({ model: 'mock/t', file: await sound() });
  expect(text).toBe('A recording of 10 bytes.');
});

test('openai: Azure’s client', async () => {
  const azure = new AzureOpenAI({ endpoint: gateway.url, apiKey: key, apiVersion: '2024-10-21', maxRetries: 0 });
  expect((await azure.images.generate({ model: 'mock/images', prompt: 'x' })).data).toHaveLength(1);
  expect((await azure.audio.transcriptions.create({ model: 'mock/t', file: await sound() })).text).toBe('A recording of 10 bytes.');
});

test('ai: images, speech and transcripts', async () => {
  const provider = createOpenAI({ baseURL: `${gateway.url}/v1`, apiKey: key });
  const { image } = await generateImage({ model: provider.image('mock/images'), prompt: 'A white cat' });
  expect(image.base64).toBeString();
  const { audio } = await generateSpeech({ model: provider.speech('mock/speech'), text: 'Hello' });
  expect(audio.uint8Array.length).toBe(844);
  const { text } = await transcribe({ model: provider.transcription('mock/t'), audio: new TextEncoder().encode('RIFF-sound') });
  expect(text).toBe('A recording of 10 bytes.');
});

test('openai: moderation', async () => {
  const { results } = await openai.moderations.create({ model: 'mock/moderation', input: ['a', 'b'] });
  expect(results.map(({ flagged }) => flagged)).toEqual([false, false]);
});

test('mistral: OCR', async () => {
  const mistral = new Mistral({ serverURL: `${gateway.url}/mistral`, apiKey: key });
  const { pages } = await mistral.ocr.process({
    model: 'mock/ocr',
    document: { type: 'document_url', documentUrl: 'https://example.com/a.pdf' },
  });
  expect(pages[0]!.markdown).toBe('# A page');
});

test('openai: a video from its beginning to its end', async () => {
  const video = await openai.videos.create({ model: 'mock/videos' as never, prompt: 'A cat walks', seconds: '4' });
  expect((await openai.videos.retrieve(video.id)).status).toBe('completed');
  expect(await (await openai.videos.downloadContent(video.id)).text()).toBe('mock video');
  expect((await openai.videos.remix(video.id, { prompt: 'y' })).remixed_from_video_id).toBe(video.id);
  expect((await openai.videos.delete(video.id)).deleted).toBe(true);
});

test('openai: a file, a batch of it, and what it holds', async () => {
  const line = (model: string) =>
    JSON.stringify({ custom_id: '1', method: 'POST', url: '/v1/chat/completions', body: { model, messages: [] } });
  const file = await openai.files.create({ file: await toFile(Buffer.from(line('keeper')), 'in.jsonl'), purpose: 'batch' });
  expect(file).toMatchObject({ object: 'file', purpose: 'batch', filename: 'in.jsonl' });
  expect(await (await openai.files.content(file.id)).text()).toBe(line('gpt-4o'));
  expect((await openai.files.retrieve(file.id)).id).toBe(file.id);
  const batch = await openai.batches.create({ input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h' });
  expect((await openai.batches.retrieve(batch.id)).input_file_id).toBe(file.id);
  expect((await openai.batches.cancel(batch.id)).status).toBe('cancelling');
  expect((await openai.files.delete(file.id)).deleted).toBe(true);
});

test('openai: a response that the gateway keeps', async () => {
  const made = await openai.responses.create({ model: 'mock/echo', input: 'Hello' });
  expect((await openai.responses.retrieve(made.id)).output_text).toBe('Hello');
  expect(await Array.fromAsync(await openai.responses.inputItems.list(made.id))).toHaveLength(1);
  await openai.responses.delete(made.id);
  await expect((async () => openai.responses.retrieve(made.id))()).rejects.toThrow();
});

test('@anthropic-ai/sdk: batches of messages', async () => {
  const anthropic = new Anthropic({ baseURL: gateway.url, apiKey: key, maxRetries: 0 });
  const made = await anthropic.messages.batches.create({
    requests: [{ custom_id: '1', params: { model: 'claude-keeper', max_tokens: 9, messages: [{ role: 'user', content: 'x' }] } }],
  });
  expect(made.processing_status).toBe('in_progress');
  // Two deployments could have it, so its id says which one does.
  expect((await anthropic.messages.batches.retrieve(made.id)).id).toBe(made.id);
});
