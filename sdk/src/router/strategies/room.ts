import type { Candidate } from '../candidate.ts';
import type { MinuteCount } from '../state.ts';
import type { PickContext } from '../strategy.ts';

/** Calls that are open, here and, as far as that is known, in other processes. */
export const openCalls = ({ state }: Candidate<unknown>): number => state.pending + state.pendingElsewhere;

/** What a deployment takes in a minute. */
export type Rates = Partial<Record<'rpm' | 'tpm' | 'itpm' | 'otpm', number | undefined>>;

/** Whether one more call of so many input tokens is within limits of the running minute. */
export const isWithin = ({ rpm, tpm, itpm, otpm }: Rates, minutes: MinuteCount, now: number, tokens: number): boolean => {
  if (rpm === undefined && tpm === undefined && itpm === undefined && otpm === undefined) return true;
  const minute = minutes.at(now);
  return (
    (rpm === undefined || minute.requests + 1 <= rpm) &&
    (tpm === undefined || minute.tokens + tokens <= tpm) &&
    (itpm === undefined || minute.tokens - minute.outputTokens + tokens <= itpm) &&
    (otpm === undefined || minute.outputTokens < otpm)
  );
};

export const hasRoom = ({ deployment, state }: Candidate<unknown>, now: number, tokens: number): boolean =>
  isWithin(deployment, state.minute, now, tokens);

/** An estimate; worked out of the request only where a candidate has a limit that it would count for. */
export const inputTokensOf = ({ request }: PickContext, matters: boolean): number => (matters ? (request.needs?.().inputTokens ?? 0) : 0);

export const limitsTokens = (candidates: readonly Candidate<unknown>[]): boolean =>
  candidates.some(({ deployment }) => deployment.tpm !== undefined || deployment.itpm !== undefined);
