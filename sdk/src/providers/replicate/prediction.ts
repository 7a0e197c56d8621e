import { parseObject } from '../../protocols/shared/read.ts';
import type { CancelSignal, JsonObject, Transport, TransportRequest, TransportResponse } from '../../types/index.ts';

/** Waits, and ends by throwing the signal's reason when it is cancelled. */
export type Sleep = (ms: number, signal?: CancelSignal) => Promise<void>;

/** Everything that one prediction is asked. */
export interface Prediction {
  network: Transport;
  request: TransportRequest;
  /** `https://api.replicate.com/v1` */
  base: string;
  id: string;
  sleep: Sleep;
}

/** A prediction holds its input and its logs besides the answer. */
const maxPredictionBytes = 64 * 1024 * 1024;

const running: ReadonlySet<unknown> = new Set(['starting', 'processing', 'queued']);
export const isRunning = (prediction: JsonObject): boolean => running.has(prediction['status']);

/** A request about the same prediction. It goes to the address that was asked, whatever the answer names (its key with it). */
export const about = ({ request, base, id }: Prediction, method: 'GET' | 'POST', path = ''): TransportRequest => {
  const { accept: _accept, prefer: _prefer, 'content-type': _type, ...headers } = request.headers;
  return {
    method,
    url: `${base}/predictions/${id}${path}`,
    headers: { ...headers, accept: 'application/json' },
    ...(request.signal && { signal: request.signal }),
    ...(request.connectTimeoutMs !== undefined && { connectTimeoutMs: request.connectTimeoutMs }),
  };
};

/** One answer read to its end, kept as it came. */
export interface Read {
  response: TransportResponse;
  bytes: Uint8Array;
  json: JsonObject | undefined;
}

export const readWhole = async (response: TransportResponse): Promise<Read> => {
  const bytes = await response.bytes(maxPredictionBytes);
  return { response, bytes, json: parseObject(new TextDecoder().decode(bytes)) };
};
