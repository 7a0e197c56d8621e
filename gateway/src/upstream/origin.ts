import { SluiceError } from 'sluice/kit';
import { proxyFor, type Proxy } from './proxy.ts';
import type { ProxySettings } from './options.ts';

/** An upstream server: what connections are shared by. */
export interface Origin {
  /** `https://api.example.com:443`: the pool's key. */
  key: string;
  secure: boolean;
  /** Name or address to connect to, IPv6 without brackets. */
  hostname: string;
  port: number;
  /** As it is written in the `host` header and in messages: with the port if it is not the scheme's own. */
  host: string;
  proxy: Proxy | undefined;
  /** Where to connect in place of `hostname`, if that was settled before. */
  address?: string;
}

export interface Place {
  origin: Origin;
  /** What stands in the request line. */
  target: string;
}

/** Enough for the endpoints of a configuration; where URLs vary beyond that, they are parsed again. */
const maxRemembered = 1000;

/** @returns a function that takes a URL apart, and remembers how: a provider has few */
export const createPlaces = (proxies: ProxySettings): ((url: string, address?: string) => Place) => {
  const places = new Map<string, Place>();
  const origins = new Map<string, Origin>();
  return (url, address) => {
    // Somebody's own URL: none of the few that come again.
    if (address !== undefined) return pinned(parse(url), address, proxies);
    const known = places.get(url);
    if (known) return known;
    const parsed = parse(url);
    const key = `${parsed.protocol}//${parsed.host}`;
    let origin = origins.get(key);
    if (!origin) {
      if (origins.size >= maxRemembered) origins.clear();
      origin = originOf(parsed, key, proxies);
      origins.set(key, origin);
    }
    const path = parsed.pathname + parsed.search;
    // A forward proxy is told the whole address (RFC 9112, section 3.2.2); through a tunnel it is a plain request.
    const place = { origin, target: origin.proxy && !origin.secure ? `http://${origin.host}${path}` : path };
    if (places.size >= maxRemembered) places.clear();
    places.set(url, place);
    return place;
  };
};

/** A place at one address. A proxy is always asked for a tunnel to that address: it would look the name up anew. */
const pinned = (parsed: URL, address: string, proxies: ProxySettings): Place => {
  const origin = originOf(parsed, `${parsed.protocol}//${parsed.host} at ${address}`, proxies);
  return { origin: { ...origin, address }, target: parsed.pathname + parsed.search };
};

const parse = (url: string): URL => {
  const parsed = URL.parse(url);
  if (!parsed || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')) {
    throw new SluiceError('connection', 'The address of the provider is no http or https URL.', { retry: false });
  }
  return parsed;
};

const originOf = ({ protocol, hostname, port, host }: URL, key: string, proxies: ProxySettings): Origin => {
  const secure = protocol === 'https:';
  const origin = {
    key,
    secure,
    hostname: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    host,
  };
  return { ...origin, proxy: proxyFor(origin, proxies) };
};
