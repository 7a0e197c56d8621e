import type { ChatProtocol, ResponseMemory, Transport } from 'sluice/kit';
import type { CallState } from '../pipeline/call.ts';
import type { JsonBody } from './body.ts';
import type { RouteName } from './routes.ts';

/** What a handler gets: the request, and how to say what became of it. */
export interface Handling {
  request: Request;
  route: RouteName;
  /** From the path. */
  model?: string;
  /** Without its question mark. */
  query: string;
  /** Of the client: its answers and errors are written in it. */
  format: ChatProtocol;
  state: CallState;
  transport: Transport;
  responses: ResponseMemory;
  /** Reads the body. @throws SluiceError */
  json(): Promise<JsonBody>;
  /** Headers of the answer, from what is known of the call by now. */
  headers(): Record<string, string>;
  /** Drops the call: the client left. */
  cancel(): void;
  /** Accounts the call. Once, whatever happens: later calls are ignored. */
  ended(status: number, failure: unknown): void;
}
