import { SluiceError } from 'sluice/kit';
import type { GatewayServer, Handling } from '../handling.ts';
import type { RealtimeDoor } from './door.ts';
import { openSession } from './realtime.ts';
import { readOffered } from './subprotocols.ts';

/** Whether a request wants to speak WebSocket (RFC 6455, section 4.1). */
export const isUpgrade = ({ method, headers }: Request): boolean =>
  method === 'GET' && headers.get('upgrade')?.toLowerCase() === 'websocket';

/** The gateway's key where a browser may put one. */
export const offeredKey = (headers: Headers): string | undefined => readOffered(headers.get('sec-websocket-protocol')).key;

/** Opens a conversation; from then on it is its session's. @throws SluiceError before it is opened */
export const upgradeToRealtime = async (
  handling: Handling,
  door: RealtimeDoor,
  server: GatewayServer,
  key: string | undefined,
): Promise<undefined> => {
  const { request, state } = handling;
  const offered = readOffered(request.headers.get('sec-websocket-protocol'));
  const session = await openSession(handling, door, offered, key);
  const headers = { 'x-litellm-call-id': state.callId, ...(offered.chosen !== undefined && { 'sec-websocket-protocol': offered.chosen }) };
  if (server.upgrade(request, { data: session, headers })) return undefined;
  session.clientClosed(1001, '');
  throw upgradeRequired();
};

export const upgradeRequired = (): SluiceError =>
  new SluiceError('invalid_request', 'Conversations are held over a WebSocket: connect with ws:// or wss://.', {
    status: 426,
    retry: false,
  });
