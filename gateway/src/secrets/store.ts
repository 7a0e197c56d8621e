import type { Secret } from 'sluice/kit';
import type { SecretManagerSettings } from '../config/secret-managers.ts';
import { unavailable } from './failure.ts';
import type { SecretManager } from './manager.ts';

/** Where new virtual keys are kept besides the database (`store_virtual_keys`). */
export interface SecretStore {
  /** Creates or replaces. @param name the key's alias, without the prefix @throws SluiceError `unavailable` */
  write(name: string, value: Secret): Promise<void>;
  /** One that is not there, and a manager that deletes nothing, are no failures. @throws SluiceError `unavailable` */
  delete(name: string): Promise<void>;
}

/** The first manager that keys are to be written to. */
export const createSecretStore = (
  managers: readonly { settings: SecretManagerSettings; manager: SecretManager }[],
  signal: AbortSignal,
): SecretStore | undefined => {
  const found = managers.find(
    ({ settings: { entry }, manager }) => entry.store_virtual_keys && entry.access_mode?.includes('write') && manager.write,
  );
  if (!found) return undefined;
  const { settings, manager } = found;
  const prefix = settings.entry.prefix_for_stored_virtual_keys ?? 'litellm/';
  const failed = (doing: string) => (cause: unknown) => {
    throw unavailable(settings.type, doing, cause);
  };
  return {
    write: (name, value) => manager.write!(prefix + name, value, signal).catch(failed('take a virtual key')),
    delete: async (name) => {
      await manager.delete?.(prefix + name, signal).catch(failed('delete a virtual key'));
    },
  };
};
