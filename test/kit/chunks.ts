/** A small seeded generator (mulberry32): the same cuts in every run, so that a failure can be repeated. */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

/** Of a text, for seeds (FNV-1a). */
export const hash = (text: string): number => {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
};

/** Bodies up to this length may be cut into single bytes; longer ones would take too long. */
const singleBytesUpTo = 1000;

/**
 * Cuts bytes at random places: inside events, lines and characters. One small body in four comes byte by byte.
 * @returns pieces that join to the input; none is empty
 */
export const cut = (bytes: Uint8Array<ArrayBuffer>, seed: number): Uint8Array<ArrayBuffer>[] => {
  const random = seededRandom(seed);
  const single = bytes.length <= singleBytesUpTo && random() < 0.25;
  // About two dozen pieces of a body, at least one byte each.
  const most = single ? 1 : Math.max(2, Math.ceil(bytes.length / 12));
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = Math.min(bytes.length, at + 1 + Math.floor(random() * most));
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces;
};
