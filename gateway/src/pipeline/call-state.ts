import type {
  AnswerEnd,
  Attempt,
  CallContext,
  CallFallbacks,
  CallFacts,
  CancelSignal,
  Dropped,
  JsonObject,
  RouteRequest,
  SluiceError,
  Target,
  Usage,
} from 'sluice/kit';
import type { LimitKind } from '../config/gateway-budget.ts';
import type { Deployment } from '../config/snapshot.ts';
import type { Principal } from '../access/principal.ts';
import type { Trace } from '../telemetry/trace-context.ts';
import type { CallContent } from './content.ts';
import type { ClientSide } from './client-side.ts';
import type { Sharer } from './coalesce/index.ts';
import type { Live } from './live.ts';
import type { Governor, Held } from './governance/governor.ts';
import type { BatchWorst } from './governance/worst-case.ts';
import type { MockFailures } from './mock-failures.ts';
import type { Books } from '../spend/books.ts';
import type { Sending } from './metering/sending.ts';
import type { CallCost } from './prices.ts';
import type { SharedModel } from './priority/index.ts';
import type { Said } from './route-request.ts';
import type { Shaped } from './traffic-shaper.ts';

/** One call on its way through the gateway: what is known of it so far. */
export interface CallState {
  readonly callId: string;
  readonly route: string;
  readonly live: Live;
  /** `clock()` when the request came. */
  readonly startedAt: number;
  /** Unix milliseconds with fractions. */
  readonly clock: () => number;
  readonly signal: CancelSignal;
  /** Who calls; known once the key is checked. */
  principal?: Principal;
  /** What it may use, and what is charged for it. Absent: it is nobody's call (a check of health). */
  readonly governor?: Governor;
  /** Where what it cost is written down, once. Absent: nobody's books are kept (there is no database), or it is no call of a model. */
  readonly books?: Books;
  /** The end user that it is for. */
  customerId?: string;
  /** The request's, and those of its key and team. */
  tags?: readonly string[];
  sessionId?: string;
  userAgent?: string;
  /** What is said in it, where that is to be kept. */
  content?: CallContent;
  /** What the client wants written beside what it cost. */
  spendMetadata?: JsonObject;
  /** Why its model is not asked, but what falls back from it: too many want it. */
  refused?: SluiceError;
  /** How busy its model was when it came. Absent: nobody asks for its model to be shared. */
  sharing?: SharedModel;
  /** What it holds of limits and budgets, and whether that was given back. */
  held?: Held;
  settled?: boolean;
  stream: boolean;
  /** The provider under whose name the client calls. */
  readonly pathProvider?: string;
  /** As the client asked for it. */
  model?: string;
  deployment?: Deployment;
  /** The model name whose deployments answered, where it is not the client's: an alias, or a fallback. */
  servedModel?: string;
  /** How many other names were asked. */
  fallbacks: number;
  attempts: number;
  /** Each of them, once it is over. */
  readonly tries: Attempt[];
  /** Tells the router that the answer is over, where it goes on after the call was made. */
  answerOver?: (end: AnswerEnd) => void;
  /** How many tries after the first were allowed; known when there is a deployment. */
  maxRetries?: number;
  /** Time that failed tries and waits between them took, in milliseconds: not the gateway's own. */
  waitedMs: number;
  /** What the gateway added, in milliseconds; known when the answer's headers go out. */
  overheadMs?: number;
  facts?: CallFacts;
  /** Where the parts of a stream are from that broke off and went on elsewhere: as `facts.legs`. */
  legs?: Deployment[];
  /** Each try, for what it may cost. */
  sendings?: Sending[];
  /** The model name that answers instead, as the budget of the one that was asked for is spent (`budget_fallbacks`). */
  budgetModel?: string;
  /** Limits that are only tried out and had no room. */
  wouldRefuse?: readonly WouldRefuse[];
  /** What is known of a try that was sent and whose answer the client does not have. */
  unanswered?: CallFacts;
  /** What it used is worked out. */
  metered?: boolean;
  /** What it used is charged part by part, each with a row of its own, while it goes on. */
  itemized?: boolean;
  /** Nobody bills it, whatever it used. */
  free?: boolean;
  /** An estimate of the prompt's length, for what no vendor counts. */
  inputTokens?: () => number;
  /** What it asks for that is billed by other measures than its prompt, for an answer that nobody has seen. */
  askedFor?: () => Partial<Usage>;
  /** The model name that what the request is about leads to, and why. */
  routed?: { readonly model: string; readonly by: string; readonly waitedMs: number };
  /** What an experiment or a ladder made of its model name. */
  shaped?: Shaped;
  /** The id of the call that this one is a copy of. */
  readonly mirrorOf?: string;
  /** The caller's, if it has one. */
  readonly trace?: Trace;
  /** Identical calls that have one answer with this one. */
  shared?: Sharer<CallState>;
  /** Once it is known. */
  cost?: CallCost;
  /** What deployments are chosen by. */
  wishes?: RouteRequest;
  /** Gateway members of the request that are not built yet. */
  ignored: readonly Dropped[];
  clientAddress?: string;
}

/** A limit that had no room, and is only tried out (shadow). */
export interface WouldRefuse {
  readonly kind: LimitKind;
  /** As people know it: `key "ci"`. */
  readonly label: string;
}

/** What the request itself asks of the gateway. */
export interface Asked {
  maxRetries?: number;
  timeoutMs?: number;
  streamTimeoutMs?: number;
  dropParams?: boolean;
  mock?: Record<string, unknown>;
  /** All of the request's. */
  clientHeaders: Headers;
  /** Where the call is to go instead, and with whose key. */
  clientSide?: ClientSide;
  /** The one deployment that may answer: what is asked for lives there. */
  deploymentId?: string;
  /** The model's name only says where a thing is kept: nobody asked for the model. */
  anyModel?: boolean;
  /** It hands in a file of calls. Counts them, where anything bounds what its caller does. @throws SluiceError */
  batch?: () => Promise<BatchWorst>;
  /** What deployments are chosen by. Absent: what the request says of it. */
  route?: RouteRequest;
  said?: Said | undefined;
  fallbacks?: CallFallbacks;
  mockFailures?: MockFailures;
  /** Asking two deployments does no harm: nothing is made that stays. */
  mayHedge?: boolean;
  /** Instead of the client's own: the call is not its alone. */
  signal?: CancelSignal;
  /** A copy of another call: its model is the one that is meant, and its failures say nothing of deployments. */
  shadow?: boolean;
}

/** Makes a call to one target. @param overrides members that the request's body has there instead */
export type Make<T> = (target: Target, context: CallContext, overrides: JsonObject | undefined) => Promise<T>;

/** An answer that is whole, or one that goes on and may be dropped. */
export interface Answered {
  kind?: string;
  facts?: CallFacts;
  cancel?(): void;
}
