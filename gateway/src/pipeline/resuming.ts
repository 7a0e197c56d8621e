import type { CallFacts } from 'sluice/kit';
import type { Deployment } from '../config/snapshot.ts';
import type { CallCost, Prices } from './prices.ts';

/** The facts of the call that is under way, or was last: of a stream in parts, the last part's. */
export const lastLeg = (facts: CallFacts | undefined): CallFacts | undefined => facts?.legs?.at(-1) ?? facts;

/**
 * What the parts of a stream cost together that broke off and went on elsewhere, each at its own price.
 * @param deployments where each is from
 */
export const costOfLegs = (prices: Prices, legs: readonly CallFacts[], deployments: readonly Deployment[], at: number): CallCost =>
  legs.map((leg, index) => prices.costOf(deployments[index], leg, at)).reduce(sum);

const sum = (first: CallCost, second: CallCost): CallCost => {
  const adjusted = first.adjusted || second.adjusted;
  // Where one of them has no price, nobody knows what they cost together.
  if (!first.cost.known) return { cost: first.cost, adjusted };
  if (!second.cost.known) return { cost: second.cost, adjusted };
  const sources = new Set([first.cost.source, second.cost.source]);
  const [one, other] = [first.charged, second.charged];
  return {
    adjusted,
    cost: {
      known: true,
      nanoDollars: first.cost.nanoDollars + second.cost.nanoDollars,
      lines: [...first.cost.lines, ...second.cost.lines],
      source: [...sources].join('; '),
    },
    ...(one &&
      other && {
        charged: {
          original: one.original + other.original,
          discount: one.discount + other.discount,
          margin: one.margin + other.margin,
          total: one.total + other.total,
        },
      }),
  };
};
