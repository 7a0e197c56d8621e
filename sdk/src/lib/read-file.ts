/** The part of Node's `fs` that is used, where the runtime has it. */
interface Files {
  readFile(path: string, encoding: 'utf8'): Promise<string>;
  writeFile(path: string, text: string, options: { mode: number }): Promise<void>;
  rename(from: string, to: string): Promise<void>;
}

interface WithBuiltins {
  process?: { getBuiltinModule?: (id: string) => unknown };
}

/**
 * A text file (credentials). Asked of the runtime itself and not imported, so that bundles for browsers and edge
 * runtimes stay without it; Node from 20.16 on, Bun and Deno have it.
 * @throws Error where the runtime has no files, or the file cannot be read; the message holds the path, never the content
 */
export const readTextFile = async (path: string): Promise<string> => {
  const found = files();
  if (!found) throw new Error(`This runtime cannot read files, so '${path}' cannot be read.`);
  return found.readFile(path, 'utf8');
};

const files = (): Files | undefined => (globalThis as WithBuiltins).process?.getBuiltinModule?.('node:fs/promises') as Files | undefined;

/**
 * Replaces a text file of secrets: whole or not at all, and readable by its owner alone.
 * @throws Error where the runtime has no files, or the place cannot be written; the message holds the path, never the content
 */
export const replaceSecretFile = async (path: string, text: string): Promise<void> => {
  const found = files();
  if (!found) throw new Error(`This runtime cannot write files, so '${path}' cannot be written.`);
  const beside = `${path}.new`;
  await found.writeFile(beside, text, { mode: 0o600 });
  await found.rename(beside, path);
};
