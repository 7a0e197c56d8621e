import type { Socket, TLSOptions } from 'bun';
import type { SluiceError } from 'sluice/kit';
import { connectionFailed, connectTimedOut, forbiddenAddress, notHttp } from './failures.ts';
import { isMetadataAddress } from './guard/address-kind.ts';
import { readHead } from './head.ts';
import type { UpstreamTls } from './options.ts';
import type { Origin } from './origin.ts';
import type { Proxy } from './proxy.ts';
import { socketHandlers, type SocketOwner } from './socket-owner.ts';

/** Length-prefixed, as it stands in the handshake (RFC 7301). */
const alpn = Buffer.from('\x08http/1.1');
const maxProxyHeadBytes = 16 * 1024;
const keepAliveProbeMs = 60_000;

export const tlsOptions = ({ ca, verify = true }: UpstreamTls): TLSOptions => ({
  rejectUnauthorized: verify,
  ALPNProtocols: alpn,
  ...(ca !== undefined && { ca }),
});

export interface DialOptions {
  origin: Origin;
  tls: TLSOptions;
  /** Milliseconds for all of it: name, connection, proxy, TLS. 0: no limit. */
  limitMs: number;
  /** Called once, with a socket that is ready for a request, or the reason why there is none. Never after `abandon`. */
  done(result: Socket<SocketOwner> | SluiceError): void;
  /** The attempt is over, whatever became of it, abandoned ones included. */
  settled(connected: boolean): void;
}

/** Over an address that was settled before, the name is still whose certificate is wanted. */
const tlsFor = ({ tls, origin }: DialOptions): TLSOptions =>
  origin.address === undefined || origin.address === origin.hostname ? tls : { ...tls, serverName: origin.hostname };

/** One attempt to connect. */
export class Dial implements SocketOwner {
  readonly #options: DialOptions;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  #socket: Socket<SocketOwner> | undefined;
  #tunnel: 'none' | 'asked' | 'open' = 'none';
  #proxyHead: Buffer | undefined;
  /** Somebody still waits for it. */
  #wanted = true;
  #over = false;

  constructor(options: DialOptions) {
    this.#options = options;
    const { origin, limitMs } = options;
    if (limitMs > 0) {
      this.#timer = setTimeout(() => {
        this.#fail(connectTimedOut(origin.host, limitMs));
      }, limitMs);
    }
    const { hostname, port } = origin.proxy ?? { hostname: origin.address ?? origin.hostname, port: origin.port };
    Bun.connect<SocketOwner>({
      hostname,
      port,
      data: this,
      socket: socketHandlers,
      ...(origin.secure && !origin.proxy && { tls: tlsFor(options) }),
    }).catch((cause: unknown) => {
      this.#fail(connectionFailed(this.#peer, cause));
    });
  }

  /** Nobody waits for it any more. A connection that is not there yet cannot be stopped, but is closed as it comes. */
  abandon(): void {
    this.#wanted = false;
    clearTimeout(this.#timer);
    if (this.#socket) this.#fail(connectionFailed(this.#peer, 'given up'));
  }

  get #peer(): string {
    return this.#options.origin.proxy ? `the proxy ${this.#options.origin.proxy.host}` : this.#options.origin.host;
  }

  onOpen(socket: Socket<SocketOwner>): void {
    if (this.#over || !this.#wanted) {
      this.#end(false);
      socket.terminate();
      return;
    }
    this.#socket = socket;
    const { origin } = this.#options;
    if (this.#tunnel === 'open') return;
    // One that was reset as it opened has no address any more, whatever its type says.
    const address = socket.remoteAddress as string | undefined;
    if (!origin.proxy && address !== undefined && isMetadataAddress(address)) {
      this.#fail(forbiddenAddress(origin.host));
      return;
    }
    // Long thinking is long silence: without probes a dead peer, or a NAT that forgot the connection, is never noticed.
    socket.setKeepAlive(true, keepAliveProbeMs);
    if (origin.proxy && (origin.secure || origin.address !== undefined)) this.#askForTunnel(socket, origin.proxy);
    else if (!origin.secure) this.#succeed(socket);
  }

  onHandshake(socket: Socket<SocketOwner>, success: boolean, error: Error | null): void {
    if (this.#over) return;
    // The runtime refuses what it cannot verify (chain and name); what it says is checked once more, because it was
    // wrong about each of them in earlier versions (oven-sh/bun#33846, #33755).
    const verified = success && error === null && socket.authorized;
    // Where nothing needs to be verified: a handshake that got as far as a certificate.
    const accepted = this.#options.tls.rejectUnauthorized === false && Boolean(socket.getPeerX509Certificate());
    if (verified || accepted) this.#succeed(socket);
    else this.#fail(connectionFailed(this.#options.origin.host, error ?? 'its certificate could not be verified'));
  }

  #askForTunnel(socket: Socket<SocketOwner>, proxy: Proxy): void {
    const { origin } = this.#options;
    const { port } = origin;
    const hostname = origin.address ?? origin.hostname;
    const authority = `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`;
    const authorization = proxy.authorization === undefined ? '' : `proxy-authorization: ${proxy.authorization}\r\n`;
    this.#tunnel = 'asked';
    socket.write(`CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n${authorization}\r\n`);
  }

  onData(bytes: Buffer): void {
    if (this.#tunnel !== 'asked' || !this.#socket) return;
    const all = this.#proxyHead ? Buffer.concat([this.#proxyHead, bytes]) : bytes;
    const head = readHead(all);
    if (head === undefined && all.length < maxProxyHeadBytes) {
      this.#proxyHead = all;
      return;
    }
    if (head === undefined || typeof head === 'string') return this.#fail(notHttp(this.#peer, head ?? 'its head is too large'));
    if (head.status < 200 || head.status > 299)
      return this.#fail(connectionFailed(this.#options.origin.host, `${this.#peer} answered ${head.status}`));
    this.#tunnel = 'open';
    const { tls, origin } = this.#options;
    if (!origin.secure) return this.#succeed(this.#socket);
    // From here on the raw socket's events are the TLS socket's business.
    const raw = this.#socket;
    const [, secured] = raw.upgradeTLS<SocketOwner>({ data: this, tls: { ...tls, serverName: origin.hostname }, socket: socketHandlers });
    this.#socket = secured;
  }

  onDrain(): void {}

  onClose(cause?: Error): void {
    this.#fail(connectionFailed(this.#tunnel === 'open' ? this.#options.origin.host : this.#peer, cause ?? 'it was closed at once'));
  }

  #succeed(socket: Socket<SocketOwner>): void {
    this.#end(true);
    this.#options.done(socket);
  }

  #fail(error: SluiceError): void {
    if (this.#over) return;
    this.#end(false);
    this.#socket?.terminate();
    if (this.#wanted) this.#options.done(error);
  }

  #end(connected: boolean): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#options.settled(connected);
  }
}
