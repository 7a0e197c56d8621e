import { adminRoute } from '../admin-route.ts';

/** Whoever gets here has a key that is good; callbacks for logs of a key's own are not built. */
export const keyHealth = adminRoute({
  method: 'POST',
  paths: ['/key/health'],
  action: 'key.health',
  summary: 'Whether the key that asks is good.',
  about: () => [{}],
  handle: () => Promise.resolve({ key: 'healthy', logging_callbacks: null }),
});
