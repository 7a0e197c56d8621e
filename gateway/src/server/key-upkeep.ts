import { createKeyRotation } from '../access/keys/rotation.ts';
import { kinds } from '../access/records/kinds.ts';
import type { KeyRecord } from '../access/records/records.ts';
import type { Store } from '../access/store/store.ts';
import type { Written } from '../access/store/writing.ts';
import type { Logger } from '../telemetry/log.ts';
import { rotationSettings } from './rotation-settings.ts';
import type { ServerOptions } from './server-options.ts';

interface KeyUpkeepOptions extends Pick<ServerOptions, 'writeKey' | 'deleteKey'> {
  readonly store: Store;
  readonly env: (name: string) => string | undefined;
  readonly now: () => number;
  /** Writes what was spent (`SpendBook.flush`). */
  readonly flush: () => Promise<void>;
  readonly logger: Logger;
}

/** Keeps the secret manager in step with the keys: those that are due are rotated, those that are gone are deleted there. */
export const keepKeys = (options: KeyUpkeepOptions): { stop(): void } => {
  const { store, env, now, flush, logger, writeKey, deleteKey } = options;
  const { isOn, intervalMs, graceMs } = rotationSettings(env, (sentence) => logger.warn(sentence));
  const rotation = createKeyRotation({
    store,
    now,
    every: (milliseconds, tick) => {
      const timer = setInterval(tick, milliseconds);
      timer.unref();
      return () => clearInterval(timer);
    },
    intervalMs,
    graceMs,
    write: isOn ? writeKey : undefined,
    flush,
    failed: (alias, cause) => logger.error('a key could not be rotated, and is tried again', { alias, error: String(cause) }),
  });
  const stopListening =
    deleteKey &&
    store.onWritten(async (written) => {
      for (const name of secretsGone(written))
        await deleteUnused(store, name, deleteKey).catch((cause: unknown) =>
          // The key itself is gone: what is left there is good for nothing.
          logger.error('a deleted key could not be deleted from the secret manager', { name, error: String(cause) }),
        );
    });
  return {
    stop() {
      rotation.stop();
      stopListening?.();
    },
  };
};

/** Names that keys were kept under, and none is any more. */
const secretsGone = (written: readonly Written[]): readonly string[] => {
  const names = new Set<string>();
  for (const { kind, before, after } of written) {
    if (kind !== kinds.key.name) continue;
    const [had, has] = [(before as KeyRecord | undefined)?.secret_name, (after as KeyRecord | undefined)?.secret_name];
    if (had != null && had !== has) names.add(had);
    // In the order in which it happened: what took its place has it now.
    if (has != null) names.delete(has);
  }
  return [...names];
};

/** Another key may have been given the name meanwhile. */
const deleteUnused = async (store: Store, name: string, deleteKey: NonNullable<ServerOptions['deleteKey']>): Promise<void> => {
  const heir = await store.first(kinds.key, { is: { alias: name } });
  if (heir?.data.secret_name !== name) await deleteKey(name);
};
