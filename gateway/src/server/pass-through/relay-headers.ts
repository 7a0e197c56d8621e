import { isKeyHeader } from '../../access/presented-key.ts';
import { inertHeaders } from '../inert-headers.ts';

/** About one connection (RFC 9110, section 7.6.1), or set by whoever sends. */
const hopByHop =
  /^(?:connection|keep-alive|proxy-[\w-]*|te|trailer|transfer-encoding|upgrade|http2-settings|host|content-length|accept-encoding|expect)$/;

/**
 * A client's own that no provider is told: keys and cookies, who is behind which proxy, what is meant for the gateway; what
 * AWS and Google take for who calls, who pays and what is signed.
 */
const ownAlone =
  /^(?:cookie|x-csrf-token|origin|referer|via|forwarded|x-forwarded-.*|x-real-ip|x-client-ip|x-cluster-client-ip|x-azure-.*|fastly-.*|x-envoy-.*|cf-.*|cdn-loop|true-client-ip|sec-.*|x-litellm-.*|x-sluice-.*|x-pass-.*|x-amz-(?:date|security-token|content-sha256|user-agent)|x-goog-(?:user-project|iam-.*)|access-control-.*)$/;

const passed = 'x-pass-';

/** Ways to ask for another path or method than the request's own: what the route allows would not hold. */
const overrides = /^x-(?:original|rewrite)-.*$|^x-(?:http-)?method(?:-override)?$/;

/** Who calls, and who pays, is not for the client to say, by any name. */
const notNamed = /^(?:x-goog-(?:user-project|iam-.*)|x-forwarded-.*|forwarded|x-real-ip|x-litellm-.*|x-sluice-.*)$/;

/** A header that is a credential wherever it goes. */
const credential = /^(?:authorization|x-goog-api-key|api-key|x-api-key|x-amz-security-token|cookie)$/;

/**
 * The client's headers for the provider, names in lower case: all but those of one connection, keys, and what is for the
 * gateway; and those that it names itself (`x-pass-anthropic-beta`), which may be any but keys.
 * @param keyHeader the configured header for keys
 */
export const relayedHeaders = (headers: Headers, keyHeader: string | undefined, all = true): Record<string, string> => {
  const result: Record<string, string> = {};
  const named: Record<string, string> = {};
  const connection = new Set((headers.get('connection') ?? '').toLowerCase().split(/\s*,\s*/));
  headers.forEach((value, name) => {
    if (name.startsWith(passed)) {
      const own = name.slice(passed.length);
      if (
        own !== '' &&
        !hopByHop.test(own) &&
        !overrides.test(own) &&
        !notNamed.test(own) &&
        !credential.test(own) &&
        !isKeyHeader(own, keyHeader)
      )
        named[own] = value;
      return;
    }
    if (hopByHop.test(name) || connection.has(name) || ownAlone.test(name) || overrides.test(name) || isKeyHeader(name, keyHeader)) return;
    if (all || name === 'content-type' || name === 'accept' || name === 'content-encoding') result[name] = value;
  });
  return { ...result, ...named };
};

/** The provider's that are about its connection, would set things on the client for the gateway's own host, or are ours to say. */
const notRelayed =
  /^(?:connection|keep-alive|proxy-[\w-]*|te|trailer|transfer-encoding|upgrade|set-cookie2?|alt-svc|strict-transport-security|public-key-pins.*|nel|report-to|reporting-endpoints|clear-site-data|service-worker-allowed|access-control-.*|via|date|server|cf-(?:ray|cache-status)|x-litellm-.*|x-sluice-.*|location|content-location|refresh)$/;

const plain = /^[\x20-\x7e\t]*$/;

/** The answer's headers for the client. @param location as the client may be told it */
export const answerHeaders = (headers: Headers, own: Readonly<Record<string, string>>, location: string | undefined): Headers => {
  const result = new Headers(own);
  const connection = new Set((headers.get('connection') ?? '').toLowerCase().split(/\s*,\s*/));
  headers.forEach((value, name) => {
    if (notRelayed.test(name) || connection.has(name) || !plain.test(value)) return;
    result.set(name, value);
  });
  for (const [name, value] of Object.entries(inertHeaders(result.get('content-type') ?? ''))) result.set(name, value);
  if (location !== undefined) result.set('location', location);
  return result;
};

/**
 * A redirect as the client may follow it: to the gateway where it leads to the provider's own host, elsewhere as it is.
 * @returns undefined where it cannot be told
 */
export const relayedLocation = (location: string | null, url: string, place: { prefix: string; base: string }): string | undefined => {
  if (location === null) return undefined;
  const from = URL.parse(url);
  const target = URL.parse(location, url);
  if (!from || !target || (target.protocol !== 'https:' && target.protocol !== 'http:') || target.username !== '') return undefined;
  if (target.origin !== from.origin) return target.href;
  const base = URL.parse(place.base)?.pathname ?? '/';
  const front = base.replace(/\/+$/, '');
  // What is in front of the relayed path is the operator's own.
  return target.pathname.startsWith(`${front}/`) ? place.prefix + target.pathname.slice(front.length) + target.search : undefined;
};
