import { claudeTraits, geminiTraits, openaiChatEndpoints, openaiTraits } from '../../catalog/index.ts';
import { systemEnv, type Env } from '../../lib/env.ts';
import { readTextFile } from '../../lib/read-file.ts';
import { newId } from '../../lib/ids.ts';
import { shortHash } from '../../lib/short-hash.ts';
import type { Endpoint, ModelTraits, Provider, Target } from '../../types/index.ts';
import { bearer } from '../credentials.ts';
import type { TokenFetch } from '../fetch-token.ts';
import { openaiFormats } from '../speaks.ts';
import { createTokenCache } from '../token-cache.ts';
import { upstreamUrl } from '../url.ts';
import { copilotDialect } from './headers.ts';
import { copilotToken, isGithubToken, pathsOf, type CopilotToken, type TokenSources } from './tokens.ts';

export interface CopilotOptions {
  fetch?: TokenFetch;
  now?: () => number;
  env?: () => Env;
  readText?: (path: string) => Promise<string>;
}

const defaultApi = 'https://api.githubcopilot.com';

/** Without them Copilot refuses the call (BerriAI/litellm `llms/github_copilot/common_utils.py`, read 2026-11-22). */
const editorHeaders = {
  'copilot-integration-id': 'vscode-chat',
  'editor-version': 'vscode/1.95.0',
  'editor-plugin-version': 'copilot-chat/0.26.7',
  'user-agent': 'GitHubCopilotChat/0.26.7',
  'openai-intent': 'conversation-panel',
  'x-github-api-version': '2025-04-01',
  'x-vscode-user-agent-library-version': 'electron-fetch',
};

const claudeEndpoints: readonly Endpoint[] = ['chat', 'messages'];
const chatOnly: readonly Endpoint[] = ['chat'];
const responsesOnly: readonly Endpoint[] = ['responses'];

/** As `supported_endpoints` of its list of models says (GET /models, recorded 2026). */
const chatEndpoints = (model: string): readonly Endpoint[] => {
  if (model.startsWith('claude')) return claudeEndpoints;
  if (model.startsWith('mai-code')) return responsesOnly;
  if (/^gpt-5\.(?:4-mini|[5-9])/.test(model)) return responsesOnly;
  if (!/^(?:gpt-[5-9]|oswe)/.test(model)) return chatOnly;
  return openaiChatEndpoints(model)?.filter((endpoint) => endpoint !== 'completions') ?? chatOnly;
};

const traits = (model: string): ModelTraits => {
  if (model.startsWith('claude')) {
    // What it encrypts in Responses is its own.
    const { origin: _origin, ...traits } = claudeTraits(model);
    return traits;
  }
  if (model.startsWith('gemini')) return { reasoning: geminiTraits(model).reasoning === 'none' ? 'none' : 'effort' };
  return openaiTraits(model);
};

/** GitHub Copilot. Holds the tokens of its targets, so a program makes one. */
export const createGithubCopilot = ({
  fetch = (url, init) => globalThis.fetch(url, init),
  now = Date.now,
  env = systemEnv,
  readText = readTextFile,
}: CopilotOptions = {}): Provider => {
  const sources: TokenSources = { fetch, now, env, readText };
  const tokens = createTokenCache<CopilotToken>(now);
  /** Where a target's user is served, as far as that is known. */
  const apis = new WeakMap<Target, string>();
  /** The token of a target that was refused last. */
  const refusedTokens = new WeakMap<Target, string>();

  /** A key that GitHub did not give is Copilot's own. */
  const isReady = ({ apiKey }: Target): boolean => apiKey !== undefined && !isGithubToken(apiKey.reveal());
  const idOf = (target: Target): string => (target.apiKey ? shortHash(target.apiKey.reveal()) : JSON.stringify(pathsOf(target, env())));

  const tokenOf = async (target: Target): Promise<CopilotToken> => {
    const secret = target.apiKey?.reveal() ?? '';
    const token = await tokens.get(idOf(target), secret, () => copilotToken(target, sources, refusedTokens.get(target)));
    apis.set(target, token.api ?? defaultApi);
    return token;
  };

  const known = async (target: Target): Promise<void> => void (await tokenOf(target));

  return {
    id: 'github_copilot',
    label: 'GitHub Copilot',
    baseUrl: defaultApi,
    baseUrlEnv: ['GITHUB_COPILOT_API_BASE'],
    auth: {
      kind: 'custom',
      headers(target) {
        const request = { 'x-request-id': newId('') };
        if (target.apiKey && isReady(target)) return { ...request, ...bearer(target.apiKey, target.provider) };
        return tokenOf(target).then(({ value }) => ({ ...request, authorization: `Bearer ${value}` }));
      },
      refused(target, { authorization }) {
        if (isReady(target)) return false;
        const again = tokens.forget(idOf(target), authorization);
        if (again && authorization) refusedTokens.set(target, authorization.replace(/^Bearer /, ''));
        return again;
      },
    },
    // Nobody has to have a key: a sign-in lies in files.
    keyEnv: ['GITHUB_COPILOT_API_KEY'],
    keyOptional: true,
    optionsEnv: {
      github_copilot_token_dir: ['GITHUB_COPILOT_TOKEN_DIR'],
      github_copilot_access_token_file: ['GITHUB_COPILOT_ACCESS_TOKEN_FILE'],
      github_copilot_api_key_file: ['GITHUB_COPILOT_API_KEY_FILE'],
    },
    headers: editorHeaders,
    speaks: {
      chat: { ...openaiFormats('chat').chat!, dialect: copilotDialect },
      responses: { ...openaiFormats('responses').responses!, dialect: copilotDialect },
      messages: { protocol: 'anthropic-messages', path: '/v1/messages', dialect: copilotDialect },
      embeddings: openaiFormats('embeddings').embeddings!,
    },
    chatEndpoints,
    quirks: { lacks: ['allowed_tools', 'custom_tools'], developerRole: 'system' },
    traits,
    ready(target) {
      if (target.baseUrl !== undefined || isReady(target) || apis.has(target)) return undefined;
      return known(target);
    },
    url(target, speaks, stream) {
      const { url: _own, ...provider } = target.provider;
      return upstreamUrl({ ...target, provider, baseUrl: target.baseUrl ?? apis.get(target) ?? defaultApi }, speaks, stream);
    },
    source: 'https://docs.litellm.ai/docs/providers/github_copilot, 2026-11-22',
  };
};
