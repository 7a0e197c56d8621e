import { createSseParser, type WireEvent } from 'sluice/kit';
import type { ClientFraming } from './client-framing.ts';

/** One JSON array that grows (Gemini without `alt=sse`). White space is allowed between its members, so a line break keeps it alive. */
export const jsonArrayFraming = (): ClientFraming => {
  let first = true;
  const member = ({ data }: WireEvent): string => {
    const text = (first ? '[' : ',\r\n') + data;
    first = false;
    return text;
  };
  let text = '';
  const parser = createSseParser((event) => {
    // One event that is no JSON would make the whole array unreadable; elsewhere a client can pass it over.
    if (isJson(event.data)) text += member(event);
  });
  return {
    contentType: 'application/json; charset=utf-8',
    frame(chunk) {
      text = '';
      if (chunk instanceof Uint8Array) parser.push(chunk);
      else for (const event of chunk) text += member(event);
      return text;
    },
    close: () => (first ? '[]' : ']'),
    keepAlive: '\n',
  };
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};
