export { isMetadataAddress } from './address-kind.ts';
export { wrongEntries } from './allowed-hosts.ts';
export { createMediaFetch, type MediaFetch } from './media-fetch.ts';
export { createUrlGuard, type CheckedUrl, type Resolve, type UrlGuard } from './url-guard.ts';
