import { SluiceError } from 'sluice/kit';
import { permits, teamMemberPermissions, usualMemberPermissions, type Action } from '../../access/permissions.ts';
import { keyHashOf, nameOf, type Principal } from '../../access/principal.ts';
import { relationsTo, type Owned, type Relation } from '../../access/relations.ts';
import type { Actor } from '../../access/store/actor.ts';
import type { Store } from '../../access/store/store.ts';
import type { AdminContext } from './admin-route.ts';
import type { AdminServices } from './services.ts';

/** The header by which administrators say for whom they change something. */
const changedByHeader = 'litellm-changed-by';

export interface ContextOptions {
  readonly principal: Principal;
  /** What the caller's teams let their members do, by team; absent: as usual. */
  readonly memberPermissions: ReadonlyMap<string, readonly string[] | null | undefined>;
  readonly headers: Headers;
  readonly url: string;
  readonly params: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly query: unknown;
  readonly store: Store;
  readonly services: AdminServices;
  readonly address: string | undefined;
  readonly signal: AbortSignal;
}

/** What a handler gets. */
export const createContext = (options: ContextOptions): AdminContext => {
  const { principal, memberPermissions, headers, store } = options;
  const relations = (owned: Owned, action: Action): ReadonlySet<Relation> =>
    relationsTo(principal, owned, (teamId) =>
      (memberPermissions.get(teamId) ?? usualMemberPermissions).some(
        (permission) =>
          Object.hasOwn(teamMemberPermissions, permission) &&
          teamMemberPermissions[permission as keyof typeof teamMemberPermissions] === action,
      ),
    );
  const may = (action: Action, owned: Owned): boolean => permits(action, relations(owned, action));
  return {
    body: options.body,
    query: options.query,
    params: options.params,
    headers,
    url: options.url,
    principal,
    store,
    services: options.services,
    actor: actorOf(principal, headers, options.address),
    relationsTo: relations,
    may,
    demand(action, owned) {
      if (!may(action, owned)) throw denied(action);
    },
    now: store.now,
    signal: options.signal,
  };
};

export const denied = (action: Action): SluiceError =>
  new SluiceError('permission_denied', `You may not do this here (${action}). docs/access/roles.md says who may.`, { type: 'auth_error' });

const actorOf = (principal: Principal, headers: Headers, address: string | undefined): Actor => {
  const named = principal.role === 'proxy_admin' ? headers.get(changedByHeader)?.slice(0, 256) : undefined;
  return { by: nameOf(principal), ...(named && { changedFor: named }), keyHash: keyHashOf(principal), address };
};
