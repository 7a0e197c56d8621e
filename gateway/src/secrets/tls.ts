import { ManagerFailure, type SecretWorld, type TlsOptions } from './manager.ts';

interface TlsFiles {
  ca?: string | undefined;
  cert?: string | undefined;
  key?: string | undefined;
}

/** Reads what files of PEM hold. Undefined: nothing of it is given. @throws ManagerFailure where one cannot be read */
export const readTls = async (files: TlsFiles, { readText }: Pick<SecretWorld, 'readText'>): Promise<TlsOptions | undefined> => {
  if ((files.cert === undefined) !== (files.key === undefined))
    throw new ManagerFailure('a certificate needs its key (client_cert, client_key)');
  const found: TlsOptions = {};
  for (const [kind, path] of Object.entries(files) as [keyof TlsFiles, string | undefined][])
    if (path !== undefined) found[kind] = await readFileOf(path, readText);
  return Object.keys(found).length > 0 ? found : undefined;
};

/** A file that the settings name. @throws ManagerFailure */
export const readFileOf = async (path: string, readText: SecretWorld['readText']): Promise<string> => {
  try {
    return await readText(path);
  } catch (cause) {
    // No more of it than a path has: somebody may have pasted what should be in the file.
    const shown = /^[\w./\\~: -]{1,260}$/.test(path) && !path.includes('-----') ? `the file ${path}` : 'a file of its settings';
    const code = (cause as { code?: unknown } | null)?.code;
    throw new ManagerFailure(`${shown} cannot be read${typeof code === 'string' ? ` (${code})` : ''}`);
  }
};
