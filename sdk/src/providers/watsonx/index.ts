import { deploymentPrefix } from '../../protocols/watsonx/model.ts';
import { SluiceError, type Dialect, type DialectCall, type Provider, type Speaks, type Target } from '../../types/index.ts';
import { textOption } from '../credentials.ts';
import type { TokenFetch } from '../fetch-token.ts';
import { pathSegment, upstreamUrl } from '../url.ts';
import { watsonxAuth } from './auth.ts';

/*
 * IBM watsonx.ai (https://cloud.ibm.com/apidocs/watsonx-ai, read 2026-11-22; shapes checked with the npm package
 * @ibm-cloud/watsonx-ai 1.7.16). Names of options and variables as LiteLLM has them
 * (https://docs.litellm.ai/docs/providers/watsonx/, read 2026-11-22).
 */

export interface WatsonxOptions {
  fetch?: TokenFetch;
  now?: () => number;
}

const text = (options: DialectCall['options'], name: string): string | undefined => {
  const value = options?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** Every body says whose quota it uses; a deployment knows. Whether it streams is in the path. */
const dialect = ({ model, body, options }: DialectCall): Dialect => {
  if (model.startsWith(deploymentPrefix)) return { members: { stream: undefined } };
  const [project, space] = [text(options, 'project_id'), text(options, 'space_id')];
  const given = body['project_id'] ?? body['space_id'];
  if (given === undefined && project === undefined && space === undefined) {
    throw new SluiceError(
      'invalid_request',
      'watsonx.ai needs a project or a space: give project_id or space_id, or set WATSONX_PROJECT_ID or WATSONX_SPACE_ID.',
      { param: 'project_id', provider: 'watsonx', retry: false },
    );
  }
  const owner = given !== undefined ? {} : project !== undefined ? { project_id: project } : { space_id: space };
  return { members: { stream: undefined, ...owner } };
};

const textPath = (name: string, protocol: string, streams = true): Speaks => ({
  protocol,
  path: `/ml/v1/text/${name}?version={apiVersion}`,
  ...(streams && { streamPath: `/ml/v1/text/${name}_stream?version={apiVersion}` }),
  dialect,
});

/** A region's own address, where there is no other. */
const addressOf = (target: Target): string | undefined => {
  if (target.baseUrl !== undefined) return target.baseUrl;
  const region = textOption(target, 'watsonx_region_name');
  return region !== undefined && /^[a-z]+(?:-[a-z0-9]+)+$/.test(region) ? `https://${region}.ml.cloud.ibm.com` : undefined;
};

const url = (target: Target, speaks: Speaks, stream: boolean): string => {
  const { url: _own, ...provider } = target.provider;
  const baseUrl = addressOf(target);
  const made = (of: Speaks): string =>
    upstreamUrl(
      { ...target, provider, ...(baseUrl !== undefined && { baseUrl }), apiVersion: target.apiVersion ?? defaultVersion },
      of,
      stream,
    );
  if (!target.model.startsWith(deploymentPrefix)) return made(speaks);
  const place = `/ml/v1/deployments/${pathSegment(target.model.slice(deploymentPrefix.length))}/text/`;
  const moved = (path: string): string => path.replace('/ml/v1/text/', () => place);
  return made({ ...speaks, path: moved(speaks.path), ...(speaks.streamPath !== undefined && { streamPath: moved(speaks.streamPath) }) });
};

/** The one that LiteLLM asks for (its `WATSONX_DEFAULT_API_VERSION`, read 2026-11-22). */
const defaultVersion = '2024-03-13';

/** IBM watsonx.ai. Holds the tokens of its targets, so a program makes one. */
export const createWatsonx = ({ fetch = (url, init) => globalThis.fetch(url, init), now = Date.now }: WatsonxOptions = {}): Provider => ({
  id: 'watsonx',
  label: 'IBM watsonx.ai',
  baseUrlEnv: ['WATSONX_API_BASE', 'WATSONX_URL', 'WX_URL', 'WML_URL'],
  auth: watsonxAuth({ fetch, now }),
  keyEnv: ['WATSONX_APIKEY', 'WATSONX_API_KEY', 'WX_API_KEY'],
  optionsEnv: {
    token: ['WATSONX_TOKEN'],
    zen_api_key: ['WATSONX_ZENAPIKEY'],
    project_id: ['WATSONX_PROJECT_ID', 'WX_PROJECT_ID'],
    space_id: ['WATSONX_DEPLOYMENT_SPACE_ID', 'WATSONX_SPACE_ID', 'WX_SPACE_ID'],
    watsonx_region_name: ['WATSONX_REGION', 'WX_REGION'],
    watsonx_iam_url: ['WATSONX_IAM_URL'],
  },
  credentialOptions: ['token', 'zen_api_key'],
  apiVersion: defaultVersion,
  apiVersionEnv: ['WATSONX_API_VERSION'],
  speaks: {
    chat: {
      ...textPath('chat', 'watsonx-chat'),
      takes: { members: { metadata: 'drop', prompt_cache_key: 'drop', service_tier: 'drop', store: 'drop', user: 'drop' } },
    },
    completions: textPath('generation', 'watsonx-text'),
    embeddings: textPath('embeddings', 'watsonx-embeddings', false),
    rerank: textPath('rerank', 'watsonx-rerank', false),
  },
  chatOrder: ['chat', 'completions'],
  quirks: {
    lacks: ['allowed_tools', 'audio', 'custom_tools', 'modalities', 'parallel_tool_calls', 'prediction', 'verbosity', 'web_search_options'],
    developerRole: 'system',
    efforts: ['low', 'medium', 'high'],
    noStreamOptions: true,
  },
  url,
  source: 'https://cloud.ibm.com/apidocs/watsonx-ai, 2026-11-22',
});
