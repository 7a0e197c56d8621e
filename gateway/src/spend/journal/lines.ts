import type { SpendEvent } from '../event.ts';

/** One line of the journal, with its end. */
export const lineOf = (event: SpendEvent): string => `${JSON.stringify(event)}\n`;

export interface ReadLines {
  readonly events: readonly SpendEvent[];
  /** The text of each of them. */
  readonly lines: readonly string[];
  /** Lines that are none: a write that was cut off in the middle, or a damaged file. */
  readonly unreadable: number;
}

/** The events of a file of the journal. */
export const eventsIn = (text: string): ReadLines => {
  const events: SpendEvent[] = [];
  const lines: string[] = [];
  let unreadable = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const event = read(line);
    if (!event) {
      unreadable++;
      continue;
    }
    events.push(event);
    lines.push(line);
  }
  return { events, lines, unreadable };
};

const read = (line: string): SpendEvent | undefined => {
  try {
    const value = JSON.parse(line) as Partial<SpendEvent> | null;
    const whole = typeof value?.id === 'string' && typeof value.at === 'number' && Array.isArray(value.charges);
    return whole && Number.isSafeInteger(value.nanodollars) ? (value as SpendEvent) : undefined;
  } catch {
    return undefined;
  }
};
