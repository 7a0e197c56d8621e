import {
  SluiceError,
  totalInputTokens,
  totalOutputTokens,
  type AnswerEnd,
  type Attempt,
  type CallContext,
  type CallFallbacks,
  type CallFacts,
  type CancelSignal,
  type Dropped,
  type JsonObject,
  type Resume,
  type RouteRequest,
  type RunOptions,
  type Target,
  type Transport,
  type Try,
} from 'sluice/kit';
import { afterTries, allTriesMs } from '../config/deadlines.ts';
import { shownName } from '../config/shown-name.ts';
import type { Deployment } from '../config/snapshot.ts';
import type { CallRecord } from '../telemetry/call-record.ts';
import type { Trace } from '../telemetry/trace-context.ts';
import type { Sharer } from './coalesce/index.ts';
import { allowsClientSide, judgeClientSide, pinnedTo, type ClientSide } from './client-side.ts';
import { forwardedHeaders } from './forward-headers.ts';
import type { Live } from './live.ts';
import { routeRequestOf, type Said } from './route-request.ts';
import { costOfLost } from './lost-tries.ts';
import { mockFailure, type MockFailures } from './mock-failures.ts';
import { nameUnder } from './named-by-path.ts';
import type { CallCost } from './prices.ts';
import { costOfLegs, lastLeg } from './resuming.ts';
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
  /** An estimate of the prompt's length, for what no vendor counts. */
  inputTokens?: () => number;
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
  /** What deployments are chosen by. Absent: what the request says of it. */
  route?: RouteRequest;
  said?: Said;
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
interface Answered {
  kind?: string;
  facts?: CallFacts;
  cancel?(): void;
}

/** Whatever kind of call: find a deployment, make it, try another one, fall back to another model. @throws SluiceError */
export const runCall = async <T extends Answered>(state: CallState, transport: Transport, asked: Asked, make: Make<T>): Promise<T> => {
  const { live } = state;
  if (state.model === undefined || state.model === '')
    throw new SluiceError('invalid_request', "'model' is missing: say which model is to answer.", { param: 'model' });
  const named = nameOf(state, state.model, asked);
  const model = state.routed?.model ?? named;
  const { forwardClientHeaders, access, router } = live.snapshot;
  state.wishes = asked.route;
  const forwardHeaders = forwardClientHeaders ? forwardedHeaders(asked.clientHeaders, access.keyHeaderName) : undefined;
  const { clientSide: own, signal = state.signal } = asked;
  const elsewhere =
    own &&
    (await judgeClientSide(
      own,
      live.router.match(model).map(({ deployment }) => deployment.payload),
      live.guardUrl,
    ));
  const fetchUrl = live.fetchOver(transport);
  const begun = state.clock();
  let endsAt = Infinity;
  /** Two may be under way at a time: where each answer is from, and how the router is told that it is over where it goes on. */
  const answers = new Map<unknown, { deployment: Deployment; over?: (end: AnswerEnd) => void }>();
  const attemptOf =
    <A extends Answered>(make: Make<A>, resume?: Resume) =>
    async (one: Try<Deployment>): Promise<A> => {
      const deployment = one.deployment.payload;
      let deadlines = live.deadlinesOf(deployment, state.stream, asked);
      endsAt = begun + allTriesMs(deadlines, state.stream, asked);
      const ownTrace = live.snapshot.forwardTraceparent ? state.trace?.headersOf(state.attempts) : undefined;
      if (state.attempts++ > 0) {
        state.waitedMs = state.clock() - begun;
        deadlines = afterTries(deadlines, state.waitedMs, state.stream, asked);
      }
      state.deployment = deployment;
      state.maxRetries = asked.maxRetries ?? deployment.maxRetries ?? live.snapshot.router.maxRetries;
      if (asked.mockFailures) mockFailure(asked.mockFailures, one, model);
      const answer = await make(
        withMock(live.targetOf(deployment, one.model, own), asked.mock),
        {
          transport: elsewhere ? pinnedTo(transport, elsewhere) : transport,
          fetchUrl,
          ...(live.guardAnswerUrl && { guardUrl: live.guardAnswerUrl }),
          deadlines,
          signal: one.signal ?? signal,
          now: state.clock,
          dropParams: asked.dropParams,
          forwardHeaders: ownTrace ? { ...forwardHeaders, ...ownTrace } : forwardHeaders,
          ...(resume && { resume }),
        },
        one.overrides,
      );
      answers.set(answer, { deployment, ...(answer.cancel && { over: one.goesOn() }) });
      if (!answer.cancel) one.tell(endOf(answer.facts));
      return answer;
    };
  if (asked.route?.needs) state.inputTokens = () => asked.route!.needs!().inputTokens;
  const ownTimeouts = asked.timeoutMs !== undefined || asked.streamTimeoutMs !== undefined;
  const options: RunOptions = {
    signal,
    deadline: () => endsAt,
    attempts: state.tries,
    ...(asked.route && { request: asked.route }),
    ...(asked.maxRetries !== undefined && { numRetries: asked.maxRetries }),
    ...(asked.fallbacks && { fallbacks: asked.fallbacks }),
    ...(own || asked.shadow ? { ownFailures: 'all' } : ownTimeouts && { ownFailures: 'timeouts' }),
    ...(!asked.mayHedge && { noHedging: true }),
    onName(name, fallbacks) {
      state.servedModel = name;
      state.fallbacks = fallbacks;
    },
    discard(loser) {
      (loser as T).cancel?.();
      answers.get(loser)?.over?.({});
    },
    ...((asked.deploymentId !== undefined || own) && {
      only: ({ id, payload }) =>
        (asked.deploymentId === undefined || id === asked.deploymentId) && (!own || allowsClientSide(payload as Deployment, own)),
    }),
  };
  /** A stream that broke off goes on at a deployment that had nothing of it yet. */
  const resume: Resume = async (makeNext, broken) => {
    const first = state.deployment!;
    const legs = (state.legs ??= [first]);
    state.answerOver?.(endOf(state.facts, broken));
    delete state.answerOver;
    try {
      const exclude = legs.map(({ id }) => id);
      const answer = await live.router.run(model, attemptOf(makeNext), { ...options, exclude, reason: 'resume', noHedging: true });
      const { deployment, over } = answers.get(answer)!;
      legs.push(deployment);
      if (over) state.answerOver = over;
      return { answer, where: deployment.id };
    } finally {
      // It is the first that the answer's headers name.
      state.deployment = first;
    }
  };
  const mayResume = router.midStreamFallback && state.stream && !asked.shadow;
  try {
    const answer = await live.router.run(model, attemptOf(make, mayResume ? resume : undefined), options);
    const { deployment, over } = answers.get(answer)!;
    state.deployment = deployment;
    if (over) state.answerOver = over;
    state.facts = answer.facts;
    return answer;
  } catch (cause) {
    throw asOurs(cause);
  }
};

/**
 * The model name that a call asks for, after paths, experiments and ladders, and before what it is about is looked at.
 * Works out `asked.route` too. The same each time it is asked.
 */
export const nameOf = (state: CallState, model: string, asked: Asked): string => {
  const { live } = state;
  const { defaultPriority } = live.snapshot.router;
  asked.route ??= routeRequestOf({
    ...(asked.said ?? { body: {} }),
    headers: asked.clientHeaders,
    stream: state.stream,
    ...(defaultPriority !== undefined && { defaultPriority }),
  });
  const named = nameUnder(state.pathProvider, model, live);
  if (live.shaper && !asked.shadow) state.shaped ??= live.shaper.shape(named, asked.route, state.clock());
  return state.shaped?.model ?? named;
};

/** What the router learns of an answer that is over. */
export const endOf = (facts: CallFacts | undefined, failure?: unknown): AnswerEnd => {
  const { usage, firstOutputAt, sentAt } = lastLeg(facts) ?? {};
  return {
    ...(SluiceError.is(failure) && { error: failure }),
    ...(usage && { inputTokens: totalInputTokens(usage), outputTokens: totalOutputTokens(usage) }),
    ...(firstOutputAt !== undefined && sentAt !== undefined && { firstOutputMs: firstOutputAt - sentAt }),
  };
};

/** What the configuration says and a client cannot: what is missing or wrong in it is no fault of a request. */
const ofConfiguration: ReadonlySet<string> = new Set(['account_id', 'api_base', 'aws_region_name', 'vertex_location', 'vertex_project']);

/** What the gateway lacks (a key, a region) is its own failure: the client's request was right, and must not look wrong. */
export const asOurs = (cause: unknown): unknown => {
  if (!SluiceError.is(cause) || cause.upstream) return cause;
  if (cause.code === 'authentication') return cause.with({ status: 500 });
  if (cause.code !== 'invalid_request' || cause.param === undefined || !ofConfiguration.has(cause.param)) return cause;
  const { provider, model, message } = cause;
  return new SluiceError('internal', message, {
    retry: false,
    cause,
    ...(provider !== undefined && { provider }),
    ...(model !== undefined && { model }),
  });
};

const withMock = (target: Target, mock: Record<string, unknown> | undefined): Target =>
  mock ? { ...target, options: { ...target.options, ...mock } } : target;

const wordsOf = ({ message, detail }: SluiceError): string => (detail === undefined ? message : `${message} (${detail})`);

/** Calls of these are billed by nobody, or by what they made elsewhere. */
const unbilled: ReadonlySet<string> = new Set([
  'bedrock_count_tokens',
  'count_tokens',
  'gemini_count_tokens',
  'responses_count_tokens',
  'resource',
  'message_batches',
  'skills',
  'interactions',
  'video',
  'video_content',
  'pass_through',
  'token_counter',
  'transform_request',
]);

const free: CallCost = {
  cost: { known: true, nanoDollars: 0, lines: [], source: 'an answer that another call pays for' },
  charged: { original: 0, discount: 0, margin: 0, total: 0 },
  adjusted: false,
};

/** What a call cost, as far as it is known what it used. Undefined: nobody bills it, or it has not been answered. */
export const costOf = (state: CallState): CallCost | undefined => {
  const { facts, deployment, live, clock, route, cost, shared } = state;
  // Another call pays for it.
  if (shared?.sharedWith !== undefined) return free;
  if (cost) return cost;
  if (!facts || facts.status >= 400 || facts.status === 0) return undefined;
  if (facts.usage === undefined && unbilled.has(route)) return undefined;
  const found = facts.legs
    ? costOfLegs(live.prices, facts.legs, (shared?.context ?? state).legs ?? [], clock())
    : live.prices.costOf(deployment, facts, clock());
  // More may be told until the call is over.
  if (facts.usage !== undefined && facts.endedAt !== undefined) state.cost = found;
  return found;
};

/** The record of a call that is over. */
export const recordOf = (state: CallState, status: number, failure: unknown): CallRecord => {
  const { facts, deployment, startedAt, ignored, tries, servedModel, live } = state;
  const error = SluiceError.is(failure) ? failure : undefined;
  const sharedWith = state.shared?.sharedWith;
  return {
    callId: state.callId,
    sharedWith,
    route: state.route,
    // What a client made up must not become a label: only names that a deployment took.
    model: deployment && state.model !== undefined ? shownName(state.model) : undefined,
    deploymentId: deployment?.id,
    provider: facts?.provider ?? error?.provider,
    upstreamModel: facts?.model ?? error?.model,
    same: facts?.same,
    stream: state.stream,
    status: error?.code === 'client_closed_request' ? 499 : status,
    errorCode: error?.code,
    // A provider's message may quote the prompt; only ours is known not to.
    errorMessage: error && !error.upstream ? wordsOf(error) : undefined,
    upstreamStatus: facts?.status ?? (error?.upstream ? error.status : undefined),
    upstreamRequestId: error?.upstream?.requestId,
    attempts: state.attempts,
    tries,
    providerOf: live.providerOfId,
    fallbacks: state.fallbacks,
    servedModel: servedModel === undefined || servedModel === state.model ? undefined : shownName(servedModel),
    routedBy: state.routed?.by,
    experiment: state.shaped?.dealt && { name: state.shaped.dealt.experiment, arm: state.shaped.dealt.arm },
    step: state.shaped?.step,
    mirrorOf: state.mirrorOf,
    trace: state.trace,
    durationMs: state.clock() - startedAt,
    firstOutputMs: facts?.firstOutputAt === undefined ? undefined : facts.firstOutputAt - startedAt,
    overheadMs: state.overheadMs,
    // Of one call, each token is counted once.
    usage: sharedWith === undefined ? facts?.usage : undefined,
    cost: costOf(state),
    lostNanoUsd: costOfLost(state),
    dropped: facts && facts.dropped.length > 0 ? [...facts.dropped, ...ignored] : ignored,
    clientAddress: status === 401 ? state.clientAddress : undefined,
  };
};

/**
 * What the gateway added until now, when headers go out, in milliseconds: all the time but the upstream's. The upstream's
 * ends with a whole answer's last byte, or with a stream's first output.
 */
export const overheadOf = ({ facts, startedAt, waitedMs, routed, stream }: CallState, now: number): number | undefined => {
  if (!facts) return undefined;
  const upstreamEnd = stream ? (facts.firstOutputAt ?? now) : (facts.endedAt ?? now);
  return Math.max(0, facts.sentAt - startedAt - waitedMs - (routed?.waitedMs ?? 0)) + Math.max(0, now - upstreamEnd);
};
