/** What a run of letters is to be found by. `'` within a word belongs to it: `what's`. */
const word = /[\p{L}\p{M}\p{N}_#+]+(?:['.-][\p{L}\p{M}\p{N}_#+]+)*/gu;
/** Scripts that put no space between words: their phrases are looked for in the text as it stands. */
const unspaced = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/u;

/** The words of a text in lower case. Linear in its length. */
export const wordsOf = (text: string): string[] => text.toLowerCase().replaceAll('\u2019', "'").match(word) ?? [];

/** Finds which of many phrases stand in a text, looking at each of its words once. */
export interface PhraseFinder {
  /** The different phrases that were found, in the order of the text; no more than `atMost`. */
  find(text: string, words: readonly string[], atMost: number): readonly string[];
}

interface Phrase {
  readonly shown: string;
  /** The words after the first. */
  readonly rest: readonly string[];
}

export const createPhraseFinder = (phrases: readonly string[]): PhraseFinder => {
  const byFirst = new Map<string, Phrase[]>();
  const anywhere: string[] = [];
  for (const phrase of phrases) {
    const [first, ...rest] = wordsOf(phrase);
    if (first === undefined || unspaced.test(phrase)) {
      if (phrase.trim() !== '') anywhere.push(phrase.toLowerCase());
      continue;
    }
    const known = byFirst.get(first);
    const entry = { shown: phrase, rest };
    if (known) known.push(entry);
    else byFirst.set(first, [entry]);
  }
  const spacedOnly = anywhere.every((phrase) => unspaced.test(phrase));

  return {
    find(text, words, atMost) {
      const found = new Set<string>();
      for (let at = 0; at < words.length && found.size < atMost; at++) {
        const entries = byFirst.get(words[at]!);
        if (!entries) continue;
        for (const { shown, rest } of entries) if (rest.every((each, ahead) => words[at + 1 + ahead] === each)) found.add(shown);
      }
      if (anywhere.length === 0 || found.size >= atMost || (spacedOnly && !unspaced.test(text))) return [...found].slice(0, atMost);
      const lower = text.toLowerCase();
      for (const phrase of anywhere) {
        if (found.size >= atMost) break;
        if (lower.includes(phrase)) found.add(phrase);
      }
      return [...found].slice(0, atMost);
    },
  };
};
