import { shortHash } from '../../lib/short-hash.ts';

/** Ids of tool calls for a provider whose rules the client's may break; each only once in a conversation. */
export interface CallIds {
  call(id: string): string;
  /** The id of the latest call that had this one; of several in one turn, which some vendors make, each result has the next. */
  result(id: string): string;
  /** The user spoke: what was called before and has no result gets none. */
  userSpoke(): void;
}

/**
 * Only the conversation so far decides on the ids, so each turn sends the earlier ones as the last turn did.
 * @param max longest id
 * @param allowed one character of an id; others become `_`
 */
export const createCallIds = (max: number, allowed: RegExp): CallIds => {
  const used = new Set<string>();
  const current = new Map<string, string>();
  /** Calls of the turn that share an id, as long as they wait for their results. */
  let waiting = new Map<string, string[]>();
  let answered = false;
  const clean = (id: string): string => {
    const replaced = [...id].map((character) => (allowed.test(character) ? character : '_')).join('');
    if (replaced === id && id !== '' && id.length <= max) return id;
    // The hash keeps apart what the cleaning or the cut would make the same.
    const hash = shortHash(id);
    return `${replaced.slice(0, max - hash.length - 1)}_${hash}`;
  };
  return {
    call(id) {
      const cleaned = clean(id);
      let unique = cleaned;
      for (let count = 2; used.has(unique); count++) unique = `${cleaned.slice(0, max - String(count).length - 1)}_${count}`;
      used.add(unique);
      if (answered) waiting = new Map();
      answered = false;
      waiting.set(id, [...(waiting.get(id) ?? []), unique]);
      current.set(id, unique);
      return unique;
    },
    result(id) {
      answered = true;
      return waiting.get(id)?.shift() ?? current.get(id) ?? clean(id);
    },
    userSpoke() {
      answered = true;
    },
  };
};
