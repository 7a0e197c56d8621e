import { lookup } from 'node:dns/promises';
import { SluiceError } from 'sluice/kit';
import { parseAddress } from './address.ts';
import { kindOf, type AddressKind } from './address-kind.ts';
import { allowedHosts } from './allowed-hosts.ts';

/** All addresses of a name. @throws where there are none */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

export interface GuardOptions {
  /** False: any address but those of metadata (`user_url_validation`). */
  validate: boolean;
  /** See `allowedHosts` (`user_url_allowed_hosts`). */
  allowed: readonly string[];
  resolve?: Resolve;
  /** Milliseconds. */
  resolveTimeoutMs?: number;
}

/** A URL that may be asked, at this address alone: another lookup of its name may say another one. */
export interface CheckedUrl {
  url: URL;
  address: string;
}

/**
 * Judges a URL that somebody else than the operator gave.
 * @throws SluiceError `invalid_request`; the message names the host and nothing of what it resolves to
 */
export type UrlGuard = (url: string) => Promise<CheckedUrl>;

const maxUrlChars = 8192;
const defaultResolveTimeoutMs = 5000;

const systemResolve: Resolve = async (hostname) => {
  const found = await lookup(hostname, { all: true });
  return found.map(({ address }) => address);
};

export const createUrlGuard = ({
  validate,
  allowed,
  resolve = systemResolve,
  resolveTimeoutMs = defaultResolveTimeoutMs,
}: GuardOptions): UrlGuard => {
  const allows = allowedHosts(allowed);
  return async (text) => {
    const url = parse(text);
    const hostname = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
    const addresses = parseAddress(hostname) ? [hostname] : await resolved(hostname, resolve, resolveTimeoutMs);
    const trusted = !validate || allows.host(url);
    // One bad address is enough: who has the name chooses which one is tried.
    for (const each of addresses) {
      const address = parseAddress(each);
      const kind: AddressKind = address ? kindOf(address) : 'reserved';
      if (kind === 'public' || (kind !== 'metadata' && (trusted || (address !== undefined && allows.address(address))))) continue;
      throw refused(
        `the host ${url.host} is not a public one. The gateway's operator can allow it in litellm_settings.user_url_allowed_hosts`,
      );
    }
    return { url, address: addresses[0]! };
  };
};

const refused = (why: string): SluiceError => new SluiceError('invalid_request', `The URL cannot be used: ${why}.`, { retry: false });

const parse = (text: string): URL => {
  if (text.length > maxUrlChars) throw refused(`it is longer than ${maxUrlChars} characters`);
  const url = URL.parse(text);
  if (!url) throw refused('it is not a URL');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refused('only http and https are taken');
  if (url.username !== '' || url.password !== '') throw refused('it holds a user name or a password');
  // What the parser leaves of odd spellings of numbers.
  if (url.hostname === '' || /%/.test(url.hostname)) throw refused('its host is none');
  return url;
};

const resolved = async (hostname: string, resolve: Resolve, timeoutMs: number): Promise<readonly string[]> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => (timer = setTimeout(reject, timeoutMs, new Error('too late'))));
  const pending = resolve(hostname);
  pending.catch(() => {});
  try {
    const addresses = await Promise.race([pending, late]);
    if (addresses.length > 0) return addresses;
  } catch {
    // Said below, without what the resolver said: that is about the operator's network.
  } finally {
    clearTimeout(timer);
  }
  throw refused(`the name ${hostname} cannot be resolved`);
};
