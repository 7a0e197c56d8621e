import {
  SluiceError,
  totalInputTokens,
  totalOutputTokens,
  type AnswerEnd,
  type CallFacts,
  type Resume,
  type RunOptions,
  type Target,
  type Transport,
  type Try,
} from 'sluice/kit';
import { afterTries, allTriesMs } from '../config/deadlines.ts';
import type { Deployment } from '../config/snapshot.ts';
import type { Answered, Asked, CallState, Make } from './call-state.ts';
import { allowsClientSide, judgeClientSide, pinnedTo } from './client-side.ts';
import { forwardedHeaders } from './forward-headers.ts';
import { guarded } from './guarded-transport.ts';
import { mockFailure } from './mock-failures.ts';
import { govern } from './governance/govern.ts';
import { aliased, callerOf, routedName } from './model-rights.ts';
import { addSending, failed, noticed, type Sending } from './metering/sending.ts';
import { nameUnder } from './named-by-path.ts';
import { lastLeg } from './resuming.ts';
import { routeRequestOf, type Said } from './route-request.ts';

/** A first try that begins later than this waited for a place. */
const shortestWaitMs = 2;

/** Whatever kind of call: find a deployment, make it, try another one, fall back to another model. @throws SluiceError */
export const runCall = async <T extends Answered>(state: CallState, transport: Transport, asked: Asked, make: Make<T>): Promise<T> => {
  const { live } = state;
  if (state.model === undefined || state.model === '')
    throw new SluiceError('invalid_request', "'model' is missing: say which model is to answer.", { param: 'model' });
  const named = nameOf(state, state.model, asked);
  const governed = asked.shadow ? undefined : govern(state, state.model, asked);
  if (governed) await governed;
  const model = budgetNameOf(state) ?? state.routed?.model ?? named;
  if (state.budgetModel !== undefined) state.servedModel = model;
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
  // A request's own time runs while it waits for its first place as well; a deployment's is known when there is one.
  let endsAt = begun + allTriesMs({ timeoutMs: 0 }, state.stream, asked);
  /** Two may be under way at a time: where each answer is from, and how the router is told that it is over where it goes on. */
  const answers: { answer: unknown; deployment: Deployment; over: ((end: AnswerEnd) => void) | undefined; sending: Sending }[] = [];
  const whose = (answer: unknown) => answers.find((each) => each.answer === answer);
  const attemptOf =
    <A extends Answered>(make: Make<A>, resume?: Resume) =>
    async (one: Try<Deployment>): Promise<A> => {
      const deployment = one.deployment.payload;
      let deadlines = live.deadlinesOf(deployment, state.stream, asked);
      endsAt = begun + allTriesMs(deadlines, state.stream, asked);
      const ownTrace = live.snapshot.forwardTraceparent ? state.trace?.headersOf(state.attempts) : undefined;
      const elapsedMs = state.clock() - begun;
      const isFirst = state.attempts++ === 0;
      if (!isFirst) state.waitedMs = elapsedMs;
      if (!isFirst || elapsedMs >= shortestWaitMs) deadlines = afterTries(deadlines, elapsedMs, state.stream, asked);
      state.deployment = deployment;
      state.maxRetries = asked.maxRetries ?? deployment.maxRetries ?? live.snapshot.router.maxRetries;
      if (asked.mockFailures) mockFailure(asked.mockFailures, one, model);
      const sending = addSending(state, deployment, one.model);
      const over = elsewhere ? pinnedTo(transport, elsewhere) : deployment.isolated ? guarded(transport, live.guardUrl) : transport;
      let answer: A;
      try {
        answer = await make(
          withMock(live.targetOf(deployment, one.model, own), asked.mock),
          {
            transport: noticed(over, sending),
            fetchUrl,
            guardUrl: live.guardAnswerUrl,
            deadlines,
            signal: one.signal ?? signal,
            now: state.clock,
            dropParams: asked.dropParams,
            forwardHeaders: ownTrace ? { ...forwardHeaders, ...ownTrace } : forwardHeaders,
            resume,
            asksUsage: live.snapshot.streaming.asksUsage ?? state.books !== undefined,
            onAnswer: (facts) => void (sending.facts = facts),
          },
          one.overrides,
        );
      } catch (cause) {
        return failed(sending, cause);
      }
      sending.answered = true;
      if (answer.facts) sending.facts = answer.facts;
      answers.push({ answer, deployment, over: answer.cancel && one.goesOn(), sending });
      if (!answer.cancel) one.tell(endOf(answer.facts));
      return answer;
    };
  if (asked.route?.needs) state.inputTokens = () => asked.route!.needs!().inputTokens;
  const ownTimeouts = asked.timeoutMs !== undefined || asked.streamTimeoutMs !== undefined;
  const options: RunOptions = {
    signal,
    deadline: () => endsAt,
    attempts: state.tries,
    request: asked.route,
    numRetries: asked.maxRetries,
    fallbacks: asked.fallbacks,
    refused: state.refused,
    ownFailures: own || asked.shadow || asked.mock || asked.mockFailures ? 'all' : ownTimeouts ? 'timeouts' : undefined,
    noHedging: !asked.mayHedge,
    onName(name, fallbacks) {
      state.servedModel = name;
      state.fallbacks = fallbacks;
    },
    discard(loser) {
      (loser as T).cancel?.();
      whose(loser)?.over?.({});
    },
    only:
      asked.deploymentId === undefined && !own
        ? undefined
        : ({ id, payload }) =>
            (asked.deploymentId === undefined || id === asked.deploymentId) && (!own || allowsClientSide(payload as Deployment, own)),
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
      const { deployment, over, sending } = whose(answer)!;
      sending.taken = true;
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
    const { deployment, over, sending } = whose(answer)!;
    sending.taken = true;
    state.deployment = deployment;
    if (over) state.answerOver = over;
    state.facts = answer.facts;
    return answer;
  } catch (cause) {
    throw asOurs(cause);
  }
};

/** The name that answers as the budget of the one that was asked for is spent. */
const budgetNameOf = ({ budgetModel, principal, live }: CallState): string | undefined =>
  budgetModel === undefined ? undefined : routedName(principal, budgetModel, live);

/** Of a request that has no body. */
const nothing: Said = { body: {} };

/**
 * The model name that a call asks for, after paths, experiments and ladders, and before what it is about is looked at.
 * Works out `asked.route` too. The same each time it is asked.
 */
export const nameOf = (state: CallState, model: string, asked: Asked): string => {
  const { live } = state;
  const { defaultPriority } = live.snapshot.router;
  if (!asked.route) {
    const { body, length, theirs, homeDeploymentId, encryptedByDeploymentId } = asked.said ?? nothing;
    const { clientHeaders: headers } = asked;
    const { stream } = state;
    // Written out, since each call does it, and spreading objects is slow.
    const caller = callerOf(state.principal);
    asked.route = routeRequestOf({
      body,
      length,
      theirs,
      homeDeploymentId,
      encryptedByDeploymentId,
      headers,
      stream,
      caller,
      defaultPriority,
    });
  }
  const named = nameUnder(state.pathProvider, routedName(state.principal, aliased(state.principal, model), live), live);
  if (live.shaper && !asked.shadow) state.shaped ??= live.shaper.shape(named, asked.route, state.clock());
  return state.shaped?.model ?? named;
};

/** What the router learns of an answer that is over. */
export const endOf = (facts: CallFacts | undefined, failure?: unknown): AnswerEnd => {
  const { usage, firstOutputAt, sentAt } = lastLeg(facts) ?? {};
  return {
    error: SluiceError.is(failure) ? failure : undefined,
    inputTokens: usage && totalInputTokens(usage),
    outputTokens: usage && totalOutputTokens(usage),
    firstOutputMs: firstOutputAt !== undefined && sentAt !== undefined ? firstOutputAt - sentAt : undefined,
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
