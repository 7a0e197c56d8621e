import { claudeTraits } from '../../catalog/index.ts';
import type { Provider } from '../../types/index.ts';
import { azureAuth } from '../azure/credentials.ts';
import type { EntraTokens } from '../azure/entra.ts';
import { headerText } from '../credentials.ts';
import { claudeSpeaks } from './claude.ts';
import { claudeUrl } from './url.ts';

/** What a provider of Azure is called, and where it finds what it needs. */
type Facts = Pick<Provider, 'id' | 'label' | 'keyEnv' | 'baseUrlEnv' | 'optionsEnv' | 'credentialOptions' | 'resolveModel' | 'variant'>;

/** Claude on a resource of Azure, for users who write `azure_ai/` and those who write `azure/`. */
export const foundryClaude = (facts: Facts, tokens: EntraTokens): Provider =>
  Object.freeze({
    ...facts,
    auth: azureAuth(tokens, (key, { provider }) => ({ 'x-api-key': headerText(key, provider) })),
    speaks: claudeSpeaks,
    chatOrder: ['messages'],
    traits: claudeTraits,
    headers: { 'anthropic-version': '2023-06-01' },
    url: claudeUrl,
    source: 'https://platform.claude.com/docs/en/build-with-claude/claude-in-microsoft-foundry, 2026-11-22',
  } satisfies Provider);

/** No other model is at the address of Anthropic's format, and Claude is at no other. */
export const isClaude = (model: string, baseUrl: string | undefined): boolean =>
  /claude/i.test(model) || (baseUrl !== undefined && /^https?:\/\/[^/]+\/(?:.*\/)?anthropic(?:\/|$)/.test(baseUrl));
