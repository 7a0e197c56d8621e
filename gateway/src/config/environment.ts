import type { ConfigSnapshot } from './snapshot.ts';

/** The variables that a provider's key may be in: the file's own first, then the process's. Empty ones count as not set. */
export const environmentOf =
  (snapshot: Pick<ConfigSnapshot, 'environment'>, env: Readonly<Record<string, string | undefined>>) =>
  (name: string): string | undefined => {
    const own = Object.hasOwn(snapshot.environment, name) ? snapshot.environment[name]?.reveal() : undefined;
    return own || (Object.hasOwn(env, name) ? env[name] : undefined) || undefined;
  };
