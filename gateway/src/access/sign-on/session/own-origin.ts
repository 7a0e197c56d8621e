/** What is known of where a request was sent to. */
export interface Addressed {
  readonly headers: Headers;
  /** The whole URL, as the server knows it. */
  readonly url: string;
}

/** Where browsers reach this gateway, without a slash at its end. @param configured `PROXY_BASE_URL`, which wins */
export const publicUrlOf = ({ headers, url }: Addressed, configured: string | undefined): string => {
  if (configured !== undefined) return configured.replace(/\/+$/, '');
  const own = new URL(url);
  return `${isHttps({ headers, url }) ? 'https' : own.protocol.slice(0, -1)}://${own.host}`;
};

/** Whether the browser came by https. A lie of a header only makes cookies stricter. */
export const isHttps = ({ headers, url }: Addressed): boolean =>
  url.startsWith('https:') || headers.get('x-forwarded-proto')?.split(',')[0]?.trim() === 'https';

/**
 * Whether a browser says that a page of this gateway sends it. Where no public URL is configured, that is the host which the
 * browser asked for: pages of other sites cannot choose it.
 */
export const isOwnOrigin = (headers: Headers, publicUrl: string | undefined): boolean => {
  const origin = headers.get('origin');
  if (origin === null || !URL.canParse(origin)) return false;
  if (publicUrl !== undefined) return origin === new URL(publicUrl).origin;
  return new URL(origin).host === headers.get('host')?.toLowerCase();
};
