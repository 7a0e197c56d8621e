import type { ResponseMemory, Transport } from 'sluice/kit';
import type { CallState } from '../pipeline/call.ts';
import type { JsonBody } from './body.ts';
import type { RouteName } from './routes.ts';
import type { Vendor } from './vendor.ts';

/** What a handler gets: the request, and how to say what became of it. */
export interface Handling {
  request: Request;
  route: RouteName;
  /** From the path. */
  model?: string;
  /** Whose spelling of a shared format the client has, where that is known. */
  vendor?: Vendor;
  /** Without its question mark. */
  query: string;
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
