import type { Obj } from './read/reading.ts';
import type { WireFormat } from './wire-formats.ts';

/** How a client of one format calls the gateway. */
export interface ClientRoute {
  name: string;
  /** Of answers and errors. */
  format: WireFormat;
  path(model: string, stream: boolean): string;
  body(model: string, stream: boolean, prompt: string): Obj;
}

const user = (content: string) => [{ role: 'user', content }];

const gemini = (name: string, query: string): ClientRoute => ({
  name,
  format: 'gemini',
  path: (model, stream) => `/v1beta/models/${encodeURIComponent(model)}:${stream ? `streamGenerateContent${query}` : 'generateContent'}`,
  body: (_model, _stream, prompt) => ({ contents: [{ role: 'user', parts: [{ text: prompt }] }] }),
});

/** Each route of chat, with its smallest request. A new one is an entry here. */
export const clientRoutes: readonly ClientRoute[] = [
  {
    name: 'chat',
    format: 'openai-chat',
    path: () => '/v1/chat/completions',
    body: (model, stream, prompt) => ({ model, stream, messages: user(prompt) }),
  },
  {
    name: 'completions',
    format: 'openai-completions',
    path: () => '/v1/completions',
    body: (model, stream, prompt) => ({ model, stream, prompt }),
  },
  {
    name: 'responses',
    format: 'openai-responses',
    path: () => '/v1/responses',
    body: (model, stream, prompt) => ({ model, stream, input: prompt }),
  },
  {
    name: 'messages',
    format: 'anthropic-messages',
    path: () => '/v1/messages',
    body: (model, stream, prompt) => ({ model, stream, max_tokens: 100, messages: user(prompt) }),
  },
  gemini('gemini', '?alt=sse'),
  // The same stream as one JSON array.
  gemini('gemini-array', ''),
  {
    name: 'converse',
    format: 'bedrock-converse',
    path: (model, stream) => `/model/${encodeURIComponent(model)}/converse${stream ? '-stream' : ''}`,
    body: (_model, _stream, prompt) => ({ messages: [{ role: 'user', content: [{ text: prompt }] }] }),
  },
  {
    name: 'cohere',
    format: 'cohere-chat',
    path: () => '/v2/chat',
    body: (model, stream, prompt) => ({ model, stream, messages: user(prompt) }),
  },
  {
    name: 'ollama',
    format: 'ollama-chat',
    path: () => '/api/chat',
    body: (model, stream, prompt) => ({ model, stream, messages: user(prompt) }),
  },
];
