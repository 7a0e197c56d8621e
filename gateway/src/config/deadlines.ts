import type { Deadlines } from 'sluice/kit';
import type { ConfigSnapshot, Deployment } from './snapshot.ts';

/**
 * The deadlines of one call. LiteLLM's `timeout` is how long its HTTP client waits for bytes: of a whole answer the
 * first byte comes at the end, so there it bounds the call; of a stream it bounds silence, and a long stream lives on.
 * Sluice's own deadlines (`sluice_params`) are exact and win.
 * @param asked what the request itself asks for (`timeout`, `x-litellm-timeout`, ...); wins over everything
 */
export const deadlinesFor = (
  snapshot: Pick<ConfigSnapshot, 'deadlines' | 'router'>,
  deployment: Pick<Deployment, 'deadlines' | 'timeoutMs' | 'streamTimeoutMs'>,
  stream: boolean,
  asked: { timeoutMs?: number; streamTimeoutMs?: number } = {},
): Deadlines => {
  const { router } = snapshot;
  const configured = stream
    ? (deployment.streamTimeoutMs ?? router.streamTimeoutMs ?? deployment.timeoutMs ?? router.timeoutMs)
    : (deployment.timeoutMs ?? router.timeoutMs);
  const requested = stream ? (asked.streamTimeoutMs ?? asked.timeoutMs) : asked.timeoutMs;
  return {
    ...snapshot.deadlines,
    ...spread(configured, stream),
    ...deployment.deadlines,
    ...spread(requested, stream),
  };
};

const spread = (ms: number | undefined, stream: boolean): Partial<Deadlines> => {
  if (ms === undefined) return {};
  return stream ? { firstTokenTimeoutMs: ms, idleTimeoutMs: ms } : { firstTokenTimeoutMs: ms, timeoutMs: ms };
};
