import { SluiceError } from 'sluice/kit';
import type { ProxySettings } from './options.ts';

/** A forward proxy. */
export interface Proxy {
  hostname: string;
  port: number;
  /** As it is named in messages. */
  host: string;
  /** `proxy-authorization`, if its URL has a user. */
  authorization: string | undefined;
}

interface Destination {
  secure: boolean;
  hostname: string;
  port: number;
}

/** The settings that the usual environment variables make, in either case; lower case wins, as in curl. */
export const proxySettings = (env: Readonly<Record<string, string | undefined>>): ProxySettings => {
  const read = (name: string): string | undefined => env[name.toLowerCase()] || env[name] || undefined;
  return { http: read('HTTP_PROXY'), https: read('HTTPS_PROXY'), except: read('NO_PROXY') };
};

/**
 * The proxy that stands before an upstream, if any.
 * @throws SluiceError `connection` if its setting cannot be used
 */
export const proxyFor = (to: Destination, { http, https, except }: ProxySettings): Proxy | undefined => {
  const setting = to.secure ? https : http;
  if (!setting || isLoopback(to.hostname) || isExcepted(to, except ?? '')) return undefined;
  // `host:port` alone is a common spelling of these variables.
  const url = URL.parse(setting.includes('://') ? setting : `http://${setting}`);
  if (!url || url.protocol !== 'http:' || url.hostname === '') {
    throw new SluiceError(
      'connection',
      `The proxy for ${to.secure ? 'https' : 'http'} addresses is not usable: only http:// proxies are.`,
      { retry: false },
    );
  }
  const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return {
    hostname: url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname,
    port: url.port === '' ? 80 : Number(url.port),
    host: url.host,
    authorization: user === ':' ? undefined : `Basic ${Buffer.from(user).toString('base64')}`,
  };
};

/** A proxy elsewhere cannot reach what listens here, such as a local model server. */
const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '::1' || /^127(?:\.\d{1,3}){3}$/.test(hostname);

const isExcepted = ({ hostname, port }: Destination, except: string): boolean =>
  except
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === '*') return true;
      const [name, onlyPort] = splitEntry(entry);
      return name !== '' && (hostname === name || hostname.endsWith(`.${name}`)) && (onlyPort === undefined || Number(onlyPort) === port);
    });

/** `name`, `.name`, `*.name`, an address, each with a port or without; IPv6 in brackets if it has one. */
const splitEntry = (entry: string): [name: string, port: string | undefined] => {
  const bracketed = /^\[(.+)\](?::(\d+))?$/.exec(entry);
  if (bracketed) return [bracketed[1] ?? '', bracketed[2]];
  const [name = '', port, more] = entry.split(':');
  return more === undefined ? [name.replace(/^\*?\./, ''), port] : [entry, undefined];
};
