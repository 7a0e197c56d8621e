import { SluiceError, type CallFallbacks, type Dropped, type FallbackTarget, type JsonObject } from 'sluice/kit';
import type { ClientSide } from '../pipeline/client-side.ts';
import type { MockFailures } from '../pipeline/mock-failures.ts';
import { checkRoutingMember, routingMembers, type Said } from '../pipeline/route-request.ts';
import { withMembers, type ClientRequest } from './client-request.ts';
import { fallbackMembers, mockFailureMembers, readFallbacks, readMockFailures } from './fallback-members.ts';

/** The most tries after the first that a request may ask for. */
const maxRetries = 10;

/** What asks for an answer that is made up. */
const mocks = ['mock_response', 'mock_tool_calls', 'mock_timeout', 'mock_delay'] as const;

/** Members of a request's body that are meant for the gateway, not for a provider (LiteLLM's reference, section 2.1). */
const handled = [
  'num_retries',
  'timeout',
  'stream_timeout',
  'drop_params',
  ...mocks,
  ...fallbackMembers,
  ...Object.keys(mockFailureMembers),
  ...routingMembers,
] as const;

const ofFallbacks: ReadonlySet<string> = new Set([...fallbackMembers, ...Object.keys(mockFailureMembers)]);

/** Known to LiteLLM's clients and not built here yet: taken out, and said so, rather than sent to a provider that refuses them. */
const notBuilt = ['guardrails', 'policies', 'caching', 'cache', 'user_config', 'prompt_id', 'prompt_variables', 'prompt_version'] as const;

/** What a deployment may leave to requests (`configurable_clientside_auth_params`). */
const clientSide = ['api_base', 'api_key', 'base_url'] as const;

/**
 * Where a call goes and who pays for it is the configuration's to say. A client that says it would see its credentials
 * sent to the provider as parameters of the model, and so they are refused.
 */
const ofConfiguration = [
  'aws_access_key_id',
  'aws_bedrock_runtime_endpoint',
  'aws_external_id',
  'aws_profile_name',
  'aws_region_name',
  'aws_role_name',
  'aws_secret_access_key',
  'aws_session_name',
  'aws_session_token',
  'aws_sts_endpoint',
  'aws_web_identity_token',
  'azure_ad_token',
  'client_secret',
  'vertex_access_token',
  'vertex_ai_credentials',
  'vertex_ai_location',
  'vertex_ai_project',
  'vertex_credentials',
  'vertex_location',
  'vertex_project',
] as const;

type Kind = 'handled' | 'not built' | 'client side' | 'of the configuration';

/** A request has few members, and these are many: so it is the request's that are looked up. */
const kinds: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ...handled.map((name) => [name, 'handled'] as const),
  ...notBuilt.map((name) => [name, 'not built'] as const),
  ...clientSide.map((name) => [name, 'client side'] as const),
  ...ofConfiguration.map((name) => [name, 'of the configuration'] as const),
]);

/** Names that are a format's or a vendor's own as well: there they are theirs. */
const theirs: Readonly<Record<string, readonly string[]>> = {
  mistral: ['guardrails'],
  cohere: ['priority'],
  'cohere-chat': ['priority'],
  'cohere-embeddings': ['priority'],
  'cohere-rerank': ['priority'],
};

/** For programs that can be told to send a header, and not to put a member into their bodies. */
const dropHeader = 'x-sluice-drop-params';

/** What a request asks of the gateway itself. */
export interface GatewayMembers {
  maxRetries?: number;
  timeoutMs?: number;
  streamTimeoutMs?: number;
  dropParams?: boolean;
  /** In the mock provider's words; absent unless asked for. */
  mock?: Record<string, unknown>;
  /** Where the call is to go instead. Whether that is allowed is the deployment's to say. */
  clientSide?: ClientSide;
  fallbacks?: CallFallbacks;
  mockFailures?: MockFailures;
  ignored: Dropped[];
  /** Names to take out of the body. */
  taken: string[];
  clientHeaders: Headers;
  said: Said;
}

/**
 * Reads, from body and headers, what is the gateway's. The body itself is not changed.
 * @param whose the client's format, or the vendor whose spelling of it the client has
 * @throws SluiceError `invalid_request`
 */
export const readGatewayMembers = (body: JsonObject, headers: Headers, whose = ''): GatewayMembers => {
  const found: GatewayMembers = { ignored: [], taken: [], clientHeaders: headers, said: { body, theirs: theirs[whose] } };
  let mayFallBack = false;
  for (const name in body) {
    const kind = kinds.get(name);
    // `cache` and `tags` may be a vendor's own; what is theirs is never one of these two shapes for a gateway's purpose.
    if (kind === undefined || theirs[whose]?.includes(name)) continue;
    mayFallBack ||= ofFallbacks.has(name);
    if (kind === 'handled') checkRoutingMember(name, body[name]);
    if (kind !== 'of the configuration') found.taken.push(name);
    else if (isGiven(body[name])) {
      const message = `'${name}' is set in the gateway's configuration, and not taken from requests.`;
      throw new SluiceError('invalid_request', message, { param: name });
    }
    if (kind === 'client side' && isGiven(body[name])) {
      const value = body[name];
      if (typeof value !== 'string') throw wrong(name, 'a string');
      // LiteLLM's two names for one thing.
      (found.clientSide ??= {})[name === 'api_key' ? name : 'api_base'] = value;
    }
    if (kind === 'not built') found.ignored.push({ what: name, why: 'the gateway knows it and does not do it yet' });
  }
  const retries = read('num_retries', body, 'x-litellm-num-retries', headers);
  if (retries !== undefined) found.maxRetries = Math.min(maxRetries, Math.floor(retries));
  // 0 asks for nothing.
  const timeout = read('timeout', body, 'x-litellm-timeout', headers);
  if (timeout) found.timeoutMs = timeout * 1000;
  const streamTimeout = read('stream_timeout', body, 'x-litellm-stream-timeout', headers);
  if (streamTimeout) found.streamTimeoutMs = streamTimeout * 1000;
  const drop = body['drop_params'];
  if (typeof drop === 'boolean') found.dropParams = drop;
  else if (isGiven(drop)) throw wrong('drop_params', 'true or false');
  else if (headers.has(dropHeader)) found.dropParams = flag(dropHeader, headers.get(dropHeader)!);
  if (mayFallBack) {
    const [fallbacks, mockFailures] = [readFallbacks(body), readMockFailures(body)];
    if (fallbacks) found.fallbacks = withinBounds(fallbacks, found.ignored);
    if (mockFailures) found.mockFailures = mockFailures;
  }
  for (const name of mocks) if (isGiven(body[name])) (found.mock ??= {})[name] = body[name];
  return found;
};

/** Members that a fallback of a request cannot set: how the client is answered is settled by then. */
const settled: ReadonlySet<string> = new Set(['stream', 'stream_options']);
const maxFallbacks = 20;

/**
 * What a request's fallbacks set is held to what the request itself may set: they would else be a way to send a provider
 * what a request is refused for. What is read before the first try has no effect there, and does not go out.
 * @throws SluiceError `invalid_request`
 */
const withinBounds = (fallbacks: CallFallbacks, ignored: Dropped[]): CallFallbacks => {
  const { targets } = fallbacks;
  if (!targets) return fallbacks;
  if (targets.length > maxFallbacks) throw wrong('fallbacks', `a list of at most ${maxFallbacks} models`);
  return {
    ...fallbacks,
    targets: targets.map((target) => (target.overrides ? overriding(target.name, target.overrides, ignored) : target)),
  };
};

const overriding = (name: string, overrides: JsonObject, ignored: Dropped[]): FallbackTarget => {
  const kept: JsonObject = {};
  for (const [member, value] of Object.entries(overrides)) {
    const kind = settled.has(member) ? 'handled' : kinds.get(member);
    if (kind === undefined) kept[member] = value;
    else if (kind === 'handled' || kind === 'not built') {
      ignored.push({ what: `fallbacks: ${member}`, why: 'it holds for the whole request, and is not taken from its fallbacks' });
    } else if (isGiven(value)) {
      const message = `'${member}' is set in the gateway's configuration, and not taken from a request's fallbacks.`;
      throw new SluiceError('invalid_request', message, { param: 'fallbacks' });
    }
  }
  return Object.keys(kept).length > 0 ? { name, overrides: kept } : { name };
};

/** The request without what was meant for the gateway. */
export const withoutTaken = (request: ClientRequest, { taken }: GatewayMembers): ClientRequest =>
  taken.length === 0 ? request : withMembers(request, Object.fromEntries(taken.map((name) => [name, undefined])));

/** `null` is how many clients say "not given". */
const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

const wrong = (name: string, wanted: string): SluiceError =>
  new SluiceError('invalid_request', `'${name}' must be ${wanted}.`, { param: name });

const flag = (name: string, value: string): boolean => {
  if (value !== 'true' && value !== 'false') throw wrong(name, 'true or false');
  return value === 'true';
};

/** What the body says, else what the header does. */
const read = (name: string, body: JsonObject, header: string, headers: Headers): number | undefined =>
  number(name, body[name]) ?? number(header, headers.get(header));

/** Seconds or counts, as numbers or as the texts that headers are. */
const number = (name: string, value: unknown): number | undefined => {
  if (!isGiven(value)) return undefined;
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof read !== 'number' || !Number.isFinite(read) || read < 0) throw wrong(name, 'a number of at least 0');
  return read;
};

/** The model of a request: of its path, else of its body. @throws SluiceError `invalid_request` where it is no text */
export const modelOf = (fromPath: string | undefined, body: JsonObject): string | undefined => {
  if (fromPath !== undefined) return fromPath;
  const model = body['model'];
  if (model === undefined || model === null) return undefined;
  if (typeof model !== 'string') throw wrong('model', 'a string');
  return model;
};
