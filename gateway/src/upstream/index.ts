export { proxySettings } from './proxy.ts';
export { createSocketTransport, type SocketTransport } from './socket-transport.ts';
export type { Frame } from './websocket/frames.ts';
export type { ClientSocket, OpenedSocket, SocketListener, SocketRequest } from './websocket/client-socket.ts';
export type { SocketTransportOptions } from './options.ts';
