import { SluiceError } from '../../types/index.ts';
import type { Candidate } from '../candidate.ts';
import type { ModelFacts } from '../deployment.ts';
import type { Filter } from '../filter.ts';
import type { Needs } from '../route-request.ts';
import type { Strictness } from './capabilities.ts';
import { factsLifeMs, keepThose, Noted, Recent } from './kept.ts';
import { shown } from './words.ts';

/**
 * An estimate may be that many times too high (indented code has few tokens for its length), and what would have fitted
 * must not be refused for it: near the limit the provider is the judge.
 */
const doubt = 1.25;

/** Whether a prompt fits, for all that is known. `times`: how much of the estimate counts. */
const fits = ({ maxInputTokens, contextWindow }: ModelFacts, { inputTokens, maxOutputTokens = 0 }: Needs, times = 1): boolean =>
  inputTokens * times <= (maxInputTokens ?? Infinity) && inputTokens * times + maxOutputTokens <= (contextWindow ?? Infinity);

/** The least that any of them takes: of input, and of input and output. */
interface Least {
  readonly input: number;
  readonly window: number;
}

/**
 * Leaves out deployments whose models are known to take less than a prompt, or than prompt and requested output together.
 * Short calls cost nothing: their length is estimated only where it could matter.
 */
export const contextWindowFilter = <P>({ strict = false }: Strictness = {}): Filter<P> => {
  const least = new Noted<P, Least>(leastOf, factsLifeMs);
  const recent = new Recent<P>();
  return {
    name: 'context-window',
    keep(candidates, request, now) {
      // Whoever is alone is asked in any case.
      if (!request.needs || (candidates.length === 1 && !strict)) return candidates;
      const { input, window } = least.of(candidates, now);
      if (input === Infinity && window === Infinity) return candidates;
      const needs = request.needs();
      const { inputTokensAtMost: atMost = Infinity, maxOutputTokens = 0 } = needs;
      if (atMost <= input && atMost + maxOutputTokens <= window) return candidates;
      const { inputTokens } = needs;
      if (inputTokens <= input && inputTokens + maxOutputTokens <= window) return candidates;
      const left = keepThose(candidates, ({ facts }) => fits(facts, needs));
      if (left.length > 0) return recent.of(candidates, left);
      return strict
        ? recent.of(
            candidates,
            keepThose(candidates, ({ facts }) => fits(facts, needs, 1 / doubt)),
          )
        : candidates;
    },
    refusal(name, { needs }) {
      const { inputTokens = 0, maxOutputTokens } = needs?.() ?? {};
      const output = maxOutputTokens === undefined ? '' : ` and ${maxOutputTokens} tokens of output`;
      return new SluiceError(
        'context_window_exceeded',
        `The prompt, estimated at ${inputTokens} tokens${output}, is too long for every deployment of the model ${shown(name)}.`,
      );
    },
  };
};

const leastOf = (candidates: readonly Candidate<unknown>[]): Least => {
  let input = Infinity;
  let window = Infinity;
  for (const { facts } of candidates) {
    input = Math.min(input, facts.maxInputTokens ?? Infinity);
    window = Math.min(window, facts.contextWindow ?? Infinity);
  }
  return { input, window };
};
