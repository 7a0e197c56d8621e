import { SluiceError } from 'sluice/kit';
import type { Limits } from '../records/records.ts';
import { limitsBeyond } from './limits-within.ts';
import { modelsBeyond, type Groups } from './models-within.ts';

/** What may be used of a thing, and how messages call it: `team 'a'`. */
export interface Bounded {
  readonly name: string;
  readonly data: Limits & { readonly models: readonly string[] };
}

/**
 * A thing may not be given more than what it belongs to has, by nobody: it could not be used.
 * @throws SluiceError `invalid_request`, naming both
 */
export const demandWithin = (inner: Bounded, outer: Bounded, groups?: Groups): void => {
  const [model] = modelsBeyond(inner.data.models, outer.data.models, groups);
  if (model !== undefined)
    throw new SluiceError('invalid_request', `The model '${model}' of the ${inner.name} is not among the models of its ${outer.name}.`, {
      param: 'models',
    });
  const [limit] = limitsBeyond(inner.data, outer.data);
  if (limit)
    throw new SluiceError(
      'invalid_request',
      `${limit.name} of the ${inner.name} (${limit.limit}) is above that of its ${outer.name} (${limit.most}).`,
      {
        param: limit.name,
      },
    );
};
