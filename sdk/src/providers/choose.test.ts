import { describe, expect, test } from 'bun:test';
import { anthropic } from './anthropic/index.ts';
import { chooseEndpoint, chooseSpeaks } from './choose.ts';
import { compatible } from './compatible/index.ts';
import { gemini } from './gemini/index.ts';
import { ollama } from './ollama/index.ts';
import { openai } from './openai/index.ts';
import { SluiceError, type Endpoint, type Provider, type ProtocolId } from '../types/index.ts';

const byId = (id: string): Provider => [anthropic, gemini, ollama, openai, ...compatible].find((each) => each.id === id)!;
const pick = (provider: Provider, model: string, client: ProtocolId, prefer?: Endpoint): [Endpoint, boolean] => {
  const { endpoint, same, speaks } = chooseSpeaks(provider, model, client, prefer);
  expect(speaks).toBe(provider.speaks[endpoint]!);
  return [endpoint, same];
};

describe('chooseSpeaks', () => {
  test.each([
    // The client's own format where the model takes it.
    ['openai', 'gpt-4o', 'openai-chat', undefined, 'chat', true],
    ['openai', 'gpt-4o', 'openai-responses', undefined, 'responses', true],
    ['openai', 'gpt-3.5-turbo-instruct', 'openai-completions', undefined, 'completions', true],
    ['openai', 'gpt-5.4', 'openai-chat', undefined, 'chat', true],
    ['anthropic', 'claude-opus-5', 'anthropic-messages', undefined, 'messages', true],
    ['gemini', 'gemini-2.5-pro', 'gemini', undefined, 'chat', true],
    ['groq', 'llama-3.3-70b', 'openai-chat', undefined, 'chat', true],
    // The format of the client, but not at an endpoint that takes the model.
    ['openai', 'gpt-4o', 'openai-completions', undefined, 'chat', false],
    ['openai', 'gpt-5-codex', 'openai-chat', undefined, 'responses', false],
    ['openai', 'o1-pro', 'openai-chat', undefined, 'responses', false],
    ['openai', 'davinci-002', 'openai-chat', undefined, 'completions', false],
    ['openai', 'gpt-4o-audio-preview', 'openai-responses', undefined, 'chat', false],
    // Foreign formats: the first endpoint of the model, of the provider, of everybody.
    ['openai', 'gpt-4o', 'anthropic-messages', undefined, 'chat', false],
    ['openai', 'gpt-5.6', 'anthropic-messages', undefined, 'responses', false],
    ['openai', 'something-local', 'gemini', undefined, 'chat', false],
    ['openai', 'something-local', 'openai-completions', undefined, 'completions', true],
    ['anthropic', 'claude-opus-5', 'openai-chat', undefined, 'messages', false],
    ['gemini', 'gemini-2.5-pro', 'openai-responses', undefined, 'chat', false],
    ['ollama', 'llama3.2', 'openai-chat', undefined, 'chat', false],
    ['perplexity', 'sonar', 'openai-chat', undefined, 'responses', false],
    ['xai', 'grok-4', 'openai-responses', undefined, 'responses', true],
    // Betas only by name.
    ['groq', 'openai/gpt-oss-20b', 'openai-responses', undefined, 'chat', false],
    ['groq', 'openai/gpt-oss-20b', 'openai-responses', 'responses', 'responses', true],
    // What was asked for by name wins over the client's format.
    ['openai', 'gpt-4o', 'openai-chat', 'responses', 'responses', false],
    ['openai', 'gpt-4o', 'openai-responses', 'chat', 'chat', false],
    ['openai', 'gpt-4o', 'anthropic-messages', 'responses', 'responses', false],
    // What the provider does not speak, or is no chat, is not asked for.
    ['groq', 'llama-3.3-70b', 'openai-chat', 'messages', 'chat', true],
    ['openai', 'gpt-4o', 'openai-chat', 'embeddings', 'chat', true],
  ] as const)('%s/%s for %s, prefer %s: %s, same %s', (provider, model, client, prefer, endpoint, same) => {
    expect(pick(byId(provider), model, client, prefer)).toEqual([endpoint, same]);
  });

  test('a provider that cannot chat says so', () => {
    const voyage: Provider = {
      ...byId('groq'),
      id: 'voyage',
      label: 'Voyage',
      speaks: { embeddings: { protocol: 'openai-embeddings', path: '/embeddings' } },
    };
    expect(() => chooseSpeaks(voyage, 'voyage-3', 'openai-chat')).toThrow(SluiceError);
    expect(chooseEndpoint(voyage, 'embeddings')?.path).toBe('/embeddings');
    expect(chooseEndpoint(voyage, 'count-tokens')).toBeUndefined();
  });
});
