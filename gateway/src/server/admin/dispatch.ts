import { openaiChat, SluiceError } from 'sluice/kit';
import type { Directory } from '../../access/directory/directory.ts';
import type { Principal } from '../../access/principal.ts';
import { noDatabase, type Store } from '../../access/store/store.ts';
import { UniqueViolation } from '../../storage/sql/index.ts';
import { mustBeJson, parseText, readBytes, textOf } from '../body.ts';
import { asSluiceError, errorResponse } from '../error-response.ts';
import type { AdminRoute } from './admin-route.ts';
import { checked } from './checked.ts';
import { createContext, denied } from './context.ts';
import type { AdminMatch } from './match.ts';
import type { AdminServices } from './services.ts';

export interface AdminRequest {
  readonly request: Request;
  /** Without its question mark. */
  readonly query: string;
  readonly match: AdminMatch;
  readonly principal: Principal;
  readonly address: string | undefined;
  readonly maxBodyBytes: number;
  readonly headers: Record<string, string>;
}

export interface AdminDispatchOptions {
  /** Absent: there is no database. */
  readonly store?: Store | undefined;
  readonly services: AdminServices | undefined;
  /** A failure of ours that nobody foresaw. */
  readonly unexpected: (cause: unknown) => void;
  /** Has something to say that is for the operator alone. */
  readonly detailed: (error: SluiceError, route: AdminRoute) => void;
}

/** Answers requests of the admin API: read, checked, allowed, and only then done. */
export const createAdminDispatch =
  ({ store, services, unexpected, detailed }: AdminDispatchOptions) =>
  async (incoming: AdminRequest): Promise<Response> => {
    const { match, headers } = incoming;
    const { route } = match;
    try {
      if (!store || !services) throw noDatabase();
      const [body, query] = [await bodyOf(incoming, route), queryOf(incoming, route)];
      const { principal, memberPermissions } = await withPlaces(incoming.principal, services.directory);
      const context = createContext({
        ...incoming,
        principal,
        memberPermissions,
        headers: incoming.request.headers,
        url: incoming.request.url,
        params: match.params,
        body,
        query,
        store,
        services,
        signal: incoming.request.signal,
      });
      if (!route.open) {
        const things = route.about ? await route.about(context) : [{}];
        for (const owned of things) context.demand(route.action, owned);
        // Where the handler shows what may be seen, the route itself is for everybody whom the table names at all.
        if (things.length === 0 && principal.kind === 'open') throw denied(route.action);
      }
      const answer = await route.handle(context);
      if (answer instanceof Response) {
        for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value);
        return answer;
      }
      return Response.json(answer ?? null, { status: route.status ?? 200, headers });
    } catch (cause) {
      const error = asAdminError(cause, incoming.request.signal);
      if (error.code === 'internal') unexpected(error.cause ?? error);
      else if (error.detail !== undefined) detailed(error, route);
      return failedAs(route, error, headers);
    }
  };

/** A failure in the shape that the route's clients know. */
export const failedAs = ({ failed }: AdminRoute, error: SluiceError, headers: Record<string, string>): Response => {
  if (!failed) return errorResponse(error, openaiChat, headers);
  const response = failed(error);
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
};

/** The caller with its places in teams and organisations, which calls of models do not need. */
const withPlaces = async (
  principal: Principal,
  directory: Directory,
): Promise<{ principal: Principal; memberPermissions: ReadonlyMap<string, readonly string[] | null | undefined> }> => {
  if (principal.userId === undefined) return { principal, memberPermissions: new Map() };
  const places = await directory.places.get(principal.userId);
  const teams = new Map([...principal.teams, ...(places?.teams ?? []).map(({ data }) => [data.team_id, data.role] as const)]);
  const organizations = new Map([
    ...principal.organizations,
    ...(places?.organizations ?? []).map(({ data }) => [data.organization_id, data.role] as const),
  ]);
  const permissions = await Promise.all(
    [...teams.keys()].map(async (id) => [id, (await directory.team(id))?.data.team_member_permissions] as const),
  );
  return { principal: { ...principal, teams, organizations }, memberPermissions: new Map(permissions) };
};

const bodyOf = async ({ request, maxBodyBytes }: AdminRequest, route: AdminRoute): Promise<unknown> => {
  if (!route.body) return undefined;
  const text = textOf(await readBytes(request, maxBodyBytes));
  // Clients send nothing, or say nothing of what they send, where every member may be left out.
  if (text.trim() === '') return checked(route.body, {}, 'body');
  if (route.form && formType.test(request.headers.get('content-type') ?? '')) return checked(route.body, membersOf(text), 'body');
  mustBeJson(request.headers);
  return checked(route.body, text.trimStart().startsWith('[') ? JSON.parse(text) : parseText(text).json, 'body');
};

const formType = /^application\/x-www-form-urlencoded\b/i;

const queryOf = ({ query }: AdminRequest, route: AdminRoute): unknown =>
  route.query ? checked(route.query, membersOf(query), 'query') : undefined;

/** Of a query or a form. A name that is there more than once has a list. */
const membersOf = (text: string): Record<string, string | string[]> => {
  const given = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    const before = given.get(name);
    given.set(name, before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value]);
  }
  return Object.fromEntries(given);
};

const asAdminError = (cause: unknown, { aborted }: AbortSignal): SluiceError => {
  // Who leaves in the middle of their own request is no failure of ours.
  if (aborted && !SluiceError.is(cause)) return new SluiceError('client_closed_request', 'The client closed the connection.', { cause });
  if (cause instanceof UniqueViolation)
    return new SluiceError('conflict', 'There is already another one with this name or id.', {
      retry: false,
      status: 400,
      type: 'bad_request_error',
      cause,
    });
  if (cause instanceof SyntaxError) return new SluiceError('invalid_request', 'The request body is not valid JSON.', { cause });
  return asSluiceError(cause);
};
