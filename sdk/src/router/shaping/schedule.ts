/** Days and hours in a time zone. */
export interface Schedule {
  /** IANA name. */
  readonly timeZone: string;
  /** 0 is Sunday. Absent: all. A window over midnight is of the day on which it begins. */
  readonly days?: readonly number[];
  /** Minutes of the day by the wall clock. `from` after `to` goes over midnight; the same: the whole day. */
  readonly fromMinute: number;
  readonly toMinute: number;
}

const weekdays: Readonly<Record<string, number>> = { Sun: 0, Mon: 1, Tue: 2, Wed: 3, Thu: 4, Fri: 5, Sat: 6 };
const minuteMs = 60_000;

/**
 * Whether a moment (Unix milliseconds) is in the schedule, by the wall clock of its time zone: when clocks are put
 * forward, a window is shorter by what is skipped, and when they are put back, longer by what comes twice.
 * @throws RangeError for a time zone that does not exist
 */
export const activeAt = ({ timeZone, days, fromMinute, toMinute }: Schedule): ((nowMs: number) => boolean) => {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const allowed = days && new Set(days);
  const isDay = (day: number): boolean => !allowed || allowed.has(day);

  const within = (at: number): boolean => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const day = weekdays[parts.get('weekday')!]!;
    const minute = Number(parts.get('hour')) * 60 + Number(parts.get('minute'));
    if (fromMinute === toMinute) return isDay(day);
    if (fromMinute < toMinute) return isDay(day) && minute >= fromMinute && minute < toMinute;
    return minute >= fromMinute ? isDay(day) : minute < toMinute && isDay((day + 6) % 7);
  };

  // Intl takes microseconds, and picks ask of each deployment: the answer is the same for a whole minute.
  let known = -1;
  let active = false;
  return (nowMs) => {
    const minute = Math.floor(nowMs / minuteMs);
    if (minute !== known) [known, active] = [minute, within(nowMs)];
    return active;
  };
};
