/** A measurement. */
export interface Point {
  /** Seconds. */
  at: number;
  value: number;
}

/** Least squares: how much the value rises in a second. 0 for less than two points. */
export const slopeOf = (points: readonly Point[]): number => {
  const count = points.length;
  const meanAt = points.reduce((sum, { at }) => sum + at, 0) / count;
  const meanValue = points.reduce((sum, { value }) => sum + value, 0) / count;
  let above = 0;
  let below = 0;
  for (const { at, value } of points) {
    above += (at - meanAt) * (value - meanValue);
    below += (at - meanAt) ** 2;
  }
  return below === 0 ? 0 : above / below;
};

/** What is left when the first third, in which caches fill and code is compiled, is left out. */
export const settled = <T extends { at: number }>(points: readonly T[]): T[] => {
  const [first, last] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
  return points.filter(({ at }) => at >= first + (last - first) / 3);
};
