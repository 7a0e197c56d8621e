import Anthropic from '@anthropic-ai/sdk';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { GoogleGenAI } from '@google/genai';
import { embedMany } from 'ai';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import OpenAI, { AzureOpenAI } from 'openai';
import { key, models, startGateway, type Gateway } from './gateway.ts';
import { startUpstream } from './upstream/server.ts';

/* What clients call besides chat. */

const upstream = startUpstream();
let gateway: Gateway;
let openai: OpenAI;
let anthropic: Anthropic;
let google: GoogleGenAI;
beforeAll(async () => {
  gateway = await startGateway(upstream.url);
  openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: key });
  anthropic = new Anthropic({ baseURL: gateway.url, apiKey: key });
  google = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: gateway.url } });
});
afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const all = async <T>(pages: AsyncIterable<T>): Promise<T[]> => Array.fromAsync(pages);

test('openai: embeddings, which it asks for as base64', async () => {
  const { data, usage } = await openai.embeddings.create({ model: 'mock/embed', input: ['one', 'two'] });
  expect(data).toHaveLength(2);
  expect(data[0]!.embedding.every((number) => typeof number === 'number')).toBe(true);
  expect(data[0]!.embedding).not.toEqual(data[1]!.embedding);
  expect(usage.prompt_tokens).toBeGreaterThan(0);
});

test('ai: embeddings, of both packages', async () => {
  const options = { baseURL: `${gateway.url}/v1`, apiKey: key };
  const compatible = createOpenAICompatible({ name: 'sluice', ...options });
  for (const model of [createOpenAI(options).embedding('mock/embed'), compatible.embeddingModel('mock/embed')]) {
    const { embeddings } = await embedMany({ model, values: ['one', 'two'] });
    expect(embeddings).toHaveLength(2);
    expect(embeddings[0]).not.toEqual(embeddings[1]);
  }
});

test('openai: legacy completions, whole and streamed', async () => {
  expect((await openai.completions.create({ model: 'mock/echo', prompt: 'Hello' })).choices[0]!.text).toBe('Hello');
  let text = '';
  for await (const chunk of await openai.completions.create({ model: 'mock/echo', prompt: 'Hello', stream: true }))
    text += chunk.choices[0]?.text ?? '';
  expect(text).toBe('Hello');
});

test('openai: Azure’s client, whose model is in the path', async () => {
  const azure = new AzureOpenAI({ endpoint: gateway.url, apiKey: key, apiVersion: '2024-10-21' });
  const scene = upstream.scene({ text: 'Hi.' });
  const answer = await azure.chat.completions.create({
    model: 'the-chat-model',
    messages: [{ role: 'user', content: `Hello ${scene.mark}` }],
  });
  expect(answer.choices[0]!.message.content).toBe('Hi.');
  expect((await azure.embeddings.create({ model: 'mock/embed', input: 'one' })).data).toHaveLength(1);
});

test('models, in the lists of three libraries', async () => {
  const names = Object.keys(models);
  expect((await all(openai.models.list())).map(({ id }) => id)).toEqual(expect.arrayContaining(names));
  expect((await openai.models.retrieve(names[0]!)).id).toBe(names[0]!);
  expect((await all(anthropic.models.list())).map(({ id }) => id)).toEqual(expect.arrayContaining(names));
  const googles = (await all(await google.models.list())).map(({ name }) => name);
  expect(googles).toEqual(expect.arrayContaining(names.map((name) => `models/${name}`)));
});

test('tokens are counted (FP-73)', async () => {
  const messages = [{ role: 'user' as const, content: 'How many tokens are these?' }];
  const { input_tokens } = await anthropic.messages.countTokens({ model: 'the-chat-model', messages });
  expect(input_tokens).toBeGreaterThan(3);
  const { totalTokens } = await google.models.countTokens({ model: 'the-chat-model', contents: 'How many tokens are these?' });
  expect(totalTokens).toBeGreaterThan(3);
});

test('the environment alone points every library at the gateway', async () => {
  const program = `
    import OpenAI from 'openai';
    import Anthropic from '@anthropic-ai/sdk';
    import { GoogleGenAI } from '@google/genai';
    const messages = [{ role: 'user', content: 'Hello' }];
    const said = [
      (await new OpenAI().chat.completions.create({ model: 'mock/echo', messages })).choices[0].message.content,
      (await new Anthropic().messages.create({ model: 'mock/echo', max_tokens: 9, messages })).content[0].text,
      (await new GoogleGenAI({}).models.generateContent({ model: 'mock/echo', contents: 'Hello' })).text,
    ];
    console.log(said.join());`;
  const child = Bun.spawn([process.execPath, '--eval', program], {
    cwd: import.meta.dir,
    env: {
      PATH: process.env['PATH'],
      OPENAI_BASE_URL: `${gateway.url}/v1`,
      OPENAI_API_KEY: key,
      ANTHROPIC_BASE_URL: gateway.url,
      ANTHROPIC_API_KEY: key,
      GOOGLE_GEMINI_BASE_URL: gateway.url,
      GEMINI_API_KEY: key,
    },
    stderr: 'pipe',
  });
  expect(await new Response(child.stdout).text(), await new Response(child.stderr).text()).toBe('Hello,Hello,Hello\n');
});
