import type { SecretManagerEntry, SecretManagerType } from '../config/schema/secrets.ts';
import { openAwsKms } from './aws/kms.ts';
import { openAwsSecretsManager } from './aws/secrets-manager.ts';
import { openKeyVault } from './azure/key-vault.ts';
import { openConjur } from './conjur.ts';
import { openGoogleKms } from './google/kms.ts';
import { openGoogleSecretManager } from './google/secret-manager.ts';
import { openLocal } from './local.ts';
import type { SecretManager, SecretWorld } from './manager.ts';
import { ofPrimary } from './primary.ts';
import { openVault } from './vault/index.ts';

type Open = (entry: SecretManagerEntry, world: SecretWorld, timeoutMs: number) => SecretManager | Promise<SecretManager>;

const managers: Readonly<Record<SecretManagerType, Open>> = {
  hashicorp_vault: openVault,
  aws_secret_manager: openAwsSecretsManager,
  aws_kms: openAwsKms,
  google_secret_manager: openGoogleSecretManager,
  google_kms: openGoogleKms,
  azure_key_vault: openKeyVault,
  cyberark: openConjur,
  local: openLocal,
};

/** Makes a manager of its settings; nothing is asked yet. @throws ManagerFailure where they are not enough */
export const openManager = async (
  type: SecretManagerType,
  entry: SecretManagerEntry,
  world: SecretWorld,
  timeoutMs: number,
): Promise<SecretManager> => {
  const manager = await managers[type](entry, world, timeoutMs);
  return entry.primary_secret_name === undefined ? manager : ofPrimary(manager, entry.primary_secret_name, () => world.clock.now());
};
