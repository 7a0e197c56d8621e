/*
 * AWS Signature Version 4 in a request's headers (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html,
 * read 2026-11-22).
 */

import { hmacSha256, sha256, toHex } from './sha256.ts';

/** What signs: long-lived keys, or temporary ones with their session token. */
export interface SigningCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export interface SigningRequest {
  method: string;
  /** As it goes out: what its path has escaped is escaped once more for the signature, as all services but S3 want it. */
  url: string;
  /** Every one of these is signed, and so must arrive unchanged. Names in lower case; `host` is added. */
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array<ArrayBuffer>;
  region: string;
  /** The name that the service signs with (`bedrock`, `sts`). */
  service: string;
  /** Unix milliseconds. AWS takes a clock that is off by five minutes. */
  now: number;
  /** Adds and signs the body's hash as `x-amz-content-sha256`. */
  contentHeader?: boolean;
}

/** The headers to add: `authorization`, `x-amz-date`, and with temporary credentials `x-amz-security-token`. */
export const signRequest = async (request: SigningRequest, credentials: SigningCredentials): Promise<Record<string, string>> => {
  const { scope, date, stamp } = scopeOf(request);
  // S3 takes a body without its hash, over HTTPS: whoever wants that says so in the header.
  const bodyHash = request.headers['x-amz-content-sha256'] ?? (await sha256(request.body));
  const added: Record<string, string> = { 'x-amz-date': stamp };
  if (credentials.sessionToken !== undefined) added['x-amz-security-token'] = credentials.sessionToken;
  if (request.contentHeader) added['x-amz-content-sha256'] = bodyHash;
  const { text, signedHeaders } = canonicalRequest(request, added, bodyHash);
  const toSign = `AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${await sha256(text)}`;
  const signature = toHex(await hmacSha256(await signingKey(credentials.secretAccessKey, date, request), toSign));
  added['authorization'] =
    `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
  return added;
};

const encoder = new TextEncoder();

const scopeOf = ({ now, region, service }: SigningRequest): { scope: string; date: string; stamp: string } => {
  const stamp = stampOf(Math.floor(now / 1000));
  const date = stamp.slice(0, 8);
  return { scope: `${date}/${region}/${service}/aws4_request`, date, stamp };
};

/** Many requests are of one second. */
let latest = { second: NaN, stamp: '' };

const stampOf = (second: number): string => {
  if (latest.second !== second) latest = { second, stamp: new Date(second * 1000).toISOString().replace(/[-:]|\.\d{3}/g, '') };
  return latest.stamp;
};

/** The request in the form of which both sides make the hash. Exported for its tests. */
export const canonicalRequest = (
  { method, url, headers: given }: Pick<SigningRequest, 'method' | 'url' | 'headers'>,
  added: Readonly<Record<string, string>>,
  bodyHash: string,
): { text: string; signedHeaders: string } => {
  const { host, path, query } = addressOf(url);
  const headers: Record<string, string> = { host, ...given, ...added };
  const names = Object.keys(headers).sort();
  let lines = '';
  for (const name of names) lines += `${name}:${headers[name]!.trim().replace(/ {2,}/g, ' ')}\n`;
  const signedHeaders = names.join(';');
  return {
    text: `${method}\n${path}\n${query}\n${lines}\n${signedHeaders}\n${bodyHash}`,
    signedHeaders,
  };
};

/** A configuration has few addresses. Beyond it they are worked out again. */
const maxAddresses = 256;
const addresses = new Map<string, { host: string; path: string; query: string }>();

/** An address in the form that is signed. */
const addressOf = (url: string): { host: string; path: string; query: string } => {
  const known = addresses.get(url);
  if (known) return known;
  const { host, path, query } = splitUrl(url);
  const made = { host, path: canonicalPath(path), query: canonicalQuery(query) };
  if (addresses.size < maxAddresses) addresses.set(url, made);
  return made;
};

/** By hand, because `URL` would change what was written, and costs more than the rest together. */
const splitUrl = (url: string): { host: string; path: string; query: string } => {
  const start = url.indexOf('://') + 3;
  const question = url.indexOf('?', start);
  const end = question === -1 ? url.length : question;
  const slash = url.indexOf('/', start);
  const hostEnd = slash === -1 || slash > end ? end : slash;
  return { host: url.slice(start, hostEnd), path: url.slice(hostEnd, end), query: url.slice(end + 1) };
};

/** What `encodeURIComponent` leaves and RFC 3986 escapes. */
const strictly = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

const canonicalPath = (path: string): string => {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') segments.pop();
    else segments.push(strictly(segment));
  }
  const text = `/${segments.join('/')}`;
  return text !== '/' && path.endsWith('/') ? `${text}/` : text;
};

const canonicalQuery = (query: string): string => {
  if (query === '') return '';
  const pairs = query.split('&').map((pair) => {
    const at = pair.indexOf('=');
    const name = at === -1 ? pair : pair.slice(0, at);
    return [strictly(unescaped(name)), strictly(unescaped(at === -1 ? '' : pair.slice(at + 1)))] as const;
  });
  pairs.sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
};

const unescaped = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Keys hold for a day, a region and a service; more than these are not in use at once. */
const maxKeys = 64;
const keys = new Map<string, Uint8Array<ArrayBuffer>>();

const signingKey = async (secret: string, date: string, { region, service }: SigningRequest): Promise<Uint8Array<ArrayBuffer>> => {
  const id = `${date}/${region}/${service}/${secret}`;
  const known = keys.get(id);
  if (known) return known;
  let key: Uint8Array<ArrayBuffer> = encoder.encode(`AWS4${secret}`);
  for (const step of [date, region, service, 'aws4_request']) key = await hmacSha256(key, step);
  keys.set(id, key);
  if (keys.size > maxKeys) keys.delete(keys.keys().next().value!);
  return key;
};
