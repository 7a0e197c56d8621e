export { createMediaFetch } from './media-fetch.ts';
export { createUrlGuard, type CheckedUrl, type UrlGuard } from './url-guard.ts';
