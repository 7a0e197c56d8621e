import type { Endpoint } from '../config/discovery-settings.ts';
import { isMetadataAddress } from '../upstream/guard/address-kind.ts';

/** What a source may say of an endpoint, before anybody believes it. */
export interface Claimed {
  host: unknown;
  port: unknown;
  weight?: unknown;
  order?: unknown;
  tags?: unknown;
  model?: unknown;
}

const maxModelChars = 256;
const maxTags = 32;
const maxTagChars = 128;

/** Identifies an endpoint of a source. */
export const keyOf = ({ host, port, model = '' }: Endpoint): string => `${host}:${port}/${model}`;

/**
 * An endpoint that can be called, or, as a text, why it is none. Odd spellings of addresses are read as the transport
 * will read them, so that no metadata service hides behind one; a name that leads to one is refused when it is called.
 */
export const readEndpoint = ({ host, port, weight, order, tags, model }: Claimed): Endpoint | string => {
  const name = typeof host === 'string' ? canonicalHost(host) : undefined;
  if (name === undefined) return 'its host is no name and no address';
  if (isMetadataAddress(name.startsWith('[') ? name.slice(1, -1) : name)) return 'it is the metadata service of a cloud';
  const number = typeof port === 'string' && /^\d{1,5}$/.test(port) ? Number(port) : port;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 1 || number > 65_535) return 'its port is none';
  if (model !== undefined && !isModelName(model)) return 'the name of its model is none';
  return {
    host: name,
    port: number,
    ...(isShare(weight) && { weight }),
    ...(typeof order === 'number' && Number.isSafeInteger(order) && { order }),
    ...(Array.isArray(tags) && { tags: tags.filter(isTag).slice(0, maxTags) }),
    ...(model !== undefined && { model }),
  };
};

/** A name or address as it stands in a URL; undefined for what is none, or more than that. */
export const canonicalHost = (text: string): string | undefined => {
  const host = text.replace(/\.$/, '');
  if (host === '' || host.length > 253) return undefined;
  const bracketed = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  if (/[^\w.:[\]-]/.test(bracketed)) return undefined;
  const url = URL.parse(`http://${bracketed}/`);
  return url && url.port === '' && url.username === '' ? url.hostname : undefined;
};

/** A `*` would make a pattern of it, which takes other models' calls; braces are the template's. */
const isModelName = (model: unknown): model is string =>
  typeof model === 'string' &&
  model !== '' &&
  model.length <= maxModelChars &&
  /^[\x21-\x7e\u00a1-\uffff]+$/.test(model) &&
  !/[*{}]/.test(model);

const isShare = (weight: unknown): weight is number => typeof weight === 'number' && Number.isFinite(weight) && weight >= 0;

const isTag = (tag: unknown): tag is string => typeof tag === 'string' && tag !== '' && tag.length <= maxTagChars;

/**
 * Weights and orders say something beside one another only. Where all are the same they are left out: else endpoints
 * of a plain source would go before, or beside, deployments without any in another proportion than equals do.
 */
export const withoutEqual = (endpoints: readonly Endpoint[]): readonly Endpoint[] => {
  const weights = new Set(endpoints.map(({ weight }) => weight)).size > 1;
  const orders = new Set(endpoints.map(({ order }) => order)).size > 1;
  return endpoints.map(({ weight, order, ...rest }) => ({
    ...rest,
    ...(weights && { weight: weight ?? 1 }),
    ...(orders && order !== undefined && { order }),
  }));
};
