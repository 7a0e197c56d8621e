import { Secret } from 'sluice/kit';

/** More would only be keys that were forgotten. */
const maxKeys = 16;

/** One key to seal with. */
export interface SaltKey {
  /** Eight hex digits of the secret's hash: says which key it is, and nothing about it. */
  readonly id: string;
  readonly secret: Secret;
}

/** @throws Error where it is empty */
export const saltKeyOf = (secret: Secret): SaltKey => {
  if (secret.reveal() === '') throw new Error('A salt key is empty.');
  return { id: new Bun.CryptoHasher('sha256').update(`sluice salt key id\n${secret.reveal()}`).digest('hex').slice(0, 8), secret };
};

/**
 * Reads a list of secrets with commas between them: the first one seals, the others open what was sealed before.
 * A secret therefore holds no comma, and space around it does not count.
 * @throws Error that names the place in the list, never the secret
 */
export const saltKeysOf = (text: string): readonly SaltKey[] => {
  const secrets = text.split(',').map((each) => each.trim());
  if (secrets.length > maxKeys) throw new Error(`There are more than ${maxKeys} salt keys.`);
  const keys = new Map<string, SaltKey>();
  for (const [at, secret] of secrets.entries()) {
    if (secret === '') throw new Error(`Salt key ${at + 1} of ${secrets.length} is empty. Write them with one comma between two.`);
    const key = saltKeyOf(new Secret(secret));
    if (keys.has(key.id)) throw new Error(`Salt key ${at + 1} of ${secrets.length} is there twice.`);
    keys.set(key.id, key);
  }
  return [...keys.values()];
};
