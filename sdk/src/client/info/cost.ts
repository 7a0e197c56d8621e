import { costOf, type Cost } from '../../catalog/cost.ts';
import { isObject } from '../../lib/is-object.ts';
import { SluiceError, type Usage } from '../../types/index.ts';
import { callTypes, kindNamed, kindOf, type CallType } from './answer-kind.ts';
import { priceOf } from './known-models.ts';
import { usageOfAnswer } from './usage-of.ts';

/** What a call cost, and of what. */
export interface CallCost {
  /** US dollars, to the billionth; undefined: not known. */
  usd: number | undefined;
  /** Why it is not known. */
  why?: string;
  /** What it is made of, in US dollars. */
  lines: readonly { what: string; count: number; unitUsd: number; usd: number }[];
  /** Where the price comes from, and when it was read. */
  source?: string;
}

export interface CostOptions {
  /** The provider, where the model's name does not say it. */
  customProvider?: string;
  /** `flex`, `priority`, ...: what the answer says goes before it. */
  serviceTier?: string;
  batch?: boolean;
  region?: string;
  searchContextSize?: 'low' | 'medium' | 'high';
  /** When the call was made. Default: now. */
  at?: Date;
}

const told = (cost: Cost): CallCost =>
  cost.known
    ? {
        usd: cost.nanoDollars / 1e9,
        source: cost.source,
        lines: cost.lines.map(({ what, count, unitPicodollars, picodollars }) => ({
          what,
          count,
          unitUsd: unitPicodollars / 1e12,
          usd: picodollars / 1e12,
        })),
      }
    : { usd: undefined, why: cost.why, lines: [] };

const factsOf = ({ serviceTier, batch, region, searchContextSize, at }: CostOptions) => ({
  ...(serviceTier !== undefined && { serviceTier }),
  ...(batch !== undefined && { batch }),
  ...(region !== undefined && { region }),
  ...(searchContextSize !== undefined && { searchContextSize }),
  ...(at && { at: at.getTime() }),
});

export const costOfUsage = async (model: string, usage: Usage | undefined, options: CostOptions): Promise<CallCost> =>
  told(costOf(usage, await priceOf(model, options.customProvider, options.region), factsOf(options)));

/** What an answer does not tell and its price may hang on: members of its request. */
export interface AnswerFacts {
  /** What was called, in LiteLLM's words. Default: what the answer looks like. Speech, which is bytes, needs it. */
  callType?: CallType;
  /** Of images and videos: `1024x1024`, `1280x720`. */
  size?: string;
  quality?: string;
  /** Of a video, or of the sound that was transcribed. */
  seconds?: number;
  /** The text that was spoken. */
  input?: string;
  /** What was searched for: each of a list is a search. */
  query?: string | readonly string[];
}

export const costOfAnswer = (
  answer: unknown,
  { model, callType, size, quality, seconds, input, query, ...options }: CostOptions & AnswerFacts & { model?: string },
): Promise<CallCost> => {
  if (!isObject(answer)) throw new SluiceError('invalid_request', 'The cost is that of an answer: an object with `usage`.');
  const kind = callType === undefined ? kindOf(answer) : kindNamed(callType);
  if (kind === undefined)
    throw new SluiceError('invalid_request', `There is no call of the type '${callType}': ${callTypes.join(', ')}.`, { param: 'callType' });
  const name = model ?? answer['model'] ?? answer['modelVersion'];
  if (typeof name !== 'string')
    throw new SluiceError('invalid_request', "Say whose answer it is: 'model' is in neither.", { param: 'model' });
  return costOfUsage(name, usageOfAnswer(kind, answer, { size, quality, seconds, input, query }), options);
};
