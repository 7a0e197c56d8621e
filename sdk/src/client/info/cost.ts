import { costOf, type Cost } from '../../catalog/cost.ts';
import { isObject } from '../../lib/is-object.ts';
import { SluiceError, type Usage } from '../../types/index.ts';
import { priceOf } from './known-models.ts';
import { usageIn } from './usage-of.ts';

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

const factsOf = ({ customProvider: _provider, at, ...facts }: CostOptions) => ({ ...facts, ...(at && { at: at.getTime() }) });

export const costOfUsage = async (model: string, usage: Usage | undefined, options: CostOptions): Promise<CallCost> =>
  told(costOf(usage, await priceOf(model, options.customProvider, options.region), factsOf(options)));

export const costOfAnswer = (answer: unknown, { model, ...options }: CostOptions & { model?: string }): Promise<CallCost> => {
  if (!isObject(answer)) throw new SluiceError('invalid_request', 'The cost is that of an answer: an object with `usage`.');
  const name = model ?? answer['model'] ?? answer['modelVersion'];
  if (typeof name !== 'string')
    throw new SluiceError('invalid_request', "Say whose answer it is: 'model' is in neither.", { param: 'model' });
  return costOfUsage(name, usageIn(answer), options);
};
