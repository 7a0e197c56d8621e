/** One server-sent event, read from a whole body: slow, simple, and not the parser under test. */
export interface EventReading {
  event: string;
  data: string;
}

/** @param text the whole body of an event stream */
export const readEvents = (text: string): EventReading[] => {
  const events: EventReading[] = [];
  for (const block of text.replaceAll(/\r\n?/g, '\n').split(/\n{2,}/)) {
    let event = '';
    const data: string[] = [];
    for (const line of block.split('\n')) {
      const at = line.indexOf(':');
      // A comment, or a line that is no field.
      if (at <= 0) continue;
      const value = line.slice(at + 1).replace(/^ /, '');
      if (line.slice(0, at) === 'event') event = value;
      else if (line.slice(0, at) === 'data') data.push(value);
    }
    if (data.length > 0) events.push({ event, data: data.join('\n') });
  }
  return events;
};

/** JSON of an event or a line; undefined where it is none. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Objects of a newline-delimited body. */
export const readLines = (text: string): unknown[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parseJson);
