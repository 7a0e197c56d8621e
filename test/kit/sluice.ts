import type { Obj } from './read/reading.ts';
import type { Recording } from './recordings.ts';
import type { Received } from './replay-upstream.ts';
import type { Spec } from './specs.ts';
import type { ClientFormat, NativeFormat, SideFormat, WireFormat } from './wire-formats.ts';

/** One call of a client whose upstream answers with a recording. */
export interface ReplayCall {
  recording: Recording;
  client: ClientFormat | WireFormat | SideFormat | NativeFormat;
  /** Builds the request for the name under which the recording's deployment is known. */
  request: (model: string) => Obj;
  stream: boolean;
}

export interface ReplayAnswer {
  status: number;
  headers: Headers;
  bytes: Uint8Array;
}

export interface ReplayOutcome {
  answer: ReplayAnswer;
  /** What reached the upstream; undefined if nothing did. */
  received: Received | undefined;
}

/** A request of one vendor's client, sent to a model of another. */
export interface TranslateCall {
  from: ClientFormat;
  to: Spec;
  body: Obj;
  stream: boolean;
}

export interface TranslateOutcome {
  /** The body that reached the provider. */
  sent: Obj | undefined;
  /** Why nothing did. */
  refusal: string | undefined;
}

/** What is under test: the whole gateway, or its protocols alone. */
export interface Sluice {
  readonly through: 'gateway' | 'protocols';
  call(call: ReplayCall): Promise<ReplayOutcome>;
  /** What a provider is sent for a request in a foreign format. Parameters that it lacks are dropped, not refused. */
  translate(call: TranslateCall): Promise<TranslateOutcome>;
  stop(): Promise<void>;
}
