import { cohereRerank, openaiChat, openaiEmbeddings } from '../../protocols/index.ts';
import type { Provider, Target } from '../../types/index.ts';
import { openaiFormats } from '../speaks.ts';
import { operations } from './operations.ts';
import { createMockTransport } from './transport.ts';

/**
 * A provider that answers by itself: for trying things out without a key, and for tests. It is spoken to in OpenAI's
 * formats, and Cohere's for reranking, like any other, so everything between client and provider is at work. Models and options: `script.ts`.
 */
export const mock: Provider = {
  id: 'mock',
  label: 'the mock provider',
  // Never resolved: the transport below takes the place of the network.
  baseUrl: 'https://mock.invalid/v1',
  auth: { kind: 'none' },
  keyEnv: [],
  speaks: { ...openaiFormats('chat', 'embeddings'), rerank: { protocol: 'cohere-rerank', path: '/rerank' } },
  traits: () => ({ jsonSchema: true }),
  operations,
  transport: createMockTransport({ chat: openaiChat, embeddings: openaiEmbeddings, reranking: cohereRerank }),
  source: 'https://docs.litellm.ai/docs/completion/mock_requests, 2026-11-21',
};

/** Options that say what is to be answered in place of the provider. */
const mockOptions = ['mock_response', 'mock_tool_calls', 'mock_timeout'] as const;

/** The target as it is called: where its options hold a mock answer, the mock gives it in the provider's name. */
export const mocked = (target: Target): Target => {
  const { provider, options } = target;
  if (provider.id === mock.id || !mockOptions.some((name) => options?.[name] !== undefined && options[name] !== false)) return target;
  const { baseUrl: _baseUrl, prefer: _prefer, apiVersion: _apiVersion, ...rest } = target;
  return { ...rest, provider: { ...mock, id: provider.id, label: provider.label } };
};
