import type { Limit } from '../../limits/index.ts';

/** Worked out once for an array of limits; undefined: none of them depends on anything. */
const known = new WeakMap<readonly Limit[], readonly Limit[] | undefined>();

/**
 * Limits of type `dynamic` (`rpm_limit_type`, `tpm_limit_type`) hold only while their model fails. They are counted all the
 * time, so that they hold from the first moment on.
 * @param isFailing asked only where one of them is such a limit
 */
export const limitsInForce = (limits: readonly Limit[], isFailing: () => boolean): readonly Limit[] => {
  let relaxed = known.get(limits);
  if (relaxed === undefined && !known.has(limits)) {
    relaxed = limits.some(({ dynamic }) => dynamic)
      ? limits.map((limit) => (limit.dynamic ? { ...limit, soft: true, shadow: false } : limit))
      : undefined;
    known.set(limits, relaxed);
  }
  return relaxed === undefined || isFailing() ? limits : relaxed;
};
