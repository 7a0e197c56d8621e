/** The one part of Node's `fs` that is used, where the runtime has it. */
interface Files {
  readFile(path: string, encoding: 'utf8'): Promise<string>;
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
  const files = (globalThis as WithBuiltins).process?.getBuiltinModule?.('node:fs/promises') as Files | undefined;
  if (!files) throw new Error(`This runtime cannot read files, so '${path}' cannot be read.`);
  return files.readFile(path, 'utf8');
};
