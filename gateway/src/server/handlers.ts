import { anthropicMessages, gemini, openaiResponses } from 'sluice/kit';
import type { Live } from '../pipeline/live.ts';
import type { GatewayMetrics } from '../telemetry/gateway-metrics.ts';
import { handleChat } from './chat.ts';
import { chatDoors, cursorDoor, invokeDoors, mistralDoor, type ChatRoute } from './chat-doors.ts';
import type { ClientRequest } from './client-request.ts';
import { handleBedrockCounting, handleCounting } from './counting.ts';
import { embeddingFormats, handleEmbeddings } from './embeddings.ts';
import type { Handling } from './handling.ts';
import { healthHistory, healthOf, latestHealth, sharedHealth, wellOnly } from './health/health.ts';
import { testConnection } from './health/test-connection.ts';
import { modelGroups, modelInfos } from './info/model-info.ts';
import { handleSupportedParams } from './info/supported-params.ts';
import { handleTokenCounter, handleTransformRequest } from './info/utils.ts';
import { knownModel, listedModels } from './known-models.ts';
import { bedrockModels, modelFormat } from './models.ts';
import { loadAnswer, ollamaShow, ollamaTags, ollamaVersion, shownModel } from './ollama-models.ts';
import { handleJob, handleMedia } from './media/media.ts';
import { handleSearch, listSearchTools } from './media/search.ts';
import { handlePassThrough } from './pass-through/pass-through.ts';
import { listEndpoints, listProviderFields, listProviders } from './public/providers.ts';
import { upgradeRequired } from './realtime/upgrade.ts';
import { handleRerank } from './rerank.ts';
import { handleResource } from './resources/resources.ts';
import type { CallRoute, PublicRoute } from './routes.ts';

interface PublicRequest {
  request: Request;
  /** Without its question mark. */
  query: string;
  draining: boolean;
  live: Live;
  metrics: GatewayMetrics;
  version: string;
  /** Whether the database answers; undefined: there is none. */
  databaseUp: boolean | undefined;
}

type Handler = (handling: Handling) => Promise<Response>;

/** An answer that no provider is asked for. */
const tell = (handling: Handling, json: unknown): Response => {
  handling.ended(200, undefined);
  return Response.json(json, { headers: handling.headers() });
};

const models =
  (path: 'openai' | 'gemini'): Handler =>
  async (handling) =>
    tell(
      handling,
      modelFormat(path, handling).list(listedModels(handling.state.live, handling.state.principal, wellOnly(healthAsked(handling)))),
    );

const oneModel =
  (path: 'openai' | 'gemini'): Handler =>
  async (handling) =>
    tell(handling, modelFormat(path, handling).one(knownModel(handling.state.live, handling.state.principal, handling.model ?? '')));

const takeAndForget: Handler = async (handling) => {
  await handling.request.body?.cancel();
  return tell(handling, {});
};

/** Ollama's clients load a model before they use it. */
const load = (handling: Handling, { body }: ClientRequest): Response | undefined => {
  const { state } = handling;
  if (state.model === undefined) return undefined;
  const answer = loadAnswer(body, state.clock());
  if (!answer) return undefined;
  knownModel(state.live, state.principal, state.model);
  return tell(handling, answer);
};

const show: Handler = async (handling) => {
  const { json } = await handling.json();
  const { live, principal } = handling.state;
  return tell(handling, ollamaShow(live, knownModel(live, principal, shownModel(json))));
};

const healthAsked = ({ state: { live }, health, query }: Handling) => ({ live, health, query });

const asked = ({ query }: Handling, name: string): string | undefined => new URLSearchParams(query).get(name) ?? undefined;

const modelInfo: Handler = async (handling) =>
  tell(handling, modelInfos(handling.state.live, asked(handling, 'litellm_model_id'), handling.state.clock(), handling.state.principal));

const modelGroupInfo: Handler = async (handling) =>
  tell(handling, modelGroups(handling.state.live, asked(handling, 'model_group'), handling.state.clock()));

const createVideo = handleMedia('video-create');
const retrieveVideo = handleJob('video-retrieve');
const deleteVideo = handleJob('video-delete');

const mistralChat = handleChat(mistralDoor);

const chat = Object.fromEntries(Object.entries(chatDoors).map(([route, door]) => [route, handleChat(door)])) as Record<ChatRoute, Handler>;

/** Each route that needs a key. */
const callHandlers: Readonly<Record<CallRoute, Handler>> = {
  ...chat,
  chat: (handling) => (handling.vendor === 'mistral' ? mistralChat : chat.chat)(handling),
  cursor_chat: handleChat(cursorDoor),
  invoke: handleChat(invokeDoors.invoke),
  invoke_stream: handleChat(invokeDoors.invoke_stream),
  ollama_chat: handleChat(chatDoors.ollama_chat, load),
  ollama_generate: handleChat(chatDoors.ollama_generate, load),
  embeddings: handleEmbeddings(embeddingFormats.embeddings),
  ollama_embed: handleEmbeddings(embeddingFormats.ollama_embed),
  ollama_embeddings: handleEmbeddings(embeddingFormats.ollama_embeddings),
  rerank: handleRerank,
  images_generations: handleMedia('image-generation'),
  images_edits: handleMedia('image-edit'),
  images_variations: handleMedia('image-variation'),
  audio_transcriptions: handleMedia('transcription'),
  audio_translations: handleMedia('translation'),
  audio_speech: handleMedia('speech'),
  moderations: handleMedia('moderation'),
  ocr: handleMedia('ocr'),
  search: handleSearch,
  search_tools: async (handling) => tell(handling, listSearchTools(handling.state.live)),
  videos: (handling) => (handling.request.method === 'GET' ? handleResource : createVideo)(handling),
  video: (handling) => (handling.request.method === 'DELETE' ? deleteVideo : retrieveVideo)(handling),
  video_content: handleJob('video-content'),
  video_remix: handleJob('video-remix'),
  resource: handleResource,
  message_batches: handleResource,
  skills: handleResource,
  interactions: handleResource,
  count_tokens: handleCounting(anthropicMessages),
  responses_count_tokens: handleCounting(openaiResponses),
  gemini_count_tokens: handleCounting(gemini),
  model_info: modelInfo,
  model_group_info: modelGroupInfo,
  token_counter: handleTokenCounter,
  transform_request: handleTransformRequest,
  supported_openai_params: handleSupportedParams,
  models: models('openai'),
  model: oneModel('openai'),
  gemini_models: models('gemini'),
  gemini_model: oneModel('gemini'),
  cohere_embed: handleEmbeddings(embeddingFormats.cohere_embed),
  gemini_embed: handleEmbeddings(embeddingFormats.gemini_embed),
  vertex_predict: handleEmbeddings(embeddingFormats.vertex_predict),
  bedrock_count_tokens: handleBedrockCounting,
  bedrock_models: async (handling) => tell(handling, bedrockModels(listedModels(handling.state.live, handling.state.principal))),
  ollama_tags: async (handling) => tell(handling, ollamaTags(listedModels(handling.state.live, handling.state.principal))),
  ollama_ps: async (handling) => tell(handling, { models: [] }),
  ollama_show: show,
  ollama_version: async (handling) => tell(handling, { version: ollamaVersion }),
  event_logging: takeAndForget,
  health: async (handling) => tell(handling, await healthOf(healthAsked(handling))),
  health_latest: async (handling) => tell(handling, latestHealth(healthAsked(handling))),
  health_history: async (handling) => tell(handling, healthHistory(healthAsked(handling))),
  health_shared_status: async (handling) => tell(handling, sharedHealth()),
  health_backlog: async (handling) => tell(handling, { in_flight_requests: handling.openCalls }),
  health_test_connection: async (handling) => tell(handling, await testConnection((await handling.json()).json, healthAsked(handling))),
  pass_through: handlePassThrough,
  // What does not ask for a WebSocket is told to.
  realtime: () => Promise.reject(upgradeRequired()),
};

/** Each route that anybody may call. */
const publicHandlers: Readonly<Record<PublicRoute, (request: PublicRequest) => Response>> = {
  // LiteLLM answers just this (`/health/liveliness`), and probes compare it.
  liveness: () => Response.json("I'm alive!"),
  // Without its database it still serves the keys that it knows, so it is ready.
  readiness: ({ draining, live, version, databaseUp }) =>
    draining
      ? Response.json({ status: 'draining' }, { status: 503 })
      : Response.json({
          status: 'healthy',
          db: databaseUp ? 'connected' : 'Not connected',
          sluice_version: version,
          // By this name LiteLLM's command line shows it.
          litellm_version: version,
          config_version: live.snapshot.version,
        }),
  metrics: ({ metrics }) => new Response(metrics.render(), { headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' } }),
  providers: ({ query, live }) => Response.json(listProviders(live, query)),
  provider_fields: ({ live }) => Response.json(listProviderFields(live)),
  endpoints: ({ live }) => Response.json(listEndpoints(live)),
  root: ({ version }) =>
    Response.json({
      name: 'sluice',
      version,
      docs: 'See README.md: POST /v1/chat/completions, /v1/responses, /v1/messages, /v1beta/models/{model}:generateContent, /api/chat',
    }),
};

export const handlers = {
  /** @throws SluiceError */
  call: (route: CallRoute, handling: Handling): Promise<Response> => callHandlers[route](handling),
  public: (route: PublicRoute, request: PublicRequest): Response => publicHandlers[route](request),
};
