import { SluiceError } from '../../types/index.ts';
import type { ModelFacts } from '../deployment.ts';
import type { Filter } from '../filter.ts';
import type { RouteRequest } from '../route-request.ts';
import { factsLifeMs, keepThose, Leftovers } from './kept.ts';
import { shown } from './words.ts';

type Limits = Pick<RouteRequest, 'maxInputUsdPerMillion' | 'maxOutputUsdPerMillion'>;

/**
 * Leaves out what is dearer than a call may be. A price that is not known is not a low one: who sets a limit does not
 * want to find out afterwards.
 */
export const maxPriceFilter = <P>(): Filter<P> => {
  const leftovers = new Leftovers<P>(factsLifeMs);
  return {
    name: 'max-price',
    keep(candidates, request, now) {
      const { maxInputUsdPerMillion: input, maxOutputUsdPerMillion: output } = request;
      if (input === undefined && output === undefined) return candidates;
      return leftovers.of(candidates, `${input} ${output}`, now, () => keepThose(candidates, ({ facts }) => isWithin(facts, request)));
    },
    refusal(name, { maxInputUsdPerMillion: input, maxOutputUsdPerMillion: output }) {
      const limits = [input !== undefined && `${input} of input`, output !== undefined && `${output} of output`];
      const words = limits.filter((each) => each !== false).join(' and ');
      return new SluiceError(
        'invalid_request',
        `No deployment of the model ${shown(name)} is known to cost, in USD for a million tokens, at most ${words}.`,
      );
    },
  };
};

const isWithin = ({ inputUsdPerToken, outputUsdPerToken }: ModelFacts, limits: Limits): boolean =>
  isAtMost(inputUsdPerToken, limits.maxInputUsdPerMillion) && isAtMost(outputUsdPerToken, limits.maxOutputUsdPerMillion);

/** Prices are fractions that a factor of a million makes a little more or less of. */
const isAtMost = (usdPerToken: number | undefined, usdPerMillion: number | undefined): boolean =>
  usdPerMillion === undefined || (usdPerToken !== undefined && usdPerToken * 1e6 <= usdPerMillion + 1e-9);
