import type { PriorityReservation, PrioritySettings } from '../../config/priority-settings.ts';
import type { ModelCapacity } from './model-capacity.ts';

/**
 * The share of a model that each priority has, from 0 to 1. Those of more than 1 together are scaled down to 1; the share of
 * callers without a priority is not one of them (LiteLLM's `_normalize_priority_weights`,
 * litellm/proxy/hooks/dynamic_rate_limiter_v3.py, read 2026-11-22). A priority of which so many requests or
 * tokens are reserved has no share of a model that does not say how many it takes, and is not bounded there.
 */
export const sharesOf = (reservations: PrioritySettings['reservations'], capacity: ModelCapacity): ReadonlyMap<string, number> => {
  const shares = new Map<string, number>();
  for (const [name, reservation] of Object.entries(reservations)) {
    const share = shareOf(reservation, capacity);
    if (share !== undefined) shares.set(name, share);
  }
  const total = [...shares.values()].reduce((sum, share) => sum + share, 0);
  if (total > 1) for (const [name, share] of shares) shares.set(name, share / total);
  return shares;
};

const shareOf = ({ of, value }: PriorityReservation, { rpm, tpm }: ModelCapacity): number | undefined => {
  if (of === 'share') return value;
  const whole = of === 'rpm' ? rpm : tpm;
  if (whole === undefined) return undefined;
  return whole === 0 ? 0 : value / whole;
};

/** A share in whole numbers. 0.29 of 100 is 29, whatever binary fractions make of it. */
export const partOf = (whole: number, share: number): number => Math.floor(whole * Math.min(1, share) + 1e-6);
