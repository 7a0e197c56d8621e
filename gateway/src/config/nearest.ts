/** Spelling that is the same to a reader: `apiKey`, `api-key`, `API_KEY` -> `api_key`. */
const plain = (word: string): string =>
  word
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[-. ]/g, '_')
    .toLowerCase();

/** Insertions, deletions, replacements and swaps of neighbours that make one word the other (optimal string alignment). */
export const editDistance = (a: string, b: string): number => {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(row[j - 1]! + 1, last[j]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
};

/** The word that was probably meant, if any is near: at most a third of the letters differ, or it is the word's beginning. */
export const nearest = (word: string, known: readonly string[]): string | undefined =>
  closest(word, known, Math.max(1, Math.floor(word.length / 3))) ??
  (word.length >= 3 ? known.find((candidate) => plain(candidate).startsWith(plain(word))) : undefined);

/** The word that was surely meant: so near that another meaning is unlikely. For places where unknown words are allowed. */
export const misspelt = (word: string, known: readonly string[]): string | undefined =>
  closest(word, known, word.length <= 4 ? 0 : word.length <= 8 ? 1 : 2);

const closest = (word: string, known: readonly string[], atMost: number): string | undefined => {
  const given = plain(word);
  let best: string | undefined;
  let bestDistance = atMost + 1;
  for (const candidate of known) {
    const other = plain(candidate);
    if (Math.abs(other.length - given.length) >= bestDistance) continue;
    const distance = editDistance(given, other);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
};
