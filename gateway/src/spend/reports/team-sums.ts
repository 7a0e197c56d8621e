import { SluiceError } from 'sluice/kit';
import { minus, noCounts, plus, type Counts } from './counts.ts';
import type { Reader } from './event-source.ts';
import { gatewayLens } from './lens.ts';
import { sumsBy, type Dimension, type Sum, type SumsAsked } from './sums.ts';

type Asked<D extends Dimension> = Pick<SumsAsked<D>, 'span' | 'filter' | 'by'>;

/**
 * What the gateway has more than all teams together: calls that were nobody's team's. A report by team without them would
 * come to less than was spent.
 * @param ofTeams the sums of all teams, told apart by the same, and maybe by more
 */
export const teamlessSums = async <D extends Dimension>(
  reader: Reader,
  asked: Asked<D>,
  ofTeams: readonly Sum<D>[],
): Promise<readonly Sum<D>[]> => {
  const idOf = (sum: Sum<D>): string => JSON.stringify(asked.by.map((dimension) => sum[dimension]));
  const known = new Map<string, Counts>();
  for (const sum of ofTeams) known.set(idOf(sum), plus(known.get(idOf(sum)) ?? noCounts, sum));
  return (await sumsBy(reader, { ...asked, lens: gatewayLens })).flatMap((sum) => {
    const left = minus(sum, known.get(idOf(sum)) ?? noCounts);
    return left.requests > 0 ? [{ ...sum, ...left }] : [];
  });
};

/**
 * The same by key and model; where so many keys are nobody's team's that they are no report, by model alone, with the key ''.
 * @param ofTeams the sums of all teams by day, key and model
 */
export const teamlessKeys = async (
  reader: Reader,
  asked: Omit<Asked<Dimension>, 'by'>,
  ofTeams: readonly Sum<'day' | 'key_id' | 'model'>[],
): Promise<readonly Sum<'day' | 'key_id' | 'model'>[]> => {
  try {
    return await teamlessSums(reader, { ...asked, by: ['day', 'key_id', 'model'] }, ofTeams);
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code !== 'invalid_request') throw error;
    const sums = await teamlessSums(reader, { ...asked, by: ['day', 'model'] }, ofTeams);
    return sums.map((sum) => ({ ...sum, key_id: '' }));
  }
};
