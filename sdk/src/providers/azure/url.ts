import { SluiceError, type Speaks, type Target } from '../../types/index.ts';
import { checkedUrl, pathSegment } from '../url.ts';

/*
 * Azure serves a model at its deployment's own address, with a dated api-version, or, since 2025, as OpenAI does under
 * `/openai/v1`. The portal shows several addresses and people paste any of them; all of these mean the same resource:
 *   https://res.openai.azure.com            https://res.openai.azure.com/openai/
 *   https://res.openai.azure.com/openai/v1  https://res.services.ai.azure.com/models
 *   https://res.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21
 * Sources, read 2026-11-21: learn.microsoft.com/azure/foundry/openai/api-version-lifecycle,
 * learn.microsoft.com/azure/ai-services/openai/reference, learn.microsoft.com/rest/api/aifoundry/modelinference.
 */

/** The last dated version before the v1 API took over. */
export const defaultApiVersion = '2025-04-01-preview';
/** The first dated version that has Responses. */
const responsesSince = '2025-03-01';
/** The model inference API of Foundry has versions of its own. */
const inferenceApiVersion = '2024-05-01-preview';

/** Where a pasted address leads: `deployments` by name, the `v1` API, or Foundry's model `inference`. */
interface AzureBase {
  kind: 'deployments' | 'v1' | 'inference';
  /** Up to and without `/openai` or `/models`. */
  root: string;
  /** The deployment that the address names; it holds whatever the model is called. */
  deployment?: string;
  apiVersion?: string;
}

const v1Names: Readonly<Record<string, true>> = { v1: true, preview: true, latest: true };

const bases = new WeakMap<Target, AzureBase>();

const baseOf = (target: Target): AzureBase => {
  let base = bases.get(target);
  if (!base) bases.set(target, (base = parseBase(target)));
  return base;
};

const parseBase = (target: Target): AzureBase => {
  const { provider } = target;
  if (target.baseUrl === undefined) {
    throw new SluiceError(
      'invalid_request',
      `Azure needs the address of your resource: give api_base (baseUrl), or set ${provider.baseUrlEnv?.join(' or ')}.`,
      {
        param: 'api_base',
        provider: provider.id,
      },
    );
  }
  const url = checkedUrl(target.baseUrl, provider);
  const inUrl = url.searchParams.get('api-version') ?? undefined;
  const path = url.pathname.replaceAll(/\/{2,}/g, '/').replace(/\/$/, '');
  const found = /^(.*?)\/(openai|models)(?:\/(.*))?$/.exec(path);
  const root = url.origin + (found ? found[1]! : path.replace(/\/(?:chat\/completions|completions|responses|embeddings)$/, ''));
  const [first, second] = found?.[3]?.split('/') ?? [];
  const version = { ...(inUrl !== undefined && { apiVersion: inUrl }) };
  if (found?.[2] === 'models') return { kind: 'inference', root, ...version };
  if (first === 'v1') return { kind: 'v1', root, ...version };
  if (first === 'deployments' && second) return { kind: 'deployments', root, deployment: decodeURIComponent(second), ...version };
  return { kind: 'deployments', root, ...version };
};

/** @throws SluiceError `invalid_request` where the base URL is missing or is none */
export const azureUrl = (target: Target, speaks: Speaks): string => {
  const base = baseOf(target);
  const given = base.apiVersion ?? target.apiVersion;
  if (base.kind === 'inference')
    return `${base.root}/models${speaks.path}?api-version=${encodeURIComponent(dated(given) ?? inferenceApiVersion)}`;

  const version = given ?? target.provider.apiVersion ?? defaultApiVersion;
  const isResponses = speaks.path === '/responses';
  // What is kept is the resource's, not a deployment's.
  const isKept = speaks.protocol === 'openai-resources';
  if (base.kind === 'v1' || v1Names[version] || isVideos(speaks) || ((isResponses || isKept) && version < responsesSince)) {
    // v1 has no versions; `preview` opens what is not released yet.
    return `${base.root}/openai/v1${speaks.path}${version === 'preview' ? '?api-version=preview' : ''}`;
  }
  const place = isResponses || isKept ? '' : `/deployments/${pathSegment(base.deployment ?? target.model)}`;
  return `${base.root}/openai${place}${speaks.path}?api-version=${encodeURIComponent(version)}`;
};

/** A path of the resource's own. Dated paths need a version; v1 has none. */
export const azureRelayUrl = (target: Target, path: string): string => {
  const base = baseOf(target);
  const given = base.apiVersion ?? target.apiVersion ?? target.provider.apiVersion ?? defaultApiVersion;
  const versionless = /^\/openai\/v1(?:\/|$)/.test(path) || v1Names[given];
  return `${base.root}${path}${versionless ? '' : `?api-version=${encodeURIComponent(given)}`}`;
};

/** A conversation of a deployment (https://learn.microsoft.com/azure/foundry/openai/how-to/realtime-audio-websockets, read 2026-11-22). */
export const azureRealtimeUrl = (target: Target): string => {
  const base = baseOf(target);
  const version = base.apiVersion ?? target.apiVersion;
  const name = encodeURIComponent(base.deployment ?? target.model);
  // Generally available at v1; dated versions have the preview.
  if (version === undefined || v1Names[version]) return `${base.root}/openai/v1/realtime?model=${name}`;
  return `${base.root}/openai/realtime?api-version=${encodeURIComponent(version)}&deployment=${name}`;
};

/** Videos are served by the v1 API alone (BerriAI/litellm, llms/azure/videos, 2026-11-22). */
const isVideos = ({ path }: Speaks): boolean => path.startsWith('/videos');

const dated = (version: string | undefined): string | undefined => (version !== undefined && /^\d{4}-/.test(version) ? version : undefined);
