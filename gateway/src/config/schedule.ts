import { defined } from './defined.ts';
import { dayNames, type ScheduleEntry } from './schema/schedule.ts';
import type { Schedule } from './snapshot.ts';

/** `sluice_params.active` in minutes and days. Its shape was checked. */
export const scheduleOf = (given: ScheduleEntry | undefined): Schedule | undefined =>
  given &&
  defined<Schedule>({
    timeZone: given.time_zone ?? 'UTC',
    days: given.days?.map((day) => dayNames.indexOf(day)).toSorted((a, b) => a - b),
    fromMinute: minuteOf(given.from),
    toMinute: minuteOf(given.to),
  });

const minuteOf = (clock: string): number => {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
};
