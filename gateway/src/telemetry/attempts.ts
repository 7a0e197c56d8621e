import type { Attempt } from 'sluice/kit';
import type { Trace } from './trace-context.ts';

/** One try in the line of its call: `id` is the call's with the try's number, so that each is found by either (FP-48). */
export interface AttemptLine {
  readonly id: string;
  readonly reason: Attempt['reason'];
  /** The model name whose deployments were asked. */
  readonly group: string;
  /** The upstream's name. */
  readonly model: string;
  readonly deploymentId: string;
  /** Absent: it succeeded. */
  readonly code?: string;
  readonly status: number;
  readonly ms: number;
  readonly waitedMs: number;
  /** Within the caller's trace. */
  readonly spanId?: string;
}

/** A call that goes on for ever (a ladder of fallbacks, each with retries) must not make a line that nobody can store. */
const maxLines = 50;

/**
 * The tries of a call as its line tells them; undefined where there is nothing to tell beyond the line itself: one try
 * that succeeded.
 */
export const attemptLines = (callId: string, tries: readonly Attempt[], trace?: Trace): AttemptLine[] | undefined => {
  if (tries.length === 0 || (tries.length === 1 && tries[0]!.code === undefined)) return undefined;
  return inOrder(tries)
    .slice(0, maxLines)
    .map((one, at) => ({
      id: `${callId}.${at + 1}`,
      reason: one.reason,
      group: one.name,
      model: one.model,
      deploymentId: one.deploymentId,
      ...(one.code !== undefined && { code: one.code }),
      status: one.status ?? 200,
      ms: round(one.ms),
      waitedMs: round(one.waitedMs),
      ...(trace && { spanId: trace.spanOf(at) }),
    }));
};

/** Tries are noted as they end, and the loser of two at a time may end last: here they are as they began. */
const inOrder = (tries: readonly Attempt[]): readonly Attempt[] =>
  tries.length < 2 ? tries : tries.toSorted((a, b) => a.startedAt - b.startedAt);

/** Tries again among the deployments of a name: what LiteLLM calls attempted retries. */
export const retriesOf = (tries: readonly Attempt[]): number => {
  let count = 0;
  for (const { reason } of tries) if (reason === 'retry') count++;
  return count;
};

/** The most tries that the header tells of: the first ones and the last. */
const maxShown = 8;
const maxIdLength = 64;

/**
 * The tries of a call as one header's value: each deployment with the status that it answered with, and in brackets what
 * was done about it: `dep-a=429(retry),dep-b=200`. Bounded in length; undefined where there was one try at most.
 */
export const attemptsHeader = (tries: readonly Attempt[]): string | undefined => {
  if (tries.length < 2) return undefined;
  const ordered = inOrder(tries);
  const one = (at: number): string => {
    const { deploymentId, status } = ordered[at]!;
    const next = ordered[at + 1];
    return `${safeId(deploymentId)}=${status ?? 200}${next ? `(${next.reason})` : ''}`;
  };
  if (tries.length <= maxShown) return tries.map((_, at) => one(at)).join(',');
  const half = maxShown / 2;
  const left = Array.from({ length: half }, (_, at) => one(at));
  const right = Array.from({ length: half }, (_, at) => one(tries.length - half + at));
  return [...left, `+${tries.length - maxShown}`, ...right].join(',');
};

/** Ids are the operator's own and may be anything; here they must not look like the header's own marks. */
const safeId = (id: string): string => id.slice(0, maxIdLength).replaceAll(/[^\w.:/@-]/g, '_');

const round = (ms: number): number => Math.round(ms * 1000) / 1000;
