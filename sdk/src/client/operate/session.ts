import { errorsOf } from '../../protocols/index.ts';
import { credentialHeaders } from '../../providers/index.ts';
import { CallClock, wholeDeadlines } from '../../transport/deadline.ts';
import {
  SluiceError,
  type BodySource,
  type Dropped,
  type ProtocolId,
  type Target,
  type TransportRequest,
  type TransportResponse,
} from '../../types/index.ts';
import type { CallContext, CallFacts } from '../call.ts';
import { defaultMaxAnswerBytes } from '../exchange.ts';
import { failureOf } from '../failure.ts';
import { addHeaders, forwarded } from '../headers.ts';
import { renewable } from '../refused.ts';

/** One request of a session. */
export interface Outgoing {
  method: TransportRequest['method'];
  url: string;
  /** Names in lower case. */
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array<ArrayBuffer> | BodySource;
  /** The credentials, and whatever else the deployment sends along, go to this host. */
  trusted: boolean;
  /** It is a host that only the vendor's answer names: asked where it is a public one. */
  foreign?: boolean;
  /** What is sent where a redirect leads, for downloads. Absent or undefined: the redirect is a failure. */
  redirected?(location: string): Outgoing | undefined;
}

/**
 * All HTTP of one call that is not chat: one clock for the whole of it, one record of facts, however many requests it
 * takes. `close` must be called at its end.
 */
export class Session {
  readonly target: Target;
  readonly dropped: Dropped[] = [];
  readonly now: () => number;
  readonly clock: CallClock;
  readonly maxAnswerBytes: number;
  readonly #context: CallContext;
  readonly #protocol: ProtocolId;
  readonly #errors: ProtocolId;
  readonly #connectTimeoutMs: number;
  readonly #open = new Set<TransportResponse>();
  #facts: CallFacts | undefined;
  #sentAt: number | undefined;

  /** @param errors the chat protocol whose words failures are in */
  constructor(target: Target, { protocol, errors }: { protocol: ProtocolId; errors: ProtocolId }, context: CallContext) {
    const deadlines = wholeDeadlines(context.deadlines, target.deadlines);
    this.target = target;
    this.now = context.now ?? Date.now;
    this.maxAnswerBytes = context.maxAnswerBytes ?? defaultMaxAnswerBytes;
    this.clock = new CallClock(deadlines, context.signal);
    this.#context = context;
    this.#protocol = protocol;
    this.#errors = errors;
    this.#connectTimeoutMs = deadlines.connectTimeoutMs;
  }

  /** What is known of the call. An adapter that asked nobody has answered by itself (`mock`). */
  get facts(): CallFacts {
    return (this.#facts ??= this.#factsOf(200, new Headers(), 'localhost'));
  }

  /** Sends one request. @throws SluiceError for any status but 2xx, with the vendor's own words */
  async send(request: Outgoing): Promise<TransportResponse> {
    const { target } = this;
    const sent: Record<string, string> = {};
    try {
      return await this.#once(request, sent);
    } catch (error) {
      // Once: what is refused again is not refused for its age. A body that was sent as it came is gone.
      if (request.trusted && !isSource(request.body) && renewable(error, target, sent)) return this.#once(request, {});
      throw error;
    }
  }

  async #once(
    { method, url, headers: own, body, trusted, foreign, redirected }: Outgoing,
    headers: Record<string, string>,
  ): Promise<TransportResponse> {
    const { target, clock, now } = this;
    const { provider } = target;
    clock.throwIfAborted();
    if (trusted) {
      const pending = provider.ready?.(target);
      if (pending) await pending;
      Object.assign(headers, forwarded(this.#context.forwardHeaders), provider.headers);
    }
    Object.assign(headers, own);
    if (trusted) {
      if (target.headers) addHeaders(headers, target.headers);
      const text = typeof body === 'string' ? body : '';
      Object.assign(headers, await credentialHeaders(target, { method, url, body: text, headers }));
    }
    this.#sentAt ??= now();
    const transport = provider.transport ?? this.#context.transport;
    const address = foreign && !provider.transport ? await this.#judged(url) : undefined;
    clock.throwIfAborted();
    const response = await transport({
      method,
      url,
      ...(address !== undefined && { address }),
      headers,
      ...(body !== undefined && { body }),
      signal: clock,
      connectTimeoutMs: this.#connectTimeoutMs,
      ...(target.options && { options: target.options }),
    });
    this.#open.add(response);
    const elsewhere = response.status >= 300 && response.status < 400 ? redirected?.(response.headers.get('location') ?? '') : undefined;
    if (elsewhere) {
      response.cancel();
      this.#open.delete(response);
      return this.#once(elsewhere, {});
    }
    if (response.status < 200 || response.status > 299) {
      const failure = await failureOf(response, { errors: errorsOf(this.#errors) }, { target }, now(), headers);
      response.cancel();
      throw failure;
    }
    this.#facts = this.#factsOf(response.status, response.headers, new URL(url).host);
    return response;
  }

  /** Where a stranger's address leads, if it may be asked: an answer could name the network behind us. @throws SluiceError `invalid_response` */
  async #judged(url: string): Promise<string | undefined> {
    try {
      return (await this.#context.guardUrl?.(url))?.address;
    } catch (cause) {
      throw new SluiceError(
        'invalid_response',
        `The provider's answer names an address that is not asked. ${SluiceError.from(cause).message}`,
        {
          retry: false,
          cause,
        },
      );
    }
  }

  #factsOf(status: number, headers: Headers, host: string): CallFacts {
    const { target, dropped, now } = this;
    return {
      provider: target.provider.id,
      model: target.model,
      protocol: this.#protocol,
      same: false,
      host,
      status,
      headers,
      dropped,
      sentAt: this.#sentAt ?? now(),
      headersAt: now(),
    };
  }

  /** Reads a whole answer. @throws SluiceError */
  async bytes(response: TransportResponse): Promise<Uint8Array> {
    const bytes = await response.bytes(this.maxAnswerBytes);
    this.#open.delete(response);
    return bytes;
  }

  /** The call is over: nothing of it is left running. Idempotent. */
  close(): void {
    this.clock.stop();
    if (this.#facts) this.#facts.endedAt ??= this.now();
    for (const response of this.#open) response.cancel();
    this.#open.clear();
  }

  /** The failure as the call's own. */
  failure(cause: unknown): SluiceError {
    return SluiceError.from(cause).with({ provider: this.target.provider.id, model: this.target.model });
  }
}

const isSource = (body: Outgoing['body']): body is BodySource => typeof body === 'object' && !(body instanceof Uint8Array);
