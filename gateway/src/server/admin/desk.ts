import { openaiChat, SluiceError } from 'sluice/kit';
import { openPrincipal } from '../../access/principal.ts';
import { presentedKey } from '../../access/presented-key.ts';
import type { Live } from '../../pipeline/live.ts';
import type { Logger } from '../../telemetry/log.ts';
import { corsHeaders, preflight } from '../cors.ts';
import { asSluiceError, errorResponse } from '../error-response.ts';
import { RequestCaller, type GatewayAccess } from '../gateway-access.ts';
import { createAdminDispatch, failedAs } from './dispatch.ts';
import { adminRoutes } from './index.ts';
import { createAdminMatcher, type AdminMatcher } from './match.ts';
import type { AdminServices } from './services.ts';

export type Managed = NonNullable<ReturnType<AdminMatcher['find']>>;

export interface AdminDeskOptions {
  readonly access: GatewayAccess;
  /** Absent: there is no database. */
  readonly services: AdminServices | undefined;
  readonly live: () => Live;
  readonly logger: Logger;
  readonly version: string;
}

export interface AdminAsked {
  readonly request: Request;
  readonly path: string;
  /** Without its question mark. */
  readonly query: string;
  readonly managed: Managed;
  readonly address: () => string | undefined;
  /** The address of the connection itself. */
  readonly peer: () => string | undefined;
}

/** Where requests of the admin API are answered: its routes, and everything that they are made of. */
export interface AdminDesk {
  /** Undefined: it is none of the admin API's. */
  find(method: string, path: string): Managed | undefined;
  answer(asked: AdminAsked): Promise<Response>;
}

export const createAdminDesk = ({ access, services, live, logger, version }: AdminDeskOptions): AdminDesk => {
  const matcher = createAdminMatcher(adminRoutes);
  const dispatch = createAdminDispatch({
    store: access.store,
    services,
    unexpected: (cause) => logger.error('unexpected failure', { error: cause instanceof Error ? cause.stack : String(cause) }),
    detailed: ({ code, detail }, { paths }) => logger.warn('a request of the admin API failed', { path: paths[0], code, detail }),
  });

  const answer = async ({ request, path, query, managed, address, peer }: AdminAsked): Promise<Response> => {
    const startedAt = performance.now();
    const callId = crypto.randomUUID();
    const headers: Record<string, string> = { 'x-litellm-call-id': callId, 'x-litellm-version': version, 'cache-control': 'no-store' };
    const fromPage = request.headers.has('origin');
    if (fromPage) Object.assign(headers, corsHeaders);
    const { response, by } = await answered().catch((cause: unknown) => ({
      response:
        'route' in managed
          ? failedAs(managed.route, asSluiceError(cause), headers)
          : errorResponse(asSluiceError(cause), openaiChat, headers),
      by: undefined,
    }));
    logger.info('admin', {
      callId,
      method: request.method,
      path: 'route' in managed ? managed.route.paths[0] : path.slice(0, 200),
      status: response.status,
      durationMs: Math.round(performance.now() - startedAt),
      ...(by !== undefined && { by }),
      ...(response.status === 401 && { clientAddress: address() }),
    });
    return response;

    async function answered(): Promise<{ response: Response; by: string | undefined }> {
      access.demandAddress(address);
      if ('allowed' in managed) {
        if (fromPage && request.method === 'OPTIONS') return { response: preflight(request.headers, managed.allowed), by: undefined };
        const error = new SluiceError(
          'method_not_allowed',
          `${path.slice(0, 200)} takes ${managed.allowed.join(' or ')}, not ${request.method}.`,
        );
        return { response: errorResponse(error, openaiChat, { ...headers, allow: managed.allowed.join(', ') }), by: undefined };
      }
      const { snapshot } = live();
      const presented = managed.route.open ? undefined : presentedKey(request.headers, query, snapshot.access.keyHeaderName);
      const identified = managed.route.open ? openPrincipal : access.identify(new RequestCaller(request, path, presented, address, peer));
      const principal = identified instanceof Promise ? await identified : identified;
      access.demandRoute(principal, path, false);
      const response = await dispatch({
        request,
        query,
        match: managed,
        principal,
        address: address(),
        maxBodyBytes: snapshot.limits.maxBodyBytes,
        headers,
      });
      return { response, by: principal.key?.data.key_alias ?? principal.userId ?? principal.kind };
    }
  };

  return { find: matcher.find, answer };
};
