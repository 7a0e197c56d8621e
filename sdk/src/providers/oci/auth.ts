import { importSigningKey, signOci } from '../../lib/oci-signature.ts';
import { rsaKeyFromPem } from '../../lib/rsa-pem.ts';
import { SluiceError, type Provider, type Target } from '../../types/index.ts';
import { secretOption, textOption, type CredentialRequest } from '../credentials.ts';

interface Signer {
  keyId: string;
  key: CryptoKey;
}

const missing = (provider: Provider, names: readonly string[]): SluiceError => {
  const variables = names.map((name) => name.toUpperCase()).join(', ');
  return new SluiceError(
    'authentication',
    `${provider.label} needs ${names.join(', ')} to sign a request: give them, or set ${variables}.`,
    { provider: provider.id, retry: false },
  );
};

/** A user's API key: https://docs.oracle.com/en-us/iaas/Content/API/Concepts/apisigningkey.htm, read 2026-11-22. */
const signerOf = async (target: Target, readText: (path: string) => Promise<string>): Promise<Signer> => {
  const { provider } = target;
  const names = ['oci_tenancy', 'oci_user', 'oci_fingerprint'] as const;
  const lacking: string[] = names.filter((name) => textOption(target, name) === undefined);
  const path = textOption(target, 'oci_key_file');
  const inline = secretOption(target, 'oci_key') ?? target.apiKey;
  if (!inline && path === undefined) lacking.push('oci_key_file');
  if (lacking.length > 0) throw missing(provider, lacking);
  const keyId = names.map((name) => textOption(target, name)!).join('/');
  if (!/^[\x21\x23-\x7e]+$/.test(keyId)) {
    const message = `What names the key of ${provider.label} (${names.join(', ')}) holds characters that none of them has.`;
    throw new SluiceError('authentication', message, { provider: provider.id, retry: false });
  }
  let pem: string;
  try {
    pem = inline ? inline.reveal() : await readText(path!);
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new SluiceError('authentication', `The key file of ${provider.label} (oci_key_file) cannot be read.`, {
      provider: provider.id,
      retry: false,
      detail,
    });
  }
  try {
    return { keyId, key: await importSigningKey(rsaKeyFromPem(pem)) };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SluiceError('authentication', `The private key for ${provider.label} is of no use: ${why}.`, {
      provider: provider.id,
      retry: false,
    });
  }
};

/** Requests signed with a user's key. */
export const ociAuth = (now: () => number, readText: (path: string) => Promise<string>): Extract<Provider['auth'], { kind: 'custom' }> => {
  /** Reading a key takes longer than signing with it. */
  const signers = new WeakMap<Target, Promise<Signer>>();
  const signer = (target: Target): Promise<Signer> => {
    const known = signers.get(target);
    if (known) return known;
    const made = signerOf(target, readText);
    signers.set(target, made);
    made.catch(() => signers.delete(target));
    return made;
  };
  return {
    kind: 'custom',
    async headers(target, { method, url, body, headers }: CredentialRequest) {
      const { keyId, key } = await signer(target);
      const contentType = headers?.['content-type'] ?? 'application/json';
      return signOci({ method, url, body, contentType, keyId, key, date: new Date(now()) });
    },
  };
};
