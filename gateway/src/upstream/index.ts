export { proxySettings } from './proxy.ts';
export { createSocketTransport, type SocketTransport } from './socket-transport.ts';
export type { SocketTransportOptions } from './options.ts';
