import { claudeTraits, geminiTraits } from '../../catalog/index.ts';
import { systemEnv, type Env } from '../../lib/env.ts';
import { readTextFile } from '../../lib/read-file.ts';
import type { Provider, Quirks, Speaks, Takes, Target } from '../../types/index.ts';
import { bearer, headerText, secretOption, textOption } from '../credentials.ts';
import { lazily } from '../lazily.ts';
import { createGoogleTokens, type GoogleTokens, type TokenFetch } from './auth/index.ts';
import { claudeSpeaks } from './claude.ts';
import { vertexModel, type Family } from './models.ts';
import type { PlaceUrl } from './resources-batches.ts';
import { isExpress, namedLocation, namedProject, rankingPath, vertexLiveName, vertexLiveUrl, vertexRelayUrl, vertexUrl } from './url.ts';

export interface VertexOptions {
  fetch?: TokenFetch;
  now?: () => number;
  /** Where the machine's own identity is looked for (gcloud's file, AWS's variables). */
  env?: () => Env;
  readText?: (path: string) => Promise<string>;
}

/**
 * What the Gemini API has and Vertex AI answers with a 400 (as the npm package @google/genai refuses it, read 2026-11-22).
 * It stores nothing of itself, and allows its own tools without being told.
 */
const geminiTakes: Takes = {
  members: {
    'contents[*].parts[*].partMetadata': 'drop',
    store: 'drop',
    'toolConfig.includeServerSideToolInvocations': 'drop',
    'tools[*].fileSearch': 'refuse',
  },
};

const gemini = (method: 'predict' | 'embedContent'): Provider['speaks'] => ({
  chat: {
    protocol: 'gemini',
    takes: geminiTakes,
    path: '/publishers/google/models/{model}:generateContent',
    streamPath: '/publishers/google/models/{model}:streamGenerateContent?alt=sse',
  },
  embeddings: { protocol: 'vertex-embeddings', path: `/publishers/google/models/{model}:${method}` },
  'count-tokens': { protocol: 'gemini', path: '/publishers/google/models/{model}:countTokens' },
});

/** The version of a name (`mistral-large-2411@001`) is for the address alone. */
const raw = (publisher: string): { chat: Speaks } => ({
  chat: {
    protocol: 'openai-chat',
    path: `/publishers/${publisher}/models/{model}:rawPredict`,
    streamPath: `/publishers/${publisher}/models/{model}:streamRawPredict`,
    dialect: ({ model }) => ({ members: { model: model.replace(/@.*$/, '') } }),
  },
});

/** An own endpoint serves one model, which needs no name. */
const deployed: Speaks = {
  protocol: 'openai-chat',
  path: '/endpoints/{model}/chat/completions',
  dialect: () => ({ members: { model: '' } }),
};

/** Predictions of an endpoint of the user's own do not stream. */
const predicted: Speaks = {
  protocol: 'vertex-gemma',
  path: '/endpoints/{model}:predict',
  dialect: () => ({ members: {}, headers: { accept: 'application/json' } }),
};

type Facts = Pick<Provider, 'speaks' | 'operations' | 'chatOrder' | 'traits' | 'quirks'> & {
  version: string;
  /** Sound and video are made by Google's own models. */
  media?: boolean;
};

/** Mistral's format has no `developer`, and calls two members otherwise (https://docs.mistral.ai/api/, read 2026-11-21). */
const mistralQuirks: Quirks = {
  rename: { max_completion_tokens: 'max_tokens', seed: 'random_seed' },
  noStreamOptions: true,
  developerRole: 'system',
  strictMessages: true,
  reasoningField: 'content',
};

const images = () =>
  import('../gemini/images.ts').then(({ googleImages }) =>
    googleImages((method) => `/publishers/google/models/{model}:${method}`, { masks: true }),
  );

/** Google's own clients call Gemini at v1beta1, which has all that v1 has. */
const geminiVersion = 'v1beta1';

const families: Readonly<Record<Family, Facts>> = {
  gemini: {
    speaks: gemini('predict'),
    operations: {
      'image-generation': lazily(() => images().then((all) => all['image-generation'])),
      'image-edit': lazily(() => images().then((all) => all['image-edit'])),
    },
    traits: geminiTraits,
    quirks: { plainCount: true },
    version: geminiVersion,
    media: true,
  },
  claude: { speaks: claudeSpeaks, chatOrder: ['messages'], traits: claudeTraits, version: 'v1' },
  openapi: {
    speaks: { chat: { protocol: 'openai-chat', path: '/endpoints/openapi/chat/completions' } },
    operations: { ocr: lazily(() => import('./ocr.ts').then(({ vertexDeepseekOcr }) => vertexDeepseekOcr)) },
    version: 'v1',
  },
  mistral: {
    speaks: raw('mistralai'),
    operations: { ocr: lazily(() => import('./ocr.ts').then(({ vertexMistralOcr }) => vertexMistralOcr)) },
    quirks: mistralQuirks,
    version: 'v1',
  },
  ai21: { speaks: raw('ai21'), version: 'v1' },
  deployed: { speaks: { chat: deployed }, version: 'v1' },
  gemma: { speaks: { chat: predicted }, quirks: { developerRole: 'system', noStreamOptions: true }, version: 'v1' },
  bge: { speaks: { embeddings: { protocol: 'vertex-bge-embeddings', path: '/endpoints/{model}:predict' } }, version: 'v1' },
  ranker: { speaks: { rerank: { protocol: 'vertex-rerank', path: `${rankingPath}default_ranking_config:rank` } }, version: 'v1' },
};

const authHeaders =
  (tokens: GoogleTokens) =>
  (target: Target): Promise<Record<string, string>> | Record<string, string> => {
    const { provider, apiKey } = target;
    // Access tokens look so, and are given as keys where there is no other place for them.
    if (apiKey) return apiKey.reveal().startsWith('ya29.') ? bearer(apiKey, provider) : { 'x-goog-api-key': headerText(apiKey, provider) };
    const token = secretOption(target, 'vertex_access_token');
    return token ? bearer(token, provider) : signedIn(tokens, target);
  };

const signedIn = async (tokens: GoogleTokens, target: Target): Promise<Record<string, string>> => {
  const { value, quotaProjectId } = await tokens.get(target);
  return { authorization: `Bearer ${value}`, ...(quotaProjectId !== undefined && { 'x-goog-user-project': quotaProjectId }) };
};

/** Vertex AI. Holds the Google tokens of its targets, so a program makes one. */
export const createVertex = ({
  fetch = (url, init) => globalThis.fetch(url, init),
  now = Date.now,
  env = systemEnv,
  readText = readTextFile,
}: VertexOptions = {}): Provider => {
  const tokens = createGoogleTokens({
    fetch,
    now,
    readText,
    get env() {
      return env();
    },
  });
  const found = new WeakMap<Target, string>();

  /** With a key or a token of its own there is no file that could name the project. */
  const hasToken = (target: Target): boolean => target.apiKey !== undefined || target.options?.['vertex_access_token'] !== undefined;
  const projectOf = (target: Target): string | undefined =>
    namedProject(target) ??
    found.get(target) ??
    (hasToken(target) || bringsToken(target) ? textOption(target, 'google_cloud_project') : undefined);

  const lookUp = async (target: Target): Promise<void> => {
    const project = await tokens.project(target);
    if (project !== undefined) found.set(target, project);
  };

  const ready = (target: Target): Promise<void> | undefined => {
    if (found.has(target) || isExpress(target) || hasToken(target) || bringsToken(target) || namedProject(target) !== undefined)
      return undefined;
    return lookUp(target);
  };

  const plainHeaders = authHeaders(tokens);
  /** The ranking API asks for the project that pays, whoever signs in. */
  const billedHeaders = async (target: Target): Promise<Record<string, string>> => {
    const project = projectOf(target);
    return { ...(project !== undefined && { 'x-goog-user-project': project }), ...(await plainHeaders(target)) };
  };

  /** What is kept is asked for where the target's project is, which may have to be looked up. */
  const placeUrl: PlaceUrl = async (path, { target }) => {
    await ready(target);
    const below = path.startsWith(':') ? `/${path}` : path;
    const url = vertexRelayUrl(target, below, { projectOf, defaultVersion: 'v1' });
    return below === path ? url : url.replace(/\/:/, ':');
  };
  const resources: Provider['resources'] = {
    files: () => import('./resources-storage.ts').then(({ vertexFiles }) => vertexFiles),
    batches: () => import('./resources-batches.ts').then(({ vertexBatches }) => vertexBatches(placeUrl)),
    vector_stores: () => import('./resources-stores.ts').then(({ vertexStores }) => vertexStores(placeUrl)),
  };
  const sounds = () => import('../google/vertex-ai.ts').then(({ vertexMedia }) => vertexMedia({ projectOf, locationOf: namedLocation }));
  const soundsAndVideos: Provider['operations'] = {
    speech: lazily(() => sounds().then((all) => all.speech)),
    transcription: lazily(() => sounds().then((all) => all.transcription)),
    translation: lazily(() => sounds().then((all) => all.translation)),
    'video-create': lazily(() => sounds().then((all) => all['video-create'])),
    'video-retrieve': lazily(() => sounds().then((all) => all['video-retrieve'])),
    'video-content': lazily(() => sounds().then((all) => all['video-content'])),
  };

  const make = ({ version, media, ...facts }: Facts): Provider => ({
    id: 'vertex_ai',
    label: 'Vertex AI',
    // The global one; a location has its own.
    baseUrl: 'https://aiplatform.googleapis.com',
    baseUrlEnv: ['VERTEXAI_API_BASE', 'GOOGLE_VERTEX_BASE_URL'],
    auth: {
      kind: 'custom',
      headers: (target, { url }) => (url.includes(rankingPath) ? billedHeaders(target) : plainHeaders(target)),
      refused: (target, { authorization }) => !hasToken(target) && tokens.forget(target, authorization),
    },
    keyEnv: ['VERTEXAI_API_KEY', 'GOOGLE_VERTEX_API_KEY'],
    optionsEnv: {
      vertex_project: ['VERTEXAI_PROJECT', 'GOOGLE_VERTEX_PROJECT'],
      vertex_location: ['VERTEXAI_LOCATION', 'VERTEX_LOCATION', 'GOOGLE_VERTEX_LOCATION', 'GOOGLE_CLOUD_LOCATION', 'CLOUD_ML_REGION'],
      vertex_credentials: ['VERTEXAI_CREDENTIALS'],
      google_application_credentials: ['GOOGLE_APPLICATION_CREDENTIALS'],
      google_cloud_project: ['GOOGLE_CLOUD_PROJECT', 'GCLOUD_PROJECT', 'ANTHROPIC_VERTEX_PROJECT_ID'],
      gcs_bucket_name: ['GCS_BUCKET_NAME'],
    },
    credentialOptions: ['vertex_credentials', 'vertex_access_token'],
    resolveModel(name) {
      const { model, options } = vertexModel(name);
      return { model, ...(options && { options }) };
    },
    variant: ({ model }) => variantOf(model),
    ready,
    url: (target, speaks, stream) => vertexUrl(target, speaks, stream, { projectOf, defaultVersion: version }),
    // https://docs.cloud.google.com/vertex-ai/generative-ai/docs/live-api, 2026-11-22
    realtime: {
      protocol: 'gemini',
      path: '/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent',
      url: vertexLiveUrl,
      nameOf: (target) => vertexLiveName(target, projectOf),
    },
    relay: {
      url: (target, path) => vertexRelayUrl(target, path, { projectOf, defaultVersion: version }),
      // https://docs.litellm.ai/docs/pass_through/vertex_ai, 2026-11-22
      optionsEnv: {
        vertex_project: ['DEFAULT_VERTEXAI_PROJECT'],
        vertex_location: ['DEFAULT_VERTEXAI_LOCATION'],
        vertex_credentials: ['DEFAULT_GOOGLE_APPLICATION_CREDENTIALS'],
      },
    },
    resources,
    errors: 'gemini',
    // Other services of Google's, which the same credentials are for.
    hosts: ['*.googleapis.com'],
    source: 'https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference, 2026-11-22',
    ...facts,
    ...(media && { operations: { ...facts.operations, ...soundsAndVideos } }),
  });

  const variants = Object.fromEntries(Object.entries(families).map(([family, facts]) => [family, Object.freeze(make(facts))])) as Record<
    Family,
    Provider
  >;
  const embedContent = Object.freeze(make({ ...families.gemini, speaks: gemini('embedContent') }));

  const variantOf = (name: string): Provider => {
    const { family, model } = vertexModel(name);
    return family === 'gemini' && embedsContent(model) ? embedContent : variants[family];
  };
  return variants.gemini;
};

/** Embeddings since Gemini Embedding 2 have a call of their own. */
const embedsContent = (model: string): boolean => /^gemini-embedding-(?!001)/.test(model);

/** Whoever configures the header itself has no credentials here. */
const bringsToken = ({ headers }: Target): boolean => headers?.['authorization'] !== undefined || headers?.['x-goog-api-key'] !== undefined;
