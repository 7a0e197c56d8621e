import { SluiceError, type Speaks, type Target } from '../../types/index.ts';
import { azureUrl } from '../azure/url.ts';
import { textOption } from '../credentials.ts';
import { checkedUrl } from '../url.ts';

/*
 * A Foundry resource serves models at several addresses, and people paste any of them:
 *   https://res.services.ai.azure.com/models/chat/completions?api-version=...   most models
 *   https://res.services.ai.azure.com/openai/v1/                                as OpenAI does
 *   https://res.services.ai.azure.com/anthropic/v1/messages                     Claude
 *   https://res.services.ai.azure.com/api/projects/name                         a project: the same resource
 *   https://name.region.models.ai.azure.com                                     a serverless deployment of one model
 * Sources, read 2026-11-22: learn.microsoft.com/rest/api/aifoundry/modelinference, learn.microsoft.com/azure/foundry/
 * foundry-models/how-to/use-foundry-models-claude, platform.claude.com/docs/en/build-with-claude/claude-in-microsoft-foundry.
 */

/** The only version of the inference API. */
const inferenceApiVersion = '2024-05-01-preview';

export const isDated = (version: string | undefined): version is string => version !== undefined && /^\d{4}-/.test(version);

export const wantedBase = (target: Target): URL => {
  const { baseUrl, provider } = target;
  if (baseUrl !== undefined) return checkedUrl(baseUrl, provider);
  const service = textOption(target, 'azure_search_service_name');
  if (service !== undefined && /^[a-z0-9][a-z0-9-]{0,58}[a-z0-9]$/.test(service)) return new URL(`https://${service}${searchHost}`);
  throw new SluiceError(
    'invalid_request',
    `Azure AI Foundry needs the address of your resource: give api_base (baseUrl), or set ${provider.baseUrlEnv?.join(' or ')}.`,
    { param: 'api_base', provider: provider.id },
  );
};

/** Azure AI Search, whose indexes are vector stores. */
const searchHost = '.search.windows.net';

const isResource = (host: string): boolean => host.endsWith('.services.ai.azure.com');
/** Addresses of the models of OpenAI, which the provider `azure` knows. */
const isOpenai = (host: string): boolean => host.endsWith('.openai.azure.com') || host.endsWith('.cognitiveservices.azure.com');

/** A resource takes its keys in a header of its own; a deployment as bearer tokens. */
export const takesApiKeyHeader = (url: string): boolean => {
  const { hostname } = new URL(url);
  return isResource(hostname) || isOpenai(hostname) || hostname.endsWith(searchHost) || isSearch(url);
};

const isSearch = (url: string): boolean => /\/indexes(?:\/[^/?]+(?:\/docs\/search)?)?\?api-version=/.test(url);

/** Document Intelligence keeps the header that Azure's older services had. */
export const takesSubscriptionKey = (url: string): boolean => /\/documentintelligence\//.test(new URL(url).pathname);

/** What stands before the places of a resource. */
export const rootOf = (url: URL): string => {
  const path = url.pathname.replaceAll(/\/{2,}/g, '/');
  return url.origin + path.replace(/\/(?:anthropic|openai|models|api\/projects)(?:\/.*)?$/, '').replace(/\/+$/, '');
};

/** @throws SluiceError `invalid_request` where the base URL is missing or is none */
export const azureAiUrl = (target: Target, speaks: Speaks): string => {
  const url = wantedBase(target);
  if (speaks.path === '/v2/rerank') return rerankUrl(url);
  const has = (place: string): boolean => new RegExp(`/${place}(/|$)`).test(url.pathname);
  if (has('openai') || (isOpenai(url.hostname) && !has('models'))) return azureUrl(target, speaks);
  if (has('models') || isResource(url.hostname)) {
    // The inference API has chat and embeddings; what else there is, is as OpenAI has it.
    if (speaks.path === '/responses') return `${rootOf(url)}/openai/v1/responses`;
    const version = [url.searchParams.get('api-version') ?? undefined, target.apiVersion].find(isDated) ?? inferenceApiVersion;
    return `${rootOf(url)}/models${speaks.path}?api-version=${encodeURIComponent(version)}`;
  }
  return deploymentUrl(url, speaks, target.apiVersion);
};

/** One model at an address of its own. */
const deploymentUrl = (url: URL, speaks: Speaks, apiVersion: string | undefined): string => {
  const path = url.pathname.replace(/\/+$/, '').replace(/\/(?:chat\/completions|embeddings|responses)$/, '');
  const base = path === '' && url.hostname.endsWith('.models.ai.azure.com') ? '/v1' : path;
  const query = new URLSearchParams(url.search);
  if (isDated(apiVersion) && !query.has('api-version')) query.set('api-version', apiVersion);
  return `${url.origin}${base}${speaks.path}${query.size > 0 ? `?${query}` : ''}`;
};

/**
 * Cohere's own paths: of a resource under a place of their own, of a deployment at its root, and as they were pasted
 * (github.com/BerriAI/litellm/issues/18024, read 2026-11-22).
 */
const rerankUrl = (url: URL): string => {
  const path = url.pathname.replace(/\/+$/, '');
  if (/\/v\d\/rerank$/.test(path)) return url.origin + path;
  if (path.endsWith('/providers/cohere')) return `${url.origin}${path}/v2/rerank`;
  if (isResource(url.hostname)) return `${rootOf(url)}/providers/cohere/v2/rerank`;
  return `${url.origin}${path.replace(/\/v\d$/, '')}/v2/rerank`;
};

/** Claude has a place of its own in a resource. */
export const claudeUrl = (target: Target, speaks: Speaks): string => rootOf(wantedBase(target)) + speaks.path;
