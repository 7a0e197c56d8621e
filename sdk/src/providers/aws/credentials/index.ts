import { lazily } from '../../lazily.ts';

/* Where keys are given, which they mostly are, nothing has to be found. */

export const resolveCredentials = lazily(async () => (await import('./resolve.ts')).resolveCredentials);
export const identityToken = lazily(async () => (await import('./identity-token.ts')).identityToken);
export const profileRegion = lazily(async () => (await import('./profile.ts')).profileRegion);
