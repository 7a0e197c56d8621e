import type { Socket, SocketHandler } from 'bun';

/** Whoever has a socket at the moment: first the one who dials, then the connection. Kept in `socket.data`. */
export interface SocketOwner {
  onOpen?(socket: Socket<SocketOwner>): void;
  onHandshake?(socket: Socket<SocketOwner>, success: boolean, error: Error | null): void;
  onData(bytes: Buffer): void;
  onDrain(): void;
  /** The last that is heard of a socket. */
  onClose(cause?: Error): void;
}

/** One object for all sockets: who is meant is in the socket. Without `allowHalfOpen` a FIN closes, so `end` says nothing new. */
export const socketHandlers: SocketHandler<SocketOwner> = {
  open: (socket) => socket.data.onOpen?.(socket),
  handshake: (socket, success, error) => socket.data.onHandshake?.(socket, success, error),
  data: (socket, bytes) => socket.data.onData(bytes),
  drain: (socket) => socket.data.onDrain(),
  close: (socket, cause) => socket.data.onClose(cause),
  // A broken TLS session, or a fault in one of the above: nothing on this socket can be trusted any more.
  error: (socket, cause) => {
    socket.data.onClose(cause);
    socket.terminate();
  },
};
