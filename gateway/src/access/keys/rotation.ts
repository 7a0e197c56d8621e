import { durationMs } from '../../config/durations.ts';
import { kinds } from '../records/kinds.ts';
import type { KeyRecord } from '../records/records.ts';
import { systemActor } from '../store/actor.ts';
import type { Store } from '../store/store.ts';
import type { Stored } from '../store/stored.ts';
import { replaceKey } from './replace-key.ts';
import { makeKey } from './secret.ts';

export interface KeyRotationOptions {
  readonly store: Store;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Calls back every so often until it is ended: a timer, or what a test has instead. */
  readonly every: (milliseconds: number, tick: () => void) => () => void;
  /** Between two looks. Default: an hour. */
  readonly intervalMs?: number | undefined;
  /** Puts a key where those who use it read it. Absent: nothing is rotated. */
  readonly write?: ((alias: string, key: string) => Promise<void>) | undefined;
  /** How long the old key is good beside the new one. Default a day, and never longer than its interval. */
  readonly graceMs?: number;
  /** Writes what was spent and is not written yet (`SpendBook.flush`): it goes on with the new key. */
  readonly flush: () => Promise<void>;
  /** A key could not be rotated; it is tried again. Holds no key. */
  readonly failed: (alias: string, cause: unknown) => void;
}

export interface KeyRotation {
  /** Rotates what is due, and says how many were. For tests, and before a look at what is due. */
  run(): Promise<number>;
  stop(): void;
}

const usualIntervalMs = 3_600_000;
const usualGraceMs = 86_400_000;
/** Another gateway leaves a key alone for so long, and then takes it for one that was begun and not ended. */
const claimMs = 300_000;
/** Claimed at a time. */
const maxAtOnce = 100;
const actor = systemActor('key_rotation');

/**
 * Gives keys with `auto_rotate` another secret when they are due. Of several gateways on one database one does it. The new
 * secret is written to the secret manager first, and then takes the old one's place; the old one is good for its grace.
 */
export const createKeyRotation = (options: KeyRotationOptions): KeyRotation => {
  const { write, every, intervalMs = usualIntervalMs } = options;
  if (!write) return { run: () => Promise.resolve(0), stop: () => {} };
  let running: Promise<number> | undefined;
  const run = () => (running ??= rotateDue(options).finally(() => (running = undefined)));
  const tick = () => void run().catch((cause: unknown) => options.failed('', cause));
  const stop = every(intervalMs, tick);
  return { run, stop };
};

const rotateDue = async (options: KeyRotationOptions): Promise<number> => {
  let rotated = 0;
  for (const key of await claim(options)) {
    try {
      if (await rotate(key, options)) rotated++;
    } catch (cause) {
      options.failed(key.data.key_alias ?? key.data.key_name, cause);
    }
  }
  return rotated;
};

/** Keys that are due, and now this gateway's for a while. */
const claim = ({ store, now }: KeyRotationOptions): Promise<readonly Stored<KeyRecord>[]> =>
  store.write(actor, async (writing) => {
    await writing.tx.lock('key_rotation');
    const at = now();
    const due = await writing.page(kinds.key, { below: { rotate_at: at + 1 }, sortBy: 'rotate_at', page: 1, size: maxAtOnce });
    for (const { id } of due.rows) await writing.update(kinds.key, id, (key) => ({ ...key, rotate_at: at + claimMs }));
    return due.rows;
  });

const rotate = async (
  { id, data }: Stored<KeyRecord>,
  { store, write, now, flush, graceMs = usualGraceMs }: KeyRotationOptions,
): Promise<boolean> => {
  const everyMs = durationMs(data.rotation_interval ?? '');
  if (!data.auto_rotate || everyMs === undefined || data.key_alias == null || !write) return false;
  const key = makeKey();
  // First what may take long: who reads the new key from there means to use it.
  await flush();
  await write(data.key_alias, key);
  return store.write(actor, async (writing) => {
    // It was deleted, or somebody has given it another secret meanwhile.
    if (!(await writing.get(kinds.key, id))) return false;
    const current = await writing.update(kinds.key, id, (same) => same);
    if (current.data.replaced_by != null || !current.data.auto_rotate) return false;
    const next: KeyRecord = { ...current.data, secret_name: data.key_alias!, rotate_at: now() + everyMs };
    await replaceKey(writing, current, { key, data: next, graceMs: Math.min(graceMs, everyMs), action: 'rotated' });
    return true;
  });
};
