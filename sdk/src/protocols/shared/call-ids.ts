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
export const createCallIds = (max: number, allowed: RegExp): CallIds => new Ids(max, allowed);

/** A class, as each translated call makes one and few have calls in their history. */
class Ids implements CallIds {
  readonly #max: number;
  readonly #allowed: RegExp;
  readonly #used = new Set<string>();
  readonly #current = new Map<string, string>();
  /** Calls of the turn that share an id, as long as they wait for their results. */
  #waiting = new Map<string, string[]>();
  #answered = false;

  constructor(max: number, allowed: RegExp) {
    this.#max = max;
    this.#allowed = allowed;
  }

  call(id: string): string {
    const cleaned = this.#clean(id);
    let unique = cleaned;
    for (let count = 2; this.#used.has(unique); count++) {
      unique = `${cleaned.slice(0, this.#max - String(count).length - 1)}_${count}`;
    }
    this.#used.add(unique);
    if (this.#answered) this.#waiting = new Map();
    this.#answered = false;
    this.#waiting.set(id, [...(this.#waiting.get(id) ?? []), unique]);
    this.#current.set(id, unique);
    return unique;
  }

  result(id: string): string {
    this.#answered = true;
    return this.#waiting.get(id)?.shift() ?? this.#current.get(id) ?? this.#clean(id);
  }

  userSpoke(): void {
    this.#answered = true;
  }

  #clean(id: string): string {
    const replaced = [...id].map((character) => (this.#allowed.test(character) ? character : '_')).join('');
    if (replaced === id && id !== '' && id.length <= this.#max) return id;
    // The hash keeps apart what the cleaning or the cut would make the same.
    const hash = shortHash(id);
    return `${replaced.slice(0, this.#max - hash.length - 1)}_${hash}`;
  }
}
