import type {
  CancelSignal,
  ChatProtocol,
  Deadlines,
  Dropped,
  Framing,
  FromResultContext,
  JsonObject,
  PathFacts,
  ProtocolId,
  SluiceError,
  Target,
  Transport,
  Usage,
  WireEvent,
} from '../types/index.ts';

import type { FetchUrl } from './inline-media.ts';

/** One chat call, in the client's own format, to one target. */
export interface ChatCall {
  /** The client's format: the answer comes back in it. */
  format: ChatProtocol;
  /** The request's body without gateway-only members. */
  body: JsonObject;
  /** The body as it was sent, to be passed on untouched where the provider speaks the same format. Must say what `body` says. */
  text?: string;
  path?: PathFacts;
  /** The client's request headers; only those that the format names (`passHeaders`) go on, and only to the same format. */
  headers?: Headers;
  stream: boolean;
  /** How the client's stream lies on the wire, where not as its format has it (Claude on Bedrock). Bytes that are passed on are framed so. */
  framing?: Framing;
  /** The stream is read into the neutral model also where the provider speaks the client's format (`client/resume`). */
  asParts?: true;
  target: Target;
}

/** What a call needs from outside. Handed in, so that tests can fake time, ids and the network. */
export interface CallContext {
  transport: Transport;
  deadlines?: Partial<Deadlines>;
  signal?: CancelSignal;
  dropParams?: boolean;
  /** Headers of the client that go on to the provider whatever the formats: `x-*`, a trace's, and those that the provider's format names. Lower case; ours win. */
  forwardHeaders?: Readonly<Record<string, string>>;
  now?: () => number;
  newId?: FromResultContext['newId'];
  /** How long a stream's first output is waited for after its first event, so that an error before it is still a plain error. Milliseconds. */
  outputHoldMs?: number;
  /** Fetches files that a request names by URL, for providers that take them only inside of it. Absent: such requests are refused by name. */
  fetchUrl?: FetchUrl;
  /**
   * Judges an address that a vendor's answer names and that is none of the vendor's own hosts (a finished image, a page of
   * results), and says where to connect. Absent: any is asked. @throws where it must not be asked
   */
  guardUrl?: ((url: string) => Promise<{ address: string }>) | undefined;
  /** An answer larger than this is refused. Bytes. */
  maxAnswerBytes?: number;
  /** Where a stream goes on that broke off after its output had begun. Absent: it ends there. */
  resume?: Resume | undefined;
  /**
   * A stream that is passed on untouched is asked for its usage where its client has not: the provider's count is kept from the
   * client, which would not expect it (OpenAI's chat and completions).
   */
  asksUsage?: boolean;
  /** Told when a provider has begun to answer a chat call, whatever becomes of it: what it has made by then may have to be paid for. */
  onAnswer?: ((facts: CallFacts) => void) | undefined;
}

/**
 * Makes a call at another deployment than those that had this one, with all the router's care: `make` is called once for
 * each try, with the members that a fallback sets in the request's body.
 * @param broken what ended the stream
 * @throws SluiceError where there is none left, or none answers
 */
export type Resume = (
  make: (target: Target, context: CallContext, overrides?: JsonObject) => Promise<StreamAnswer>,
  broken: SluiceError,
) => Promise<Resumed>;

export interface Resumed {
  answer: StreamAnswer;
  /** The name of the deployment, as clients may know it. */
  where: string;
}

/** What is known of the upstream's side of a call; grows while a stream runs. */
export interface CallFacts {
  provider: string;
  /** The upstream's name of the model. */
  model: string;
  protocol: ProtocolId;
  /** Client and provider speak the same format: bytes were passed through. */
  same: boolean;
  /** Host of the upstream; never a whole URL. */
  host: string;
  status: number;
  /** The upstream's answer headers. */
  headers: Headers;
  dropped: readonly Dropped[];
  usage?: Usage;
  /** It was made by a batch, at a batch's prices. */
  batch?: boolean;
  /** Not all of `usage` is the provider's: some of it was counted from what came. */
  usageEstimated?: boolean;
  /** About how many tokens of output have come that `usage` does not count: an estimate, of chat alone. */
  uncountedTokens?: () => number;
  /** The answer's own id, where a later request may name it (Responses) and the provider has it. */
  answerId?: string;
  /** Ids of what the provider encrypted in the answer, where the client may send it back (Responses). */
  encryptedIds?: readonly string[];
  /** Unix milliseconds: when the request was sent, when its headers came, when the first output came, when it was over. */
  sentAt: number;
  headersAt: number;
  firstOutputAt?: number;
  endedAt?: number;
  /**
   * Of a stream that broke off and went on elsewhere: the facts of each of its calls in their order, each with its own
   * `usage`, which is estimated where a broken one was not counted. `usage` of the whole is the sum.
   */
  legs?: readonly CallFacts[];
}

export interface WholeAnswer {
  kind: 'whole';
  facts: CallFacts;
  /** The body in the client's format. Passed through: the bytes as they came. */
  body: Uint8Array | string;
  /** The same as an object; parsed when first asked for. */
  json(): JsonObject;
}

/** More of a stream: bytes as they came (same format), or events of the client's format to be framed. */
export type StreamChunk = Uint8Array | readonly WireEvent[];

export interface StreamAnswer {
  kind: 'stream';
  facts: CallFacts;
  /**
   * The next of the stream, undefined at its end. Never throws: a failure after this point is events of the
   * client's format, then the end; `failure` says what it was.
   */
  read(): Promise<StreamChunk | undefined>;
  readonly failure: Error | undefined;
  /** What was read by now holds the answer's end: who reads it misses nothing by leaving. May stay false where formats have no end mark. */
  readonly complete: boolean;
  /** The client left: drops the upstream at once. Idempotent. */
  cancel(): void;
}

export type Answer = WholeAnswer | StreamAnswer;
