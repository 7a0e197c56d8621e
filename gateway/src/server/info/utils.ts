import {
  anthropicMessages,
  countTokens,
  exchange,
  gemini,
  openaiChat,
  SluiceError,
  type Countable,
  type JsonObject,
  type TransportRequest,
} from 'sluice/kit';
import { runCall } from '../../pipeline/call.ts';
import { knownModel } from '../known-models.ts';
import { readGatewayMembers } from '../gateway-members.ts';
import type { Handling } from '../handling.ts';

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown, name: string): string => {
  if (typeof value === 'string' && value !== '') return value;
  throw new SluiceError('invalid_request', `'${name}' is missing.`, { param: name });
};

const tell = (handling: Handling, json: unknown): Response => {
  const headers = handling.headers();
  handling.ended(200, undefined);
  return Response.json(json, { headers });
};

/** System messages stand beside the others where a provider counts. */
const forCounting = (body: JsonObject): JsonObject => {
  const messages = Array.isArray(body['messages'])
    ? body['messages'].filter(isObject)
    : [{ role: 'user', content: String(body['prompt'] ?? '') }];
  const system = body['system'] ?? messages.find(({ role }) => role === 'system' || role === 'developer')?.['content'];
  return {
    model: body['model'],
    max_tokens: 1,
    messages: messages.filter(({ role }) => role !== 'system' && role !== 'developer'),
    ...(system !== undefined && { system }),
    ...(Array.isArray(body['tools']) && isObject(body['tools'][0]) && 'input_schema' in body['tools'][0] && { tools: body['tools'] }),
  };
};

/** The provider's own count; undefined where it has no call for it. */
const askProvider = async (
  handling: Handling,
  body: JsonObject,
): Promise<{ tokens: number; provider: string; raw: JsonObject } | undefined> => {
  const { state, transport, request } = handling;
  const format = body['contents'] === undefined ? anthropicMessages : gemini;
  const wire = format === gemini ? { contents: body['contents'] } : forCounting(body);
  const asked = readGatewayMembers(wire, request.headers, format.id);
  const path = format === gemini ? { model: state.model!, stream: false } : undefined;
  const found = await runCall(state, transport, asked, (target, context) =>
    countTokens({ format, body: wire, headers: request.headers, target, ...(path && { path }) }, context),
  );
  if (found.estimated || !found.facts) return undefined;
  return { tokens: found.inputTokens, provider: found.facts.provider, raw: found.json };
};

/** `POST /utils/token_counter` of LiteLLM: with `?call_endpoint=true` the provider is asked, else it is counted here. @throws SluiceError */
export const handleTokenCounter = async (handling: Handling): Promise<Response> => {
  const { json } = await handling.json();
  const model = textOf(json['model'], 'model');
  const { state } = handling;
  state.model = model;
  knownModel(state.live, state.principal, model);
  const [matched] = state.live.router.match(model);
  const used = matched?.model ?? model;
  const about = { request_model: model, model_used: used };
  if (new URLSearchParams(handling.query).get('call_endpoint')?.toLowerCase() === 'true') {
    const asked = await askProvider(handling, json);
    if (asked)
      return tell(handling, {
        total_tokens: asked.tokens,
        ...about,
        tokenizer_type: `${asked.provider}_api`,
        original_response: asked.raw,
      });
  }
  const what: Countable = {
    ...(typeof json['prompt'] === 'string' && { text: json['prompt'] }),
    ...(Array.isArray(json['messages']) && { messages: json['messages'] }),
    ...(Array.isArray(json['contents']) && {
      messages: json['contents'].filter(isObject).map(({ role, parts }) => ({ role, content: parts })),
    }),
    ...(Array.isArray(json['tools']) && { tools: json['tools'] }),
    ...(json['system'] !== undefined && { system: json['system'] }),
  };
  const { tokens, tokenizer } = await handling.countTokens(matched?.deployment.payload.baseModel ?? used, what);
  return tell(handling, { total_tokens: tokens, ...about, tokenizer_type: tokenizer === 'estimate' ? 'estimate' : 'openai_tokenizer' });
};

/** Stops a request where it would leave. */
class Held extends Error {
  readonly request: TransportRequest;

  constructor(request: TransportRequest) {
    super('held');
    this.request = request;
  }
}

const secretHeader = /^(?:authorization|.*(?:api-?key|token|secret|signature|cookie).*)$/i;

/** Credentials stay here, whoever asks. */
const shownHeaders = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, secretHeader.test(name) ? '*****' : value]));

/** Without what stands in the query: keys do, for some. */
const shownUrl = (url: string): string => url.split('?')[0]!;

/** `POST /utils/transform_request` of LiteLLM: what would be sent to the provider, which nothing is. @throws SluiceError */
export const handleTransformRequest = async (handling: Handling): Promise<Response> => {
  const { json } = await handling.json();
  const body = json['request_body'];
  if (json['call_type'] !== 'completion' && json['call_type'] !== 'acompletion')
    throw new SluiceError('invalid_request', "'call_type' must be 'completion': other calls are not shown.", { param: 'call_type' });
  if (!isObject(body))
    throw new SluiceError('invalid_request', "'request_body' must be a request of chat completions.", { param: 'request_body' });
  const { state, request } = handling;
  state.model = textOf(body['model'], 'request_body.model');
  const { ...asked } = readGatewayMembers(body, request.headers, openaiChat.id);
  let held: TransportRequest | undefined;
  const hold = (wanted: TransportRequest): Promise<never> => {
    held = wanted;
    return Promise.reject(SluiceError.from(new Held(wanted)));
  };
  try {
    await runCall(state, hold, { ...asked, maxRetries: 0 }, (target, context) =>
      exchange({ format: openaiChat, body, stream: body['stream'] === true, target }, context),
    );
  } catch (cause) {
    if (!held) throw cause;
  }
  if (!held) throw new SluiceError('invalid_request', 'This model is answered without a request: it is a mock.');
  const text = typeof held.body === 'string' ? held.body : held.body instanceof Uint8Array ? new TextDecoder().decode(held.body) : '';
  return tell(handling, {
    raw_request_api_base: shownUrl(held.url),
    raw_request_body: JSON.parse(text || '{}') as unknown,
    raw_request_headers: shownHeaders(held.headers),
    error: null,
  });
};
