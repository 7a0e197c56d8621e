import type { WebSocketHandler } from 'bun';
import { maxBehindBytes, type RealtimeSession } from './session.ts';

/** What the server does with clients' sockets: who is meant is in the socket. */
export const realtimeSockets: WebSocketHandler<RealtimeSession> = {
  // The types of a socket's data come by this member.
  data: undefined as unknown as RealtimeSession,
  open: (socket) => socket.data.opened(socket),
  message: (socket, frame) => socket.data.fromClient(frame),
  drain: (socket) => socket.data.clientDrained(),
  close: (socket, code, reason) => socket.data.clientClosed(code, reason),
  maxPayloadLength: maxBehindBytes,
  backpressureLimit: 2 * maxBehindBytes,
  closeOnBackpressureLimit: true,
  // Seconds. Pings keep what lives alive, and find what does not.
  idleTimeout: 120,
  sendPings: true,
  perMessageDeflate: false,
};
