import type { Provider } from '../../types/index.ts';
import { openaiFormats } from '../speaks.ts';

/** One vendor: what is known of it. The rest follows, see `providerOf`. */
export type Row = Pick<Provider, 'label' | 'keyEnv' | 'source'> & Partial<Omit<Provider, 'id'>>;

/** Rows of one file, in alphabetical order. */
export type Rows = Readonly<Record<string, Row>>;

/**
 * OpenAI alone has custom tools and `allowed_tools`: others take functions, and some answer 400 to anything else
 * (danny-avila/LibreChat issue 12804 of DeepSeek, microsoft/foundry-local issue 1080, 2026-11-22). Custom tools become
 * functions, and only the allowed tools are offered.
 */
export const functionsOnly = ['allowed_tools', 'custom_tools'] as const;

/** What holds for all but a few: open models' templates know no developer role either. */
export const plain = { lacks: functionsOnly, developerRole: 'system' } as const;

/** For vendors that know the older name alone: what they do not know is ignored in silence, and a limit must not be. */
export const maxTokens = { rename: { max_completion_tokens: 'max_tokens' } } as const;

/** Servers on one's own machine: a key is possible but seldom. */
export const local = { keyOptional: true } as const;

/** Where facts were read that stand in no document of the vendor's own. */
export const fromLitellm = (folder = 'openai_like/providers.json'): string =>
  `https://github.com/BerriAI/litellm/tree/main/litellm/llms/${folder}, 2026-11-22`;
/** Mastra's copy of models.dev. */
export const fromModelsDev = 'https://github.com/mastra-ai/mastra/blob/main/packages/core/src/llm/model/provider-registry.json, 2026-11-22';

const pathOf = (url: string | undefined): string => /^https?:\/\/[^/]+(\/.*)$/.exec(url ?? '')?.[1] ?? '';

/** A provider of a row: bearer keys, OpenAI's chat at the base URL, `ACME_API_BASE` for another address, unless the row says otherwise. */
export const providerOf = (id: string, row: Row): Provider => {
  const path = pathOf(row.baseUrl);
  return {
    id,
    auth: { kind: 'bearer' },
    baseUrlEnv: [`${id.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}_API_BASE`],
    ...(path !== '' && { baseUrlRules: { append: path } }),
    speaks: openaiFormats('chat'),
    quirks: plain,
    ...row,
    ...(row.speaks?.messages && { headers: { 'anthropic-version': '2023-06-01', ...row.headers } }),
  };
};
