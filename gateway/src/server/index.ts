import { openaiChat, RouterMemory, SluiceError, type Secret, type StoredTurn, type Transport } from 'sluice/kit';
import { presentedKey } from '../access/presented-key.ts';
import { openPrincipal } from '../access/principal.ts';
import type { RunningServer, ServerOptions, StartServer } from './server-options.ts';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import { createDiscovery } from '../discovery/index.ts';
import { HealthBoard } from '../pipeline/health-board.ts';
import { createHealthChecks } from '../pipeline/health-checks.ts';
import { createProbe } from '../pipeline/health-probe.ts';
import { createLive, type Live } from '../pipeline/live.ts';
import { Batches } from '../pipeline/metering/batches/batches.ts';
import { createRoutingWindows } from '../pipeline/routing-spend.ts';
import { spendEventOf } from '../pipeline/spend-event.ts';
import { createSharing } from '../pipeline/shared/sharing.ts';
import { restingLabel, routerFigures } from '../pipeline/router-figures.ts';
import type { RoutingWorld } from '../pipeline/routing.ts';
import { Mirror } from '../pipeline/mirror.ts';
import { builtInPrices } from '../pipeline/prices.ts';
import { createLoopGuard } from '../pipeline/loops.ts';
import { createGatewayMetrics } from '../telemetry/gateway-metrics.ts';
import { createLogger } from '../telemetry/log.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { createSpendMetrics } from '../telemetry/spend-metrics.ts';
import { createRedisMetrics } from '../telemetry/redis-metrics.ts';
import { createUpstream } from './upstream.ts';
import { preflight } from './cors.ts';
import { asSluiceError, errorResponse } from './error-response.ts';
import { findRoute } from './find-route.ts';
import { createAdministration } from './administration.ts';
import { RequestCaller } from './gateway-access.ts';
import { faceOf } from './faces.ts';
import { Handling, type GatewayServer, type Service } from './handling.ts';
import { handlers } from './handlers.ts';
import { relayInstead } from './pass-through/pass-through.ts';
import type { RealtimeSession } from './realtime/session.ts';
import { realtimeSockets } from './realtime/sockets.ts';
import { isUpgrade, offeredKey, upgradeToRealtime } from './realtime/upgrade.ts';
import { vendorOf } from './vendor.ts';
import { createTokenCounter } from './info/token-counter.ts';
import { keepPriceMap } from './price-map.ts';
import { createResponseStore } from './response-store.ts';
import { isPublic, routeRules } from './routes.ts';

/** Bun's own limit is none: the gateway's is checked where its answer can be in the client's format. */
const unlimited = Number.MAX_SAFE_INTEGER;

/** The longest that Bun counts; who wants more gets it for ever. */
const maxIdleSeconds = 255;
/** For answers that are complete, and for the word that a call was cut, to reach their clients. */
const lastBytesMs = 1000;
/** Ids of responses whose deployments are known; older ones are looked for where nobody says. */
const maxResponseOwners = 50_000;

/** How long calls wait at start for a look at where deployments are, so that the first ones do not miss what is there. */
const firstLookMs = 5000;

/** Starts the gateway's HTTP server. */
export const startServer: StartServer = async (options) => {
  const prices = builtInPrices();
  await prices.ready;
  return createServer(options, undefined, prices);
};

/** Whether others use the same database nobody knows at the start. */
const countsAlone =
  'this gateway counts limits by itself, as there is no Redis (REDIS_URL): beside others on the same database, rates and parallel calls hold for each of them, and budgets may be passed by what the others let in within 4 s';

/** @param upstream how providers are reached; a fake in tests */
export const createServer = (options: ServerOptions, upstream?: Transport, prices = builtInPrices()): RunningServer => {
  const { env, log, version } = options;
  const loops = createLoopGuard(crypto.randomUUID());
  const board = new HealthBoard();
  const memory = new RouterMemory();
  const routingSpend = createRoutingWindows();
  const world: RoutingWorld = {
    memory,
    health: board,
    spend: routingSpend,
    onRest: ({ key, code }) => metrics.rested(restingLabel(key), code),
  };
  const sharing = createSharing({
    instance: crypto.randomUUID(),
    memory,
    observer: {
      command: (result, seconds) => redisMetrics.command(result, seconds),
      up: (node) => logger.info('redis is up', { node }),
      down: (node, why) => logger.warn('redis is down: each instance keeps to its share of the limits until it is back', { node, why }),
    },
    limits: {
      modes: () => live.snapshot.limitsWithoutRedis,
      ...(options.database && { seed: (subject, periodStart) => administration.spentOf(subject, periodStart) }),
      observer: { decidedLocally: (how) => redisMetrics.limitsDecidedAlone(how) },
    },
    onLocal: () => redisMetrics.decidedAlone(),
    // At the start there is no logger yet.
    onProblem: (error) => queueMicrotask(() => logger.error('redis is not used', { error })),
  });
  /** It may throw, and then nothing has changed. */
  const liveOf = (snapshot: ConfigSnapshot, key: Secret, before?: Live): Live => {
    const shared = sharing.prepare(snapshot.redis);
    try {
      const made = createLive(snapshot, key, env, loops, prices, { ...world, ...shared.parts }, before);
      shared.use();
      return made;
    } catch (cause) {
      shared.drop();
      throw cause;
    }
  };
  let live = liveOf(options.snapshot, options.masterKey);
  const wantedSeconds = Math.ceil((options.keepAliveTimeoutMs ?? 0) / 1000);
  const keepAliveSeconds = wantedSeconds > maxIdleSeconds ? 0 : wantedSeconds;

  const { timeOrigin } = performance;
  const clock = () => timeOrigin + performance.now();
  const logger = createLogger({ write: log, level: () => live.snapshot.logging.level, calls: () => live.snapshot.logging.requests });
  if (options.database?.kind === 'postgres' && !options.snapshot.redis) logger.warn(countsAlone);
  const open = new Set<Handling>();
  const registry = createMetrics();
  const redisMetrics = createRedisMetrics(registry, sharing.figures);
  const metrics = createGatewayMetrics(
    () => open.size,
    { ...routerFigures(() => live, board, clock), sources: () => discovery.states() },
    registry,
  );
  createSpendMetrics(registry, () => books?.figures());
  const responseOwners = createResponseStore<string>((id) => id.length, maxResponseOwners);
  const responses = createResponseStore<StoredTurn>((turn) => JSON.stringify(turn).length);
  const providers = createUpstream(live.snapshot, env);
  const transport = upstream ?? providers.transport;
  const priceMap = keepPriceMap({ source: prices, transport, logger, now: clock, ...(options.readText && { readText: options.readText }) });
  priceMap.configure(live.snapshot, live.env);
  let masterKey = options.masterKey;
  let fileSnapshot = options.snapshot;
  const administration = createAdministration({
    options,
    sharedLimits: sharing.limits,
    live: () => live,
    logger,
    routingSpend,
    onConfig: () => apply(fileSnapshot, masterKey),
    reloadPrices: () => priceMap.configure(live.snapshot, live.env),
  });
  const { access, admin, books, governor } = administration;
  const goLive = (snapshot: ConfigSnapshot, key: Secret) => {
    const before = live;
    live = liveOf(snapshot, key, before);
    masterKey = key;
    administration.configured(fileSnapshot);
    metrics.collect(before.affinities);
    before.router.close();
    health.configure(live);
  };
  const discovery = createDiscovery({
    transport,
    env,
    log: logger,
    ...(options.readText && { readText: options.readText }),
    onChange: () => goLive(discovery.merged(), masterKey),
    onFailure: metrics.sourceFailed,
  });
  discovery.configure(options.snapshot);
  /** A file's configuration, with what the database and the places that are watched have of it. It may throw, and then nothing has changed. */
  const apply = (snapshot: ConfigSnapshot, key: Secret) => {
    const merged = administration.merged(snapshot);
    const before = fileSnapshot;
    fileSnapshot = snapshot;
    try {
      goLive(discovery.merged(merged), key);
    } catch (cause) {
      fileSnapshot = before;
      throw cause;
    }
    discovery.configure(merged);
    providers.configure(live.snapshot);
    priceMap.configure(live.snapshot, live.env);
  };
  const looks = [
    ...(options.snapshot.discovery.length === 0 ? [] : [discovery.ready(firstLookMs)]),
    ...(administration.ready ? [administration.ready] : []),
  ];
  let starting: Promise<unknown> | undefined = looks.length === 0 ? undefined : Promise.all(looks).finally(() => (starting = undefined));
  const health = createHealthChecks({
    board,
    probe: createProbe(transport, clock),
    now: clock,
    account(record) {
      books?.record(spendEventOf(record, clock()));
      metrics.record(record);
      logger.call(record);
    },
  });
  const mirror = new Mirror({
    record(call) {
      metrics.record(call);
      logger.call(call);
    },
    dropped: metrics.mirrorDropped,
    unexpected: (cause) => logger.error('unexpected failure of a copy', { error: cause instanceof Error ? cause.stack : String(cause) }),
  });
  const batches =
    options.database &&
    books &&
    new Batches({
      database: options.database,
      live: () => live,
      transport,
      now: clock,
      record: (event) => books.record(event),
      hold: (budgets, nanodollars, forMs) => governor.hold(budgets, nanodollars, forMs),
      isShared: () => governor.isShared,
      onFailure: (sentence, cause) => logger.error(sentence, { error: String(cause) }),
    });
  batches?.start();

  const service: Service = {
    version,
    governor,
    books,
    batches,
    clock,
    transport,
    openSocket: providers.openSocket,
    responses,
    responseOwners,
    mirror,
    metrics,
    health,
    tokens: createTokenCounter(),
    logger,
    keepAliveSeconds,
    open,
    draining: false,
  };

  const serve = async (request: Request, server: GatewayServer): Promise<Response | undefined> => {
    const startedAt = clock();
    // Between requests alone: while one is answered, the deadlines are ours.
    if (keepAliveSeconds > 0) server.timeout(request, keepAliveSeconds);
    const { path, query } = splitUrl(request.url);
    const peer = () => server.requestIP(request)?.address;
    const address = () => access.addressOf(peer(), request.headers);
    const found = admin.find(request.method, path);
    const managed = found instanceof Promise ? await found : found;
    if (managed) {
      if (starting) await starting;
      return admin.answer({ request, path, query, managed, address, peer });
    }
    const match = findRoute(path, request.method, live);
    const face = faceOf(match?.route === 'pass_through' ? undefined : match?.route, path);
    // Ids of one moment stand side by side where calls are looked for by them.
    const callId = givenId(request.headers) ?? Bun.randomUUIDv7();
    if (!match) {
      return errorResponse(new SluiceError('not_found', `There is no ${request.method} ${path.slice(0, 200)} here.`), face, {
        'x-litellm-call-id': callId,
      });
    }
    const { route, model, id, resource, methods, relay } = match;
    const vendor = vendorOf(path, request.headers);
    const cors = !isPublic(route) && request.headers.has('origin');
    if (cors && request.method === 'OPTIONS') return preflight(request.headers, methods);
    if (!methods.includes(request.method)) {
      const error = new SluiceError('method_not_allowed', `${path.slice(0, 200)} takes ${methods.join(' or ')}, not ${request.method}.`);
      return errorResponse(error, face, { allow: methods.join(', ') });
    }
    if (isPublic(route)) {
      const databaseUp = options.database?.up;
      return handlers.public(route, { request, query, draining: service.draining, live, metrics, version, databaseUp });
    }

    if (starting) await starting;
    const handling = new Handling(service, {
      request,
      server,
      callId,
      startedAt,
      live,
      route,
      model,
      id,
      resource,
      query,
      vendor,
      face,
      cors,
      relay,
    });
    try {
      loops.check(request.headers);
      access.demandAddress(address);
      const key = presentedKey(request.headers, query, live.snapshot.access.keyHeaderName) ?? (match.door && offeredKey(request.headers));
      const caller = new RequestCaller(request, path, key, address, peer);
      const identified = match.open || access.isOpen(path) ? openPrincipal : access.identify(caller);
      const principal = identified instanceof Promise ? await identified : identified;
      handling.state.principal = principal;
      access.demandRoute(principal, path, relay !== undefined);
      access.demandAction(principal, routeRules[route].action ?? 'llm.call');
      if (handling.state.books) administration.demandBooks();
      if (match.door && isUpgrade(request)) {
        if (service.draining) throw new SluiceError('unavailable', 'The gateway is shutting down.', { retry: false });
        return await upgradeToRealtime(handling, match.door, server, key);
      }
      if (!relay) return await handlers.call(route, handling);
      return await handlers.call(route, handling).catch((cause: unknown) => relayInstead(handling, cause));
    } catch (cause) {
      // Reading a body from a client that has left fails in words of the runtime's own.
      const error = asSluiceError(SluiceError.is(cause) ? cause : (handling.abortReason ?? cause));
      const response = errorResponse(error, face, handling.headers());
      handling.ended(response.status, error);
      return response;
    }
  };

  const server: GatewayServer = Bun.serve<RealtimeSession>({
    hostname: options.host,
    port: options.port,
    idleTimeout: 0,
    maxRequestBodySize: unlimited,
    development: false,
    // Without this, `development: false` lets two gateways listen on one port, and clients reach either.
    reusePort: false,
    // AWS's SDK for JavaScript speaks it unless it is told otherwise, in the clear as well. Others get HTTP/1.1.
    http2: true,
    ...(options.tls && { tls: options.tls }),
    fetch: serve,
    websocket: realtimeSockets,
    error: (cause) => {
      logger.error('unexpected failure', { error: cause.stack });
      return errorResponse(asSluiceError(cause), openaiChat, {});
    },
  });

  health.configure(live);

  let stopped: Promise<void> | undefined;
  const stop = async (drainTimeoutMs: number): Promise<void> => {
    const startedAt = clock();
    service.draining = true;
    discovery.stop();
    health.stop();
    mirror.stop();
    if (open.size > 0) {
      await withTimeout(new Promise<void>((resolve) => (service.onIdle = resolve)), drainTimeoutMs);
      // What is left is told, so that no client takes half an answer for a whole one.
      for (const call of open) call.abort(new SluiceError('unavailable', 'The gateway is shutting down.', { retry: false }));
    }
    // The last answers may still be on their way out.
    await withTimeout(server.stop(), Math.max(lastBytesMs, startedAt + drainTimeoutMs - clock()));
    await server.stop(true);
    priceMap.stop();
    service.tokens.stop();
    providers.close();
    await batches?.stop();
    await administration.stop();
    await sharing.stop();
  };

  return {
    url: server.url.href.replace(/\/$/, ''),
    reload: ({ snapshot, masterKey: key }) => apply(snapshot, key),
    stop: ({ drainTimeoutMs }) => (stopped ??= stop(drainTimeoutMs)),
  };
};

const withTimeout = async (promise: Promise<void>, ms: number): Promise<void> => {
  const timer = Promise.withResolvers<void>();
  const handle = setTimeout(timer.resolve, ms);
  await Promise.race([promise, timer.promise]);
  clearTimeout(handle);
};

/** An id that the client gave the call, if it is one that can be told everywhere. */
const givenId = (headers: Headers): string | undefined => {
  const id = headers.get('x-litellm-call-id');
  return id !== null && /^[\x21-\x7e]{1,100}$/.test(id) ? id : undefined;
};

/** Path and query without the cost of a URL object. */
const splitUrl = (url: string): { path: string; query: string } => {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  if (start === -1) return { path: '/', query: '' };
  const mark = url.indexOf('?', start);
  return mark === -1 ? { path: url.slice(start), query: '' } : { path: url.slice(start, mark), query: url.slice(mark + 1) };
};
