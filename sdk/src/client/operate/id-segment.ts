import { SluiceError } from '../../types/index.ts';

/**
 * An id as one segment of a path. `.` and `..` survive every escape, and would ask for something else than the collection
 * that the id is of.
 * @throws SluiceError `invalid_request`
 */
export const idSegment = (id: string): string => {
  if (id === '' || id === '.' || id === '..')
    throw new SluiceError('invalid_request', `'${id}' is no id that a provider gives.`, { param: 'id', retry: false });
  return encodeURIComponent(id.toWellFormed());
};
