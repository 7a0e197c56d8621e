import {
  Canceller,
  SluiceError,
  type Countable,
  type LocalCount,
  type ResponseMemory,
  type TextsOfTokens,
  type Transport,
} from 'sluice/kit';
import { account } from '../pipeline/account.ts';
import { endOf } from '../pipeline/call.ts';
import type { CallState } from '../pipeline/call-state.ts';
import type { Governor } from '../pipeline/governance/governor.ts';
import type { HealthChecks } from '../pipeline/health-checks.ts';
import type { Live } from '../pipeline/live.ts';
import type { Mirror } from '../pipeline/mirror.ts';
import type { CallRecord } from '../telemetry/call-record.ts';
import type { GatewayMetrics } from '../telemetry/gateway-metrics.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Batches } from '../pipeline/metering/batches/batches.ts';
import type { Books } from '../spend/books.ts';
import { traceOf } from '../telemetry/trace-context.ts';
import { mustBeJson, parseJson, readBytes, textOf, type JsonBody } from './body.ts';
import { corsHeaders } from './cors.ts';
import { ClientForm } from './form/client-form.ts';
import type { Face } from './faces.ts';
import type { ResponseStore } from './response-store.ts';
import type { ResourceMatch } from './resources/resource-routes.ts';
import type { ClientBodyOptions } from './pass-through/client-body.ts';
import type { Relay } from './pass-through/relay.ts';
import type { RealtimeSession } from './realtime/session.ts';
import { droppedHeader, responseHeaders } from './response-headers.ts';
import type { TokenCounter } from './info/token-counter.ts';
import { routeRules, type RouteName } from './routes.ts';
import type { Upstream } from './upstream.ts';
import type { Vendor } from './vendor.ts';

/** What all calls of a server share. */
export interface Service {
  readonly version: string;
  /** Unix milliseconds with fractions. */
  readonly clock: () => number;
  readonly transport: Transport;
  /** WebSockets of providers. */
  readonly openSocket: Upstream['openSocket'];
  readonly responses: ResponseMemory;
  /** The deployments that made responses which their providers keep, and items that their providers encrypted: id -> deployment's id. */
  readonly responseOwners: ResponseStore<string>;
  /** Copies of calls for shadow models. */
  readonly mirror: Mirror;
  readonly metrics: GatewayMetrics;
  readonly health: HealthChecks;
  readonly governor: Governor;
  /** Absent: there is no database. */
  readonly books: Books | undefined;
  /** Jobs that are paid for when they are over. Absent: there is no database. */
  readonly batches: Batches | undefined;
  readonly tokens: TokenCounter;
  readonly logger: Logger;
  /** How long a connection may be idle between requests; 0: for ever. */
  readonly keepAliveSeconds: number;
  /** The calls that have begun and are not over. */
  readonly open: Set<Handling>;
  /** Told when the last of them is over. */
  onIdle?: () => void;
  /** No more calls are wanted. */
  draining: boolean;
}

/** The HTTP server, whose sockets are conversations. */
export type GatewayServer = Bun.Server<RealtimeSession>;

/** One request as it came. */
export interface Incoming {
  request: Request;
  server: GatewayServer;
  callId: string;
  startedAt: number;
  live: Live;
  route: RouteName;
  /** From the path. */
  model: string | undefined;
  /** Of what a provider keeps for its clients, from the path, as the client gave it. */
  id: string | undefined;
  /** What is asked of things that a provider keeps, from the path. */
  resource: (ResourceMatch & { provider?: string }) | undefined;
  /** Without its question mark. */
  query: string;
  /** Whose spelling of a shared format the client has, where that is known. */
  vendor: Vendor | undefined;
  face: Face;
  /** Where the path is relayed to, if it is, or may be after all. */
  relay: Relay | undefined;
  /** A page in a browser asks. */
  cors: boolean;
}

/** How long a client may send nothing of a body that it has begun. */
const bodyIdleSeconds = 60;

/**
 * One call while it is handled: what a handler gets, and how it says what became of it. One object with methods, since
 * closures of their own would be most of what a call allocates here.
 */
export class Handling {
  readonly request: Request;
  readonly route: RouteName;
  readonly model: string | undefined;
  readonly id: string | undefined;
  readonly resource: Incoming['resource'];
  readonly vendor: Vendor | undefined;
  readonly query: string;
  readonly relay: Relay | undefined;
  readonly state: CallState;
  readonly #service: Service;
  readonly #incoming: Incoming;
  readonly #canceller = new Canceller();
  /** What was read of a body that may have to be relayed. */
  #text: string | undefined;
  #form: ClientForm | undefined;
  #over = false;

  constructor(service: Service, incoming: Incoming) {
    const { request, route, model, id, resource, vendor, query, callId, live, startedAt } = incoming;
    this.request = request;
    this.route = route;
    this.model = model;
    this.id = id;
    this.resource = resource;
    this.vendor = vendor;
    this.query = query;
    this.relay = incoming.relay;
    this.#service = service;
    this.#incoming = incoming;
    const trace = traceOf(request.headers);
    this.state = {
      callId,
      route,
      live,
      startedAt,
      clock: service.clock,
      signal: this.#canceller,
      governor: service.governor,
      ...(incoming.relay?.to.kind === 'provider' && { pathProvider: incoming.relay.to.provider.id }),
      stream: false,
      attempts: 0,
      fallbacks: 0,
      tries: [],
      waitedMs: 0,
      ignored: [],
      ...(trace && { trace }),
      ...(service.books && (routeRules[route].action ?? 'llm.call') === 'llm.call' && { books: service.books }),
    };
    request.signal.addEventListener('abort', this);
    service.open.add(this);
  }

  /** A provider's side of a conversation. */
  get openSocket(): Upstream['openSocket'] {
    return this.#service.openSocket;
  }

  get transport(): Transport {
    return this.#service.transport;
  }

  /** Counts beside the server, so that nothing waits for it. */
  countTokens(model: string, what: Countable): Promise<LocalCount> {
    return this.#service.tokens.count(model, what);
  }

  /** Works beside the server too. */
  get textsOfTokens(): TextsOfTokens {
    return this.#service.tokens.textsOf;
  }

  get batches(): Batches | undefined {
    return this.#service.batches;
  }

  /** Checks of deployments. */
  get health(): HealthChecks {
    return this.#service.health;
  }

  /** Accounts a call that was made for this one, and that its client has not asked for. */
  record(call: CallRecord): void {
    this.#service.metrics.record(call);
    this.#service.logger.call(call);
  }

  /** The calls that are open. */
  get openCalls(): number {
    return this.#service.open.size;
  }

  get responses(): ResponseMemory {
    return this.#service.responses;
  }

  get mirror(): Mirror {
    return this.#service.mirror;
  }

  get responseOwners(): ResponseStore<string> {
    return this.#service.responseOwners;
  }

  /** Reads the body. @throws SluiceError */
  async json(): Promise<JsonBody> {
    mustBeJson(this.request.headers, routeRules[this.route].family === 'bedrock');
    const bytes = await this.#read();
    this.#hasRead();
    const body = parseJson(bytes);
    if (this.relay) this.#text = body.text;
    return body;
  }

  /** The body as a text, which must be JSON by what its headers say, or none. @throws SluiceError */
  async text(): Promise<string> {
    const bytes = await this.#read();
    this.#hasRead();
    if (bytes.byteLength > 0) mustBeJson(this.request.headers);
    const text = textOf(bytes);
    if (this.relay) this.#text = text;
    return text;
  }

  /** The body as a form, where it was begun to be read before. */
  get formRead(): ClientForm | undefined {
    return this.#form;
  }

  /** The body's text, where it was read before. */
  get bodyRead(): string | undefined {
    return this.#text;
  }

  /** The body as a text, whatever it is. @throws SluiceError */
  async textOfBody(): Promise<string> {
    const bytes = await this.#read();
    this.#hasRead();
    return textOf(bytes);
  }

  /** The body, not read yet, and its bounds. */
  openBody(): Pick<ClientBodyOptions, 'body' | 'length' | 'maxBytes' | 'waiting'> {
    const { request, live, server } = this.#incoming;
    const declared = request.headers.get('content-length');
    return {
      body: request.body ?? new ReadableStream({ start: (controller) => controller.close() }),
      length: declared === null ? undefined : Number(declared),
      maxBytes: live.snapshot.limits.maxBodyBytes,
      waiting: (seconds) => server.timeout(request, seconds),
    };
  }

  /** No promise of its own: every short call waits for this one. `hasRead` must follow. */
  #read(): Promise<ArrayBuffer | Uint8Array> {
    const { request, server, live } = this.#incoming;
    // A client that stops in the middle of its body would keep its place for ever.
    server.timeout(request, bodyIdleSeconds);
    return readBytes(request, live.snapshot.limits.maxBodyBytes);
  }

  #hasRead(): void {
    const { request, server } = this.#incoming;
    server.timeout(request, 0);
  }

  /** The body as a form, where it is one; it is not read yet. @throws SluiceError */
  async form(): Promise<ClientForm | undefined> {
    const { request, live, server } = this.#incoming;
    const contentType = request.headers.get('content-type') ?? '';
    if (!/^\s*multipart\/form-data\b/i.test(contentType)) return undefined;
    const declared = request.headers.get('content-length');
    const contentLength = declared === null ? undefined : Number(declared);
    const { maxBodyBytes: maxBytes } = live.snapshot.limits;
    const form = new ClientForm({
      body: request.body,
      contentType,
      contentLength,
      maxBytes,
      waiting: (seconds) => server.timeout(request, seconds),
    });
    if (this.relay) this.#form = form;
    return form;
  }

  /** Headers of the answer, from what is known of the call by now. */
  headers(): Record<string, string> {
    const { state } = this;
    const { face, cors } = this.#incoming;
    const made = responseHeaders(state, this.#service.version);
    if (face.requestIdHeader !== undefined) made[face.requestIdHeader] = made['x-request-id']!;
    if (this.#service.draining) made['connection'] = 'close';
    if (cors) Object.assign(made, corsHeaders);
    if (state.ignored.length > 0) made['x-sluice-ignored-params'] = droppedHeader(state.ignored);
    return made;
  }

  /** Ends the call, for a reason that the client is told if it still can be. */
  abort(reason: SluiceError): void {
    this.#canceller.abort(reason);
  }

  /** Why the call was ended, if it was. */
  get abortReason(): unknown {
    return this.#canceller.reason;
  }

  /** Drops the call: the client left. */
  cancel(): void {
    this.abort(new SluiceError('client_closed_request', 'The client closed the connection.'));
  }

  /** The request's signal. It is not unlistened to: it goes with the request, and a call that is over has nobody to tell. */
  handleEvent(): void {
    if (!this.#over) this.cancel();
  }

  /** Accounts the call. Once, whatever happens: later calls are ignored. */
  ended(status: number, failure: unknown): void {
    if (this.#over) return;
    this.#over = true;
    const { state } = this;
    const { open, onIdle, keepAliveSeconds, metrics, logger, responseOwners, health } = this.#service;
    const { facts, deployment } = state;
    if (deployment && facts?.answerId !== undefined) responseOwners.set(facts.answerId, deployment.id);
    if (deployment && facts?.encryptedIds) for (const id of facts.encryptedIds) responseOwners.set(id, deployment.id);
    state.shaped?.ended(state.tries, state.clock());
    const { request, server } = this.#incoming;
    if (keepAliveSeconds > 0) server.timeout(request, keepAliveSeconds);
    open.delete(this);
    if (open.size === 0) onIdle?.();
    if (status === 401) state.clientAddress = server.requestIP(request)?.address;
    // Of an answer that others share, it is not for one of them to say that it is over.
    if (!state.shared) state.answerOver?.(endOf(facts, failure));
    for (const one of state.tries) health.board.saw({ id: one.deploymentId, modelName: one.name }, one.code, one.startedAt + one.ms);
    const record = account(state, status, failure);
    metrics.record(record);
    logger.call(record);
    if (SluiceError.is(failure) && failure.code === 'internal' && failure.cause !== undefined) {
      const error = failure.cause instanceof Error ? failure.cause.stack : String(failure.cause);
      logger.error('unexpected failure', { callId: state.callId, error });
    }
  }
}
