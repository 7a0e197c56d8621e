/** A name with stars, ready to be matched. */
export interface Pattern {
  /** What the stars stand for in this name, in order; undefined if it does not match. */
  match(name: string): string[] | undefined;
}

export const isPattern = (name: string): boolean => name.includes('*');

/**
 * `openai/*` and its kind: each star stands for any text, also none; earlier stars take as much as they can, as in a
 * regular expression, but in linear time: names come from anybody.
 */
export const compilePattern = (pattern: string): Pattern => {
  const [first = '', ...rest] = pattern.replaceAll(/\*+/g, '*').split('*');
  const last = rest.pop();
  if (last === undefined) return { match: (name) => (name === first ? [] : undefined) };
  return {
    match(name) {
      if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return undefined;
      const texts: string[] = [];
      let end = name.length - last.length;
      // From the right, so that what is left of a part is as long as it can be.
      for (const part of rest.toReversed()) {
        const at = name.lastIndexOf(part, end - part.length);
        if (at < first.length || at === -1) return undefined;
        texts.unshift(name.slice(at + part.length, end));
        end = at;
      }
      texts.unshift(name.slice(first.length, end));
      return texts;
    },
  };
};

/**
 * Fills what the stars of the name stood for into the stars of the model: `azure/*` and `gpt-4o` make `azure/gpt-4o`.
 * More stars than texts get the last text again; a model without stars is a fixed one.
 */
export const fillStars = (model: string, texts: readonly string[]): string => {
  let at = 0;
  return model.replaceAll('*', () => texts[Math.min(at++, texts.length - 1)] ?? '');
};

/**
 * Sorts patterns so that the most specific comes first: the longer, then the one with more parts (LiteLLM's rule),
 * then by name, so that the order never depends on that of the file.
 */
export const bySpecificity = (a: string, b: string): number => b.length - a.length || stars(b) - stars(a) || (a < b ? -1 : a > b ? 1 : 0);

const stars = (pattern: string): number => pattern.split('*').length - 1;
