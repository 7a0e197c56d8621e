import { Secret } from 'sluice/kit';
import { partialParams, paramNames } from '../schema/litellm-params.ts';
import { secretManagerEntry } from '../schema/secrets.ts';

type Reader = Pick<typeof partialParams | ReturnType<typeof secretManagerEntry>, 'safeParse'>;

const secretsOf = (schema: Reader, names: readonly string[]): string[] =>
  names.filter((name) => {
    const read = schema.safeParse({ [name]: 'x' }, { jitless: true });
    return read.success && (read.data as Record<string, unknown>)[name] instanceof Secret;
  });

/** Members of `litellm_params`, and of the settings of secret managers, that the schema takes as secrets. */
export const schemaSecrets: ReadonlySet<string> = new Set([
  ...secretsOf(partialParams, paramNames),
  ...secretsOf(secretManagerEntry(), Object.keys(secretManagerEntry().shape)),
]);
