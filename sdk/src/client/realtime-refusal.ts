import { gemini, openaiChat } from '../protocols/index.ts';
import type { SluiceError, Target, TransportResponse } from '../types/index.ts';
import { failureOf } from './failure.ts';

/**
 * What a vendor says that refuses to open a conversation, in its words.
 * @param now unix milliseconds, for the time to wait
 * @param sent the headers of the handshake
 */
export const realtimeRefusal = (
  target: Target,
  response: TransportResponse,
  now: number,
  sent: Readonly<Record<string, string>>,
): Promise<SluiceError> => {
  const { errors } = target.provider.realtime?.protocol === 'gemini' ? gemini : openaiChat;
  return failureOf(response, { errors }, { target }, now, sent);
};
