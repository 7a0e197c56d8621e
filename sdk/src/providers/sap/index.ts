import { claudeTraits, geminiTraits, openaiTraits } from '../../catalog/index.ts';
import { systemEnv, type Env } from '../../lib/env.ts';
import { readTextFile } from '../../lib/read-file.ts';
import { shortHash } from '../../lib/short-hash.ts';
import { SluiceError, type JsonObject, type ModelTraits, type Provider, type Target } from '../../types/index.ts';
import { textOption } from '../credentials.ts';
import { endsIn, fetchToken, tokenIn, type TokenFetch } from '../fetch-token.ts';
import { createTokenCache, type FetchedToken } from '../token-cache.ts';
import { pathSegment, upstreamUrl } from '../url.ts';
import { sapCredentials, type SapCredentials } from './service-key.ts';

/*
 * SAP's generative AI hub, by its orchestration service (https://help.sap.com/docs/sap-ai-core, and the npm packages
 * @sap-ai-sdk/core and @sap-ai-sdk/ai-api 2.16.0 for paths and headers, read 2026-11-22).
 */

export interface SapOptions {
  fetch?: TokenFetch;
  now?: () => number;
  env?: () => Env;
  readText?: (path: string) => Promise<string>;
}

const issuer = 'SAP';
const orchestration = 'orchestration';

const traits = (model: string): ModelTraits => {
  if (model.includes('claude')) return claudeTraits(model);
  if (model.startsWith('gemini')) return { reasoning: geminiTraits(model).reasoning === 'none' ? 'none' : 'effort' };
  return openaiTraits(model);
};

/** An address that names the deployment needs no looking up. */
const namesDeployment = (url: string | undefined): boolean => url !== undefined && /\/inference\/deployments\/[^/]+/.test(url);

/** SAP's generative AI hub. Holds the tokens of its targets and where they call, so a program makes one. */
export const createSap = ({
  fetch = (url, init) => globalThis.fetch(url, init),
  now = Date.now,
  env = systemEnv,
  readText = readTextFile,
}: SapOptions = {}): Provider => {
  const tokens = createTokenCache(now);
  const credentials = new WeakMap<Target, SapCredentials>();
  const deployments = new WeakMap<Target, string>();

  const group = (target: Target): string => textOption(target, 'sap_resource_group') ?? 'default';
  const idOf = ({ authUrl, clientId, clientSecret }: SapCredentials): string =>
    JSON.stringify([authUrl, clientId, shortHash(clientSecret)]);

  const credentialsOf = async (target: Target): Promise<SapCredentials> => {
    const found = credentials.get(target) ?? (await sapCredentials(target, env(), readText));
    credentials.set(target, found);
    return found;
  };

  const ask = async ({ authUrl, clientId, clientSecret }: SapCredentials, provider: Provider): Promise<FetchedToken> => {
    const askedAt = now();
    const body = await fetchToken({
      fetch,
      url: authUrl,
      init: {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }).toString(),
      },
      issuer,
      provider,
      secrets: [clientSecret],
    });
    return { value: tokenIn(body, 'access_token', issuer, provider), expiresAtMs: endsIn(body['expires_in'], askedAt, 3600) };
  };

  const headersOf = async (target: Target): Promise<Record<string, string>> => {
    const found = await credentialsOf(target);
    const { value } = await tokens.get(idOf(found), found.clientSecret, () => ask(found, target.provider));
    return { authorization: `Bearer ${value}`, 'ai-resource-group': group(target) };
  };

  /** The newest of the deployments of the service that run. */
  const lookUp = async (target: Target): Promise<void> => {
    const { provider } = target;
    const headers = await headersOf(target);
    const { baseUrl } = await credentialsOf(target);
    const named = textOption(target, 'sap_deployment_id');
    if (namesDeployment(target.baseUrl)) return void deployments.set(target, target.baseUrl!);
    if (named !== undefined) return void deployments.set(target, `${baseUrl}/inference/deployments/${pathSegment(named)}`);
    const url = `${baseUrl}/lm/deployments?scenarioId=${orchestration}&status=RUNNING`;
    const body = await fetchToken({ fetch, url, init: { method: 'GET', headers }, issuer, provider, secrets: [] });
    const running = (Array.isArray(body['resources']) ? (body['resources'] as JsonObject[]) : []).filter(
      ({ id }) => typeof id === 'string',
    );
    const [newest] = running.toSorted((a, b) => String(b['createdAt'] ?? '').localeCompare(String(a['createdAt'] ?? '')));
    if (!newest) {
      const why = `No deployment of the orchestration service runs in the resource group '${group(target)}' of SAP AI Core.`;
      throw new SluiceError('not_found', `${why} Create one, or name another group (AICORE_RESOURCE_GROUP).`, {
        provider: provider.id,
        retry: false,
      });
    }
    deployments.set(target, `${baseUrl}/inference/deployments/${pathSegment(String(newest['id']))}`);
  };

  return {
    id: 'sap',
    label: 'SAP generative AI hub',
    baseUrlEnv: ['AICORE_DEPLOYMENT_URL'],
    auth: {
      kind: 'custom',
      headers: headersOf,
      refused(target, { authorization }) {
        const found = credentials.get(target);
        return found !== undefined && tokens.forget(idOf(found), authorization);
      },
    },
    keyEnv: ['AICORE_SERVICE_KEY'],
    servedWith: [['AICORE_SERVICE_KEY']],
    optionsEnv: {
      sap_client_id: ['AICORE_CLIENT_ID'],
      sap_client_secret: ['AICORE_CLIENT_SECRET'],
      sap_auth_url: ['AICORE_AUTH_URL'],
      sap_base_url: ['AICORE_BASE_URL'],
      sap_resource_group: ['AICORE_RESOURCE_GROUP'],
      sap_deployment_id: ['AICORE_DEPLOYMENT_ID'],
      sap_vcap_credentials: ['VCAP_SERVICES'],
    },
    credentialOptions: ['sap_client_secret'],
    speaks: {
      chat: { protocol: 'sap-orchestration', path: '/v2/completion' },
      embeddings: { protocol: 'sap-embeddings', path: '/v2/embeddings' },
    },
    quirks: { lacks: ['allowed_tools', 'custom_tools', 'web_search_options'], cacheMarks: true },
    traits,
    ready: (target) => (deployments.has(target) ? undefined : lookUp(target)),
    url(target, speaks, stream) {
      const { url: _own, ...provider } = target.provider;
      const baseUrl = deployments.get(target) ?? target.baseUrl;
      return upstreamUrl({ ...target, provider, ...(baseUrl !== undefined && { baseUrl }) }, speaks, stream);
    },
    source: 'https://help.sap.com/docs/sap-ai-core/generative-ai/orchestration, 2026-11-22',
  };
};
