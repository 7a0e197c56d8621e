import type { Provider } from '../../types/index.ts';

/** Writer's Palmyra: OpenAI's chat at a path of its own (https://dev.writer.com/api-reference/completion-api/chat-completion). */
export const writer: Provider = Object.freeze({
  id: 'writer',
  label: 'Writer',
  baseUrl: 'https://api.writer.com/v1',
  baseUrlEnv: ['WRITER_API_BASE'],
  baseUrlRules: { append: '/v1' },
  auth: { kind: 'bearer' },
  keyEnv: ['WRITER_API_KEY'],
  // Completions take a prompt as it is: `writer/completions/palmyra-x5`.
  speaks: {
    chat: { protocol: 'openai-chat', path: '/chat' },
    completions: { protocol: 'writer-completions', path: '/completions', optIn: true },
  },
  resolveModel: (model) =>
    model.startsWith('completions/') ? { model: model.slice('completions/'.length), prefer: 'completions' } : { model },
  quirks: {
    rename: { max_completion_tokens: 'max_tokens' },
    lacks: ['allowed_tools', 'custom_tools', 'frequency_penalty', 'logit_bias', 'presence_penalty', 'web_search_options'],
    developerRole: 'system',
  },
  source: 'https://dev.writer.com/api-reference/completion-api/chat-completion, 2026-11-22',
} satisfies Provider);
