import { SluiceError, type Speaks, type Target } from '../../types/index.ts';
import { textOption } from '../credentials.ts';
import { checkedUrl, pathSegment } from '../url.ts';
import { defaultLocation, isEndpoint } from './models.ts';

/*
 * https://{location}-aiplatform.googleapis.com/v1/projects/{project}/locations/{location}/publishers/{publisher}/models/{model}:{method}
 * Hosts: docs.cloud.google.com/gemini-enterprise-agent-platform/resources/locations, read 2026-11-22. Calls with an API
 * key need no project (express mode: docs.cloud.google.com/vertex-ai/generative-ai/docs/start/express-mode/overview).
 */

/** Where a pasted base URL leads. */
interface VertexBase {
  /** Up to the version. */
  root: string;
  version?: string;
  project?: string;
  location?: string;
  /** The endpoint of the user's own that it is of. */
  endpoint?: string;
  query: string;
}

const bases = new WeakMap<Target, VertexBase>();

const baseOf = (target: Target): VertexBase | undefined => {
  if (target.baseUrl === undefined) return undefined;
  let base = bases.get(target);
  if (!base) bases.set(target, (base = parseBase(target.baseUrl, target)));
  return base;
};

const shape =
  /^(?<prefix>.*?)(?:\/(?<version>v\d+(?:(?:alpha|beta)\d*)?))?(?:\/projects\/(?<project>[^/]+)\/locations\/(?<location>[^/]+))?(?:\/endpoints\/(?<endpoint>[^/:]+)(?:[/:].*)?|\/(?:publishers|endpoints)(?:\/.*)?)?$/;

const parseBase = (given: string, { provider }: Target): VertexBase => {
  const url = checkedUrl(given, provider);
  const { prefix = '', version, project, location, endpoint } = shape.exec(url.pathname.replace(/\/+$/, ''))?.groups ?? {};
  return {
    root: url.origin + prefix,
    ...(version !== undefined && { version }),
    ...(project !== undefined && { project: decodeURIComponent(project) }),
    ...(location !== undefined && { location }),
    ...(endpoint !== undefined && { endpoint: decodeURIComponent(endpoint) }),
    query: url.search.slice(1),
  };
};

const invalid = (message: string, param: string): SluiceError =>
  new SluiceError('invalid_request', message, { param, provider: 'vertex_ai', retry: false });

/** The project that the target itself names; undefined where only its credentials may. */
export const namedProject = (target: Target): string | undefined => textOption(target, 'vertex_project') ?? baseOf(target)?.project;

export const namedLocation = (target: Target): string | undefined => textOption(target, 'vertex_location') ?? baseOf(target)?.location;

/** Letters, digits and hyphens: a location is part of the host's name, and must not make it another one. */
const checkedLocation = (location: string): string => {
  if (/^[a-z][a-z0-9-]{0,62}$/.test(location)) return location;
  throw invalid('The location for Vertex AI is not one: write it as us-central1, eu or global.', 'vertex_location');
};

const hostOf = (location: string): string => {
  if (location === 'global') return 'https://aiplatform.googleapis.com';
  if (location === 'us' || location === 'eu') return `https://aiplatform.${location}.rep.googleapis.com`;
  return `https://${location}-aiplatform.googleapis.com`;
};

/** Google's search, where the ranking API is. Asked with tokens of people it wants to know who pays. */
const discovery = 'https://discoveryengine.googleapis.com';
export const rankingPath = '/rankingConfigs/';

/** An address of Vertex AI's own does not have it; what somebody put in front of Google may. */
const rankingRoot = (base: VertexBase | undefined): string =>
  base === undefined || /aiplatform(?:\.\w+\.rep)?\.googleapis\.com$/.test(new URL(base.root).hostname) ? discovery : base.root;

/** An API key without project and location is all that express mode takes; it has Google's own models. */
export const isExpress = (target: Target): boolean =>
  target.apiKey !== undefined && (namedProject(target) === undefined || namedLocation(target) === undefined);

const versioned = /^v\d+(?:(?:alpha|beta)\d*)?$/;

/**
 * @param projectOf what is known of the target's project by now
 * @param defaultVersion the newest members of Gemini's format are in `v1beta1` alone, where Google's own clients send all
 * @throws SluiceError `invalid_request`
 */
export const vertexUrl = (
  target: Target,
  speaks: Speaks,
  stream: boolean,
  { projectOf, defaultVersion }: { projectOf: (target: Target) => string | undefined; defaultVersion: string },
): string => {
  const base = baseOf(target);
  // Without a path it is asked for the host alone, which needs no project.
  if (speaks.path === '') return base?.root ?? hostOf(checkedLocation(namedLocation(target) ?? defaultLocation(target.model)));
  if (speaks.path.startsWith(rankingPath))
    return `${rankingRoot(base)}/v1/projects/${pathSegment(wanted(projectOf(target)))}/locations/global${speaks.path}`;
  const ofGoogle = speaks.path.startsWith('/publishers/google/');
  const express = ofGoogle && isExpress(target) && !isEndpoint(target.model);
  const location = checkedLocation(namedLocation(target) ?? (express ? 'global' : defaultLocation(target.model)));
  const given = target.apiVersion !== undefined && versioned.test(target.apiVersion) ? target.apiVersion : undefined;
  const root = `${base?.root ?? hostOf(location)}/${base?.version ?? given ?? defaultVersion}`;
  const place = express ? '' : `/projects/${pathSegment(wanted(projectOf(target)))}/locations/${location}`;
  // The address of an endpoint says more than the name that people give its model.
  const model = speaks.path.startsWith('/endpoints/{model}') ? (base?.endpoint ?? target.model) : target.model;
  const path = fill((stream ? speaks.streamPath : undefined) ?? speaks.path, model);
  const query = base?.query ? `${path.includes('?') ? '&' : '?'}${base.query}` : '';
  return root + place + path + query;
};

const wanted = (project: string | undefined): string => {
  if (project !== undefined) return project;
  throw invalid(
    'Vertex AI needs the project: give vertex_project, or set VERTEXAI_PROJECT or GOOGLE_CLOUD_PROJECT; the credentials name none.',
    'vertex_project',
  );
};

/** Versions of a name (`claude-sonnet-4-5@20250929`) keep their mark as it is. */
const fill = (path: string, model: string): string => {
  const name = pathSegment(model).replaceAll('%40', '@');
  return path
    .replace(isEndpoint(model) ? /\/publishers\/google\/models\/\{model\}/ : /$^/, `/endpoints/${name}`)
    .replace('{model}', () => name);
};

const placed = /^(?<version>\/v\d+(?:(?:alpha|beta)\d*)?)?(?<place>\/projects\/[^/]+\/locations\/(?<location>[^/]+))?(?<rest>\/.*)$/;

/**
 * A path of Vertex AI's own, at the host of the place that it names; one that names none is at the target's. Behind
 * `/discovery` is Google's search (LiteLLM's name for it).
 */
export const vertexRelayUrl = (
  target: Target,
  path: string,
  { projectOf, defaultVersion }: { projectOf: (target: Target) => string | undefined; defaultVersion: string },
): string => {
  const base = baseOf(target);
  if (path.startsWith('/discovery/')) return (base?.root ?? discovery) + path.slice('/discovery'.length);
  const { version = `/${defaultVersion}`, place, location, rest } = placed.exec(path)?.groups ?? {};
  const wantedLocation = checkedLocation(location ?? namedLocation(target) ?? 'global');
  const own = place ?? (isExpress(target) ? '' : `/projects/${pathSegment(wanted(projectOf(target)))}/locations/${wantedLocation}`);
  return `${base?.root ?? hostOf(wantedLocation)}${version}${own}${rest ?? path}`;
};

const liveLocation = (target: Target): string => checkedLocation(namedLocation(target) ?? 'us-central1');

/** A model as a conversation's first message must name it (https://docs.cloud.google.com/vertex-ai/generative-ai/docs/live-api, 2026-11-22). */
export const vertexLiveName = (target: Target, projectOf: (target: Target) => string | undefined): string =>
  `projects/${wanted(projectOf(target))}/locations/${liveLocation(target)}/publishers/google/models/${target.model}`;

/** Where conversations are held: at the host of the place; the first message names the project. */
export const vertexLiveUrl = (target: Target): string => {
  const location = liveLocation(target);
  return `${baseOf(target)?.root ?? hostOf(location)}/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent`;
};
