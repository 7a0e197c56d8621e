import { countTokens, embed, openaiEmbeddings, spliceTopLevel, SluiceError } from 'sluice/kit';
import { runCall } from '../pipeline/call.ts';
import type { Live } from '../pipeline/live.ts';
import type { GatewayMetrics } from '../telemetry/gateway-metrics.ts';
import { handleChat, wholeResponse } from './chat.ts';
import { modelOf, readGatewayMembers } from './gateway-members.ts';
import type { Handling } from './handling.ts';
import { modelFormat, type ListedModel } from './models.ts';
import type { RouteName } from './routes.ts';

interface PublicRequest {
  request: Request;
  draining: boolean;
  live: Live;
  metrics: GatewayMetrics;
  version: string;
}

const embeddings = async (handling: Handling): Promise<Response> => {
  const { request, state, transport } = handling;
  const { text, json } = await handling.json();
  const asked = readGatewayMembers(json, request.headers);
  state.ignored = asked.ignored;
  state.model = modelOf(handling.model, json);
  const body = { ...json };
  for (const name of asked.taken) delete body[name];
  const own = asked.taken.length === 0 ? text : spliceTopLevel(text, Object.fromEntries(asked.taken.map((name) => [name, undefined])));
  const answer = await runCall(state, transport, asked, (target, context) =>
    embed({ format: openaiEmbeddings, body, text: own, target }, context),
  );
  return wholeResponse(handling, answer);
};

const counting = async (handling: Handling): Promise<Response> => {
  const { request, state, transport, format } = handling;
  const { json } = await handling.json();
  const asked = readGatewayMembers(json, request.headers);
  // Gemini's clients may wrap the request (`generateContentRequest`).
  const wrapped = json['generateContentRequest'];
  const body = typeof wrapped === 'object' && wrapped !== null ? (wrapped as typeof json) : json;
  state.model = modelOf(handling.model, body);
  const path = handling.model === undefined ? undefined : { model: handling.model, stream: false };
  const count = await runCall(state, transport, asked, (target, context) =>
    countTokens({ format, body, headers: request.headers, target, ...(path && { path }) }, context),
  );
  const headers = { ...handling.headers(), ...(count.estimated && { 'x-sluice-token-count': 'estimate' }) };
  handling.ended(200, undefined);
  return Response.json(count.json, { headers });
};

const listedModel = ({ router }: Live, id: string): ListedModel => ({
  id,
  provider: router.match(id)[0]?.deployment.payload.provider ?? 'sluice',
});

/** "Every name" is no name to choose from a list. */
const listed = ({ state: { live } }: Handling): ListedModel[] =>
  live.router
    .list()
    .filter(({ name }) => name !== '*')
    .map(({ name }) => listedModel(live, name));

const models = (path: 'openai' | 'gemini') => async (handling: Handling) => {
  handling.ended(200, undefined);
  return Response.json(modelFormat(path, handling.request.headers).list(listed(handling)), { headers: handling.headers() });
};

const oneModel = (path: 'openai' | 'gemini') => async (handling: Handling) => {
  const name = handling.model ?? '';
  const { live } = handling.state;
  if (live.router.match(name).length === 0) {
    const near = live.router.nearest(name);
    const hint = near.length > 0 ? ` Did you mean ${near.map((each) => `'${each}'`).join(' or ')}?` : '';
    throw new SluiceError('not_found', `The model '${name.slice(0, 100)}' does not exist.${hint}`, { param: 'model' });
  }
  handling.ended(200, undefined);
  return Response.json(modelFormat(path, handling.request.headers).one(listedModel(live, name)), { headers: handling.headers() });
};

const takeAndForget = async (handling: Handling): Promise<Response> => {
  await handling.request.body?.cancel();
  handling.ended(200, undefined);
  return Response.json({});
};

type CallRoute = Exclude<RouteName, 'liveness' | 'readiness' | 'metrics' | 'root'>;

/** Each route that needs a key. */
const callHandlers: Readonly<Record<CallRoute, (handling: Handling) => Promise<Response>>> = {
  chat: handleChat,
  completions: handleChat,
  responses: handleChat,
  messages: handleChat,
  generate_content: handleChat,
  stream_generate_content: handleChat,
  embeddings,
  count_tokens: counting,
  responses_count_tokens: counting,
  gemini_count_tokens: counting,
  models: models('openai'),
  model: oneModel('openai'),
  gemini_models: models('gemini'),
  gemini_model: oneModel('gemini'),
  event_logging: takeAndForget,
};

/** Each route that anybody may call. */
const publicHandlers: Readonly<Record<Exclude<RouteName, CallRoute>, (request: PublicRequest) => Response>> = {
  // LiteLLM answers just this (`/health/liveliness`), and probes compare it.
  liveness: () => Response.json("I'm alive!"),
  readiness: ({ draining, live, version }) =>
    draining
      ? Response.json({ status: 'draining' }, { status: 503 })
      : Response.json({ status: 'healthy', db: 'Not connected', sluice_version: version, config_version: live.snapshot.version }),
  metrics: ({ metrics }) => new Response(metrics.render(), { headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' } }),
  root: ({ version }) =>
    Response.json({
      name: 'sluice',
      version,
      docs: 'See README.md: POST /v1/chat/completions, /v1/responses, /v1/messages, /v1beta/models/{model}:generateContent',
    }),
};

export const handlers = {
  call: (handling: Handling): Promise<Response> => {
    const handle = callHandlers[handling.route as CallRoute];
    if (!handle) throw new SluiceError('internal', `No handler for ${handling.route}.`);
    return handle(handling);
  },
  public: (route: RouteName, request: PublicRequest): Response => publicHandlers[route as Exclude<RouteName, CallRoute>](request),
};
