import { Secret } from 'sluice/kit';

/** An address as it may be shown and used, and the credential that was written into it. */
export interface Address {
  apiBase: string;
  /** The value of an `authorization` header. */
  authorization?: Secret;
}

/**
 * `https://user:password@host/` is how people reach a server behind a proxy that asks for a password. In an address it
 * would be seen wherever the address is, so it is made a header of.
 */
export const readAddress = (written: string): Address => {
  const apiBase = written.replace(/\/+$/, '');
  const url = URL.parse(apiBase);
  if (!url || (url.username === '' && url.password === '')) return { apiBase };
  const user = `${decoded(url.username)}:${decoded(url.password)}`;
  url.username = url.password = '';
  return {
    apiBase: url.href.replace(/\/+$/, ''),
    authorization: new Secret(`Basic ${Buffer.from(user).toString('base64')}`),
  };
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Whether an address has a key in its query, where it would reach logs and proxies (FP-26). */
export const hasKeyInQuery = (address: string): boolean =>
  [...(URL.parse(address)?.searchParams.keys() ?? [])].some((name) => /^(?:key|api[-_]?key|token|access[-_]token)$/i.test(name));
