import { SluiceError } from '../../types/index.ts';
import type { Candidate } from '../candidate.ts';
import type { Filter } from '../filter.ts';
import { factsLifeMs, keepThose, Leftovers, Noted } from './kept.ts';
import { shown } from './words.ts';

/** How filters take it that nobody is left. */
export interface Strictness {
  /** The call is refused; else it goes to whoever there is, and the provider judges. */
  readonly strict?: boolean;
}

/**
 * Leaves out deployments whose models are known to lack what a call needs: pictures, tools, a JSON schema. What a call
 * needs is asked for only where some model is known to lack something.
 */
export const capabilitiesFilter = <P>({ strict = false }: Strictness = {}): Filter<P> => {
  const lacking = new Noted<P, ReadonlySet<string>>(allLacks, factsLifeMs);
  const leftovers = new Leftovers<P>(factsLifeMs);
  return {
    name: 'capabilities',
    keep(candidates, { needs }, now) {
      // Whoever is alone is asked in any case.
      if (!needs || (candidates.length === 1 && !strict)) return candidates;
      const lacks = lacking.of(candidates, now);
      if (lacks.size === 0) return candidates;
      const wanted = needs().abilities.filter((each) => lacks.has(each));
      if (wanted.length === 0) return candidates;
      const left = leftovers.of(candidates, wanted.toSorted().join(' '), now, () =>
        keepThose(candidates, ({ facts }) => !wanted.some((each) => facts.lacks?.has(each))),
      );
      return left.length === 0 && !strict ? candidates : left;
    },
    refusal(name, { needs }) {
      const abilities = needs?.().abilities.join(', ') ?? '';
      return new SluiceError('invalid_request', `No deployment of the model ${shown(name)} can do what the request needs: ${abilities}.`);
    },
  };
};

const allLacks = (candidates: readonly Candidate<unknown>[]): ReadonlySet<string> =>
  new Set(candidates.flatMap(({ facts }) => (facts.lacks ? [...facts.lacks] : [])));
