/** Variables by name. Handed in wherever it is needed; a program without an environment gives none. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The runtime's environment where it has one (Node, Bun, Deno); empty in browsers and on edge runtimes. */
export const systemEnv = (): Env => (globalThis as { process?: { env?: Env } }).process?.env ?? {};

/** The first of the variables that is set to something. Whitespace around a value is no part of it: keys are pasted. */
export const firstOf = (env: Env, names: readonly string[]): string | undefined => {
  for (const name of names) {
    const value = read(env, name)?.trim();
    if (value) return value;
  }
  return undefined;
};

const read = (env: Env, name: string): string | undefined => {
  try {
    return env[name];
  } catch {
    // Deno without the permission to read this variable: as good as not set.
    return undefined;
  }
};
