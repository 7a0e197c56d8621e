import {
  createFetchTransport,
  openaiChat,
  anthropicMessages,
  gemini,
  SluiceError,
  type ChatProtocol,
  type StoredTurn,
  type Transport,
} from 'sluice/kit';
import { presentedKey } from '../access/presented-key.ts';
import type { RunningServer, ServerOptions, StartServer } from '../config/server-options.ts';
import { createLive, type Live } from '../pipeline/live.ts';
import { recordOf, type CallState } from '../pipeline/call.ts';
import { createGatewayMetrics } from '../telemetry/gateway-metrics.ts';
import { createLogger } from '../telemetry/log.ts';
import { createSocketTransport } from '../upstream/index.ts';
import { chatFormats } from './chat.ts';
import { asSluiceError, errorResponse } from './error-response.ts';
import type { Handling } from './handling.ts';
import { handlers } from './handlers.ts';
import { createResponseStore } from './response-store.ts';
import { droppedHeader, responseHeaders } from './response-headers.ts';
import { matchRoute, routeRules, type RouteName } from './routes.ts';

/** Bun's own limit is none: the gateway's is checked where its answer can be in the client's format. */
const unlimited = Number.MAX_SAFE_INTEGER;

/** The format that a route's errors are written in. */
const formatOf = (route: RouteName | undefined, path: string): ChatProtocol => {
  if (route !== undefined) {
    const format = chatFormats[route];
    if (format) return format;
    if (route === 'count_tokens') return anthropicMessages;
    if (route.startsWith('gemini_')) return gemini;
  }
  if (path.startsWith('/v1/messages')) return anthropicMessages;
  return path.startsWith('/v1beta') ? gemini : openaiChat;
};

/** Starts the gateway's HTTP server. */
export const startServer: StartServer = async (options) => createServer(options);

/** @param upstream how providers are reached; a fake in tests */
export const createServer = (options: ServerOptions, upstream?: Transport): RunningServer => {
  const { env, log, version } = options;
  let live: Live = createLive(options.snapshot, options.masterKey, env);
  let draining = false;
  let openCalls = 0;
  let onIdle: (() => void) | undefined;

  const clock = () => performance.timeOrigin + performance.now();
  const logger = createLogger({ write: log, level: () => live.snapshot.logging.level, calls: () => live.snapshot.logging.requests });
  const metrics = createGatewayMetrics(() => openCalls);
  const responses = createResponseStore<StoredTurn>((turn) => JSON.stringify(turn).length);
  const sockets = upstream ? undefined : createSocketTransport();
  const transport = upstream ?? sockets ?? createFetchTransport();

  const callOver = () => {
    openCalls--;
    if (openCalls === 0) onIdle?.();
  };

  const serve = async (request: Request, server: Bun.Server<undefined>): Promise<Response> => {
    const startedAt = clock();
    const { path, query } = splitUrl(request.url);
    const match = matchRoute(path);
    const format = formatOf(match?.route, path);
    const callId = request.headers.get('x-litellm-call-id')?.slice(0, 100) ?? crypto.randomUUID();
    if (!match) {
      return errorResponse(new SluiceError('not_found', `There is no ${request.method} ${path.slice(0, 200)} here.`), format, {
        'x-litellm-call-id': callId,
      });
    }
    const { route, model } = match;
    const rule = routeRules[route];
    if (!rule.methods.includes(request.method)) {
      const error = new SluiceError(
        'method_not_allowed',
        `${path.slice(0, 200)} takes ${rule.methods.join(' or ')}, not ${request.method}.`,
      );
      return errorResponse(error, format, { allow: rule.methods.join(', ') });
    }
    if (rule.public) return handlers.public(route, { request, draining, live, metrics, version });

    const controller = new AbortController();
    const state: CallState = {
      callId,
      route,
      live,
      startedAt,
      clock,
      signal: controller.signal,
      stream: false,
      attempts: 0,
      waitedMs: 0,
      ignored: [],
    };
    const cancel = () => controller.abort(new SluiceError('client_closed_request', 'The client closed the connection.'));
    request.signal.addEventListener('abort', cancel, { once: true });
    openCalls++;
    let accounted = false;
    const ended = (status: number, failure: unknown) => {
      if (accounted) return;
      accounted = true;
      request.signal.removeEventListener('abort', cancel);
      callOver();
      if (status === 401) state.clientAddress = server.requestIP(request)?.address;
      const record = recordOf(state, status, failure);
      metrics.record(record);
      logger.call(record);
    };
    const headers = () => {
      const { facts } = state;
      const made = responseHeaders({
        callId,
        version,
        modelGroup: state.deployment && state.model,
        deploymentId: state.deployment?.id,
        attempts: state.attempts,
        durationMs: clock() - startedAt,
        overheadMs: state.overheadMs,
        facts,
      });
      if (state.ignored.length > 0) made['x-sluice-ignored-params'] = droppedHeader(state.ignored);
      return made;
    };
    const handling: Handling = {
      request,
      route,
      query,
      format,
      state,
      transport,
      limits: live.snapshot.limits,
      responses,
      headers,
      cancel,
      ended,
      ...(model !== undefined && { model }),
    };

    try {
      live.checkKey(presentedKey(request.headers, query, live.snapshot.access.keyHeaderName));
      return await handlers.call(handling);
    } catch (cause) {
      const error = asSluiceError(cause);
      if (!SluiceError.is(cause))
        logger.error('unexpected failure', { callId, error: cause instanceof Error ? cause.stack : String(cause) });
      const response = errorResponse(error, format, headers());
      ended(response.status, error);
      return response;
    }
  };

  const server = Bun.serve({
    hostname: options.host,
    port: options.port,
    idleTimeout: 0,
    maxRequestBodySize: unlimited,
    development: false,
    ...(options.tls && { tls: options.tls }),
    fetch: serve,
    error: (cause) => {
      logger.error('unexpected failure', { error: cause.stack });
      return errorResponse(asSluiceError(cause), openaiChat, {});
    },
  });

  return {
    url: server.url.href.replace(/\/$/, ''),
    reload({ snapshot, masterKey }) {
      live = createLive(snapshot, masterKey, env);
    },
    async stop({ drainTimeoutMs }) {
      draining = true;
      if (openCalls > 0) {
        const idle = new Promise<void>((resolve) => (onIdle = resolve));
        const timer = Promise.withResolvers<void>();
        const handle = setTimeout(timer.resolve, drainTimeoutMs);
        await Promise.race([idle, timer.promise]);
        clearTimeout(handle);
      }
      await server.stop(true);
      sockets?.close();
    },
  };
};

/** Path and query without the cost of a URL object. */
const splitUrl = (url: string): { path: string; query: string } => {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  if (start === -1) return { path: '/', query: '' };
  const mark = url.indexOf('?', start);
  return mark === -1 ? { path: url.slice(start), query: '' } : { path: url.slice(start, mark), query: url.slice(mark + 1) };
};
