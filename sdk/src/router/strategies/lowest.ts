/** Groups up to this size are looked through. */
export const exactUpTo = 128;
/** Of a larger one, so many are drawn. */
export const sampleSize = 8;

/**
 * Those that a pick looks at: all, and of more than 128, where a look at all would take longer than the rest of a pick,
 * eight random ones. The best of these is among the best quarter of the group in 90 of 100 picks, and, unlike the very
 * best, not the same one for all who ask at the same time (the power of more than two choices: Mitzenmacher, Richa and
 * Sitaraman, "The Power of Two Random Choices: A Survey of Techniques and Results", 2001; read 2026-11-22).
 * @param random from 0 to below 1
 */
export const someOf = <T>(members: readonly T[], random: () => number): readonly T[] => {
  const size = members.length;
  if (size <= exactUpTo) return members;
  return Array.from({ length: sampleSize }, () => members[Math.floor(random() * size)]!);
};

/** The one with the lowest value; among equals each is as likely as the other. */
export const lowest = <T>(members: readonly T[], random: () => number, valueOf: (member: T) => number): T => {
  let best: T = members[0] as T;
  let bestValue = Infinity;
  let ties = 0;
  for (const member of members) {
    const value = valueOf(member);
    if (value < bestValue) {
      best = member;
      bestValue = value;
      ties = 1;
    } else if (value === bestValue && random() * ++ties < 1) best = member;
  }
  return best;
};
