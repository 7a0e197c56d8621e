import { expect, test } from 'bun:test';
import { matchRoute, type RouteMatch } from './routes.ts';

test.each<[string, RouteMatch | undefined]>([
  ['/v1/chat/completions', { route: 'chat' }],
  ['/chat/completions', { route: 'chat' }],
  ['/v1/chat/completions/', { route: 'chat' }],
  ['/openai/deployments/gpt-4o/chat/completions', { route: 'chat', model: 'gpt-4o' }],
  ['/engines/groq/llama/completions', { route: 'completions', model: 'groq/llama' }],
  ['/v1/engines/text-embedding-3-small/embeddings', { route: 'embeddings', model: 'text-embedding-3-small' }],
  ['/openai/v1/responses', { route: 'responses' }],
  ['/v1/responses/input_tokens', { route: 'responses_count_tokens' }],
  ['/v1/messages', { route: 'messages' }],
  ['/v1/messages/count_tokens', { route: 'count_tokens' }],
  ['/v1beta/models/gemini-2.5-pro:generateContent', { route: 'generate_content', model: 'gemini-2.5-pro' }],
  ['/v1beta/models/openai/gpt-4o:streamGenerateContent', { route: 'stream_generate_content', model: 'openai/gpt-4o' }],
  ['/v1beta/models/openai%2Fgpt-4o:countTokens', { route: 'gemini_count_tokens', model: 'openai/gpt-4o' }],
  ['/models/gemini-2.5-pro:generateContent', { route: 'generate_content', model: 'gemini-2.5-pro' }],
  // As Vercel's AI SDK writes a name with a slash.
  ['/v1beta/openai/gpt-4o:generateContent', { route: 'generate_content', model: 'openai/gpt-4o' }],
  ['/v1beta/ollama/llama3.2:latest:streamGenerateContent', { route: 'stream_generate_content', model: 'ollama/llama3.2:latest' }],
  ['/v1beta/openai:generateContent', undefined],
  ['/v1beta/models', { route: 'gemini_models' }],
  ['/v1beta/models/gemini-2.5-pro', { route: 'gemini_model', model: 'gemini-2.5-pro' }],
  ['/v1/models', { route: 'models' }],
  ['/v1/models/openai/gpt-4o', { route: 'model', model: 'openai/gpt-4o' }],
  ['/v1/models/ollama/llama3.2:latest', { route: 'model', model: 'ollama/llama3.2:latest' }],
  ['/', { route: 'root' }],
  ['/health/liveliness', { route: 'liveness' }],
  ['/v1/unknown', undefined],
  ['//v1/chat/completions', undefined],
])('%s', (path, expected) => expect(matchRoute(path)).toEqual(expected as RouteMatch));
