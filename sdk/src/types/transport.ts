/** Who is told that a call is cancelled. Must not throw. */
export type CancelListener = (() => void) | { handleEvent(): void };

/** Tells that a call is cancelled, and why: what an `AbortSignal` is as well (`abortSignalOf` makes a real one). */
export interface CancelSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  /** Each listener is told once at most, asked to or not. */
  addEventListener(type: 'abort', listener: CancelListener, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: CancelListener): void;
  /** @throws the reason, if it is cancelled */
  throwIfAborted(): void;
}

/** A request's body that is sent as it comes, and so only once: nothing is kept of it. */
export interface BodySource {
  /** In bytes, where it is known; else it goes out in chunks. */
  length?: number;
  /** The next bytes, or undefined at the end. A failure fails the request. */
  read(): Promise<Uint8Array | undefined>;
  /** Nobody wants the rest. Idempotent, never throws. */
  cancel(): void;
}

/** One HTTP request to a provider. */
export interface TransportRequest {
  method: 'POST' | 'GET' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';
  url: string;
  headers: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer> | BodySource;
  /** Aborts the request or, later, the reading of its body. */
  signal?: CancelSignal;
  /** To a connection, in milliseconds; 0 or absent: none. A transport that cannot see connections (plain `fetch`) ignores it and says so in its docs. */
  connectTimeoutMs?: number;
  /**
   * The IP address to connect to in place of what the URL's name says by then; the name stays for TLS and the `host` header.
   * A transport that cannot do so refuses the request.
   */
  address?: string;
  /** The target's own options: for transports that are a provider themselves (`mock`). */
  options?: Readonly<Record<string, unknown>>;
}

/** The answer's head, and its body to be pulled: nothing is read that nobody asked for. */
export interface TransportResponse {
  status: number;
  headers: Headers;
  /** The next bytes, or undefined at the end. Throws `SluiceError` `connection` if the connection broke. */
  read(): Promise<Uint8Array | undefined>;
  /** The rest, at most `maxBytes`. Throws `SluiceError` `invalid_response` beyond that. */
  bytes(maxBytes: number): Promise<Uint8Array>;
  /** Drops the rest and the connection. Idempotent, never throws. */
  cancel(): void;
}

/**
 * Sends one request. The seam where `fetch`, a socket client or a fake is put in.
 * @throws SluiceError `connection` (refused, reset, DNS, TLS), `upstream_timeout` (connect deadline), `client_closed_request` (signal)
 */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>;
