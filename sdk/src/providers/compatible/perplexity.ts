import { openaiMedia } from '../speaks.ts';
import type { Row } from './row.ts';

/** Sonar's model names, which Perplexity turned into presets of one model when it retired Sonar's own API. */
const presets: Readonly<Record<string, string>> = {
  sonar: 'fast',
  'sonar-pro': 'low',
  'sonar-reasoning': 'medium',
  'sonar-reasoning-pro': 'medium',
  'sonar-deep-research': 'high',
};

export const perplexity: Row = {
  label: 'Perplexity',
  baseUrl: 'https://api.perplexity.ai',
  baseUrlRules: { strip: ['/v1', '/chat/completions', '/v1/agent'] },
  keyEnv: ['PERPLEXITY_API_KEY', 'PERPLEXITYAI_API_KEY'],
  // Chat Completions were retired on 2026-09-27; the Agent API is OpenAI's Responses.
  speaks: { responses: { protocol: 'openai-responses', path: '/v1/responses' } },
  operations: openaiMedia('search'),
  quirks: {},
  // hex/llm-perplexity pull request 27 and vercel/ai issue 18988, which follow the vendor's migration page.
  resolveModel(model) {
    const preset = presets[model];
    return preset === undefined ? { model } : { model: 'perplexity/sonar', extraBody: { preset } };
  },
  source: 'https://docs.perplexity.ai/docs/agent-api/migrate-from-sonar/how-to, 2026-11-21',
};
