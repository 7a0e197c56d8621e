import type { Deadlines } from 'sluice/kit';
import type { ConfigSnapshot, Deployment } from './snapshot.ts';

/** What a request itself asks for, in milliseconds: LiteLLM's `timeout` and `stream_timeout` in the body or a header. */
interface AskedTimeouts {
  timeoutMs?: number;
  streamTimeoutMs?: number;
}

/**
 * The deadlines of one call. LiteLLM's `timeout` of a model is how long one try may take: its HTTP client waits so long
 * for bytes, of which a whole answer has its first at the end, so there it bounds the try; of a stream it bounds
 * silence, and a long stream lives on. Sluice's own deadlines (`sluice_params`) are exact and win; their `timeoutMs` is
 * for all tries together, and so is what the request asks for.
 * @param asked wins over everything
 */
export const deadlinesFor = (
  snapshot: Pick<ConfigSnapshot, 'deadlines' | 'router'>,
  deployment: Pick<Deployment, 'deadlines' | 'timeoutMs' | 'streamTimeoutMs'>,
  stream: boolean,
  asked: AskedTimeouts = {},
): Deadlines => {
  const { router } = snapshot;
  const configured = stream
    ? (deployment.streamTimeoutMs ?? router.streamTimeoutMs ?? deployment.timeoutMs ?? router.timeoutMs)
    : (deployment.timeoutMs ?? router.timeoutMs);
  const requested = requestedMs(stream, asked);
  return {
    ...snapshot.deadlines,
    ...ofTry(configured, stream),
    ...deployment.deadlines,
    ...(requested !== undefined && (stream ? ofTry(requested, stream) : { firstTokenTimeoutMs: requested, timeoutMs: requested })),
  };
};

/** `deadlinesFor` the calls of one configuration. What no request asks otherwise is worked out once. */
export const createDeadlines = (
  snapshot: ConfigSnapshot,
): ((deployment: Deployment, stream: boolean, asked: AskedTimeouts) => Deadlines) => {
  const known = { whole: new Map<Deployment, Deadlines>(), stream: new Map<Deployment, Deadlines>() };
  for (const deployment of snapshot.deployments) {
    known.whole.set(deployment, deadlinesFor(snapshot, deployment, false));
    known.stream.set(deployment, deadlinesFor(snapshot, deployment, true));
  }
  return (deployment, stream, asked) => {
    const usual = requestedMs(stream, asked) === undefined ? known[stream ? 'stream' : 'whole'].get(deployment) : undefined;
    return usual ?? deadlinesFor(snapshot, deployment, stream, asked);
  };
};

const ofTry = (ms: number | undefined, stream: boolean): Partial<Deadlines> =>
  ms === undefined ? {} : { firstTokenTimeoutMs: ms, ...(stream && { idleTimeoutMs: ms }) };

const requestedMs = (stream: boolean, { timeoutMs, streamTimeoutMs }: AskedTimeouts): number | undefined =>
  stream ? (streamTimeoutMs ?? timeoutMs) : timeoutMs;

/** How long all tries together may take until there is an answer, or the beginning of one, in milliseconds. */
export const allTriesMs = ({ timeoutMs }: Pick<Deadlines, 'timeoutMs'>, stream: boolean, asked: AskedTimeouts): number =>
  Math.min(timeoutMs > 0 ? timeoutMs : Infinity, requestedMs(stream, asked) ?? Infinity);

/** What is left of the deadlines that earlier tries have used up. */
export const afterTries = (deadlines: Deadlines, elapsedMs: number, stream: boolean, asked: AskedTimeouts): Deadlines => {
  const left = (ms: number) => (ms > 0 ? Math.max(1, ms - elapsedMs) : 0);
  return {
    ...deadlines,
    timeoutMs: left(deadlines.timeoutMs),
    ...(requestedMs(stream, asked) !== undefined && { firstTokenTimeoutMs: left(deadlines.firstTokenTimeoutMs) }),
  };
};
