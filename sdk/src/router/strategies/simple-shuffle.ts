import type { Deployment } from '../deployment.ts';
import type { Strategy } from '../strategy.ts';

const shares = ['weight', 'rpm', 'tpm'] as const;

/**
 * A random pick, weighted by the first of `weight`, `rpm`, `tpm` that any candidate has; one that lacks it, or has 0,
 * is picked only where nobody has a share. With none of them all are equal (LiteLLM's `simple-shuffle`).
 */
export const simpleShuffle = <P>(): Strategy<P> => ({
  name: 'simple-shuffle',
  pick(candidates, { random }) {
    const share = shareOf(candidates.map(({ deployment }) => deployment));
    const total = candidates.reduce((sum, { deployment }) => sum + share(deployment), 0);
    if (total <= 0) return candidates[Math.floor(random() * candidates.length)]!;
    let left = random() * total;
    for (const candidate of candidates) {
      left -= share(candidate.deployment);
      if (left < 0) return candidate;
    }
    // Rounding may leave a trace: the last one that has a share.
    return candidates.findLast(({ deployment }) => share(deployment) > 0)!;
  },
});

const shareOf = (deployments: readonly Deployment<unknown>[]): ((deployment: Deployment<unknown>) => number) => {
  const name = shares.find((each) => deployments.some((deployment) => deployment[each] !== undefined));
  return (deployment) => (name === undefined ? 1 : Math.max(0, deployment[name] ?? 0));
};
