import type { Transport } from 'sluice/kit';
import type { UrlGuard } from '../upstream/guard/index.ts';

/**
 * For deployments whose address somebody else than the operator gave: each request is judged, and goes to the address that
 * was judged, as a name may lead elsewhere by then.
 */
export const guarded =
  (transport: Transport, guard: UrlGuard): Transport =>
  async (request) =>
    transport({ ...request, address: (await guard(request.url)).address });
