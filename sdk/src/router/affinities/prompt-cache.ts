import type { Affinity } from '../affinity.ts';
import { Sticky, type StickyOptions } from './sticky.ts';

/** Anthropic forgets a cached prompt after five minutes without a call for it, if nothing longer is paid for (portkey.ai/docs/aigw/integrations/llms/anthropic/prompt-caching, read 2026-11-22); others do not keep it for much longer. */
const cacheLifeMs = 300_000;

/**
 * Calls whose prompts begin alike (`cachePrefix`) at one deployment, since a provider's prompt cache is one account's and
 * region's: spread over ten deployments, a conversation of ten turns would pay for its prompt ten times. LiteLLM's
 * `prompt_caching` keeps a table of prompts; here the prefix is hashed to its deployment (see `Sticky`), and leaves it
 * when that rests or is far busier than its peers: a cache is worth less than a queue.
 */
export const promptCacheAffinity = <P>({ ttlMs = cacheLifeMs, ...options }: StickyOptions = {}): Affinity<P> =>
  new Sticky<P>('prompt-cache', (request) => request.cachePrefix?.(), { ...options, ttlMs: Math.min(ttlMs, cacheLifeMs) });
