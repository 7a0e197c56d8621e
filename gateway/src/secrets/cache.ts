import type { Secret } from 'sluice/kit';
import { passes, type SecretManager } from './manager.ts';

/** How a question for a secret ended. */
export type ReadOutcome = 'read' | 'missing' | 'failed' | 'stale';

export interface CacheOptions {
  manager: Pick<SecretManager, 'read' | 'unchanging'>;
  /** How long a value is taken as it is. Milliseconds. */
  ttlMs: number;
  /** How old a value may be that is given while the manager is away. Milliseconds. */
  maxStaleMs: number;
  now: () => number;
  onRead?: ((outcome: ReadOutcome) => void) | undefined;
  /** A value from before was given in place of an answer. */
  onStale?: ((name: string, cause: unknown) => void) | undefined;
}

export interface SecretCache {
  /**
   * @param fresh asks the manager though the value still holds
   * @throws what the manager threw, where there is no value to give
   */
  get(name: string, signal: AbortSignal, options?: { fresh?: boolean }): Promise<Secret | undefined>;
}

interface Held {
  value: Secret | undefined;
  readAtMs: number;
}

/** More names than a configuration has; beyond it the one that was asked for longest ago is forgotten. */
const maxHeld = 2000;
/** That something is missing is believed this long. Milliseconds. */
const missingMs = 10_000;
/** A manager that is away is not asked for the other names as well: each question takes its time. Milliseconds. */
const awayMs = 5000;

/** What a manager gave, kept for a while. Questions for the same name share one. */
export const createSecretCache = ({
  manager,
  ttlMs,
  maxStaleMs,
  now,
  onRead = () => {},
  onStale = () => {},
}: CacheOptions): SecretCache => {
  const held = new Map<string, Held>();
  const pending = new Map<string, Promise<Secret | undefined>>();
  let away: { untilMs: number; cause: unknown } | undefined;

  const holds = ({ value, readAtMs }: Held): boolean =>
    manager.unchanging === true || now() - readAtMs < (value === undefined ? Math.min(missingMs, ttlMs) : ttlMs);

  const ask = async (name: string, signal: AbortSignal): Promise<Secret | undefined> => {
    try {
      if (away && now() < away.untilMs) throw away.cause;
      const value = await manager.read(name, signal);
      away = undefined;
      held.delete(name);
      held.set(name, { value, readAtMs: now() });
      if (held.size > maxHeld) held.delete(held.keys().next().value!);
      onRead(value === undefined ? 'missing' : 'read');
      return value;
    } catch (cause) {
      if (!signal.aborted && passes(cause) && cause !== away?.cause) away = { untilMs: now() + awayMs, cause };
      const old = held.get(name);
      // That there was none is known as well: what a file may leave out must not stop a reload.
      if (!signal.aborted && old && now() - old.readAtMs < maxStaleMs) {
        onRead('stale');
        onStale(name, cause);
        return old.value;
      }
      onRead('failed');
      throw cause;
    }
  };

  return {
    async get(name, signal, { fresh = false } = {}) {
      const known = held.get(name);
      if (known && holds(known) && (!fresh || manager.unchanging)) {
        held.delete(name);
        held.set(name, known);
        return known.value;
      }
      let running = pending.get(name);
      if (!running) {
        // After it is kept: a question that is answered at once must not stay.
        running = ask(name, signal).finally(() => pending.delete(name));
        pending.set(name, running);
      }
      return running;
    },
  };
};
