/** How far back a repetition is looked for, in characters. */
const maxOverlap = 600;
/** Fewer characters that are the same at a seam are mostly chance: `hel` and `lo` share an `l`. */
const minOverlap = 12;

/** Takes away what a continuation repeats of the text that it continues. */
export interface OverlapTrimmer {
  /** More of the continuation. Returns what is certain to be new; the rest is kept back until that is known. */
  push(text: string): string;
  /** The continuation is over: what was kept back. */
  rest(): string;
}

/**
 * Models that are told to go on where they stopped often begin with the last words again, or with all of them.
 * @param before what stands in front of the continuation
 * @param unseen white space at the end of `before` that the model was not shown: it may write it again
 */
export const createOverlapTrimmer = (before: string, unseen = ''): OverlapTrimmer => {
  const tail = before.slice(-maxOverlap);
  // So that an answer of a few words that is begun again from its start is seen as well.
  const least = tail.length === before.length ? Math.min(minOverlap, Math.max(6, before.length)) : minOverlap;
  let held = '';
  let decided = false;

  /** Whether more of it could still turn out to be a repetition. */
  const undecided = (): boolean => {
    if (unseen !== '' && held.length < unseen.length && unseen.startsWith(held)) return true;
    for (let at = tail.indexOf(held); at !== -1; at = tail.indexOf(held, at + 1)) if (at + held.length < tail.length) return true;
    return false;
  };
  const decide = (): string => {
    decided = true;
    for (let length = Math.min(tail.length, held.length); length >= least; length--)
      if (held.startsWith(tail.slice(-length))) return held.slice(length);
    return unseen !== '' && held.startsWith(unseen) ? held.slice(unseen.length) : held;
  };

  return {
    push(text) {
      if (decided) return text;
      held += text;
      return held === '' || undecided() ? '' : decide();
    },
    rest: () => (decided ? '' : decide()),
  };
};
