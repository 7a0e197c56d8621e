import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Secret, SluiceError, systemClock } from 'sluice/kit';
import type { Problem } from '../config/problem.ts';
import { wantedSecrets, type WantedSecrets } from '../config/secret-managers.ts';
import type { Source } from '../config/source.ts';
import type { SecretFetch, SecretSource, SecretWorld } from '../secrets/index.ts';
import type { Io } from './io.ts';

export type FetchedSecrets = { ok: true; secrets: Record<string, Secret> } | { ok: false; problems: Problem[] };

/** What secret managers hold for the configuration's files, across reloads. */
export interface SecretLoader {
  /** Asks the managers that the files name. Their old values are given while a manager is away. Never throws. */
  fetch(sources: readonly Source[]): Promise<FetchedSecrets>;
  /** Whether the files that were read last name a manager that virtual keys are written to. */
  takesKeys(): boolean;
  /** Writes a virtual key to it. @throws SluiceError `unavailable`, also where a reload has taken it away */
  writeKey(name: string, key: string): Promise<void>;
  /** Takes one away there. @throws as `writeKey` */
  deleteKey(name: string): Promise<void>;
  /** Tells when a secret has changed: the configuration is to be read again. @returns ends it */
  onChange(listener: () => void): () => void;
  close(): void;
}

export const createSecretLoader = (io: Pick<Io, 'cwd' | 'env' | 'fetch' | 'tell'>, given: Partial<SecretWorld> = {}): SecretLoader => {
  const world: SecretWorld = {
    fetch: io.fetch as SecretFetch,
    readText: (path) => readFile(resolve(io.cwd, path), 'utf8'),
    env: io.env,
    clock: systemClock,
    random: Math.random,
    ...given,
  };
  const listeners = new Set<() => void>();
  let open: { fingerprint: string; source: SecretSource } | undefined;

  const sourceFor = async (managers: WantedSecrets['managers']): Promise<SecretSource> => {
    if (open?.fingerprint === fingerprintOf(managers)) return open.source;
    // Loaded here and not at the top: most files name no manager.
    const { createSecretSource } = await import('../secrets/index.ts');
    const source = await createSecretSource(managers, { ...world, tell: (line) => io.tell(`${line}\n`) });
    source.onChange(() => {
      for (const listener of listeners) listener();
    });
    return source;
  };

  return {
    async fetch(sources) {
      const wanted = wantedSecrets(sources, io.env);
      if (!wanted || wanted.managers.length === 0) {
        open?.source.close();
        open = undefined;
        return { ok: true, secrets: {} };
      }
      let source: SecretSource | undefined;
      try {
        source = await sourceFor(wanted.managers);
        const secrets = await source.prefetch(wanted.names);
        if (open?.source !== source) open?.source.close();
        open = { fingerprint: fingerprintOf(wanted.managers), source };
        return { ok: true, secrets };
      } catch (cause) {
        // Those of the configuration that is live go on.
        if (source !== open?.source) source?.close();
        const { PlacedFailure } = await import('../secrets/index.ts');
        if (!(cause instanceof PlacedFailure)) throw cause;
        return { ok: false, problems: [cause.settings.problem(cause.message)] };
      }
    },
    takesKeys: () => open?.source.store !== undefined,
    writeKey: async (name, key) => storeOf(open).write(name, new Secret(key)),
    deleteKey: async (name) => storeOf(open).delete(name),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => open?.source.close(),
  };
};

const fingerprintOf = (managers: WantedSecrets['managers']): string => managers.map((each) => each.fingerprint).join(' ');

const storeOf = (open: { source: SecretSource } | undefined): NonNullable<SecretSource['store']> => {
  const store = open?.source.store;
  if (!store) throw new SluiceError('unavailable', 'The configuration names no secret manager any more that keys are written to.');
  return store;
};
