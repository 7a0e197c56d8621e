/** Names longer than this are not compared: the answer would help nobody and cost too much. */
const maxLength = 128;

/**
 * The candidates that a mistyped name probably meant, best first. Empty where none is close.
 * @param count how many at most
 */
export const nearest = (name: string, candidates: Iterable<string>, count = 3): string[] => {
  if (name === '' || name.length > maxLength) return [];
  const wanted = simple(name);
  const found: { candidate: string; score: number }[] = [];
  for (const candidate of new Set(candidates)) {
    if (candidate.length > maxLength) continue;
    const score = distance(wanted, simple(candidate));
    if (score !== undefined) found.push({ candidate, score });
  }
  found.sort((a, b) => a.score - b.score || (a.candidate < b.candidate ? -1 : 1));
  return found.slice(0, count).map(({ candidate }) => candidate);
};

/** Case and the kind of separator are what people mistake first. */
const simple = (name: string): string => name.toLowerCase().replaceAll(/[._\s]/g, '-');

/** Undefined where the two are not alike. A name that the other one begins with counts as close. */
const distance = (a: string, b: string): number | undefined => {
  if (a === b) return 0;
  const shorter = Math.min(a.length, b.length);
  if (shorter >= 4 && (a.startsWith(b) || b.startsWith(a))) return 0.5 + Math.abs(a.length - b.length) / 100;
  const limit = Math.max(1, Math.floor(Math.max(a.length, b.length) / 3));
  if (Math.abs(a.length - b.length) > limit) return undefined;
  const edits = editDistance(a, b);
  return edits <= limit ? edits : undefined;
};

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
const editDistance = (a: string, b: string): number => {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, beforeLast[j - 2]! + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
};
