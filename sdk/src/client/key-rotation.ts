import type { SluiceError } from '../types/index.ts';

/** What is known of a list of keys: which one is next, and until when each rests. Unix milliseconds. */
interface Rotation {
  next: number;
  restsUntil: number[];
}

/** By the list itself, so that nothing is kept longer than its owner keeps it. */
const rotations = new WeakMap<readonly string[], Rotation>();

const rotationOf = (keys: readonly string[]): Rotation => {
  let rotation = rotations.get(keys);
  if (!rotation) rotations.set(keys, (rotation = { next: 0, restsUntil: [] }));
  return rotation;
};

/** The indexes of a list of keys in the order in which a call tries them: each in turn, those that rest last. */
export const keyOrder = (keys: readonly string[], now: number): number[] => {
  const rotation = rotationOf(keys);
  const start = rotation.next++ % Math.max(1, keys.length);
  const inTurn = keys.map((_, at) => (start + at) % keys.length);
  const rests = (at: number) => (rotation.restsUntil[at] ?? 0) > now;
  return [...inTurn.filter((at) => !rests(at)), ...inTurn.filter(rests)];
};

/** A key that is refused will be refused again; one that is used up recovers. Milliseconds. */
const restMs = { refused: 60_000, usedUp: 5000 };

/** Lets a key rest after a failure that is its own. */
export const noteKeyFailure = (keys: readonly string[], at: number, error: SluiceError, now: number): void => {
  const { code, retryAfterMs } = error;
  const rest =
    code === 'authentication' || code === 'permission_denied' || code === 'payment_required'
      ? restMs.refused
      : code === 'rate_limited'
        ? (retryAfterMs ?? restMs.usedUp)
        : 0;
  if (rest > 0) rotationOf(keys).restsUntil[at] = now + rest;
};
