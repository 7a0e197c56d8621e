/*
 * Web pages may call the gateway from a browser, as they may LiteLLM. Keys travel in headers that a page must know, never
 * in cookies, so any origin may ask; routes without a key stay closed to pages, for whoever runs a gateway on their own
 * machine did not ask the pages that they visit to read its metrics.
 */

/** The answer to a browser's question whether it may make a request (https://fetch.spec.whatwg.org/#http-cors-protocol, read 2026-11-21). */
export const preflight = (headers: Headers, methods: readonly string[]): Response =>
  new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': methods.join(', '),
      // `*` does not stand for Authorization, so the page gets what it names.
      'access-control-allow-headers': headers.get('access-control-request-headers') ?? '*',
      'access-control-max-age': '86400',
      // Pages of the internet ask so before they call what is on the visitor's own network.
      ...(headers.has('access-control-request-private-network') && { 'access-control-allow-private-network': 'true' }),
    },
  });

/** What lets a page read an answer. */
export const corsHeaders = { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' } as const;
