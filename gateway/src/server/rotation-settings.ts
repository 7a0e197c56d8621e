import { durationMs } from '../config/durations.ts';

export interface RotationSettings {
  readonly isOn: boolean;
  /** Between two looks for keys that are due. */
  readonly intervalMs: number | undefined;
  /** How long an old key is good beside its successor. */
  readonly graceMs: number | undefined;
}

/** The longest that timers count. */
const maxSeconds = 2_147_483;

/**
 * The variables by which LiteLLM's rotation is set (docs.litellm.ai/docs/proxy/virtual_keys, 2026-11-22). Here keys that ask
 * for it are rotated unless it is turned off, and looked for each hour rather than each day.
 * @param tell gets a sentence for each that cannot be read, which then counts as not set
 */
export const rotationSettings = (env: (name: string) => string | undefined, tell: (sentence: string) => void): RotationSettings => {
  const enabled = env('LITELLM_KEY_ROTATION_ENABLED');
  const interval = env('LITELLM_KEY_ROTATION_CHECK_INTERVAL_SECONDS');
  const grace = env('LITELLM_KEY_ROTATION_GRACE_PERIOD');
  const isOff = /^(?:false|0|no|off)$/i.test(enabled ?? '');
  if (enabled !== undefined && !isOff && !/^(?:true|1|yes|on)$/i.test(enabled))
    tell('LITELLM_KEY_ROTATION_ENABLED is neither true nor false: keys are rotated.');
  const seconds = Number(interval);
  const isInterval = Number.isFinite(seconds) && seconds > 0 && seconds <= maxSeconds;
  if (interval !== undefined && !isInterval)
    tell(`LITELLM_KEY_ROTATION_CHECK_INTERVAL_SECONDS is no number of seconds from 1 to ${maxSeconds}: it is an hour.`);
  const graceMs = grace === undefined ? undefined : durationMs(grace);
  if (grace !== undefined && graceMs === undefined)
    tell('LITELLM_KEY_ROTATION_GRACE_PERIOD is no duration such as 30m, 24h or 2d: it is a day.');
  return { isOn: !isOff, intervalMs: interval !== undefined && isInterval ? Math.ceil(seconds * 1000) : undefined, graceMs };
};
