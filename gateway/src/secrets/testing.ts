import { secretManagerEntry, type SecretManagerType } from '../config/schema/secrets.ts';
import type { SecretManager, SecretWorld } from './manager.ts';
import { openManager } from './open.ts';

/** For the tests of this folder: a manager as a file would have it. */
export const opened = (type: SecretManagerType, settings: object, world: SecretWorld, timeoutMs = 2000): Promise<SecretManager> =>
  openManager(type, secretManagerEntry().parse(settings), world, timeoutMs);

export const reading = async (manager: SecretManager, name: string): Promise<string | undefined> =>
  (await manager.read(name, new AbortController().signal))?.reveal();

/** What reading fails with, in words. */
export const failure = async (manager: SecretManager, name: string): Promise<string> =>
  manager.read(name, new AbortController().signal).then(
    () => 'no failure',
    (cause: unknown) => String((cause as Error).message),
  );

/** Everything that an error says anywhere. */
export const allOf = (cause: unknown): string =>
  `${Bun.inspect(cause)} ${JSON.stringify(cause)} ${String(cause)} ${(cause as Error)?.stack ?? ''}`;

export const never = new AbortController().signal;
