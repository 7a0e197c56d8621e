const dayMs = 86_400_000;

/** Offsets of a time zone, by Intl. Wall clock times are milliseconds as if the zone were UTC. */
export interface TimeZone {
  /** What the wall clock shows at a moment (Unix milliseconds). */
  wallOf(at: number): number;
  /** The first moment at which the wall clock shows a time, or a later one where that time is skipped. So later times never come earlier. */
  momentOf(wall: number): number;
}

/** @throws RangeError for a name that IANA's list does not have */
export const timeZone = (name: string): TimeZone => {
  const format = formatOf(name);
  const wallOf = (at: number): number => {
    const second = Math.floor(at / 1000) * 1000;
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(second)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second: seconds = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, seconds) + (at - second);
  };
  const momentOf = (wall: number): number => {
    // A day before and a day after lie on both sides of the only change that can matter.
    const before = wall - (wallOf(wall - dayMs) - (wall - dayMs));
    const after = wall - (wallOf(wall + dayMs) - (wall + dayMs));
    if (wallOf(before) === wall) return before;
    if (wallOf(after) === wall) return after;
    // Skipped: the change lies between the two.
    let early = after;
    let late = before;
    while (late - early > 1) {
      const middle = Math.floor((early + late) / 2);
      if (wallOf(middle) < wall) early = middle;
      else late = middle;
    }
    return late;
  };
  return { wallOf, momentOf };
};

const formats = new Map<string, Intl.DateTimeFormat>();
const maxFormats = 64;

/** One formatter takes tens of kilobytes, and thousands of budgets share a few zones. */
const formatOf = (timeZoneName: string): Intl.DateTimeFormat => {
  const known = formats.get(timeZoneName);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timeZoneName,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  if (formats.size >= maxFormats) formats.clear();
  formats.set(timeZoneName, format);
  return format;
};
