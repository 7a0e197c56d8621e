import { newId } from '../../lib/ids.ts';

/**
 * Ids for calls that the vendor gave none: made of the answer's own id, so that the same answer gives the same ids and
 * no two answers of a conversation share one. At most 40 characters, which is what OpenAI takes back.
 */
export const createCallIds = (answerId: string, candidate: number): ((at: number) => string) => {
  let base: string | undefined;
  return (at) => {
    base ??= answerId.replaceAll(/[^a-zA-Z0-9]/g, '').slice(-24) || newId('');
    // Choices beside each other must not share an id.
    return candidate === 0 ? `call_${base}_${at}` : `call_${base}_${at}_${candidate}`;
  };
};
