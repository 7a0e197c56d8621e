export { proxySettings } from './proxy.ts';
export { createSocketTransport, type SocketTransport } from './socket-transport.ts';
export type { ProxySettings, SocketTransportOptions, UpstreamTls } from './options.ts';
export type { UpstreamStats } from './pool.ts';
