import { SluiceError, type Provider, type Speaks, type Target } from '../../types/index.ts';
import { textOption } from '../credentials.ts';
import { betaResponses, openaiFormats } from '../speaks.ts';
import { checkedUrl, pathSegment, templateUrl } from '../url.ts';

/*
 * Cloudflare's Workers AI by its OpenAI-compatible paths. Its own `/ai/run/{model}` has a body for each model and tells
 * neither why an answer ended nor, in streams, what it called; here all models have tools, usage and reasons alike
 * (https://developers.cloudflare.com/workers-ai/configuration/open-ai-compatibility, read 2026-11-22).
 */

const root = 'https://api.cloudflare.com/client/v4/accounts/';

/** @throws SluiceError `invalid_request` where nothing says whose account it is */
const url = (target: Target, speaks: Speaks, stream: boolean): string => {
  if (target.baseUrl !== undefined) {
    const { origin, pathname } = checkedUrl(target.baseUrl, target.provider);
    // LiteLLM's users give the address of its own calls.
    const [, account] = /^(.*\/accounts\/[^/]+)(?:\/ai(?:\/run)?)?\/*$/.exec(pathname) ?? [];
    return account === undefined ? templateUrl(target, speaks, stream) : `${origin}${account}/ai/v1${speaks.path}`;
  }
  const account = textOption(target, 'account_id');
  if (account !== undefined) return `${root}${pathSegment(account)}/ai/v1${speaks.path}`;
  throw new SluiceError(
    'invalid_request',
    'Cloudflare needs your account: give account_id, or set CLOUDFLARE_ACCOUNT_ID, or give the address (api_base).',
    { param: 'account_id', provider: target.provider.id },
  );
};

export const cloudflare: Provider = Object.freeze({
  id: 'cloudflare',
  label: 'Cloudflare Workers AI',
  baseUrlEnv: ['CLOUDFLARE_API_BASE'],
  auth: { kind: 'bearer' },
  keyEnv: ['CLOUDFLARE_API_KEY', 'CLOUDFLARE_API_TOKEN'],
  optionsEnv: { account_id: ['CLOUDFLARE_ACCOUNT_ID'] },
  servedWith: [
    ['CLOUDFLARE_API_KEY', 'CLOUDFLARE_API_TOKEN'],
    ['CLOUDFLARE_ACCOUNT_ID', 'CLOUDFLARE_API_BASE'],
  ],
  speaks: { ...openaiFormats('chat', 'embeddings'), ...betaResponses },
  quirks: { lacks: ['allowed_tools', 'custom_tools'], developerRole: 'system', reasoningField: 'reasoning_content' },
  url,
  source: 'https://developers.cloudflare.com/workers-ai/configuration/open-ai-compatibility, 2026-11-22',
} satisfies Provider);
