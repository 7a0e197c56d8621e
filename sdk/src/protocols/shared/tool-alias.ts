import { shortHash } from '../../lib/short-hash.ts';

/** Names for a provider whose rules the client's names may break (FP-80). */
export interface ToolAliases {
  /** The name to send: the client's own where it may stay. The same name always becomes the same alias. */
  of(name: string): string;
  /** Alias -> the client's name, for `DecodeHints.toolNames`; undefined while no name had to change. */
  readonly names: Readonly<Record<string, string>> | undefined;
}

/**
 * @param allowed one character of a name, e.g. `/[a-zA-Z0-9_-]/`; others become `_`
 * @param max longest name
 */
export const createToolAliases = (max = 64, allowed = /[a-zA-Z0-9_-]/): ToolAliases => new Aliases(max, allowed);

/** A class, as each translated call makes one and few have tools. */
class Aliases implements ToolAliases {
  names: Record<string, string> | undefined;
  readonly #max: number;
  readonly #allowed: RegExp;

  constructor(max: number, allowed: RegExp) {
    this.#max = max;
    this.#allowed = allowed;
  }

  of(name: string): string {
    const clean = [...name].map((character) => (this.#allowed.test(character) ? character : '_')).join('');
    if (clean === name && name.length <= this.#max) return name;
    // The hash keeps apart what the cleaning or the cut would make the same.
    const hash = shortHash(name);
    const alias = `${clean.slice(0, this.#max - hash.length - 1)}_${hash}`;
    this.names ??= {};
    this.names[alias] = name;
    return alias;
  }
}
