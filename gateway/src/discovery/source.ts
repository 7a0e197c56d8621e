import type { CancelSignal, Clock, Transport } from 'sluice/kit';
import type { Claimed } from './endpoint.ts';

/** Takes the whole list of what a source knows at the moment, each time that it may have changed. */
export type OnList = (list: readonly Claimed[]) => void;

/** Something that knows endpoints. A new kind is a file beside this one and a line of `sources.ts`. */
export interface Source {
  /**
   * Tells of endpoints until the signal aborts.
   * @throws where it cannot go on; it is begun anew after a while, and what was known until then stays
   */
  watch(onList: OnList, signal: CancelSignal): Promise<void>;
}

/** What sources are made with. */
export interface SourceContext {
  /** Reaches its API, with the certificate authorities that it asks for. */
  transport: Transport;
  clock: Clock;
  /** From 0 to below 1. */
  random: () => number;
  /** Of one request, or one look-up. Milliseconds. */
  timeoutMs: number;
  /** Endpoints that are of use: nobody looks at many more. */
  maxEndpoints: number;
  /** Of one answer. */
  maxBytes: number;
}

/** What went wrong at a source, in words that hold no secret. */
export class SourceError extends Error {}

/** For each endpoint, at most: what registries say of one beside its address (health checks, metadata) is larger than the address. */
const bytesForEndpoint = 8 * 1024;
/** For what is around the list. */
const bytesAround = 64 * 1024;

export const maxBytesFor = (maxEndpoints: number): number => bytesAround + maxEndpoints * bytesForEndpoint;
