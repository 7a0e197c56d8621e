import { z } from 'zod';
import { describe, requiredText } from './fields.ts';

export const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

const fullNames = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

const day = z.preprocess((value) => {
  const written = typeof value === 'string' ? value.toLowerCase() : value;
  const at = fullNames.indexOf(written as string);
  return at === -1 ? written : dayNames[at];
}, z.enum(dayNames));

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

const clock = (about: string) =>
  describe(
    z.string().refine((value) => /^(?:(?:[01]?\d|2[0-3]):[0-5]\d|24:00)$/.test(value), { error: 'must be a time of day such as 08:30' }),
    { about },
    { type: 'string' },
  );

/** Days and hours. */
export const schedule = describe(
  z
    .strictObject({
      days: describe(z.array(day).optional(), {
        about: 'Absent: every day. A window over midnight belongs to the day it begins on.',
      }),
      from: clock('When it begins.'),
      to: clock('When it ends; before `from`: on the next day; the same: the whole day.'),
      time_zone: describe(
        requiredText({ about: 'A name of the IANA database, as in `Europe/Berlin`.' })
          .refine((value) => isTimeZone(value), { error: 'is no time zone of the IANA database' })
          .optional(),
        { about: 'A name of the IANA database, as in `Europe/Berlin`.', default: 'UTC' },
        { type: 'string' },
      ),
    })
    .optional(),
  { about: 'When the deployment may be asked. Absent: always.' },
);
export type ScheduleEntry = NonNullable<z.output<typeof schedule>>;
