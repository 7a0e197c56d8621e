import { openaiTraits } from '../../catalog/index.ts';
import { systemEnv, type Env } from '../../lib/env.ts';
import { readTextFile, replaceSecretFile } from '../../lib/read-file.ts';
import type { Provider, Target } from '../../types/index.ts';
import { bearer, textOption } from '../credentials.ts';
import type { TokenFetch } from '../fetch-token.ts';
import { responsesTaking } from '../speaks.ts';
import { createTokenCache } from '../token-cache.ts';
import { chatgptDialect } from './dialect.ts';
import type { SignIn } from './sign-in.ts';
import { authFileOf, chatgptToken, type ChatgptToken, type TokenSources } from './tokens.ts';

export interface ChatgptOptions {
  fetch?: TokenFetch;
  now?: () => number;
  env?: () => Env;
  readText?: (path: string) => Promise<string>;
  writeText?: (path: string, text: string) => Promise<void>;
}

/** Answered with "Unsupported parameter" (BerriAI/litellm keeps but its own list of members, read 2026-11-22). */
const members = {
  background: 'refuse',
  conversation: 'refuse',
  max_output_tokens: 'drop',
  max_tool_calls: 'drop',
  metadata: 'drop',
  prompt_cache_retention: 'drop',
  safety_identifier: 'drop',
  temperature: 'refuse',
  top_logprobs: 'refuse',
  top_p: 'refuse',
  user: 'drop',
} as const;

/** The models of a ChatGPT subscription. Holds the tokens of its targets, so a program makes one. */
export const createChatgpt = ({
  fetch = (url, init) => globalThis.fetch(url, init),
  now = Date.now,
  env = systemEnv,
  readText = readTextFile,
  writeText = replaceSecretFile,
}: ChatgptOptions = {}): Provider => {
  const sources: TokenSources = { fetch, now, env, readText, writeText };
  const tokens = createTokenCache<ChatgptToken>(now);
  /** By file, of which a configuration names few. */
  const newer = new Map<string, SignIn>();
  /** The token of a target that was refused last. */
  const refusedTokens = new WeakMap<Target, string>();
  const fileOf = (target: Target): string => authFileOf(target, env()) ?? '';

  return {
    id: 'chatgpt',
    label: 'ChatGPT',
    baseUrl: 'https://chatgpt.com/backend-api/codex',
    baseUrlEnv: ['CHATGPT_API_BASE', 'OPENAI_CHATGPT_API_BASE'],
    auth: {
      kind: 'custom',
      headers(target) {
        const account = textOption(target, 'chatgpt_account_id');
        if (target.apiKey)
          return { ...bearer(target.apiKey, target.provider), ...(account !== undefined && { 'chatgpt-account-id': account }) };
        return tokens
          .get(fileOf(target), '', () => chatgptToken(target, sources, refusedTokens.get(target), newer))
          .then(({ value, accountId = account }) => ({
            authorization: `Bearer ${value}`,
            ...(accountId !== undefined && { 'chatgpt-account-id': accountId }),
          }));
      },
      refused(target, { authorization }) {
        if (target.apiKey) return false;
        const again = tokens.forget(fileOf(target), authorization);
        if (again && authorization) refusedTokens.set(target, authorization.replace(/^Bearer /, ''));
        return again;
      },
    },
    // Nobody has to have a key: a sign-in lies in a file.
    keyEnv: ['CHATGPT_ACCESS_TOKEN'],
    keyOptional: true,
    optionsEnv: {
      chatgpt_token_dir: ['CHATGPT_TOKEN_DIR'],
      chatgpt_auth_file: ['CHATGPT_AUTH_FILE'],
      chatgpt_account_id: ['CHATGPT_ACCOUNT_ID'],
    },
    headers: { originator: 'codex_cli_rs', 'openai-beta': 'responses=experimental' },
    speaks: { responses: { ...responsesTaking({ members }).responses, dialect: chatgptDialect } },
    traits: (model) => ({ ...openaiTraits(model), fixedSampling: true }),
    source: 'https://docs.litellm.ai/docs/providers/chatgpt, 2026-11-22',
  };
};
