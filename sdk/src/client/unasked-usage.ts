import type { WireEvent } from '../types/index.ts';

/** Inside a text quotes are escaped, so this is never what a model wrote. */
const alone = /"choices"\s*:\s*\[\s*\]/;
const usage = /"usage"\s*:\s*\{/;

/** The event that only counts, which OpenAI's streams end with where they are asked to. */
export const isUsageAlone = ({ data }: WireEvent): boolean => data.includes('"usage"') && usage.test(data) && alone.test(data);

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Whole server-sent events without the one of this data. */
export const withoutEvent = (bytes: Uint8Array, data: string): Uint8Array => {
  const text = decoder.decode(bytes);
  const at = text.indexOf(data);
  // Written over several lines it is left: nothing is taken away that is not it.
  if (at === -1) return bytes;
  const ends = [...text.slice(0, at).matchAll(/\r\n\r\n|\n\n|\r\r/g)].at(-1);
  const from = ends ? ends.index + ends[0].length : 0;
  const behind = /^(?:\r\n\r\n|\n\n|\r\r)/.exec(text.slice(at + data.length, at + data.length + 4))?.[0].length ?? 0;
  return encoder.encode(text.slice(0, from) + text.slice(at + data.length + behind));
};
