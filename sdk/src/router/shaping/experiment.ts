import { hash32, join32, unit32 } from '../../lib/hash32.ts';
import type { RouteRequest } from '../route-request.ts';

/** What gets the same arm each time. */
export type StickyBy = 'session' | 'user' | 'caller' | 'none';

/** A share of the calls of one model name goes elsewhere: a grey release, an A/B test. */
export interface Experiment {
  readonly name: string;
  /** The model name whose calls are split. */
  readonly model: string;
  readonly stickyBy: StickyBy;
  readonly arms: readonly ExperimentArm[];
}

export interface ExperimentArm {
  /** Unique within the experiment: calls are dealt by it, so that changing its model moves nobody. */
  readonly name: string;
  /** The model name (or deployment id) that the calls go to. */
  readonly model: string;
  /** Above 0. What all arms leave of 100 stays with the model itself, as the arm `control`. */
  readonly percent: number;
}

/** Where one call goes. */
export interface Dealt {
  readonly experiment: string;
  readonly arm: string;
  readonly model: string;
}

const controlArm = 'control';

/**
 * Deals calls to arms. The same subject gets the same arm on every instance, since nothing is remembered: each arm draws
 * a number from the subject and its own name, and the largest by weight has it (rendezvous hashing). When percentages
 * change, subjects move from arms that shrink to arms that grow; with two arms exactly as few as must. With more, no way
 * without a memory moves fewer for one change without moving more for another (Moulton and Jiang, "Maximally consistent
 * sampling and the Jaccard index of probability distributions", ICDM Workshops 2018, arXiv:1809.04052, read 2026-11-22).
 */
export const createExperiment = ({ name, model, stickyBy, arms }: Experiment): ((request: RouteRequest, random: () => number) => Dealt) => {
  const left = 100 - arms.reduce((sum, { percent }) => sum + percent, 0);
  // Sums of decimals: a rest that is none.
  const all = left > 1e-9 ? [...arms, { name: controlArm, model, percent: left }] : arms;
  const salt = hash32(name);
  const dealt = all.map((arm) => ({
    hash: hash32(arm.name),
    percent: arm.percent,
    to: Object.freeze({ experiment: name, arm: arm.name, model: arm.model }),
  }));
  return (request, random) => {
    const subject = subjectOf[stickyBy](request);
    // Without a subject every call is dealt for itself.
    const key = subject === undefined ? Math.floor(random() * 4_294_967_296) : join32(salt, hash32(subject));
    let best = dealt[0]!;
    let bestScore = -1;
    for (const each of dealt) {
      const score = each.percent / -Math.log(unit32(join32(key, each.hash)));
      if (score > bestScore) [best, bestScore] = [each, score];
    }
    return best.to;
  };
};

const subjectOf: Readonly<Record<StickyBy, (request: RouteRequest) => string | undefined>> = {
  session: ({ sessionId }) => sessionId,
  user: ({ user }) => user,
  caller: ({ caller }) => caller,
  none: () => undefined,
};
