import type { Target } from '../../types/index.ts';
import { checkedUrl } from '../url.ts';

/** Hosts of the speech API: the one of the EU keeps its data there (assemblyai.com/docs/api-reference/overview, read 2026-11-22). */
export const speechHosts = ['api.assemblyai.com', 'api.eu.assemblyai.com'] as const;

/**
 * Where recordings go, without a trailing slash. The LLM gateway and the speech API have hosts of their own; who gives an
 * address gives either, and a gateway of one's own stands for both.
 * @throws SluiceError `invalid_request`
 */
export const speechBase = ({ baseUrl, provider }: Target): string => {
  if (baseUrl === undefined) return `https://${speechHosts[0]}`;
  const { origin, hostname, pathname } = checkedUrl(baseUrl, provider);
  if (hostname.endsWith('.assemblyai.com')) return `https://${speechHosts[hostname.includes('.eu.') ? 1 : 0]}`;
  return origin + pathname.replace(/\/+$/, '').replace(/\/v[12](?:\/.*)?$/, '');
};
